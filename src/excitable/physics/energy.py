"""What it costs to move an ion, what ATP pays, and the voltage at which the two are even.

Source: Läuger 1991, Electrogenic Ion Pumps; Nelson & Cox, Lehninger Principles of Biochemistry,
chapter 13.
"""

from __future__ import annotations

from typing import Any

from ..constants import FARADAY, GAS
from ..errors import RequestError
from ..expressions import log
from .nernst import charges, kelvin, nernst
from .quantities import given, plain

STANDARD_ATP = -30.5
"""Free energy of the hydrolysis of ATP at 1 M each, pH 7, 25 °C, with magnesium, kJ/mol (Lehninger)."""


def ion_energy(v: Any, inside: Any, outside: Any, *, valence: int = 1, temperature: Any) -> Any:
    """The difference of electrochemical potential, inside minus outside: what it costs to bring an ion in, kJ/mol.

    R T ln(cᵢ/cₒ) + z F v; negative where the ion enters by itself.

    Args:
        v: Membrane voltage, mV.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: A concentration is not positive, the valence is zero, or the temperature is not of life.

    Source: Guggenheim 1929, J. Phys. Chem. 33:842 (electrochemical potential).

    >>> round(ion_energy(-70.0, 12.0, 145.0, temperature=37.0), 1)  # sodium falls in
    -13.2
    >>> round(ion_energy(-89.2, 4.0, 110.0, valence=-1, temperature=37.0), 1)  # chloride is at equilibrium
    0.1
    """
    rest = nernst(inside, outside, valence=valence, temperature=temperature)
    # One mV for one mole of charges is F · 1e-6 kJ.
    return plain(1e-6 * FARADAY * charges(valence) * (given(v, "mV", "the membrane voltage") - rest))


def atp_energy(*, atp: Any, adp: Any, phosphate: Any, temperature: Any, standard: Any = STANDARD_ATP) -> Any:
    """The free energy of splitting ATP in a cell, kJ/mol; negative, for it is given.

    Args:
        atp: Concentration of ATP, mM.
        adp: Concentration of ADP, mM.
        phosphate: Concentration of inorganic phosphate, mM.
        temperature: °C, 0 to 60.
        standard: At 1 M each, kJ/mol, at the pH and magnesium of the cell.

    Raises:
        RequestError: A concentration is not positive, or the temperature is not of life (0 to 60 °C).

    Source: Nelson & Cox, Lehninger Principles of Biochemistry, worked example 13-2: -52 kJ/mol in a human red cell
    taken to be at 25 °C. The equation gives -51.8.

    >>> round(atp_energy(atp=2.25, adp=0.25, phosphate=1.65, temperature=25.0), 1)
    -51.8
    """
    products = given(adp, "mM", "the concentration of ADP", positive=True) * given(
        phosphate, "mM", "the concentration of phosphate", positive=True
    )
    quotient = 1e-3 * products / given(atp, "mM", "the concentration of ATP", positive=True)
    return plain(
        given(standard, "kJ/mol", "the standard free energy") + 1e-3 * GAS * kelvin(temperature) * log(quotient)
    )


def pump_energy(
    v: Any, *, sodium: tuple[Any, Any], potassium: tuple[Any, Any], temperature: Any, out: int = 3, back: int = 2
) -> Any:
    """What one turn of the sodium pump costs: `out` sodium ions leave, `back` potassium ions enter, kJ/mol.

    Args:
        v: Membrane voltage, mV.
        sodium: Concentrations (inside, outside), mM.
        potassium: Concentrations (inside, outside), mM.
        temperature: °C, 0 to 60.
        out: Sodium ions that leave.
        back: Potassium ions that enter.

    Raises:
        RequestError: A concentration is not positive, a count is not a whole number above zero, or the temperature is
            not of life.

    Source: Läuger 1991, Electrogenic Ion Pumps.

    >>> mammal = dict(sodium=(12.0, 145.0), potassium=(140.0, 4.0), temperature=37.0)
    >>> round(pump_energy(-70.0, **mammal), 1)
    44.4
    """
    leaving, entering = _count(out, "sodium"), _count(back, "potassium")
    return plain(
        entering * ion_energy(v, *_pair(potassium, "potassium"), temperature=temperature)
        - leaving * ion_energy(v, *_pair(sodium, "sodium"), temperature=temperature)
    )


def pump_reversal(
    energy: Any,
    *,
    sodium: tuple[Any, Any],
    potassium: tuple[Any, Any],
    temperature: Any,
    out: int = 3,
    back: int = 2,
) -> Any:
    """The voltage at which the sodium pump stands still, mV; below it, it would run backwards and make ATP.

    (ΔG/F + m E_Na - n E_K) / (m - n), with m sodium ions out for n potassium ions in.

    Args:
        energy: Free energy of ATP, kJ/mol, negative, as `atp_energy` gives it.
        sodium: Concentrations (inside, outside), mM.
        potassium: Concentrations (inside, outside), mM.
        temperature: °C, 0 to 60.
        out: Sodium ions that leave.
        back: Potassium ions that enter.

    Raises:
        RequestError: A concentration is not positive, a count is not a whole number above zero, the counts are equal
            (such a pump moves no charge and no voltage stops it), or the temperature is not of life.

    Source: Läuger 1991, Electrogenic Ion Pumps; De Weer, Gadsby & Rakowski 1988, Annu. Rev. Physiol.
    50:225.

    >>> mammal = dict(sodium=(12.0, 145.0), potassium=(140.0, 4.0), temperature=37.0)
    >>> round(pump_reversal(-57.0, **mammal), 0)
    -201.0
    """
    leaving, entering = _count(out, "sodium"), _count(back, "potassium")
    if leaving == entering:
        raise RequestError(
            f"The pump moves {out} sodium ions out and {back} potassium ions in, no charge at all. An electrogenic "
            "pump was expected, for no voltage stops another. Write out=3, back=2."
        )
    paid = given(energy, "kJ/mol", "the free energy of ATP") * (1e6 / FARADAY)
    pulls = leaving * nernst(*_pair(sodium, "sodium"), temperature=temperature) - entering * nernst(
        *_pair(potassium, "potassium"), temperature=temperature
    )
    return plain((paid + pulls) / (leaving - entering))


def _count(number: int, ion: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise RequestError(
            f"The number of {ion} ions that a pump moves is {number!r}. A whole number above zero was expected. "
            "Write out=3, back=2."
        )
    return number


def _pair(sides: tuple[Any, Any], ion: str) -> tuple[Any, Any]:
    if not isinstance(sides, tuple | list) or len(sides) != 2:
        raise RequestError(
            f"The concentrations of {ion} are {sides!r}. A pair was expected, inside and outside, in mM. "
            f"Write {ion}=(12.0, 145.0)."
        )
    return sides[0], sides[1]
