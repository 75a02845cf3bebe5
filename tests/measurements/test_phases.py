"""The phases of a spike on traces whose phases are known."""

from __future__ import annotations

import numpy as np
import pytest

from excitable.errors import RequestError
from excitable.measurements import phases

TIME = np.arange(0.0, 60.0, 0.005)


def spike(undershoot=10.0):
    """A Gaussian rise and fall about 10 ms, and an undershoot that decays with 5 ms from 13 ms on."""
    bump = 100.0 * np.exp(-(((TIME - 10.0) / 0.5) ** 2))
    later = np.clip(TIME - 13.0, 0.0, None)
    return -65.0 + bump - undershoot * (later / 1.0) * np.exp(1.0 - later / 1.0)


def test_every_phase_is_where_it_was_put():
    seen = phases(spike(), TIME)
    assert (seen.rest, seen.peak_time) == pytest.approx((-65.0, 10.0), abs=1e-3)
    assert (seen.peak, seen.height, seen.overshoot) == pytest.approx((35.0, 100.0, 35.0), abs=1e-3)
    assert seen.upstroke == pytest.approx(100 / 0.5 * np.sqrt(2 / np.e), rel=1e-3)
    assert seen.downstroke == pytest.approx(-seen.upstroke, rel=1e-3)
    # The slope at s before the peak is 100 · 2 s / 0.25 · exp(-s²/0.25), here a tenth of the steepest.
    s = 10.0 - seen.onset_time
    assert 800.0 * s * np.exp(-(s**2) / 0.25) == pytest.approx(0.1 * seen.upstroke, rel=2e-3)
    s = 10.0 - phases(spike(), TIME, slope=20).onset_time
    assert 800.0 * s * np.exp(-(s**2) / 0.25) == pytest.approx(20.0, rel=2e-3)
    assert seen.rise == seen.peak_time - seen.onset_time
    assert (seen.trough_time, seen.trough) == pytest.approx((14.0, -75.0), abs=1e-3)
    assert seen.undershoot == pytest.approx(10.0, abs=1e-3)
    # x e^(1-x) falls to a twentieth at x = 5.7439.
    assert seen.undershoot_end == pytest.approx(13.0 + 5.7439, abs=5e-3)
    assert seen.undershoot_time == pytest.approx(seen.undershoot_end - seen.fall_end)


def test_without_an_undershoot_the_fall_ends_close_to_rest():
    seen = phases(spike(0.0), TIME)
    assert seen.undershoot == 0.0
    assert np.isnan(seen.undershoot_end)
    assert seen.fall == pytest.approx(0.5 * np.sqrt(np.log(20.0)), abs=1e-3)  # to 5 mV above rest


def test_slow_spikes_begin_at_a_tenth_of_their_steepest_rise():
    slow = -65.0 + 60.0 * np.exp(-(((TIME - 30.0) / 10.0) ** 2))
    seen = phases(slow, TIME, threshold=-30)
    assert seen.upstroke < 20
    assert seen.onset == pytest.approx(np.interp(seen.onset_time, TIME, slow), abs=1e-3)
    assert np.interp(seen.onset_time, TIME, np.gradient(slow, TIME)) == pytest.approx(0.1 * seen.upstroke, rel=1e-3)


def test_of_two_spikes_the_first_is_seen_until_the_next():
    two = spike() + np.interp(TIME - 20.0, TIME, spike() + 65.0, left=0.0)
    assert phases(two, TIME).trough_time == pytest.approx(14.0, abs=1e-3)


@pytest.mark.parametrize(
    ("trace", "options", "message"),
    [
        (np.full_like(TIME, -65.0), {}, r"has no spike: it stays between -65\.0 and -65\.0 mV"),
        (np.stack([spike(), spike()]), {}, "holds 2 traces"),
        (spike(), {"threshold": 50}, "has no spike"),
    ],
)
def test_what_has_no_phases_is_refused(trace, options, message):
    with pytest.raises(RequestError, match=message):
        phases(trace, TIME, **options)
