"""How each state moves and where it starts, from the laws that mechanisms state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import MechanismError, nearest
from ..expressions import Expression, affine, constant, derivative, simplify, symbol, symbols_of
from .declare import State
from .equation_units import per_ms
from .laws import AlphaBeta, Relaxation
from .mechanism import Mechanism
from .membrane import Motion, Scheme
from .reactions import Kinetic
from .schemes import scheme_starts
from .variables import TURNOVER, place_of

if TYPE_CHECKING:
    from .assembly import Assembly


def motions_of(assembly: Assembly, mechanism: Mechanism) -> dict[str, Motion]:
    """The motion of each state of a mechanism.

    Raises MechanismError for a state without law, or a law without state.
    """
    laws = assembly.laws(mechanism)
    for key, law in laws.items():
        if key not in mechanism.states:
            _refuse_stranger(mechanism, key, law)
    motions = {}
    for key, declared in mechanism.states.items():
        if key not in laws:
            raise MechanismError(
                f"Nothing advances the state {key!r} of {mechanism.name}. Every state needs a law. "
                f"Write rates(self, v) returning {{'{key}': …}}, or make it a parameter if it never changes."
            )
        motions[f"{mechanism.name}.{key}"] = _motion(assembly, mechanism, declared, laws[key])
    return motions


def taken_up(assembly: Assembly, mechanism: Mechanism) -> dict[str, Expression]:
    """What the reactions of a mechanism give to concentrations that are no states of it, mM/ms."""
    found = {}
    for key, law in assembly.laws(mechanism).items():
        if isinstance(law, Kinetic) and key not in mechanism.states and _is_read(mechanism, key):
            what = f"the turnover of {key} by the reactions of {mechanism.name}"
            found[key] = assembly.in_unit(law.rate(places_of(mechanism, law)), TURNOVER, what, (mechanism, "rates"))
    return found


def places_of(mechanism: Mechanism, law: Kinetic) -> dict[str, Expression]:
    """The symbol of everything that takes part in a scheme."""
    return {name: symbol(f"{mechanism.name}.{name}" if name in mechanism.states else name) for name in law.scheme}


def _is_read(mechanism: Mechanism, name: str) -> bool:
    return bool(place_of(name)) and name in mechanism.reads("rates")


def _refuse_stranger(mechanism: Mechanism, key: str, law: Any) -> None:
    if not isinstance(law, Kinetic):
        raise MechanismError(
            f"{mechanism.name}.rates gives a law for {key!r}, which is not one of its states. "
            f"{nearest(key, mechanism.states)} Declare it in the class: {key} = state_variable(…)."
        )
    if not _is_read(mechanism, key):
        known = [*mechanism.states, *(name for name in mechanism.reads("rates") if place_of(name))]
        raise MechanismError(
            f"A reaction of {mechanism.name} names {key!r}, which is neither one of its states nor a concentration "
            f"that its rates read. {nearest(key, known)} Declare it in the class, {key} = gate(…), or read it: "
            f"rates(self, {key})."
        )


def _motion(assembly: Assembly, mechanism: Mechanism, declared: State, law: Any) -> Motion:
    full, what = f"{mechanism.name}.{declared.name}", f"the rate of {declared.name} of {mechanism.name}"
    unit, reader = per_ms(declared.unit), (mechanism, "rates")
    if isinstance(law, (AlphaBeta, Relaxation)):
        rate = assembly.in_unit(law.rate(symbol(full)), unit, what, reader)
        steady, slope = (assembly.resolved(part, reader) for part in (law.steady, law.slope))
        return Motion(simplify(rate), simplify(steady), simplify(slope))
    stated = law.rate(places_of(mechanism, law)) if isinstance(law, Kinetic) else law
    rate = simplify(assembly.in_unit(stated, unit, what, reader))
    parts = affine(rate, full)
    return Motion(rate, None, simplify(derivative(rate, full)) if parts is None else parts[1])


# ---------------------------------------------------------------- starts
def starts_of(
    assembly: Assembly,
    mechanism: Mechanism,
    motions: Mapping[str, Motion],
    schemes: Sequence[Scheme],
    given: Mapping[str, Expression],
) -> dict[str, Expression]:
    """Where each state of a mechanism starts: at what is given, or at its steady value.

    Raises MechanismError where there is neither.
    """
    declared = {f"{mechanism.name}.{key}": state for key, state in mechanism.states.items()}
    starts = {name: constant(state.start) for name, state in declared.items() if state.start is not None}
    starts |= {f"{mechanism.name}.{key}": value for key, value in given.items()}
    for scheme in schemes:
        starts |= scheme_starts(assembly, mechanism, scheme, starts)
    return {name: starts[name] if name in starts else _steady(name, motions[name]) for name in declared}


def _steady(full: str, motion: Motion) -> Expression:
    if motion.steady is not None:
        return motion.steady
    parts = affine(motion.rate, full)
    if parts is None or full in symbols_of(*parts) or parts[1] is constant(0.0):
        raise MechanismError(
            f"The state {full!r} has no steady value to start from: its rate is {motion.rate!r}. "
            "A state whose law is curved, or has no rest, needs a start. Write state_variable(…, start=…)."
        )
    return simplify(-parts[0] / parts[1])
