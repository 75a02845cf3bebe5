"""The voltage along a passive cable, in closed form: what every discretised cable must converge to.

Distances are in length constants (`x = distance / length_constant`), times in time constants
(`t = time / time_constant`). Voltages are in units of the injected current times the input resistance of the
semi-infinite cable. So one solution serves every cable.

Source: Hodgkin & Rushton 1946, Proc. R. Soc. B 133:444; Jack, Noble & Tsien 1975, Electric Current Flow in
Excitable Cells, chapters 3 and 4; Rall 1969, Biophys. J. 9:1483.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import RequestError
from .cable import end_conductance
from .quantities import given, plain

_erfc = np.vectorize(math.erfc, otypes=[float])


def _place(x: Any) -> NDArray[np.float64]:
    place = np.asarray(given(x, "1", "the distance in length constants"))
    if (place < 0.0).any():
        raise RequestError(
            f"The distance is {place.min():g} length constants. A distance from the electrode of zero or "
            "more was expected. Write abs(x)."
        )
    return place


def _moment(t: Any) -> NDArray[np.float64]:
    return np.asarray(given(t, "1", "the time in time constants", positive=True))


def steady_infinite(x: Any) -> Any:
    """The steady voltage at distance `x` from the end of an endless cable that takes current: exp(-x).

    Raises:
        RequestError: A distance is negative.

    >>> round(steady_infinite(1.0), 4)
    0.3679
    """
    return plain(np.exp(-_place(x)))


def steady_finite(x: Any, length: Any, *, end: float = 0.0) -> Any:
    """The steady voltage along a cable of finite length with current into the end at x = 0.

    Args:
        x: Distance from the electrode, in length constants.
        length: Length of the cable, in length constants.
        end: The conductance at the far end relative to an endless cable: 0 sealed, `math.inf` held at rest.

    Raises:
        RequestError: A distance is negative or beyond the end, the length is not positive, or `end` is
            negative.

    Source: Rall 1959, Exp. Neurol. 1:491; Jack, Noble & Tsien 1975, chapter 4.

    >>> round(steady_finite(0.0, 1.0), 4)  # coth(1)
    1.313
    """
    place, total = _place(x), _length(length, x)
    load = end_conductance(end)
    rest = total - place
    if math.isinf(load):
        return plain(np.sinh(rest) / np.cosh(total))
    shape = np.cosh(rest) + load * np.sinh(rest)
    return plain(shape / (np.sinh(total) + load * np.cosh(total)))


def step_infinite(x: Any, t: Any) -> Any:
    """The voltage at the time `t` after a step of current into the end of an endless cable.

    In the middle of a cable that is endless both ways it is half as large.

    Raises:
        RequestError: A distance is negative, or a time is not positive.

    Source: Hodgkin & Rushton 1946, Proc. R. Soc. B 133:444; Jack, Noble & Tsien 1975, chapter 3.

    >>> round(step_infinite(0.0, 1.0), 4)  # erf(1)
    0.8427
    """
    place, moment = np.broadcast_arrays(_place(x), _moment(t))
    return plain(_step(place, moment))


def _step(place: NDArray[np.float64], moment: NDArray[np.float64]) -> NDArray[np.float64]:
    root = np.sqrt(moment)
    forward = np.exp(-place) * _erfc(place / (2.0 * root) - root)
    late = _erfc(place / (2.0 * root) + root)
    # Where erfc has underflowed, exp(x) may overflow; their product is less than 1e-300.
    backward = np.exp(np.where(late > 0.0, place, 0.0)) * late
    return np.asarray(0.5 * (forward - backward))


def impulse_infinite(x: Any, t: Any) -> Any:
    """The voltage at the time `t` after a brief charge into the end of an endless cable.

    The charge is in units of one semi-infinite input current for one time constant.

    Raises:
        RequestError: A distance is negative, or a time is not positive.

    Source: Jack, Noble & Tsien 1975, chapter 3.

    >>> round(impulse_infinite(0.0, 1.0), 4)  # exp(-1) / sqrt(pi)
    0.2076
    """
    place, moment = _place(x), _moment(t)
    return plain(np.exp(-(place**2) / (4.0 * moment) - moment) / np.sqrt(math.pi * moment))


def step_finite(x: Any, t: Any, length: Any) -> Any:
    """The voltage at the time `t` after a step of current into one end of a cable with two sealed ends.

    Args:
        x: Distance from the electrode, in length constants.
        t: Time, in time constants.
        length: Length of the cable, in length constants.

    Raises:
        RequestError: A distance is negative or beyond the end, or a time or the length is not positive.

    Source: Rall 1969, Biophys. J. 9:1483 (late times); Hodgkin & Rushton 1946 with mirror images
    (early times).

    >>> round(step_finite(0.0, 50.0, 1.0), 4)  # coth(1)
    1.313
    """
    place, moment = np.broadcast_arrays(_place(x), _moment(t))
    total = _length(length, x)
    early = moment < 0.25 * total**2
    images = sum(_step(np.abs(place + 2.0 * n * total), moment) for n in range(-5, 6))
    return plain(np.where(early, images, _equalising(place, moment, total)))


def _equalising(place: NDArray[np.float64], moment: NDArray[np.float64], total: float) -> NDArray[np.float64]:
    """The steady state less what has yet to even out, one cosine after the other."""
    voltage = np.cosh(total - place) / np.sinh(total) - np.exp(-moment) / total
    for n in range(1, 9):
        wave = n * math.pi / total
        rate = 1.0 + wave**2
        voltage = voltage - 2.0 / total * np.cos(wave * place) * np.exp(-rate * moment) / rate
    return np.asarray(voltage)


def _length(length: Any, x: Any) -> float:
    total = given(length, "1", "the length in length constants", positive=True)
    if not isinstance(total, float) or np.max(x) > total:
        raise RequestError(
            f"The length of the cable is {length!r} length constants and x reaches {np.max(x):g}. "
            "One length, and places not beyond its end, were expected. Write step_finite(0.5, 1.0, 1.0)."
        )
    return total
