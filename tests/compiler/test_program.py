"""The program and its name: equal for equal content, another for any change, and blind to run-time numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compiler.models import STIMULI, advanced, clamp, compartment, engine, planned, squid, squid_probes

import excitable as ex
import excitable.compiler.build as building
from excitable.compiler import cache
from excitable.compiler.llvm.kernel import Shape
from excitable.compiler.passes import PASSES, prepared
from excitable.compiler.plan import Plan
from excitable.compiler.program import Extent, Program
from excitable.compiler.targets import host
from excitable.expressions import symbol
from excitable.frozen import replace

ROOT = ex.voltage(at=ex.root, label="v")


def pulse(**more: Any) -> Any:
    return ex.current_pulse(**{"at": ex.root, "amplitude": 0.3, "start": 0.1, "duration": 1.0, **more})


def rod(count: int = 8, length: float = 400.0, diameter: float = 1.5, **more: Any) -> ex.Cell:
    cell = ex.Cell(ex.cable(length, diameter), ex.per_branch(count), **more)
    return ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())


def from_swc(folder: Path, length: float, radius: float) -> ex.Cell:
    file = folder / f"cell_{length}_{radius}.swc"
    file.write_text(
        f"1 1 0 0 0 8 -1\n2 1 0 8 0 8 1\n3 3 8 0 0 {radius} 1\n4 3 {length} 5 0 {radius / 2} 3\n"
        f"5 3 {length} 90 0 0.4 4\n6 3 {length} -70 0 0.5 4\n",
        encoding="utf-8",
    )
    cell = ex.Cell(ex.read(file), ex.max_length(15.0))
    return ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())


# ---------------------------------------------------------------- numbers of a run are not part of the program
SAME: dict[str, tuple[Callable[[], Plan], Callable[[], Plan]]] = {
    "a parameter": (
        lambda: planned(ex.paint(compartment(), ex.everywhere, ex.Leak(conductance=1e-4))),
        lambda: planned(ex.paint(compartment(), ex.everywhere, ex.Leak(conductance=3e-4, reversal=-60.0))),
    ),
    "the number of compartments": (lambda: planned(rod(8)), lambda: planned(rod(37))),
    "length and diameter": (lambda: planned(rod()), lambda: planned(rod(length=900.0, diameter=0.7))),
    "the axial resistivity": (lambda: planned(rod()), lambda: planned(rod(axial_resistivity=35.4))),
    "the capacitance": (lambda: planned(rod()), lambda: planned(rod(capacitance=0.7))),
    "the temperature": (lambda: planned(rod()), lambda: planned(rod(temperature=18.5))),
    "the initial voltage": (lambda: planned(rod()), lambda: planned(rod(initial_voltage=-80.0))),
    "the step": (lambda: planned(rod(), dt=0.025), lambda: planned(rod(), dt=0.001)),
    "amplitude and time of a pulse": (
        lambda: planned(rod(), [pulse()]), lambda: planned(rod(), [pulse(amplitude=1.0, start=3.0, duration=9.0)]),
    ),
    "the number of pulses": (
        lambda: planned(rod(), [pulse()]), lambda: planned(rod(), [pulse(), pulse(name="b"), pulse(name="c")]),
    ),
    "where the pulse is": (
        lambda: planned(rod(), [pulse()]), lambda: planned(rod(), [pulse(at=ex.distal(ex.everywhere))]),
    ),
    "the numbers of a train": (
        lambda: planned(rod(), [STIMULI["train"]()]),
        lambda: planned(rod(), [ex.current_train(at=ex.root, amplitude=1.0, period=20.0, width=0.5, count=30)]),
    ),
    "seed and deviation of noise": (
        lambda: planned(rod(), [STIMULI["noise"]()]),
        lambda: planned(rod(), [ex.current_noise(at=ex.root, deviation=1.0, seed=99)]),
    ),
    "the samples of a waveform": (
        lambda: planned(rod(), [STIMULI["waveform"]()]),
        lambda: planned(rod(), [ex.current_waveform(at=ex.root, times=[0.0, 9.0], samples=[1.0, -1.0])]),
    ),
    "the levels of a clamp": (
        lambda: planned(rod(), [ex.voltage_clamp(at=ex.root, levels=[(1.0, -65.0), (1.0, 0.0)])]),
        lambda: planned(rod(), [ex.voltage_clamp(at=ex.root, levels=[(9.0, -90.0), (2.0, 40.0)])]),
    ),
    "where the voltage is looked at, and where spikes": (
        lambda: planned(rod(), record=[ROOT]),
        lambda: planned(rod(), record=[ex.voltage(at=ex.each(ex.everywhere)), ex.spikes(at=ex.root, threshold=-10.0)]),
    ),
    "where a state is looked at": (
        lambda: planned(rod(), record=[ex.state("m", of=ex.SquidSodium, at=ex.root)]),
        lambda: planned(rod(), record=[ex.state("m", of=ex.SquidSodium, at=ex.each(ex.everywhere))]),
    ),
    "how many cells a sweep has": (
        lambda: planned(rod(), overrides={("SquidLeak", "conductance"): np.linspace(1e-4, 2e-4, 3)}, cells=3),
        lambda: planned(rod(), overrides={("SquidLeak", "conductance"): np.linspace(1e-4, 9e-4, 90)}, cells=90),
    ),
    "a description made twice": (lambda: planned(squid("tree")), lambda: planned(squid("tree"))),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_numbers_do_not_change_the_program(name: str) -> None:
    first, second = (make() for make in SAME[name])
    assert first.program.digest() == second.program.digest()


def test_the_geometry_of_a_file_does_not_change_the_program(tmp_path: Path) -> None:
    plans = [planned(from_swc(tmp_path, *shape), [pulse()]) for shape in ((60.0, 1.0), (210.0, 1.7))]
    assert plans[0].system.nodes != plans[1].system.nodes
    assert plans[0].program.digest() == plans[1].program.digest()


@pytest.mark.parametrize("name", ["a parameter", "the number of compartments", "amplitude and time of a pulse"])
def test_no_kernel_is_built_for_other_numbers(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXCITABLE_CACHE", str(tmp_path))
    monkeypatch.setattr(building, "_ready", type(building._ready)())
    built: list[str] = []
    made = building._made
    monkeypatch.setattr(building, "_made", lambda key, *more: built.append(key) or made(key, *more))
    results = []
    for make in SAME[name]:
        results.append(advanced(engine(make(), host, Shape(1, (8,))), 20))
    assert len(built) == 1
    assert results[0].samples.tobytes() != results[1].samples.tobytes()


# ---------------------------------------------------------------- anything else is
def fast() -> ex.Cell:
    """A cell whose membrane differs from that of a rod in one constant of an equation."""

    class Faster(ex.SquidPotassium):
        """Twice the rates. Source: made for this test."""

        def rates(self, v: Any, temperature: Any) -> Any:
            return {"n": 2.0 * super().rates(v, temperature)["n"]}

    cell = ex.Cell(ex.cable(400.0, 1.5), ex.per_branch(8))
    return ex.paint(cell, ex.everywhere, ex.SquidSodium(), Faster(name="SquidPotassium"), ex.SquidLeak())


DIFFERENT: dict[str, Callable[[], Plan]] = {
    "a rod": lambda: planned(rod(), record=[ROOT]),
    "another method": lambda: planned(rod(), record=[ROOT], method=ex.backward_euler),
    "one compartment": lambda: planned(rod(1), record=[ROOT]),
    "a constant of an equation": lambda: planned(fast(), record=[ROOT]),
    "another mechanism": lambda: planned(ex.paint(rod(), ex.everywhere, ex.Leak()), record=[ROOT]),
    "a stimulus": lambda: planned(rod(), [pulse()], [ROOT]),
    "another shape of stimulus": lambda: planned(rod(), [STIMULI["ramp"]()], [ROOT]),
    "two shapes of stimulus": lambda: planned(rod(), [pulse(), STIMULI["ramp"]()], [ROOT]),
    "a swept stimulus": lambda: planned(
        rod(), [pulse()], [ROOT], overrides={("pulse", "amplitude"): np.arange(2.0)}, cells=2
    ),
    "a clamp": lambda: planned(rod(), [clamp()], [ROOT]),
    "two clamps": lambda: planned(rod(), [clamp(), clamp("b", ex.distal(ex.everywhere))], [ROOT]),
    "a clamp of two levels": lambda: planned(
        rod(), [ex.voltage_clamp(at=ex.root, levels=[(1.0, -65.0), (1.0, 0.0)])], [ROOT]
    ),
    "a state that is looked at": lambda: planned(rod(), record=[ROOT, ex.state("m", of=ex.SquidSodium, at=ex.root)]),
    "another state": lambda: planned(rod(), record=[ROOT, ex.state("h", of=ex.SquidSodium, at=ex.root)]),
    "a current that is looked at": lambda: planned(rod(), record=[ROOT, ex.current(at=ex.root)]),
    "a parameter that is swept": lambda: planned(
        rod(), record=[ROOT], overrides={("SquidSodium", "conductance"): np.array([0.1, 0.2])}, cells=2
    ),
    "a parameter that varies along": lambda: planned(
        ex.paint(rod(), ex.everywhere, ex.SquidSodium(conductance=ex.along(lambda p: 0.1 + 1e-5 * p.distance))),
        record=[ROOT],
    ),
    "two kinds": lambda: planned(squid("tree"), record=[ROOT]),
}  # fmt: skip


def test_every_other_change_makes_another_program() -> None:
    digests = {name: make().program.digest() for name, make in DIFFERENT.items()}
    alike = [pair for pair in itertools.combinations(digests, 2) if digests[pair[0]] == digests[pair[1]]]
    assert alike == []


def test_every_part_of_a_program_counts() -> None:
    program = planned(squid("tree"), [STIMULI["pulse"](), clamp()], squid_probes()).program
    changed = {
        "membranes": program.membranes[:1],
        "points": (),
        "clamps": (),
        "observers": program.observers[:-1],
        "finish": symbol("x"),
        "solve": False,
    }
    digests = {replace(program, **{name: value}).digest() for name, value in changed.items()}
    assert len(digests) == len(changed) == len(Program.__frozen_fields__)
    assert program.digest() not in digests
    assert replace(program).digest() == program.digest()


def test_where_a_symbol_is_kept_counts() -> None:
    program = planned(rod(), record=[ROOT]).program
    (part,) = program.membranes
    for name, source in part.reads.items():
        extent = next(e for e in Extent if e is not source.extent)
        for other in (replace(source, array="elsewhere"), replace(source, extent=extent)):
            moved = replace(part, reads={**part.reads, name: other})
            assert replace(program, membranes=(moved,)).digest() != program.digest(), name


def test_a_kernel_is_kept_under_program_shape_processor_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {cache.key("program", "shape", "processor"), cache.key("program", "other", "processor")}
    monkeypatch.setattr(cache, "compiler_digest", lambda: "another version")
    names.add(cache.key("program", "shape", "processor"))
    assert len(names) == 3


# ---------------------------------------------------------------- the order of the passes
def test_the_passes_stand_in_this_order() -> None:
    assert [name for name, _ in PASSES] == [
        "share exponentials", "balance chains", "lower elementary functions", "fuse products into sums",
    ]  # fmt: skip


def test_preparing_is_the_passes_one_after_the_other() -> None:
    (part,) = planned(rod()).program.membranes
    given = [e for _, e in part.writes]
    roots = given
    for _, each in PASSES:
        roots = each(roots)
    assert prepared(given) == roots
    assert prepared([symbol("x")]) == [symbol("x")]
