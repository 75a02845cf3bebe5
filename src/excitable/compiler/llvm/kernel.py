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

from ..program import Extent, Pass, Program
from .clamps import clamp_currents, clamps
from .frame import Frame, Shape, Slots
from .looking import detect, observe, remember
from .tree import junctions, solve
from .values import Values, vector

__all__ = ["Kernel", "Shape", "Slots"]

ARGUMENTS = (
    "ptr %arena", "ptr %shared", "ptr %uniform", "ptr %layout", "ptr %index", "ptr %out", "ptr %spikes",
    "i64 %first_block", "i64 %last_block", "i64 %samples", "i64 %every", "i64 %step",
)  # fmt: skip


class Kernel:
    """Writes the function of one program for one shape."""

    def __init__(self, program: Program, shape: Shape, fused: bool = True) -> None:
        self.frame = Frame(program, shape, fused)

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
            with t.loop("0", "%samples") as sample:
                row = t.multiply(sample, f.layout("row"))
                before = t.multiply(sample, "%every")
                looked = {source.array for each in f.program.observers for source in each.reads.values()}
                if "t" in looked:
                    f.time = _time(f, before)
                if "dt_level" in looked:
                    f.dt_level = _chosen(f, sample, "dt_level_first", "dt_level")
                observe(f, t.address(out, row))
                with t.loop("0", "%every") as k:
                    _step(f, t.add(before, k))
        return function(f)


def function(f: Frame) -> str:
    """The module of a function whose body stands in the frame."""
    t = f.text
    t.do("ret void")
    slots = f.slots.layout.values()
    return "\n".join([
        *t.declarations,
        f"define void @run({', '.join(_tagged(a) for a in ARGUMENTS)}) nounwind {{",
        "entry:",
        *(f"  %layout_at{slot} = getelementptr i64, ptr %layout, i64 {slot}" for slot in slots),
        *(f"  %layout{slot} = load i64, ptr %layout_at{slot}, align 8" for slot in slots),
        *t.lines, "}", "",
    ])  # fmt: skip


def _step(f: Frame, local: str) -> None:
    """One step; `local` counts the steps of this call."""
    f.local = local
    f.time = _time(f, local)
    f.dt_states = _chosen(f, local, "dt_first", "dt")
    remember(f)
    _points(f)
    for k, membrane in enumerate(f.program.membranes):
        _membrane(f, k, membrane)
    if f.program.solve:
        junctions(f)
        clamps(f)
        solve(f)
        clamp_currents(f)
    detect(f)


def _chosen(f: Frame, number: str, first: str, later: str) -> str:
    """One uniform number in the first step or sample of a call, another in all that follow."""
    is_first = f.text.let(f"icmp eq i64 {number}, 0")
    return f.text.let(f"select i1 {is_first}, double {f.uniform(first, 1)}, double {f.uniform(later, 1)}")


def _time(f: Frame, local: str) -> str:
    """The time at the beginning of a step of this call, ms."""
    number = f.text.let(f"sitofp i64 {f.text.add('%step', local)} to double")
    return f.text.let(f"fmul double {number}, {f.uniform('dt', 1)}")


def _membrane(f: Frame, k: int, part: Pass) -> None:
    """The fused pass of one kind of membrane, vector by vector."""
    t, cells, width = f.text, f.shape.cells, f.shape.widths[k]
    first = t.multiply(f.layout(f"kind{k}.first"), str(cells))
    count = t.multiply(f.layout(f"kind{k}.count"), str(cells))
    with t.loop("0", count, str(width), opaque=True) as element:
        compartment = element if cells == 1 else t.let(f"udiv exact i64 {element}, {cells}")
        node = t.add(first, element)
        results = f.evaluate(part, tuple(e for _, e in part.writes), element, compartment, node, width)
        for (target, _), value in zip(part.writes, results, strict=True):
            at = node if target.extent is Extent.NODE else element
            t.store(vector("double", width), value, f.base, t.add(f.layout(target.array), at))


def _points(f: Frame) -> None:
    """What is injected at points: first nothing, then the sum of what sits there."""
    t, width = f.text, f.shape.narrow
    real, zero = vector("double", width), Values(f.text, width, str).constant(0.0)
    for part in f.program.points:
        with t.loop("0", f.layout(f"{part.name}.count")) as k:
            t.store(real, zero, f.base, t.add(f.layout("point_current"), f.listed(part.name, k)))
    for part in f.program.points:
        with t.loop("0", f.layout(f"{part.name}.count")) as k:
            node = f.listed(part.name, k)
            element = t.multiply(k, str(f.shape.cells))
            (value,) = f.evaluate(part, tuple(e for _, e in part.writes), element, k, node, width)
            at = t.add(f.layout("point_current"), node)
            total = t.let(f"fadd {real} {t.load(real, f.base, at)}, {value}")
            t.store(real, total, f.base, at)


def _tagged(argument: str) -> str:
    kind, name = argument.split()
    return f"ptr noalias {name}" if kind == "ptr" and name in ("%out", "%spikes") else argument
