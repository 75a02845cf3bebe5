"""A cell of two variables as a plane: its rates, their exact derivatives, curves along which one is zero, and paths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...compiler.system import Floats
from .dynamics import Dynamics

# Paths: the error of a step and its longest way, relative to the size of the plane, and how many steps a path may take.
ERROR, SMOOTH, STEPS = 1e-7, 0.01, 20000
# Dormand & Prince 1980, J Comput Appl Math 6:19, the pair of orders 5 and 4.
_NODES = np.array([
    [0, 0, 0, 0, 0, 0],
    [1 / 5, 0, 0, 0, 0, 0],
    [3 / 40, 9 / 40, 0, 0, 0, 0],
    [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
])  # fmt: skip
_MISS = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])


class Plane:
    """Two unknowns of a cell, with all others held."""

    def __init__(self, dynamics: Dynamics, base: Floats, axes: tuple[int, int]) -> None:
        self.dynamics, self.base, self.axes = dynamics, base, list(axes)
        self.mass = dynamics.mass[self.axes]

    def points(self, places: Floats) -> Floats:
        """Places in the plane, (2, places), as points of the cell."""
        whole = np.repeat(self.base, places.shape[1], axis=1)
        whole[self.axes] = places
        return whole

    def rates(self, places: Floats) -> Floats:
        """The rates of both variables, per ms, (2, places)."""
        return np.asarray(self.dynamics.rates(self.points(places))[self.axes] / self.mass)

    def slopes(self, places: Floats) -> Floats:
        """Their exact derivatives by both variables, (places, 2, 2)."""
        _, linear = self.dynamics.linearise(self.points(places))
        (block,) = linear.blocks
        whole = np.concatenate([
            np.concatenate([-block.conductance[..., None], -block.by_state], axis=2)[:, :, None],
            np.concatenate([block.by_voltage[..., None], block.states], axis=3),
        ], axis=2)[0]  # fmt: skip
        return np.asarray(whole[:, self.axes][:, :, self.axes] / self.mass[None])

    def standstill(self, places: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Newton's method in the plane from each place, and whether it arrived."""
        places = places.copy()
        change = np.zeros_like(places)
        for _ in range(50):
            with np.errstate(all="ignore"):
                table = self.slopes(places)
                down = np.linalg.det(table)
                inverse = np.stack([table[:, 1, 1], -table[:, 0, 1], -table[:, 1, 0], table[:, 0, 0]]) / down
                rates = self.rates(places)
            change = -np.stack(
                [inverse[0] * rates[0] + inverse[1] * rates[1], inverse[2] * rates[0] + inverse[3] * rates[1]]
            )
            places = places + np.nan_to_num(np.clip(change, -20.0, 20.0))
        return places, np.asarray((np.abs(change) < 1e-9 * np.maximum(1.0, np.abs(places))).all(axis=0))

    def path(self, start: Floats, duration: float, size: Floats, backwards: bool = False) -> tuple[Floats, Floats]:
        """Where a place is carried to in a time (ms): times, (steps,), and places, (2, steps).

        The path ends early where it comes to rest, or leaves the plane by more than its size.
        """
        sign = -1.0 if backwards else 1.0
        here, now = np.array(start, dtype=float)[:, None], 0.0
        times, places = [0.0], [here]
        rate = sign * self.rates(here)
        step = 1e-3 * float(np.min(size / np.maximum(np.abs(rate[:, 0]), 1e-12)))
        for _ in range(STEPS):
            step = min(step, duration - now)
            with np.errstate(all="ignore"):
                fresh, last, miss = self._step(here, rate, sign, step)
            error = float(np.max(np.abs(miss[:, 0]) / (ERROR * size)))
            if np.isfinite(error) and error <= 1.0:
                here, rate, now = fresh, last, now + step
                times.append(now)
                places.append(here)
                still = np.abs(rate[:, 0]) * duration < 1e-6 * size
                gone = np.abs(here[:, 0] - start) > 3.0 * size
                if now >= duration * (1 - 1e-12) or still.all() or gone.any():
                    break
            step *= 0.2 if not np.isfinite(error) else min(5.0, max(0.2, 0.9 * (error + 1e-12) ** -0.2))
            step = min(step, SMOOTH / float(np.max(np.abs(rate[:, 0]) / size) + 1e-300))
        return np.array(times), np.concatenate(places, axis=1)

    def _step(self, here: Floats, rate: Floats, sign: float, step: float) -> tuple[Floats, Floats, Floats]:
        stages = [rate]
        fresh = here
        for row in _NODES[1:]:
            fresh = here + step * sum(weight * stage for weight, stage in zip(row, stages, strict=False))
            stages.append(sign * self.rates(fresh))
        return fresh, stages[-1], step * sum(weight * stage for weight, stage in zip(_MISS, stages, strict=True))


def zero_curves(value: Callable[[Floats], Floats], across: Floats, up: Floats, grid: Floats) -> tuple[Floats, ...]:
    """Where a function of the plane is zero, as curves, each (2, points).

    Args:
        value: From places (2, places) to values.
        across, up: The lines of a grid.
        grid: The values on it, (across, up).

    Every edge of the grid on which the sign changes holds a point, found by bisection; points of one cell are joined,
    and joined pieces that share a point make a curve.
    """
    edges, points = _edge_points(value, across, up, grid)
    links: dict[int, list[int]] = {k: [] for k in range(points.shape[1])}
    cells = {(i - way * side, k - (1 - way) * side) for way, i, k in edges for side in (0, 1)}
    for i, k in sorted(cells):
        around = [edges.get(key) for key in ((0, i, k), (1, i + 1, k), (0, i, k + 1), (1, i, k))]
        found = [each for each in around if each is not None]
        # A cell beyond the edge of the grid has one of its edges at most.
        pairs = [found] if len(found) == 2 else [found[:2], found[2:]] if len(found) == 4 else []
        for a, b in pairs:
            links[a].append(b)
            links[b].append(a)
    return tuple(points[:, chain] for chain in _chains(links) if len(chain) > 1)


def _edge_points(
    value: Callable[[Floats], Floats], across: Floats, up: Floats, grid: Floats
) -> tuple[dict[tuple[int, int, int], int], Floats]:
    """Edges with a change of sign, (direction, column, row) to number, and the zero on each, (2, edges)."""
    edges: dict[tuple[int, int, int], int] = {}
    low: list[tuple[float, float]] = []
    high: list[tuple[float, float]] = []
    sign = grid > 0.0
    for way, (di, dk) in enumerate(((1, 0), (0, 1))):
        one = sign[: sign.shape[0] - di, : sign.shape[1] - dk]
        other = sign[di:, dk:]
        for i, k in np.argwhere(one != other).tolist():
            edges[(way, i, k)] = len(low)
            low.append((across[i], up[k]))
            high.append((across[i + di], up[k + dk]))
    if not low:
        return edges, np.zeros((2, 0))
    first, last = np.array(low).T, np.array(high).T
    positive = value(first) > 0.0
    for _ in range(50):
        middle = 0.5 * (first + last)
        same = (value(middle) > 0.0) == positive
        first, last = np.where(same, middle, first), np.where(same, last, middle)
    return edges, 0.5 * (first + last)


def _chains(links: dict[int, list[int]]) -> list[list[int]]:
    """The links as chains: open ones from their ends, then closed ones."""
    left = {k: list(v) for k, v in links.items()}
    chains = []
    for start in [*(k for k, v in links.items() if len(v) == 1), *links]:
        chain = [start]
        while left[chain[-1]]:
            following = left[chain[-1]].pop()
            left[following].remove(chain[-1])
            chain.append(following)
        if len(chain) > 1:
            chains.append(chain)
    return chains
