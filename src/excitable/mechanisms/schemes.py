"""Kinetic schemes of a membrane, from the reactions that mechanisms state: checked, and cut into connected parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import MechanismError
from ..expressions import Expression, as_expression, constant, evaluate, simplify, symbols_of
from .mechanism import Mechanism
from .membrane import Scheme
from .reactions import Kinetic, Reaction, Reactions

if TYPE_CHECKING:
    from .assembly import Assembly

# Where rates are looked at for their sign.
VOLTAGES = np.linspace(-120.0, 60.0, 91)


def schemes_of(assembly: Assembly, mechanism: Mechanism) -> tuple[Scheme, ...]:
    """The schemes of a mechanism, each of states that are connected.

    Raises MechanismError for a state with two laws, reactions that do not balance, starts that do not add up to the
    total, a negative rate.
    """
    laws = assembly.laws(mechanism)
    written: dict[int, Reactions] = {id(law.scheme): law.scheme for law in laws.values() if isinstance(law, Kinetic)}
    found = []
    for reactions in written.values():
        for name in reactions:
            law = laws.get(name)
            if not (isinstance(law, Kinetic) and law.scheme is reactions):
                raise MechanismError(
                    f"The state {name!r} of {mechanism.name} takes part in reactions and has another law beside them. "
                    "All its reactions stand in one list, and nothing else moves it. Write them into one reactions(…)."
                )
        parts = _connected(reactions.reactions, mechanism)
        if reactions.total is not None and len(parts) > 1:
            raise MechanismError(
                f"The reactions of {mechanism.name} with a total fall into {len(parts)} schemes that share no state: "
                f"{' and '.join(part[0] for part in parts)} are in different ones. A total belongs to one. "
                "Write reactions(…, total=…) for each and unite them by |."
            )
        found += [_scheme(assembly, mechanism, reactions, part) for part in parts]
    return tuple(found)


def _connected(reactions: Iterable[Reaction], mechanism: Mechanism) -> list[list[str]]:
    """States that turn into each other, in the order in which they are named."""
    groups: list[list[str]] = []
    for reaction in reactions:
        names = [name for name in reaction.names if name in mechanism.states]
        touching = [group for group in groups if set(group) & set(names)]
        joined = [name for group in touching for name in group]
        joined += [name for name in names if name not in joined]
        groups = [group for group in groups if group not in touching]
        groups.append(joined)
    return groups


def _scheme(assembly: Assembly, mechanism: Mechanism, written: Reactions, names: list[str]) -> Scheme:
    ordered = [name for name in mechanism.states if name in names]
    own = [reaction for reaction in written.reactions if set(reaction.names) & set(names)]
    gates = all(mechanism.states[name].highest == 1.0 for name in names)
    total = written.total if written.total is not None else 1.0 if gates else None
    if total is not None:
        for reaction in own:
            _refuse_unbalanced(mechanism, reaction, names)
        unit, what = mechanism.states[names[0]].unit, f"the total of the reactions of {mechanism.name}"
        total = simplify(assembly.in_unit(total, unit, what, (mechanism, "rates")))
    full = {name: f"{mechanism.name}.{name}" if name in mechanism.states else name for name in written}
    transitions = []
    for reaction in own:
        rates = [assembly.resolved(rate, (mechanism, "rates")) for rate in (reaction.forward, reaction.backward)]
        for rate in rates:
            _refuse_negative(mechanism, reaction, rate)
        sides = [tuple((full[name], n) for name, n in side) for side in (reaction.left, reaction.right)]
        transitions.append(Reaction(sides[0], sides[1], simplify(rates[0]), simplify(rates[1])))
    return Scheme(tuple(full[name] for name in ordered), tuple(transitions), total)


def _refuse_unbalanced(mechanism: Mechanism, reaction: Reaction, names: list[str]) -> None:
    before, after = (sum(n for name, n in side if name in names) for side in (reaction.left, reaction.right))
    if before != after:
        raise MechanismError(
            f"The reaction {reaction.text} of {mechanism.name} makes {after} of {before} states, so that their "
            "total is not kept; a total is declared, or they are gates, fractions of one whole. "
            "Balance both sides, or declare the states by state_variable(…) and give no total."
        )


def _refuse_negative(mechanism: Mechanism, reaction: Reaction, rate: Expression) -> None:
    """Rates that follow from voltage, temperature and parameters are looked at between -120 and +60 mV."""
    numbers = {f"{mechanism.name}.{key}": getattr(mechanism, key) for key in mechanism.parameters}
    values: dict[str, Any] = {k: v for k, v in numbers.items() if isinstance(v, float)}
    values |= {"v": VOLTAGES, "temperature": 20.0}
    if symbols_of(rate) - set(values):
        return
    found = np.broadcast_to(np.asarray(evaluate(rate, values), dtype=float), VOLTAGES.shape)
    if (found < 0.0).any():
        worst = int(np.argmin(found))
        raise MechanismError(
            f"A rate of the reaction {reaction.text} of {mechanism.name} is {found[worst]:g} at {VOLTAGES[worst]:g} "
            "mV. A rate is never negative. Write maximum(0.0, …), or exchange the sides for the other direction."
        )


# ---------------------------------------------------------------- starts
def scheme_starts(
    assembly: Assembly, mechanism: Mechanism, scheme: Scheme, given: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Where the states of a scheme start: as given, the first taking what the others leave of the total, or at rest.

    Raises MechanismError where some are given and some are not, or where they do not add up to the total.
    """
    open_ends = [name for name in scheme.states if name not in given]
    if scheme.total is None:
        return _at_rest(assembly, mechanism, scheme) if len(open_ends) == len(scheme.states) else {}
    if not open_ends:
        _refuse_sum(mechanism, scheme, given)
        first, *others = scheme.states
        left = scheme.total
        for name in others:
            left = as_expression(left - given[name])
        return {first: simplify(left)}
    if len(open_ends) < len(scheme.states):
        raise MechanismError(
            f"Of the states of {mechanism.name} that turn into each other, {', '.join(open_ends)} have no start and "
            "others have one. Either all start at given values, or all at rest. Give each a start, or none."
        )
    return _at_rest(assembly, mechanism, scheme)


def _at_rest(assembly: Assembly, mechanism: Mechanism, scheme: Scheme) -> dict[str, Expression]:
    if scheme.total is None:
        raise MechanismError(
            f"The states {', '.join(scheme.states)} turn into each other, and neither their total nor their starts are "
            "declared. A rest follows from the total. Write reactions(…, total=…), or state_variable(…, start=…)."
        )
    others = {name for reaction in scheme.transitions for name in reaction.names} - set(scheme.states)
    values = {name: assembly.variable(name, f"{mechanism.name}.rates") for name in sorted(others)}
    found = Reactions(scheme.transitions, None).steady(scheme.total, values)
    return {name: simplify(as_expression(found[name])) for name in scheme.states}


def _refuse_sum(mechanism: Mechanism, scheme: Scheme, given: Mapping[str, Expression]) -> None:
    numbers = {f"{mechanism.name}.{key}": getattr(mechanism, key) for key in mechanism.parameters}
    values = {k: v for k, v in numbers.items() if isinstance(v, float)}
    parts = [constant(0.0) if scheme.total is None else scheme.total, *(given[name] for name in scheme.states)]
    if symbols_of(*parts) - set(values):
        return
    total, *starts = (float(evaluate(part, values)) for part in parts)
    if abs(sum(starts) - total) > 1e-9 * max(abs(total), 1e-300):
        raise MechanismError(
            f"The states {', '.join(scheme.states)} start at values that add up to {sum(starts):g}, and their total is "
            f"{total:g}. Reactions keep the total. Give starts that add up to {total:g}, or leave them out to start at "
            "rest."
        )
