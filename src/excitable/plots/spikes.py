"""Pictures of spikes: their phases, the refractory period, what they cost, and how often they come."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..experiments import FiringCurve, IonsMoved, RefractoryPeriod, Spike
from ..experiments.ions import PER_CHARGE
from .responses import FAINT, density
from .style import COLOURS, INK, LINE, SIZES, legend, name_axis, panels, single, tidy

# The phases of a spike, as they are drawn: rise, fall, undershoot.
PHASES = (COLOURS[1], COLOURS[2], COLOURS[3])


def spike(found: Spike, axes: Any = None) -> Any:
    """The spike with its phases in colour, and the refractory period as a bar below."""
    figure = single("plot", (7.5, 4.8)) if axes is None else tidy(axes)
    seen = found.phases
    figure.plot(found.time, found.voltage, color=FAINT, linewidth=LINE)
    spans = (
        ("rise", seen.onset_time, seen.peak_time),
        ("fall", seen.peak_time, seen.fall_end),
        ("undershoot", seen.fall_end, seen.undershoot_end),
    )
    for (name, begin, end), colour in zip(spans, PHASES, strict=True):
        if np.isfinite(begin) and np.isfinite(end):
            inside = (found.time >= begin) & (found.time <= end)
            figure.plot(found.time[inside], found.voltage[inside], color=colour, linewidth=1.8 * LINE, label=name)
    figure.plot([seen.peak_time], [seen.peak], "o", color=COLOURS[0], markersize=7.0, label=f"peak {seen.peak:.1f} mV")
    figure.axhline(seen.rest, color=INK, linewidth=0.8, linestyle=":")
    begin, last = found.stimulus.numbers.get("start", 0.0), _last(found)
    if found.refractory is not None:
        low = float(found.voltage.min()) - 0.08 * float(np.ptp(found.voltage))
        late = found.refractory.relative if np.isfinite(found.refractory.relative) else last - begin
        bar = {"height": 0.05 * float(np.ptp(found.voltage)), "left": begin, "linewidth": 0.0}
        figure.barh(low, late, color=FAINT, label="relatively refractory", **bar)
        figure.barh(low, found.refractory.absolute, color=INK, label="absolutely", **bar)
        last = max(last, begin + 1.15 * late)
    figure.set_xlim(max(0.0, begin - 1.0), last)
    legend(figure, columns=3)
    name_axis(figure.xaxis, "Time (ms)")
    name_axis(figure.yaxis, "Voltage (mV)")
    return figure


def _last(found: Spike) -> float:
    """The end of what is worth showing of a spike, ms."""
    seen = found.phases
    ends = [each for each in (seen.undershoot_end, seen.fall_end) if np.isfinite(each)]
    return (
        min(float(found.time[-1]), seen.peak_time + 1.4 * (ends[0] - seen.peak_time)) if ends else float(found.time[-1])
    )


def refractory_period(found: RefractoryPeriod, axes: Any = None) -> Any:
    """The threshold of the second of two stimuli by the interval between them."""
    figure = single("plot", (7.0, 4.4)) if axes is None else tidy(axes)
    figure.axvspan(0.0, found.absolute, color=INK, alpha=0.25, linewidth=0.0, label="absolutely refractory")
    if np.isfinite(found.relative):
        figure.axvspan(found.absolute, found.relative, color=FAINT, alpha=0.25, linewidth=0.0, label="relatively")
    figure.plot(found.intervals, found.thresholds, "o-", color=COLOURS[0], linewidth=LINE, markersize=5.0)
    figure.axhline(1.0, color=INK, linewidth=1.0, linestyle=":")
    figure.set_xlim(0.0, 1.02 * float(found.intervals[-1]))
    figure.set_ylim(bottom=0.0)
    legend(figure)
    name_axis(figure.xaxis, "Interval between two stimuli (ms)")
    name_axis(figure.yaxis, "Threshold of the second (× rest)")
    return figure


def ions_moved(found: IonsMoved, axes: Any = None) -> Any:
    """The voltage, the current of each ion, and what has crossed since the stimulus."""
    made = panels("plot", [2.2, 2.2, 2.2])
    made[0].plot(found.time, found.voltage, color=INK, linewidth=LINE)
    name_axis(made[0].yaxis, "Voltage (mV)")
    for ion, colour in zip(found.ions, COLOURS, strict=False):
        flow = found.currents[ion]
        made[1].plot(found.time, flow, color=colour, linewidth=LINE, label=ion)
        steps = np.diff(found.time) * 0.5 * (flow[1:] + flow[:-1])
        crossed = np.concatenate([[0.0], np.cumsum(steps)])
        total = -crossed[-1] * PER_CHARGE
        charge = 1.0 if total == 0.0 else found.entered[ion] / total
        made[2].plot(found.time, -crossed * PER_CHARGE * charge, color=colour, linewidth=LINE)
    name_axis(made[1].yaxis, "Current (mA/cm²)")
    legend(made[1])
    made[2].axhline(0.0, color=INK, linewidth=0.8, linestyle=":")
    name_axis(made[2].yaxis, "Entered (pmol/cm²)")
    name_axis(made[2].xaxis, "Time (ms)")
    made[2].set_xlim(float(found.time[0]), float(found.time[-1]))
    made[0].figure.align_ylabels(made)
    return np.array(made, dtype=object)


def firing_curve(found: FiringCurve, axes: Any = None) -> Any:
    """The rate of lasting firing, and that of the first interval, by the strength of the current."""
    figure = single("plot", (6.8, 4.4)) if axes is None else tidy(axes)
    factor, words = density(found.area)
    currents = factor * found.currents
    figure.plot(currents, found.onset_rates, ".", color=FAINT, markersize=7.0, label="first interval")
    lasts = found.rates > 0.0
    figure.plot(currents[lasts], found.rates[lasts], "o-", color=COLOURS[0], linewidth=LINE, markersize=4.5,
                label="lasting")  # fmt: skip
    marks = ((found.rheobase, "first spike"), (found.sustained, "lasting firing"))
    for (value, name), colour in zip(marks, (COLOURS[2], COLOURS[1]), strict=True):
        if np.isfinite(value):
            figure.axvline(factor * value, color=colour, linewidth=1.2, linestyle=":", label=name)
    figure.set_ylim(bottom=0.0)
    figure.set_xlim(float(currents[0]), float(currents[-1]))
    legend(figure)
    name_axis(figure.xaxis, words)
    name_axis(figure.yaxis, "Firing rate (Hz)")
    figure.text(0.97, 0.06, f"class {found.excitability}", transform=figure.transAxes, ha="right", color=INK,
                fontsize=SIZES["label"])  # fmt: skip
    return figure
