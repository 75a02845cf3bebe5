"""Compiled kernels against the interpreter, which is the definition: every mechanism, stimulus, method and layout."""

from __future__ import annotations

import numpy as np
import pytest
from compiler.models import (
    FORMS,
    MECHANISMS,
    STIMULI,
    advanced,
    clamp,
    disturb,
    engine,
    furthest,
    planned,
    shapes,
    squid,
    squid_probes,
    with_ions,
)

import excitable as ex
from excitable.compiler.plan import Plan
from excitable.compiler.targets import host, interpreter
from excitable.frozen import replace
from excitable.methods import METHODS
from excitable.protocols.stimuli import injected
from excitable.runtime.engine import Shape, choose_shape

ONE_STEP = 1e-12
# Rounding grows as neighbouring trajectories part: over 50 steps of a membrane that fires, a thousandfold at most.
FIFTY_STEPS = 1e-9

methods = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
forms = pytest.mark.parametrize("form", FORMS)


def apart(made: Plan, shape: Shape, steps: int, every: int = 1) -> float:
    """How far host and interpreter are apart after some steps from one disturbed state."""
    results = []
    for target in (host, interpreter):
        running = engine(made, target, shape)
        disturb(running)
        results.append(advanced(running, steps, every))
    compiled, definition = results
    assert np.isfinite(compiled.samples).all()
    assert [c[1:] for c in compiled.crossings] == [c[1:] for c in definition.crossings]
    np.testing.assert_allclose([c[0] for c in compiled.crossings], [c[0] for c in definition.crossings], rtol=1e-9)
    return furthest(compiled, definition)


def alone(name: str, form: str) -> ex.Cell:
    """A mechanism, the ions that it needs, and a leak on a form."""
    return ex.paint(FORMS[form](), ex.everywhere, ex.Leak(name="rest"), *with_ions(MECHANISMS[name]()))


def every_state(name: str) -> list[object]:
    """Probes for the voltage, each state and the currents of a mechanism."""
    kind = MECHANISMS[name]
    probes: list[object] = [ex.voltage(at=ex.each(ex.everywhere), label="v"), ex.current(at=ex.root, label="i")]
    probes += [ex.state(state, of=name, at=ex.each(ex.everywhere), label=state) for state in kind.states]
    return probes


@methods
@forms
@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism(name: str, form: str, method: ex.methods.Method) -> None:
    made = planned(alone(name, form), record=every_state(name), method=method)
    shape = choose_shape(made.system, 1)
    assert apart(made, shape, 1) <= ONE_STEP
    if form == "tree":
        assert apart(made, shape, 50, every=5) <= FIFTY_STEPS


@methods
@pytest.mark.parametrize("count", [1, 3, 5, 9])
@forms
def test_every_number_of_cells(form: str, count: int, method: ex.methods.Method) -> None:
    made = planned(squid(form), [STIMULI["pulse"]()], squid_probes(), method=method, cells=count,
                   overrides={("SquidSodium", "conductance"): np.linspace(0.1, 0.13, count),
                              ("cell", "temperature"): np.linspace(6.0, 9.0, count),
                              ("pulse", "amplitude"): np.linspace(0.1, 0.5, count)})  # fmt: skip
    for shape in {choose_shape(made.system, threads) for threads in (1, 4)}:
        assert apart(made, shape, 1) <= ONE_STEP
        assert apart(made, shape, 50) <= FIFTY_STEPS


@methods
@forms
@pytest.mark.parametrize("name", STIMULI)
def test_every_stimulus(name: str, form: str, method: ex.methods.Method) -> None:
    made = planned(squid(form), [STIMULI[name]()], squid_probes(), method=method)
    shape = choose_shape(made.system, 1)
    assert apart(made, shape, 1) <= ONE_STEP
    assert apart(made, shape, 50, every=3) <= FIFTY_STEPS


@pytest.mark.parametrize("target", [host, interpreter], ids=repr)
@pytest.mark.parametrize("name", ["pulse", "train", "ramp", "sine"])
def test_what_is_injected_is_what_the_stimulus_says(name: str, target: object) -> None:
    """Step by step, for two of a shape at one place and a third elsewhere."""
    first, numbers = STIMULI[name](), STIMULI[name]().numbers
    stimuli = [replace(first, name=str(k), at=at) for k, at in enumerate((ex.root, ex.root, ex.distal(ex.everywhere)))]
    made = planned(squid("cable"), stimuli)
    running = engine(made, target, Shape(1, (8,)))
    nodes = [running.memory.node[placed.node] for placed in made.system.placed]
    for step in range(45):
        running.advance(step, 1, 1, 0.025)
        expected = injected(name, {k: np.float64(v) for k, v in numbers.items()}, step * 0.025, 0.025, None)
        found = running.memory.get("point_current")[:, 0]
        np.testing.assert_allclose(found[nodes], np.array([2.0, 2.0, 1.0]) * expected, rtol=1e-9, atol=1e-13)


@methods
@forms
def test_every_stimulus_at_once_with_swept_numbers(form: str, method: ex.methods.Method) -> None:
    overrides = {(name, key): np.linspace(0.1, 0.3, 3) for name, key in
                 (("pulse", "amplitude"), ("train", "width"), ("ramp", "last"), ("sine", "phase"), ("noise", "mean"),
                  ("waveform", "amplitude"))}  # fmt: skip
    made = planned(squid(form), [make() for make in STIMULI.values()], overrides=overrides, cells=3, method=method)
    assert apart(made, choose_shape(made.system, 1), 50) <= FIFTY_STEPS


@methods
@pytest.mark.parametrize("where", ["root", "end", "both"])
@forms
def test_clamps(form: str, where: str, method: ex.methods.Method) -> None:
    if where == "both" and form == "compartment":
        pytest.skip("a single compartment has one place")
    clamps = {"root": [clamp()], "end": [clamp(at=ex.distal(ex.everywhere))]}
    clamps["both"] = [clamp(), clamp("end", ex.at({"cable": "axon[0]", "tree": "dend[3]"}.get(form, ""), 1.0))]
    if where == "end" and form == "tree":
        clamps["end"] = [clamp(at=ex.at("dend[3]", 1.0))]
    protocol = clamps[where]
    record = [ex.voltage(at=ex.each(ex.everywhere), label="v")]
    record += [ex.clamp_current(each.name, label=f"of {each.name}") for each in protocol]
    overrides = {("clamp", "level_0"): np.array([-80.0, -60.0, -40.0])}
    made = planned(squid(form), protocol, record, overrides=overrides, cells=3, method=method)
    for shape in (choose_shape(made.system, 1), Shape(1, (4,) * len(made.system.kinds))):
        assert apart(made, shape, 1) <= ONE_STEP
        assert apart(made, shape, 50) <= FIFTY_STEPS


@methods
@forms
def test_parameters_that_vary_along_the_cell_and_from_cell_to_cell(form: str, method: ex.methods.Method) -> None:
    sodium = ex.SquidSodium(conductance=ex.along(lambda place: 0.1 + 1e-4 * place.distance))
    cell = ex.paint(FORMS[form](), ex.everywhere, sodium, ex.SquidPotassium(), ex.Leak())
    overrides = {
        ("Leak", "conductance"): np.geomspace(1e-5, 1e-3, 5),
        ("cell", "capacitance"): np.linspace(0.8, 1.2, 5),
    }
    made = planned(cell, record=[ex.voltage(at=ex.root)], overrides=overrides, cells=5, method=method)
    for shape in shapes(made).values():
        assert apart(made, shape, 1) <= ONE_STEP


class Clocked(ex.Channel):
    """A channel whose conductance swings in time. Source: made for this test."""

    conductance = ex.parameter(1e-4, "S/cm2", "largest conductance")
    w = ex.gate("slow", start=0.0)

    def rates(self, v: object) -> dict[str, object]:
        return {"w": ex.relax(0.5, 1.0)}

    def current(self, v: object, t: object) -> object:
        return self.conductance * self.w * (v + 65.0) * (1.0 + 0.5 * ex.sin(t / 1.0))


@methods
@forms
def test_a_current_that_depends_on_the_time_is_recorded(form: str, method: ex.methods.Method) -> None:
    cell = ex.paint(FORMS[form](), ex.everywhere, ex.Leak(), Clocked())
    record = [ex.current(of="Clocked", at=ex.root, label="i"), ex.voltage(at=ex.root, label="v"),
              ex.state("w", of="Clocked", at=ex.root, label="w")]  # fmt: skip
    made = ex.run(cell, 1.0, record=record, dt=0.025, every=4, method=method).signals
    t = np.arange(11) * 0.1
    expected = 1e-4 * made["w"].values * (made["v"].values + 65.0) * (1.0 + 0.5 * np.sin(t))
    np.testing.assert_allclose(made["i"].values, expected, rtol=1e-12, atol=1e-18)
    again = planned(cell, record=record, method=method)
    assert apart(again, choose_shape(again.system, 1), 50, every=5) <= FIFTY_STEPS


@pytest.mark.parametrize("cells", [1, 4])
@pytest.mark.parametrize("target", [host, interpreter], ids=repr)
def test_a_threshold_is_crossed_once_by_what_reaches_it_and_stays(target: object, cells: int) -> None:
    """A clamp puts the voltage on the threshold, bit for bit: that is a crossing, and staying there is none."""
    held = ex.voltage_clamp(at=ex.root, levels=[(0.3, -65.0), (0.4, -20.0), (0.1, -64.0), (1.0, 0.0)])
    record = [ex.spikes(at=ex.root, threshold=-20.0)]
    made = planned(squid("cable"), [held], record, method=ex.backward_euler)
    found = advanced(engine(made, target, Shape(cells, (max(cells, 8),))), 60)
    assert [c[1:] for c in found.crossings] == [(0, 0), (0, 0)]
    np.testing.assert_allclose([c[0] for c in found.crossings], [0.3, 0.775 + 0.025 * 44.0 / 64.0], atol=0.0251)


# ---------------------------------------------------------------- any layout gives the same bits
@methods
@pytest.mark.parametrize("count", [1, 3, 9])
@forms
def test_every_width_and_grouping_gives_the_same_bits(form: str, count: int, method: ex.methods.Method) -> None:
    protocol = [STIMULI["pulse"](), STIMULI["noise"]()]
    overrides = {("SquidSodium", "conductance"): np.linspace(0.1, 0.13, count)}
    made = planned(squid(form), protocol, squid_probes(), overrides=overrides, cells=count, method=method)
    reference = None
    for name, shape in shapes(made).items():
        for threads in (1, 3):
            running = engine(made, host, shape, threads)
            disturb(running)
            found = advanced(running, 50, every=2)
            running.close()
            reference = reference or found
            assert found.samples.tobytes() == reference.samples.tobytes(), name
            assert found.crossings == reference.crossings, name
            for array, values in found.arrays.items():
                assert values.tobytes() == reference.arrays[array].tobytes(), f"{array}, {name}"
    assert reference is not None
    assert len(reference.crossings) > 0 or count == 1


@methods
@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_gives_the_same_bits_for_every_width(name: str, method: ex.methods.Method) -> None:
    made = planned(alone(name, "cable"), record=every_state(name), method=method)
    results = []
    for width in (1, 4, 16):
        running = engine(made, host, Shape(1, (width,)))
        disturb(running)
        results.append(advanced(running, 20))
    for other in results[1:]:
        assert other.samples.tobytes() == results[0].samples.tobytes()
