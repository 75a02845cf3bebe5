"""When did it fire? Criteria for a spike, and the times that they give."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..frozen import frozen
from ..recordings import Recording, Signal
from ..units import to
from .traces import Array, traces


@frozen()
class Level:
    """A spike is an upward crossing of a fixed level.

    Attributes:
        level: The level, mV.
        rearm: How far below the level the voltage must have fallen before the next crossing counts, mV. Above
            the amplitude of the noise, it keeps one noisy crossing from counting as several.

    >>> spikes([-70, 30, -70.0], [0, 1, 2.0], threshold=Level(-20))
    array([0.5])
    """

    level: float = 0.0
    rearm: float = 0.0

    def crossings(self, values: Array, time: Array) -> tuple[Array, Array]:
        """Times of the crossings (ms) and the voltage there (mV)."""
        found = _rising(values, self.level, self.rearm)
        return _times(values, time, self.level, found), np.full(found.size, float(self.level))


@frozen()
class Halfway:
    """A spike is an upward crossing of the level halfway between the lowest and the highest voltage of the
    trace.

    For spikes of unusual height: a warm squid axon peaks below 0 mV. A trace that spans less than `least`
    has none.

    Attributes:
        least: The smallest span that counts as firing, mV.
        rearm: As for `Level`, as a share of the span.

    >>> spikes([-70, -40, -70.0], [0, 1, 2.0], threshold=Halfway())
    array([0.5])
    """

    least: float = 20.0
    rearm: float = 0.0

    def crossings(self, values: Array, time: Array) -> tuple[Array, Array]:
        """Times of the crossings (ms) and the voltage there (mV)."""
        low, high = float(values.min()), float(values.max())
        if high - low < self.least:
            return np.empty(0), np.empty(0)
        return Level((low + high) / 2, self.rearm * (high - low)).crossings(values, time)


@frozen()
class Steepness:
    """A spike is an upward crossing of dV/dt through `slope`, after which the voltage rises by `least` or
    more.

    Attributes:
        slope: mV/ms. 20 after Bean 2007, Nat Rev Neurosci 8:451; 10 is eFEL's default.
        least: The smallest rise from the crossing to the peak that counts, mV.

    >>> time = np.arange(0, 10, 0.01)
    >>> spikes(-70 + 30 * np.exp(-(((time - 5) / 0.5) ** 2)), time, threshold=Steepness(20)).round(2)
    array([4.26])
    """

    slope: float = 20.0
    least: float = 10.0

    def crossings(self, values: Array, time: Array) -> tuple[Array, Array]:
        """Times of the crossings (ms) and the voltage there (mV)."""
        steepness = np.gradient(values, time)
        found = _rising(steepness, self.slope, 0.0)
        times = _times(steepness, time, self.slope, found)
        levels = np.interp(times, time, values)
        ends = np.append(found[1:], values.size)[: found.size]
        peaks = np.array([values[a:b].max() for a, b in zip(found, ends, strict=True)])
        kept = peaks - levels >= self.least if found.size else np.zeros(0, dtype=bool)
        return times[kept], levels[kept]


Criterion = Level | Halfway | Steepness


def criterion(threshold: Any) -> Criterion:
    """What the user means by `threshold`: a criterion, or a level in mV."""
    if isinstance(threshold, Level | Halfway | Steepness):
        return threshold
    return Level(to(threshold, "mV", what="the threshold of a spike"))


def spikes(
    trace: Recording | Signal | ArrayLike,
    time: ArrayLike | None = None,
    *,
    threshold: float | str | Criterion = 0.0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Any:
    """Times at which the voltage rises through a threshold, ms.

    Between two samples the crossing is placed by linear interpolation, so that the error shrinks with the square
    of the sampling step. The default, 0 mV, misses spikes that stay below it (a squid axon near 30 °C, a distal
    dendrite): give another level, `Halfway()` or `Steepness()` there.

    Args:
        trace: Voltages (mV), shape (..., n), or a recording.
        time: Times (ms), shape (n,); not with a recording.
        threshold: A level (mV), or a criterion: `Level`, `Halfway`, `Steepness`.
        probe: Which signal of the recording, as a probe or a label; also the label of recorded spikes.
        start, stop: The window, ms.

    Returns:
        The times of a single trace, shape (spikes,); for a sweep, an object array of such rows in its shape; for a
        recording of several voltages, where no `probe` is named, a mapping from label to these.

    Raises:
        RequestError: Shapes that do not fit, NaN, an empty window.

    >>> spikes([-70.0, 10.0, -70.0, 30.0], [0.0, 1.0, 2.0, 3.0]).tolist()
    [0.875, 2.7]
    """
    recorded = _recorded(trace, probe, start, stop)
    if recorded is not None:
        return recorded
    if isinstance(trace, Recording) and probe is None:
        voltages = [label for label, signal in trace.signals.items() if signal.quantity == "voltage"]
        if len(voltages) > 1:
            options = {"threshold": threshold, "start": start, "stop": stop}
            return {label: spikes(trace, probe=label, **options) for label in voltages}
    rule, runs = criterion(threshold), traces(trace, time, probe, start, stop)
    rows = [rule.crossings(row, runs.time)[0] for row in runs.values]
    return _ragged(rows, runs.shape)


def _recorded(trace: Any, probe: Any, start: Any, stop: Any) -> Any:
    """Spike times that the run itself kept, when these are asked for by name or are all there is."""
    if not isinstance(trace, Recording):
        return None
    label = probe if isinstance(probe, str) else getattr(probe, "label", None)
    if label is None and not trace.signals and len(trace.spikes) == 1:
        label = next(iter(trace.spikes))
    if label is None or label not in trace.spikes:
        return None
    first = -np.inf if start is None else to(start, "ms", what="the start of the window")
    last = np.inf if stop is None else to(stop, "ms", what="the end of the window")
    kept = trace.spikes[label]
    return _ragged([row[(row >= first) & (row <= last)] for row in kept.times], kept.shape)


def _ragged(rows: list[Array], shape: tuple[int, ...]) -> Any:
    if not shape:
        return rows[0]
    table = np.empty(len(rows), dtype=object)
    table[:] = rows
    return table.reshape(shape)


def _rising(values: Array, level: float, rearm: float) -> Any:
    """Index of the first sample at or above `level` in each crossing, once re-armed."""
    above = values >= level
    found = np.flatnonzero(above[1:] & ~above[:-1]) + 1
    if rearm <= 0.0 or found.size < 2:
        return found
    kept = [found[0]]
    for index in found[1:]:
        if values[kept[-1] : index].min() <= level - rearm:
            kept.append(index)
    return np.array(kept)


def _times(values: Array, time: Array, level: float, found: Any) -> Array:
    low, high = values[found - 1], values[found]
    share = (level - low) / (high - low)
    times: Array = time[found - 1] + share * (time[found] - time[found - 1])
    return times
