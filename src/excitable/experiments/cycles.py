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
    ended = runs.of(currents, runs.begin(between))
    edges = (np.nan, np.nan)
    if ended.lasts.any():
        # The run with the tallest oscillation is where the others begin.
        firing = ended.state(int(np.argmax(np.where(ended.lasts, ended.highest - ended.lowest, -np.inf))))
        ended = runs.of(currents, firing)
        here = np.flatnonzero(ended.lasts)
        edges = (
            runs.edge(firing, float(currents[here[0]]), float(currents[max(here[0] - 1, 0)])),
            runs.edge(firing, float(currents[here[-1]]), float(currents[min(here[-1] + 1, count - 1)])),
        )
    low, high, period = (np.where(ended.lasts, each, np.nan) for each in (ended.lowest, ended.highest, ended.period))
    return Cycles(currents, ended.lasts, low, high, period, *edges)


class _Ended:
    """How a sweep over currents ended."""

    def __init__(self, made: Any) -> None:
        time, traces = made.time, made["v"].values
        late = time >= time[-1] - LATE * (time[-1] - time[0])
        thirds = np.array_split(traces[:, late], 3, axis=1)
        heights = [part.max(axis=1) - part.min(axis=1) for part in (thirds[0], thirds[-1])]
        self.lasts: NDArray[np.bool_] = (heights[1] > KEPT * heights[0]) & (heights[1] > LEAST)
        self.lowest, self.highest = thirds[-1].min(axis=1), thirds[-1].max(axis=1)
        self.period = np.array([
            _period(time[late], row[late], 0.5 * (low + high))
            for row, low, high in zip(traces, self.lowest, self.highest, strict=True)
        ])  # fmt: skip
        self.final = made.final_state

    def state(self, run: int) -> State:
        """Where one of the runs ended, to begin others from."""
        arrays = {name: values[:, [run]] for name, values in self.final.arrays.items()}
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
        """How runs with these currents end, that begin from one state."""
        over = vary(self.pulse, "amplitude", currents)
        made = sweep(self.cell, self.length, over, protocol=[self.pulse], record=[voltage(at=self.at, label="v")],
                     dt=self.dt, start=start)  # fmt: skip
        return _Ended(made)

    def edge(self, firing: State, goes: float, ends: float) -> float:
        """The current between two at which an oscillation that was there ceases to go on; NaN where both are one."""
        if goes == ends:
            return float("nan")
        span = goes - ends

        def test(shares: Floats) -> NDArray[np.bool_]:
            return self.of(ends + shares.ravel() * span, firing).lasts.reshape(shares.shape)

        found = smallest_between(test, 1e-3, 1.0, tolerance=EDGE, candidates=12)
        return float(ends + found.value[0] * span)
