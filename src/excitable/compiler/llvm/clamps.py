"""Clamps: rows of the tree whose voltage is commanded, and the current that this takes."""

from __future__ import annotations

from .frame import Frame
from .values import Values, broadcast, vector


def clamps(f: Frame) -> None:
    """Keep the row as it is for the current, then make it say only what the voltage is."""
    t, width = f.text, f.shape.narrow
    real, huge = vector("double", width), Values(f.text, width, str).constant(2.0**400)
    for k, part in enumerate(f.program.clamps):
        node = f.listed(part.name, "0")
        (held,) = f.evaluate(part, tuple(e for _, e in part.writes), "0", "0", node, width)
        for row in ("diagonal", "right"):
            kept = t.load(real, f.base, t.add(f.layout(row), node))
            t.store(real, kept, f.base, f.layout(f"clamp{k}.{row}"))
        t.store(real, huge, f.base, t.add(f.layout("diagonal"), node))
        scaled = t.let(f"fmul {real} {held}, {huge}")
        t.store(real, scaled, f.base, t.add(f.layout("right"), node))


def clamp_currents(f: Frame) -> None:
    """What the clamp had to inject: what is missing in the row that was kept."""
    t, width = f.text, f.shape.narrow
    real = vector("double", width)
    w = Values(t, width, str, f.fused)
    right = f.layout("right")
    for k, part in enumerate(f.program.clamps):
        node = f.listed(part.name, "0")
        x = t.load(real, f.base, t.add(right, node))
        row = t.load(real, f.base, f.layout(f"clamp{k}.diagonal"))
        kept = t.load(real, f.base, f.layout(f"clamp{k}.right"))
        at = f.layout(f"clamp{k}.current")
        missing = w.call("fma", row, x, t.let(f"fneg {real} {kept}"))
        t.store(real, missing, f.base, at)
        with t.loop("0", f.layout(f"clamp{k}.neighbours.count")) as j:
            other = t.load(real, f.base, t.add(right, f.listed(f"clamp{k}.neighbours", j)))
            u = t.load("double", "%shared", t.add(f.layout(f"clamp{k}.neighbours.coupling"), j))
            opposite = broadcast(t, t.let(f"fneg double {u}"), width)
            t.store(real, w.call("fma", opposite, other, t.load(real, f.base, at)), f.base, at)
