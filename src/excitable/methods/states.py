"""New values of the states of a membrane from the old ones, over `dt` with the voltage held.

A state whose rate is affine in itself takes the exact exponential step; any other takes x + dt · rate · φ1(dt · slope),
which is second order (exponential Rosenbrock–Euler: Hochbruck & Ostermann 2010, Acta Numerica 19:209, §2.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..expressions import (
    Expression,
    as_expression,
    derivative,
    exp,
    exprel,
    simplify_all,
    substitute,
    symbol,
    symbols_of,
)
from ..mechanisms import Membrane, Motion
from .joint import advance_jointly


def advance_state(motion: Motion, name: str, dt: Expression, others: Mapping[str, Expression]) -> Expression:
    """The new value of one state, where other states have the given values during the step."""
    x = symbol(name)
    if motion.steady is not None:
        steady, slope = substitute([motion.steady, motion.slope], others)
        return steady + (x - steady) * as_expression(exp(dt * slope))
    rate, slope = substitute([motion.rate, motion.slope], others)
    return x + dt * rate * as_expression(exprel(dt * slope))


def advance_frozen(membrane: Membrane, dt: Expression) -> dict[str, Expression]:
    """First order: a state sees all others at their old values, but those that depend on each other go together."""
    return _advance(membrane, dt, order=1)


def advance_midway(membrane: Membrane, dt: Expression) -> dict[str, Expression]:
    """Second order: a state sees those it depends on at the middle of the step, and circles of states go together."""
    return _advance(membrane, dt, order=2)


def _advance(membrane: Membrane, dt: Expression, order: int) -> dict[str, Expression]:
    motions = independent(membrane)
    needs = dependencies(motions)
    new: dict[str, Expression] = {}
    for circle in circles(needs):
        middle = {name: 0.5 * (symbol(name) + new[name]) for name in new} if order == 2 else {}
        if len(circle) == 1:
            (name,) = circle
            others = {k: v for k, v in middle.items() if k in needs[name]}
            new[name] = advance_state(motions[name], name, dt, others)
        else:
            rates = substitute([motions[name].rate for name in circle], middle)
            new.update(advance_jointly(dict(zip(circle, rates, strict=True)), dt, order))
    # Where a total is known, the first state of a scheme takes what the others leave: not even rounding adds up.
    left = membrane.remainders
    new |= dict(zip(left, substitute(left.values(), new), strict=True))
    ordered = {name: new[name] for name in membrane.motions}
    return dict(zip(ordered, simplify_all(ordered.values()), strict=True))


def independent(membrane: Membrane) -> dict[str, Motion]:
    """The motions of the states; where two states turn into each other, the second one's alone, which is exact.

    Larger schemes keep the equations of all their states, which touch few others each.
    """
    pairs = [scheme for schemes in membrane.schemes.values() for scheme in schemes if len(scheme.states) == 2]
    left = dict(pair for pair in (scheme.remainder for scheme in pairs) if pair is not None)
    if not left:
        return dict(membrane.motions)
    found = {}
    for name, motion in membrane.motions.items():
        (rate,) = simplify_all(substitute([motion.rate], left))
        if name not in left:
            same = rate is motion.rate
            found[name] = motion if same else Motion(rate, None, simplify_all([derivative(rate, name)])[0])
    return found


def dependencies(motions: Mapping[str, Motion]) -> dict[str, set[str]]:
    """For each state, the other states that its rate reads."""
    states = set(motions)
    needs = {}
    for name, motion in motions.items():
        parts = (motion.rate, motion.slope) if motion.steady is None else (motion.rate, motion.slope, motion.steady)
        needs[name] = (symbols_of(*parts) & states) - {name}
    return needs


def circles(needs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """States grouped by mutual dependence, each group after those it needs (Tarjan 1972, SIAM J Comput 1:146)."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = lowest[name] = len(index)
        stack.append(name)
        for other in sorted(needs[name]):
            if other not in index:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], index[other])
        if lowest[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            found.append(sorted(group))

    for name in needs:
        if name not in index:
            visit(name)
    return found
