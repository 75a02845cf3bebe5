"""What does not change during a run is computed before it: the hoisting pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..expressions import Expression, symbol, walk, where
from ..expressions.node import CONSTANT, SYMBOL, rebuild
from ..expressions.operations import CONDITIONS
from ..frozen import frozen
from .program import Extent

# How two extents join; what changes during a run (None) joins everything to None.
_STEADY = (Extent.UNIFORM, Extent.COMPARTMENT, Extent.CELL, Extent.ELEMENT)

HALF = 0.5


@frozen(eq=False)
class Hoisted:
    """Expressions with their steady parts replaced by symbols, and what those symbols stand for."""

    expressions: tuple[Expression, ...]
    steady: Mapping[str, tuple[Extent, Expression]]


def hoist(expressions: Sequence[Expression], extents: Mapping[str, Extent]) -> Hoisted:
    """Replace the largest parts that do not change during a run by symbols "steady0", "steady1" …

    `extents` gives the extent of every symbol.
    """
    extent: dict[Expression, Extent | None] = {}
    order = walk(expressions)
    for current in order:
        if current.kind == CONSTANT:
            extent[current] = Extent.UNIFORM
        elif current.kind == SYMBOL:
            found = extents[current.payload]
            extent[current] = found if found in _STEADY else None
        else:
            extent[current] = _join([extent[a] for a in current.arguments])
    wanted: dict[Expression, None] = {}
    for current in order:
        if extent[current] is None:
            wanted.update(dict.fromkeys(a for a in current.arguments if _worth(a, extent)))
    wanted.update(dict.fromkeys(e for e in expressions if _worth(e, extent)))
    names, steady = {}, {}
    for k, part in enumerate(wanted):
        kept = symbol(f"steady{k}")
        # What is kept are numbers: a condition is kept as 1 or 0.
        condition = part.kind in CONDITIONS
        names[part] = kept > HALF if condition else kept
        steady[kept.payload] = (extent[part] or Extent.UNIFORM, where(part, 1.0, 0.0) if condition else part)
    return Hoisted(tuple(rebuild(expressions, names)), steady)


def _worth(part: Expression, extent: Mapping[Expression, Extent | None]) -> bool:
    return part.kind not in (CONSTANT, SYMBOL) and extent[part] is not None


def _join(extents: Sequence[Extent | None]) -> Extent | None:
    if any(e is None for e in extents):
        return None
    kinds = {e for e in extents if e is not Extent.UNIFORM}
    if not kinds:
        return Extent.UNIFORM
    return kinds.pop() if len(kinds) == 1 else Extent.ELEMENT
