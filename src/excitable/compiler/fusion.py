"""Products joined to the sums that use them: a·b + c is one operation on every processor that matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..expressions.node import CONSTANT, Expression, constant, node, walk


def fuse(expressions: Iterable[Expression]) -> list[Expression]:
    """The expressions with sums of products as fma(a, b, c), where no one else needs the product.

    Of two products that are added, the one whose factors are known later is fused. Signs move into the
    operands, where instructions take them for nothing: c - a·b is fma(-a, b, c).

    >>> from ..expressions import symbol
    >>> fuse([symbol("a") * symbol("b") - symbol("c")])
    [fma(a, b, -c)]
    """
    roots = list(expressions)
    order = walk(roots)
    uses = Counter(argument for current in order for argument in current.arguments)
    uses.update(roots)
    depth: dict[Expression, int] = {}
    known: dict[Expression, Expression] = {}
    for current in order:
        depth[current] = 1 + max((depth[a] for a in current.arguments), default=-1)
        found = _product(current, uses, depth) if current.kind in ("add", "subtract") else None
        if found is None:
            arguments = tuple(known[a] for a in current.arguments)
            known[current] = node(current.kind, arguments, current.payload)
        else:
            place, sign, (a, b) = found
            a, b, rest = known[a], known[b], known[current.arguments[1 - place]]
            if current.kind == "subtract":
                sign, rest = (sign, _opposite(rest)) if place == 0 else (-sign, rest)
            if sign < 0.0:
                a, b = (_opposite(a), b) if b.kind != CONSTANT else (a, _opposite(b))
            known[current] = node("fma", (a, b, rest))
    return [known[root] for root in roots]


def _product(
    total: Expression, uses: Counter[Expression], depth: dict[Expression, int]
) -> tuple[int, float, tuple[Expression, ...]] | None:
    """(place, sign, factors) of the product in `total` that is best fused; None where there is none."""
    candidates = []
    for place, term in enumerate(total.arguments):
        sign, product = 1.0, term
        if term.kind == "negative" and uses[term] == 1:
            sign, product = -1.0, term.arguments[0]
        if product.kind == "multiply" and uses[product] == 1:
            candidates.append((place, sign, product))
    if not candidates:
        return None
    place, sign, product = max(candidates, key=lambda c: (depth[c[2]], -c[0]))
    return place, sign, product.arguments


def _opposite(x: Expression) -> Expression:
    if x.kind == CONSTANT:
        return constant(-x.payload)
    return x.arguments[0] if x.kind == "negative" else node("negative", (x,))
