"""How a point of standstill moves with the current: pseudo-arclength continuation, round the folds.

Each step goes along the tangent and is corrected by Newton's method on the equations together with the condition that
it lies on the plane across the tangent (Keller 1977, in Applications of Bifurcation Theory, p 359). The length of a
step is measured in the mean voltage and in the current; states follow.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...compiler.system import Floats
from ...frozen import frozen, replace
from .conserved import Totals, held
from .dynamics import Dynamics

# mV: what counts as much as a fiftieth of the range of currents.
VOLTAGE, SHARE = 5.0, 1.0 / 50.0
FIRST, LARGEST, SMALLEST = 0.02, 0.5, 1e-7
MOST, CORRECTIONS = 4000, 8
CLOSE = 1e-8


@frozen(eq=False)
class Station:
    """One point of a branch: the point, (size, 1), its current (nA), and the tangent of both."""

    point: Floats
    current: float
    tangent: Floats
    slope: float


class Path:
    """The equations of a cell whose current into one node is free."""

    def __init__(self, dynamics: Dynamics, totals: Totals, node: int, span: float) -> None:
        self.dynamics, self.totals, self.node = dynamics, totals, node
        self.unit = SHARE * span
        self.weight = np.zeros((dynamics.size, 1))
        self.weight[: dynamics.compartments] = 1.0 / (VOLTAGE**2 * dynamics.compartments)
        self.push = np.zeros((dynamics.size, 1))
        self.push[node] = 1.0

    def inject(self, current: float) -> None:
        """Set the current, nA."""
        self.dynamics.injected[:] = 0.0
        self.dynamics.injected[self.node] = current

    def station(self, point: Floats, current: float, before: Station | None, way: float = 1.0) -> Station:
        """A point with its tangent, in the direction of the one before, or with the current rising by `way`."""
        self.inject(current)
        _, linear = held(self.totals, self.dynamics, point, *self.dynamics.linearise(point))
        with np.errstate(all="ignore"):
            along = linear.solve(-self.push)
        if not np.isfinite(along).all():
            # A fold to the last bit: the current stands still, and the point goes on as it did.
            return Station(point, current, np.zeros_like(point) if before is None else before.tangent, 0.0)
        size = float(np.sqrt((self.weight * along**2).sum() + self.unit**-2))
        tangent, slope = along / size, 1.0 / size
        if before is not None:
            way = float((self.weight * tangent * before.tangent).sum() + slope * before.slope / self.unit**2)
        return Station(point, current, np.sign(way) * tangent, float(np.sign(way)) * slope)

    def step(self, start: Station, length: float) -> Station | None:
        """The point that lies so far along; None where the correction does not converge."""
        point, current = start.point + length * start.tangent, start.current + length * start.slope
        dynamics = self.dynamics
        for _ in range(CORRECTIONS):
            self.inject(current)
            residual, linear = held(self.totals, dynamics, point, *dynamics.linearise(point))
            with np.errstate(all="ignore"):
                both = linear.solve(np.concatenate([-residual, -self.push], axis=1))
            lacks = length - float((self.weight * start.tangent * (point - start.point)).sum()) - (
                start.slope * (current - start.current) / self.unit**2
            )  # fmt: skip
            across = [float((self.weight * start.tangent * both[:, [k]]).sum()) for k in (0, 1)]
            change = (lacks - across[0]) / (across[1] + start.slope / self.unit**2)
            move = both[:, [0]] + change * both[:, [1]]
            if not np.isfinite(move).all() or np.abs(move[: dynamics.nodes]).max() > 30.0:
                return None
            point, current = point + move, current + change
            if np.abs(move[: dynamics.nodes]).max() < CLOSE * VOLTAGE and abs(change) < CLOSE * self.unit:
                return self.station(point, current, start)
        return None

    def follow(self, start: Station, inside: Callable[[Station], bool]) -> list[Station]:
        """The branch from a point on, up to and including the first point that is not inside."""
        found, length = [start], FIRST
        while len(found) < MOST and length > SMALLEST:
            fresh = self.step(found[-1], length)
            if fresh is None or _turn(self, found[-1], fresh) > 0.3:
                length *= 0.5
                continue
            found.append(fresh)
            if not inside(fresh):
                break
            length = min(LARGEST, 1.4 * length)
        return found

    def through(self, point: Floats, current: float, inside: Callable[[Station], bool]) -> list[Station]:
        """The branch through a point, followed both ways, as one curve."""
        there, back = (self.station(point, current, None, way) for way in (1.0, -1.0))
        before = [replace(each, tangent=-each.tangent, slope=-each.slope) for each in self.follow(back, inside)[1:]]
        return [*reversed(before), *self.follow(there, inside)]

    def between(self, first: Station, second: Station, changes: Callable[[Station], bool]) -> Station:
        """Where along the way from one point to the next a property changes, by bisection."""
        low, high, best = 0.0, _distance(self, first, second), second
        for _ in range(45):
            middle = 0.5 * (low + high)
            here = self.step(first, middle)
            if here is None:
                break
            if changes(here):
                high, best = middle, here
            else:
                low = middle
        return best


def _turn(path: Path, first: Station, second: Station) -> float:
    """The angle between two tangents, rad."""
    cosine = (path.weight * first.tangent * second.tangent).sum() + first.slope * second.slope / path.unit**2
    return float(np.arccos(np.clip(cosine, -1.0, 1.0)))


def _distance(path: Path, first: Station, second: Station) -> float:
    """How far the second point lies along the tangent of the first."""
    along = (path.weight * first.tangent * (second.point - first.point)).sum()
    return float(along + first.slope * (second.current - first.current) / path.unit**2)
