"""Long products and sums by twos: what is known early is joined first, so that what is known late waits least.

Only the order of rounding changes, and it is the same for every width.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable

from ..expressions.node import Expression, node, walk

# How long an operation keeps the next one waiting, in units of an addition.
WAIT = {
    "divide": 4,
    "sqrt": 5,
    "exp": 18,
    "linoid": 22,
    "phi": 22,
    "log": 20,
    "tanh": 22,
    "power": 40,
    "sin": 18,
    "cos": 18,
}


def balance(expressions: Iterable[Expression]) -> list[Expression]:
    """The expressions with chains of products and of sums joined in the order in which their parts are known.

    A part that somebody else uses stays whole.

    >>> from ..expressions import exp, symbol
    >>> a, b, c = (symbol(k) for k in "abc")
    >>> balance([((exp(a) * exp(b)) * c) * c])
    [exp(b) * (c * c * exp(a))]
    """
    roots = list(expressions)
    order = walk(roots)
    uses = Counter(argument for current in order for argument in current.arguments)
    uses.update(roots)
    known: dict[Expression, Expression] = {}
    ready: dict[Expression, int] = {}
    for current in order:
        arguments = tuple(known[a] for a in current.arguments)
        fresh = node(current.kind, arguments, current.payload) if arguments else current
        if current.kind in ("add", "multiply"):
            parts = _parts(current, current.kind, uses)
            if len(parts) > 2:
                fresh = _joined(current.kind, [known[p] for p in parts], ready)
        known[current] = fresh
        _time(fresh, ready)
    return [known[root] for root in roots]


def _parts(current: Expression, kind: str, uses: Counter[Expression]) -> list[Expression]:
    """The operands of a chain of one operation, from left to right."""
    parts: list[Expression] = []
    stack = list(reversed(current.arguments))
    while stack:
        part = stack.pop()
        if part.kind == kind and uses[part] == 1:
            stack.extend(reversed(part.arguments))
        else:
            parts.append(part)
    return parts


def _joined(kind: str, parts: list[Expression], ready: dict[Expression, int]) -> Expression:
    queue = [(ready[part], number, part) for number, part in enumerate(parts)]
    heapq.heapify(queue)
    number = len(parts)
    while len(queue) > 1:
        _, _, first = heapq.heappop(queue)
        _, _, second = heapq.heappop(queue)
        both = node(kind, (first, second))
        heapq.heappush(queue, (_time(both, ready), number, both))
        number += 1
    return queue[0][2]


def _time(current: Expression, ready: dict[Expression, int]) -> int:
    """When the value of a node is known, counted in additions."""
    if current not in ready:
        latest = max((ready[a] if a in ready else _time(a, ready) for a in current.arguments), default=-1)
        ready[current] = latest + (WAIT.get(current.kind, 1) if current.arguments else 1)
    return ready[current]
