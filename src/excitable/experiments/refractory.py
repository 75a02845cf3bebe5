"""The refractory period: when, and for how much, a second stimulus is answered after a spike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import frozen, replace
from ..protocols import Stimulus
from ..recordings import State
from ..runtime import together, vary
from ..units import to_array
from .search import smallest_firing
from .subject import AFTER, LEVEL, MOVES, Subject, changed, one_stimulus, prepared
from .threshold import Threshold, candidates_of, described, search
from .words import lines, number

SECOND = "second pulse"
# Multiples of the threshold at rest: what sets off the first spike, and the strongest second stimulus.
FIRST, STRONGEST = 1.5, 5.0
# The relative period ends where the threshold is back within this share of that at rest.
RECOVERED = 0.05
# mV: an answer rises at least so much above what there would be without the second stimulus.
RISES = 1.0
INTERVALS = 24


@frozen(eq=False, repr=False)
class RefractoryPeriod:
    """How a spike is followed by less excitability.

    Attributes:
        absolute: The shortest interval between the onsets of two stimuli after which the second, at `strongest` times
            the threshold at rest, sets off another spike, ms.
        relative: The interval at which the threshold is back within 5 % of that at rest, ms; NaN where that is later
            than the longest interval.
        intervals: Between the onsets of both stimuli, ms, (intervals,).
        thresholds: Threshold of the second stimulus as a multiple of that at rest, (intervals,); NaN where even the
            strongest is not answered.
        strongest: The largest multiple that was tried.
        threshold: The threshold at rest.
        runs: How many runs were made.
    """

    absolute: float
    relative: float
    intervals: Floats
    thresholds: Floats
    strongest: float
    threshold: Threshold
    runs: int

    @property
    def supernormal(self) -> float:
        """The lowest threshold that was found, as a multiple of that at rest: below 1 where a spike leaves the cell
        more excitable for a while."""
        return float(np.min(self.thresholds, where=np.isfinite(self.thresholds), initial=np.inf))

    def __repr__(self) -> str:
        rows = [
            ("absolute", f"{number(self.absolute)} ms, for stimuli up to {number(self.strongest)} × threshold"),
            ("relative", f"until {number(self.relative)} ms" if np.isfinite(self.relative)
             else f"beyond {number(self.intervals[-1])} ms"),
        ]  # fmt: skip
        if self.supernormal < 1.0 - RECOVERED:
            at = self.intervals[int(np.nanargmin(self.thresholds))]
            rows.append(("supernormal", f"{number(self.supernormal, 3)} × threshold, {number(at)} ms after"))
        return lines("Refractory period", rows)


def refractory(
    cell: Cell,
    stimulus: Stimulus,
    *,
    intervals: Sequence[Any] | None = None,
    strongest: float = STRONGEST,
    first: float = FIRST,
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    start: State | None = None,
    dt: Any = None,
    tolerance: float = 1e-3,
) -> RefractoryPeriod:
    """The absolute and the relative refractory period, by pairs of equal brief pulses.

    The first stimulus is `first` times the threshold at rest. Of the second, one interval after it, the smallest
    strength that is answered is searched, for all intervals in the same sweeps. Where spikes are looked for elsewhere
    than stimulated, a spike there is the answer. Where both places are one, an answer is a peak above `level` that
    comes after the second stimulus has ended, as the mere displacement of the voltage by it does not, and that is not
    there without it. In a patch answers grow out of such a displacement without a jump (Hodgkin & Huxley 1952, figure
    20), so that its absolute period depends on `strongest`.

    Args:
        cell: What to stimulate.
        stimulus: A brief pulse; its strength is searched.
        intervals: Between the onsets of both, ms; by default 24, from the absolute period to five times as long.
        strongest: The largest second stimulus, as a multiple of the threshold at rest.
        first: The first one.
        detect, level, after, start, dt, tolerance: As for `threshold`.

    Raises:
        RequestError: No interval is answered; a stimulus that is no pulse; else as for `threshold`.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> refractory(patch, ex.current_pulse(at=ex.soma, amplitude=1, duration="0.2 ms"), intervals=[8, 12, 16, 20])
    Refractory period
      absolute     8.971 ms, for stimuli up to 5 × threshold
      relative     until 16.53 ms
      supernormal  0.846 × threshold, 20 ms after
    """
    given = one_stimulus(stimulus, verb="refractory")
    _refuse_other_than_pulses(given)
    subject = prepared(cell, given.at, detect=detect, level=level, after=after, start=start, dt=dt)
    at_rest = described(subject, given, "amplitude", search(subject, given, "amplitude"), ())
    pair = _Pair(subject, at_rest, first)
    pair.refuse_lifting(strongest)
    absolute = pair.absolute(strongest, tolerance)
    times = _intervals(intervals, absolute)
    found = smallest_firing(
        lambda values: pair.answers(times[:, None] + np.zeros_like(values), values),
        np.ones(len(times)), most=strongest, tolerance=tolerance, candidates=candidates_of(subject),
    )  # fmt: skip
    relative = _recovery(times, found.value)
    return RefractoryPeriod(absolute, relative, times, found.value, strongest, at_rest, pair.runs + at_rest.runs)


def _refuse_other_than_pulses(given: Stimulus) -> None:
    if given.kind != "pulse":
        raise RequestError(
            f"refractory was given {given.name!r}, a {given.kind}. Pairs of one rectangular pulse were expected. "
            "Write current_pulse(at=soma, amplitude=1, duration='0.2 ms')."
        )


class _Pair:
    """Two stimuli, and whether the second is answered."""

    def __init__(self, subject: Subject, at_rest: Threshold, first: float) -> None:
        self.subject, self.value, self.runs = subject, at_rest.value, 0
        self.first = changed(at_rest.stimulus, amplitude=first * at_rest.value)
        self.second = replace(at_rest.stimulus, name=SECOND)
        self.begin = self.first.numbers["start"]
        self.width = self.first.numbers["duration"]
        self.time, self.alone = subject.trace(self.begin + self.width + subject.after, [self.first])
        self.peak = float(self.time[int(np.argmax(np.where(self.time >= self.begin, self.alone, -np.inf)))])
        self.here = subject.detected == subject.stimulated
        if self.here and self.peak <= self.begin + self.width:
            raise RequestError(
                f"{self.first.name!r} lasts {self.width:g} ms, and the first spike peaks "
                f"{self.peak - self.begin:.3g} ms after its onset. A brief pulse was expected, which has ended when "
                "the spike that it sets off peaks. Write a shorter duration, or detect= at another place."
            )

    def refuse_lifting(self, strongest: float) -> None:
        """Raise RequestError where the strongest second stimulus alone would hide every answer."""
        moved = strongest * abs(self.value) * MOVES / float(self.subject.scale(self.second)[0])
        room = float(self.alone.max()) - self.subject.begins
        if self.here and moved > 0.9 * room:
            raise RequestError(
                f"A second stimulus of {strongest:g} times the threshold alone moves the voltage by {moved:.0f} mV, "
                f"and the first spike rises by {room:.0f} mV. An answer must stand out of that. "
                f"Write strongest={0.9 * room / moved * strongest:.2g} or less, or detect= at another place."
            )

    def answers(self, intervals: Floats, multiples: Floats) -> NDArray[np.bool_]:
        """Whether each second stimulus sets off a spike of its own; both arguments of one shape."""
        subject, begins = self.subject, self.begin + intervals.ravel()
        over = together(
            vary(SECOND, "start", begins), vary(SECOND, "amplitude", self.value * multiples.ravel()), name="pairs"
        )
        length = float(begins.max()) + self.width + subject.after
        self.runs += begins.size
        protocol = [self.first, self.second]
        if not self.here:
            counts = subject.count(length, protocol, [over], until=begins + self.width + subject.after)
            return np.asarray(counts.reshape(intervals.shape) > 1)
        time, traces = subject.trace(length, protocol, [over])
        found = [self._answered(time, row, begin) for row, begin in zip(traces, begins, strict=True)]
        return np.array(found).reshape(intervals.shape)

    def _answered(self, time: Floats, row: Floats, begin: float) -> bool:
        inside = (time >= begin) & (time <= begin + self.width + self.subject.after)
        seen, when = row[inside], time[inside]
        top = int(np.argmax(seen))
        without = np.interp(when, self.time, self.alone, right=self.alone[-1])
        later = when[top] > begin + self.width + 2.0 * (when[1] - when[0])
        return bool(seen[top] >= self.subject.level and later and seen[top] > without.max() + RISES)

    def absolute(self, strongest: float, tolerance: float) -> float:
        """The shortest interval, later than the peak of the first spike, with an answer to the strongest stimulus.

        Raises:
            RequestError: There is none.
        """
        low, high = self.peak - self.begin + self.width, self.subject.after
        for _ in range(20):
            times = np.linspace(low, high, 2 * candidates_of(self.subject))
            hits = np.flatnonzero(self.answers(times, np.full_like(times, strongest)))
            if not hits.size:
                raise RequestError(
                    f"After its first spike {self.subject.cell.morphology.name!r} does not answer a second stimulus of "
                    f"{strongest:g} times the threshold within {high:g} ms. A cell that recovers was expected. "
                    "Write a longer after=, or a larger strongest=."
                )
            if hits[0] == 0:
                return float(times[0])
            low, high = float(times[hits[0] - 1]), float(times[hits[0]])
            if high - low <= tolerance * high:
                break
        return high


def _intervals(given: Sequence[Any] | None, absolute: float) -> Floats:
    if given is None:
        return absolute * np.geomspace(1.0, 5.0, INTERVALS)
    times = np.sort(np.atleast_1d(to_array(given, "ms", what="the intervals between both stimuli")))
    if times.ndim != 1 or times[0] <= 0.0:
        raise RequestError(
            f"refractory was given the intervals {given!r}. They are times between two onsets, all positive. "
            "Write intervals=[5, 10, 20]."
        )
    return times


def _recovery(times: Floats, thresholds: Floats) -> float:
    """The first interval at which the threshold is back, between two by a straight line; NaN where there is none."""
    level = 1.0 + RECOVERED
    back = np.flatnonzero(thresholds <= level)
    if not back.size:
        return float("nan")
    k = int(back[0])
    if k == 0 or np.isnan(thresholds[k - 1]):
        return float(times[k])
    share = (thresholds[k - 1] - level) / (thresholds[k - 1] - thresholds[k])
    return float(times[k - 1] + share * (times[k] - times[k - 1]))
