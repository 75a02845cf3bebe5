"""The voltage at which the ions that pass a membrane together carry no current.

In a constant field the current of an ion of valence z is P z² F u (cᵢ e^(zu) - cₒ) / (e^(zu) - 1) with u = F v / RT.
For valences 1 and -1 the zero of the sum has the closed form of Goldman, Hodgkin & Katz, in which an anion
counts the other way round; for 1 and 2 together it is the root of a quadratic equation; in general it is solved.

Source: Goldman 1943, J. Gen. Physiol. 27:37; Hodgkin & Katz 1949, J. Physiol. 108:37, appendix.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import RequestError
from ..expressions import Expression, absolute, linoid, log, sqrt, where
from .constant_field import linoid_slope
from .nernst import thermal_voltage
from .permeant import Permeant, passing, read_ions
from .quantities import plain
from .roots import Floats, increasing_root


def goldman(ions: Iterable[Permeant], *, temperature: Any) -> Any:
    """The voltage at which the ions together carry no current (Goldman-Hodgkin-Katz), mV.

    Numbers and arrays may have any valences: where they are not all alike in size, the zero of the total
    current is found by Newton's method, to rounding, not by an approximation. Expressions may have valences
    of one size, or of sizes 1 and 2.

    Args:
        ions: The ions that pass; an ion of permeability 0 takes no part.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: There is no ion, nothing that passes, a concentration that is not positive, a valence of
            zero, a negative or missing permeability, or an expression of other valences.

    Source: Hodgkin & Katz 1949, J. Physiol. 108:37, appendix: -59 mV at rest and +38 mV at the peak of the spike.

    >>> squid = [Permeant(1.0, 345.0, 10.0), Permeant(0.04, 72.0, 455.0), Permeant(0.45, 61.0, 540.0, -1)]
    >>> round(goldman(squid, temperature=18.0), 1)
    -59.3
    >>> calcium = Permeant(0.01, inside=1e-4, outside=2.0, valence=2)
    >>> round(goldman([*squid, calcium], temperature=18.0), 2)  # 0.03 mV less negative
    -59.24
    """
    moving = passing(read_ions(ions, "1"))
    thermal = thermal_voltage(temperature)
    sizes = sorted({abs(ion.valence) for ion in moving})
    if len(sizes) == 1:
        outwards, inwards = _drives(moving, sizes[0])
        return plain(thermal / sizes[0] * log(inwards / outwards))
    if not any(isinstance(x, Expression) for ion in moving for x in (ion.permeability, ion.inside, ion.outside)):
        return plain(thermal * balance_point(moving))
    if sizes == [1, 2]:
        return thermal * log(_root_of_quadratic(moving))
    raise RequestError(
        f"Expressions met ions of valences {', '.join(str(ion.valence) for ion in moving)}. The voltage of no current "
        "is a formula only for valences of sizes 1 and 2. Write numbers in place of the symbols, and it is solved."
    )


def balance_point(moving: list[Permeant]) -> Floats:
    """The zero of the total current of ions of any valences, in units of RT/F; solved by a safeguarded Newton.

    Args:
        moving: Checked ions, with numbers or arrays.

    >>> ions = [Permeant(1.0, 140.0, 5.0), Permeant(0.02, 12.0, 145.0)]
    >>> round(float(balance_point(ions)), 6)  # ln(7.9 / 140.24)
    -2.876492
    """
    # Each ion pulls towards its own equilibrium: no current flows somewhere between them.
    rests = np.broadcast_arrays(*[_log_ratio(ion) + 0.0 * ion.permeability for ion in moving])
    scale = sum(ion.permeability * (ion.inside + ion.outside) for ion in moving)

    def current(u: Floats) -> tuple[Floats, Floats]:
        total, slope = np.zeros_like(u), np.zeros_like(u)
        for ion in moving:
            z, weight = ion.valence, ion.permeability / scale
            total = total + weight * z * (ion.inside * linoid(-z * u) - ion.outside * linoid(z * u))
            slope = slope - weight * z**2 * (ion.inside * linoid_slope(-z * u) + ion.outside * linoid_slope(z * u))
        return total, slope

    return increasing_root(current, np.min(rests, axis=0), np.max(rests, axis=0))


def _log_ratio(ion: Permeant) -> Any:
    return np.log(ion.outside / ion.inside) / ion.valence


def _drives(ions: list[Permeant], size: int) -> tuple[Any, Any]:
    """What drives charge of valence ±`size` outwards and inwards: permeability times concentration, summed."""
    outwards: Any = 0.0
    inwards: Any = 0.0
    for ion in ions:
        if abs(ion.valence) == size:
            inside, outside = ion.permeability * ion.inside, ion.permeability * ion.outside
            # An anion that enters carries the same current as a cation that leaves.
            outwards, inwards = (
                (outwards + inside, inwards + outside) if ion.valence > 0 else (outwards + outside, inwards + inside)
            )
    return outwards, inwards


def _root_of_quadratic(ions: list[Permeant]) -> Any:
    """e^u where valences of sizes 1 and 2 pass: the positive root of a y² + b y = c, without cancellation."""
    (out_1, in_1), (out_2, in_2) = _drives(ions, 1), _drives(ions, 2)
    a, b, c = out_1 + 4.0 * out_2, out_1 - in_1, in_1 + 4.0 * in_2
    half = 0.5 * (absolute(b) + sqrt(b * b + 4.0 * a * c))
    return where(b < 0.0, half / a, c / half)
