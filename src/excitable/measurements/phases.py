"""The phases of one action potential: rise, peak, fall and undershoot, each with its times and levels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..frozen import frozen
from ..recordings import Recording, Signal
from ..units import to
from .detection import Criterion, criterion
from .shapes import ONSET, extremum, shapes
from .traces import Array, traces

# Of the steepest rise: where a spike that is slower than Bean's 20 mV/ms begins.
SHARE = 0.1
# Of the depth of an undershoot, or of the height of a spike without one: closer to rest counts as back at rest.
BACK = 0.05
# mV: a shallower dip below rest is no undershoot.
SHALLOW = 0.1


@frozen()
class Phases:
    """One action potential, phase by phase; what a trace does not show is NaN.

    Attributes:
        rest: The level to which it returns, mV.
        onset_time, onset: Where the rise begins: dV/dt passes through the slope of onset, ms and mV.
        peak_time, peak: The highest point, ms and mV.
        upstroke, downstroke: The steepest rise and fall, mV/ms; the fall is negative.
        half_width: Time above the level halfway between onset and peak, ms.
        fall_end: When the voltage is back at rest for the first time, ms; without an undershoot, when it is within a
            twentieth of the height.
        trough_time, trough: The lowest point of the undershoot, ms and mV.
        undershoot_end: When nineteen twentieths of the undershoot are over, ms.
    """

    rest: float
    onset_time: float
    onset: float
    peak_time: float
    peak: float
    upstroke: float
    downstroke: float
    half_width: float
    fall_end: float
    trough_time: float
    trough: float
    undershoot_end: float

    @property
    def rise(self) -> float:
        """How long the rise takes, from onset to peak, ms."""
        return self.peak_time - self.onset_time

    @property
    def height(self) -> float:
        """From rest to peak, mV."""
        return self.peak - self.rest

    @property
    def overshoot(self) -> float:
        """How far the peak lies above 0 mV, mV; 0 where it does not."""
        return max(self.peak, 0.0)

    @property
    def fall(self) -> float:
        """How long the fall takes, from the peak to the level of rest, ms."""
        return self.fall_end - self.peak_time

    @property
    def undershoot(self) -> float:
        """How far the trough lies below rest, mV; 0 where there is none."""
        return 0.0 if np.isnan(self.trough) else self.rest - self.trough

    @property
    def undershoot_time(self) -> float:
        """How long the undershoot lasts, ms."""
        return self.undershoot_end - self.fall_end


def phases(
    trace: Recording | Signal | ArrayLike,
    time: ArrayLike | None = None,
    *,
    rest: Any = None,
    threshold: float | str | Criterion = 0.0,
    slope: Any = None,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Phases:
    """The phases of the first action potential of a single trace.

    Args:
        trace, time, threshold, probe, start, stop: As for `action_potentials`.
        rest: The level to which the voltage returns, mV; by default where the window begins.
        slope: dV/dt at which the rise begins, mV/ms; by default 20 (Bean 2007, Nat Rev Neurosci 8:451), or a tenth of
            the steepest rise where that is less.

    Raises:
        RequestError: A sweep, or no spike in the window.

    >>> time = np.arange(0, 20, 0.01)
    >>> spike = phases(-70 + 100 * np.exp(-(((time - 5) / 0.5) ** 2)), time)
    >>> round(spike.peak, 3), round(spike.height, 3), spike.undershoot
    (30.0, 100.0, 0.0)
    """
    runs = traces(trace, time, probe, start, stop)
    if runs.shape:
        raise RequestError(
            f"{runs.name} holds {len(runs.values)} traces. The phases of one spike are measured on one. "
            "Write trace[0], or recording.select(…) first."
        )
    values, times = runs.values[0], runs.time
    level = float(values[0]) if rest is None else to(rest, "mV", what="the resting potential")
    steepest = float(np.gradient(values, times).max())
    onset = min(ONSET, SHARE * steepest) if slope is None else to(slope, "mV/ms", what="the slope of onset")
    found = shapes(values, times, criterion(threshold), onset)
    if not found.time.size:
        raise RequestError(
            f"{runs.name} has no spike: it stays between {values.min():.1f} and {values.max():.1f} mV. "
            "Expected an upward crossing of the threshold. Write threshold= with a level that the spike reaches."
        )
    first = {name: float(getattr(found, name)[0]) for name in
             ("onset_time", "onset", "peak_time", "peak", "upstroke", "downstroke", "half_width")}  # fmt: skip
    end = float(found.onset_time[1]) if found.time.size > 1 and np.isfinite(found.onset_time[1]) else float(times[-1])
    return Phases(rest=level, **first, **_return(values, times, level, first["peak_time"], end))


def _return(values: Array, times: Array, rest: float, peak_time: float, end: float) -> dict[str, float]:
    """How the voltage comes back to rest after the peak, before the next spike."""
    inside = (times >= peak_time) & (times <= end)
    after, later = values[inside], times[inside]
    lost = dict.fromkeys(("fall_end", "trough_time", "trough", "undershoot_end"), np.nan)
    if after.size < 3:
        return lost
    below = np.flatnonzero(after < rest)
    low = int(np.argmin(after))
    if not below.size or rest - after[low] < SHALLOW:
        near = np.flatnonzero(after < rest + BACK * (after[0] - rest))
        return {**lost, "fall_end": _crossing(after, later, near, rest + BACK * (after[0] - rest))}
    trough_time, trough = extremum(-after, later, low) * np.array([1.0, -1.0])
    up = rest - BACK * (rest - trough)
    back = low + np.flatnonzero(after[low:] > up)
    return {
        "fall_end": _crossing(after, later, below, rest),
        "trough_time": float(trough_time),
        "trough": float(trough),
        "undershoot_end": _crossing(after, later, back, up),
    }


def _crossing(values: Array, times: Array, beyond: Any, level: float) -> float:
    """When the values pass the level on the way to the first sample beyond it."""
    if not beyond.size or not beyond[0]:
        return float("nan")
    k = int(beyond[0])
    share = (level - values[k - 1]) / (values[k] - values[k - 1])
    return float(times[k - 1] + share * (times[k] - times[k - 1]))
