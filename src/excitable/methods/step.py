"""One step of one kind of membrane, as expressions: new states, and the row of the voltage equation.

Every compartment contributes diagonal · x - Σ coupling · x_neighbour = right, in µS and nA, where x is the voltage at
the end of the implicit part of the step. Symbols beside those of the membrane:

    dt, dt_states         the step, and how far the states advance in it, ms
    area                  membrane area, µm²
    capacitance           µF/cm²
    axial                 sum of the couplings of the compartment, µS
    point_current         current injected at points of the compartment, nA
    point_conductance     conductance of what is placed there, µS
"""

from __future__ import annotations

from collections.abc import Mapping

from ..expressions import Expression, affine, derivative, simplify_all, substitute, symbol
from ..frozen import frozen
from ..mechanisms import Membrane
from .fixed import Method
from .pulses import mean_over_pulses, steadied

# 1 S/cm² · 1 µm² = 1e-2 µS, and 1 µF/cm² · 1 µm² / 1 ms = 1e-5 µS.
PER_AREA = 1e-2
PER_CAPACITANCE = 1e-5


@frozen(eq=False)
class MembraneStep:
    """What a membrane pass writes: new states, and both sides of the row of the voltage equation."""

    states: Mapping[str, Expression]
    diagonal: Expression
    right: Expression


def membrane_step(membrane: Membrane, method: Method) -> MembraneStep:
    """The step of a membrane by a method."""
    v, area = symbol("v"), symbol("area")
    new = _states(membrane, method, symbol("dt_states"), symbol("t") + (1.0 - method.lag) * symbol("dt"))
    (current,) = mean_over_pulses([membrane.current], membrane, symbol("t"), symbol("dt"))
    parts = affine(current, "v")
    if parts is None:
        conductance = derivative(current, "v")
        drive = conductance * v - current
    else:
        # An ohmic current needs no difference of large numbers: g v - i is the current it would carry at v = 0.
        intercept, conductance = parts
        drive = -intercept
    # What depends on time itself counts at the middle of the step, where the new states of the default method stand.
    middle = {**new, "t": symbol("t") + 0.5 * symbol("dt")}
    drive, conductance = substitute([drive, conductance], middle)
    inertia = (area * symbol("capacitance")) * PER_CAPACITANCE / (method.implicitness * symbol("dt"))
    surface = area * PER_AREA
    leading = inertia + symbol("axial")
    diagonal = leading + (surface * conductance + symbol("point_conductance"))
    right = inertia * v + (surface * drive + symbol("point_current"))
    *states, diagonal, right = simplify_all([*new.values(), diagonal, right])
    return MembraneStep(dict(zip(new, states, strict=True)), diagonal, right)


def level_states(membrane: Membrane, method: Method) -> dict[str, Expression]:
    """The states brought level with the voltage, for recording: advanced by what they lag, with the voltage of then.

    The symbol "dt_level" is that time, ms: the lag of the method under way, and nothing at the very start.
    """
    return _states(membrane, method, symbol("dt_level"), symbol("t"))


def _states(membrane: Membrane, method: Method, dt: Expression, until: Expression) -> dict[str, Expression]:
    """The new states after `dt`, which ends at the time `until`: rates count with their mean over it."""
    return method.advance(steadied(membrane, until - 0.5 * dt, dt), dt)


def finish(method: Method) -> Expression:
    """The voltage at the end of the step, from x and the voltage v at its start."""
    x, v = symbol("x"), symbol("v")
    if method.implicitness == 1.0:
        return x
    theta = method.implicitness
    return simplify_all([(1.0 / theta) * x - ((1.0 - theta) / theta) * v])[0]
