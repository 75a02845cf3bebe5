"""What is looked at: samples, and voltages that rise through a threshold."""

from __future__ import annotations

from .frame import Frame
from .values import broadcast, vector


def observe(f: Frame, row: str) -> None:
    """Write one sample: voltages, clamp currents, then what each observer computes."""
    t, width, cells = f.text, f.shape.narrow, str(f.shape.cells)
    real = vector("double", width)
    with t.loop("0", f.layout("voltages.count")) as k:
        value = t.load(real, f.base, t.add(f.layout("v"), f.listed("voltages", k)))
        t.store(real, value, row, t.multiply(k, cells))
    at = t.multiply(f.layout("voltages.count"), cells)
    for number in range(len(f.program.clamps)):
        t.store(real, t.load(real, f.base, f.layout(f"clamp{number}.current")), row, at)
        at = t.add(at, cells)
    for number, observer in enumerate(f.program.observers):
        name, values_each = f"observe{number}", len(observer.values)
        first = t.multiply(f.layout(f"kind{observer.kind}.first"), cells)
        with t.loop("0", f.layout(f"{name}.count")) as k:
            compartment = t.load("i64", "%index", t.add(f.layout(f"{name}.nodes"), k))
            element = t.multiply(compartment, cells)
            node = t.add(first, element)
            values = f.evaluate(observer, observer.values, element, compartment, node, width)
            here = t.add(at, t.multiply(k, str(values_each * f.shape.cells)))
            for j, found in enumerate(values):
                t.store(real, found, row, t.add(here, str(j * f.shape.cells)))
        at = t.add(at, t.multiply(f.layout(f"{name}.count"), str(values_each * f.shape.cells)))


def remember(f: Frame) -> None:
    """Keep the voltages where spikes are detected, before the step changes them."""
    t, width = f.text, f.shape.narrow
    real = vector("double", width)
    with t.loop("0", f.layout("detectors.count")) as k:
        value = t.load(real, f.base, t.add(f.layout("v"), f.listed("detectors", k)))
        t.store(
            real,
            value,
            f.base,
            t.add(f.layout("detectors.before"), t.multiply(k, str(f.shape.cells))),
        )


def detect(f: Frame) -> None:
    """Voltages that rose through a threshold in this step; the moment is interpolated."""
    t, width, cells = f.text, f.shape.narrow, f.shape.cells
    real, mask = vector("double", width), vector("i1", width)
    with t.loop("0", f.layout("detectors.count")) as k:
        level = broadcast(t, t.load("double", "%shared", t.add(f.layout("detectors.threshold"), k)), width)
        first = t.multiply(k, str(cells))
        before = t.load(real, f.base, t.add(f.layout("detectors.before"), first))
        after = t.load(real, f.base, t.add(f.layout("v"), f.listed("detectors", k)))
        below = t.let(f"fcmp olt {real} {before}, {level}")
        above = t.let(f"fcmp oge {real} {after}, {level}")
        crossed = t.let(f"and {mask} {below}, {above}")
        bits = t.let(f"bitcast {mask} {crossed} to i{width}") if width > 1 else crossed
        with t.when(t.let(f"icmp ne i{width} {bits}, 0") if width > 1 else bits):
            rise = t.let(f"fsub {real} {after}, {before}")
            short = t.let(f"fsub {real} {level}, {before}")
            part = t.let(f"fdiv {real} {short}, {rise}")
            later = t.let(f"fmul {real} {part}, {f.uniform('dt', width)}")
            moment = t.let(f"fadd {real} {later}, {broadcast(t, f.time, width)}")
            t.store(real, moment, f.base, f.layout("detectors.moment"))
            with t.loop("0", str(cells)) as lane:
                _note(f, k, lane, bits, width)


def _note(f: Frame, detector: str, lane: str, bits: str, width: int) -> None:
    """Append one crossing to the list of the block, if this lane is among them."""
    t = f.text
    if width > 1:
        narrow = t.let(f"trunc i64 {lane} to i{width}") if width < 64 else lane
        moved = t.let(f"lshr i{width} {bits}, {narrow}")
        hit = t.let(f"trunc i{width} {moved} to i1")
    else:
        hit = "true"
    with t.when(hit):
        count = t.load("i64", f.spikes)
        at = t.add(t.multiply(count, "2"), "1")
        moment = t.load("double", f.base, t.add(f.layout("detectors.moment"), lane))
        t.store("double", moment, f.spikes, at)
        who = t.add(t.multiply(detector, str(f.shape.cells)), lane)
        t.store("i64", who, f.spikes, t.add(at, "1"))
        t.store("i64", t.add(count, "1"), f.spikes)
