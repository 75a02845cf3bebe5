"""How a law takes its arguments: numbers are checked, expressions pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import RequestError
from ..expressions import Expression
from ..units import to_array


def given(value: Any, unit: str, what: str, *, positive: bool = False, infinite: bool = False) -> Any:
    """The argument of a law in its documented unit; an expression passes as it is.

    Args:
        value: A number, array, text with a unit, pint quantity, or expression.
        unit: The documented unit.
        what: What the argument is, for messages.
        positive: Whether only values above zero make sense.
        infinite: Whether an infinite value makes sense.

    Raises:
        UnitError: The value is not a number, or has another dimension.
        RequestError: The value should be positive and is not.

    >>> given("2 mm", "um", "the diameter")
    2000.0
    """
    if isinstance(value, Expression):
        return value
    numbers = to_array(value, unit, what=what, infinite=infinite)
    if positive and not (numbers > 0.0).all():
        raise RequestError(
            f"{what} is {float(numbers.min()):g} {unit}. A value above zero was expected. Write '1 {unit}'."
        )
    return plain(numbers)


def plain(result: Any) -> Any:
    """A float where NumPy made a scalar; arrays and expressions as they are.

    >>> plain(np.float64(0.5))
    0.5
    """
    if isinstance(result, np.generic | np.ndarray) and result.ndim == 0:
        return float(result)
    return result
