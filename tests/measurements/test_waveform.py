"""The shape of an action potential against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from measurements.examples import AMPLITUDE, HEIGHT, REST, WIDTH, gaussian_spikes, recording

from excitable.errors import RequestError
from excitable.measurements import (
    Steepness,
    action_potentials,
    after_hyperpolarisation,
    amplitude,
    downstroke,
    half_width,
    peak,
    peak_time,
    threshold,
    upstroke,
)

TIME = np.arange(0.0, 30.0, 0.005)
TRACE = gaussian_spikes(TIME, [10.0, 20.0])
STEEPEST = HEIGHT / WIDTH * np.sqrt(2 / np.e)


def onset(slope):
    """Voltage and time (from the peak) where a bell rises by `slope`, found by bisection on its exact "
    "derivative."""
    early, late = -6 * WIDTH, -WIDTH / np.sqrt(2)
    for _ in range(200):
        middle = (early + late) / 2
        if -2 * middle / WIDTH**2 * HEIGHT * np.exp(-((middle / WIDTH) ** 2)) < slope:
            early = middle
        else:
            late = middle
    return REST + HEIGHT * np.exp(-((early / WIDTH) ** 2)), early


def test_every_number_has_its_closed_form():
    foot, when = onset(20.0)
    assert threshold(TRACE, TIME) == pytest.approx(foot, abs=2e-3)
    assert peak(TRACE, TIME) == pytest.approx(REST + HEIGHT, abs=1e-6)
    assert peak_time(TRACE, TIME, start=15) == pytest.approx(20.0, abs=1e-6)
    assert amplitude(TRACE, TIME) == pytest.approx(REST + HEIGHT - foot, abs=2e-3)
    half = (foot + REST + HEIGHT) / 2 - REST
    assert half_width(TRACE, TIME) == pytest.approx(2 * WIDTH * np.sqrt(np.log(HEIGHT / half)), abs=1e-4)
    assert upstroke(TRACE, TIME) == pytest.approx(STEEPEST, rel=1e-4)
    assert downstroke(TRACE, TIME, spike=-1) == pytest.approx(-STEEPEST, rel=1e-4)
    found = action_potentials(TRACE, TIME)
    np.testing.assert_allclose(found.onset_time, np.array([10.0, 20.0]) + when, atol=1e-3)
    np.testing.assert_allclose(found.peak_time, [10.0, 20.0], atol=1e-6)
    np.testing.assert_allclose(found.trough, [REST, REST], atol=1e-6)


@pytest.mark.parametrize(
    ("measure", "exact", "order"),
    [
        (peak, REST + HEIGHT, 3.5),
        (threshold, onset(20.0)[0], 2.0),
        (upstroke, STEEPEST, 2.0),
        (half_width, None, 2.0),
    ],
)
def test_errors_shrink_at_least_with_the_square_of_the_step(measure, exact, order):
    if exact is None:
        exact = 2 * WIDTH * np.sqrt(np.log(HEIGHT / ((onset(20.0)[0] + REST + HEIGHT) / 2 - REST)))
    steps = np.array([0.08, 0.04, 0.02, 0.01])
    errors = []
    for size in steps:
        times = [np.arange(0, 10, size) + size * (k + 0.5) / 20 for k in range(20)]
        errors.append(np.mean([abs(measure(gaussian_spikes(t, [5.0]), t) - exact) for t in times]))
    assert np.polyfit(np.log(steps), np.log(errors), 1)[0] > order - 0.2


def test_uneven_steps_are_fine():
    rng = np.random.default_rng(2)
    time = np.cumsum(rng.uniform(0.002, 0.01, 5000))
    trace = gaussian_spikes(time, [10.0])
    assert peak(trace, time) == pytest.approx(REST + HEIGHT, abs=1e-4)
    assert upstroke(trace, time) == pytest.approx(STEEPEST, rel=1e-3)
    assert threshold(trace, time) == pytest.approx(onset(20.0)[0], abs=0.01)


def test_noise_moves_the_numbers_little():
    noisy = TRACE + np.random.default_rng(3).normal(0.0, 0.05, TIME.size)
    assert peak(noisy, TIME) == pytest.approx(REST + HEIGHT, abs=0.3)
    assert half_width(noisy, TIME) == pytest.approx(half_width(TRACE, TIME), abs=0.01)
    assert threshold(noisy, TIME, slope=40.0) == pytest.approx(threshold(TRACE, TIME, slope=40.0), abs=2.0)


def test_after_hyperpolarisation_is_measured_from_rest():
    dip = TRACE - 8 * np.exp(-(((TIME - 14) / 2) ** 2))
    assert after_hyperpolarisation(dip, TIME) == pytest.approx(8.0, abs=1e-3)
    assert after_hyperpolarisation(dip, TIME, rest="-75 mV") == pytest.approx(3.0, abs=1e-3)
    assert after_hyperpolarisation(dip, TIME, spike=1) == pytest.approx(0.0, abs=1e-3)


def test_peak_at_an_end_is_the_sample():
    assert peak([3.0, 2.0, 1.0], [0.0, 1.0, 2.0]) == 3.0
    assert peak([1.0, 1.0, 1.0], [0.0, 1.0, 2.0]) == 1.0
    assert peak([1.0, 2.0, 2.0, 1.0], [0.0, 1.0, 2.0, 3.0]) == pytest.approx(2.125)


def test_sweeps_give_one_number_per_run():
    rows = np.array([np.full(TIME.size, REST), TRACE, gaussian_spikes(TIME, [10.0], height=90.0)])
    sweep = recording(TIME, rows, ("amplitude", "time"), axes=(AMPLITUDE,))
    np.testing.assert_allclose(peak(sweep), [REST, 30.0, 20.0], atol=1e-6)
    found = amplitude(sweep)
    assert np.isnan(found[0])
    np.testing.assert_allclose(found[1], amplitude(TRACE, TIME))
    with pytest.raises(RequestError, match="has 0 spikes"):
        amplitude(rows[:1], TIME)
    with pytest.raises(RequestError, match=r"holds 3 traces, in the shape \(3,\)"):
        action_potentials(sweep)


def test_what_is_not_there_is_explained():
    with pytest.raises(RequestError, match=r"0 spikes by Level\(level=40.0.*reaches 30 mV and rises by 172 mV/ms"):
        amplitude(TRACE, TIME, threshold=40)
    with pytest.raises(RequestError, match=r"2 spikes by .* none with the number 2"):
        threshold(TRACE, TIME, spike=2)
    with pytest.raises(RequestError, match=r"rises by 172 mV/ms at most. Expected 500 mV/ms.*Write slope=43"):
        threshold(TRACE, TIME, slope=500)
    with pytest.raises(RequestError, match=r"on its way up from the first sample.*earlier start="):
        threshold(TRACE, TIME, start=9.5)
    with pytest.raises(RequestError, match=r"does not fall below half its height again.*later stop="):
        half_width(TRACE, TIME, stop=10.1)


def test_spikes_by_steepness():
    small = gaussian_spikes(TIME, [10.0], height=40.0)
    assert amplitude(small, TIME, threshold=Steepness(20)) == pytest.approx(
        40 - (threshold(small, TIME, threshold=-50) - REST), abs=0.01
    )
