"""A small stiff system of ordinary differential equations, integrated by Radau IIA of order 5.

Three implicit stages, solved together by Newton's method on the exact Jacobian; the step follows the embedded
error estimate. The method is stiffly accurate and L-stable, and conserves linear invariants to rounding.

Source: Hairer & Wanner 1996, Solving Ordinary Differential Equations II, sections IV.5 and IV.8.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import NumericalError
from .roots import Floats

_ROOT = 6.0**0.5
NODES = np.array([(4.0 - _ROOT) / 10.0, (4.0 + _ROOT) / 10.0, 1.0])
_STAGES = np.array(
    [
        [(88.0 - 7.0 * _ROOT) / 360.0, (296.0 - 169.0 * _ROOT) / 1800.0, (-2.0 + 3.0 * _ROOT) / 225.0],
        [(296.0 + 169.0 * _ROOT) / 1800.0, (88.0 + 7.0 * _ROOT) / 360.0, (-2.0 - 3.0 * _ROOT) / 225.0],
        [(16.0 - _ROOT) / 36.0, (16.0 + _ROOT) / 36.0, 1.0 / 9.0],
    ]
)
_ERROR = np.array([-13.0 - 7.0 * _ROOT, -13.0 + 7.0 * _ROOT, -1.0]) / 3.0
_REAL = 3.0 + 3.0 ** (2.0 / 3.0) - 3.0 ** (1.0 / 3.0)
MOST_STEPS = 10_000
END_OF_TIME = 1e25  # s: what has not settled by then never will

Rate = Callable[[Floats], Floats]


def integrate_stiff(
    rate: Rate,
    jacobian: Rate,
    start: Floats,
    *,
    size: Floats,
    settled: Callable[[Floats], bool],
    times: Floats | None = None,
    tolerance: float = 1e-8,
) -> tuple[Floats, Floats]:
    """The states of dy/dt = rate(y), shape (times, states), and the times.

    Args:
        rate: From a state to its rate of change.
        jacobian: From a state to the exact derivatives of the rate, shape (states, states).
        start: The state at time zero.
        size: How large each state is: errors are measured against it.
        settled: Whether a state is the end; only asked where no `times` are given.
        times: Rising times of the wanted states; without them, every step until the system has settled.
        tolerance: The error of a step, relative to `size`.

    Raises:
        NumericalError: The step became so small that time no longer moves, there were too many steps, or the system
            never settles.

    >>> halved = np.array([np.log(2.0)])
    >>> _, states = integrate_stiff(
    ...     lambda y: -y, lambda y: -np.eye(1), np.ones(1), size=np.ones(1), settled=lambda y: False, times=halved)
    >>> round(float(states[0, 0]), 8)
    0.5
    """
    weight, time, state = tolerance * size, 0.0, np.array(start, dtype=float)
    step = 1e-3 * float(np.min(size / np.maximum(np.abs(rate(state)), 1e-300)))
    found_times, found = ([0.0], [state]) if times is None else ([], [])
    for _ in range(MOST_STEPS):
        if settled(state) if times is None else len(found) == len(times):
            return np.array(found_times), np.array(found)
        moves = _stages(rate, jacobian, state, step, weight)
        error = np.inf if moves is None else _error(rate, jacobian, state, step, moves, weight)
        if moves is not None and error <= 1.0:
            if times is None:
                found_times.append(time + step)
                found.append(state + moves[2])
            else:
                while len(found) < len(times) and times[len(found)] <= time + step:
                    found_times.append(times[len(found)])
                    found.append(state + _between((times[len(found)] - time) / step, moves))
            time, state = time + step, state + moves[2]
        step *= 0.25 if not np.isfinite(error) else min(8.0, max(0.2, 0.9 * (error + 1e-300) ** -0.25))
        if time + step == time or time > END_OF_TIME:
            break
    raise NumericalError(
        f"The concentrations could not be followed beyond {time:g} s: the step became {step:g} s. A system that stays "
        "finite was expected. Look for a permeability or a volume in a wrong unit, and write '1e-6 cm/s' or '1 um3'."
    )


def _stages(rate: Rate, jacobian: Rate, state: Floats, step: float, weight: Floats) -> Floats | None:
    """How far the three stages lie from the state; None where Newton's method finds none."""
    count = len(state)
    moves = np.zeros((3, count))
    for _ in range(12):
        places = state + moves
        with np.errstate(all="ignore"):
            rates = np.array([rate(place) for place in places])
            slopes = np.array([jacobian(place) for place in places])
        if not (np.isfinite(rates).all() and np.isfinite(slopes).all()):
            return None
        blocks = np.einsum("ij,jkl->ikjl", _STAGES, slopes).reshape(3 * count, 3 * count)
        residual = (moves - step * _STAGES @ rates).reshape(-1)
        try:
            change = np.linalg.solve(np.eye(3 * count) - step * blocks, residual).reshape(3, count)
        except np.linalg.LinAlgError:
            return None
        moves = moves - change
        if np.max(np.abs(change) / weight) < 1e-3:
            return moves
    return None


def _error(rate: Rate, jacobian: Rate, state: Floats, step: float, moves: Floats, weight: Floats) -> float:
    matrix = np.eye(len(state)) * _REAL - step * jacobian(state)
    gap = np.linalg.solve(matrix, step * rate(state) + _ERROR @ moves)
    return float(np.sqrt(np.mean((gap / weight) ** 2)))


def _between(fraction: float, moves: Floats) -> Floats:
    """The move after a fraction of the step, on the polynomial through the start and the three stages."""
    nodes = np.array([0.0, *NODES])
    total = np.zeros(moves.shape[1])
    for k in range(1, 4):
        others = np.delete(nodes, k)
        total = total + moves[k - 1] * float(np.prod((fraction - others) / (nodes[k] - others)))
    return total
