"""The smallest stimulus that fires, for many conditions at once: many candidates in one sweep a round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..compiler.system import Floats
from ..errors import NumericalError
from ..frozen import frozen

# A ladder spans this factor above and below its middle; so many rungs make one sweep.
SPAN = 32.0
RUNGS = 24
ROUNDS = 40

Test = Callable[[Floats], NDArray[np.bool_]]


@frozen(eq=False)
class Bracket:
    """The outcome of a search, one entry a condition.

    Attributes:
        value: The smallest tried value that fires; NaN where none does.
        below: The largest tried value below it that does not; 0 where even the smallest fires, without a threshold.
        lowest, highest: The range that was tried.
        blew: Whether stronger stimuli ended in numbers that are not finite.
        runs: How many runs were made.
    """

    value: Floats
    below: Floats
    lowest: Floats
    highest: Floats
    blew: bool
    runs: int


def smallest_firing(
    test: Test, middle: Floats, *, most: Floats | float = np.inf, tolerance: float = 1e-4, candidates: int = RUNGS
) -> Bracket:
    """Find, for each condition, the smallest positive value that fires.

    Args:
        test: From values (conditions, candidates) to whether each fires.
        middle: A first guess for each condition, (conditions,).
        most: The largest value to try; without it, 1024 times the first guess.
        tolerance: The relative width at which to stop.
        candidates: How many values of each condition are tried in a round.

    Where a response is not monotonic, the lowest value that was found to fire counts.
    """
    top = np.broadcast_to(np.minimum(np.asarray(most, dtype=float), SPAN**2 * middle), middle.shape)
    search = _Search(test, np.minimum(middle, top), top, candidates)
    search.climb()
    search.narrow(tolerance)
    return Bracket(search.high, search.low, search.lowest, search.highest, search.blew, search.runs)


def smallest_between(
    test: Test, low: float, high: float, *, tolerance: float = 1e-4, candidates: int = RUNGS
) -> Bracket:
    """Find the smallest value that fires between two positive ones, of a single condition.

    `below` is 0 where `low` itself fires, `value` NaN where nothing does.
    """
    search = _Search(test, np.array([high]), np.array([high]), candidates)
    search.attempt(np.geomspace(low, high, 2 * candidates)[None])
    search.narrow(tolerance)
    return Bracket(search.high, search.low, search.lowest, search.highest, search.blew, search.runs)


class _Search:
    def __init__(self, test: Test, middle: Floats, top: Floats, candidates: int) -> None:
        self.test, self.top, self.candidates = test, top, candidates
        self.middle = middle
        self.low, self.high = np.zeros_like(middle), np.full_like(middle, np.nan)
        self.lowest, self.highest = np.full_like(middle, np.inf), np.zeros_like(middle)
        self.blew, self.runs = False, 0

    def attempt(self, values: Floats) -> None:
        """Try (conditions, candidates), in rising order, and move the brackets."""
        self.runs += values.size
        fires = self.test(values)
        self.lowest = np.minimum(self.lowest, values[:, 0])
        self.highest = np.maximum(self.highest, values[:, -1])
        for k, (row, fired) in enumerate(zip(values, fires, strict=True)):
            hits = np.flatnonzero(fired)
            if hits.size:
                self.high[k] = row[hits[0]]
                if hits[0]:
                    self.low[k] = row[hits[0] - 1]
            else:
                self.low[k] = row[-1]

    def climb(self) -> None:
        """Ladders of values, upwards until each condition fires, downwards where the first rung did."""
        for top in (SPAN, SPAN / 8.0, SPAN / 64.0):
            rungs = np.geomspace(1.0 / SPAN, top, self.candidates)
            try:
                self.attempt(np.minimum(self.middle[:, None] * rungs, self.top[:, None]))
                break
            except NumericalError:
                if top < 1.0:
                    raise
                self.top, self.blew = np.minimum(self.top, top * self.middle), True
        for _ in range(4):
            short = np.isnan(self.high) & (self.highest < self.top * (1 - 1e-12))
            long = ~np.isnan(self.high) & (self.low == 0.0)
            if not (short.any() or long.any()):
                return
            steps = np.geomspace(1.0, SPAN, self.candidates)
            up = np.minimum(np.maximum(self.low, 1e-300)[:, None] * steps, self.top[:, None])
            down = self.high[:, None] / SPAN * steps
            # A condition that needs neither repeats what is known.
            known = np.where(np.isnan(self.high), self.highest, self.high)[:, None] + np.zeros_like(up)
            values = np.where(short[:, None], up, np.where(long[:, None], down, known))
            try:
                self.attempt(values)
            except NumericalError:
                self.blew = True
                return

    def narrow(self, tolerance: float) -> None:
        """Cut each bracket into equal parts until it is narrow."""
        for _ in range(ROUNDS):
            # Where nothing was too weak there is no bracket: that is for whoever asked to explain.
            wide = ~np.isnan(self.high) & (self.low > 0.0) & (self.high - self.low > tolerance * self.high)
            if not wide.any():
                return
            share = np.arange(1, self.candidates + 1) / (self.candidates + 1)
            low, high = np.where(np.isnan(self.high), 0.0, self.low), np.where(np.isnan(self.high), self.top, self.high)
            before = self.low.copy()
            values = low[:, None] + share * (high - low)[:, None]
            self.runs += values.size
            fires = self.test(values)
            for k in np.flatnonzero(wide):
                hits = np.flatnonzero(fires[k])
                if hits.size:
                    self.high[k] = values[k, hits[0]]
                    self.low[k] = values[k, hits[0] - 1] if hits[0] else before[k]
                else:
                    self.low[k] = values[k, -1]
