"""What happens to the expressions of a pass before they are written as code: a list of passes, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..expressions import Expression
from .balance import balance
from .check import check_expressions
from .elementary import lower_elementary
from .exponentials import share_exponentials
from .fusion import fuse

PASSES: tuple[tuple[str, Callable[[Iterable[Expression]], list[Expression]]], ...] = (
    ("share exponentials", share_exponentials),
    ("balance chains", balance),
    ("lower elementary functions", lower_elementary),
    ("fuse products into sums", fuse),
)


def prepared(expressions: Iterable[Expression]) -> list[Expression]:
    """The expressions after every pass."""
    roots = list(expressions)
    for name, each in PASSES:
        roots = each(roots)
        check_expressions(name, roots)
    return roots
