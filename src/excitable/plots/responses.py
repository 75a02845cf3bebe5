"""Pictures of what a stimulus does: thresholds, all or none, strength and duration, accommodation, anode break."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..experiments import Accommodation, AllOrNone, AnodeBreak, StrengthDuration, Threshold
from ..experiments.words import PER_AREA
from .style import COLOURS, INK, LINE, SIZES, legend, name_axis, pyplot, single, tidy

FAINT = "#9A9A9A"


def density(area: float | None) -> tuple[float, str]:
    """What turns nA into what a figure shows, and the name of its axis: densities where there is one membrane."""
    return (1.0, "Current (nA)") if area is None else (PER_AREA / area, "Current density (µA/cm²)")


def threshold(found: Threshold, axes: Any = None) -> Any:
    """The responses to the strongest stimulus that does not fire and to the weakest that does."""
    figure = single("plot") if axes is None else tidy(axes)
    words = [f"{value:.6g} {found.unit}" for value in (found.below, found.value)]
    for row, colour, name in zip(found.traces, (FAINT, COLOURS[0]), words, strict=True):
        figure.plot(found.time, row, color=colour, linewidth=LINE, label=name)
    figure.axhline(found.level, color=INK, linewidth=0.8, linestyle=":")
    legend(figure)
    _time_and_voltage(figure, found.time)
    return figure


def anode_break(found: AnodeBreak, axes: Any = None) -> Any:
    """The responses to two hyperpolarising currents, of which the stronger fires the cell as it ends."""
    figure = single("plot") if axes is None else tidy(axes)
    figure.axvspan(0.0, found.duration, color=FAINT, alpha=0.25, linewidth=0.0)
    names = ("just weaker", f"{found.amplitude:.4g} nA")
    for row, colour, name in zip(found.traces, (FAINT, COLOURS[0]), names, strict=True):
        figure.plot(found.time, row, color=colour, linewidth=LINE, label=name)
    legend(figure)
    _time_and_voltage(figure, found.time)
    return figure


def all_or_none(found: AllOrNone, axes: Any = None) -> Any:
    """The responses, and how high each rises by the strength of its stimulus."""
    left, right = _pair()
    for strength, row in zip(found.strengths, found.traces, strict=True):
        colour = COLOURS[0] if strength >= 1.0 else FAINT
        left.plot(found.time, row, color=colour, linewidth=0.9, alpha=0.8)
    _time_and_voltage(left, found.time)
    fires = found.strengths >= 1.0
    right.plot(found.strengths[~fires], found.heights[~fires], "o", color=FAINT, markersize=4.5, label="no spike")
    right.plot(found.strengths[fires], found.heights[fires], "o", color=COLOURS[0], markersize=4.5, label="spike")
    right.axvline(1.0, color=INK, linewidth=0.8, linestyle=":")
    right.set_ylim(bottom=0.0)
    right.set_xlim(left=0.0)
    legend(right)
    name_axis(right.xaxis, "Strength (× threshold)")
    name_axis(right.yaxis, "Height of the response (mV)")
    return np.array([left, right], dtype=object)


def strength_duration(found: StrengthDuration, axes: Any = None) -> Any:
    """Threshold by duration on logarithmic axes, with both laws, rheobase and chronaxie."""
    figure = single("plot", (7.0, 4.8)) if axes is None else tidy(axes)
    factor, words = density(found.area)
    fine = np.geomspace(found.durations[0], found.durations[-1], 200)
    for fit, colour, style in zip(found.fits, COLOURS[1:], ("-", "--"), strict=False):
        figure.plot(fine, factor * fit.current(fine), style, color=colour, linewidth=LINE, label=fit.law)
    figure.plot(found.durations, factor * np.abs(found.thresholds), "o", color=COLOURS[0], markersize=5.5,
                label="threshold")  # fmt: skip
    base = factor * abs(found.rheobase)
    figure.set_xscale("log")
    figure.set_yscale("log")
    lowest = 0.7 * base
    figure.plot([found.durations[0], found.durations[-1]], [base, base], ":", color=INK, linewidth=1.0)
    figure.plot([found.chronaxie] * 2, [lowest, 2 * base], ":", color=INK, linewidth=1.0)
    figure.plot([found.durations[0], found.chronaxie], [2 * base, 2 * base], ":", color=INK, linewidth=1.0)
    note = {"fontsize": SIZES["note"], "color": INK}
    for note_words, place in ((f"chronaxie {found.chronaxie:.3g} ms", (found.chronaxie, lowest)),
                         (f"rheobase {base:.3g}", (found.durations[0], base))):  # fmt: skip
        figure.annotate(note_words, place, (4, 4), textcoords="offset points", **note)
    figure.set_ylim(bottom=lowest)
    legend(figure)
    name_axis(figure.xaxis, "Duration (ms)")
    name_axis(figure.yaxis, words)
    return figure


def accommodation(found: Accommodation, axes: Any = None) -> Any:
    """A step beside a ramp to the same height that is too slow, and how far ramps have to rise by their time."""
    left, right = _pair()
    names = ("step", f"risen in {found.rise:.4g} ms")
    for row, colour, name in zip(found.traces, (COLOURS[0], COLOURS[1]), names, strict=True):
        left.plot(found.time, row, color=colour, linewidth=LINE, label=name)
    legend(left)
    _time_and_voltage(left, found.time)
    factor, words = density(found.area)
    right.plot(found.rises, factor * found.thresholds, "o-", color=COLOURS[0], linewidth=LINE, markersize=5.0)
    right.axhline(factor * found.rheobase, color=INK, linewidth=1.0, linestyle=":")
    right.annotate("rheobase of a step", (found.rises[-1], factor * found.rheobase), (0, 4), ha="right",
                   textcoords="offset points", fontsize=SIZES["note"], color=INK)  # fmt: skip
    right.set_xscale("log")
    right.set_ylim(bottom=0.0)
    name_axis(right.xaxis, "Time of rise (ms)")
    name_axis(right.yaxis, words.replace("Current", "Threshold current"))
    return np.array([left, right], dtype=object)


def _pair() -> tuple[Any, Any]:
    """Two pairs of axes beside each other."""
    _, made = pyplot("plot").subplots(1, 2, figsize=(10.0, 4.2), layout="constrained")
    left, right = (tidy(each) for each in made)
    return left, right


def _time_and_voltage(axes: Any, time: Any) -> None:
    axes.set_xlim(float(time[0]), float(time[-1]))
    name_axis(axes.xaxis, "Time (ms)")
    name_axis(axes.yaxis, "Voltage (mV)")
