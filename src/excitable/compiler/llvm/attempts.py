"""An adaptive program as one LLVM function: blocks of cells outside, attempted steps inside.

The function has the arguments of every kernel (`kernel.ARGUMENTS`), of which

out      one stretch a cell of every block: rows of accepted steps, `row.count` numbers each
spikes   one stretch a block: whether it has anything to do, then the number of rows of each cell
samples  the number of attempts; a block stops earlier when all its cells have arrived, or one has no room for rows
every    the number of rows that there is room for
"""

from __future__ import annotations

from ..adaptive.program import AdaptiveProgram, Stage
from ..program import Extent, Pass
from .frame import Frame, Shape, Slots
from .kernel import function
from .text import literal
from .tree import eliminate, junctions, substitute_back
from .values import Values, broadcast, vector

NEVER = literal(1e300)
# No array of the arena ends within a cache line: see `Memory`.
SIDE_BY_SIDE = 8


class AttemptKernel:
    """Writes the function of one adaptive program for one shape."""

    def __init__(self, program: AdaptiveProgram, shape: Shape, fused: bool = True) -> None:
        self.program, self.frame = program, Frame(program, shape, fused)

    @property
    def slots(self) -> Slots:
        """The names of the entries of the two tables, once the kernel is written."""
        return self.frame.slots

    def write(self) -> str:
        """The module as LLVM assembly."""
        f, t = self.frame, self.frame.text
        with t.loop("%first_block", "%last_block") as block:
            f.base = t.address("%arena", t.multiply(block, f.layout("block_stride")))
            out = t.address("%out", t.multiply(block, f.layout("out_stride")))
            f.spikes = t.address("%spikes", t.multiply(block, f.layout("spikes_stride")))
            with t.loop("0", "%samples"):
                active = t.load("i64", f.spikes)
                with t.when(t.let(f"icmp ne i64 {active}, 0")):
                    self._attempt(out)
        return function(f)

    def _attempt(self, out: str) -> None:
        f, program = self.frame, self.program
        _lanes(f, program.begin)
        for k, part in enumerate(program.hold):
            _hold(f, k, part)
        _points(f, program)
        for number, stage in enumerate(program.stages):
            self._stage(number, stage)
        for k, part in enumerate(program.last):
            _kind(f, k, part)
        _looked(f, program.solve)
        _lanes(f, program.control)
        _record(f, out)
        for k, part in enumerate(program.commit):
            _kind(f, k, part)
        _nodes(f, program.commit_nodes)

    def _stage(self, number: int, stage: Stage) -> None:
        f = self.frame
        if stage.nodes is not None:
            _nodes(f, stage.nodes)
        for k, part in enumerate(stage.membranes):
            _kind(f, k, part)
        junctions(f, first=number == 0)
        for part in self.program.hold:
            _still(f, part, first=number == 0)
        looks = "v" if number == 0 else "stage_v"
        eliminate(f, looks, first=number == 0)
        substitute_back(f, f"u{number + 1}.v")


# ---------------------------------------------------------------- passes
def _lanes(f: Frame, part: Pass) -> None:
    """A pass over the cells of the block."""
    width = f.shape.narrow
    values = f.evaluate(part, tuple(e for _, e in part.writes), "0", "0", "0", width)
    for (target, _), value in zip(part.writes, values, strict=True):
        f.text.store(vector("double", width), value, f.base, f.layout(target.array))


def _kind(f: Frame, k: int, part: Pass) -> None:
    """A pass over the compartments of a kind; the errors of a cell are brought together."""
    t, cells, width = f.text, f.shape.cells, f.shape.widths[k]
    first = t.multiply(f.layout(f"kind{k}.first"), str(cells))
    count = t.multiply(f.layout(f"kind{k}.count"), str(cells))
    with t.loop("0", count, str(width), opaque=True) as element:
        compartment = element if cells == 1 else t.let(f"udiv exact i64 {element}, {cells}")
        node = t.add(first, element)
        results = f.evaluate(part, tuple(e for _, e in part.writes), element, compartment, node, width)
        for (target, _), value in zip(part.writes, results, strict=True):
            if target.extent is Extent.LANE:
                _largest(f, target.array, value, width)
                continue
            at = node if target.extent is Extent.NODE else element
            t.store(vector("double", width), value, f.base, t.add(f.layout(target.array), at))


def _largest(f: Frame, array: str, value: str, width: int) -> None:
    """The largest number of a cell so far: a maximum does not depend on the order in which it is taken."""
    t, narrow = f.text, f.shape.narrow
    real = vector("double", narrow)
    if narrow != width:
        wide = vector("double", width)
        name = f"@llvm.vector.reduce.fmax.v{width}f64"
        t.declare(f"declare double {name}({wide})")
        value = t.let(f"call nnan double {name}({wide} {value})")
    at = f.layout(array)
    before = t.load(real, f.base, at)
    larger = t.let(f"fcmp ogt {real} {value}, {before}")
    mask = vector("i1", narrow)
    t.store(real, t.let(f"select {mask} {larger}, {real} {value}, {real} {before}"), f.base, at)


def _nodes(f: Frame, part: Pass) -> None:
    """A pass over all nodes; those of a single cell lie side by side, with room for whole vectors at their end."""
    t, cells = f.text, f.shape.cells
    width = cells if cells > 1 else SIDE_BY_SIDE
    with t.loop("0", t.multiply(f.layout("nodes.count"), str(cells)), str(width)) as node:
        values = f.evaluate(part, tuple(e for _, e in part.writes), node, node, node, width)
        for (target, _), value in zip(part.writes, values, strict=True):
            t.store(vector("double", width), value, f.base, t.add(f.layout(target.array), node))


def _points(f: Frame, program: AdaptiveProgram) -> None:
    """What is injected at points: first nothing, then the sum of what sits there."""
    t, width = f.text, f.shape.narrow
    real, zero = vector("double", width), Values(t, width, str).constant(0.0)
    for part in program.points:
        with t.loop("0", f.layout(f"{part.name}.count")) as k:
            node = f.listed(part.name, k)
            for target, _ in part.writes:
                t.store(real, zero, f.base, t.add(f.layout(target.array), node))
    for part in program.points:
        with t.loop("0", f.layout(f"{part.name}.count")) as k:
            node = f.listed(part.name, k)
            element = t.multiply(k, str(f.shape.cells))
            values = f.evaluate(part, tuple(e for _, e in part.writes), element, k, node, width)
            for (target, _), value in zip(part.writes, values, strict=True):
                at = t.add(f.layout(target.array), node)
                t.store(real, t.let(f"fadd {real} {t.load(real, f.base, at)}, {value}"), f.base, at)


def _hold(f: Frame, k: int, part: Pass) -> None:
    """A clamped voltage stands at its command."""
    t, width = f.text, f.shape.narrow
    node = f.listed(part.name, "0")
    (held,) = f.evaluate(part, tuple(e for _, e in part.writes), "0", "0", node, width)
    t.store(vector("double", width), held, f.base, t.add(f.layout("v"), node))


def _still(f: Frame, part: Pass, first: bool) -> None:
    """The row of a clamped voltage: it does not move."""
    t, width = f.text, f.shape.narrow
    real, values = vector("double", width), Values(t, width, str)
    node = f.listed(part.name, "0")
    if first:
        t.store(real, values.constant(2.0**400), f.base, t.add(f.layout("diagonal"), node))
    t.store(real, values.constant(0.0), f.base, t.add(f.layout("right"), node))


# ---------------------------------------------------------------- what is left behind
def _looked(f: Frame, solve: bool) -> None:
    """The current that moves each voltage that is looked at: what the membrane gives, and what neighbours do."""
    t, width = f.text, f.shape.narrow
    real = vector("double", width)
    with t.loop("0", f.layout("looked.count")) as k:
        node = f.listed("looked", k)
        at = t.add(f.layout("looked.force"), t.multiply(k, str(f.shape.cells)))
        t.store(real, t.load(real, f.base, t.add(f.layout("force"), node)), f.base, at)
        if solve:
            _from_neighbours(f, k, node, at)


def _from_neighbours(f: Frame, k: str, node: str, at: str) -> None:
    t, width = f.text, f.shape.narrow
    real, w = vector("double", width), Values(t, width, str, f.fused)
    here = t.load(real, f.base, t.add(f.layout("v"), node))
    begin = t.load("i64", "%index", t.add(f.layout("looked.first"), k))
    end = t.load("i64", "%index", t.add(f.layout("looked.first"), t.add(k, "1")))
    with t.loop(begin, end) as j:
        other = t.load(real, f.base, t.add(f.layout("v"), f.listed("looked.neighbours", j)))
        u = broadcast(t, t.load("double", "%shared", t.add(f.layout("looked.neighbours.coupling"), j)), width)
        difference = t.let(f"fsub {real} {other}, {here}")
        t.store(real, w.call("fma", u, difference, t.load(real, f.base, at)), f.base, at)


def _record(f: Frame, out: str) -> None:
    """Rows of accepted steps and of edges, cell by cell; the next edge; and whether the block has more to do."""
    t, cells = f.text, f.shape.cells
    going = t.address(f.base, f.layout("going"))
    t.store("i64", "0", going)
    with t.loop("0", str(cells)) as lane:
        count_at = t.add(lane, "1")
        with t.when(_set(f, "record", lane)):
            count = t.load("i64", f.spikes, count_at)
            row = t.multiply(t.add(t.multiply(lane, "%every"), count), f.layout("row.count"))
            with t.loop("0", f.layout("row.count")) as k:
                offset = t.load("i64", "%index", t.add(f.layout("row.offsets"), k))
                t.store("double", t.load("double", f.base, t.add(offset, lane)), out, t.add(row, k))
            t.store("i64", t.add(count, "1"), f.spikes, count_at)
        with t.when(_set(f, "turned", lane)):
            number_at = t.add(f.layout("edge_number"), lane)
            number = t.add(t.load("i64", f.base, number_at), "1")
            t.store("i64", number, f.base, number_at)
            edge = t.load("double", f.base, t.add(f.layout("edges"), t.add(t.multiply(number, str(cells)), lane)))
            t.store("double", edge, f.base, t.add(f.layout("edge"), lane))
        moment = t.load("double", f.base, t.add(f.layout("next_t"), lane))
        t.store("double", moment, f.base, t.add(f.layout("t"), lane))
        _go_on(f, lane, count_at, going)
    onwards = t.let(f"icmp eq i64 {t.load('i64', going)}, 1")
    t.store("i64", t.let(f"zext i1 {onwards} to i64"), f.spikes)


def _go_on(f: Frame, lane: str, count_at: str, going: str) -> None:
    """Bit 0 of `going` where a cell is under way, bit 1 where such a cell has no room for another row."""
    t = f.text
    edge = t.load("double", f.base, t.add(f.layout("edge"), lane))
    under_way = t.let(f"fcmp olt double {edge}, {NEVER}")
    stuck = t.load("double", f.base, t.add(f.layout("stuck"), lane))
    free = t.let(f"fcmp ole double {stuck}, {literal(0.0)}")
    with t.when(t.let(f"and i1 {under_way}, {free}")):
        full = t.let(f"icmp sge i64 {t.load('i64', f.spikes, count_at)}, %every")
        bits = t.let(f"select i1 {full}, i64 3, i64 1")
        t.store("i64", t.let(f"or i64 {t.load('i64', going)}, {bits}"), going)


def _set(f: Frame, array: str, lane: str) -> str:
    value = f.text.load("double", f.base, f.text.add(f.layout(array), lane))
    return f.text.let(f"fcmp ogt double {value}, {literal(0.0)}")
