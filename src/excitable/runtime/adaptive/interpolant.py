"""From rows of accepted steps to samples and crossings: cubic Hermite polynomials between the steps.

A row holds a time, and pairs of a value and its rate of change. Rows at one time are the two sides of an edge.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ...compiler.system import Floats

# Bisections and Newton steps of a crossing: each ends far below a nanosecond.
ROUNDS = 60


class Follower:
    """Follows the rows of one cell, and fills its samples as they come."""

    def __init__(
        self, times: Floats, samples: Any, scale: Floats, detectors: list[tuple[int, float]], clamped: list[int]
    ) -> None:
        self.times, self.samples, self.scale, self.detectors, self.clamped = times, samples, scale, detectors, clamped
        self.held: list[Floats] = []
        self.done = 0
        self.last: Floats | None = None
        self.crossings: list[tuple[float, int]] = []

    def take(self, rows: Floats, final: bool) -> None:
        """Take rows in the order of time; with `final`, nothing follows them."""
        if self.clamped:
            self.held.append(rows[:, [0, *(2 + 2 * item for item in self.clamped)]].copy())
        if self.last is not None:
            rows = np.concatenate([self.last[None], rows])
        if not len(rows):
            return
        self.last = rows[-1].copy()
        end = int(np.searchsorted(self.times, rows[-1, 0], side="right" if final else "left"))
        if len(rows) == 1:
            self._single(rows, end if final else self.done)
            return
        wanted = self.times[self.done : end]
        if wanted.size:
            self.samples[:, self.done : end] = sampled(rows, wanted, self.scale).T
            self.done = end
        for number, (item, threshold) in enumerate(self.detectors):
            self.crossings += [(t, number) for t in crossings(rows, item, threshold, float(self.scale[item]))]

    def _single(self, rows: Floats, end: int) -> None:
        for k in range(self.done, end):
            self.samples[:, k] = rows[0, 1::2]
        self.done = max(self.done, end)

    def currents(self) -> Floats:
        """What flows into each clamped compartment of itself (clamps, samples), nA."""
        held = np.concatenate(self.held) if self.held else np.zeros((0, 1 + len(self.clamped)))
        found = np.full((len(self.clamped), self.times.size), np.nan)
        for k in range(len(self.clamped)):
            found[k, : self.done] = through(held[:, 0], held[:, 1 + k], self.times[: self.done])
        return found


def sampled(rows: Floats, times: Floats, scale: Floats) -> Floats:
    """The values (times, items) of the interpolant; `scale` turns the second number of each pair into a rate."""
    t = rows[:, 0]
    k = np.clip(np.searchsorted(t, times, side="right") - 1, 0, len(t) - 2)
    return _hermite(t, rows[:, 1::2], rows[:, 2::2] * scale, k, times)


def _hermite(t: Floats, values: Floats, rates: Floats, k: Any, times: Floats) -> Floats:
    """The cubic of piece `k` of each time, through values (rows, items) with rates at both ends."""
    width = t[k + 1] - t[k]
    safe = np.where(width > 0.0, width, 1.0)
    s = np.where(width > 0.0, (times - t[k]) / safe, 1.0)[:, None]
    rest, h = 1.0 - s, width[:, None]
    low = rest * rest * ((1.0 + 2.0 * s) * values[k] + s * h * rates[k])
    return np.asarray(low + s * s * ((1.0 + 2.0 * rest) * values[k + 1] - rest * h * rates[k + 1]))


def through(t: Floats, values: Floats, times: Floats) -> Floats:
    """A curve through values whose rates nobody knows: those of parabolas through neighbours, within smooth pieces."""
    rates = np.zeros_like(values)
    bounds = [0, *(np.flatnonzero(np.diff(t) <= 0.0) + 1).tolist(), len(t)]
    for begin, end in pairwise(bounds):
        if end - begin > 2:
            rates[begin:end] = np.gradient(values[begin:end], t[begin:end], edge_order=2)
        elif end - begin == 2:
            rates[begin:end] = (values[end - 1] - values[begin]) / (t[end - 1] - t[begin])
    if len(t) < 2:
        return np.full(times.shape, values[0] if len(values) else np.nan)
    k = np.clip(np.searchsorted(t, times, side="right") - 1, 0, len(t) - 2)
    return np.asarray(_hermite(t, values[:, None], rates[:, None], k, times)[:, 0])


def crossings(rows: Floats, item: int, threshold: float, scale: float) -> list[float]:
    """The times at which a value rises through a threshold, as roots of the interpolant."""
    t, value, rate = rows[:, 0], rows[:, 1 + 2 * item] - threshold, rows[:, 2 + 2 * item] * scale
    found = []
    for k in np.flatnonzero((value[:-1] < 0.0) & (value[1:] >= 0.0)).tolist():
        h = t[k + 1] - t[k]
        found.append(
            float(t[k] + h * _root(value[k], value[k + 1], h * rate[k], h * rate[k + 1])) if h else float(t[k])
        )
    return found


def _root(before: float, after: float, first: float, last: float) -> float:
    """Where in [0, 1] a cubic with these values and slopes at its ends is zero, by Newton inside a bracket."""
    low, high = 0.0, 1.0
    s = before / (before - after)
    for _ in range(ROUNDS):
        rest = 1.0 - s
        value = rest * rest * ((1.0 + 2.0 * s) * before + s * first) + s * s * (
            (1.0 + 2.0 * rest) * after - rest * last
        )
        slope = 6.0 * s * rest * (after - before) + rest * (1.0 - 3.0 * s) * first + s * (3.0 * s - 2.0) * last
        low, high = (s, high) if value < 0.0 else (low, s)
        following = s - value / slope if slope else low
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - s) < 1e-15:
            return following
        s = following
    return s
