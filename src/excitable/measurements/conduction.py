"""How fast does it travel? Conduction velocity from the arrival of a spike at several places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..recordings import Recording, Signal
from ..units import to_array
from .detection import Criterion, criterion
from .traces import Array, Measured, each_row, traces


def conduction_velocity(
    trace: Recording | Signal | ArrayLike,
    time: ArrayLike | None = None,
    distance: ArrayLike | None = None,
    *,
    threshold: float | str | Criterion = 0.0,
    spike: int = 0,
    probe: Any = None,
    start: Any = None,
    stop: Any = None,
) -> Measured:
    """Conduction velocity, m/s, from when a spike crosses the threshold at two or more places.

    The slope of the regression of arrival time on distance; negative when the spike travels towards smaller
    distances.

    Args:
        trace: Voltages (mV), shape (..., places, n); or a recording at several places (one signal, or one
        per place).
        time: Times (ms), shape (n,); not with a recording.
        distance: Path distance of each place, µm, shape (places,); taken from a recording when left out.
        threshold: What counts as a spike: a level (mV) or a criterion, as for `spikes`.
        spike: Which spike, 0 for the first, -1 for the last.
        probe: The signal of the recording, or a list of signals, as probes or labels.
        start, stop: The window, ms.

    Raises:
        RequestError: The spike did not reach every place, or there are fewer than two distances.

    >>> time = np.arange(0, 10, 0.01)
    >>> arrival = 3 + np.array([[0.0], [500.0], [1000.0]]) / 1000 / 2.0            # 2 m/s
    >>> voltage = -70 + 100 * np.exp(-(((time - arrival) / 0.3) ** 2))
    >>> round(conduction_velocity(voltage, time, [0, 500, 1000]), 6)
    2.0
    """
    if isinstance(trace, Recording):
        if time is not None:
            raise RequestError(
                "A recording was given together with times. Expected one of them: a recording brings its "
                "own times. Write conduction_velocity(recording, distance=...)."
            )
        voltage, known, labels = _stack(trace, probe)
        time, distance = trace.time, known if distance is None else distance
    else:
        voltage, labels = to_array(trace, "mV", what="the voltage", infinite=True), []
    where = np.empty(0) if distance is None else to_array(distance, "um", what="the distances", infinite=True)
    count = voltage.shape[-2] if voltage.ndim > 1 else 1
    if where.shape != (count,) or not np.isfinite(where).all() or np.unique(where).size < 2:
        raise RequestError(
            f"The voltage has {count} places and the distances are {np.array2string(where, threshold=6)} µm. "
            "Expected two or more different distances, one per place. Write distance=[0, 1000, ...] in µm."
        )
    runs = traces(voltage, time, None, start, stop)
    names = labels or [f"{each:g} µm" for each in where.tolist()]
    rule, shape = criterion(threshold), voltage.shape[:-2]
    rows = runs.values.reshape(-1, count, runs.time.size)
    return each_row(rows, shape, lambda row: _velocity(row, runs.time, where, rule, spike, names))


def _velocity(row: Array, time: Array, where: Array, rule: Criterion, spike: int, names: list[str]) -> float:
    times = [rule.crossings(voltage, time)[0] for voltage in row]
    missed = [index for index, each in enumerate(times) if not -each.size <= spike < each.size]
    if missed:
        first = missed[0]
        others = len(missed) - 1
        more = f", nor {others} other place{'s' if others > 1 else ''}" if others else ""
        raise RequestError(
            f"The spike with the number {spike} did not reach {names[first]} (at most "
            f"{row[first].max():.4g} mV "
            f"there){more}. Expected a wave that passes all {len(where)} places. Write a longer run, a "
            "threshold= that the spike reaches, or only the places that it passes."
        )
    arrival = np.array([each[spike] for each in times])
    offset = where - where.mean()
    slope = float(offset @ (arrival - arrival.mean()) / (offset @ offset))
    if abs(slope) * float(np.ptp(where)) < 1e-9:
        raise RequestError(
            f"The spike crosses the threshold at all {len(where)} places at {arrival[0]:g} ms. Expected a "
            "wave that travels. Write places that the stimulus does not reach directly."
        )
    return 1e-3 / slope  # µm/ms to m/s


def _stack(recording: Recording, probe: Any) -> tuple[Array, Array, list[str]]:
    """Voltages (..., places, n), their path distances and their labels."""
    if probe is None:
        signals = [each for each in recording.signals.values() if each.quantity == "voltage"]
    else:
        signals = [recording[each] for each in (probe if isinstance(probe, list | tuple) else [probe])]
    several = [each for each in signals if "place" in each.dims]
    # One signal at many places is preferred to many signals: a movie of the axon beside a soma electrode.
    signals = several[:1] or signals
    if not signals:
        raise RequestError(
            f"The recording holds {', '.join(map(repr, recording)) or 'no signal'}, and no voltage. "
            "Expected the voltage at two or more places. Write record=[voltage(at=...), voltage(at=...)]."
        )
    rows = [each.values if "place" in each.dims else each.values[..., None, :] for each in signals]
    places = [place for each in signals for place in each.places]
    return np.concatenate(rows, axis=-2), np.array([p.distance for p in places]), [p.label for p in places]
