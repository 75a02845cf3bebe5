"""What several preparations read off their recordings beyond the verbs of `measurements`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..recordings import Recording


def time_above(trace: ArrayLike, time: ArrayLike, level: float) -> float:
    """How long a trace first stays above a level, ms: between its crossings, interpolated; NaN where it has none.

    >>> round(time_above([0.0, 2.0, 2.0, 0.0], [0.0, 1.0, 2.0, 3.0], 1.0), 6)
    2.0
    """
    values, times = np.asarray(trace, dtype=float), np.asarray(time, dtype=float)
    rises = np.flatnonzero((values[:-1] <= level) & (values[1:] > level))
    falls = np.flatnonzero((values[:-1] > level) & (values[1:] <= level))
    falls = falls[falls > rises[0]] if rises.size else falls
    if not rises.size or not falls.size:
        return math.nan
    begin, end = (_crossing(values, times, level, int(k)) for k in (rises[0], falls[0]))
    return end - begin


def _crossing(values: NDArray[np.float64], times: NDArray[np.float64], level: float, before: int) -> float:
    share = (level - values[before]) / (values[before + 1] - values[before])
    return float(times[before] + share * (times[before + 1] - times[before]))


def smallest_that_fires(recording: Recording, spikes: str = "spikes") -> float:
    """The first value along the axis of a sweep for which the cell fires; NaN where it never does."""
    fires = np.flatnonzero(recording.spikes[spikes].count > 0)
    return float(recording.axes[0].values[fires[0]]) if fires.size else math.nan


def spike_times(recording: Recording, spikes: str = "spikes") -> NDArray[np.float64]:
    """When the cell of a single run fired, ms."""
    return np.asarray(recording.spikes[spikes].times[0], dtype=np.float64)


def counts(recording: Recording, spikes: str = "spikes") -> NDArray[np.int64]:
    """How often the cell fired in each run of a sweep."""
    return np.asarray(recording.spikes[spikes].count, dtype=np.int64)


def at(values: NDArray[np.float64], number: int) -> float:
    """One of several numbers, NaN where there are not so many.

    >>> at(np.array([3.0]), 1)
    nan
    """
    return float(values[number]) if -values.size <= number < values.size else math.nan


def action_potential_duration(trace: ArrayLike, time: ArrayLike, share: float = 0.9) -> float:
    """From the steepest rise to where so much of the height is gone again, ms; NaN where it does not come back.

    The height is that of the peak above the first sample, which is taken before the beat.

    >>> trace, time = [0.0, 0.0, 10.0, 10.0, 5.0, 0.0, 0.0], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    >>> round(action_potential_duration(trace, time, 0.5), 6)
    2.5
    """
    values, times = np.asarray(trace, dtype=float), np.asarray(time, dtype=float)
    rise, peak = int(np.argmax(np.diff(values) / np.diff(times))), int(np.argmax(values))
    level = values[peak] - share * (values[peak] - values[0])
    falls = peak + np.flatnonzero((values[peak:-1] > level) & (values[peak + 1 :] <= level))
    if not falls.size:
        return math.nan
    return _crossing(values, times, level, int(falls[0])) - 0.5 * float(times[rise] + times[rise + 1])
