"""What every measurement begins with: rows of voltage and their times, from arrays or from a recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RequestError
from ..frozen import frozen
from ..recordings import Recording, Signal
from ..units import to, to_array

Array = NDArray[np.float64]
# One number for a single trace, an array in the shape of the sweep for many.
Measured = float | Array


@frozen(eq=False)
class Traces:
    """Voltage traces that share their times.

    Attributes:
        values: One row per run, mV, shape (runs, samples).
        time: Sample times, ms, shape (samples,).
        shape: The shape of the sweep, () for a single run.
        name: What the user gave, for messages.
    """

    values: Array
    time: Array
    shape: tuple[int, ...]
    name: str


def traces(trace: Recording | Signal | ArrayLike, time: ArrayLike | None, probe: Any, start: Any, stop: Any) -> Traces:
    """The rows of voltage that a user means, between `start` and `stop` (ms; None for the ends).

    Raises:
        RequestError: Shapes that do not fit, NaN, times that do not increase, an empty window, or a recording
            with several voltages and no `probe`.
    """
    if isinstance(trace, Recording):
        if time is not None:
            raise RequestError(
                "A recording was given together with times. Expected one of them: a recording brings its own "
                "times. Write the recording alone."
            )
        signal = voltage_of(trace, probe)
        name, values, times = signal.label, signal.values, trace.time
    else:
        name = trace.label if isinstance(trace, Signal) else "the trace"
        values = _array(trace, "mV", name)
        times = _times(time, name)
    _check(values, times, name)
    inside = window(times, start, stop)
    rows = values[..., inside]
    if not np.isfinite(rows).all():
        where = np.argwhere(~np.isfinite(rows))[0]
        raise RequestError(
            f"{name} is {rows[tuple(where)]} at {times[inside][where[-1]]:g} ms. Expected finite numbers. "
            "Write stop= to measure only what comes before, or repair the trace."
        )
    return Traces(rows.reshape(-1, rows.shape[-1]), times[inside], values.shape[:-1], name)


def voltage_of(recording: Recording, probe: Any = None) -> Signal:
    """The signal of `probe` (a probe or a label), or the only voltage of the recording."""
    if probe is not None:
        return recording[probe]
    found = [signal for signal in recording.signals.values() if signal.quantity == "voltage"]
    found = found or list(recording.signals.values())
    if len(found) == 1:
        return found[0]
    labels = ", ".join(repr(signal.label) for signal in found)
    raise RequestError(
        f"The recording has {len(found)} voltages{f': {labels}' if found else ''}. Expected one, or a "
        f"choice. Write probe={found[0].label if found else 'voltage at soma'!r}."
    )


def window(time: Array, start: Any, stop: Any) -> slice:
    """The samples from `start` to `stop`, both included, at least three."""
    first = float(time[0]) if start is None else to(start, "ms", what="the start of the window")
    last = float(time[-1]) if stop is None else to(stop, "ms", what="the end of the window")
    slack = 1e-9 * max(abs(first), abs(last), 1.0)  # 0.1 ms is rarely exactly a sample
    inside = slice(int(np.searchsorted(time, first - slack)), int(np.searchsorted(time, last + slack)))
    if inside.stop - inside.start < 3:
        raise RequestError(
            f"The window from {first:g} to {last:g} ms holds {max(inside.stop - inside.start, 0)} samples "
            f"of a trace from {time[0]:g} to {time[-1]:g} ms. Expected at least 3. Write start= and stop= within the "
            "trace."
        )
    return inside


def each(runs: Traces, measure: Callable[[Array, Array], float]) -> Measured:
    """`measure(values, time)` of every run: a number, or an array in the shape of the sweep; see "
    "`each_row`."""
    return each_row(runs.values, runs.shape, lambda row: measure(row, runs.time))


def each_row(rows: Array, shape: tuple[int, ...], measure: Callable[[Array], float]) -> Measured:
    """`measure(row)` of every row: a number for the shape (), else an array in the shape of the sweep.

    A run of a sweep that cannot be measured (no spike, say) gives NaN; when none can, or for a single run,
    the
    reason is the error.
    """
    if not shape:
        return float(measure(rows[0]))
    found = np.full(len(rows), np.nan)
    reason = None
    for index, row in enumerate(rows):
        try:
            found[index] = measure(row)
        except RequestError as error:
            reason = error
    if reason is not None and np.isnan(found).all():
        raise reason
    return found.reshape(shape)


def _array(value: Any, unit: str, name: str) -> Array:
    # Plain arrays pass without a copy; anything that names a unit is converted.
    if isinstance(value, np.ndarray) and not hasattr(value, "magnitude") and value.dtype.kind in "fiu":
        return np.asarray(value, dtype=np.float64)
    if isinstance(value, Signal) and value.unit == unit:
        return value.values
    return to_array(value, unit, what=name, infinite=True)


def _times(time: ArrayLike | None, name: str) -> Array:
    if time is None:
        raise RequestError(
            f"{name} was given without times. Expected the time of each sample in ms. Write the times as the "
            "second argument, for example dt * np.arange(trace.size)."
        )
    return _array(time, "ms", "the time")


def _check(values: Array, time: Array, name: str) -> None:
    if values.ndim == 0 or time.ndim != 1 or values.shape[-1] != time.size or time.size < 3:
        raise RequestError(
            f"{name} has shape {values.shape} and its time shape {time.shape}. Expected at least 3 "
            "samples, time last, one time per sample. Write the trace as (..., n) and the time as (n,)."
        )
    steps = np.diff(time)
    if not (steps > 0).all():
        at = int(np.argmax(~(steps > 0)))
        raise RequestError(
            f"The times of {name} go from {time[at]:g} to {time[at + 1]:g} ms at sample {at}. Expected "
            "increasing times. Write them in ms, each once."
        )
