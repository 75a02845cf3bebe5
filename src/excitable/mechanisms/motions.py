"""How each state moves, from the laws that mechanisms state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import MechanismError, nearest
from ..expressions import Expression, affine, constant, derivative, simplify, symbol, symbols_of
from .declare import State
from .equation_units import per_ms
from .laws import AlphaBeta, Relaxation
from .mechanism import Mechanism
from .membrane import Motion

if TYPE_CHECKING:
    from .assembly import Assembly


def motions_of(assembly: Assembly, mechanism: Mechanism) -> dict[str, Motion]:
    """The motion of each state of a mechanism.

    Raises MechanismError for a state without law, or a law without state.
    """
    laws = dict(assembly.call(mechanism, "rates")) if mechanism.has("rates") else {}
    for key in laws:
        if key not in mechanism.states:
            raise MechanismError(
                f"{mechanism.name}.rates gives a law for {key!r}, which is not one of its states. "
                f"{nearest(key, mechanism.states)} Declare it in the class: {key} = state_variable(…)."
            )
    motions = {}
    for key, declared in mechanism.states.items():
        if key not in laws:
            raise MechanismError(
                f"Nothing advances the state {key!r} of {mechanism.name}. Every state needs a law. "
                f"Write rates(self, v) returning {{'{key}': …}}, or make it a parameter if it never changes."
            )
        motions[f"{mechanism.name}.{key}"] = _motion(assembly, mechanism, declared, laws[key])
    return motions


def _motion(assembly: Assembly, mechanism: Mechanism, declared: State, law: Any) -> Motion:
    full, what = f"{mechanism.name}.{declared.name}", f"the rate of {declared.name} of {mechanism.name}"
    x, unit, reads = symbol(full), per_ms(declared.unit), mechanism.reads("rates")
    if isinstance(law, (AlphaBeta, Relaxation)):
        rate = assembly.in_unit(law.rate(x), unit, what, reads)
        steady, slope = (assembly.resolved(part, reads) for part in (law.steady, law.slope))
        return Motion(simplify(rate), simplify(steady), simplify(slope))
    rate = simplify(assembly.in_unit(law, unit, what, reads))
    parts = affine(rate, full)
    return Motion(rate, None, simplify(derivative(rate, full)) if parts is None else parts[1])


def start_of(declared: State, full: str, motions: Mapping[str, Motion]) -> Expression:
    """The value at which a state starts: its number, or its steady value.

    Raises MechanismError where there is neither.
    """
    motion = motions[full]
    if declared.start is not None:
        return constant(declared.start)
    if motion.steady is not None:
        return motion.steady
    parts = affine(motion.rate, full)
    if parts is None or full in symbols_of(*parts) or parts[1] is constant(0.0):
        raise MechanismError(
            f"The state {full!r} has no steady value to start from: its rate is {motion.rate!r}. "
            "A state whose law is curved, or has no rest, needs a start. Write state_variable(…, start=…)."
        )
    return simplify(-parts[0] / parts[1])
