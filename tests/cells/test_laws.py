"""Laws that hold for any cell: charge is conserved, symmetry is kept, the order of branches does not matter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from runtime.cells import SQUID

import excitable as ex

METHODS = [ex.staggered, ex.backward_euler]
DT = 0.025


def sprout(rows: Sequence[tuple[object, ...]]) -> ex.Morphology:
    return ex.from_table(rows)


SOMA = ("soma[0]", "soma", None, 0.0, [[0, 0, 0, 18], [20, 0, 0, 20]])
LEFT = ("dend[0]", "dendrite", "soma[0]", 0.0, [[0, 0, 0, 2], [-60, 10, 0, 1]])
RIGHT = ("dend[1]", "dendrite", "soma[0]", 1.0, [[20, 0, 0, 3], [90, 0, 0, 1.5]])
UPPER = ("dend[2]", "dendrite", "dend[1]", 1.0, [[90, 0, 0, 1.2], [150, 40, 0, 0.7]])
LOWER = ("dend[3]", "dendrite", "dend[1]", 1.0, [[90, 0, 0, 1.0], [140, -40, 0, 1.0]])
SPUR = ("dend[4]", "dendrite", "dend[1]", 0.5, [[55, 0, 0, 1.0], [55, 45, 0, 1.0]])
AXON = ("axon[0]", "axon", "soma[0]", 0.5, [[10, 0, 0, 1], [10, -120, 0, 1]])
TREE = (SOMA, LEFT, RIGHT, UPPER, LOWER, SPUR, AXON)


def dressed(shape: ex.Morphology, passive: bool) -> ex.Cell:
    cell = ex.Cell(shape, ex.per_branch(5), axial_resistivity=130.0, capacitance=0.9)
    leak = ex.Leak(conductance=3e-4, reversal=-65.0)
    if passive:
        return ex.paint(cell, ex.everywhere, leak)
    cell = ex.paint(cell, ex.soma | ex.axon, *SQUID)
    return ex.paint(cell, ex.dendrite, leak, ex.SquidPotassium(conductance=0.004))


@pytest.mark.parametrize("passive", [True, False], ids=["passive", "active"])
@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_injected_charge_is_capacitive_and_ionic_charge(method: ex.methods.Method, passive: bool) -> None:
    """At every step: I = Σ area (C dV/dt + i). Nothing is lost in junctions, between kinds, or at sealed ends."""
    cell = dressed(sprout(TREE), passive)
    everywhere = ex.each(ex.everywhere)
    record = [ex.voltage(at=everywhere, label="v"), ex.current(at=everywhere, label="i")]
    pulse = ex.current_pulse(at=ex.at("dend[2]", 1.0), amplitude=0.4, start=1.0, duration=4.0)
    second = ex.current_sine(at=ex.soma, amplitude=0.3, frequency=200.0)
    dt = 0.0005
    made = ex.run(cell, 8.0, protocol=[pulse, second], record=record, dt=dt, method=method)
    area = cell.discretise().area * 1e-8
    v, outward = made.signals["v"].values, made.signals["i"].values
    charge_on = 1e3 * 0.9 * (area @ (v[:, -1] - v[:, 0]))  # pC
    ionic = area @ outward * 1e6  # nA
    charge_through = np.sum(0.5 * (ionic[1:] + ionic[:-1])) * dt
    turns = 2.0 * math.pi * 0.2 * 8.0
    charge_in = 0.4 * 4.0 + 0.3 * (1.0 - math.cos(turns)) / (2.0 * math.pi * 0.2)
    assert v.max() > (0.0 if not passive else -60.0)
    assert charge_on + charge_through == pytest.approx(charge_in, rel=1e-2 if method is ex.backward_euler else 1e-5)


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_charge_in_a_passive_tree_is_exact_in_every_step(method: ex.methods.Method) -> None:
    """For an ohmic membrane the balance of the scheme itself is exact: to rounding, not to some order."""
    cell = dressed(sprout(TREE), passive=True)
    record = [ex.voltage(at=ex.each(ex.everywhere), label="v")]
    pulse = ex.current_pulse(at=ex.at("dend[2]", 1.0), amplitude=0.4, start=1.01, duration=4.0)
    v = ex.run(cell, 8.0, protocol=[pulse], record=record, dt=DT, method=method).signals["v"].values
    area = cell.discretise().area * 1e-8
    theta = method.implicitness
    between = theta * v[:, 1:] + (1.0 - theta) * v[:, :-1]
    total = 1e3 * 0.9 * (area @ np.diff(v)) / DT + 1e6 * 3e-4 * (area @ (between + 65.0))
    begins = DT * np.arange(total.size)
    covered = np.clip((begins + DT - 1.01) / DT, 0, 1) - np.clip((begins + DT - 5.01) / DT, 0, 1)
    np.testing.assert_allclose(total, 0.4 * covered, atol=1e-9)


@pytest.mark.parametrize("count", [4, 5, 31, 64])
@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_a_symmetric_cable_answers_symmetrically(method: ex.methods.Method, count: int) -> None:
    cell = ex.paint(ex.Cell(ex.cable(800.0, 2.0), ex.per_branch(count), axial_resistivity=35.4), ex.everywhere, *SQUID)
    ends = [
        ex.current_pulse(at=ex.at("dend[0]", where), amplitude=0.6, duration=100.0, name=name)
        for where, name in ((0.0, "left"), (1.0, "right"))
    ]
    record = [
        ex.voltage(at=ex.each(ex.everywhere), label="v"),
        ex.state("m", of=ex.SquidSodium, at=ex.each(ex.everywhere), label="m"),
    ]
    made = ex.run(cell, 10.0, protocol=ends, record=record, dt=DT, method=method)
    assert made.signals["v"].values.max() > 20.0
    for signal in made.signals.values():
        np.testing.assert_allclose(signal.values, signal.values[::-1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_a_cable_stimulated_from_the_other_end_is_its_mirror(method: ex.methods.Method) -> None:
    cell = ex.paint(ex.Cell(ex.cable(800.0, 2.0), ex.per_branch(37), axial_resistivity=35.4), ex.everywhere, *SQUID)

    def voltages(where: float) -> np.ndarray:
        pulse = ex.current_pulse(at=ex.at("dend[0]", where), amplitude=0.6, duration=100.0)
        record = [ex.voltage(at=ex.each(ex.everywhere), label="v")]
        return ex.run(cell, 10.0, protocol=[pulse], record=record, dt=DT, method=method).signals["v"].values

    np.testing.assert_allclose(voltages(0.0), voltages(1.0)[::-1], rtol=1e-9, atol=1e-9)


def by_branch(cell: ex.Cell, method: ex.methods.Method) -> dict[str, np.ndarray]:
    """The voltages of every branch, each from its near to its far end."""
    pulse = ex.current_pulse(at=ex.at("dend[2]", 1.0), amplitude=0.7, start=0.5, duration=100.0)
    signal = ex.run(
        cell, 10.0, protocol=[pulse], record=[ex.voltage(at=ex.each(ex.everywhere), label="v")], dt=DT, method=method
    ).signals["v"]
    found: dict[str, list[tuple[float, np.ndarray]]] = {}
    for place, row in zip(signal.places, signal.values, strict=True):
        found.setdefault(place.branch, []).append((place.position, row))
    return {name: np.array([row for _, row in sorted(rows, key=lambda r: r[0])]) for name, rows in found.items()}


ORDERS = [(0, 2, 1, 3, 4, 5, 6), (0, 6, 2, 5, 4, 3, 1), (0, 2, 5, 3, 6, 4, 1)]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("passive", [True, False], ids=["passive", "active"])
@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_the_order_of_branches_does_not_matter(
    method: ex.methods.Method, passive: bool, order: tuple[int, ...]
) -> None:
    one = by_branch(dressed(sprout(TREE), passive), method)
    other = by_branch(dressed(sprout([TREE[k] for k in order]), passive), method)
    assert set(one) == set(other) == {row[0] for row in TREE}
    for name in one:
        np.testing.assert_allclose(other[name], one[name], rtol=1e-9, atol=1e-8, err_msg=name)


def test_a_cable_in_two_branches_is_the_cable() -> None:
    """Cut in the middle: the same compartments, the same numbers; and turned around, which moves the root."""
    half = [[0, 0, 0, 2], [400, 0, 0, 2]], [[400, 0, 0, 2], [800, 0, 0, 2]]
    whole = ex.Cell(ex.cable(800.0, 2.0), ex.per_branch(20), axial_resistivity=80.0)
    two = [("dend[0]", "dendrite", None, 0.0, half[0]), ("dend[1]", "dendrite", "dend[0]", 1.0, half[1])]
    cut = ex.Cell(ex.from_table(two), ex.per_branch(10), axial_resistivity=80.0)
    back = [
        ("dend[0]", "dendrite", None, 0.0, half[1][::-1]),
        ("dend[1]", "dendrite", "dend[0]", 1.0, half[0][::-1]),
    ]
    turned = ex.Cell(ex.from_table(back), ex.per_branch(10), axial_resistivity=80.0)

    def ends(cell: ex.Cell, first: object, last: object) -> np.ndarray:
        pulse = ex.current_pulse(at=first, amplitude=1.0, duration=100.0)
        record = [ex.voltage(at=first, label="a"), ex.voltage(at=last, label="b")]
        made = ex.run(ex.paint(cell, ex.everywhere, *SQUID), 10.0, protocol=[pulse], record=record, dt=DT).signals
        return np.array([made["a"].values, made["b"].values])

    expected = ends(whole, ex.at("dend[0]", 0.0), ex.at("dend[0]", 1.0))
    assert expected[1].max() > 20.0
    np.testing.assert_allclose(ends(cut, ex.at("dend[0]", 0.0), ex.at("dend[1]", 1.0)), expected, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(
        ends(turned, ex.at("dend[1]", 1.0), ex.at("dend[0]", 0.0)), expected, rtol=1e-8, atol=1e-8
    )


def test_lines_and_numbers_of_a_file_may_be_permuted(tmp_path: Path) -> None:
    """Children may stand before parents in the file, under any numbers: the cell is the same."""
    points = [(1, 1, 0, 0, 0, 8, -1), (2, 3, 8, 0, 0, 1, 1), (3, 3, 60, 0, 0, 0.8, 2), (4, 3, 90, 30, 0, 0.5, 3)]
    points += [(5, 3, 90, -40, 0, 0.6, 3), (6, 2, -8, 0, 0, 0.5, 1), (7, 2, -100, 5, 0, 0.5, 6)]
    renamed = {number: 10 * (8 - number) + 3 for number, *_ in points} | {-1: -1}

    def cell(name: str, rows: Sequence[Sequence[float]]) -> ex.Cell:
        file = tmp_path / name
        file.write_text("\n".join(" ".join(map(str, row)) for row in rows) + "\n")
        return dressed(ex.read(file), passive=False)

    def tips(given: ex.Cell) -> list[tuple[object, ...]]:
        record = [ex.voltage(at=ex.terminals(), label="v")]
        pulse = ex.current_pulse(at=ex.soma, amplitude=0.5, duration=100.0)
        signal = ex.run(given, 8.0, protocol=[pulse], record=record, dt=DT).signals["v"]
        return sorted(
            (place.x, place.y, tuple(row.round(7))) for place, row in zip(signal.places, signal.values, strict=True)
        )

    shuffled = [(renamed[n], *rest, renamed[parent]) for n, *rest, parent in (points[k] for k in (6, 3, 0, 5, 4, 2, 1))]
    assert tips(cell("one.swc", points)) == tips(cell("other.swc", shuffled))


@pytest.mark.parametrize("factor", [0.5, 4.0])
def test_a_larger_compartment_with_a_larger_current_is_the_same(factor: float) -> None:
    def voltage(size: float, amplitude: float) -> np.ndarray:
        cell = ex.paint(ex.Cell(ex.single_compartment(size)), ex.everywhere, *SQUID)
        pulse = ex.current_pulse(at=ex.root, amplitude=amplitude, start=1.0, duration=100.0)
        return ex.run(cell, 20.0, protocol=[pulse], dt=DT).signals["voltage at root"].values

    plain = voltage(20.0, 0.2)
    assert plain.max() > 20.0
    np.testing.assert_allclose(voltage(20.0 * factor, 0.2 * factor**2), plain, rtol=1e-9, atol=1e-9)


def test_lengths_and_resistivity_scale_together() -> None:
    """Twice as long, four times as thick: the same electrotonic cable with eight times the area and current."""

    def voltage(length: float, diameter: float, amplitude: float) -> np.ndarray:
        cell = ex.Cell(ex.cable(length, diameter), ex.per_branch(25), axial_resistivity=100.0)
        cell = ex.paint(cell, ex.everywhere, *SQUID)
        pulse = ex.current_pulse(at=ex.at("dend[0]", 0.0), amplitude=amplitude, duration=100.0)
        record = [ex.voltage(at=ex.each(ex.everywhere), label="v")]
        return ex.run(cell, 10.0, protocol=[pulse], record=record, dt=DT).signals["v"].values

    np.testing.assert_allclose(voltage(1000.0, 4.0, 3.2), voltage(500.0, 1.0, 0.4), rtol=1e-8, atol=1e-8)


def test_units_are_only_a_way_of_writing() -> None:
    def voltage(*given: object) -> np.ndarray:
        length, diameter, resistivity, capacitance, leak, reversal, amplitude, start, duration, dt = given
        cell = ex.Cell(
            ex.cable(length, diameter), ex.per_branch(7), axial_resistivity=resistivity, capacitance=capacitance
        )
        cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=leak, reversal=reversal))
        pulse = ex.current_pulse(at=ex.root, amplitude=amplitude, start=start, duration=5.0)
        return ex.run(cell, duration, protocol=[pulse], dt=dt).signals["voltage at root"].values

    plain = voltage(500.0, 2.0, 150.0, 0.8, 2e-4, -70.0, 0.25, 1.0, 10.0, 0.05)
    written = voltage(
        "0.5 mm", "2e-6 m", "1.5 ohm m", "8 mF/m2", "0.2 mS/cm2", "-0.07 V", "250 pA", "1000 us", "0.01 s", "50 us"
    )
    np.testing.assert_allclose(written, plain, rtol=1e-12)


def test_painting_in_two_strokes_is_painting_at_once() -> None:
    cell = ex.Cell(sprout(TREE), ex.per_branch(3))
    once = ex.paint(cell, ex.everywhere, *SQUID)
    twice = ex.paint(ex.paint(cell, ex.soma, *SQUID), ex.dendrite | ex.axon, *reversed(SQUID))
    over = ex.paint(ex.paint(cell, ex.everywhere, *(type(c)(conductance=0.5) for c in SQUID)), ex.everywhere, *SQUID)
    expected = by_branch(once, ex.staggered)
    for other in (twice, over):
        for name, rows in by_branch(other, ex.staggered).items():
            np.testing.assert_allclose(rows, expected[name], rtol=1e-9, atol=1e-8)
