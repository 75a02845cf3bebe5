"""Numbers that blow up stop the run: the place, the variable and the time are named, and nothing computed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from runtime.cells import SQUID, cable, compartment, pulse

import excitable as ex

DT = 0.025


class Failing(ex.Channel):
    """A gate whose rate has no value once the cell is depolarised beyond a level. Source: made for this test."""

    conductance = ex.parameter(1e-5, "S/cm2", "conductance")
    level = ex.parameter(-40.0, "mV", "where the rate ends")
    w = ex.gate("fails", start=0.5)

    def rates(self, v: Any) -> Mapping[str, Any]:
        return {"w": ex.alpha_beta(0.1 * ex.sqrt((self.level - v) / 10.0), 0.1)}

    def current(self, v: Any) -> Any:
        return self.conductance * self.w * (v + 65.0)


class Hidden(ex.Mechanism):
    """The same failure in a state that no current depends on. Source: made for this test."""

    w = ex.gate("fails", start=0.5)

    def rates(self, v: Any) -> Mapping[str, Any]:
        return {"w": ex.alpha_beta(0.1 * ex.sqrt((-40.0 - v) / 10.0), 0.1)}


def first_beyond(recording: ex.Recording, level: float) -> float:
    """The time of the first sample above a level."""
    return float(recording.time[np.argmax(recording.signals["v"].values > level)])


@pytest.mark.parametrize("every", [1, 3, 16])
@pytest.mark.parametrize("method", [ex.staggered, ex.backward_euler], ids=repr)
@pytest.mark.parametrize("mechanism", [Failing, Hidden])
def test_a_rate_that_is_not_a_number(mechanism: type, method: ex.methods.Method, every: int) -> None:
    arguments = {"protocol": [pulse(0.12, start=1.0)], "dt": DT, "method": method}
    record = [ex.voltage(at=ex.root, label="v"), ex.state("m", of=ex.SquidSodium, at=ex.root, label="m")]
    plain = ex.run(compartment(), 10.0, record=record, **arguments)
    failing = ex.paint(compartment(), ex.everywhere, mechanism())
    record += [ex.state("w", of=mechanism, at=ex.root, label="w")]
    with pytest.raises(ex.NumericalError, match=r"w at soma\[0\]\(0\.5\) ceased to be a finite number") as stopped:
        ex.run(failing, 10.0, record=record, every=every, **arguments)
    time = float(str(stopped.value).split()[1])
    assert time == pytest.approx(first_beyond(plain, -40.0), abs=0.1)
    kept = stopped.value.recording
    assert not kept.complete
    assert kept.stopped_at == pytest.approx(time)
    assert kept.time[-1] == pytest.approx(time, abs=every * DT)
    for signal in kept.signals.values():
        assert signal.values.size == kept.time.size
        # The gate of the last sample may be what failed: it is brought level with the voltage of that sample.
        assert np.isfinite(signal.values[:-1]).all()
    assert np.isfinite(kept.signals["v"].values).all()
    if mechanism is Hidden:
        np.testing.assert_array_equal(kept.signals["v"].values, plain.signals["v"].values[::every][: kept.time.size])


def test_the_place_is_named_on_a_cable() -> None:
    cell = ex.paint(cable(), ex.distance_greater_than(300.0), Failing(level=-30.0))
    with pytest.raises(ex.NumericalError, match=r"w at axon\[0\]\(0\.\d+\) ceased") as stopped:
        ex.run(cell, 20.0, protocol=[pulse(0.5)], record=[ex.spikes(at=ex.root, label="s")], dt=DT)
    position = float(str(stopped.value).split("axon[0](")[1].split(")")[0])
    assert 300.0 / 460.0 - 0.03 < position < 300.0 / 460.0 + 0.06
    assert stopped.value.recording.spikes["s"].times[0].size == 1


def test_the_run_of_a_sweep_is_named() -> None:
    cell = ex.paint(compartment(), ex.everywhere, Failing(level=0.0))
    over = ex.vary("pulse", "amplitude", [0.0, 0.01, 0.0, 0.2, 0.0])
    with pytest.raises(ex.NumericalError, match=r"w at soma\[0\]\(0\.5\) in run 3 of the sweep ceased") as stopped:
        ex.sweep(cell, 30.0, over, protocol=[pulse(0.1)], dt=DT, threads=2)
    assert stopped.value.recording.signals["voltage at root"].values.shape[0] == 5


def test_a_voltage_that_runs_away() -> None:
    """A negative conductance: the membrane grows until doubles end."""

    class Exploding(ex.Channel):
        """A conductance below zero. Source: made for this test."""

        conductance = ex.parameter(-0.01, "S/cm2", "conductance")

        def current(self, v: Any) -> Any:
            return self.conductance * (v + 65.0)

    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, Exploding())
    with pytest.raises(ex.NumericalError, match=r"the voltage at soma\[0\]\(0\.5\) ceased.*smaller dt") as stopped:
        ex.run(cell, 1000.0, protocol=[pulse(0.01)], dt=DT)
    kept = stopped.value.recording
    assert np.isfinite(kept.signals["voltage at root"].values).all()
    assert kept.stopped_at == pytest.approx(time_of_overflow(0.01), rel=0.05)


def time_of_overflow(amplitude: float) -> float:
    """When 1.8e308 is reached by the growth of (I/A) exp(t · 10/ms)."""
    area = 4e-6 * np.pi
    start = amplitude * 1e-3 / area / 10.0
    return float(0.5 + (np.log(1.7e308) - np.log(start)) / 10.0)


def test_a_level_of_a_clamp_out_of_all_range_is_a_number_that_blows_up() -> None:
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, *SQUID)
    clamp = ex.voltage_clamp(at=ex.root, levels=[(1.0, -65.0), (1.0, 1e200)])
    with pytest.raises(ex.NumericalError, match=r"After 0\.975 ms, the voltage"):
        ex.run(cell, 3.0, protocol=[clamp], dt=DT)
