"""Every point at which a cell stands still that can be found between two voltages."""

from __future__ import annotations

import numpy as np

from ...compiler.system import Floats
from ...frozen import frozen
from .conserved import Totals
from .dynamics import Dynamics
from .newton import follow, newton, settle_states

# How many voltages the curve of steady current is computed at, for one compartment and for several, where it is only a
# hint, from how many voltages a cell of several is tried besides, and how much of a grid memory allows.
GRID, HINT, COARSE, ROOM = 1001, 201, 21, 4_000_000
# Two points are one where their voltages agree to this share of the range that was searched.
SAME = 1e-8
# ms: what still moves within this time is told where no rest was found.
A_WHILE = 1e5


@frozen(eq=False)
class Found:
    """What a search found: points in order of their voltage, and what it tried, in words."""

    points: tuple[Floats, ...]
    tried: str
    steps: int


def standstills(dynamics: Dynamics, totals: Totals, between: tuple[float, float]) -> Found:
    """Where the cell stands still.

    Three ways, each ending in Newton's method: following the cell from its own start; from where the steady current of
    the whole cell, at one voltage everywhere, changes its sign; for cells of several compartments, from voltages all
    over the range. The first two find every rest of a cell at one voltage whose states have one steady value at each.
    """
    own = follow(dynamics, totals, dynamics.start())
    if own.family:
        # Every total has a rest: only the one to which the cell comes from its start is meant.
        words = f"following the cell from its start at {dynamics.start()[0, 0]:g} mV"
        return Found((own.points,), words, own.steps)
    columns = [own.points[:, own.settled]]
    crossings, levels = _crossings(dynamics, totals, between)
    ways = [f"following the cell from its start at {dynamics.start()[0, 0]:g} mV",
            f"{crossings.shape[1]} changes of sign of the steady current at {levels} voltages"]  # fmt: skip
    starts = [crossings]
    if dynamics.nodes > 1 or not crossings.shape[1]:
        wide = np.linspace(*between, COARSE)
        starts.append(dynamics.at(np.repeat(wide[None], dynamics.nodes, axis=0)))
        ways.append(f"Newton's method from {COARSE} voltages")
    steps = own.steps
    for start in starts:
        if start.shape[1]:
            solved = newton(dynamics, totals, start)
            steps = max(steps, solved.steps)
            columns.append(solved.points[:, solved.settled])
    points = np.concatenate(columns, axis=1)
    inside = (points[: dynamics.nodes] >= between[0]) & (points[: dynamics.nodes] <= between[1])
    words = ", ".join(ways) + f", between {between[0]:g} and {between[1]:g} mV"
    if not own.settled.all():
        words += f". Followed from its start, {_restless(dynamics, own.points)}"
    return Found(_each_once(points[:, inside.all(axis=0)], dynamics.nodes, between), words, steps)


def _restless(dynamics: Dynamics, point: Floats) -> str:
    """What would still move most within a while where the cell was calmest, in words."""
    residual, linear = dynamics.linearise(point)
    with np.errstate(all="ignore"):
        moves = np.abs(linear.solve(-residual, 1.0 / A_WHILE))
    low, high = dynamics.bounds
    sizes = np.where(np.isfinite(high - low), high - low, np.maximum(np.abs(point), 1e-6))
    sizes[: dynamics.nodes] = 10.0
    worst = int(np.argmax(np.where(np.isfinite(moves), moves / sizes, np.inf)))
    return f"it was calmest at {point[0, 0]:.2f} mV, where its {dynamics.names()[worst]} still moved"


def steady_current(dynamics: Dynamics, totals: Totals, voltages: Floats) -> tuple[Floats, Floats]:
    """The steady current into the cell (nA) with all of it held at each voltage, and the points, (size, voltages).

    The current is not a number where the states have no steady value that could be found.
    """
    held = settle_states(dynamics, totals, dynamics.at(np.repeat(voltages[None], dynamics.nodes, axis=0)))
    flow = dynamics.rates(held.points)[: dynamics.nodes].sum(axis=0)
    return np.where(held.settled, flow, np.nan), held.points


def _crossings(dynamics: Dynamics, totals: Totals, between: tuple[float, float]) -> tuple[Floats, int]:
    """Points close to where the steady current is zero."""
    widest = max((kind.states for kind in dynamics.kinds), default=0)
    room = ROOM // (dynamics.size * (1 + widest))
    voltages = np.linspace(*between, int(np.clip(room, 51, GRID if dynamics.compartments == 1 else HINT)))
    flow, points = steady_current(dynamics, totals, voltages)
    with np.errstate(invalid="ignore"):
        turns = np.flatnonzero(np.sign(flow[1:]) * np.sign(flow[:-1]) <= 0.0)
        share = flow[turns] / (flow[turns] - flow[turns + 1])
    share = np.where(np.isfinite(share), share, 0.5)
    return points[:, turns] + share * (points[:, turns + 1] - points[:, turns]), len(voltages)


def _each_once(points: Floats, nodes: int, between: tuple[float, float]) -> tuple[Floats, ...]:
    """The points without repetitions, by the voltage of the first node."""
    kept: list[Floats] = []
    near = SAME * (between[1] - between[0])
    for k in np.argsort(points[0], kind="stable"):
        point = points[:, [k]]
        if all(np.abs(point[:nodes] - other[:nodes]).max() > near for other in kept):
            kept.append(point)
    return tuple(kept)
