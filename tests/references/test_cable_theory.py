"""Cables against their closed forms: steady, transient, input resistance, equivalent cylinders, order in space."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import excitable as ex
from references import rallpack
from references.rallpack import BinaryTree, SealedCable

RESTING = -65.0
MATERIAL = {"membrane_resistance": 1e4, "axial_resistivity": 150.0}
LENGTH, DIAMETER = 800.0, 2.0
CONSTANT = ex.physics.length_constant(DIAMETER, **MATERIAL)
TIME_CONSTANT = 10.0
# Long enough that what is left of the transient is below 1e-9 of it.
LONG = 250.0


def passive(shape: ex.Morphology, rule: object, **more: float) -> ex.Cell:
    cell = ex.Cell(shape, rule, axial_resistivity=150.0, initial_voltage=RESTING, **more)
    return ex.paint(cell, ex.everywhere, ex.Leak(conductance=1e-4, reversal=RESTING))


def risen(cell: ex.Cell, where: list[object], amplitude: float, duration: float = LONG, dt: float = 0.1) -> np.ndarray:
    """Depolarisation (mV) at places (places, time), for a steady current into the start of the first branch."""
    start = ex.at(cell.morphology.branches[0].name, 0.0)
    pulse = ex.current_pulse(at=start, amplitude=amplitude, duration=1e6)
    record = [ex.voltage(at=at, label=str(k)) for k, at in enumerate(where)]
    made = ex.run(cell, duration, protocol=[pulse], record=record, dt=dt)
    return np.array([made.signals[str(k)].values for k in range(len(where))]) - RESTING


def middles(count: int) -> np.ndarray:
    """Where compartments are, in µm."""
    return (np.arange(count) + 0.5) * LENGTH / count


def along(count: int) -> list[object]:
    return [ex.at("dend[0]", float(x) / LENGTH) for x in middles(count)]


def steady_error(count: int) -> float:
    """The worst relative error of the steady voltage beyond the injected compartment."""
    cell = passive(ex.cable(LENGTH, DIAMETER), ex.per_branch(count))
    voltage = risen(cell, along(count), 0.01)[:, -1]
    x = middles(count) / CONSTANT
    # The current enters in the middle of the first compartment: a cable shorter by half a compartment each way.
    endless = ex.physics.input_resistance_semi_infinite(DIAMETER, **MATERIAL)
    exact = 0.01 * endless * ex.physics.steady_finite(x, LENGTH / CONSTANT)
    return float(np.abs(voltage / exact - 1.0)[1:].max())


def test_steady_cable_is_of_second_order_in_space() -> None:
    errors = [steady_error(count) for count in (11, 33, 99)]
    slopes = [math.log(a / b) / math.log(3.0) for a, b in itertools.pairwise(errors)]
    assert slopes == pytest.approx([2.0, 2.0], abs=0.1)
    assert errors[-1] < 1e-4


@pytest.mark.filterwarnings("ignore::excitable.errors.AccuracyWarning")
@pytest.mark.filterwarnings("ignore:The step dt = 0.2 ms is coarse")
def test_transient_cable_is_of_second_order_in_space_and_time_together() -> None:
    """Step and compartment are made smaller together; judged beyond a tenth of a time constant."""
    errors = []
    for count, dt in ((9, 0.2), (27, 0.2 / 3.0), (81, 0.2 / 9.0)):
        cell = passive(ex.cable(LENGTH, DIAMETER), ex.per_branch(count))
        voltage = risen(cell, [ex.at("dend[0]", 0.5), ex.at("dend[0]", 1.0 - 0.5 / 9.0)], 0.01, 20.0, dt)
        stride = count // 9
        moments = 0.2 * np.arange(5, 101)
        endless = ex.physics.input_resistance_semi_infinite(DIAMETER, **MATERIAL)
        exact = [
            0.01 * endless * ex.physics.step_finite(x, moments / TIME_CONSTANT, LENGTH / CONSTANT)
            for x in (0.5 * LENGTH / CONSTANT, (1.0 - 0.5 / 9.0) * LENGTH / CONSTANT)
        ]
        errors.append(float(np.sqrt(np.mean((voltage[:, ::stride][:, 5:101] - exact) ** 2))))
    slopes = [math.log(a / b) / math.log(3.0) for a, b in itertools.pairwise(errors)]
    assert slopes == pytest.approx([2.0, 2.0], abs=0.1)


def test_input_resistance() -> None:
    """Of a sealed cable at its end (with the half compartment of axial resistance put back), and of a small cell."""
    count = 301
    cell = passive(ex.cable(LENGTH, DIAMETER), ex.per_branch(count))
    centre = risen(cell, [ex.at("dend[0]", 0.0)], 0.01)[0, -1] / 0.01
    half = 1e-2 * 150.0 * (LENGTH / count / 2.0) / (math.pi * (DIAMETER / 2.0) ** 2)
    exact = ex.physics.input_resistance_finite(LENGTH, DIAMETER, **MATERIAL)
    assert centre + half == pytest.approx(exact, rel=1e-5)
    ball = passive(ex.single_compartment(20.0), ex.per_branch(1))
    sphere = ex.physics.input_resistance_sphere(20.0, membrane_resistance=1e4)
    assert risen(ball, [ex.root], 0.01)[0, -1] / 0.01 == pytest.approx(sphere, rel=1e-9)


def test_the_membrane_charges_with_its_time_constant() -> None:
    ball = passive(ex.single_compartment(20.0), ex.per_branch(1), capacitance=2.0)
    dt, every = 0.01, 1
    voltage = risen(ball, [ex.root], 0.01, 40.0, dt)[0]
    time = dt * every * np.arange(voltage.size)
    sphere = ex.physics.input_resistance_sphere(20.0, membrane_resistance=1e4)
    np.testing.assert_allclose(voltage, 0.01 * sphere * -np.expm1(-time / 20.0), atol=1e-6)


def test_a_tree_of_three_halves_is_its_equivalent_cylinder() -> None:
    """The same voltages at the same electrotonic distance: exactly, for compartments that correspond."""
    depth, trunk, thick = 4, 100.0, 6.0
    tree = BinaryTree(depth + 1, trunk, thick)
    lengths = [tree.branch(level)[0] for level in range(depth + 1)]
    branched = passive(ex.balanced_tree(depth, length=lengths, diameter=thick), ex.per_branch(6))
    cylinder = passive(ex.cable((depth + 1) * trunk, thick), ex.per_branch(6 * (depth + 1)))
    tips = [branch.name for branch in branched.morphology.branches[-3:]]
    in_tree = risen(branched, [ex.at("dend[0]", 0.0), *(ex.at(tip, 1.0) for tip in tips)], 0.1, 30.0)
    in_cylinder = risen(cylinder, [ex.at("dend[0]", 0.0), ex.at("dend[0]", 1.0)], 0.1, 30.0)
    np.testing.assert_allclose(in_tree[0], in_cylinder[0], rtol=1e-9, atol=1e-9)
    for tip in in_tree[1:]:
        np.testing.assert_allclose(tip, in_cylinder[1], rtol=1e-9, atol=1e-9)


def test_rallpack_cable_with_a_coarse_grid_converges_to_the_published_curve() -> None:
    """The far end of Rallpack 1 from 25 and 50 compartments: errors as 4 to 1."""
    times = 0.1 * np.arange(1001)
    exact = rallpack.step_response(rallpack.CABLE, rallpack.CABLE.length, times)
    errors = []
    for count in (25, 75):
        cell = ex.Cell(ex.cable(1000.0, 1.0), ex.per_branch(count), axial_resistivity=100.0)
        cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=rallpack.LEAK_CONDUCTANCE, reversal=RESTING))
        found = risen(cell, [ex.at("dend[0]", 1.0)], rallpack.CURRENT, 100.0, 0.02)[0, ::5]
        middle = rallpack.step_response(SealedCable(1000.0, 1.0), 1000.0 * (1.0 - 0.5 / count), times)
        errors.append(float(np.abs(found - middle)[20:].max()))
        assert np.abs(exact - middle).max() < 1.0
    assert math.log(errors[0] / errors[1]) / math.log(3.0) == pytest.approx(2.0, abs=0.15)
