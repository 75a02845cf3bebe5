"""What does one action potential look like? Threshold, peak, width and slopes of every spike of a trace."""

from __future__ import annotations

import numpy as np

from ..frozen import frozen
from .detection import Criterion
from .traces import Array

# dV/dt at which a spike begins, mV/ms: Bean 2007, Nat Rev Neurosci 8:451, figure 1 and its text.
ONSET = 20.0


@frozen(eq=False)
class ActionPotentials:
    """The shapes of the spikes of one trace; every attribute has one entry per spike, NaN where it has none.

    Attributes:
        time: When the detection threshold was crossed, ms.
        onset_time, onset: When dV/dt rose through the slope of onset, ms, and the voltage there, mV.
        peak_time, peak: The highest point, by a parabola through the three samples around it, ms and mV.
        trough_time, trough: The lowest point before the next onset, or the end of the trace, ms and mV.
        upstroke, downstroke: Steepest rise and fall, mV/ms; the fall is negative.
        half_width: Time spent above the level halfway between onset and peak, ms.
    """

    time: Array
    onset_time: Array
    onset: Array
    peak_time: Array
    peak: Array
    trough_time: Array
    trough: Array
    upstroke: Array
    downstroke: Array
    half_width: Array

    @property
    def amplitude(self) -> Array:
        """From onset to peak, mV."""
        return self.peak - self.onset


def shapes(values: Array, time: Array, rule: Criterion, slope: float = ONSET) -> ActionPotentials:
    """The shapes of all spikes of one trace.

    Args:
        values: Voltage, mV, shape (n,).
        time: ms, shape (n,).
        rule: What counts as a spike.
        slope: dV/dt at which a spike begins, mV/ms.
    """
    crossed, levels = rule.crossings(values, time)
    steepness = np.gradient(values, time)
    rows = np.full((10, crossed.size), np.nan)
    rows[0] = crossed
    first = np.searchsorted(time, crossed)
    ends = np.append(first[1:], values.size)[: first.size].tolist()
    begin = 0
    for spike, (index, end, level) in enumerate(zip(first.tolist(), ends, levels, strict=True)):
        below = np.flatnonzero(values[index:end] < level)
        over = index + int(below[0]) if below.size else end
        top = index + int(np.argmax(values[index : max(over, index + 1)]))
        rows[3:5, spike] = extremum(values, time, top)
        foot = _foot(values, steepness, time, begin, top, slope)
        rows[1:3, spike] = foot
        # The next spike begins on its way up; the trough lies before that.
        low = top + int(np.argmin(values[top:end]))
        rows[5:7, spike] = extremum(-values, time, low) * np.array([1.0, -1.0])
        rows[7, spike] = steepness[begin : top + 1].max()
        rows[8, spike] = steepness[top : low + 1].min()
        rows[9, spike] = _width(values, time, begin, top, end, (foot[1] + rows[4, spike]) / 2)
        begin = low
    return ActionPotentials(*rows)


def extremum(values: Array, time: Array, top: int) -> Array:
    """Time and height of the parabola through the samples around a maximum; the sample itself at an end.

    Its error shrinks faster than the square of the sampling step, where the highest sample's error is of
    that order.
    """
    if top == 0 or top == values.size - 1:
        return np.array([time[top], values[top]])
    before, after = time[top] - time[top - 1], time[top + 1] - time[top]
    left = (values[top] - values[top - 1]) / before
    right = (values[top + 1] - values[top]) / after
    bend = (right - left) / (before + after)
    if not bend < 0.0:
        return np.array([time[top], values[top]])
    slope = left + bend * before
    shift = -slope / (2.0 * bend)
    return np.array([time[top] + shift, values[top] + slope * shift + bend * shift * shift])


def _foot(values: Array, steepness: Array, time: Array, begin: int, top: int, slope: float) -> tuple[float, float]:
    """Where dV/dt last rose through `slope` before the steepest rise; NaN when it never did."""
    steepest = begin + int(np.argmax(steepness[begin : top + 1]))
    slower = np.flatnonzero(steepness[begin : steepest + 1] < slope)
    if steepness[steepest] < slope or not slower.size:
        return np.nan, np.nan
    last = begin + int(slower[-1])
    share = (slope - steepness[last]) / (steepness[last + 1] - steepness[last])
    moment = time[last] + share * (time[last + 1] - time[last])
    # The voltage bends strongly here: follow it with its slope, not along a straight line between samples.
    since = moment - time[last]
    gain = steepness[last] * since + 0.5 * (slope - steepness[last]) * since
    return float(moment), float(values[last] + gain)


def _width(values: Array, time: Array, begin: int, top: int, end: int, level: float) -> float:
    """Time from the last crossing of `level` before the top to the first one after it."""
    lower = np.flatnonzero(values[begin:top] < level)
    after = np.flatnonzero(values[top:end] < level)
    if not lower.size or not after.size:
        return np.nan
    rise, fall = begin + int(lower[-1]), top + int(after[0])
    return _meets(values, time, fall - 1, level) - _meets(values, time, rise, level)


def _meets(values: Array, time: Array, index: int, level: float) -> float:
    share = (level - values[index]) / (values[index + 1] - values[index])
    return float(time[index] + share * (time[index + 1] - time[index]))
