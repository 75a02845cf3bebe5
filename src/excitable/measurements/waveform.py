"""The numbers of one action potential: one function each, for arrays, sweeps and recordings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..recordings import Recording, Signal
from ..units import to
from .detection import Criterion, criterion
from .shapes import ONSET, ActionPotentials, extremum, shapes
from .traces import Array, Measured, each, traces

Trace = Recording | Signal | ArrayLike
Threshold = float | str | Criterion


def action_potentials(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    threshold: Threshold = 0.0,
    slope: float = ONSET,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> ActionPotentials:
    """The shapes of all spikes of a single trace, as arrays with one entry per spike.

    Args:
        trace: Voltage (mV), shape (n,), or a recording of one run.
        time: Times (ms), shape (n,); not with a recording.
        threshold: What counts as a spike: a level (mV) or a criterion, as for `spikes`.
        slope: dV/dt at which a spike begins, mV/ms.
        probe: Which signal of the recording, as a probe or a label.
        start, stop: The window, ms.

    Raises:
        RequestError: A sweep, for which one run must be chosen; else as for `spikes`.

    >>> time = np.arange(0, 20, 0.01)
    >>> voltage = -70 + 100 * np.exp(-(((time % 10) - 5) / 0.5) ** 2)
    >>> action_potentials(voltage, time).peak.round(6)
    array([30., 30.])
    """
    runs = traces(trace, time, probe, start, stop)
    if runs.shape:
        raise RequestError(
            f"{runs.name} holds {len(runs.values)} traces, in the shape {runs.shape}. Expected a single "
            "one. Write trace[0], recording.select(...) or signal.at(...) first."
        )
    return shapes(runs.values[0], runs.time, criterion(threshold), to(slope, "mV/ms", what="the slope of onset"))


def peak(
    trace: Trace, time: ArrayLike | None = None, *, probe: Any = None, start: Any = None, stop: Any = None
) -> Measured:
    """The highest voltage in the window, mV, by a parabola through the three samples around it.

    It needs no spike. Arguments as for `action_potentials`; a sweep gives one value per run.

    >>> time = np.arange(0.003, 1, 0.01)
    >>> round(peak(np.sin(np.pi * time), time), 6)
    1.0
    """
    runs = traces(trace, time, probe, start, stop)
    return each(runs, lambda row, times: float(extremum(row, times, int(np.argmax(row)))[1]))


def peak_time(
    trace: Trace, time: ArrayLike | None = None, *, probe: Any = None, start: Any = None, stop: Any = None
) -> Measured:
    """When the voltage is highest in the window, ms; see `peak`.

    >>> time = np.arange(0.003, 1, 0.01)
    >>> round(peak_time(np.sin(np.pi * time), time), 6)
    0.5
    """
    runs = traces(trace, time, probe, start, stop)
    return each(runs, lambda row, times: float(extremum(row, times, int(np.argmax(row)))[0]))


def threshold(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    slope: float = ONSET,
    spike: int = 0,
    threshold: Threshold = 0.0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Measured:
    """The voltage at which a spike begins, mV: where dV/dt rises through `slope` for the last time before
    its peak.

    Args:
        trace, time: As for `action_potentials`; a sweep gives one value per run.
        slope: mV/ms. 20 after Bean 2007, Nat Rev Neurosci 8:451; eFEL uses 10; slow spikes need less.
        spike: Which spike, 0 for the first, -1 for the last.
        threshold, probe, start, stop: What counts as a spike, and where, as for `action_potentials`.

    Raises:
        RequestError: There is no such spike, or it never rises that steeply; in a sweep such a run is NaN.

    >>> time = np.arange(0, 10, 0.001)
    >>> voltage = -70 + 100 / (1 + np.exp(-(time - 5) / 0.1))      # rises by 20 mV/ms at -67.96 mV
    >>> round(threshold(voltage, time), 2)
    -67.96
    """
    where = threshold, probe, start, stop
    return _of_spike(trace, time, lambda found, row: found.onset, spike, slope, *where)


def amplitude(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    slope: float = ONSET,
    spike: int = 0,
    threshold: Threshold = 0.0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Measured:
    """The height of a spike from its threshold to its peak, mV. Arguments as for `threshold`.

    >>> time = np.arange(0, 10, 0.01)
    >>> round(amplitude(-70 + 100 * np.exp(-(((time - 5) / 0.5) ** 2)), time))
    97
    """
    where = threshold, probe, start, stop
    return _of_spike(trace, time, lambda found, row: found.amplitude, spike, slope, *where)


def half_width(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    slope: float = ONSET,
    spike: int = 0,
    threshold: Threshold = 0.0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Measured:
    """How long a spike stays above the level halfway between its threshold and its peak, ms.

    Arguments as for `threshold`.

    >>> time = np.arange(0, 10, 0.01)
    >>> round(half_width(-70 + 100 * np.exp(-(((time - 5) / 0.5) ** 2)), time), 2)
    0.82
    """
    where = threshold, probe, start, stop
    return _of_spike(trace, time, lambda found, row: found.half_width, spike, slope, *where)


def upstroke(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    spike: int = 0,
    threshold: Threshold = 0.0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Measured:
    """The steepest rise of a spike, mV/ms, by centred differences. Arguments as for `threshold`.

    >>> time = np.arange(0, 10, 0.001)
    >>> round(upstroke(-70 + 100 / (1 + np.exp(-(time - 5) / 0.1)), time))
    250
    """
    where = threshold, probe, start, stop
    return _of_spike(trace, time, lambda found, row: found.upstroke, spike, ONSET, *where)


def downstroke(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    spike: int = 0,
    threshold: Threshold = 0.0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Measured:
    """The steepest fall of a spike, mV/ms (negative), by centred differences. Arguments as for `threshold`.

    >>> time = np.arange(0, 10, 0.01)
    >>> round(downstroke(-70 + 100 * np.exp(-(((time - 5) / 0.5) ** 2)), time))
    -171
    """
    where = threshold, probe, start, stop
    return _of_spike(trace, time, lambda found, row: found.downstroke, spike, ONSET, *where)


def after_hyperpolarisation(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    rest: Any = None,
    spike: int = 0,
    threshold: Threshold = 0.0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Measured:
    """How far the voltage falls below rest after a spike, mV, positive below rest.

    The trough is the lowest point before the next spike, or before the end of the window.

    Args:
        rest: The level to measure from, mV; by default the voltage at the start of the window.
        trace, time, spike, threshold, probe, start, stop: As for `threshold`.

    >>> time = np.arange(0, 20, 0.01)
    >>> bump = -8 * np.exp(-(((time - 10) / 2) ** 2))
    >>> round(after_hyperpolarisation(-70 + 100 * np.exp(-(((time - 5) / 0.5) ** 2)) + bump, time), 3)
    8.0
    """
    level = None if rest is None else to(rest, "mV", what="the resting potential")

    def depth(found: ActionPotentials, row: Array) -> Array:
        below: Array = (row[0] if level is None else level) - found.trough
        return below

    return _of_spike(trace, time, depth, spike, ONSET, threshold, probe, start, stop)


def _of_spike(
    trace: Trace,
    time: ArrayLike | None,
    value: Callable[[ActionPotentials, Array], Array],
    spike: int,
    slope: float,
    threshold: Threshold,
    probe: Any,
    start: Any,
    stop: Any,
) -> Measured:
    """One attribute of one spike of every run, or the reason why there is none."""
    rule = criterion(threshold)
    steep = to(slope, "mV/ms", what="the slope of onset")
    runs = traces(trace, time, probe, start, stop)

    def measure(row: Array, times: Array) -> float:
        found = shapes(row, times, rule, steep)
        count = found.time.size
        if not -count <= spike < count:
            raise RequestError(
                f"{runs.name} has {count} spikes by {rule}, so none with the number {spike}: it reaches "
                f"{row.max():.4g} mV and rises by {np.gradient(row, times).max():.3g} mV/ms. Expected a "
                "spike. Write threshold= with a level that it reaches, Halfway() or Steepness()."
            )
        number = float(value(found, row)[spike])
        if np.isnan(number):
            raise RequestError(_why_not(found, spike, steep, runs.name))
        return number

    return each(runs, measure)


def _why_not(found: ActionPotentials, spike: int, slope: float, name: str) -> str:
    what = f"The spike of {name} at {found.time[spike]:g} ms"
    if found.upstroke[spike] < slope:
        return (
            f"{what} rises by {found.upstroke[spike]:.3g} mV/ms at most. Expected {slope:g} mV/ms, where its "
            f"threshold would be. Write slope={found.upstroke[spike] / 4:.2g} or another value below that."
        )
    if np.isnan(found.onset[spike]):
        return (
            f"{what} is on its way up from the first sample on. Expected a trace that begins before the "
            "spike. Write an earlier start=."
        )
    return (
        f"{what} does not fall below half its height again. Expected a whole spike. Write a later stop=, or "
        "another spike=."
    )
