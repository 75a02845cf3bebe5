"""Where nothing moves: Newton's method on the exact Jacobian, with limited steps, for many starts at once.

Where Newton's method alone goes astray, an implicit Euler step whose length grows without bound leads there
(pseudo-transient continuation: Kelley & Keyes 1998, SIAM J Numer Anal 35:508): short steps follow the cell itself, long
ones are Newton's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...compiler.system import Floats
from ...errors import NumericalError
from ...frozen import frozen
from ...physics.stiff import integrate_stiff
from .conserved import Totals, held
from .dynamics import Dynamics
from .spectrum import marginal

# mV: a longer step of the voltage is cut to this, for rates change e-fold within about as much.
LONGEST = 10.0
# No concentration falls to less than this share of itself in one step.
SHRINKS = 0.1
NEWTON_STEPS, FOLLOWED_STEPS = 50, 400
# mV, and relative for states: what a converged step may still be.
SETTLED = 1e-9
# 1/ms, and mV/ms: what still moves less is at rest to rounding.
STILL = 1e-10
# Cells of up to so many unknowns are followed in time, where that is needed, with errors of this size in each step.
SMALL, FOLLOWED = 80, 1e-6
FIRST_STEP, LAST_STEP = 0.05, 1e10


@frozen(eq=False)
class Solved:
    """Points, (size, starts), whether each stands still, how many steps were taken, whether they are of a family."""

    points: Floats
    settled: NDArray[np.bool_]
    steps: int
    family: bool = False


def newton(dynamics: Dynamics, totals: Totals, points: Floats) -> Solved:
    """Newton's method from each column of `points`."""
    points = points.copy()
    settled = np.zeros(points.shape[1], dtype=bool)
    alive = np.ones_like(settled)
    steps = 0
    while steps < NEWTON_STEPS and (alive & ~settled).any():
        steps += 1
        now = np.flatnonzero(alive & ~settled)
        here = points[:, now]
        residual, linear = held(totals, dynamics, here, *dynamics.linearise(here))
        with np.errstate(all="ignore"):
            change = linear.solve(-residual)
        sound = np.isfinite(change).all(axis=0)
        alive[now[~sound]] = False
        moved, small = _step(dynamics, here, np.where(sound, change, 0.0))
        points[:, now] = np.where(sound, moved, here)
        settled[now] = small & sound
    return Solved(points, settled, steps)


def follow(dynamics: Dynamics, totals: Totals, point: Floats) -> Solved:
    """Pseudo-transient continuation from one point, (size, 1), then Newton's method."""
    step, before, steps = FIRST_STEP, np.inf, 0
    start, point, calmest = point, point.copy(), (np.inf, point)
    while steps < FOLLOWED_STEPS and step < LAST_STEP:
        steps += 1
        residual, linear = dynamics.linearise(point)
        with np.errstate(all="ignore"):
            change = linear.solve(-residual, 1.0 / step)
        if not np.isfinite(change).all():
            step *= 0.25
            if step < 1e-9:
                return Solved(point, np.zeros(1, dtype=bool), steps)
            continue
        size = float(np.max(np.abs(residual / np.where(dynamics.mass > 0.0, dynamics.mass, 1.0))))
        calmest = (size, point) if size < calmest[0] else calmest
        point, small = _step(dynamics, point, change)
        if small.all() and step > 1e4:
            break
        step *= min(4.0, max(0.5, 1.5 * before / size)) if size > 0.0 else 4.0
        before = size
    last = newton(dynamics, totals, point)
    point = last.points if last.settled.all() else point
    settled = last.settled.all() or _still(dynamics, start, point)
    if not settled:
        return Solved(calmest[1], np.zeros(1, dtype=bool), steps + last.steps)
    if not marginal(dynamics, totals, point):
        return Solved(point, np.ones(1, dtype=bool), steps + last.steps)
    # Where the Jacobian is singular for another reason than a sum of states, there is a family of rests, and Newton's
    # method has no single answer. The cell itself has: time is followed to its end.
    return Solved(_in_time(dynamics, start, point), np.ones(1, dtype=bool), steps + last.steps, True)


def settle_states(dynamics: Dynamics, totals: Totals, points: Floats) -> Solved:
    """The states that stand still while the voltage of every node is held."""
    points, settled = points.copy(), np.zeros(points.shape[1], dtype=bool)
    steps = 0
    while steps < NEWTON_STEPS and not settled.all():
        steps += 1
        residual, linear = held(totals, dynamics, points, *dynamics.linearise(points))
        change = np.zeros_like(points)
        first = dynamics.nodes
        for block, kind in zip(linear.blocks, dynamics.kinds, strict=True):
            last = first + kind.states * kind.count
            below = -residual[first:last].reshape(kind.states, kind.count, points.shape[1]).transpose(1, 2, 0)
            with np.errstate(all="ignore"):
                inner = linear.inside(block, np.zeros(1), below)
            change[first:last] = inner.transpose(2, 0, 1).reshape(last - first, points.shape[1])
            first = last
        sound = np.isfinite(change).all(axis=0)
        points, small = _step(dynamics, points, np.where(sound, change, 0.0))
        settled = small & sound
    return Solved(points, settled, steps)


def _in_time(dynamics: Dynamics, start: Floats, guess: Floats) -> Floats:
    """Where the cell comes to rest from its start, (size, 1), by integration; the guess where that is too much."""
    if dynamics.size > SMALL or dynamics.nodes > dynamics.compartments:
        return guess
    size = np.maximum(np.abs(guess[:, 0]), 1e-6)
    size[: dynamics.compartments] = 1.0
    try:
        _, found = integrate_stiff(
            lambda y: dynamics.rates(y[:, None])[:, 0] / dynamics.mass[:, 0],
            lambda y: dynamics.linearise(y[:, None])[1].whole(),
            start[:, 0], size=size, settled=lambda y: _still(dynamics, start, y[:, None]), tolerance=FOLLOWED,
        )  # fmt: skip
    except NumericalError:
        return guess
    return np.asarray(found[-1][:, None], dtype=np.float64)


def _still(dynamics: Dynamics, start: Floats, point: Floats) -> bool:
    """Whether nothing moves at a point, (size, 1), but for rounding."""
    rates = np.abs(dynamics.rates(point))
    flow = rates[: dynamics.compartments] / dynamics.mass[: dynamics.compartments]
    # What has run away is still by its own size: it is measured against its start as well.
    sizes = np.minimum(np.abs(point), np.abs(start))[dynamics.nodes :]
    states = rates[dynamics.nodes :] / np.maximum(sizes, 1e-6)
    return bool(flow.max() < STILL and states.max(initial=0.0) < STILL)


def _step(dynamics: Dynamics, point: Floats, change: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The point after a change that was cut to a sensible length, and whether the whole change was tiny."""
    voltage, states = change[: dynamics.nodes], change[dynamics.nodes :]
    longest = np.abs(voltage).max(axis=0)
    share = np.minimum(1.0, LONGEST / np.maximum(longest, 1e-300))
    before = point[dynamics.nodes :]
    size = np.maximum(np.abs(before), 1e-6)
    small = (longest < SETTLED) & (np.abs(states / size).max(axis=0, initial=0.0) < SETTLED)
    moved = point + share * change
    after = moved[dynamics.nodes :]
    low, high = (bound[dynamics.nodes :] for bound in dynamics.bounds)
    falls = dynamics.positive & (after < SHRINKS * before)
    moved[dynamics.nodes :] = np.clip(np.where(falls, SHRINKS * before, after), low, high)
    return moved, small
