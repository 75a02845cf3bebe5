"""The check between passes: a table of what is legal at each stage, and nothing else.

Tests switch it on (`check.on = True`); in production it is off, and costs nothing. A program that breaks a row of the
table is a bug of the compiler, never of a model.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..errors import InternalError
from ..expressions import Expression, symbols_of, walk
from ..expressions.node import CONSTANT, SYMBOL
from ..expressions.operations import CONDITIONS, OPERATIONS
from ..frozen import frozen
from .elementary import PRIMITIVES
from .program import Extent, Observer, Pass, Program, Source

on = False

# What equations are written in: rows without derivative are the compiler's own.
WRITTEN = frozenset(name for name, row in OPERATIONS.items() if row.partials is not None)


@frozen()
class Stage:
    """What is legal after a pass: the operations; whether parts that do not change in time may remain (`steady`),
    constants that are not numbers (`nan`), and products that a sum could take (`loose`)."""

    operations: frozenset[str]
    steady: bool = True
    nan: bool = False
    loose: bool = True


# Each pass in the order in which they are run.
STAGES: dict[str, Stage] = {
    "planning": Stage(WRITTEN),
    "hoisting": Stage(WRITTEN, steady=False),
    "share exponentials": Stage(WRITTEN | {"fma"}),
    "balance chains": Stage(WRITTEN | {"fma"}),
    "lower elementary functions": Stage(PRIMITIVES, nan=True),
    "fuse products into sums": Stage(PRIMITIVES, nan=True, loose=False),
}

STEADY = frozenset({Extent.UNIFORM, Extent.COMPARTMENT, Extent.CELL, Extent.ELEMENT})
# What the passes of each group may read and write.
READ: dict[str, frozenset[Extent]] = {
    "membranes": STEADY | {Extent.STEP, Extent.STATE, Extent.NODE},
    "points": (STEADY - {Extent.CELL}) | {Extent.STEP, Extent.SERIES},
    "clamps": (STEADY - {Extent.CELL}) | {Extent.STEP, Extent.NODE},
    "observers": STEADY | {Extent.STEP, Extent.STATE, Extent.NODE},
}
WRITTEN_NODES: dict[str, frozenset[str]] = {
    "membranes": frozenset({"v", "diagonal", "right"}),
    "points": frozenset({"point_current"}),
    "clamps": frozenset({"right"}),
}


def check_expressions(stage: str, roots: Iterable[Expression], reads: Mapping[str, Source] | None = None) -> None:
    """Refuse expressions that are not legal after the pass `stage`; `reads` says where their symbols are kept.

    Raises InternalError that names the node.
    """
    if not on:
        return
    legal, ends = STAGES[stage], list(roots)
    order = walk(ends)
    for current in order:
        _check_node(stage, legal, current)
    for end in ends:
        if end.kind in CONDITIONS:
            raise _broken(stage, end, "is a condition where a number is written")
    if reads is not None:
        _check_symbols(stage, ends, reads)
        if not legal.steady:
            _check_hoisted(stage, order, reads)
    if not legal.loose:
        _check_fused(stage, order, ends)


def check_program(program: Program) -> None:
    """Refuse a program whose passes read or write what their phase does not have.

    Raises InternalError that names the pass.
    """
    if not on:
        return
    groups: dict[str, tuple[Pass, ...]] = {
        "membranes": program.membranes, "points": program.points, "clamps": program.clamps,
    }  # fmt: skip
    for group, parts in groups.items():
        for part in parts:
            _check_reads(group, part.name, part.reads)
            _check_writes(group, part, program.solve)
            _check_used(part.name, part.reads, [e for _, e in part.writes])
            check_expressions(
                "hoisting" if group == "membranes" else "planning", [e for _, e in part.writes], part.reads
            )
    for number, observer in enumerate(program.observers):
        _check_observer(f"observe{number}", observer, len(program.membranes))
    check_expressions("planning", [program.finish], {name: Source(Extent.NODE, name) for name in ("x", "v")})


# ---------------------------------------------------------------- nodes
def _check_node(stage: str, legal: Stage, current: Expression) -> None:
    if current.kind == CONSTANT:
        if math.isnan(current.payload) and not legal.nan:
            raise _broken(stage, current, "is not a number")
        return
    if current.kind == SYMBOL:
        return
    if current.kind not in legal.operations:
        raise _broken(stage, current, f"is the operation {current.kind!r}, which is not legal there")
    if len(current.arguments) != OPERATIONS[current.kind].arity:
        raise _broken(stage, current, f"has {len(current.arguments)} arguments")
    for place, argument in enumerate(current.arguments):
        wanted = current.kind in ("both", "either", "opposite") or (current.kind == "where" and place == 0)
        if wanted != (argument.kind in CONDITIONS):
            raise _broken(stage, current, f"takes {'a condition' if wanted else 'a number'} as argument {place + 1}")


def _check_symbols(stage: str, roots: Sequence[Expression], reads: Mapping[str, Source]) -> None:
    for current in walk(roots):
        if current.kind == SYMBOL and current.payload not in reads:
            raise _broken(stage, current, "is a symbol that is kept nowhere")


def _check_hoisted(stage: str, order: Iterable[Expression], reads: Mapping[str, Source]) -> None:
    changing: set[Expression] = set()
    for current in order:
        moves = current.kind == SYMBOL and reads[current.payload].extent not in STEADY
        if moves or any(a in changing for a in current.arguments):
            changing.add(current)
        elif current.arguments and current.kind not in CONDITIONS:
            raise _broken(stage, current, "does not change during a run and was left in a loop over time")


def _check_fused(stage: str, order: Sequence[Expression], roots: Sequence[Expression]) -> None:
    uses = Counter(argument for current in order for argument in current.arguments)
    uses.update(roots)
    for current in order:
        if current.kind in ("add", "subtract"):
            for argument in current.arguments:
                if argument.kind == "multiply" and uses[argument] == 1:
                    raise _broken(stage, current, f"adds the product {argument!r}, which nobody else needs")


# ---------------------------------------------------------------- passes
def _check_reads(group: str, name: str, reads: Mapping[str, Source]) -> None:
    for key, source in reads.items():
        if source.extent not in READ[group]:
            raise InternalError(
                f"The pass {name!r} of the {group} reads {key!r} as {source.extent.value}, which is not there. "
                "Please report this with your model."
            )


def _check_writes(group: str, part: Pass, solve: bool) -> None:
    nodes = [target.array for target, _ in part.writes if target.extent is Extent.NODE]
    wanted = WRITTEN_NODES[group] - ({"v"} if solve else {"diagonal", "right"}) if group == "membranes" else None
    legal = WRITTEN_NODES[group] if wanted is None else wanted
    others = [t for t, _ in part.writes if t.extent is not Extent.NODE]
    stray = [t for t in others if t.extent is not Extent.STATE or group != "membranes"]
    arrays = [t.array for t, _ in part.writes]
    if set(nodes) != legal or stray or len(set(arrays)) != len(arrays):
        raise InternalError(
            f"The pass {part.name!r} of the {group} writes {', '.join(arrays)}. It must write each of "
            f"{', '.join(sorted(legal))} once, and beside them only states. Please report this with your model."
        )


def _check_observer(name: str, observer: Observer, kinds: int) -> None:
    _check_reads("observers", name, observer.reads)
    _check_used(name, observer.reads, observer.values)
    if not 0 <= observer.kind < kinds or any(s.array == "dt_states" for s in observer.reads.values()):
        raise InternalError(
            f"The observer {name!r} looks at membrane {observer.kind} of {kinds}, or at what only steps have. "
            "Please report this with your model."
        )
    check_expressions("hoisting", observer.values, observer.reads)


def _check_used(name: str, reads: Mapping[str, Source], roots: Sequence[Expression]) -> None:
    unused = set(reads) - symbols_of(*roots)
    if unused:
        raise InternalError(
            f"The pass {name!r} reads {', '.join(sorted(unused))} and does not use it. "
            "Please report this with your model."
        )


def _broken(stage: str, current: Expression, what: str) -> InternalError:
    known = current.kind in (CONSTANT, SYMBOL) or (
        current.kind in OPERATIONS and OPERATIONS[current.kind].arity == len(current.arguments)
    )
    shown = repr(current) if known else f"{current.kind} of {list(current.arguments)!r}"
    return InternalError(f"After {stage}, {shown} {what}. Please report this with your model.")
