"""How a state moves: opening and closing rates, relaxation to a steady value, or any rate of change.

A law states a rate and never a step. Laws work on numbers, arrays and expressions alike.
"""

from __future__ import annotations

from typing import Any

from ..frozen import frozen


@frozen(eq=False)
class AlphaBeta:
    """Opening at rate `alpha` and closing at rate `beta`, both in 1/ms: dx/dt = alpha (1 - x) - beta x."""

    alpha: Any
    beta: Any
    __array_ufunc__ = None

    @property
    def steady(self) -> Any:
        """The value at which the gate rests."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def slope(self) -> Any:
        """The derivative of the rate in the state itself, 1/ms."""
        return -(self.alpha + self.beta)

    @property
    def time_constant(self) -> Any:
        """How fast the gate approaches its rest, ms."""
        return 1.0 / (self.alpha + self.beta)

    def rate(self, x: Any) -> Any:
        """The rate of change at the value `x`, per ms."""
        return self.alpha - (self.alpha + self.beta) * x

    def __mul__(self, factor: Any) -> AlphaBeta:
        return AlphaBeta(factor * self.alpha, factor * self.beta)

    __rmul__ = __mul__


@frozen(eq=False)
class Relaxation:
    """Approach to `steady` with `time_constant` in ms: dx/dt = (steady - x) / time_constant."""

    steady: Any
    time_constant: Any
    __array_ufunc__ = None

    @property
    def slope(self) -> Any:
        """The derivative of the rate in the state itself, 1/ms."""
        return -1.0 / self.time_constant

    def rate(self, x: Any) -> Any:
        """The rate of change at the value `x`, per ms."""
        return (self.steady - x) / self.time_constant

    def __mul__(self, factor: Any) -> Relaxation:
        return Relaxation(self.steady, self.time_constant / factor)

    __rmul__ = __mul__


Law = AlphaBeta | Relaxation


def alpha_beta(alpha: Any, beta: Any) -> AlphaBeta:
    """The law of a gate that opens at rate `alpha` and closes at rate `beta` (1/ms).

    Multiply the law by a factor to make it faster, as with a Q10.

    >>> law = 2.0 * alpha_beta(1.0, 3.0)
    >>> law.steady, law.time_constant
    (0.25, 0.125)
    """
    return AlphaBeta(alpha, beta)


def relax(steady: Any, time_constant: Any) -> Relaxation:
    """The law of a state that approaches `steady` exponentially with `time_constant` (ms).

    >>> relax(0.5, 2.0).rate(0.0)
    0.25
    """
    return Relaxation(steady, time_constant)
