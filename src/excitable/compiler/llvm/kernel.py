"""A program as one LLVM function: blocks of cells outside, time inside them, passes and the tree inside time.

The function is

    run(arena, shared, uniform, layout, index, out, spikes, first_block, last_block, samples, every, step)

arena    doubles, one stretch a block: everything that belongs to cells
shared   doubles along the cell that all cells share
uniform  doubles that hold everywhere
layout   whole numbers: sizes, and where each array begins (`Slots` names them)
index    whole numbers: nodes of the tree and of points
out      one stretch a block: (samples, looked-at values, cells of the block)
spikes   one stretch a block: how many, then pairs (time, detector · cells + cell)
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...expressions import Expression
from ...frozen import frozen
from ..elementary import lower_elementary
from ..fusion import fuse
from ..program import Extent, Observer, Pass, Program, Source
from .text import Text
from .values import Values, broadcast, vector

ARGUMENTS = (
    "ptr %arena", "ptr %shared", "ptr %uniform", "ptr %layout", "ptr %index", "ptr %out", "ptr %spikes",
    "i64 %first_block", "i64 %last_block", "i64 %samples", "i64 %every", "i64 %step",
)  # fmt: skip


@dataclass
class Slots:
    """Names for the entries of the two small tables that a kernel reads at its start."""

    layout: dict[str, int] = field(default_factory=dict)
    uniform: dict[str, int] = field(default_factory=dict)

    def of_layout(self, name: str) -> int:
        return self.layout.setdefault(name, len(self.layout))

    def of_uniform(self, name: str) -> int:
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


class Kernel:
    """Writes the function of one program for one shape."""

    def __init__(self, program: Program, shape: Shape, fused: bool = True) -> None:
        self.program, self.shape, self.fused = program, shape, fused
        self.text, self.slots = Text(), Slots()
        self.loaded: dict[str, str] = {}
        self.base = "%arena"

    # ------------------------------------------------------------ the two tables
    def layout(self, name: str) -> str:
        """A whole number of the layout, loaded at the start of the function."""
        return f"%layout{self.slots.of_layout(name)}"

    def uniform(self, name: str, width: int) -> str:
        """A uniform double, read where it is used: processors broadcast from memory for nothing."""
        scalar = self.text.load("double", "%uniform", str(self.slots.of_uniform(name)))
        return broadcast(self.text, scalar, width)

    # ------------------------------------------------------------ the function
    def write(self) -> str:
        """The module as LLVM assembly."""
        t = self.text
        with t.loop("%first_block", "%last_block") as block:
            self.base = t.address("%arena", t.multiply(block, self.layout("block_stride")))
            out = t.address("%out", t.multiply(block, self.layout("out_stride")))
            self.spikes = t.address("%spikes", t.multiply(block, self.layout("spikes_stride")))
            with t.loop("0", "%samples") as sample:
                row = t.multiply(sample, self.layout("row"))
                before = t.multiply(sample, "%every")
                self._observe(t.address(out, row))
                with t.loop("0", "%every") as k:
                    self._step(t.add(before, k))
        t.do("ret void")
        head = [
            f"  %layout{slot} = load i64, ptr {self._slot_address(slot)}, align 8"
            for slot in self.slots.layout.values()
        ]
        addresses = [
            f"  %layout_at{slot} = getelementptr i64, ptr %layout, i64 {slot}" for slot in self.slots.layout.values()
        ]
        return "\n".join([
            *self.text.declarations,
            f"define void @run({', '.join(_tagged(a) for a in ARGUMENTS)}) nounwind {{",
            "entry:", *addresses, *head, *t.lines, "}", "",
        ])  # fmt: skip

    def _slot_address(self, slot: int) -> str:
        return f"%layout_at{slot}"

    def _step(self, local: str) -> None:
        """One step; `local` counts the steps of this call."""
        t = self.text
        self.local = local
        number = t.let(f"sitofp i64 {t.add('%step', local)} to double")
        self.time = t.let(f"fmul double {number}, {self.uniform('dt', 1)}")
        first = t.let(f"icmp eq i64 {local}, 0")
        held = self.uniform("dt_first", 1)
        self.dt_states = t.let(f"select i1 {first}, double {held}, double {self.uniform('dt', 1)}")
        self._remember()
        self._points()
        for k, membrane in enumerate(self.program.membranes):
            self._membrane(k, membrane)
        if self.program.solve:
            self._junctions()
            self._clamps()
            self._solve()
            self._clamp_currents()
        self._detect()

    # ------------------------------------------------------------ reading
    def read(self, source: Source, element: str, compartment: str, node: str, width: int) -> str:
        """The value of a symbol in an element; `compartment` and `node` count without cells."""
        t, real = self.text, vector("double", width)
        match source.extent:
            case Extent.UNIFORM:
                return self.uniform(source.array, width)
            case Extent.STEP:
                return broadcast(t, self.time if source.array == "t" else self.dt_states, width)
            case Extent.COMPARTMENT:
                at = t.add(self.layout(source.array), compartment)
                if self.shape.cells == 1:
                    return t.load(real, "%shared", at)
                return broadcast(t, t.load("double", "%shared", at), width)
            case Extent.CELL:
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
        return values.write(fuse(lower_elementary(expressions)))

    # ------------------------------------------------------------ phases
    def _membrane(self, k: int, part: Pass) -> None:
        t, cells, width = self.text, self.shape.cells, self.shape.widths[k]
        first = t.multiply(self.layout(f"kind{k}.first"), str(cells))
        count = t.multiply(self.layout(f"kind{k}.count"), str(cells))
        with t.loop("0", count, str(width)) as element:
            compartment = element if cells == 1 else t.let(f"udiv exact i64 {element}, {cells}")
            node = t.add(first, element)
            results = self.evaluate(part, tuple(e for _, e in part.writes), element, compartment, node, width)
            for (target, _), value in zip(part.writes, results, strict=True):
                at = node if target.extent is Extent.NODE else element
                t.store(vector("double", width), value, self.base, t.add(self.layout(target.array), at))

    def _points(self) -> None:
        t, width = self.text, self.shape.narrow
        real, zero = vector("double", width), Values(self.text, width, str).constant(0.0)
        for part in self.program.points:
            with t.loop("0", self.layout(f"{part.name}.count")) as k:
                t.store(real, zero, self.base, t.add(self.layout("point_current"), self._listed(part.name, k)))
        for part in self.program.points:
            with t.loop("0", self.layout(f"{part.name}.count")) as k:
                node = self._listed(part.name, k)
                element = t.multiply(k, str(self.shape.cells))
                (value,) = self.evaluate(part, tuple(e for _, e in part.writes), element, k, node, width)
                at = t.add(self.layout("point_current"), node)
                total = t.let(f"fadd {real} {t.load(real, self.base, at)}, {value}")
                t.store(real, total, self.base, at)

    def _listed(self, name: str, k: str) -> str:
        """The k-th node of a list in the index table, counted with cells."""
        node = self.text.load("i64", "%index", self.text.add(self.layout(f"{name}.nodes"), k))
        return self.text.multiply(node, str(self.shape.cells))

    def _junctions(self) -> None:
        """Rows of points without membrane: the sum of the couplings, and nothing on the right."""
        t, width = self.text, self.shape.narrow
        real, zero = vector("double", width), Values(self.text, width, str).constant(0.0)
        with t.loop("0", self.layout("junctions.count")) as k:
            node = t.multiply(t.add(self.layout("junctions.first"), k), str(self.shape.cells))
            axial = t.load("double", "%shared", t.add(self.layout("junctions.axial"), k))
            t.store(real, broadcast(t, axial, width), self.base, t.add(self.layout("diagonal"), node))
            t.store(real, zero, self.base, t.add(self.layout("right"), node))

    def _clamps(self) -> None:
        """Keep the row as it is for the current, then make it say only what the voltage is."""
        t, width = self.text, self.shape.narrow
        real, huge = vector("double", width), Values(self.text, width, str).constant(2.0**400)
        for k, part in enumerate(self.program.clamps):
            node = self._listed(part.name, "0")
            (held,) = self.evaluate(part, tuple(e for _, e in part.writes), "0", "0", node, width)
            for row in ("diagonal", "right"):
                kept = t.load(real, self.base, t.add(self.layout(row), node))
                t.store(real, kept, self.base, self.layout(f"clamp{k}.{row}"))
            t.store(real, huge, self.base, t.add(self.layout("diagonal"), node))
            scaled = t.let(f"fmul {real} {held}, {huge}")
            t.store(real, scaled, self.base, t.add(self.layout("right"), node))

    def _solve(self) -> None:
        """Elimination in the order of the tree; the inverse of each pivot is taken once."""
        t, width = self.text, self.shape.narrow
        real = vector("double", width)
        one = Values(t, width, str).constant(1.0)
        w = Values(t, width, str, self.fused)
        edges = self.layout("edges.count")
        diagonal, right, v = self.layout("diagonal"), self.layout("right"), self.layout("v")
        with t.loop("0", edges) as k:
            child, parent, u = self._edge(k, width)
            at_child, at_parent = t.add(diagonal, child), t.add(diagonal, parent)
            inverse = t.let(f"fdiv {real} {one}, {t.load(real, self.base, at_child)}")
            factor = t.let(f"fmul {real} {u}, {inverse}")
            opposite = t.let(f"fneg {real} {t.let(f'fmul {real} {u}, {u}')}")
            pivot = w.call("fma", opposite, inverse, t.load(real, self.base, at_parent))
            t.store(real, pivot, self.base, at_parent)
            at_right = t.add(right, parent)
            known = t.let(f"fmul {real} {t.load(real, self.base, t.add(right, child))}, {inverse}")
            total = w.call("fma", u, known, t.load(real, self.base, at_right))
            t.store(real, total, self.base, at_right)
            t.store(real, factor, self.base, at_child)
            t.store(real, known, self.base, t.add(right, child))
        root = t.multiply(self.layout("root"), str(self.shape.cells))
        x = t.let(f"fdiv {real} {t.load(real, self.base, t.add(right, root))}, "
                  f"{t.load(real, self.base, t.add(diagonal, root))}")  # fmt: skip
        self._arrive(root, x, right, v, width)
        with t.loop("0", edges, down=True) as k:
            child, parent, _ = self._edge(k, width)
            factor = t.load(real, self.base, t.add(diagonal, child))
            above = t.load(real, self.base, t.add(right, parent))
            x = w.call("fma", factor, above, t.load(real, self.base, t.add(right, child)))
            self._arrive(child, x, right, v, width)

    def _edge(self, k: str, width: int) -> tuple[str, str, str]:
        """Child and parent of the k-th elimination, counted with cells, and their coupling."""
        t = self.text
        at = t.multiply(k, "2")
        child = t.load("i64", "%index", t.add(self.layout("edges.nodes"), at))
        parent = t.load("i64", "%index", t.add(t.add(self.layout("edges.nodes"), at), "1"))
        u = broadcast(t, t.load("double", "%shared", t.add(self.layout("edges.coupling"), k)), width)
        cells = str(self.shape.cells)
        return t.multiply(child, cells), t.multiply(parent, cells), u

    def _arrive(self, node: str, x: str, right: str, v: str, width: int) -> None:
        """x is known at a node: keep it for the neighbours, and finish the voltage."""
        t, real = self.text, vector("double", width)
        t.store(real, x, self.base, t.add(right, node))
        at = t.add(v, node)
        names = {"x": x, "v": t.load(real, self.base, at) if self.program.finish.arguments else x}
        (new,) = Values(t, width, names.__getitem__, self.fused).write(fuse([self.program.finish]))
        t.store(real, new, self.base, at)

    def _clamp_currents(self) -> None:
        """What the clamp had to inject: what is missing in the row that was kept."""
        t, width = self.text, self.shape.narrow
        real = vector("double", width)
        w = Values(t, width, str, self.fused)
        right = self.layout("right")
        for k, part in enumerate(self.program.clamps):
            node = self._listed(part.name, "0")
            x = t.load(real, self.base, t.add(right, node))
            row = t.load(real, self.base, self.layout(f"clamp{k}.diagonal"))
            kept = t.load(real, self.base, self.layout(f"clamp{k}.right"))
            at = self.layout(f"clamp{k}.current")
            missing = w.call("fma", row, x, t.let(f"fneg {real} {kept}"))
            t.store(real, missing, self.base, at)
            with t.loop("0", self.layout(f"clamp{k}.neighbours.count")) as j:
                other = t.load(real, self.base, t.add(right, self._listed(f"clamp{k}.neighbours", j)))
                u = t.load("double", "%shared", t.add(self.layout(f"clamp{k}.neighbours.coupling"), j))
                opposite = broadcast(t, t.let(f"fneg double {u}"), width)
                t.store(real, w.call("fma", opposite, other, t.load(real, self.base, at)), self.base, at)

    # ------------------------------------------------------------ looking
    def _observe(self, row: str) -> None:
        """Write one sample: voltages, clamp currents, then what each observer computes."""
        t, width, cells = self.text, self.shape.narrow, str(self.shape.cells)
        real = vector("double", width)
        with t.loop("0", self.layout("voltages.count")) as k:
            value = t.load(real, self.base, t.add(self.layout("v"), self._listed("voltages", k)))
            t.store(real, value, row, t.multiply(k, cells))
        at = t.multiply(self.layout("voltages.count"), cells)
        for number in range(len(self.program.clamps)):
            t.store(real, t.load(real, self.base, self.layout(f"clamp{number}.current")), row, at)
            at = t.add(at, cells)
        for number, observer in enumerate(self.program.observers):
            name, values_each = f"observe{number}", len(observer.values)
            first = t.multiply(self.layout(f"kind{observer.kind}.first"), cells)
            with t.loop("0", self.layout(f"{name}.count")) as k:
                compartment = t.load("i64", "%index", t.add(self.layout(f"{name}.nodes"), k))
                element = t.multiply(compartment, cells)
                node = t.add(first, element)
                values = self.evaluate(observer, observer.values, element, compartment, node, width)
                here = t.add(at, t.multiply(k, str(values_each * self.shape.cells)))
                for j, found in enumerate(values):
                    t.store(real, found, row, t.add(here, str(j * self.shape.cells)))
            at = t.add(at, t.multiply(self.layout(f"{name}.count"), str(values_each * self.shape.cells)))

    def _remember(self) -> None:
        t, width = self.text, self.shape.narrow
        real = vector("double", width)
        with t.loop("0", self.layout("detectors.count")) as k:
            value = t.load(real, self.base, t.add(self.layout("v"), self._listed("detectors", k)))
            t.store(
                real,
                value,
                self.base,
                t.add(self.layout("detectors.before"), t.multiply(k, str(self.shape.cells))),
            )

    def _detect(self) -> None:
        """Voltages that rose through a threshold in this step; the moment is interpolated."""
        t, width, cells = self.text, self.shape.narrow, self.shape.cells
        real, mask = vector("double", width), vector("i1", width)
        with t.loop("0", self.layout("detectors.count")) as k:
            level = broadcast(t, t.load("double", "%shared", t.add(self.layout("detectors.threshold"), k)), width)
            first = t.multiply(k, str(cells))
            before = t.load(real, self.base, t.add(self.layout("detectors.before"), first))
            after = t.load(real, self.base, t.add(self.layout("v"), self._listed("detectors", k)))
            below = t.let(f"fcmp olt {real} {before}, {level}")
            above = t.let(f"fcmp oge {real} {after}, {level}")
            crossed = t.let(f"and {mask} {below}, {above}")
            bits = t.let(f"bitcast {mask} {crossed} to i{width}") if width > 1 else crossed
            with t.when(t.let(f"icmp ne i{width} {bits}, 0") if width > 1 else bits):
                rise = t.let(f"fsub {real} {after}, {before}")
                short = t.let(f"fsub {real} {level}, {before}")
                part = t.let(f"fdiv {real} {short}, {rise}")
                later = t.let(f"fmul {real} {part}, {self.uniform('dt', width)}")
                moment = t.let(f"fadd {real} {later}, {broadcast(t, self.time, width)}")
                t.store(real, moment, self.base, self.layout("detectors.moment"))
                with t.loop("0", str(cells)) as lane:
                    self._note(k, lane, bits, width)

    def _note(self, detector: str, lane: str, bits: str, width: int) -> None:
        """Append one crossing to the list of the block, if this lane is among them."""
        t = self.text
        if width > 1:
            narrow = t.let(f"trunc i64 {lane} to i{width}") if width < 64 else lane
            moved = t.let(f"lshr i{width} {bits}, {narrow}")
            hit = t.let(f"trunc i{width} {moved} to i1")
        else:
            hit = "true"
        with t.when(hit):
            count = t.load("i64", self.spikes)
            at = t.add(t.multiply(count, "2"), "1")
            moment = t.load("double", self.base, t.add(self.layout("detectors.moment"), lane))
            t.store("double", moment, self.spikes, at)
            who = t.add(t.multiply(detector, str(self.shape.cells)), lane)
            t.store("i64", who, self.spikes, t.add(at, "1"))
            t.store("i64", t.add(count, "1"), self.spikes)


def _tagged(argument: str) -> str:
    kind, name = argument.split()
    return f"ptr noalias {name}" if kind == "ptr" and name in ("%out", "%spikes") else argument
