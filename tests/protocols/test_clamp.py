"""The voltage clamp: the potential follows the command, and the current is what the membrane took."""

from __future__ import annotations

import math

import numpy as np
import pytest
from methods.squid import currents, membrane_cell, rates, steady_gates
from runtime.cells import cable, tree

import excitable as ex

METHODS = [ex.staggered, ex.backward_euler]
DT = 0.01
AREA_CM2 = 4e-6 * math.pi
# Of the compartment of 20 by 20 µm, in nF.
CAPACITANCE = 4e-3 * math.pi


def clamped(
    cell: ex.Cell, at: object, levels: list[tuple[float, float]], duration: float, **more: object
) -> ex.Recording:
    record = [ex.voltage(at=at, label="v"), ex.clamp_current(label="i")]
    clamp = ex.voltage_clamp(at=at, levels=levels)
    return ex.run(cell, duration, **{"protocol": [clamp], "record": record, "dt": DT, **more})


@pytest.mark.parametrize("method", METHODS, ids=repr)
@pytest.mark.parametrize("cell", [membrane_cell, cable, tree])
def test_the_potential_follows_the_command(cell: object, method: ex.methods.Method) -> None:
    """Every sample stands at the level of the step that ended there."""
    made = clamped(cell(), ex.root, [(2.0, -65.0), (3.0, 10.0), (1.0, -90.0)], 8.0, method=method)
    time, v = made.time, made.signals["v"].values
    command = np.select([time < 2.0 - 0.5 * DT, time < 5.0 - 0.5 * DT], [-65.0, 10.0], -90.0)
    np.testing.assert_allclose(v, command, rtol=0, atol=1e-9)


@pytest.mark.parametrize("method", METHODS, ids=repr)
@pytest.mark.parametrize("level", [-100.0, -30.0, 0.0, 50.0])
def test_currents_under_clamp_are_those_of_the_paper(level: float, method: ex.methods.Method) -> None:
    """m = m∞ - (m∞ - m0) exp(-t/τ) and so on (eqs 8, 11, 16): gates of every sample, and the current of the clamp."""
    record = [
        ex.clamp_current(label="i"),
        ex.state("m", of=ex.SquidSodium, at=ex.root, label="m"),
        ex.state("h", of=ex.SquidSodium, at=ex.root, label="h"),
        ex.state("n", of=ex.SquidPotassium, at=ex.root, label="n"),
        ex.current(at=ex.root, label="ionic"),
    ]
    made = clamped(membrane_cell(), ex.root, [(1.0, -65.0), (9.0, level)], 10.0, record=record, method=method)
    # The potential jumps in the step that ends at 1 ms: for the gates, as many steps early as they lag behind.
    since = np.maximum(made.time - (1.0 - method.lag * DT), 0.0)
    gates = [
        a / (a + b) - (a / (a + b) - start) * np.exp(-(a + b) * since)
        for (a, b), start in zip(rates(level), steady_gates(-65.0), strict=True)
    ]
    after = made.time > 1.0 + 0.5 * DT
    for name, exact in zip("mhn", gates, strict=True):
        np.testing.assert_allclose(made.signals[name].values[after], exact[after], rtol=0, atol=1e-10)
    ionic = sum(currents(level, *gates))
    np.testing.assert_allclose(made.signals["ionic"].values[after], ionic[after], rtol=1e-8, atol=1e-9)
    injected = made.signals["i"].values
    middle = 0.5 * (ionic[1:] + ionic[:-1])[after[1:]] * AREA_CM2 * 1e6
    np.testing.assert_allclose(injected[1:][after[1:]], middle, rtol=0, atol=0.02 * np.abs(middle).max())


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_the_charge_of_a_step_is_capacitance_times_voltage(method: ex.methods.Method) -> None:
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0, 20.0)), ex.everywhere, ex.Leak(conductance=1e-12))
    made = clamped(cell, ex.root, [(1.0, -65.0), (9.0, -5.0)], 4.0, method=method)
    charge = DT * made.signals["i"].values.sum()
    assert charge == pytest.approx(CAPACITANCE * 60.0, rel=1e-8)


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_the_clamp_of_a_cable_meets_its_input_resistance(method: ex.methods.Method) -> None:
    """Held 10 mV above rest for a long time at one sealed end."""
    resistance = ex.physics.input_resistance_finite(1000.0, 2.0, membrane_resistance=1e4, axial_resistivity=100.0)
    cell = ex.Cell(ex.cable(1000.0, 2.0), ex.per_branch(400), axial_resistivity=100.0, initial_voltage=-65.0)
    cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=1e-4, reversal=-65.0))
    made = clamped(cell, ex.at("dend[0]", 0.0), [(200.0, -55.0)], 200.0, method=method, dt=0.1)
    # The electrode sits in the middle of the first compartment, 1.25 µm from the end.
    assert made.signals["i"].values[-1] == pytest.approx(10.0 / resistance, rel=2e-3)


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_what_the_clamp_injects_is_all_that_the_cell_takes(method: ex.methods.Method) -> None:
    """Charge in = charge on all membranes + charge through all membranes, at the end of every step."""
    shape = tree()
    record = [
        ex.clamp_current(label="i"),
        ex.voltage(at=ex.each(ex.everywhere), label="v"),
    ]
    passive = ex.paint(
        ex.Cell(shape.morphology, ex.max_length(17.0), initial_voltage=-65.0),
        ex.everywhere,
        ex.Leak(conductance=1e-3, reversal=-65.0),
    )
    made = clamped(passive, ex.soma, [(1.0, -65.0), (9.0, -20.0)], 10.0, record=record, method=method)
    area = passive.discretise().area * 1e-8
    rise = made.signals["v"].values + 65.0
    theta = method.implicitness
    between = theta * rise[:, 1:] + (1.0 - theta) * rise[:, :-1]
    leaked = 1e-3 * 1e6 * (area @ between)  # nA
    stored = 1e3 * (area @ np.diff(rise)) / DT  # nA
    np.testing.assert_allclose(made.signals["i"].values[1:], leaked + stored, rtol=1e-9, atol=1e-9)


def test_two_clamps_hold_both_ends() -> None:
    """The steady current between them is that of the axial resistance, with the membrane shut."""
    cell = ex.Cell(ex.cable(400.0, 2.0), ex.per_branch(40), axial_resistivity=150.0)
    cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=1e-12))
    protocol = [
        ex.voltage_clamp(at=ex.at("dend[0]", 0.0), levels=[(1.0, -40.0)], name="left"),
        ex.voltage_clamp(at=ex.at("dend[0]", 1.0), levels=[(1.0, -60.0)], name="right"),
    ]
    record = [ex.clamp_current("left", label="left"), ex.clamp_current("right", label="right")]
    made = ex.run(cell, 50.0, protocol=protocol, record=record, dt=0.05)
    resistance = 1e-2 * 150.0 * 390.0 / (math.pi * 1.0**2)
    assert made.signals["left"].values[-1] == pytest.approx(20.0 / resistance, rel=1e-6)
    assert made.signals["right"].values[-1] == pytest.approx(-20.0 / resistance, rel=1e-6)


def test_levels_of_a_clamp_can_be_swept() -> None:
    levels = np.array([-100.0, -30.0, 20.0])
    clamp = ex.voltage_clamp(at=ex.root, levels=[(1.0, -65.0), (5.0, 0.0)])
    record = [ex.voltage(at=ex.root, label="v"), ex.clamp_current(label="i")]
    made = ex.sweep(
        membrane_cell(), 3.0, ex.vary("clamp", "level_1", levels, name="level"), protocol=[clamp], record=record, dt=DT
    )
    np.testing.assert_allclose(made.signals["v"].values[:, -1], levels, atol=1e-9)
    for row, level in zip(made.signals["i"].values, levels, strict=True):
        single = clamped(membrane_cell(), ex.root, [(1.0, -65.0), (5.0, float(level))], 3.0).signals["i"].values
        np.testing.assert_allclose(row, single, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([], "has no levels"),
        ([(0.0, -65.0)], r"Level 1 of the clamp 'clamp' lasts 0\.0 ms. A duration must be positive"),
        ([(5.0, -65.0), (-1.0, 0.0)], r"Level 2 of the clamp 'clamp' lasts -1\.0 ms"),
        ([("5 mV", -65.0)], "the duration of level 1 of clamp"),
        ([(5.0, "1 nA")], "level 1 of clamp"),
    ],
)
def test_levels_that_make_no_sense_are_refused(levels: list[tuple[object, object]], message: str) -> None:
    with pytest.raises(ex.RequestError, match=message):
        ex.voltage_clamp(at=ex.soma, levels=levels)


def test_two_clamps_in_one_compartment_are_refused() -> None:
    clamps = [ex.voltage_clamp(at=ex.root, levels=[(1.0, -65.0)], name=name) for name in ("one", "two")]
    with pytest.raises(ex.RequestError, match="The clamps 'one' and 'two' hold the same compartment"):
        ex.run(membrane_cell(), 1.0, protocol=clamps)


def test_a_clamp_that_is_not_there_has_no_current() -> None:
    with pytest.raises(ex.RequestError, match="'patch' was asked for, and the protocol has no voltage clamp"):
        ex.run(membrane_cell(), 1.0, record=[ex.clamp_current("patch")])
    clamp = ex.voltage_clamp(at=ex.root, levels=[(1.0, -65.0)])
    with pytest.raises(ex.RequestError, match="'patch' was asked for, and the protocol has the clamps clamp"):
        ex.run(membrane_cell(), 1.0, protocol=[clamp], record=[ex.clamp_current("patch")])
