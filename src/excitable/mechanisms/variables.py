"""The names that a mechanism may ask for as arguments of its methods, with their units.

Beside the fixed names, each ion `X` brings `e_X` (reversal potential), `X_inside` and `X_outside` (concentrations)
and `i_X` (its total current through the membrane).
"""

from __future__ import annotations

FIXED = {
    "v": ("mV", "membrane potential"),
    "temperature": ("degC", "temperature"),
    "t": ("ms", "time since the start of the run"),
    "diameter": ("um", "diameter of the compartment"),
}


def unit_of_variable(name: str) -> str | None:
    """The unit of a variable that equations may read, or None where there is no such variable.

    >>> unit_of_variable("e_na"), unit_of_variable("ca_inside"), unit_of_variable("voltage")
    ('mV', 'mM', None)
    """
    if name in FIXED:
        return FIXED[name][0]
    ion = ion_of(name)
    if not ion:
        return None
    return "mV" if name.startswith("e_") else "mA/cm2" if name.startswith("i_") else "mM"


def ion_of(name: str) -> str:
    """The ion that a variable speaks of, or "" where it speaks of none.

    >>> ion_of("ca_inside")
    'ca'
    """
    if name[:2] in ("e_", "i_") and len(name) > 2:
        return name[2:]
    for ending in ("_inside", "_outside"):
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return ""
