"""What does not change during a run is computed before it: the hoisting pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..expressions import Expression, symbol, walk
from ..expressions.node import CONSTANT, SYMBOL, rebuild
from ..frozen import frozen
from .program import Extent

# How two extents join; what changes during a run (None) joins everything to None.
_STEADY = (Extent.UNIFORM, Extent.COMPARTMENT, Extent.CELL, Extent.ELEMENT)


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
    names = {part: symbol(f"steady{k}") for k, part in enumerate(wanted)}
    steady = {names[part].payload: (extent[part] or Extent.UNIFORM, part) for part in wanted}
    return Hoisted(tuple(rebuild(expressions, dict(names))), steady)


def _worth(part: Expression, extent: Mapping[Expression, Extent | None]) -> bool:
    return part.kind not in (CONSTANT, SYMBOL) and extent[part] is not None


def _join(extents: Sequence[Extent | None]) -> Extent | None:
    if any(e is None for e in extents):
        return None
    kinds = {e for e in extents if e is not Extent.UNIFORM}
    if not kinds:
        return Extent.UNIFORM
    return kinds.pop() if len(kinds) == 1 else Extent.ELEMENT
