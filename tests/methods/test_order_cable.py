"""Cables and trees converge with the order of the method: in time to the exact solution of the same compartments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from methods.observed import METHODS, Array, Traces, observed_order, wrong_orders
from methods.squid import traces
from references.rallpack import SealedCable
from references.squid_axon import Axon, Membrane

import excitable as ex

COUNT, LENGTH, DIAMETER, RESISTIVITY = 20, 1000.0, 1.0, 100.0
LEAK = 1e-4
# A fraction of a step, the same for all steps: each is a quarter of the one before.
STEPS = (0.05, 0.0125, 0.003125)
OFF_GRID = STEPS[0] / 3.0


def passive_cable() -> ex.Cell:
    cell = ex.Cell(ex.cable(LENGTH, DIAMETER), ex.per_branch(COUNT), axial_resistivity=RESISTIVITY)
    return ex.paint(cell, ex.everywhere, ex.Leak(conductance=LEAK, reversal=-65.0))


def exact_passive(times: Array, start: float, stop: float, amplitude: float) -> Traces:
    """Voltages of the first, a middle and the last compartment: eigenvectors of the chain, a pulse into the first."""
    dx = LENGTH / COUNT
    capacitance = math.pi * DIAMETER * dx * 1e-8 * 1e3  # nF
    coupling = math.pi * DIAMETER**2 / 4.0 / dx * 1e-4 / RESISTIVITY * 1e6  # µS
    chain = 2.0 * np.eye(COUNT) - np.eye(COUNT, k=1) - np.eye(COUNT, k=-1)
    chain[0, 0] = chain[-1, -1] = 1.0
    decay, modes = np.linalg.eigh(coupling / capacitance * chain + LEAK * 1e3 * np.eye(COUNT))

    def since(moment: float) -> Array:
        grown = -np.expm1(-np.multiply.outer(decay, np.maximum(times - moment, 0.0))) / decay[:, None]
        return np.asarray(modes @ (modes[0][:, None] * grown))

    voltage = -65.0 + amplitude / capacitance * (since(start) - since(stop))
    return {"near": voltage[0], "middle": voltage[10], "far": voltage[-1]}


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_passive_transient(method: ex.methods.Method) -> None:
    start, stop, amplitude = 1.0 + OFF_GRID, 6.0 + OFF_GRID, 0.05
    places = {"near": 0.025, "middle": 0.525, "far": 0.975}
    record = [ex.voltage(at=ex.at("dend[0]", where), label=label) for label, where in places.items()]
    pulse = ex.current_pulse(at=ex.at("dend[0]", 0.0), amplitude=amplitude, start=start, duration=stop - start)

    def simulate(dt: float) -> Traces:
        return traces(ex.run(passive_cable(), 12.0, protocol=[pulse], record=record, dt=dt, method=method))

    times = STEPS[0] * np.arange(241)
    slopes = observed_order(simulate, STEPS, exact_passive(times, start, stop, amplitude))
    assert wrong_orders(slopes, method.order) == {}


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_travelling_spikes(method: ex.methods.Method) -> None:
    """The voltages at both ends of a squid cable, against the independent integrator of Rallpack 3."""
    axon = Axon(SealedCable(2000.0, 2.0), 40, Membrane(leak=0.3, leak_reversal=-54.3), amplitude=0.5)
    steps = (0.02, 0.005, 0.00125)
    times = steps[0] * np.arange(round(16.0 / steps[0]) + 1)
    near, far = axon.centre_voltages(times, 1e-11)
    assert far.max() > 20.0, "the spike is meant to arrive"
    cell = ex.Cell(ex.cable(2000.0, 2.0), ex.per_branch(40), axial_resistivity=100.0)
    cell = ex.paint(
        cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak(conductance=0.0003, reversal=-54.3)
    )
    pulse = ex.current_pulse(at=ex.at("dend[0]", 0.0), amplitude=0.5, duration=1000.0)
    record = [ex.voltage(at=ex.at("dend[0]", where), label=label) for label, where in (("near", 0.0), ("far", 1.0))]

    def simulate(dt: float) -> Traces:
        return traces(ex.run(cell, 16.0, protocol=[pulse], record=record, dt=dt, method=method))

    slopes = observed_order(simulate, steps, {"near": near, "far": far})
    assert wrong_orders(slopes, method.order) == {}


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_everything_recorded_on_a_branched_cell(method: ex.methods.Method) -> None:
    """A soma that fires into a tree of another membrane: gates and currents as well, against a much finer step."""
    shape = ex.ball_and_stick(20.0, 300.0, 2.0)
    cell = ex.Cell(shape, ex.by_branch({"soma*": 1, "dend*": 9}), axial_resistivity=150.0)
    cell = ex.paint(cell, ex.soma, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    cell = ex.paint(cell, ex.dendrite, ex.Leak(conductance=3e-4, reversal=-65.0), ex.SquidPotassium(conductance=0.005))
    tip = ex.distal(ex.dendrite)
    record = [
        ex.voltage(at=ex.soma, label="v"),
        ex.voltage(at=tip, label="v at the tip"),
        ex.state("m", of=ex.SquidSodium, at=ex.soma, label="m"),
        ex.state("n", of=ex.SquidPotassium, at=tip, label="n at the tip"),
        ex.current(at=ex.soma, label="current"),
        ex.current(at=tip, ion="k", label="potassium at the tip"),
    ]
    pulse = ex.current_pulse(at=ex.soma, amplitude=0.6, start=0.5, duration=1000.0)

    def simulate(dt: float) -> Traces:
        return traces(ex.run(cell, 12.0, protocol=[pulse], record=record, dt=dt, method=method))

    steps = (0.02, 0.005, 0.00125)
    finest = traces(ex.run(cell, 12.0, protocol=[pulse], record=record, dt=0.02 / 256.0, every=256))
    assert finest["v"].max() > 20.0, "the cell is meant to fire"
    assert wrong_orders(observed_order(simulate, steps, finest), method.order) == {}
