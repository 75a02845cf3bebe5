"""How does it fire? Intervals, rates, adaptation and latency of spike times."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..recordings import Recording, Signal
from ..units import to
from .detection import Criterion, spikes
from .traces import Array, Measured

Trace = Recording | Signal | ArrayLike


def interspike_intervals(
    trace: Trace, time: ArrayLike | None = None, *, threshold: float | str | Criterion = 0.0, **where: Any
) -> Any:
    """Times between spikes, ms: one fewer than there are spikes.

    Args:
        trace: Voltages with their `time`, a recording, or spike times alone (ms).
        time: Times (ms) of the voltages; without it, `trace` is taken to be spike times.
        threshold: As for `spikes`, and so are probe, start and stop.

    >>> interspike_intervals([10.0, 20.0, 35.0])
    array([10., 15.])
    """
    return _map(np.diff, _spike_times(trace, time, threshold, where))


def firing_rate(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    start: Any = None,
    stop: Any = None,
    threshold: float | str | Criterion = 0.0,
    probe: Any = None,
) -> Measured:
    """Spikes per second in the window, Hz: the number of spikes over its length.

    Args:
        trace, time, threshold, probe: As for `interspike_intervals`.
        start, stop: The window, ms; the whole trace by default, and needed with spike times alone.

    Raises:
        RequestError: Spike times alone without a window.

    >>> firing_rate([10.0, 20.0, 35.0], start=0, stop=100)
    30.0
    """
    times = _spike_times(trace, time, threshold, {"start": start, "stop": stop, "probe": probe})
    if isinstance(trace, Recording):
        time = trace.time
    if time is None and (start is None or stop is None):
        raise RequestError(
            "A rate of spike times was asked for without a window. Expected the time over which they "
            "were counted. Write firing_rate(times, start=0, stop=1000)."
        )
    ends = (0.0, 0.0) if time is None else (float(np.min(time)), float(np.max(time)))
    first = ends[0] if start is None else to(start, "ms", what="the start of the window")
    last = ends[1] if stop is None else to(stop, "ms", what="the end of the window")
    return _numbers(_map(lambda row: 1e3 * row.size / (last - first), times))


def adaptation_index(
    trace: Trace, time: ArrayLike | None = None, *, threshold: float | str | Criterion = 0.0, **where: Any
) -> Measured:
    """How much the intervals between spikes grow: the mean of (next - this) / (next + this), without unit.

    0 for regular firing, positive when firing slows down, at most 1. (eFEL's
    adaptation_index2 is this without the first interval.)

    Args: as for `interspike_intervals`.

    Raises:
        RequestError: A single trace with fewer than three spikes; in a sweep such a run is NaN.

    >>> round(adaptation_index([0.0, 10.0, 30.0]), 4)
    0.3333
    """

    def index(row: Array) -> float:
        gaps = np.diff(row)
        return float(np.mean(np.diff(gaps) / (gaps[1:] + gaps[:-1]))) if gaps.size > 1 else np.nan

    times = _spike_times(trace, time, threshold, where)
    return _enough(_numbers(_map(index, times)), times, 3, "adaptation_index")


def latency(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    start: Any = 0.0,
    threshold: float | str | Criterion = 0.0,
    probe: Any = None,
    stop: Any = None,
) -> Measured:
    """Time from `start` (the onset of the stimulus, ms) to the first spike after it, ms.

    Args:
        trace, time, threshold, probe: As for `interspike_intervals`.
        start, stop: The window, ms.

    Raises:
        RequestError: A single trace without a spike in the window; in a sweep such a run is NaN.

    >>> latency([10.0, 20.0, 35.0], start=15)
    5.0
    """
    begin = to(start, "ms", what="the onset of the stimulus")
    times = _spike_times(trace, time, threshold, {"start": begin, "stop": stop, "probe": probe})
    found = _numbers(_map(lambda row: float(row[0]) - begin if row.size else np.nan, times))
    return _enough(found, times, 1, "latency")


def _spike_times(trace: Trace, time: ArrayLike | None, threshold: Any, where: dict[str, Any]) -> Any:
    if time is not None or isinstance(trace, Recording | Signal):
        return spikes(trace, time, threshold=threshold, **where)
    if isinstance(trace, np.ndarray) and trace.dtype.kind == "O":
        return trace
    first, last = where.get("start"), where.get("stop")
    row = np.sort(np.asarray(trace, dtype=np.float64).ravel())
    row = row if first is None else row[row >= to(first, "ms", what="the start of the window")]
    return row if last is None else row[row <= to(last, "ms", what="the end of the window")]


def _map(function: Any, times: Any) -> Any:
    if times.dtype.kind != "O":
        return function(times)
    table = np.empty(times.shape, dtype=object)
    for index in np.ndindex(times.shape):
        table[index] = function(times[index])
    return table


def _numbers(found: Any) -> Measured:
    return np.asarray(found, dtype=np.float64) if isinstance(found, np.ndarray) else float(found)


def _enough(found: Measured, times: Any, needed: int, verb: str) -> Measured:
    if np.ndim(found) == 0 and np.isnan(found):
        raise RequestError(
            f"{verb} was asked for {times.size} spikes. Expected at least {needed}. Write threshold= with "
            "a level that the spikes reach, or Steepness(), and start= and stop= around them."
        )
    return found
