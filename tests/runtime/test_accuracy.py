"""Stated errors: honest where the truth is known, within the tolerance that was asked for, and kept in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import excitable as ex

SQUID = (ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
RECORD = [ex.voltage(at=ex.root, label="v"), ex.spikes(at=ex.root, label="s")]


def squid(scale: float = 1.0, temperature: float = 6.3) -> ex.Cell:
    """One squid compartment with a scaled sodium conductance."""
    sodium = ex.SquidSodium(conductance=0.12 * scale)
    cell = ex.Cell(ex.single_compartment(20, 20), temperature=temperature)
    return ex.paint(cell, ex.everywhere, sodium, *SQUID[1:])


def pulse(amplitude: float = 0.1257, start: float = 1.013, duration: float = 20.0) -> ex.protocols.Stimulus:
    """A pulse whose edges stand off the grid of steps."""
    return ex.current_pulse(at=ex.root, amplitude=amplitude, start=start, duration=duration)


def truth(cell: ex.Cell, duration: float, protocol: Sequence[Any], dt: float, finer: int = 32) -> ex.Recording:
    """A run that is finer by far, at the samples of a step dt."""
    return ex.run(cell, duration, protocol=protocol, record=RECORD, dt=dt / finer, every=finer)


def cases() -> list[tuple[str, ex.Cell, list[Any]]]:
    """Cells and stimuli that are drawn from a seed, away from thresholds."""
    generator = np.random.default_rng(20)
    made: list[tuple[str, ex.Cell, list[Any]]] = []
    for number in range(12):
        cell = squid(generator.uniform(0.9, 1.3), generator.uniform(5.0, 15.0))
        amplitude = generator.uniform(0.12, 0.4)
        shapes = [
            ex.current_pulse(at=ex.root, amplitude=amplitude, start=generator.uniform(0, 3), duration=15),
            ex.current_ramp(at=ex.root, last=2 * amplitude, start=generator.uniform(0, 3), duration=15),
            ex.current_sine(at=ex.root, amplitude=amplitude, offset=amplitude, frequency=90),
        ]
        made.append((f"case {number}", cell, [shapes[number % 3]]))
    return made


def test_stated_errors_lie_above_the_true_ones_and_not_far():
    below, near, total = 0, 0, 0
    for _, cell, protocol in cases():
        statement = ex.accuracy(cell, 25, protocol=protocol, record=RECORD)
        dt = statement.dt
        coarse = ex.run(cell, 25, protocol=protocol, record=RECORD, dt=dt)
        fine = truth(cell, 25, protocol, dt)
        true = {"v": float(np.abs(coarse["v"].values - fine["v"].values).max())}
        stated = {"v": statement.signals["v"]}
        if coarse.spikes["s"].times[0].size:
            true["s"] = 1e3 * float(np.abs(coarse.spikes["s"].times[0] - fine.spikes["s"].times[0]).max())
            stated["s"] = statement.spike_times["s"]
        for key, error in true.items():
            total += 1
            below += error <= stated[key]
            near += stated[key] <= 20.0 * max(error, 1e-9)
    assert total >= 20
    assert below >= 0.95 * total
    assert near >= 0.9 * total


@pytest.mark.parametrize("method", [ex.staggered, ex.backward_euler], ids=repr)
def test_the_error_of_charging_a_membrane_is_known(method: Any):
    cell = ex.paint(ex.Cell(ex.single_compartment(20, 20)), ex.everywhere, ex.Leak())
    time_constant = 1.0 / 1e-4 * 1e-3  # capacitance over conductance, ms
    statement = ex.accuracy(cell, 20, record=RECORD[:1], dt=0.1, method=method)
    recording = ex.run(cell, 20, record=RECORD[:1], dt=0.1, method=method)
    exact = -70.0 + 5.0 * np.exp(-recording.time / time_constant)
    error = float(np.abs(recording["v"].values - exact).max())
    assert error <= statement.signals["v"] <= 3.0 * error


def test_a_tolerance_of_voltage_and_one_of_time_are_met():
    protocol = [pulse()]
    for tolerance, measured in (("0.2 mV", "v"), ("2 us", "s")):
        recording = ex.run(squid(), 25, protocol=protocol, record=RECORD, tolerance=tolerance)
        statement = recording.error_estimate
        assert statement is not None
        assert statement.dt == recording.description["dt"]
        fine = ex.run(squid(), 25, protocol=protocol, record=RECORD, dt=statement.dt / 32, every=32)
        samples = np.isin(fine.time.round(9), recording.time.round(9))
        voltage = np.abs(recording["v"].values - fine["v"].values[samples]).max()
        late = 1e3 * np.abs(recording.spikes["s"].times[0] - fine.spikes["s"].times[0]).max()
        if measured == "v":
            assert voltage <= statement.signals["v"] <= 0.2
        else:
            assert late <= statement.spike_times["s"] <= 2.0


def test_space_is_refined_where_asked():
    cell = ex.Cell(ex.cable("2 mm", "2 um"), ex.per_branch(5))
    cell = ex.paint(cell, ex.everywhere, ex.Leak())
    step = ex.current_pulse(at=ex.centre(ex.everywhere), amplitude=0.05, start=0, duration=30)
    # The centre of a compartment for 5, 15 and 45 of them, away from the injected current.
    probe = [ex.voltage(at=ex.at("dend[0]", 0.9), label="v")]
    in_time = ex.accuracy(cell, 30, protocol=[step], record=probe)
    both = ex.accuracy(cell, 30, protocol=[step], record=probe, space=True)
    assert (in_time.refined, both.refined) == ("step", "step and space")
    finer = ex.accuracy(
        ex.frozen.replace(cell, compartments=ex.per_branch(15)), 30, protocol=[step], record=probe, space=True
    )
    assert both.signals["v"] > 5.0 * finer.signals["v"] > 0.0
    assert both.signals["v"] > 10.0 * in_time.signals["v"]


def test_a_different_number_of_spikes_is_an_error_without_end():
    statement = ex.ErrorStatement({"v": 1.0}, {"v": "mV"}, {"s": np.inf}, 0.025, 1)
    assert not statement.converged
    assert not statement.within({"us": 1e6})
    assert "different numbers of spikes" in repr(statement)


def test_the_statement_goes_with_the_recording_into_a_file(tmp_path: Path):
    recording = ex.run(squid(), 10, protocol=[pulse()], record=RECORD, tolerance="1 mV")
    for name in ("r.npz", "r.nc"):
        ex.save(recording, tmp_path / name)
        loaded = ex.load(tmp_path / name)
        assert repr(loaded.error_estimate) == repr(recording.error_estimate)
    assert ex.run(squid(), 1).error_estimate is None


def test_a_coarse_step_is_warned_of_and_the_chosen_one_is_not():
    with pytest.warns(ex.AccuracyWarning, match=r"dt = 0.2 ms is coarse for 'cell'.*Write dt=0.025"):
        ex.run(squid(), 5, dt=0.2)
    ex.run(squid(), 5)
    ex.run(ex.paint(ex.Cell(ex.single_compartment(20, 20)), ex.everywhere, ex.Leak()), 5, dt=1.0)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"tolerance": 0}, ex.RequestError, "never zero or less"),
        ({"tolerance": "-1 mV"}, ex.RequestError, "never zero or less"),
        ({"tolerance": "1 nA"}, ex.UnitError, "a voltage or a time"),
        ({"tolerance": "1 mV", "dt": 0.01}, ex.RequestError, "tolerance '1 mV' and dt were given"),
        ({"tolerance": "1e-12 mV"}, ex.RequestError, "was not met with dt"),
        (
            {"tolerance": "1 mV", "protocol": [ex.current_noise(at=ex.root, deviation=0.1, seed=1)]},
            ex.RequestError,
            "another noise with every step",
        ),
    ],
)
def test_tolerances_that_cannot_be(options: dict[str, Any], error: type[Exception], message: str):
    with pytest.raises(error, match=message):
        ex.run(squid(), 3, **options)


def test_a_tolerance_cuts_the_cell_finely_enough() -> None:
    """A cable of two compartments: the run returned has more, and is as near a much finer one as it states."""
    cell = ex.Cell(ex.cable(600.0, 2.0), ex.per_branch(3), axial_resistivity=150.0)
    cell = ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    alike: dict[str, Any] = {
        "protocol": [ex.current_pulse(at=ex.at("dend", 0.5), amplitude=0.5, start=0.5, duration=1.0)],
        "record": [ex.voltage(at=ex.at("dend", 0.5), label="v")],
    }
    made = ex.run(cell, 6.0, tolerance="1 mV", space=True, **alike)
    assert made.description["compartments"] > 3
    stated = made.error_estimate
    assert stated.refined == "step and space"
    assert stated.signals["v"] <= 1.0
    fine = ex.Cell(ex.cable(600.0, 2.0), ex.per_branch(729), axial_resistivity=150.0)
    fine = ex.paint(fine, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    dt = float(made.time[1] - made.time[0])
    exact = ex.run(fine, 6.0, dt=dt, method=ex.Adaptive(tolerance=1e-7), **alike)
    size = min(made.time.size, exact.time.size)
    true = float(np.abs(made["v"].values[:size] - exact["v"].values[:size]).max())
    assert true <= stated.signals["v"] <= 50.0 * true
