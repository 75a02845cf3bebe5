"""What does the resting membrane do? Rest, input resistance, sag and time constant."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..recordings import Recording, Signal
from ..units import to, to_array
from .exponentials import Decay, fit_decay, noise
from .shapes import extremum
from .traces import Array, Measured, Traces, each, traces, window

Trace = Recording | Signal | ArrayLike


def resting_potential(
    trace: Trace, time: ArrayLike | None = None, *, probe: Any = None, start: Any = None, stop: Any = None
) -> Measured:
    """The median voltage in the window, mV; by default in the first tenth of the trace.

    Args:
        trace: Voltage (mV), shape (..., n), or a recording.
        time: Times (ms), shape (n,); not with a recording.
        probe: Which signal of the recording, as a probe or a label.
        start, stop: A window without stimulus, ms.

    >>> resting_potential(np.full(50, -65.0), np.arange(50.0))
    -65.0
    """
    runs = traces(trace, time, probe, start, stop)
    count = runs.time.size if start is not None or stop is not None else max(3, runs.time.size // 10)
    return each(runs, lambda row, times: float(np.median(row[:count])))


def input_resistance(
    trace: Trace, time: ArrayLike | None = None, *, current: Any, start: Any, stop: Any, probe: Any = None
) -> Measured:
    """The steady change of voltage over the current that causes it, MΩ.

    The voltage before the step is the mean of the last tenth of what precedes it; during the step, of its
    last tenth.

    Args:
        trace, time, probe: As for `resting_potential`.
        current: Amplitude of the step, nA; one number, or one per run.
        start, stop: Onset and end of the step, ms.

    Raises:
        RequestError: No current, no trace before the step, or a voltage that still drifts or fires at its
        end.

    >>> time = np.arange(0, 200, 0.1)
    >>> voltage = -70 - 5 * (time > 100) * (1 - np.exp(-(time - 100) / 10))
    >>> round(input_resistance(voltage, time, current=-0.1, start=100, stop=200), 2)
    50.0
    """
    amplitudes = to_array(current, "nA", what="the current of the step")
    if not np.all(amplitudes):
        raise RequestError(
            f"The current of the step is {current!r}. Expected one that is not zero: the resistance is "
            "the change of voltage over it. Write current=-0.1, or leave that run out."
        )
    runs, base, during = _step(trace, time, start, stop, probe)

    def change(row: Array, times: Array) -> float:
        before, end = float(row[base].mean()), row[during]
        tail = end[-max(3, end.size // 10) :]
        moved = tail.mean() - before
        halves = tail[: tail.size // 2].mean() - tail[tail.size // 2 :].mean()
        noise = float(np.diff(tail).std()) * np.sqrt(2.0 / tail.size)
        if abs(halves) > 0.02 * abs(moved) + 4.0 * noise or np.ptp(tail) > 30.0:
            raise RequestError(
                f"{runs.name} is not steady at the end of the step: its last tenth spans "
                f"{np.ptp(tail):.3g} mV, "
                f"after a change of {moved:.3g} mV. Expected a settled voltage. Write a later stop= for a "
                "longer step, or use a smaller current."
            )
        return float(moved)

    moved = np.asarray(each(runs, change)) / amplitudes
    return float(moved) if moved.ndim == 0 else moved


def sag_ratio(trace: Trace, time: ArrayLike | None = None, *, start: Any, stop: Any, probe: Any = None) -> Measured:
    """How much of the first deflection during a step is lost again, 0 to 1: (steady - extreme) / (rest -
    extreme).

    0 for a passive membrane; larger with a current that answers hyperpolarisation. (eFEL's sag_ratio1.)

    Args:
        trace, time, probe: As for `resting_potential`.
        start, stop: Onset and end of the step, ms.

    Raises:
        RequestError: The voltage does not change during the step.

    >>> time = np.arange(0, 200, 0.1)
    >>> voltage = np.where(time < 100, -70, -78 - 4 * np.exp(-(((time - 120) / 10) ** 2)))
    >>> round(sag_ratio(voltage, time, start=100, stop=200), 3)
    0.333
    """
    runs, base, during = _step(trace, time, start, stop, probe)

    def ratio(row: Array, times: Array) -> float:
        before, inside = float(row[base].mean()), row[during]
        steady = float(inside[-max(3, inside.size // 10) :].mean())
        sign = 1.0 if steady >= before else -1.0
        extreme = sign * extremum(sign * inside, times[during], int(np.argmax(sign * inside)))[1]
        if abs(extreme - before) < 1e-9:
            raise RequestError(
                f"{runs.name} stays at {before:.4g} mV during the step. Expected a deflection. "
                "Write start= and stop= of the step."
            )
        return float((steady - extreme) / (before - extreme))

    return each(runs, ratio)


def decay(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    start: Any = None,
    stop: Any = None,
    asymptote: Any = None,
    most: int = 3,
    probe: Any = None,
) -> Decay:
    """A sum of exponentials fitted to a decaying trace: time constants (ms), amplitudes and asymptote (mV).

    The constants of a passive cell are its membrane time constant and the equalising ones of its dendrites
    (Rall 1969, Biophys J 9:1483).

    Args:
        trace, time, probe: As for `resting_potential`, for a single run.
        start, stop: The window of the decay, ms: after the stimulus has changed.
        asymptote: The level that is approached, mV; fitted when left out.
        most: The largest number of exponentials; as few as the trace supports are used.

    Raises:
        RequestError: A sweep; a trace that does not change, or that exponentials do not describe.

    >>> time = np.arange(0, 100, 0.1)
    >>> decay(-70 + 6 * np.exp(-time / 20) + 3 * np.exp(-time / 2), time).constants.round(6)
    array([20.,  2.])
    """
    runs = traces(trace, time, probe, start, stop)
    if runs.shape:
        raise RequestError(
            f"{runs.name} holds {len(runs.values)} traces, in the shape {runs.shape}. Expected a single "
            "one. Write trace[0], recording.select(...) or signal.at(...) first."
        )
    return _decay(runs.values[0], runs.time, asymptote, most, runs.name)


def time_constant(
    trace: Trace,
    time: ArrayLike | None = None,
    *,
    start: Any = None,
    stop: Any = None,
    asymptote: Any = None,
    most: int = 3,
    probe: Any = None,
) -> Measured:
    """The membrane time constant of a charging or decaying trace, ms: the slowest exponential in it.

    Faster ones (charge that spreads into dendrites) are fitted beside it, so that they do not shorten it. Where the
    fit leaves more than the noise, the first part of the trace is peeled off, up to twice the time constant, until
    it does not: a long cable has more fast exponentials than can be told apart. Arguments as for `decay`; a sweep
    gives one value per run.

    >>> time = np.arange(0, 100, 0.1)
    >>> round(time_constant(-70 + 6 * np.exp(-time / 20) + 3 * np.exp(-time / 2), time), 6)
    20.0
    """
    runs = traces(trace, time, probe, start, stop)
    return each(runs, lambda row, times: _slowest(row, times, asymptote, most, runs.name))


def _step(trace: Trace, time: Any, start: Any, stop: Any, probe: Any) -> tuple[Traces, slice, slice]:
    """The traces, the samples just before the step, and those during it."""
    runs = traces(trace, time, probe, None, stop)
    onset = to(start, "ms", what="the onset of the step")
    during = window(runs.time, start, None)
    if during.start < 3:
        raise RequestError(
            f"The step begins at {onset:g} ms, and {runs.name} at {runs.time[0]:g} ms. Expected at least "
            "3 samples before the step. Write start= as its onset in a trace that begins earlier."
        )
    # The sample at the onset still has the voltage before it.
    return runs, slice(during.start - max(3, during.start // 10), during.start), during


def _decay(row: Array, times: Array, asymptote: Any, most: int, name: str) -> Decay:
    level = None if asymptote is None else to(asymptote, "mV", what="the asymptote")
    span = float(np.ptp(row))
    found = fit_decay(row, times, level, most) if span > 0 else None
    if found is None or found.residual > 0.5 * row.std() or found.constants[0] > 3 * float(np.ptp(times)):
        why = "does not change" if found is None else "does not settle exponentially"
        raise RequestError(
            f"{name} {why} from {times[0]:g} to {times[-1]:g} ms (it spans {span:.3g} mV). Expected a "
            "decay towards a steady level. Write start= after the stimulus has changed, and stop= late enough to see "
            "it settle."
        )
    return found


def _slowest(row: Array, times: Array, asymptote: Any, most: int, name: str) -> float:
    found = _decay(row, times, asymptote, most, name)
    allowed = 1.3 * noise(row, times) + 1e-6 * float(np.ptp(row))
    for share in (0.5, 1.0, 1.5, 2.0):
        later = int(np.searchsorted(times, times[0] + share * found.constants[0]))
        rest = row.size - later
        if found.residual <= allowed or rest < 50 or times[-1] - times[later] < 2.0 * found.constants[0]:
            break
        found = _decay(row[later:], times[later:], asymptote, most, name)
    return float(found.constants[0])
