"""Where an increasing function is zero: Newton's method, kept inside a bracket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_STEPS = 400


def increasing_root(function: Callable[[Floats], tuple[Floats, Floats]], low: Any, high: Any) -> Floats:
    """The place where `function` is zero, for every element at once, to a few rounding errors.

    A Newton step that leaves the bracket is replaced by its middle; so is one step in eight, so that the
    bracket shrinks whatever the function does.

    Args:
        function: From places to (values, slopes); it rises everywhere.
        low: Where it is not above zero.
        high: Where it is not below zero.

    >>> float(increasing_root(lambda x: (x**3 - 8.0, 3.0 * x**2), 0.0, 10.0))
    2.0
    """
    low, high = np.broadcast_arrays(np.asarray(low, dtype=float), np.asarray(high, dtype=float))
    place: Floats = np.asarray(0.5 * (low + high))
    for step in range(MOST_STEPS):
        value, slope = function(place)
        low, high = np.where(value <= 0.0, place, low), np.where(value >= 0.0, place, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = place - value / slope
        trusted = (newton >= low) & (newton <= high) & (step % 8 != 7)
        better = np.where(trusted, newton, 0.5 * (low + high))
        settled = np.abs(better - place) <= 1e-14 * np.maximum(1.0, np.abs(place))
        place = better
        if settled.all():
            break
    return place


def bracket(function: Callable[[Floats], tuple[Floats, Floats]], like: Any) -> tuple[Floats, Floats]:
    """A lowest and a highest place between which an increasing function is zero; it is known to be somewhere.

    >>> low, high = bracket(lambda x: (x - 5.0, np.ones_like(x)), 0.0)
    >>> float(low), float(high)
    (-1.0, 8.0)
    """
    low, high = -np.ones(np.shape(like)), np.ones(np.shape(like))
    for _ in range(9):
        below, above = function(low)[0] > 0.0, function(high)[0] < 0.0
        if not (below.any() or above.any()):
            break
        low, high = np.where(below, 2.0 * low, low), np.where(above, 2.0 * high, high)
    return low, high
