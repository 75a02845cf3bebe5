"""Cells that cannot be: each is refused with what happened, what was expected and what to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from runtime.cells import cable, compartment, tree

import excitable as ex

BALL = ex.single_compartment(20.0)
CELLS: dict[str, tuple[Callable[[], Any], str]] = {
    "a file for a shape": (lambda: ex.Cell("neuron.swc"), r"'neuron.swc' as its shape.*Cell\(read\("),
    "a class for a shape": (lambda: ex.Cell(ex.Leak), "as its shape"),
    "a negative length": (lambda: ex.cable(-100.0, 1.0), "The length of cable is -100 µm. It is a length"),
    "a length of zero": (lambda: ex.cable(0.0, 1.0), "The length of cable is 0 µm"),
    "a diameter of zero": (lambda: ex.cable(100.0, 0.0), "diameter of cable is 0 µm"),
    "a length in mV": (lambda: ex.cable("100 mV", 1.0), "the length of cable is expected in um"),
    "a length that is not a number": (lambda: ex.cable(float("nan"), 1.0), "the length of cable"),
    "a resistivity of zero": (lambda: ex.Cell(BALL, axial_resistivity=0.0), r"The axial resistivity was given as 0\.0"),
    "a negative capacitance": (lambda: ex.Cell(BALL, capacitance=-1.0), r"The capacitance was given as -1\.0 uF/cm2"),
    "a capacitance in mV": (lambda: ex.Cell(BALL, capacitance="1 mV"), "the capacitance is expected in uF/cm2"),
    "kelvin without a unit": (lambda: ex.Cell(BALL, temperature=310.0), r"The temperature was given as 310\.0 °C"),
    "a frozen cell": (lambda: ex.Cell(BALL, temperature=-5.0), r"The temperature was given as -5\.0 °C"),
    "a voltage in nA": (lambda: ex.Cell(BALL, initial_voltage="1 nA"), "the initial voltage is expected in mV"),
    "an argument that is not there": (lambda: ex.Cell(BALL, capacity=1.0), "capacity"),
    "a material of zero": (lambda: ex.material(capacitance=0.0), r"The capacitance was given as 0\.0 uF/cm2"),
    "no compartments": (lambda: ex.per_branch(0), "The number of compartments per branch is 0"),
    "half a compartment": (lambda: ex.per_branch(1.5), r"The number of compartments per branch is 1\.5"),
    "compartments of no length": (lambda: ex.max_length(0.0), "length"),
    "paint on a shape": (lambda: ex.paint(BALL, ex.soma, ex.Leak()), "The first argument is a Cell"),
    "paint a class": (lambda: ex.paint(compartment(), ex.soma, ex.Leak), r"The class Leak was painted.*Leak\(\)"),
    "paint a number": (lambda: ex.paint(compartment(), ex.soma, 3.0), r"3\.0 was painted"),
    "paint a region that is empty here": (
        lambda: ex.paint(cable(), ex.apical, ex.Leak()),
        r"(?i)the region apical holds none of the 23 compartments of 'cable'",
    ),
    "paint a difference that is empty": (
        lambda: ex.paint(tree(), ex.dendrite - ex.everywhere, ex.Leak()), "holds none of the",
    ),
    "a region that nobody has": (lambda: ex.paint(tree(), "dendrit", ex.Leak()), "(?i)dendrit"),
    "a branch that nobody has": (lambda: ex.paint(tree(), ex.branch("dend[9]"), ex.Leak()), r"dend\[9\]"),
    "a rule that is a number": (lambda: ex.Cell(BALL, 3).discretise(), "(?i)3"),
    "an axial resistance that is nothing": (lambda: ex.material(axial_resistivity="0 ohm cm"), "must be positive"),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_cannot_be(name: str) -> None:
    attempt, message = CELLS[name]
    with pytest.raises((ex.ExcitableError, TypeError), match=f"(?s){message}"):
        attempt()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "neuron.swc").write_text("1 1 0 0 0 5 -1\n")
    with pytest.raises(ex.ExcitableError, match=r"(?s)neuro\.swc"):
        ex.read(tmp_path / "neuro.swc")


def test_a_cell_does_not_change() -> None:
    cell = compartment()
    with pytest.raises(AttributeError, match="capacitance"):
        cell.capacitance = 2.0
    painted = ex.paint(cell, ex.everywhere, ex.Leak())
    assert painted is not cell
    assert len(cell.paintings) + 1 == len(painted.paintings)


def test_a_cell_without_mechanisms_is_a_capacitor() -> None:
    cell = ex.Cell(ex.cable(500.0, 2.0), ex.per_branch(9), axial_resistivity=100.0)
    pulse = ex.current_pulse(at=ex.root, amplitude=0.1, start=0.0, duration=1.0)
    made = ex.run(cell, 60.0, protocol=[pulse], record=[ex.voltage(at=ex.each(ex.everywhere), label="v")], dt=0.025)
    rise = 0.1 * 1.0 / (np.pi * 2.0 * 500.0 * 1e-5)
    np.testing.assert_allclose(made.signals["v"].values[:, -1], -65.0 + rise, rtol=1e-6)


def test_materials_reach_their_region() -> None:
    """Twice the capacitance in the soma halves its first step; the later stroke wins where two overlap."""
    plain = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, ex.Leak(conductance=1e-12))
    pulse = ex.current_pulse(at=ex.soma, amplitude=0.1, duration=100.0)

    def rise(cell: ex.Cell) -> float:
        return float(ex.run(cell, 1.0, protocol=[pulse], dt=0.025).signals["voltage at root"].values[-1] + 65.0)

    double = ex.paint(plain, ex.soma, ex.material(capacitance="20 mF/m2"))
    assert rise(plain) == pytest.approx(2.0 * rise(double), rel=1e-9)
    assert rise(ex.paint(double, ex.everywhere, ex.material(capacitance=4.0))) == pytest.approx(0.25 * rise(plain))


def test_temperature_and_voltage_of_a_region() -> None:
    cell = ex.paint(tree(), ex.dendrite, ex.material(temperature="20 degC", initial_voltage="-70 mV"))
    record = [
        ex.voltage(at=ex.soma, label="soma"), ex.voltage(at=ex.distal(ex.dendrite), label="dendrite"),
        ex.state("n", of=ex.SquidPotassium, at=ex.distal(ex.dendrite), label="n"),
    ]  # fmt: skip
    made = ex.run(cell, 0.5, record=record, dt=0.025)
    assert made.signals["soma"].values[0] == -65.0
    assert made.signals["dendrite"].values[0] == -70.0
    expected = ex.SquidPotassium().steady_state("n", v=-70.0, temperature=20.0)
    assert made.signals["n"].values[0] == pytest.approx(expected, rel=1e-12)


def test_parameters_along_the_cell() -> None:
    """A leak that grows with distance: the steady current of each compartment says what it got."""
    leak = ex.Leak(conductance=ex.along(lambda place: 1e-4 * (1.0 + place.distance / 100.0)), reversal=-60.0)
    cell = ex.paint(ex.Cell(ex.cable(300.0, 2.0), ex.per_branch(19), axial_resistivity=1e9), ex.everywhere, leak)
    record = [ex.current(at=ex.each(ex.everywhere), of=ex.Leak, label="i")]
    signal = ex.run(cell, 0.1, record=record, dt=0.025).signals["i"]
    np.testing.assert_allclose(signal.values[:, 0], 1e-4 * (1.0 + signal.distance / 100.0) * -5.0, rtol=1e-12)


def test_a_later_stroke_of_one_name_takes_the_place_of_the_earlier() -> None:
    cell = ex.paint(tree(), ex.dendrite, ex.Leak(reversal=-40.0))
    record = [
        ex.current(at=ex.each(ex.dendrite), of=ex.Leak, label="i"),
        ex.voltage(at=ex.each(ex.dendrite), label="v"),
    ]
    made = ex.run(cell, 0.1, record=record, dt=0.025).signals
    expected = ex.Leak().conductance * (made["v"].values[:, 0] + 40.0)
    np.testing.assert_allclose(made["i"].values[:, 0], expected, rtol=1e-12)
