"""The shapes in which rates and steady states depend on voltage.

`x` is usually `v - midpoint`, and `scale` the voltage over which the rate changes; both in mV, or both pure
numbers. They work on numbers, arrays and expressions, so that a mechanism can use them too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..expressions import exp, linoid
from .quantities import plain


def exponential(x: Any, scale: float) -> Any:
    """exp(x / scale): a barrier that sees a fraction of the field.

    >>> exponential(0.0, 18.0)
    1.0
    """
    return plain(exp(x / scale))


def sigmoid(x: Any, scale: float) -> Any:
    """1 / (1 + exp(-x / scale)): from 0 to 1, with one half at x = 0.

    >>> sigmoid(0.0, 10.0)
    0.5
    """
    # Far on the left the exponential overflows to infinity, and the quotient is rightly 0.
    with np.errstate(over="ignore"):
        return plain(1.0 / (1.0 + exp(-x / scale)))


def exponential_linear(x: Any, scale: float) -> Any:
    """x / (1 - exp(-x / scale)): zero on the left, a straight line on the right, `scale` at x = 0.

    The opening rates of Hodgkin & Huxley 1952 are 0.1 exponential_linear(v + 40, 10) and
    0.01 exponential_linear(v + 55, 10). It is scale · linoid(-x / scale), with the `linoid` of equations.

    >>> exponential_linear(0.0, 10.0)
    10.0
    """
    return plain(scale * linoid(-x / scale))


def boltzmann(v: Any, midpoint: float, slope: float) -> Any:
    """The steady state of a two-state gate: 1 / (1 + exp(-(v - midpoint) / slope)).

    Args:
        v: Membrane voltage, mV.
        midpoint: The voltage of one half, mV.
        slope: mV; positive for activation, negative for inactivation.

    Source: Hodgkin & Huxley 1952, J. Physiol. 117:500, part II.

    >>> boltzmann(-60.0, -60.0, -6.0)
    0.5
    """
    return sigmoid(v - midpoint, slope)
