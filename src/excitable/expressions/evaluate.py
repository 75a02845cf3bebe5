"""The interpreter: walk the graph with NumPy. Slow, obvious, and the definition for every target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..errors import UnknownNameError, nearest
from .node import CONSTANT, SYMBOL, Expression, walk
from .operations import OPERATIONS


def evaluate(expression: Expression, values: Mapping[str, Any]) -> Any:
    """The value of one expression where each symbol has the given number or array.

    >>> from .node import symbol
    >>> float(evaluate(symbol("x") * 2.0, {"x": 21.0}))
    42.0
    """
    return evaluate_all([expression], values)[0]


def evaluate_all(expressions: Iterable[Expression], values: Mapping[str, Any]) -> list[Any]:
    """The values of several expressions; what they share is computed once.

    Raises UnknownNameError where a symbol has no value.
    """
    roots = list(expressions)
    known: dict[Expression, Any] = {}
    with np.errstate(all="ignore"):
        for current in walk(roots):
            if current.kind == CONSTANT:
                known[current] = current.payload
            elif current.kind == SYMBOL:
                if current.payload not in values:
                    raise UnknownNameError(
                        f"The equations need {current.payload!r}, and it was not given. "
                        f"{nearest(current.payload, values)} Write {current.payload}=… ."
                    )
                known[current] = values[current.payload]
            else:
                row = OPERATIONS[current.kind]
                arguments = [known[a] for a in current.arguments]
                known[current] = row.value(current.payload, *arguments) if row.takes_payload else row.value(*arguments)
    return [known[root] for root in roots]
