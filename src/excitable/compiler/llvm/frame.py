"""What every phase of a kernel sees: the text that grows, the two tables, and how a symbol is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...expressions import Expression
from ...frozen import frozen
from ..passes import prepared
from ..program import Extent, Observer, Pass, Source
from .text import Text
from .values import Values, broadcast, vector


@dataclass
class Slots:
    """Names for the entries of the two small tables that a kernel reads at its start."""

    layout: dict[str, int] = field(default_factory=dict)
    uniform: dict[str, int] = field(default_factory=dict)

    def of_layout(self, name: str) -> int:
        """The place of a whole number in the layout; names are numbered as they are first asked for."""
        return self.layout.setdefault(name, len(self.layout))

    def of_uniform(self, name: str) -> int:
        """The place of a uniform number."""
        return self.uniform.setdefault(name, len(self.uniform))


@frozen()
class Shape:
    """How elements lie in vectors: `cells` side by side in a block, and the width of each membrane pass."""

    cells: int
    widths: tuple[int, ...]

    @property
    def narrow(self) -> int:
        """The width of passes over listed compartments: all cells of the block at once."""
        return self.cells


class Frame:
    """The function that is being written, at the place where it is being written.

    `base` is the register of the block of cells, `spikes` that of its list of crossings, `local` that of the step of
    this call, `time`, `dt_states` and `dt_level` those of the time, of how far states advance, and of how far they
    lag at a sample.
    """

    def __init__(self, program: Any, shape: Shape, fused: bool) -> None:
        self.program, self.shape, self.fused = program, shape, fused
        self.text, self.slots = Text(), Slots()
        self.base, self.spikes = "%arena", "%spikes"
        self.local = self.time = self.dt_states = self.dt_level = ""

    # ------------------------------------------------------------ the two tables
    def layout(self, name: str) -> str:
        """A whole number of the layout, loaded at the start of the function."""
        return f"%layout{self.slots.of_layout(name)}"

    def uniform(self, name: str, width: int) -> str:
        """A uniform double, read where it is used: processors broadcast from memory for nothing."""
        scalar = self.text.load("double", "%uniform", str(self.slots.of_uniform(name)))
        return broadcast(self.text, scalar, width)

    # ------------------------------------------------------------ reading
    def read(self, source: Source, element: str, compartment: str, node: str, width: int) -> str:
        """The value of a symbol in an element; `compartment` and `node` count without cells."""
        t, real = self.text, vector("double", width)
        match source.extent:
            case Extent.UNIFORM:
                return self.uniform(source.array, width)
            case Extent.STEP:
                held = {"t": self.time, "dt_states": self.dt_states, "dt_level": self.dt_level}
                return broadcast(t, held[source.array], width)
            case Extent.COMPARTMENT:
                at = t.add(self.layout(source.array), compartment)
                if self.shape.cells == 1:
                    return t.load(real, "%shared", at)
                return broadcast(t, t.load("double", "%shared", at), width)
            case Extent.CELL | Extent.LANE:
                at = self.layout(source.array)
                if self.shape.cells == 1:
                    return broadcast(t, t.load("double", self.base, at), width)
                return t.load(real, self.base, at)
            case Extent.NODE:
                return t.load(real, self.base, t.add(self.layout(source.array), node))
            case Extent.SERIES:
                # (points, steps of the call, cells): the row of this step begins at local · cells.
                row = t.multiply(compartment, self.layout("series_steps"))
                at = t.multiply(t.add(row, self.local), str(self.shape.cells))
                return t.load(real, self.base, t.add(self.layout(source.array), at))
            case _:
                return t.load(real, self.base, t.add(self.layout(source.array), element))

    def evaluate(self, part: Pass | Observer, expressions: tuple[Expression, ...], element: str, compartment: str,
                 node: str, width: int) -> list[str]:  # fmt: skip
        """Registers with the values of expressions in an element."""

        def look_up(name: str) -> str:
            return self.read(part.reads[name], element, compartment, node, width)

        values = Values(self.text, width, look_up, self.fused)
        return values.write(prepared(expressions))

    def listed(self, name: str, k: str) -> str:
        """The k-th node of a list in the index table, counted with cells."""
        node = self.text.load("i64", "%index", self.text.add(self.layout(f"{name}.nodes"), k))
        return self.text.multiply(node, str(self.shape.cells))
