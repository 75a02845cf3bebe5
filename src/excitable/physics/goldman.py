"""Membranes through which several ions pass: the voltage of no current, and the current of one ion.

Source: Goldman 1943, J. Gen. Physiol. 27:37; Hodgkin & Katz 1949, J. Physiol. 108:37.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..constants import FARADAY
from ..errors import RequestError
from ..expressions import Expression, linoid, log
from ..frozen import frozen
from .nernst import charges, thermal_voltage
from .quantities import given, plain


@frozen()
class Permeant:
    """An ion that passes the membrane.

    Attributes:
        permeability: In any unit, the same for all ions of a membrane; only the ratios count.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.

    >>> Permeant(0.45, inside=61.0, outside=540.0, valence=-1).valence
    -1
    """

    permeability: Any
    inside: Any
    outside: Any
    valence: int = 1


def goldman(ions: Iterable[Permeant], *, temperature: Any) -> Any:
    """The voltage at which monovalent ions together carry no current (Goldman-Hodgkin-Katz), mV.

    Args:
        ions: The ions that pass, all of valence +1 or -1.
        temperature: °C.

    Raises:
        RequestError: There is no ion, one of another valence, or nothing that passes.

    Source: Hodgkin & Katz 1949, J. Physiol. 108:37, appendix.

    >>> squid = [Permeant(1.0, 345.0, 10.0), Permeant(0.04, 72.0, 455.0), Permeant(0.45, 61.0, 540.0, -1)]
    >>> round(goldman(squid, temperature=18.0), 1)
    -59.3
    """
    inwards: Any = 0.0
    outwards: Any = 0.0
    for ion in ions:
        if ion.valence not in (1, -1):
            raise RequestError(
                f"The ion {ion} has valence {ion.valence}. The Goldman equation holds for valences 1 and -1. "
                "Find the voltage at which the sum of `ghk_current` of all ions is zero."
            )
        permeability = _permeability(ion.permeability, "1")
        inside = permeability * given(ion.inside, "mM", "the concentration inside", positive=True)
        outside = permeability * given(ion.outside, "mM", "the concentration outside", positive=True)
        # An anion that enters carries the same current as a cation that leaves.
        inwards, outwards = (
            (inwards + outside, outwards + inside) if ion.valence == 1 else (inwards + inside, outwards + outside)
        )
    if isinstance(inwards, float) and inwards == 0.0:
        raise RequestError(
            "No ion passes the membrane. At least one permeability above zero was expected. "
            "Write goldman([Permeant(1.0, 140.0, 5.0)], temperature=37.0)."
        )
    return plain(thermal_voltage(temperature) * log(inwards / outwards))


def ghk_current(v: Any, *, permeability: Any, inside: Any, outside: Any, valence: int = 1, temperature: Any) -> Any:
    """The current of one ion through a membrane with a constant field, mA/cm²; outward is positive.

    Finite, and exact, at v = 0.

    Args:
        v: Membrane voltage, mV.
        permeability: cm/s.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.
        temperature: °C.

    Raises:
        RequestError: A concentration is not positive, the permeability is negative, or the valence is zero.

    Source: Goldman 1943, J. Gen. Physiol. 27:37; Hodgkin & Katz 1949, J. Physiol. 108:37, appendix.

    >>> calcium = dict(permeability=1e-4, inside=5e-5, outside=2.0, valence=2, temperature=37.0)
    >>> round(ghk_current(0.0, **calcium), 4)
    -0.0386
    """
    charge = charges(valence)
    # P z F c u/(e^u - 1), with 1 mM = 1e-6 mol/cm3 and 1 A = 1e3 mA.
    scale = 1e-3 * charge * FARADAY * _permeability(permeability, "cm/s")
    potential = charge * given(v, "mV", "the membrane voltage") / thermal_voltage(temperature)
    leaving = given(inside, "mM", "the concentration inside", positive=True) * linoid(-potential)
    entering = given(outside, "mM", "the concentration outside", positive=True) * linoid(potential)
    return plain(scale * (leaving - entering))


def _permeability(value: Any, unit: str) -> Any:
    permeability = given(value, unit, "the permeability")
    if not isinstance(permeability, Expression) and not np.all(permeability >= 0.0):
        raise RequestError(
            f"The permeability is {value!r}. A number that is not negative was expected, in {unit}. "
            "Write 0.0 for an ion that does not pass."
        )
    return permeability
