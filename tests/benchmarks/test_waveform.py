"""Spike times and peaks are read from coarse samples of a known waveform to far better than the errors they judge."""

from __future__ import annotations

import numpy as np
import pytest
from waveform import spikes_of

WIDTH, FOOT, HEIGHT = 0.4, -65.0, 105.0  # ms, mV, mV: as steep as a squid's spike


def bell(t: np.ndarray, centre: float) -> np.ndarray:
    return FOOT + HEIGHT * np.exp(-0.5 * ((t - centre) / WIDTH) ** 2)


def rising(centre: float) -> float:
    return centre - WIDTH * np.sqrt(2.0 * np.log(HEIGHT / -FOOT))


@pytest.mark.parametrize(("dt", "late", "high"), [(0.1, 1e-3, 0.03), (0.05, 1e-4, 1e-3), (0.025, 1e-5, 1e-4)])
def test_even_samples(dt: float, late: float, high: float) -> None:
    t = np.arange(0.0, 40.0, dt)
    centres = (10.0137, 25.0291)
    found = spikes_of(t, np.maximum(bell(t, centres[0]), bell(t, centres[1])))
    assert len(found.times) == 2
    for time, peak, centre in zip(found.times, found.peaks, centres, strict=True):
        assert abs(time - rising(centre)) < late
        assert abs(peak - (FOOT + HEIGHT)) < high


def test_steps_of_a_solver_that_chooses_them_and_writes_an_event_twice() -> None:
    dice = np.random.default_rng(3)
    t = np.cumsum(dice.uniform(0.02, 0.08, 400))
    t = np.sort(np.append(t, t[100]))
    (time,), (peak,), _ = vars(spikes_of(t, bell(t, 10.0))).values()
    assert abs(time - rising(10.0)) < 3e-4
    assert abs(peak - (FOOT + HEIGHT)) < 3e-3


def test_the_end_of_a_spike_has_a_level_of_its_own() -> None:
    t = np.arange(0.0, 20.0, 0.05)
    (lasted,) = spikes_of(t, bell(t, 10.0), fall=-40.0).durations
    assert abs(lasted - (10.0 + WIDTH * np.sqrt(2.0 * np.log(HEIGHT / 25.0)) - rising(10.0))) < 2e-4


def test_a_spike_that_the_trace_does_not_show_to_its_end_is_left_out() -> None:
    t = np.arange(0.0, 10.0, 0.025)
    assert spikes_of(t, bell(t, 10.0)).times == ()
