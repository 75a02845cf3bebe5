"""Features under the names of eFEL, so that targets and scores written for it can be read here.

Definitions follow eFEL (openbraininstitute/eFEL), with interpolation between samples where it takes the
nearest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError, UnknownNameError, nearest
from ..frozen import frozen
from ..recordings import Recording, Signal
from ..units import to
from .detection import Criterion, criterion
from .shapes import ActionPotentials, shapes
from .traces import Array, traces, window


@frozen(eq=False)
class Seen:
    """One trace with its stimulus, and the spikes whose peaks lie in it."""

    values: Array
    time: Array
    start: float
    stop: float
    current: float
    spikes: ActionPotentials

    def mean(self, start: float, stop: float) -> float:
        """Mean voltage between two times, mV; NaN where the trace has too few samples there."""
        inside = (self.time >= start - 1e-9) & (self.time < stop - 1e-9)
        return float(self.values[inside].mean()) if inside.any() else np.nan

    @property
    def base(self) -> float:
        """Mean voltage in the last tenth before the stimulus, mV."""
        return self.mean(self.start - 0.1 * (self.start - self.time[0]), self.start)

    @property
    def steady(self) -> float:
        """Mean voltage in the last tenth of the stimulus, mV."""
        return self.mean(self.stop - 0.1 * (self.stop - self.start), self.stop)

    @property
    def lowest(self) -> float:
        """Lowest voltage during the stimulus, mV."""
        return float(self.values[window(self.time, self.start, self.stop)].min())

    @property
    def highest(self) -> float:
        """Highest voltage during the stimulus, mV."""
        return float(self.values[window(self.time, self.start, self.stop)].max())

    @property
    def frequency(self) -> float:
        """Spikes over the time from the onset of the stimulus to the last peak, Hz."""
        return 1e3 * self.spikes.time.size / (_at(self.spikes.peak_time, -1) - self.start)

    @property
    def intervals(self) -> Array:
        """Times between peaks, ms."""
        return np.diff(self.spikes.peak_time)

    @property
    def adaptation(self) -> float:
        """Mean relative change from one interval to the next, without the first."""
        gaps = self.intervals[1:]
        return float(np.mean(np.diff(gaps) / (gaps[1:] + gaps[:-1]))) if gaps.size > 1 else np.nan


class Feature(NamedTuple):
    """One name of eFEL: the unit, what it is, and how it is computed."""

    unit: str
    words: str
    value: Callable[[Seen], Any]


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom != 0.0 else np.nan


def _at(values: Array, index: int) -> float:
    return float(values[index]) if -values.size <= index < values.size else np.nan


def _variation(gaps: Array) -> float:
    return float(gaps.std(ddof=1) / gaps.mean()) if gaps.size > 1 else np.nan


# eFEL leaves the first interval out of ISI_values and ISI_CV, but not of all_ISI_values.
FEATURES = {
    "AHP_depth": Feature("mV", "lowest point after each spike less voltage_base", lambda s: s.spikes.trough - s.base),
    "AHP_depth_abs": Feature("mV", "lowest point after each spike", lambda s: s.spikes.trough),
    "AP1_amp": Feature("mV", "height of the first spike above its onset", lambda s: _at(s.spikes.amplitude, 0)),
    "AP2_amp": Feature("mV", "height of the second spike above its onset", lambda s: _at(s.spikes.amplitude, 1)),
    "APlast_amp": Feature("mV", "height of the last spike above its onset", lambda s: _at(s.spikes.amplitude, -1)),
    "AP_amplitude": Feature("mV", "height of each spike above its onset", lambda s: s.spikes.amplitude),
    "AP_begin_time": Feature("ms", "onset of each spike, where dV/dt reaches 10 mV/ms", lambda s: s.spikes.onset_time),
    "AP_begin_voltage": Feature("mV", "voltage at the onset of each spike", lambda s: s.spikes.onset),
    "AP_duration_half_width": Feature("ms", "width halfway between onset and peak", lambda s: s.spikes.half_width),
    "AP_height": Feature("mV", "voltage at the peak of each spike", lambda s: s.spikes.peak),
    "AP_peak_downstroke": Feature("mV/ms", "steepest fall after each peak", lambda s: s.spikes.downstroke),
    "AP_peak_upstroke": Feature("mV/ms", "steepest rise before each peak", lambda s: s.spikes.upstroke),
    "AP_rise_time": Feature("ms", "from onset to peak", lambda s: s.spikes.peak_time - s.spikes.onset_time),
    "ISI_CV": Feature("1", "variation of the intervals after the first", lambda s: _variation(s.intervals[1:])),
    "ISI_values": Feature("ms", "intervals between peaks, without the first", lambda s: s.intervals[1:]),
    "Spikecount": Feature("1", "number of spikes", lambda s: s.spikes.time.size),
    "adaptation_index2": Feature("1", "mean relative change of the intervals", lambda s: s.adaptation),
    "all_ISI_values": Feature("ms", "intervals between peaks", lambda s: s.intervals),
    "doublet_ISI": Feature("ms", "first interval", lambda s: _at(s.intervals, 0)),
    "inv_first_ISI": Feature("Hz", "one over the first interval", lambda s: 1e3 / _at(s.intervals, 0)),
    "maximum_voltage": Feature("mV", "highest sample of the stimulus", lambda s: s.highest),
    "mean_frequency": Feature("Hz", "spikes over the time from onset to the last", lambda s: s.frequency),
    "min_AHP_values": Feature("mV", "lowest point after each spike", lambda s: s.spikes.trough),
    "minimum_voltage": Feature("mV", "lowest sample of the stimulus", lambda s: s.lowest),
    "ohmic_input_resistance_vb_ssse": Feature(
        "MOhm",
        "(steady_state_voltage_stimend - voltage_base) / current",
        lambda s: _ratio(s.steady - s.base, s.current),
    ),
    "peak_time": Feature("ms", "time of each peak", lambda s: s.spikes.peak_time),
    "peak_voltage": Feature("mV", "voltage at each peak", lambda s: s.spikes.peak),
    "sag_ratio1": Feature(
        "1",
        "(steady - lowest) / (base - lowest)",
        lambda s: _ratio(s.steady - s.lowest, s.base - s.lowest) if s.steady < s.base else np.nan,
    ),
    "sag_ratio2": Feature(
        "1", "(base - steady) / (base - lowest)", lambda s: _ratio(s.base - s.steady, s.base - s.lowest)
    ),
    "spike_count": Feature("1", "number of spikes", lambda s: s.spikes.time.size),
    "steady_state_voltage_stimend": Feature("mV", "mean of the last tenth of the stimulus", lambda s: s.steady),
    "time_to_first_spike": Feature("ms", "first peak after onset", lambda s: _at(s.spikes.peak_time, 0) - s.start),
    "time_to_last_spike": Feature("ms", "last peak after onset", lambda s: _at(s.spikes.peak_time, -1) - s.start),
    "voltage_base": Feature("mV", "mean of the last tenth before the stimulus", lambda s: s.base),
}


def features(
    trace: Recording | Signal | ArrayLike,
    time: ArrayLike | None = None,
    names: Iterable[str] = tuple(FEATURES),
    *,
    stimulus: tuple[Any, Any],
    current: Any = None,
    threshold: float | str | Criterion = -20.0,
    slope: float = 10.0,
    probe: Any = None,
) -> dict[str, Any]:
    """Features of one trace under the names of eFEL; `FEATURES` lists them with units and meanings.

    Where eFEL takes the nearest sample, times and voltages here are interpolated, so values differ by about
    one
    sampling step. What a trace does not have is NaN, or an empty array.

    Args:
        trace: Voltage (mV), shape (n,), or a recording of one run.
        time: Times (ms), shape (n,); not with a recording.
        names: Which features; all of them by default.
        stimulus: Onset and end of the stimulus, ms.
        current: Its amplitude, nA, for resistances.
        threshold: What counts as a spike; eFEL's default is -20 mV.
        slope: dV/dt at the onset of a spike, mV/ms; eFEL's default is 10.
        probe: Which signal of the recording.

    Raises:
        UnknownNameError: A name that is not in `FEATURES`.
        RequestError: A sweep; else as for `spikes`.

    >>> time = np.arange(0, 20, 0.01)
    >>> voltage = -70 + 100 * np.exp(-((((time % 10) - 5) / 0.5) ** 2))
    >>> found = features(voltage, time, ["Spikecount", "peak_time"], stimulus=(1, 19))
    >>> found["Spikecount"], found["peak_time"].round(3)
    (2, array([ 5., 15.]))
    """
    wanted = list(names)
    for name in wanted:
        if name not in FEATURES:
            raise UnknownNameError(
                f"There is no feature {name!r}. Expected one of the {len(FEATURES)} in "
                f"measurements.FEATURES. {nearest(name, FEATURES)}"
            )
    runs = traces(trace, time, probe, None, None)
    if runs.shape:
        raise RequestError(
            f"{runs.name} holds {len(runs.values)} traces, in the shape {runs.shape}. Expected a single "
            "one. Write trace[0], recording.select(...) or signal.at(...) first."
        )
    start, stop = (to(each, "ms", what="the time of the stimulus") for each in stimulus)
    values = runs.values[0]
    found = shapes(values, runs.time, criterion(threshold), to(slope, "mV/ms", what="the slope of onset"))
    amplitude = float("nan") if current is None else to(current, "nA", what="the current of the stimulus")
    seen = Seen(values, runs.time, start, stop, amplitude, found)
    return {name: FEATURES[name].value(seen) for name in wanted}
