"""Spike times and peaks from the samples of a voltage at an engine's own steps, to better than any engine's error.

Between samples stands a polynomial: a cubic through the four samples around a crossing, a quartic through the five
around a top. A straight line would charge an engine of long steps for our reading of its output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from workloads import THRESHOLD

Floats = NDArray[np.float64]
# Of one another these samples are copies: an event at which a solver starts anew is written twice.
SAME_TIME = 1e-9


@dataclass(frozen=True)
class Spikes:
    """Upward crossings of the threshold (ms), the top that follows each (mV), and how long until the fall (ms)."""

    times: tuple[float, ...]
    peaks: tuple[float, ...]
    durations: tuple[float, ...]


def spikes_of(times: Any, voltages: Any, threshold: float = THRESHOLD, fall: float = THRESHOLD) -> Spikes:
    """The spikes of a trace; each ends when the voltage falls through `fall`. One that does not end is left out."""
    t, v = np.asarray(times, dtype=float), np.asarray(voltages, dtype=float)
    kept = np.append(np.diff(t) > SAME_TIME, True)
    t, v = t[kept], v[kept]
    rises = np.flatnonzero((v[:-1] < threshold) & (v[1:] >= threshold)) + 1
    falls = np.flatnonzero((v[:-1] >= fall) & (v[1:] < fall)) + 1
    found: list[tuple[float, float, float]] = []
    for rise in rises:
        after = falls[falls > rise]
        if after.size:
            top = int(rise + np.argmax(v[rise : after[0]]))
            begin = crossing(t, v, int(rise), threshold)
            found.append((begin, summit(t, v, top), crossing(t, -v, int(after[0]), -fall) - begin))
    return Spikes(*(tuple(column) for column in zip(*found, strict=True))) if found else Spikes((), (), ())


def crossing(t: Floats, v: Floats, after: int, threshold: float) -> float:
    """When the cubic through the samples around the crossing before sample `after` reaches the threshold."""
    first = min(max(after - 2, 0), max(len(t) - 4, 0))
    place = slice(first, first + 4)
    low, high = float(t[after - 1]), float(t[after])
    for _ in range(60):
        middle = 0.5 * (low + high)
        if interpolated(t[place], v[place], middle) < threshold:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def summit(t: Floats, v: Floats, top: int) -> float:
    """The largest value near the highest sample of the quartic through it and two samples on either side."""
    first = min(max(top - 2, 0), max(len(t) - 5, 0))
    place = slice(first, first + 5)
    low, high = float(t[max(top - 1, 0)]), float(t[min(top + 1, len(t) - 1)])
    near = np.linspace(low, high, 41)
    for _ in range(4):
        best = int(np.argmax([interpolated(t[place], v[place], x) for x in near]))
        near = np.linspace(near[max(best - 1, 0)], near[min(best + 1, 40)], 41)
    return max(float(v[top]), *(interpolated(t[place], v[place], x) for x in near))


def interpolated(t: Floats, v: Floats, x: float) -> float:
    """Lagrange's polynomial through all samples, at x."""
    total = 0.0
    for k in range(len(t)):
        others = np.delete(t, k)
        total += v[k] * float(np.prod((x - others) / (t[k] - others)))
    return total
