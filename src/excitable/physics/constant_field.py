"""The current of one ion through a membrane with a constant field, and its linearisation.

With u = z F v / RT the current is z F P (cᵢ u/(1 - e^(-u)) - cₒ u/(e^u - 1)). All of it is written with
linoid(x) = x/(e^x - 1) and (e^x - 1)/x, which are finite, and exact, at v = 0 and at the reversal potential.

Source: Goldman 1943, J. Gen. Physiol. 27:37; Hodgkin & Katz 1949, J. Physiol. 108:37, appendix.
"""

from __future__ import annotations

from typing import Any

from ..constants import FARADAY
from ..expressions import Expression, absolute, exprel, linoid, log, where
from ..expressions.node import node
from ..expressions.operations import phi
from .nernst import charges, thermal_voltage
from .permeant import read_permeability
from .quantities import given, plain


def ghk_current(v: Any, *, permeability: Any, inside: Any, outside: Any, valence: int = 1, temperature: Any) -> Any:
    """The current of one ion through a membrane with a constant field, mA/cm²; outward is positive.

    Finite, and exact, at v = 0.

    Args:
        v: Membrane voltage, mV.
        permeability: cm/s.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: A concentration is not positive, the permeability is negative or missing, or the valence is
            zero.

    Source: Goldman 1943, J. Gen. Physiol. 27:37; Hodgkin & Katz 1949, J. Physiol. 108:37, appendix.

    >>> calcium = dict(permeability=1e-4, inside=5e-5, outside=2.0, valence=2, temperature=37.0)
    >>> round(ghk_current(0.0, **calcium), 4)
    -0.0386
    """
    charge, scale, leaving, entering = _read(permeability, inside, outside, valence)
    potential = _potential(v, charge, temperature)
    return plain(scale * (leaving * linoid(-potential) - entering * linoid(potential)))


def ghk_slope_conductance(
    v: Any, *, permeability: Any, inside: Any, outside: Any, valence: int = 1, temperature: Any
) -> Any:
    """How steeply the current of one ion rises with the voltage, S/cm²: the exact derivative of `ghk_current`.

    Args:
        v: Membrane voltage, mV.
        permeability: cm/s.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: As for `ghk_current`.

    >>> potassium = dict(permeability=1e-6, inside=140.0, outside=140.0, temperature=20.0)
    >>> round(1e3 * ghk_slope_conductance(0.0, **potassium), 4)  # P F² c / RT, mS/cm²
    0.5347
    """
    charge, scale, leaving, entering = _read(permeability, inside, outside, valence)
    potential = _potential(v, charge, temperature)
    rise = leaving * linoid_slope(-potential) + entering * linoid_slope(potential)
    return plain(-(scale * charge / thermal_voltage(temperature) * rise))


def ghk_chord_conductance(
    v: Any, *, permeability: Any, inside: Any, outside: Any, valence: int = 1, temperature: Any
) -> Any:
    """The current of one ion divided by its driving force, S/cm²: I = g (v - E), with E by Nernst.

    Finite at v = 0 and at v = E, where it equals the slope.

    Args:
        v: Membrane voltage, mV.
        permeability: cm/s.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: As for `ghk_current`.

    Source: Hille 2001, Ion Channels of Excitable Membranes, chapter 14 (the current equation, divided by v - E).

    >>> potassium = dict(permeability=1e-6, inside=140.0, outside=5.0, temperature=20.0)
    >>> round(1e3 * ghk_chord_conductance(0.0, **potassium), 4)  # mS/cm²
    0.1547
    """
    charge, scale, leaving, entering = _read(permeability, inside, outside, valence)
    potential = _potential(v, charge, temperature)
    force = potential - log(entering / leaving)
    return plain(scale * charge / thermal_voltage(temperature) * entering * linoid(potential) * exprel(force))


def ghk_tangent(
    v: Any, *, permeability: Any, inside: Any, outside: Any, valence: int = 1, temperature: Any
) -> tuple[Any, Any]:
    """The straight line that touches the current at `v`: (conductance in S/cm², where it crosses zero in mV).

    Args:
        v: Membrane voltage, mV.
        permeability: cm/s.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: As for `ghk_current`.

    >>> conductance, crossing = ghk_tangent(
    ...     -60.0, permeability=1e-6, inside=140.0, outside=5.0, temperature=20.0)
    >>> round(1e3 * conductance, 4), round(crossing, 1)
    (0.1047, -79.4)
    """
    ion = {"permeability": permeability, "inside": inside, "outside": outside, "valence": valence}
    place = given(v, "mV", "the membrane voltage")
    slope = ghk_slope_conductance(place, **ion, temperature=temperature)
    return slope, plain(place - ghk_current(place, **ion, temperature=temperature) / slope)


def linoid_slope(x: Any) -> Any:
    """The derivative of linoid(x) = x/(e^x - 1), from -1 on the left to 0 on the right; finite at 0.

    >>> float(linoid_slope(0.0))
    -0.5
    """
    # On the right it is -linoid(x) linoid(-x) φ2(-x), where nothing cancels and nothing overflows; on the left
    # it follows from linoid(-x) = linoid(x) + x.
    right = absolute(x)
    second = node("phi", (-right,), 2) if isinstance(right, Expression) else phi(2, -right)
    part = linoid(right) * linoid(-right) * second
    return where(x < 0.0, part - 1.0, -part)


def _read(permeability: Any, inside: Any, outside: Any, valence: int) -> tuple[int, Any, Any, Any]:
    charge = charges(valence)
    # z F P in (mA/cm²)/mM, with 1 mM = 1e-6 mol/cm3 and 1 A = 1e3 mA.
    scale = 1e-3 * charge * FARADAY * read_permeability(permeability, "cm/s")
    leaving = given(inside, "mM", "the concentration inside", positive=True)
    return charge, scale, leaving, given(outside, "mM", "the concentration outside", positive=True)


def _potential(v: Any, charge: int, temperature: Any) -> Any:
    return charge * given(v, "mV", "the membrane voltage") / thermal_voltage(temperature)
