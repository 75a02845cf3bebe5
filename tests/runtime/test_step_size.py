"""The step that is chosen when none is asked for: short beside every gate, and said in the recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from runtime.cells import compartment, pulse

import excitable as ex


class Gate(ex.Channel):
    """A gate of a given time constant. Source: made for this test."""

    slow = ex.parameter(1.0, "ms", "time constant")
    x = ex.gate("opening")

    def rates(self, v: Any) -> Mapping[str, Any]:
        return {"x": ex.relax(0.5, self.slow)}


def chosen(cell: ex.Cell) -> float:
    return float(ex.run(cell, 1.0).description["dt"])


@pytest.mark.parametrize(("slow", "dt"), [(100.0, 0.025), (0.07, 0.025), (0.05, 0.02), (0.011, 0.004), (1e-5, 0.0005)])
def test_less_than_half_of_the_shortest_time_constant(slow: float, dt: float) -> None:
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, Gate(slow=slow))
    assert chosen(cell) == dt


def test_the_squid_membrane_gets_the_step_of_the_manual() -> None:
    assert chosen(compartment()) == 0.025
    warm = ex.paint(
        ex.Cell(ex.single_compartment(20.0), temperature=25.0), ex.everywhere, ex.SquidSodium(), ex.SquidPotassium()
    )
    assert chosen(warm) < 0.01


def test_the_fastest_of_all_regions_counts() -> None:
    cell = ex.Cell(ex.ball_and_stick(20.0, 100.0, 1.0), ex.per_branch(5))
    cell = ex.paint(ex.paint(cell, ex.soma, Gate(slow=10.0)), ex.dendrite, Gate(slow=0.02))
    assert chosen(cell) == 0.005


def test_the_fastest_of_a_sweep_counts() -> None:
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, Gate())
    made = ex.sweep(cell, 1.0, ex.vary(Gate, "slow", [1.0, 10.0, 0.02]))
    assert made.description["dt"] == 0.005


def test_the_fastest_compartment_along_a_cell_counts() -> None:
    falling = Gate(slow=ex.along(lambda place: 1.02 - place.distance / 100.0))
    cell = ex.paint(ex.Cell(ex.cable(100.0, 1.0), ex.per_branch(50)), ex.everywhere, falling)
    assert chosen(cell) < 0.02


def test_the_chosen_step_keeps_a_spike_train_within_tens_of_microseconds() -> None:
    record = [ex.spikes(at=ex.root, label="s")]
    made = ex.run(compartment(), 50.0, protocol=[pulse(0.125, start=0.0)], record=record)
    exact = ex.run(compartment(), 50.0, protocol=[pulse(0.125, start=0.0)], record=record, dt=0.001)
    late = made.spikes["s"].times[0] - exact.spikes["s"].times[0]
    assert np.abs(late).max() < 0.02


def test_a_run_covers_its_duration() -> None:
    for duration, dt, steps in ((1.0, 0.025, 40), (1.0, 0.03, 34), (0.001, 0.025, 1), (0.3, 0.1, 3), (1.1, 0.1, 11)):
        made = ex.run(compartment(), duration, dt=dt)
        assert made.description["steps"] == steps
        assert made.final_state.description["time"] >= duration - 1e-9
