"""Methods with a fixed step: implicit in the voltage, exact exponentials for the states, one after the other.

The voltage stands at whole steps. The states lag behind it by `lag` steps while a run is under way; what is recorded
has been brought level.

    staggered        Crank–Nicolson for the voltage, states half a step behind: second order for voltage and states.
                     Without the lag it is the splitting of Strang (1968, SIAM J Numer Anal 5:506): half a step of the
                     states, a whole step of the voltage, half a step of the states.  The arrangement is that of
                     Hines (1984, Int J Biomed Comput 15:69); states start with the half step that others leave out.
    backward_euler   implicit Euler for the voltage, states a whole step behind: first order; NEURON's default.
"""

from __future__ import annotations

from collections.abc import Callable

from ..expressions import Expression
from ..frozen import frozen
from ..mechanisms import Membrane
from .states import advance_frozen, advance_midway

Advance = Callable[[Membrane, Expression], dict[str, Expression]]


@frozen()
class Method:
    """A way to advance time.

    order: the power of the step with which errors shrink.  implicitness: 1 for backward Euler, 1/2 for Crank–Nicolson.
    lag: how far states are behind the voltage, in steps.  advance: new states as expressions of the old.
    """

    name: str
    order: int
    implicitness: float
    lag: float
    advance: Advance

    def __repr__(self) -> str:
        return self.name


staggered = Method("staggered", 2, 0.5, 0.5, advance_midway)
backward_euler = Method("backward_euler", 1, 1.0, 1.0, advance_frozen)

METHODS: dict[str, Method] = {method.name: method for method in (staggered, backward_euler)}
