"""Spike times and what follows from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measurements.examples import AMPLITUDE, HEIGHT, REST, WIDTH, gaussian_spikes, recording

from excitable.errors import RequestError, UnitError
from excitable.measurements import (
    Halfway,
    Level,
    Steepness,
    adaptation_index,
    firing_rate,
    interspike_intervals,
    latency,
    spikes,
)
from excitable.measurements.passive import resting_potential
from excitable.recordings import Recording, Signal, Spikes

TIME = np.arange(0.0, 60.0, 0.02)
CENTRES = [10.0, 20.0, 40.0]


def crossing(level):
    return WIDTH * np.sqrt(np.log(HEIGHT / (level - REST)))


@pytest.mark.parametrize("level", [-60.0, -20.0, 0.0, 15.0])
def test_crossings_of_a_level_are_where_they_are(level):
    found = spikes(gaussian_spikes(TIME, CENTRES), TIME, threshold=level)
    np.testing.assert_allclose(found, np.array(CENTRES) - crossing(level), atol=2e-4)


@pytest.mark.parametrize(("rule", "level"), [(0.0, 0.0), (Halfway(), REST + HEIGHT / 2)])
def test_the_error_of_a_crossing_shrinks_with_the_square_of_the_step(rule, level):
    steps = np.array([0.08, 0.04, 0.02, 0.01])
    errors = []
    for size in steps:
        # The mean over where the samples fall: a single grid may be lucky.
        shifts = (np.arange(20) + 0.5) / 20 * size
        found = [
            spikes(gaussian_spikes(t, [5.0]), t, threshold=rule)[0]
            for t in (np.arange(0, 10, size) + s for s in shifts)
        ]
        errors.append(np.abs(np.array(found) - (5.0 - crossing(level))).mean())
    order = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert order == pytest.approx(2.0, abs=0.15)


@given(st.floats(0.001, 0.999), st.floats(-69.0, 29.0))
def test_a_straight_rise_is_crossed_exactly(shift, level):
    time = np.arange(5.0) + shift
    assert spikes([-70.0, -70.0, 30.0, 30.0, -70.0], time, threshold=level)[0] == pytest.approx(
        1.0 + shift + (level + 70.0) / 100.0
    )


def test_no_spike_is_an_empty_row():
    assert spikes(np.full(TIME.size, REST), TIME).shape == (0,)
    assert spikes(np.full(TIME.size, REST), TIME, threshold=Halfway()).shape == (0,)
    assert spikes(np.full(TIME.size, REST), TIME, threshold=Steepness()).shape == (0,)


def test_small_spikes_are_found_halfway_and_by_steepness():
    small = gaussian_spikes(TIME, CENTRES, height=40.0)  # peaks at -30 mV, as a warm squid axon's do
    assert spikes(small, TIME).size == 0
    assert spikes(small, TIME, threshold=Halfway()).size == 3
    assert spikes(small, TIME, threshold=Steepness()).size == 3
    assert spikes(small, TIME, threshold=Steepness(least=50.0)).size == 0
    assert spikes(small, TIME, threshold="-0.05 V").size == 3


def test_a_noisy_crossing_counts_once_when_it_must_rearm():
    noise = np.random.default_rng(1).normal(0.0, 2.0, TIME.size)
    slow = gaussian_spikes(TIME, CENTRES, width=3.0) + noise
    assert spikes(slow, TIME).size > 3
    assert spikes(slow, TIME, threshold=Level(0.0, rearm=15.0)).size == 3
    assert spikes(slow, TIME, threshold=Halfway(rearm=0.15)).size == 3


def test_sweeps_and_recordings():
    rows = np.array(
        [gaussian_spikes(TIME, CENTRES[:count]) if count else np.full(TIME.size, REST) for count in range(3)]
    )
    found = spikes(rows, TIME)
    assert [row.size for row in found] == [0, 1, 2]
    sweep = recording(TIME, rows, ("amplitude", "time"), axes=(AMPLITUDE,))
    assert [row.size for row in spikes(sweep)] == [0, 1, 2]
    assert [row.size for row in interspike_intervals(found)] == [0, 0, 1]
    np.testing.assert_array_equal(firing_rate(sweep, start=0, stop=50), [0.0, 20.0, 40.0])
    np.testing.assert_array_equal([row.size for row in interspike_intervals(sweep)], [0, 0, 1])
    np.testing.assert_allclose(latency(sweep, start=5.0), [np.nan, *[5.0 - crossing(0.0)] * 2], atol=1e-3)
    assert np.isnan(adaptation_index(sweep)).all()
    np.testing.assert_array_equal(spikes(sweep.select(amplitude=0.2)), found[1])
    single = recording(TIME, rows[2])
    np.testing.assert_array_equal(spikes(single["voltage at soma"], TIME), found[2])
    assert firing_rate(single) == pytest.approx(2 / 59.98 * 1e3)


def test_spikes_that_the_run_kept():
    row = np.array([1.0, 5.0, 9.0])
    kept = Recording(np.arange(10.0), {}, {"spikes at soma": Spikes("spikes at soma", 0.0, (row,))})
    np.testing.assert_array_equal(spikes(kept), row)
    np.testing.assert_array_equal(spikes(kept, probe="spikes at soma", start=2, stop=6), [5.0])
    np.testing.assert_array_equal(interspike_intervals(kept), [4.0, 4.0])
    both = Recording(TIME, {"v": Signal("v", "voltage", "mV", gaussian_spikes(TIME, [30.0]))}, kept.spikes)
    assert spikes(both).size == 1
    assert spikes(both, probe=both.spikes["spikes at soma"]).size == 3


def test_windows():
    trace = gaussian_spikes(TIME, CENTRES)
    assert spikes(trace, TIME, start=15, stop="25 ms").size == 1
    with pytest.raises(RequestError, match=r"window from 70 to 59.98 ms holds 0 samples of a trace from 0 to 59.98"):
        spikes(trace, TIME, start=70)


def test_what_follows_from_spike_times():
    times = [10.0, 20.0, 40.0, 80.0]
    np.testing.assert_array_equal(interspike_intervals(times), [10.0, 20.0, 40.0])
    assert adaptation_index(times) == pytest.approx(1 / 3)
    assert adaptation_index([0.0, 5.0, 10.0]) == 0.0
    assert firing_rate(times, start=15, stop="0.115 s") == 30.0
    assert latency(times, start=15) == 5.0
    with pytest.raises(RequestError, match=r"without a window.*Write firing_rate\(times, start=0"):
        firing_rate(times)
    with pytest.raises(RequestError, match=r"adaptation_index was asked for 2 spikes. Expected at least 3"):
        adaptation_index(times[:2])
    with pytest.raises(RequestError, match=r"latency was asked for 0 spikes.*threshold="):
        latency(times, start=100)


def test_traces_that_cannot_be_measured():
    trace = gaussian_spikes(TIME, CENTRES)
    with pytest.raises(RequestError, match=r"the trace has shape \(3000,\) and its time shape \(2999,\)"):
        spikes(trace, TIME[1:])
    with pytest.raises(RequestError, match="without times"):
        spikes(trace)
    with pytest.raises(RequestError, match=r"go from 0 to 0 ms at sample 0"):
        spikes(trace, np.zeros_like(TIME))
    broken = trace.copy()
    broken[1234] = np.nan
    with pytest.raises(RequestError, match=r"the trace is nan at 24.68 ms.*Write stop="):
        spikes(broken, TIME)
    assert spikes(broken, TIME, stop=15).size == 1
    with pytest.raises(UnitError, match="the threshold of a spike"):
        spikes(trace, TIME, threshold="1 nA")
    with pytest.raises(RequestError, match="A recording was given together with times"):
        spikes(recording(TIME, trace), TIME)
    two = Recording(TIME, {name: Signal(name, "voltage", "mV", trace) for name in ("a", "b")})
    assert {label: row.size for label, row in spikes(two).items()} == {"a": 3, "b": 3}
    with pytest.raises(RequestError, match=r"has 2 voltages: 'a', 'b'.*Write probe='a'"):
        resting_potential(two)
    assert spikes(two, probe="b").size == 3
    with pytest.raises(RequestError, match="has 0 voltages"):
        spikes(Recording(TIME, {}))


def test_volts_are_converted():
    volts = Signal("v", "voltage", "V", 1e-3 * gaussian_spikes(TIME, CENTRES))
    np.testing.assert_allclose(spikes(volts, TIME), spikes(gaussian_spikes(TIME, CENTRES), TIME))
