"""Traces against time: voltages, gating variables, currents, and what was done to the cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import RequestError
from ..protocols import Clamp, Stimulus
from ..recordings import Recording, Signal
from .commands import commanded
from .style import COLOURS, FAR, LINE, colour_bar, legend, name_axis, panels, shades, tidy

# Kinds of panel from top to bottom, with their heights.
HEIGHTS = {"voltage": 3.0, "state": 1.8, "current": 1.8, "other": 1.8, "stimulus": 1.1}
# Lines that a legend can name, and shades that the eye can follow; further ones are left out.
MOST_LINES, MOST_SHADES = 7, 20


def plot(
    recording: Recording,
    *,
    probe: Any = None,
    protocol: Sequence[Stimulus | Clamp] = (),
    start: float | None = None,
    stop: float | None = None,
    axes: Any = None,
) -> Any:
    """Everything in a recording against time, one panel per kind of quantity, with the stimulus below.

    Places of one signal and runs of a sweep over numbers are shades with a colour bar, twenty of them at most;
    other lines have a legend, seven of them at most.

    Args:
        recording: What to show.
        probe: Only these signals: a probe, a label, or a list of them.
        protocol: The stimuli and clamps of the run, to draw them below.
        start, stop: The part to show, ms.
        axes: Draw a single kind of signal on these axes instead of a new figure.

    Returns:
        An array of matplotlib axes, from top to bottom; or `axes` when given.

    Raises:
        RequestError: Nothing to draw, several kinds for one pair of axes, or matplotlib is missing.
    """
    signals = _chosen(recording, probe)
    groups: dict[tuple[str, str], list[Signal]] = {}
    for signal in signals:
        groups.setdefault((_kind(signal), signal.unit), []).append(signal)
    ordered = sorted(groups.items(), key=lambda item: list(HEIGHTS).index(item[0][0]))
    commands = commanded(protocol, recording.time)
    if axes is not None:
        if len(ordered) > 1:
            raise RequestError(
                f"One pair of axes was given for {len(ordered)} kinds of signal. Expected one kind. "
                f"Write probe={signals[0].label!r}, or leave axes= out."
            )
        _panel(tidy(axes), recording, ordered[0][1], ordered[0][0])
        name_axis(axes.xaxis, "Time (ms)")
        axes.set_xlim(*_limits(recording, start, stop))
        return axes
    heights = [HEIGHTS[kind] for (kind, _), _ in ordered] + [HEIGHTS["stimulus"]] * len(commands)
    made = panels("plot", heights)
    for each, (kind, group) in zip(made, ordered, strict=False):
        _panel(each, recording, group, kind)
    for each, command in zip(made[len(ordered) :], commands, strict=True):
        each.plot(recording.time, command.values, color="black", linewidth=LINE, drawstyle="steps-post")
        name_axis(each.yaxis, command.words)
        each.margins(y=0.15)
    name_axis(made[-1].xaxis, "Time (ms)")
    made[-1].set_xlim(*_limits(recording, start, stop))
    made[0].figure.align_ylabels(made)
    return np.array(made, dtype=object)


def plot_states(recording: Recording, *, start: float | None = None, stop: float | None = None) -> Any:
    """The voltage, and below it every recorded gating variable, for a single run.

    Args:
        recording: A run with states: record=[state("m", of=SquidSodium, at=soma), ...].
        start, stop: The part to show, ms.

    Returns:
        An array of matplotlib axes, from top to bottom.

    Raises:
        RequestError: No state was recorded.
    """
    states = [each for each in recording.signals.values() if _kind(each) == "state"]
    if not states:
        raise RequestError(
            f"The recording holds {', '.join(map(repr, recording)) or 'no signal'}, and no state. "
            "Expected gating variables. Write record=[state('m', of=SquidSodium, at=soma)]."
        )
    voltages = [each for each in recording.signals.values() if _kind(each) == "voltage"]
    return plot(recording, probe=[*voltages, *states], start=start, stop=stop)


def draw_lines(axes: Any, time: Any, rows: Any, names: Sequence[str], scale: Any = None, words: str = "") -> None:
    """Rows of numbers as lines; many lines with an ordered `scale` share a colour bar instead of a legend."""
    if scale is not None and len(rows) > 2:
        colours, mappable = shades(scale)
        shown = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_SHADES)).round().astype(int))
        for index in shown:
            axes.plot(time, rows[index], color=colours[index], linewidth=LINE if shown.size < 12 else 1.2)
        colour_bar(mappable, axes, words)
        return
    for index, (row, name) in enumerate(zip(rows, names, strict=True)):
        axes.plot(time, row, color=COLOURS[index % len(COLOURS)], linewidth=LINE, label=name)
    if len(rows) > 1:
        legend(axes)


def _panel(axes: Any, recording: Recording, group: list[Signal], kind: tuple[str, str]) -> None:
    """All signals of one kind on one pair of axes."""
    rows: list[Any] = []
    names: list[str] = []
    scale, words = None, ""
    for signal in group:
        flat = signal.values.reshape(-1, recording.time.size)
        rows.extend(flat)
        names.extend(_names(recording, signal, len(flat)))
    if len(set(names)) < len(names):
        names = [signal.label for signal in group for _ in range(signal.values.size // recording.time.size)]
    names = _short(names)
    if len(group) == 1 and len(rows) > 1:
        scale, words = _scale(recording, group[0])
    if scale is None and len(rows) > MOST_LINES:
        rows, names = rows[:MOST_LINES], [*names[: MOST_LINES - 1], f"{names[MOST_LINES - 1]} (of {len(rows)})"]
    draw_lines(axes, recording.time, rows, names, scale, words)
    name_axis(axes.yaxis, _words(kind, group))
    if kind[0] == "state" and kind[1] in ("", "1"):
        axes.set_ylim(-0.03, 1.03)


def _chosen(recording: Recording, probe: Any) -> list[Signal]:
    wanted = [] if probe is None else probe if isinstance(probe, list | tuple) else [probe]
    signals = [recording[each] for each in wanted] or list(recording.signals.values())
    if not signals or recording.time.size == 0:
        raise RequestError(
            f"The recording has {len(recording.signals)} signals of {recording.time.size} samples. "
            "Expected something "
            "to draw. Write record=[voltage(at=soma)] in the run, or raster(recording) for spike times."
        )
    return signals


def _kind(signal: Signal) -> str:
    for kind in ("voltage", "state", "stimulus", "current"):
        if kind in signal.quantity:
            return kind
    return "other"


def _names(recording: Recording, signal: Signal, count: int) -> list[str]:
    """What tells the lines of a signal apart."""
    label = signal.label.removeprefix("voltage at ").removeprefix("voltage ")
    if signal.quantity.startswith("state "):
        label = signal.quantity.removeprefix("state ").partition(" of ")[0]
    if count == 1:
        return [label]
    if "place" in signal.dims and not recording.axes:
        return [place.label for place in signal.places]
    return [f"{label} {index}" for index in range(count)]


def _short(names: list[str]) -> list[str]:
    """The names without what all of them share at their end: the place, the word "current"."""
    ends = {name.partition(" at ")[2] for name in names}
    if len(ends) == 1:
        names = [name.partition(" at ")[0] for name in names]
    return [name.removesuffix(" current") for name in names]


def _scale(recording: Recording, signal: Signal) -> tuple[Any, str]:
    """The numbers that order the lines of one signal, for a colour bar, and their name."""
    if len(recording.axes) == 1 and "place" not in signal.dims:
        axis = recording.axes[0]
        if axis.values.dtype.kind != "U":
            return axis.values, axis_title(axis.name, axis.unit)
    distance = signal.distance
    if not recording.axes and np.isfinite(distance).all() and np.unique(distance).size == distance.size:
        far = distance.max() >= FAR
        return distance * (1e-3 if far else 1.0), f"Distance ({'mm' if far else 'µm'})"
    return None, ""


def axis_title(name: str, unit: str) -> str:
    """The words of an axis: a name without underscores, with its unit."""
    words = name.replace("_", " ").replace(".", " ")
    words = words[:1].upper() + words[1:]
    return f"{words} ({unit})" if unit not in ("", "1") else words


def _words(kind: tuple[str, str], group: list[Signal]) -> str:
    name, unit = kind
    if name == "state":
        return "Gating" if unit in ("", "1") else axis_title("state", unit)
    if name == "other":
        return axis_title(group[0].quantity, unit)
    return axis_title(name, unit.replace("cm2", "cm²"))


def _limits(recording: Recording, start: float | None, stop: float | None) -> tuple[float, float]:
    first = float(recording.time[0]) if start is None else start
    last = float(recording.time[-1]) if stop is None else stop
    return first, last if last > first else first + 1.0
