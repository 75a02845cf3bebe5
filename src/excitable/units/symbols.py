"""Which symbols are known: prefixes, units with their dimensions, and what is measured in them."""

from __future__ import annotations

NO_DIMENSIONS = (0, 0, 0, 0, 0, 0)

# What is measured, and its usual units with the internal one first: the words and spellings of messages.
KINDS = {
    "pure number": "1",
    "time": "ms, s, us",
    "voltage": "mV, V, uV",
    "length": "um, mm, cm, m, nm",
    "current": "nA, pA, uA, mA, A",
    "conductance": "uS, nS, pS, mS, S",
    "resistance": "Mohm, ohm, kohm, Gohm",
    "concentration": "mM, uM, nM, M",
    "temperature": "K, degC",
    "capacitance": "nF, pF, uF, F",
    "charge": "pC, nC, fC, C",
    "amount": "mol, pmol, fmol",
    "area": "um2, cm2, m2",
    "volume": "um3, cm3, m3, L",
    "rate": "1/ms, 1/s",
    "current per area": "mA/cm2, uA/cm2, nA/um2, A/m2",
    "conductance per area": "S/cm2, mS/cm2, pS/um2, S/m2",
    "capacitance per area": "uF/cm2, F/m2",
    "resistivity": "ohm cm, ohm m",
    "conductivity": "S/m, mS/cm",
    "resistance of an area": "ohm cm2, kohm cm2",
    "resistance per length": "Mohm/um, ohm/cm",
    "velocity": "m/s, cm/s",
    "voltage per time": "mV/ms, V/s",
    "voltage per length": "mV/um, V/m",
    "rate per voltage": "1/ms/mV",
    "rate per concentration": "1/ms/mM",
    "concentration per time": "mM/ms",
    "diffusion coefficient": "um2/ms, cm2/s",
    "amount per area": "pmol/cm2",
    "flux": "mol/cm2/s",
    "number per voltage": "1/mV",
    "number per area": "1/um2",
    "number per length": "1/um",
    "mass": "g, kg",
    "force": "N",
    "energy": "J",
    "power": "W",
    "pressure": "Pa",
    "magnetic field": "T",
    "inductance": "H",
}

PREFIXES = {
    "f": -15, "p": -12, "n": -9, "u": -6, "µ": -6, "m": -3, "c": -2, "d": -1, "k": 3, "M": 6, "G": 9,
}  # fmt: skip

# Units that take a prefix, with the exponents of m, s, A, kg, mol, K and the power of ten.
PREFIXED: dict[str, tuple[tuple[int, ...], int]] = {
    "m": ((1, 0, 0, 0, 0, 0), 0),
    "s": ((0, 1, 0, 0, 0, 0), 0),
    "A": ((0, 0, 1, 0, 0, 0), 0),
    "g": ((0, 0, 0, 1, 0, 0), -3),
    "mol": ((0, 0, 0, 0, 1, 0), 0),
    "K": ((0, 0, 0, 0, 0, 1), 0),
    "V": ((2, -3, -1, 1, 0, 0), 0),
    "ohm": ((2, -3, -2, 1, 0, 0), 0),
    "Ohm": ((2, -3, -2, 1, 0, 0), 0),
    "Ω": ((2, -3, -2, 1, 0, 0), 0),
    "S": ((-2, 3, 2, -1, 0, 0), 0),
    "mho": ((-2, 3, 2, -1, 0, 0), 0),
    "F": ((-2, 4, 2, -1, 0, 0), 0),
    "C": ((0, 1, 1, 0, 0, 0), 0),
    "J": ((2, -2, 0, 1, 0, 0), 0),
    "N": ((1, -2, 0, 1, 0, 0), 0),
    "Pa": ((-1, -2, 0, 1, 0, 0), 0),
    "W": ((2, -3, 0, 1, 0, 0), 0),
    "Hz": ((0, -1, 0, 0, 0, 0), 0),
    "T": ((0, -2, -1, 1, 0, 0), 0),
    "H": ((2, -2, -2, 1, 0, 0), 0),
    "M": ((-3, 0, 0, 0, 1, 0), 3),
    "molar": ((-3, 0, 0, 0, 1, 0), 3),
    "L": ((3, 0, 0, 0, 0, 0), -3),
    "l": ((3, 0, 0, 0, 0, 0), -3),
}
