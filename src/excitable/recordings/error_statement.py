"""How far can a result be trusted? A statement of its error, made by comparing it with a finer one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..frozen import field, frozen, replace

if TYPE_CHECKING:
    from .recording import Recording

# A stated error is the estimate times this: estimates by halving are themselves off by the next order.
SAFETY = 2.0
# Differences of three runs that shrink otherwise than the order of the method says raise an error by this at most.
DOUBT = 4.0


@frozen()
class ErrorStatement:
    """The error of what was recorded, as far as a comparison with a finer run can tell.

    Attributes:
        signals: Label to the largest error of a signal over all samples, in the unit of the signal.
        units: Label to that unit.
        spike_times: Label to the largest error of a spike time, µs; infinite where the runs disagree in the number
            of spikes.
        dt: The step of the run that the statement is about, ms.
        compartments: Its number of compartments.
        refined: What was made finer for the comparison: "step", or "step and space".
        cost: How much longer everything took than the run alone, as a factor.
    """

    signals: Mapping[str, float]
    units: Mapping[str, str]
    spike_times: Mapping[str, float]
    dt: float
    compartments: int
    refined: str = "step"
    cost: float = field(default=1.0)

    @property
    def converged(self) -> bool:
        """Whether both runs have the same number of spikes everywhere."""
        return bool(np.all(np.isfinite(list(self.spike_times.values())))) if self.spike_times else True

    def within(self, limits: Mapping[str, float]) -> bool:
        """Whether every error is at most the limit of its unit; "us" stands for spike times."""
        worst_voltage = max((e for label, e in self.signals.items() if self.units[label] == "mV"), default=0.0)
        worst_time = max(self.spike_times.values(), default=0.0)
        return worst_voltage <= limits.get("mV", np.inf) and worst_time <= limits.get("us", np.inf)

    def __repr__(self) -> str:
        lines = [f"Error of a run with dt {self.dt:g} ms, {self.compartments} compartments ({self.refined} refined)"]
        lines += [f"  {label}  ±{error:.3g} {self.units[label]}" for label, error in self.signals.items()]
        for label, error in self.spike_times.items():
            said = f"±{error:.3g} µs" if np.isfinite(error) else "the runs have different numbers of spikes"
            lines.append(f"  {label}  {said}")
        return "\n".join([*lines, f"  it took {self.cost:.1f} times the run alone"])

    def facts(self) -> dict[str, Any]:
        """The statement as plain facts, for files."""
        plain = {name: getattr(self, name) for name in ("dt", "compartments", "refined", "cost")}
        times = {label: error if np.isfinite(error) else None for label, error in self.spike_times.items()}
        return {**plain, "signals": dict(self.signals), "units": dict(self.units), "spike_times": times}


def from_facts(facts: Mapping[str, Any]) -> ErrorStatement:
    """The statement that `facts` wrote."""
    times = {label: np.inf if error is None else float(error) for label, error in facts["spike_times"].items()}
    return ErrorStatement(**{**facts, "spike_times": times})


def compare(coarse: Recording, fine: Recording, *, order: int, ratio: float, of_fine: bool) -> ErrorStatement:
    """The error of the coarse run, or of the fine one, from their difference.

    Both have the same samples and labels; the fine one has a step (or compartments) `ratio` times smaller. With
    errors that shrink as the power `order`, the difference is all of the coarse error but one part in ratio^order
    (Richardson 1911, Phil Trans R Soc A 210:307).
    """
    gain = ratio**order
    factor = SAFETY * (1.0 if of_fine else gain) / (gain - 1.0)
    about = fine if of_fine else coarse
    # Each run ends with a whole step of its own.
    samples = min(coarse.time.size, fine.time.size)
    signals = {
        label: factor
        * float(np.max(np.abs(signal.values[..., :samples] - fine.signals[label].values[..., :samples]), initial=0.0))
        for label, signal in coarse.signals.items()
    }
    end = min(_end(coarse), _end(fine))
    times = {label: _spikes(coarse, fine, label, factor, end) for label in coarse.spikes}
    facts = about.description
    return ErrorStatement(
        signals,
        {label: signal.unit for label, signal in coarse.signals.items()},
        times,
        float(facts["dt"]),
        int(facts["compartments"]),
    )


def doubted(now: ErrorStatement, before: ErrorStatement, *, order: int) -> ErrorStatement:
    """A statement raised where its differences did not shrink from those before as the order says.

    `before` is about a step twice as long. Where differences shrank less, the observed ratio takes the place of the
    declared one; where they shrank more, by luck as a rule, they count as if they had shrunk as declared.
    """
    gain = 2.0**order
    signals = {label: error * _raise(error, before.signals[label], gain) for label, error in now.signals.items()}
    times = {label: error * _raise(error, before.spike_times[label], gain) for label, error in now.spike_times.items()}
    return replace(now, signals=signals, spike_times=times)


def _raise(error: float, before: float, gain: float) -> float:
    if error == 0.0 or not np.isfinite(error):
        return 1.0
    ratio = before / error
    if ratio >= gain:
        return min(ratio / gain, DOUBT)
    return min((gain - 1.0) / (ratio - 1.0), DOUBT) if ratio > 1.0 else DOUBT


def _end(recording: Recording) -> float:
    """When the last step of a run from the start ended, ms."""
    return float(recording.description["steps"]) * float(recording.description["dt"]) * (1.0 + 1e-12)


def _spikes(coarse: Recording, fine: Recording, label: str, factor: float, end: float) -> float:
    """The largest error of a spike time up to `end` (ms), µs."""
    largest = 0.0
    for first, second in zip(coarse.spikes[label].times, fine.spikes[label].times, strict=True):
        first, second = first[first <= end], second[second <= end]
        if first.size != second.size:
            return np.inf
        largest = max(largest, float(np.max(np.abs(first - second), initial=0.0)))
    return 1e3 * factor * largest
