"""Many runs in one picture: spike rasters, and firing rate against a parameter."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import RequestError
from ..measurements import firing_rate, spikes
from ..recordings import Axis, Recording
from .style import COLOURS, INK, LINE, colour_bar, legend, name_axis, shades, single, tidy
from .traces import axis_title

MOST_TICKS = 12


def raster(
    recording: Recording,
    *,
    probe: Any = None,
    threshold: Any = 0.0,
    start: float | None = None,
    stop: float | None = None,
    axes: Any = None,
) -> Any:
    """Spike times of every run of a sweep, one row per run, from the first at the bottom.

    Args:
        recording: A sweep or a single run, with voltages or recorded spikes.
        probe: Which signal or which recorded spikes, as a probe or a label.
        threshold: What counts as a spike in a voltage, as for `measurements.spikes`.
        start, stop: The part to show, ms.
        axes: Draw on these axes instead of a new figure.

    Returns:
        The matplotlib axes.

    Raises:
        RequestError: As for `measurements.spikes`; or matplotlib is missing.
    """
    found = spikes(recording, probe=probe, threshold=threshold, start=start, stop=stop)
    rows = [found] if found.dtype.kind != "O" else list(found.reshape(-1))
    height = float(np.clip(0.18 * len(rows) + 1.2, 2.2, 7.0))
    figure = single("raster", (8.0, height)) if axes is None else tidy(axes)
    thick = 1.6 if len(rows) < 60 else 0.9
    figure.eventplot(rows, lineoffsets=np.arange(len(rows)), linelengths=0.8, linewidths=thick, colors=INK)
    figure.set_ylim(-0.7, len(rows) - 0.3)
    first = float(recording.time[0]) if start is None and recording.time.size else start
    last = float(recording.time[-1]) if stop is None and recording.time.size else stop
    figure.set_xlim(first, last)
    name_axis(figure.xaxis, "Time (ms)")
    _name_rows(figure, recording)
    return figure


def fi_curve(
    recording: Recording,
    *,
    start: float | None = None,
    stop: float | None = None,
    probe: Any = None,
    threshold: Any = 0.0,
    axes: Any = None,
) -> Any:
    """Firing rate against the swept parameter; a second axis of the sweep gives one curve per value.

    Args:
        recording: A sweep over one or two axes; the first is drawn to the right.
        start, stop: The window in which spikes are counted, ms: the duration of the stimulus.
        probe, threshold: As for `raster`.
        axes: Draw on these axes instead of a new figure.

    Returns:
        The matplotlib axes.

    Raises:
        RequestError: Not a sweep over one or two axes of numbers; else as for `measurements.firing_rate`.
    """
    if not 1 <= len(recording.axes) <= 2 or recording.axes[0].values.dtype.kind == "U":
        raise RequestError(
            f"The recording has the axes {[axis.name for axis in recording.axes]}. Expected a sweep over "
            "one or two, the first of numbers. Write sweep(..., vary(pulse, 'amplitude', [...]))."
        )
    rate = np.asarray(firing_rate(recording, start=start, stop=stop, probe=probe, threshold=threshold))
    across, *second = recording.axes
    figure = single("fi_curve", (6.0, 4.2)) if axes is None else tidy(axes)
    _curves(figure, across.values, rate.reshape(across.size, -1).T, second)
    name_axis(figure.xaxis, axis_title(across.name, across.unit))
    name_axis(figure.yaxis, "Firing rate (Hz)")
    figure.set_ylim(bottom=0.0)
    return figure


def _curves(axes: Any, across: Any, rows: Any, second: list[Axis]) -> None:
    style = {"marker": "o", "markersize": 5.0, "linewidth": LINE, "clip_on": False}
    if not second:
        axes.plot(across, rows[0], color=COLOURS[0], **style)
    elif second[0].values.dtype.kind == "U" or second[0].size < 3:
        for row, value, colour in zip(rows, second[0].values.tolist(), COLOURS * len(rows), strict=False):
            axes.plot(across, row, color=colour, label=f"{value} {second[0].unit}".strip(), **style)
        legend(axes)
    else:
        colours, mappable = shades(second[0].values)
        for row, colour in zip(rows, colours, strict=True):
            axes.plot(across, row, color=colour, **style)
        colour_bar(mappable, axes, axis_title(second[0].name, second[0].unit))


def _name_rows(axes: Any, recording: Recording) -> None:
    """The rows of a raster by the values of the axis, a dozen at most."""
    if not recording.axes:
        axes.set_yticks([])
        return
    if len(recording.axes) > 1:
        name_axis(axes.yaxis, "Run")
        return
    axis = recording.axes[0]
    shown = np.arange(0, axis.size, -(-axis.size // MOST_TICKS))
    words = [each if isinstance(each, str) else f"{each:.4g}" for each in axis.values[shown].tolist()]
    axes.set_yticks(shown, words)
    name_axis(axes.yaxis, axis_title(axis.name, axis.unit))
