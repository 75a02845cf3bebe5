"""What must not change: charge, symmetry, order, units, time, and for passive cells superposition and reciprocity."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime.cells import SQUID, compartment, tree

import excitable as ex
from references.figures import figure

METHODS = (ex.staggered, ex.backward_euler, ex.Adaptive(tolerance=1e-7))
SUITE = "Invariances"
AREA = math.pi * 20.0 * 20.0 * 1e-8  # cm²


def names(method: Any) -> str:
    return str(method.name)


def passive_tree() -> ex.Cell:
    """The tree of the tests with a leak only, resting at -65 mV."""
    bare = tree()
    cell = ex.Cell(bare.morphology, bare.compartments, axial_resistivity=120.0, initial_voltage=-65.0)
    return ex.paint(cell, ex.everywhere, ex.Leak(conductance=1e-4, reversal=-65.0))


@pytest.mark.parametrize("method", METHODS, ids=names)
def test_charge_is_conserved(method: Any) -> None:
    """What was injected is on the capacitance or has left through the channels: C ΔV + ∫ I dt = Q."""
    dt, end = 0.001, 5.0
    stimulus = ex.current_pulse(at=ex.root, amplitude=0.2, start=0.5, duration=1.0)
    record = [ex.voltage(at=ex.root, label="v"), ex.current(at=ex.root, label="i")]
    made = ex.run(compartment(), end, protocol=[stimulus], record=record, dt=dt, method=method)
    v, i = made["v"].values, made["i"].values
    left = float(np.sum(0.5 * (i[1:] + i[:-1])) * dt) * AREA * 1e6  # pC
    held = float(v[-1] - v[0]) * AREA * 1e3  # pC, 1 µF/cm²
    tolerance = 2.0 if method is ex.backward_euler else 2e-3
    figure(SUITE, f"charge held and lost, {method.name}", held + left, 0.2 * 1.0 * 1.0, tolerance, unit="pC",
           source="0.2 nA for 1 ms")  # fmt: skip


@pytest.mark.parametrize("method", METHODS, ids=names)
def test_a_symmetric_cable_stays_symmetric(method: Any) -> None:
    cell = ex.Cell(ex.cable(1000.0, 5.0), ex.per_branch(21), axial_resistivity=100.0)
    cell = ex.paint(cell, ex.everywhere, *SQUID)
    middle = ex.current_pulse(at=ex.at("dend", 0.5), amplitude=3.0, start=0.3, duration=1.0)
    made = ex.run(cell, 5.0, protocol=[middle], record=[ex.voltage(at=ex.each(ex.everywhere), label="v")], dt=0.01,
                  method=method)  # fmt: skip
    v = made["v"].values
    assert v.max() > 20.0
    assert np.abs(v - v[::-1]).max() < 1e-9


@pytest.mark.parametrize("method", METHODS, ids=names)
def test_a_cable_read_from_its_other_end_is_the_same_cable(method: Any) -> None:
    points = [[0.0, 0.0, 0.0, 6.0], [300.0, 0.0, 0.0, 3.0], [700.0, 0.0, 0.0, 1.0]]

    def far(reverse: bool) -> np.ndarray:
        shape = ex.from_table([("part", "dendrite", None, 0.0, points[::-1] if reverse else points)])
        cell = ex.paint(ex.Cell(shape, ex.per_branch(30), axial_resistivity=100.0), ex.everywhere, *SQUID)
        ends = ex.at("part", 1.0 if reverse else 0.0), ex.at("part", 0.0 if reverse else 1.0)
        pulse = ex.current_pulse(at=ends[0], amplitude=3.0, start=0.3, duration=2.0)
        made = ex.run(cell, 6.0, protocol=[pulse], record=[ex.voltage(at=ends[1], label="v")], dt=0.01, method=method)
        return np.asarray(made["v"].values)

    assert np.abs(far(False) - far(True)).max() < 1e-8


@pytest.mark.parametrize("method", METHODS, ids=names)
def test_a_later_stimulus_is_answered_later(method: Any) -> None:
    """From rest; at a shift that is a multiple of the step."""
    cell = passive_tree()

    def answer(start: float) -> np.ndarray:
        pulse = ex.current_pulse(at=ex.root, amplitude=0.1, start=start, duration=2.0)
        made = ex.run(cell, 12.0, protocol=[pulse], record=[ex.voltage(at=ex.root, label="v")], dt=0.02, method=method)
        return np.asarray(made["v"].values)

    assert np.abs(answer(1.0)[:-100] - answer(3.0)[100:]).max() < (1e-5 if isinstance(method, ex.Adaptive) else 1e-9)


@pytest.mark.parametrize("method", METHODS, ids=names)
def test_a_pulse_in_two_parts_is_the_same_pulse(method: Any) -> None:
    cell = compartment()

    def answer(*parts: tuple[float, float]) -> np.ndarray:
        pulses = [ex.current_pulse(at=ex.root, amplitude=0.2, start=a, duration=b - a, name=f"{a}") for a, b in parts]
        made = ex.run(cell, 10.0, protocol=pulses, record=[ex.voltage(at=ex.root, label="v")], dt=0.025, method=method)
        return np.asarray(made["v"].values)

    tolerance = 1e-3 if isinstance(method, ex.Adaptive) else 1e-9
    assert np.abs(answer((0.5, 4.5)) - answer((0.5, 2.0), (2.0, 4.5))).max() < tolerance


@settings(max_examples=8)
@given(st.floats(0.01, 0.2), st.floats(-0.2, 0.2), st.floats(0.0, 3.0))
def test_a_passive_cell_adds_its_answers(first: float, second: float, start: float) -> None:
    cell = passive_tree()
    pulses = [
        ex.current_pulse(at=ex.root, amplitude=first, start=1.0, duration=2.0, name="first"),
        ex.current_pulse(at=ex.distal(ex.dendrite), amplitude=second, start=start, duration=1.5, name="second"),
    ]

    def answer(*parts: Any) -> np.ndarray:
        made = ex.run(cell, 8.0, protocol=parts, record=[ex.voltage(at=ex.root, label="v")], dt=0.02)
        return np.asarray(made["v"].values) + 65.0

    np.testing.assert_allclose(answer(*pulses), answer(pulses[0]) + answer(pulses[1]), atol=1e-9)


@pytest.mark.parametrize("method", METHODS, ids=names)
def test_a_passive_cell_is_reciprocal(method: Any) -> None:
    """Current at A seen at B is current at B seen at A: Koch 1999, Biophysics of Computation, §3.4."""
    cell = passive_tree()
    a, b = ex.root, ex.distal(ex.dendrite)

    def answer(here: Any, there: Any) -> np.ndarray:
        pulse = ex.current_pulse(at=here, amplitude=0.1, start=0.5, duration=3.0)
        made = ex.run(cell, 10.0, protocol=[pulse], record=[ex.voltage(at=there, label="v")], dt=0.02, method=method)
        return np.asarray(made["v"].values)

    tolerance = 1e-4 if isinstance(method, ex.Adaptive) else 1e-9
    assert np.abs(answer(a, b) - answer(b, a)).max() < tolerance


def test_units_do_not_matter() -> None:
    """The same cell and pulse in other units give the same bits."""
    one = ex.Cell(ex.cable(500.0, 5.0), ex.per_branch(9), axial_resistivity=100.0, capacitance=1.0, temperature=6.3)
    two = ex.Cell(ex.cable("0.5 mm", "5 um"), ex.per_branch(9), axial_resistivity="1 ohm m", capacitance="10 nF/mm2",
                  temperature="6.3 degC")  # fmt: skip
    pulses = (
        ex.current_pulse(at=ex.root, amplitude=1.5, start=0.5, duration=2.0),
        ex.current_pulse(at=ex.root, amplitude="1500 pA", start="500 us", duration="0.002 s"),
    )
    made = [
        ex.run(ex.paint(cell, ex.everywhere, *SQUID), duration, protocol=[pulse], dt=dt)["voltage at root"].values
        for cell, pulse, duration, dt in ((one, pulses[0], 6.0, 0.02), (two, pulses[1], "6 ms", "20 us"))
    ]
    np.testing.assert_allclose(made[0], made[1], rtol=1e-12)
