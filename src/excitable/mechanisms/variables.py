"""The names that a mechanism may ask for as arguments of its methods, with their units.

Beside the fixed names, each ion `X` brings

    e_X                       its reversal potential
    X_inside, X_outside …     its concentration in a place
    i_X                       its current through the membrane, summed over mechanisms
    flux_X                    what leaves through the membrane, with its current and without
    gain_X_inside …           what all mechanisms together bring to it in a place
    volume_X_inside …         the volume in which it is dissolved in a place
    given_X_inside …          the concentration that the ion itself states, where a pool keeps the real one

and stimuli that a `Condition` gives: light, stretch, and so on.
"""

from __future__ import annotations

FIXED = {
    "v": ("mV", "membrane potential"),
    "temperature": ("degC", "temperature"),
    "t": ("ms", "time since the start of the run"),
    "diameter": ("um", "diameter of the compartment"),
    "area": ("um2", "area of membrane of the compartment"),
    "volume": ("um3", "volume of the compartment"),
    "capacitance": ("uF/cm2", "capacitance of the membrane"),
}

# What a `Condition` may give beside concentrations and the temperature.
STIMULI = {
    "light": ("mW/mm2", "irradiance"),
    "wavelength": ("nm", "wavelength of the light"),
    "tension": ("mN/m", "tension in the plane of the membrane"),
    "pressure": ("kPa", "pressure across the membrane, or around the cell"),
    "stretch": ("1", "length over resting length"),
}

# Where an ion can be: in the cell, around it, in a store inside (reticulum), in a narrow space under the membrane.
PLACES = ("inside", "outside", "store", "subspace")

CURRENT = "mA/cm2"
CONCENTRATION = "mM"
# Through membrane: amount per area and time. 1 mM µm/ms is 1e-7 mol/(cm² s).
FLUX = "mM um/ms"
# Inside a compartment: amount per volume and time.
TURNOVER = "mM/ms"
# 1 mM µm³ is 1e-18 mol.
AMOUNT_RATE = "mM um3/ms"

_BEGINNINGS = {"e_": "mV", "i_": CURRENT, "flux_": FLUX}
_OF_PLACES = {"gain_": AMOUNT_RATE, "volume_": "um3", "given_": CONCENTRATION}


def unit_of_variable(name: str) -> str | None:
    """The unit of a variable that equations may read, or None where there is no such variable.

    >>> unit_of_variable("e_na"), unit_of_variable("ca_inside"), unit_of_variable("light")
    ('mV', 'mM', 'mW/mm2')
    >>> unit_of_variable("voltage")
    """
    known = FIXED.get(name) or STIMULI.get(name)
    if known is not None:
        return known[0]
    if not ion_of(name):
        return None
    if place_of(name):
        return _OF_PLACES.get(_beginning(name), CONCENTRATION)
    return next(unit for beginning, unit in _BEGINNINGS.items() if name.startswith(beginning))


def ion_of(name: str) -> str:
    """The ion that a variable speaks of, or "" where it speaks of none.

    >>> ion_of("ca_inside"), ion_of("gain_ca_inside"), ion_of("i_k")
    ('ca', 'ca', 'k')
    """
    place = place_of(name)
    if place:
        return name.removeprefix(_beginning(name))[: -len(place) - 1]
    for beginning in _BEGINNINGS:
        if name.startswith(beginning) and len(name) > len(beginning):
            return name[len(beginning) :]
    return ""


def place_of(name: str) -> str:
    """The place that a variable speaks of, or "" where it speaks of none.

    >>> place_of("ca_inside"), place_of("gain_ca_store"), place_of("e_ca")
    ('inside', 'store', '')
    """
    bare = name.removeprefix(_beginning(name))
    for place in PLACES:
        if bare.endswith(f"_{place}") and len(bare) > len(place) + 1:
            return "" if bare.startswith(tuple(_BEGINNINGS)) else place
    return ""


def may_be_provided(name: str) -> bool:
    """Whether a mechanism may give the variable to others.

    >>> may_be_provided("e_na"), may_be_provided("i_na"), may_be_provided("ca_inside"), may_be_provided("diameter")
    (True, False, True, False)
    """
    if name in STIMULI or name == "temperature":
        return True
    return name not in FIXED and ion_of(name) != "" and not name.startswith(("i_", "flux_", "gain_", "given_"))


def _beginning(name: str) -> str:
    return next((beginning for beginning in _OF_PLACES if name.startswith(beginning)), "")
