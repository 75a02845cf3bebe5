"""New values of the states of a membrane from the old ones, over `dt` with the voltage held.

A state whose rate is affine in itself takes the exact exponential step; any other takes x + dt · rate · φ1(dt · slope),
which is second order (exponential Rosenbrock–Euler: Hochbruck & Ostermann 2010, Acta Numerica 19:209, §2.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..expressions import Expression, as_expression, exp, exprel, simplify_all, substitute, symbol, symbols_of
from ..mechanisms import Membrane, Motion


def advance_state(motion: Motion, name: str, dt: Expression, others: Mapping[str, Expression]) -> Expression:
    """The new value of one state, where other states have the given values during the step."""
    x = symbol(name)
    if motion.steady is not None:
        steady, slope = substitute([motion.steady, motion.slope], others)
        return steady + (x - steady) * as_expression(exp(dt * slope))
    rate, slope = substitute([motion.rate, motion.slope], others)
    return x + dt * rate * as_expression(exprel(dt * slope))


def advance_frozen(membrane: Membrane, dt: Expression) -> dict[str, Expression]:
    """Every state steps with all others at their old values: first order where states depend on each other."""
    return {name: advance_state(motion, name, dt, {}) for name, motion in membrane.motions.items()}


def advance_midway(membrane: Membrane, dt: Expression) -> dict[str, Expression]:
    """Second order: a state sees those it depends on at the middle of the step.

    Where states depend on each other in a circle, the circle is run through forwards in half a step and backwards in
    another, which is symmetric and so of second order.
    """
    needs = dependencies(membrane)
    new: dict[str, Expression] = {}
    for circle in circles(needs):
        middle = {name: 0.5 * (symbol(name) + new[name]) for name in new}
        if len(circle) == 1:
            (name,) = circle
            others = {k: v for k, v in middle.items() if k in needs[name]}
            new[name] = advance_state(membrane.motions[name], name, dt, others)
        else:
            new.update(_there_and_back(membrane, circle, 0.5 * dt, middle))
    ordered = {name: new[name] for name in membrane.motions}
    return dict(zip(ordered, simplify_all(ordered.values()), strict=True))


def _there_and_back(
    membrane: Membrane, circle: list[str], half: Expression, middle: Mapping[str, Expression]
) -> dict[str, Expression]:
    now: dict[str, Expression] = {name: symbol(name) for name in circle}
    for name in (*circle, *reversed(circle)):
        others = {**middle, **{k: v for k, v in now.items() if k != name}}
        stepped = advance_state(membrane.motions[name], name, half, others)
        (now[name],) = substitute([stepped], {name: now[name]})
    return now


def dependencies(membrane: Membrane) -> dict[str, set[str]]:
    """For each state, the other states that its rate reads."""
    states = set(membrane.motions)
    needs = {}
    for name, motion in membrane.motions.items():
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
