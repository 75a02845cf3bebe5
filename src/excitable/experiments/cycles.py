"""Trains of spikes over a constant current, from runs that begin while the cell fires."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.system import Floats
from ..frozen import frozen
from ..measurements import spikes
from ..morphology.places import as_location
from ..protocols import current_pulse
from ..recordings import State
from ..recordings.probes import voltage
from ..runtime import sweep, vary
from .rest import RANGE, dynamics_of, resting_states
from .search import smallest_between
from .words import amount, number

# The last part of a run is looked at; an oscillation that does not die keeps so much of its height from the first
# third of it to the last, and is at least so high, mV.
LATE, KEPT, LEAST = 0.5, 0.95, 0.5
# Of a step between two currents: how closely the ends of firing are bisected.
EDGE = 1e-3
# Where rest and firing are both stable, it depends on the phase which of them a firing cell goes to when the current
# changes: so many states of firing cells are tried.
PHASES = 6
# Of a step between two currents: how far from the ends of firing more of it is looked at.
CLOSE = np.array([0.01, 0.05, 0.2])


@frozen(eq=False)
class Cycles:
    """Lasting oscillations over the current, from runs that begin while the cell oscillates.

    Attributes:
        currents: nA, (currents,).
        lasting: Whether the cell goes on oscillating, (currents,).
        lowest, highest: The extremes of the voltage of the oscillation, mV, (currents,); NaN where there is none.
        period: ms, (currents,); NaN where there is none.
        first, last: The smallest and the largest current, nA, at which it goes on, by bisection; NaN where that lies
            outside the range.
    """

    currents: Floats
    lasting: NDArray[np.bool_]
    lowest: Floats
    highest: Floats
    period: Floats
    first: float
    last: float

    @property
    def range(self) -> tuple[float, float]:
        """The currents between which the cell can go on firing, nA, inside the range that was looked at."""
        known = self.currents[self.lasting]
        return (
            float(known[0]) if np.isnan(self.first) else self.first,
            float(known[-1]) if np.isnan(self.last) else self.last,
        )

    def rows(self, area: float | None) -> list[tuple[str, str]]:
        """What is known of the trains, in words."""
        rate = 1e3 / self.period[np.isfinite(self.period)]
        if not rate.size:
            return [("firing", "does not last anywhere")]
        low, high = self.range
        span = f"{amount(low, area)} to {amount(high, area)}"
        return [("firing", f"{span}, {number(rate.min())} to {number(rate.max())} Hz")]


def cycles_of(cell: Cell, at: Any, between: tuple[float, float], length: float, count: int, dt: Any) -> Cycles:
    """The lasting oscillations between two currents (nA), from runs of `length` ms."""
    runs = _Runs(cell, at, length, dt)
    currents = np.linspace(*between, count)
    step, edges = currents[1] - currents[0], (np.nan, np.nan)
    ended = runs.of(currents, runs.begin(between))
    if ended.lasts.any():
        ended = runs.of(currents, ended.states(np.flatnonzero(ended.lasts)))
        here = np.flatnonzero(ended.lasts)
        ways = ended.states(here[:PHASES]), ended.states(here[-PHASES:])
        edges = (runs.edge(ways[0], currents[here[0]], currents[max(here[0] - 1, 0)]),
                 runs.edge(ways[1], currents[here[-1]], currents[min(here[-1] + 1, count - 1)]))  # fmt: skip
        # An oscillation bends steeply where it ends: a few currents more show how.
        close = step * CLOSE
        more = np.concatenate([edge + sign * close for edge, sign in zip(edges, (1.0, -1.0), strict=True)])
        currents = np.sort(np.concatenate([currents, more[(more > between[0]) & (more < between[1])]]))
        ended = runs.of(currents, ended.states(here))
    low, high, period = (np.where(ended.lasts, each, np.nan) for each in (ended.lowest, ended.highest, ended.period))
    return Cycles(currents, ended.lasts, low, high, period, *edges)


class _Ended:
    """How runs ended that began in several ways with each current: each array is (currents,)."""

    def __init__(self, made: Any, ways: int) -> None:
        time, traces = made.time, made["v"].values
        late = time >= time[-1] - LATE * (time[-1] - time[0])
        thirds = np.array_split(traces[:, late], 3, axis=1)
        heights = [part.max(axis=1) - part.min(axis=1) for part in (thirds[0], thirds[-1])]
        lasts = ((heights[1] > KEPT * heights[0]) & (heights[1] > LEAST)).reshape(-1, ways)
        self.lasts: NDArray[np.bool_] = lasts.any(axis=1)
        # Of the ways to begin, one that goes on firing.
        self.rows = np.arange(len(lasts)) * ways + np.argmax(lasts, axis=1)
        self.lowest, self.highest = (each[self.rows] for each in (thirds[-1].min(axis=1), thirds[-1].max(axis=1)))
        self.period = np.array([
            _period(time[late], traces[row][late], 0.5 * (low + high))
            for row, low, high in zip(self.rows, self.lowest, self.highest, strict=True)
        ])  # fmt: skip
        self.final = made.final_state

    def states(self, runs: NDArray[np.int64]) -> State:
        """Where some of the runs ended, a few of them, to begin others from: they stand at different phases."""
        few = runs[np.unique(np.linspace(0, len(runs) - 1, min(PHASES, len(runs))).round().astype(int))]
        arrays = {name: values[:, self.rows[few]] for name, values in self.final.arrays.items()}
        return State(arrays, {"steady": True, "step": 0, "time": 0.0})


def _period(time: Floats, trace: Floats, level: float) -> float:
    """The time between the last two rises through a level, ms; NaN where there are not two."""
    rises = spikes(trace, time, threshold=level)
    return float(rises[-1] - rises[-2]) if rises.size > 1 else float("nan")


class _Runs:
    """Runs under a constant current."""

    def __init__(self, cell: Cell, at: Any, length: float, dt: Any) -> None:
        self.cell, self.length, self.dt = cell, length, dt
        self.at = as_location(at)
        self.pulse = current_pulse(at=at, amplitude=0.0, duration=float("inf"), name="current")

    def begin(self, between: tuple[float, float]) -> State | None:
        """The stable rest under the lowest current, or the cell's own start where there is none."""
        found = resting_states(dynamics_of(self.cell, between[0], self.at), RANGE)[0]
        return next((each.state for each in found if each.stable), None)

    def of(self, currents: Floats, start: State | None) -> _Ended:
        """How runs with these currents end, each begun from every one of the states."""
        ways = 1 if start is None else start.arrays["v"].shape[1]
        over = vary(self.pulse, "amplitude", np.repeat(currents, ways))
        if start is not None:
            arrays = {name: np.tile(values, (1, len(currents))) for name, values in start.arrays.items()}
            start = State(arrays, start.description)
        made = sweep(self.cell, self.length, over, protocol=[self.pulse], record=[voltage(at=self.at, label="v")],
                     dt=self.dt, start=start)  # fmt: skip
        return _Ended(made, ways)

    def edge(self, firing: State, goes: float, ends: float) -> float:
        """The current between two at which an oscillation that was there ceases to go on; NaN where both are one."""
        if goes == ends:
            return float("nan")
        span = goes - ends

        def test(shares: Floats) -> NDArray[np.bool_]:
            return self.of(ends + shares.ravel() * span, firing).lasts.reshape(shares.shape)

        found = smallest_between(test, 1e-3, 1.0, tolerance=EDGE, candidates=12)
        return float(ends + found.value[0] * span)
