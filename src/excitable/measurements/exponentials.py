"""Decays fitted by variable projection: only time (or length) constants are searched.

For given constants the amplitudes and the asymptote are a linear least-squares problem, so the search has
one unknown
per exponential. Source: Golub & Pereyra 1973, SIAM J Numer Anal 10:413.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .traces import Array

Basis = Callable[[Array], Array]
MOST_SAMPLES = 4000
GRID = 24


class Decay(NamedTuple):
    """v(t) = asymptote + Σ amplitude · exp(-t / constant), the slowest first; t counts from the first sample.

    Attributes:
        constants: Time constants, ms, shape (k,).
        amplitudes: mV, shape (k,).
        asymptote: mV.
        residual: Root mean square of what the fit leaves, mV.
    """

    constants: Array
    amplitudes: Array
    asymptote: float
    residual: float


def fit_decay(values: Array, time: Array, asymptote: float | None = None, most: int = 3) -> Decay:
    """The sum of as few exponentials, up to `most`, as the trace supports.

    One more is taken only where the Bayesian information criterion prefers it by more than 10, where each
    holds at
    least a hundredth of the amplitude, and where none is slower than three times the window.

    Args:
        values: mV, shape (n,).
        time: ms, shape (n,), increasing.
        asymptote: The level that is approached, mV, when known.
        most: The largest number of exponentials.
    """
    values, since = thin(values, time - time[0])
    offset = float(values[-1]) if asymptote is None else asymptote
    scale = float(np.ptp(values)) or 1.0
    target = (values - offset) / scale
    span = float(since[-1])

    def basis(constants: Array) -> Array:
        columns = np.exp(-since[:, None] / constants)
        return columns if asymptote is not None else np.column_stack([columns, np.ones(since.size)])

    grid = np.geomspace(span / since.size, 3 * span, GRID)
    best: tuple[Array, Array, float] | None = None
    constants = np.empty(0)
    for _ in range(most):
        tries = [np.append(constants, extra) for extra in grid]
        start = min(tries, key=lambda each: _residual(basis(each), target).std())
        found = search(basis, target, start)
        weights = np.asarray(np.linalg.lstsq(basis(found), target, rcond=None)[0], dtype=np.float64)
        left = float(np.sqrt(np.mean(_residual(basis(found), target) ** 2)))
        fit = found, weights, left
        if best is not None and not _worth(fit, best[2], span, target.size):
            break
        best, constants = fit, found
    found, weights, left = best or fit
    order = np.argsort(found)[::-1]
    level = offset + scale * (float(weights[-1]) if asymptote is None else 0.0)
    return Decay(found[order], scale * weights[: found.size][order], level, scale * left)


def search(basis: Basis, target: Array, start: Array) -> Array:
    """The positive constants whose basis fits `target` best, from `start`, by damped Gauss-Newton on their
    logarithms.

    Args:
        basis: Constants, shape (k,) -> columns, shape (n, m).
        target: shape (n,).
        start: shape (k,).
    """
    place, damping = np.log(start), 1e-3
    left = _residual(basis(np.exp(place)), target)
    for _ in range(200):
        slopes = np.empty((target.size, place.size))
        for index in range(place.size):
            nudge = np.zeros(place.size)
            nudge[index] = 1e-6
            ahead = _residual(basis(np.exp(place + nudge)), target)
            slopes[:, index] = (ahead - _residual(basis(np.exp(place - nudge)), target)) / 2e-6
        square, gradient = slopes.T @ slopes, slopes.T @ left
        step = -np.linalg.lstsq(square + damping * np.diag(np.diag(square) + 1e-30), gradient, rcond=None)[0]
        step = np.clip(step, -1.0, 1.0)
        tried = _residual(basis(np.exp(place + step)), target)
        if tried @ tried < left @ left:
            place, left, damping = place + step, tried, max(damping / 10, 1e-12)
        else:
            damping *= 10
        if np.abs(step).max() < 1e-12 or damping > 1e8:
            break
    return np.exp(place)


def _residual(columns: Array, target: Array) -> Array:
    orthogonal = np.linalg.qr(columns)[0]
    return target - orthogonal @ (orthogonal.T @ target)


def _worth(fit: tuple[Array, Array, float], before: float, span: float, samples: int) -> bool:
    """Whether one exponential more is what the data say, and not what their noise says."""
    constants, weights, left = fit
    shares = np.abs(weights[: constants.size])
    if constants.max() > 3 * span or shares.min() < 0.01 * shares.max():
        return False
    floor = 1e-12  # below that the arithmetic, not the data, is being fitted
    gain = 2 * samples * np.log(max(before, floor) / max(left, floor))
    return bool(gain - 2 * np.log(samples) > 10.0)


def noise(values: Array, time: Array) -> float:
    """The random part of a trace, as root mean square, from its second differences; of what `fit_decay` fits."""
    bends = np.diff(thin(values, time)[0], n=2)
    return float(np.median(np.abs(bends)) / 0.6745 / np.sqrt(6.0))


def thin(values: Array, since: Array) -> tuple[Array, Array]:
    """Means of equal blocks for long traces: that changes amplitudes a little and time constants not at "
    "all."""
    block = values.size // MOST_SAMPLES
    steps = np.diff(since)
    if block < 2 or np.ptp(steps) > 1e-6 * steps.mean():
        return values, since
    kept = values.size // block * block
    return values[:kept].reshape(-1, block).mean(axis=1), since[:kept].reshape(-1, block).mean(axis=1)
