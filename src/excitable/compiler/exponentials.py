"""Exponentials that are powers of one another, computed once.

The rates of a channel are full of e^(-(v + 40)/10), e^(-(v + 65)/20), e^(-(v + 65)/80): the first two are a constant
times the 8th and the 4th power of the third. One exponential and a few products take the place of three exponentials;
the error grows by less than a unit in the last place for each power.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..expressions.node import Expression, constant, node, rebuild, walk
from ..expressions.removable import affine_parts

LARGEST_POWER = 16
# Below this, x / (e^x - 1) is taken from its series, whose next term is 2e-16; above it, e^x - 1 loses 5 bits at most.
NEAR = 1.0 / 16.0
SERIES = (1.0, 1.0 / 12.0, -1.0 / 720.0, 1.0 / 30240.0)


class _Member(NamedTuple):
    """A node e^(scale · core + offset), or the linoid of that argument."""

    whole: Expression
    scale: float
    offset: float


def share_exponentials(expressions: Iterable[Expression]) -> list[Expression]:
    """The expressions with exponentials of multiples of one argument written as powers of one of them.

    >>> from ..expressions import exp, symbol
    >>> v = symbol("v")
    >>> shared = share_exponentials([exp(0.1 * v), exp(0.2 * v)])
    >>> sum(1 for n in walk(shared) if n.kind == "exp")
    1
    """
    roots = list(expressions)
    for core, members in _groups(roots):
        replaced: dict[Expression, Expression] = {}
        while len(members) > 1:
            base, family = _largest_family(members)
            if len(family) < 2:
                break
            _write(core, base, family, replaced)
            members = [m for m in members if m.whole not in replaced]
        roots = rebuild(roots, replaced)
    return roots


def _groups(roots: Sequence[Expression]) -> list[tuple[Expression, list[_Member]]]:
    """Exponentials by what their arguments are multiples of, growing and falling ones apart.

    Only cores without exponentials of their own are taken, so that no replacement holds a node that is replaced.
    """
    groups: dict[tuple[Expression, bool], list[_Member]] = {}
    for current in walk(roots):
        if current.kind in ("exp", "linoid"):
            scale, offset, core = affine_parts(current.arguments[0])
            plain = core is not None and not any(n.kind in ("exp", "linoid") for n in walk([core]))
            if core is not None and plain and scale != 0.0:
                groups.setdefault((core, scale > 0.0), []).append(_Member(current, scale, offset))
    return [(core, members) for (core, _), members in groups.items()]


def _largest_family(members: Sequence[_Member]) -> tuple[float, list[tuple[_Member, int]]]:
    """The scale of which most members are small whole multiples, and those members with their multiples."""
    best: tuple[float, list[tuple[_Member, int]]] = (0.0, [])
    for candidate in sorted({m.scale / k for m in members for k in (1, 2, 3, 4)}):
        family = []
        for member in members:
            ratio = member.scale / candidate
            power = round(ratio)
            if 1 <= power <= LARGEST_POWER and abs(ratio - power) < 1e-12 * power:
                family.append((member, power))
        # Of equal families, the one with the smallest powers.
        if (len(family), -sum(p for _, p in family)) > (len(best[1]), -sum(p for _, p in best[1])):
            best = (candidate, family)
    return best


def _write(
    core: Expression, scale: float, family: Sequence[tuple[_Member, int]], replaced: dict[Expression, Expression]
) -> None:
    """Enter what takes the place of each member: a constant times a power of one exponential."""
    # The offset of the base keeps the constants near 1.
    offset = sum(member.offset / power for member, power in family) / len(family)
    base = node("exp", (node("add", (constant(offset), node("multiply", (constant(scale), core)))),))
    powers = {1: base}
    for member, power in sorted(family, key=lambda item: item[1]):
        grown = _power(power, powers)
        factor = math.exp(member.offset - power * offset)
        value = grown if factor == 1.0 else node("multiply", (constant(factor), grown))
        (argument,) = member.whole.arguments
        replaced[member.whole] = value if member.whole.kind == "exp" else _linoid(argument, value)


def _power(n: int, powers: dict[int, Expression]) -> Expression:
    if n not in powers:
        half = n // 2
        powers[n] = node("multiply", (_power(half, powers), _power(n - half, powers)))
    return powers[n]


def _linoid(x: Expression, grown: Expression) -> Expression:
    """x / (e^x - 1), where e^x is known."""
    square = node("multiply", (x, x))
    series = constant(SERIES[-1])
    for coefficient in SERIES[-2::-1]:
        series = node("fma", (series, square, constant(coefficient)))
    series = node("fma", (constant(-0.5), x, series))
    near = node("less", (node("absolute", (x,)), constant(NEAR)))
    quotient = node("divide", (x, node("add", (constant(-1.0), grown))))
    return node("where", (near, series, quotient))
