"""The program of one run: passes over elements, a tree to solve, and what to look at. It knows no machine.

Time runs inside: for every block of cells, for every sample, for every step, the phases are

    remember voltages where spikes are detected
    points       what is placed: injected currents
    membranes    one fused pass for each kind: new states, and the row of the voltage equation
    junctions    rows without membrane
    clamps       rows whose voltage is commanded
    solve        eliminate from the leaves to the root and back; `finish` gives the new voltage
    detect       voltages that rose through a threshold

A symbol of an expression is found through its `Source`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import Enum

from ..expressions import Expression, walk
from ..frozen import frozen


class Extent(Enum):
    """Over what a value varies, and so where it is kept."""

    UNIFORM = "uniform"  # one number for the run
    STEP = "step"  # one number for each step: the time, and how far states advance
    COMPARTMENT = "compartment"  # along the cell, the same in every cell
    CELL = "cell"  # from cell to cell, the same along each
    ELEMENT = "element"  # in every compartment of every cell
    STATE = "state"  # like ELEMENT, and changing in time
    NODE = "node"  # like STATE, but kept for every node of the tree: voltages and both sides of the equation
    SERIES = "series"  # samples prepared for every step of the call
    LANE = "lane"  # one number a cell, changing in time


@frozen()
class Source:
    """Where a symbol is kept: its extent, and the name of the array."""

    extent: Extent
    array: str


@frozen(eq=False)
class Pass:
    """Expressions evaluated in every element of a kind: what to read, what to write."""

    name: str
    reads: Mapping[str, Source]
    writes: tuple[tuple[Source, Expression], ...]


@frozen(eq=False)
class Observer:
    """Expressions of a kind of membrane, evaluated at listed compartments when a sample is taken."""

    kind: int
    reads: Mapping[str, Source]
    values: tuple[Expression, ...]


@frozen(eq=False)
class Program:
    """Everything a target needs to write a kernel. Numbers, sizes and places are given to the kernel when it runs."""

    membranes: tuple[Pass, ...]
    points: tuple[Pass, ...]
    clamps: tuple[Pass, ...]
    observers: tuple[Observer, ...]
    finish: Expression
    solve: bool

    def digest(self) -> str:
        """A text that is the same for programs that make the same kernel, and no others."""
        text = hashlib.sha256()
        for part in self._lines():
            text.update(part.encode())
            text.update(b"\n")
        return text.hexdigest()

    def _lines(self) -> Iterable[str]:
        yield f"solve {self.solve}"
        yield from spelled("finish", {}, [self.finish])
        for group in (self.membranes, self.points, self.clamps):
            yield "group"
            for each in group:
                yield f"writes {[(s.extent.value, s.array) for s, _ in each.writes]}"
                yield from spelled(each.name, each.reads, [e for _, e in each.writes])
        for observer in self.observers:
            yield from spelled(f"observe {observer.kind}", observer.reads, observer.values)


def spelled(name: str, reads: Mapping[str, Source], roots: Iterable[Expression]) -> Iterable[str]:
    """Expressions as lines of text: equal where the same code follows, whatever the symbols are called."""
    yield name
    number: dict[Expression, int] = {}
    ends = list(roots)
    for current in walk(ends):
        number[current] = len(number)
        payload = current.payload
        if current.kind == "symbol":
            source = reads.get(payload)
            payload = payload if source is None else f"{source.extent.value}:{source.array}"
        elif current.kind == "constant":
            payload = payload.hex()
        yield f"{current.kind} {[number[a] for a in current.arguments]} {payload}"
    yield f"roots {[number[end] for end in ends]}"
