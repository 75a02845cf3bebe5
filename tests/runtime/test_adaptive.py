"""The adaptive method: closed forms, converged runs, edges met exactly, samples that change nothing, and failures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from runtime.cells import cable, compartment, pulse, tree

import excitable as ex
from excitable.expressions import where

TIGHT = ex.Adaptive(tolerance=1e-9)
AREA = math.pi * 20.0 * 20.0 * 1e-8  # cm²
RECORD = (ex.voltage(at=ex.root, label="v"), ex.spikes(at=ex.root, label="s"))


def passive(conductance: float = 1e-4) -> ex.Cell:
    """A compartment with a leak at -65 mV and a time constant of 10 ms."""
    cell = ex.Cell(ex.single_compartment(20.0, 20.0), initial_voltage=-65.0)
    return ex.paint(cell, ex.everywhere, ex.Leak(conductance=conductance, reversal=-65.0))


def charging(t: Any, start: float, stop: float, final: float, tau: float = 10.0) -> Any:
    """The voltage above rest of an RC circuit during and after a pulse."""
    on = final * (1.0 - np.exp(-np.clip(t - start, 0.0, stop - start) / tau))
    return on * np.exp(-np.clip(t - stop, 0.0, None) / tau)


# ---------------------------------------------------------------- closed forms
def test_an_rc_circuit_is_met_at_any_sample() -> None:
    """Edges lie between samples: the charge is right wherever they fall."""
    start, width, final = 1.2345678, 7.7654321, 20.0
    current = final * 1e-4 * AREA * 1e6
    protocol = [ex.current_pulse(at=ex.root, amplitude=current, start=start, duration=width)]
    made = ex.run(passive(), 30.0, protocol=protocol, record=RECORD, dt=0.1, method=TIGHT)
    exact = -65.0 + charging(made.time, start, start + width, final)
    assert np.abs(made.signals["v"].values - exact).max() < 1e-7


def test_a_crossing_of_a_known_waveform_is_found_within_a_nanosecond() -> None:
    start, final, threshold = 0.777777, 40.0, -45.0
    current = final * 1e-4 * AREA * 1e6
    protocol = [ex.current_pulse(at=ex.root, amplitude=current, start=start, duration=50.0)]
    record = [ex.spikes(at=ex.root, threshold=threshold, label="s")]
    made = ex.run(passive(), 20.0, protocol=protocol, record=record, dt=0.5, method=TIGHT)
    exact = start - 10.0 * math.log(1.0 - (threshold + 65.0) / final)
    assert abs(float(made.spikes["s"].times[0][0]) - exact) < 1e-6


def test_gates_in_a_voltage_clamp_step_follow_their_exponential() -> None:
    """Hodgkin & Huxley 1952 (J Physiol 117:500), eq 7: after a step, m relaxes with the rates of the new level."""
    cell, probe = compartment(), ex.SquidSodium()
    clamp = ex.voltage_clamp(at=ex.root, levels=[(1.03, -65.0), (10.0, -10.0)])
    record = [ex.state("m", of=ex.SquidSodium, at=ex.root, label="m"),
              ex.current(of=ex.SquidSodium, at=ex.root, label="i")]  # fmt: skip
    made = ex.run(cell, 6.0, protocol=[clamp], record=record, dt=0.05, method=ex.Adaptive(tolerance=1e-8))
    first, last = (float(probe.steady_state("m", v=v, temperature=6.3)) for v in (-65.0, -10.0))
    tau = float(probe.time_constant("m", v=-10.0, temperature=6.3))
    exact = last + (first - last) * np.exp(-np.clip(made.time - 1.03, 0.0, None) / tau)
    assert np.abs(made.signals["m"].values - exact).max() < 1e-6
    jump = made.signals["i"].values[np.searchsorted(made.time, 1.03) :]
    assert abs(jump).max() > 100.0 * abs(made.signals["i"].values[0])


def test_the_clamp_current_of_a_leak_is_ohmic() -> None:
    clamp = ex.voltage_clamp(at=ex.root, levels=[(2.5, -65.0), (5.0, -25.0)])
    made = ex.run(passive(), 6.0, protocol=[clamp], record=[ex.clamp_current(label="i")], dt=0.25, method=ex.adaptive)
    expected = np.where(made.time < 2.5, 0.0, 40.0 * 1e-4 * AREA * 1e6)
    assert np.abs(made.signals["i"].values - expected).max() < 1e-12


# ---------------------------------------------------------------- against converged runs
@pytest.mark.parametrize(("make", "amplitude"), [(compartment, 0.12), (cable, 0.3), (tree, 0.8)])
def test_errors_follow_the_tolerance(make: Any, amplitude: float) -> None:
    """Prediction: a tolerance ten times smaller makes the error at least five times smaller, down to the reference."""
    protocol = [ex.current_pulse(at=ex.root, amplitude=amplitude, start=0.513, duration=9.0)]

    def error(method: Any) -> float:
        made = ex.run(make(), 12.0, protocol=protocol, record=RECORD, dt=0.05, method=method)
        assert made.spikes["s"].times[0].size == reference.spikes["s"].times[0].size >= 1
        return float(np.abs(made.spikes["s"].times[0] - reference.spikes["s"].times[0]).max())

    reference = ex.run(make(), 12.0, protocol=protocol, record=RECORD, dt=0.05, method=ex.Adaptive(tolerance=1e-10))
    fixed = ex.run(make(), 12.0, protocol=protocol, record=RECORD, dt=0.0005)
    assert np.abs(fixed.spikes["s"].times[0] - reference.spikes["s"].times[0]).max() < 2e-5
    coarse, fine = error(ex.Adaptive(tolerance=1e-4)), error(ex.Adaptive(tolerance=1e-6))
    assert coarse < 0.02
    assert fine < coarse / 25.0 or fine < 1e-6


@pytest.mark.parametrize("tableau", ["ROS3", "RODAS4"])
@pytest.mark.parametrize(("make", "amplitude"), [(compartment, 0.12), (cable, 0.3), (tree, 0.8)])
def test_the_kernel_agrees_with_the_interpreter(make: Any, amplitude: float, tableau: str) -> None:
    protocol = [
        ex.current_train(at=ex.root, amplitude=amplitude, start=0.33, period=2.0, width=0.7, count=2),
        ex.current_sine(at=ex.root, amplitude=0.1 * amplitude, frequency=100.0, start=0.2),
    ]
    record = (*RECORD, ex.state("n", of=ex.SquidPotassium, at=ex.root, label="n"), ex.current(at=ex.root, label="i"))
    method = ex.Adaptive(tolerance=1e-3, tableau=tableau)
    both = [
        ex.run(make(), 4.0, protocol=protocol, record=record, dt=0.05, method=method, on=on)
        for on in (ex.host, ex.interpreter)
    ]
    assert both[0].description["accepted_steps"] == both[1].description["accepted_steps"]
    for label in ("v", "n", "i"):
        np.testing.assert_allclose(both[0].signals[label].values, both[1].signals[label].values, rtol=1e-9, atol=1e-9)


# ---------------------------------------------------------------- what must not matter
def test_sampling_changes_no_spike() -> None:
    """A train driven by pulses at random real times is the same for any output sampling, bit for bit."""
    starts = np.sort(np.random.default_rng(7).uniform(0.0, 40.0, 6))
    protocol = [
        ex.current_pulse(at=ex.root, amplitude=0.3, start=float(s), duration=0.4 + 0.01 * k, name=f"pulse {k}")
        for k, s in enumerate(starts)
    ]
    made = [
        ex.run(compartment(), 45.0, protocol=protocol, record=RECORD, dt=dt, method=ex.adaptive) for dt in (0.025, 0.9)
    ]
    assert made[0].spikes["s"].times[0].size >= 2
    assert np.array_equal(made[0].spikes["s"].times[0], made[1].spikes["s"].times[0])
    np.testing.assert_allclose(made[0].signals["v"].values[::36], made[1].signals["v"].values, rtol=1e-11)


@pytest.mark.parametrize("make", [compartment, cable])
def test_a_sweep_gives_the_bits_of_single_runs(make: Any) -> None:
    amplitudes = np.linspace(0.05, 0.4, 11)
    over = ex.vary("pulse", "amplitude", amplitudes)
    alike = {"record": RECORD, "dt": 0.1, "method": ex.Adaptive(tolerance=1e-3)}
    one = ex.sweep(make(), 10.0, over, protocol=[pulse(0.1)], **alike)
    two = ex.sweep(make(), 10.0, over, protocol=[pulse(0.1)], threads=2, **alike)
    assert np.array_equal(one.signals["v"].values, two.signals["v"].values)
    for k in (0, 4, 10):
        alone = ex.run(make(), 10.0, protocol=[pulse(float(amplitudes[k]))], **alike)
        assert np.array_equal(one.signals["v"].values[k], alone.signals["v"].values)
        assert np.array_equal(one.spikes["s"].times[k], alone.spikes["s"].times[0])


def test_each_run_of_a_sweep_has_its_own_edges() -> None:
    starts = [1.1, 2.7, 4.9]
    current = 20.0 * 1e-4 * AREA * 1e6
    protocol = [ex.current_pulse(at=ex.root, amplitude=current, start=1.0, duration=3.0)]
    made = ex.sweep(passive(), 12.0, ex.vary("pulse", "start", starts), protocol=protocol, record=RECORD, dt=0.3,
                    method=TIGHT)  # fmt: skip
    for k, start in enumerate(starts):
        exact = -65.0 + charging(made.time, start, start + 3.0, 20.0)
        assert np.abs(made.signals["v"].values[k] - exact).max() < 1e-7


def test_a_run_goes_on_from_its_final_state() -> None:
    method = ex.Adaptive(tolerance=1e-7)
    alike: dict[str, Any] = {"protocol": [pulse(0.12)], "record": RECORD, "dt": 0.05, "method": method}
    whole = ex.run(compartment(), 16.0, **alike)
    first = ex.run(compartment(), 9.0, **alike)
    second = ex.run(compartment(), 7.0, start=first.final_state, **alike)
    assert second.time[0] == pytest.approx(9.0)
    assert np.abs(second.signals["v"].values - whole.signals["v"].values[180:]).max() < 1e-3
    with pytest.raises(ex.RequestError, match="goes on with the method"):
        ex.run(compartment(), 7.0, start=first.final_state, protocol=[pulse(0.12)], dt=0.05)


# ---------------------------------------------------------------- what cannot be done
class Bouncing(ex.Channel):
    """A current that changes its sign where it drives the voltage to: a threshold that is crossed for ever."""

    strength = ex.parameter(0.05, "mA/cm2", "current on either side")

    def current(self, v: Any) -> Any:
        return where(v > -60.0, self.strength, -1.0 * self.strength)


class Singular(ex.Channel):
    """A current that has a pole at -50 mV."""

    strength = ex.parameter(0.05, "mA/cm2", "current a millivolt away")
    unit = ex.parameter(1.0, "mV", "a millivolt")

    def current(self, v: Any) -> Any:
        return self.strength * self.unit / (v + 50.0)


def test_a_threshold_that_bounces_ends_with_time_place_and_variable() -> None:
    cell = ex.paint(passive(), ex.everywhere, Bouncing())
    with pytest.raises(ex.NumericalError, match=r"the voltage at .*the error's \.recording") as caught:
        ex.run(cell, 500.0, record=RECORD, dt=0.01, method=TIGHT)
    kept = caught.value.recording
    assert kept is not None
    assert not kept.complete
    assert 0.0 < float(kept.stopped_at) < 20.0
    assert kept.signals["v"].values[-1] == pytest.approx(-60.0, abs=2.0)
    assert np.isfinite(kept.signals["v"].values).all()
    assert kept.time[-1] <= float(kept.stopped_at)


def test_a_pole_ends_a_run_where_it_lies() -> None:
    cell = ex.paint(passive(), ex.everywhere, Singular())
    with pytest.raises(ex.NumericalError, match="no step is short enough") as caught:
        ex.run(cell, 200.0, record=RECORD, dt=0.001, method=ex.adaptive)
    assert caught.value.recording is not None
    assert caught.value.recording.signals["v"].values[-1] == pytest.approx(-50.0, abs=1.0)
    assert not caught.value.recording.complete


@pytest.mark.parametrize(
    "stimulus",
    [
        ex.current_noise(at=ex.root, deviation=0.1, seed=1),
        ex.current_waveform(at=ex.root, times=[0.0, 1.0], samples=[0.0, 1.0]),
    ],
)
def test_stimuli_made_of_samples_are_refused(stimulus: Any) -> None:
    with pytest.raises(ex.RequestError, match="chooses its own steps"):
        ex.run(compartment(), 5.0, protocol=[stimulus], method=ex.adaptive)


def test_an_interrupt_keeps_what_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    from excitable.runtime.adaptive.engine import AttemptEngine

    advance, calls = AttemptEngine.advance, []

    def interrupted(self: AttemptEngine, attempts: int) -> Sequence[Any]:
        calls.append(attempts)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return advance(self, min(attempts, 40))

    monkeypatch.setattr(AttemptEngine, "advance", interrupted)
    made = ex.run(compartment(), 50.0, protocol=[pulse(0.12)], record=RECORD, dt=0.05, method=ex.adaptive)
    monkeypatch.undo()
    whole = ex.run(compartment(), 50.0, protocol=[pulse(0.12)], record=RECORD, dt=0.05, method=ex.adaptive)
    assert not made.complete
    assert 0 < made.time.size < whole.time.size
    assert np.array_equal(made.signals["v"].values, whole.signals["v"].values[: made.time.size])


# ---------------------------------------------------------------- the error stated
@pytest.mark.parametrize("wanted", ["0.05 mV", "2 us"])
def test_a_tolerance_is_met_and_stated(wanted: str) -> None:
    alike: dict[str, Any] = {"protocol": [pulse(0.12)], "record": RECORD, "dt": 0.05}
    made = ex.run(compartment(), 15.0, tolerance=wanted, method=ex.adaptive, **alike)
    exact = ex.run(compartment(), 15.0, method=ex.Adaptive(tolerance=1e-10), **alike)
    stated = made.error_estimate
    true = float(np.abs(made.signals["v"].values - exact.signals["v"].values).max())
    late = 1e3 * float(np.abs(made.spikes["s"].times[0] - exact.spikes["s"].times[0]).max())
    assert true <= stated.signals["v"] <= 100.0 * true
    assert late <= stated.spike_times["s"] <= 100.0 * late
    assert (stated.signals["v"] if "mV" in wanted else stated.spike_times["s"]) <= float(wanted.split()[0])


def test_the_error_of_an_adaptive_run_is_stated() -> None:
    alike: dict[str, Any] = {"protocol": [pulse(0.12)], "record": RECORD[:1], "dt": 0.05}
    stated = ex.accuracy(compartment(), 15.0, method=ex.adaptive, **alike)
    made = ex.run(compartment(), 15.0, method=ex.adaptive, **alike)
    exact = ex.run(compartment(), 15.0, method=ex.Adaptive(tolerance=1e-10), **alike)
    true = float(np.abs(made.signals["v"].values - exact.signals["v"].values).max())
    assert true <= stated.signals["v"] <= 20.0 * true


def test_a_tolerance_below_rounding_is_refused() -> None:
    with pytest.raises(ex.RequestError, match="below what rounding leaves"):
        ex.run(compartment(), 15.0, protocol=[pulse(0.12)], tolerance="1e-13 mV", method=ex.adaptive)
