"""The threshold of a stimulus, by bisection with many candidates in one sweep, and the all-or-none law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import field, frozen
from ..protocols import Stimulus
from ..protocols.stimuli import UNITS
from ..recordings import State
from ..runtime import vary
from ..units import to
from .search import RUNGS, Bracket, smallest_firing
from .subject import AFTER, LEVEL, Subject, changed, one_stimulus, prepared, refuse_noise
from .words import PER_AREA, amount, lines, number

# A large cell is tried at fewer values in a round, and in more rounds.
LARGE, FEW = 60, 8
# mV: a smaller difference between a response just below threshold and one just above is no jump.
JUMP = 10.0


@frozen(eq=False, repr=False)
class Threshold:
    """The smallest stimulus that fires a cell.

    Attributes:
        parameter, unit: What was varied, "amplitude" in "nA" for most stimuli.
        value: The smallest value that was seen to fire, with the sign of the stimulus.
        below: The largest value below it that was seen not to fire.
        latency: From the onset of the stimulus to the spike at `value`, ms.
        peak_below, peak_above: The highest voltage reached with each, mV.
        stimulus: The stimulus at threshold.
        level: The voltage whose upward crossing counted as a spike, mV.
        area: Area of the membrane, µm², of a cell of one compartment.
        runs: How many runs the search made.
        time, traces: Both responses: ms, (samples,), and mV, (2, samples).
    """

    parameter: str
    unit: str
    value: float
    below: float
    latency: float
    peak_below: float
    peak_above: float
    stimulus: Stimulus
    level: float
    area: float | None
    runs: int
    time: Floats = field(repr=False)
    traces: Floats = field(repr=False)

    @property
    def density(self) -> float:
        """The threshold as current density, µA/cm²; not a number for a cell of several compartments."""
        return np.nan if self.area is None or self.unit != "nA" else PER_AREA * self.value / self.area

    @property
    def jumps(self) -> bool:
        """Whether the response jumps at the threshold, by more than 10 mV for what separates the two stimuli."""
        return self.peak_above - self.peak_below > JUMP

    def __repr__(self) -> str:
        value = amount(self.value, self.area) if self.unit == "nA" else f"{number(self.value)} {self.unit}"
        late = f"after {number(self.latency, 2)} ms"
        rows = [
            ("just below", f"{number(self.below, 5)} {self.unit} reaches {self.peak_below:.0f} mV"),
            ("at threshold", f"{number(self.value, 5)} {self.unit} reaches {self.peak_above:.0f} mV {late}"),
        ]
        if not self.jumps:
            rows.append(("graded", f"the response grows through {self.level:g} mV without a jump"))
        return lines(f"Threshold {self.parameter} of {self.stimulus.name!r}: {value}", rows)


def threshold(
    cell: Cell,
    stimulus: Stimulus,
    *,
    parameter: str = "amplitude",
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    most: Any = None,
    protocol: Sequence[Stimulus] = (),
    start: State | None = None,
    dt: Any = None,
    tolerance: float = 1e-4,
) -> Threshold:
    """The smallest stimulus that makes a resting cell fire.

    Every round tries many values in one sweep: first a ladder over a factor of a thousand around what would move the
    voltage by about 10 mV, then equal parts of the bracket.

    Args:
        cell: What to stimulate.
        stimulus: One injected current; its strength is searched, of its own only the sign counts.
        parameter: The number of the stimulus to vary: "amplitude", "duration", "last" of a ramp …
        detect: Where a spike is looked for; where the stimulus goes in by default.
        level: The voltage whose upward crossing is a spike, mV.
        after: How long to wait for it after the end of the stimulus, ms.
        most: The largest value to try; by default a thousand times the first guess.
        protocol: Other currents, the same in every run.
        start: Where every run begins; by default the resting state.
        dt: The step, ms; by default a sensible one.
        tolerance: How narrow the bracket shall be, relative to the threshold.

    Raises:
        RequestError: No value fires; the cell fires without the stimulus, or does not rest; noise.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> threshold(patch, ex.current_pulse(at=ex.soma, amplitude=1, duration="1 ms"))
    Threshold amplitude of 'pulse': 0.08675 nA (6.904 µA/cm²)
      just below    0.086753 nA reaches -54 mV
      at threshold  0.086754 nA reaches 26 mV after 8.6 ms
    """
    given = one_stimulus(stimulus, parameter=parameter, verb="threshold")
    refuse_noise(protocol, "threshold")
    subject = prepared(cell, given.at, detect=detect, level=level, after=after, start=start, dt=dt)
    found = search(subject, given, parameter, most=most, protocol=protocol, tolerance=tolerance)
    return described(subject, given, parameter, found, protocol)


def search(
    subject: Subject, stimulus: Stimulus, parameter: str, *, most: Any = None, protocol: Sequence[Stimulus] = (),
    since: float | None = None, tolerance: float = 1e-4,
) -> Bracket:  # fmt: skip
    """The bracket around the threshold of one stimulus; spikes count from `since` on, ms.

    Raises:
        RequestError: As for `threshold`.
    """
    unit = UNITS[parameter]
    sign = -1.0 if unit == "nA" and stimulus.numbers[parameter] < 0.0 else 1.0
    begin = stimulus.numbers.get("start", 0.0) if since is None else since
    middle = subject.scale(stimulus) if parameter == "amplitude" and _lasts(stimulus) else _own(stimulus, parameter)
    limit = np.inf if most is None else abs(to(most, unit, what=f"the largest {parameter}"))

    def test(values: Floats) -> Any:
        over = vary(stimulus, parameter, sign * values.ravel())
        length = _length(subject, stimulus, parameter, float(values.max()))
        return subject.count(length, [*protocol, stimulus], [over], since=begin).reshape(values.shape) > 0

    if subject.count(_length(subject, stimulus, parameter, 0.0), protocol, [])[()] > 0:
        raise RequestError(
            f"{subject.cell.morphology.name!r} fires without {stimulus.name!r}. A threshold needs a cell that waits "
            "for its stimulus. Write start=rest(cell).state, or leave the other currents out."
        )
    many = candidates_of(subject)
    found = smallest_firing(test, middle, most=limit, tolerance=tolerance, candidates=many)
    if np.isnan(found.value[0]):
        raise RequestError(_unreachable(subject, stimulus, parameter, sign, found, protocol))
    if found.below[0] == 0.0:
        raise RequestError(
            f"{stimulus.name!r} makes {subject.cell.morphology.name!r} fire with the smallest {parameter} that was "
            f"tried, {sign * found.lowest[0]:.3g} {unit}. A threshold has something below it that does not fire. "
            f"Write level= above {subject.begins:.1f} mV, where the cell begins, or another stimulus."
        )
    return found


def candidates_of(subject: Subject) -> int:
    """How many values of a search are tried in one sweep."""
    return RUNGS if subject.dynamics.compartments <= LARGE else FEW


def _lasts(stimulus: Stimulus) -> bool:
    return "duration" in stimulus.numbers or "width" in stimulus.numbers


def _own(stimulus: Stimulus, parameter: str) -> Floats:
    """The stimulus's own value as a first guess."""
    own = abs(stimulus.numbers[parameter])
    return np.array([own if 0.0 < own < 1e12 else 1.0])


def _length(subject: Subject, stimulus: Stimulus, parameter: str, value: float) -> float:
    end = changed(stimulus, **{parameter: value}).end if parameter in ("duration", "width", "count") else stimulus.end
    begin = stimulus.numbers.get("start", 0.0)
    return (begin if not end < 1e12 else end) + subject.after


def described(
    subject: Subject, stimulus: Stimulus, parameter: str, found: Bracket, protocol: Sequence[Stimulus]
) -> Threshold:
    """What a search found, with the responses on both sides of the threshold."""
    unit = UNITS[parameter]
    sign = -1.0 if unit == "nA" and stimulus.numbers[parameter] < 0.0 else 1.0
    both = sign * np.array([found.below[0], found.value[0]])
    length = _length(subject, stimulus, parameter, float(found.value[0]))
    time, traces = subject.trace(length, [*protocol, stimulus], [vary(stimulus, parameter, both)])
    begin = stimulus.numbers.get("start", 0.0)
    later = time >= begin
    crossed = time[later & (traces[1] >= subject.level)]
    return Threshold(
        parameter, unit, float(both[1]), float(both[0]), float(crossed[0] - begin) if crossed.size else np.nan,
        float(traces[0, later].max()), float(traces[1, later].max()), changed(stimulus, **{parameter: float(both[1])}),
        subject.level, subject.area, found.runs, time, traces,
    )  # fmt: skip


def _unreachable(
    subject: Subject, stimulus: Stimulus, parameter: str, sign: float, found: Bracket, protocol: Sequence[Stimulus]
) -> str:
    """What was tried, and what happened."""
    unit, strongest = UNITS[parameter], float(found.highest[0])
    length = _length(subject, stimulus, parameter, strongest)
    time, traces = subject.trace(length, [*protocol, changed(stimulus, **{parameter: sign * strongest})])
    peak = float(traces[time >= stimulus.numbers.get("start", 0.0)].max())
    tried = f"{sign * found.lowest[0]:.3g} to {sign * strongest:.3g} {unit}"
    end = " Beyond, the numbers were no longer finite." if found.blew else ""
    return (
        f"No {parameter} of {stimulus.name!r} makes {subject.cell.morphology.name!r} fire: {tried} were tried, and the "
        f"largest brought the voltage to {peak:.1f} mV.{end} A spike rises through {subject.level:g} mV within "
        f"{subject.after:g} ms after the stimulus. Write level= between the threshold and the peak of a spike of this "
        "cell, a longer after=, detect= where it fires, or a larger most=."
    )


@frozen(eq=False, repr=False)
class AllOrNone:
    """Responses to stimuli below and above threshold.

    Attributes:
        threshold: The threshold between them.
        strengths: Strength of each stimulus as a multiple of the threshold, (stimuli,), in rising order.
        heights: How far above its start the voltage rises with each, mV, (stimuli,).
        time, traces: The responses, ms, (samples,), and mV, (stimuli, samples).
    """

    threshold: Threshold
    strengths: Floats
    heights: Floats
    time: Floats = field(repr=False)
    traces: Floats = field(repr=False)

    @property
    def largest_below(self) -> float:
        """The largest response that is no spike, mV."""
        return float(self.heights[self.strengths < 1.0].max())

    @property
    def smallest_above(self) -> float:
        """The smallest spike, mV."""
        return float(self.heights[self.strengths >= 1.0].min())

    @property
    def spread(self) -> float:
        """How much the heights of spikes differ, as a share of the tallest."""
        spikes = self.heights[self.strengths >= 1.0]
        return float((spikes.max() - spikes.min()) / spikes.max())

    @property
    def holds(self) -> bool:
        """Whether the law holds: the smallest spike is more than twice the largest response below it."""
        return self.smallest_above > 2.0 * self.largest_below

    def __repr__(self) -> str:
        below, above = self.strengths[self.strengths < 1.0], self.strengths[self.strengths >= 1.0]
        span = f"from {number(above.min())} to {number(above.max())} × threshold"
        rows = [
            ("below", f"up to {self.largest_below:.1f} mV, at {number(below.max())} × threshold"),
            ("above", f"{self.smallest_above:.1f} mV or more, {span}"),
            ("spikes differ", f"by {100 * self.spread:.1f} %"),
        ]
        return lines("All or none" if self.holds else "Graded: not all or none", rows)


def all_or_none(
    cell: Cell,
    stimulus: Stimulus,
    *,
    strengths: Sequence[float] | None = None,
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    start: State | None = None,
    dt: Any = None,
) -> AllOrNone:
    """The all-or-none law: how high the voltage rises for stimuli below and above the threshold.

    Args:
        cell, stimulus, detect, level, after, start, dt: As for `threshold`.
        strengths: Multiples of the threshold; by default from 0.1 to 3, close together at 1.

    Raises:
        RequestError: As for `threshold`; strengths that are not positive or all on one side.
    """
    given = one_stimulus(stimulus, verb="all_or_none")
    subject = prepared(cell, given.at, detect=detect, level=level, after=after, start=start, dt=dt)
    found = described(subject, given, "amplitude", search(subject, given, "amplitude", tolerance=1e-6), ())
    near = [0.9, 0.99, 0.999, 0.9999, 1.0001, 1.001, 1.01, 1.1]
    wanted = np.array(sorted(strengths if strengths is not None else [*np.arange(0.1, 3.01, 0.1), *near]), dtype=float)
    wanted = wanted[wanted != 1.0] if strengths is None else wanted
    if wanted.size < 2 or wanted[0] <= 0.0 or not wanted[0] < 1.0 <= wanted[-1]:
        raise RequestError(
            f"all_or_none was given the strengths {wanted}. They are multiples of the threshold, some below 1 and some "
            "above. Write strengths=[0.5, 0.9, 1.1, 2]."
        )
    over = vary(found.stimulus, "amplitude", wanted * found.value)
    begin = found.stimulus.numbers.get("start", 0.0)
    time, traces = subject.trace(_length(subject, found.stimulus, "amplitude", 0.0), [found.stimulus], [over])
    heights = traces[:, time >= begin].max(axis=1) - subject.begins
    return AllOrNone(found, wanted, heights, time, traces)
