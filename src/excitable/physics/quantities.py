"""How a law takes its arguments: numbers are checked, expressions pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import RequestError
from ..expressions import Expression
from ..units import to_array


def given(
    value: Any, unit: str, what: str, *, positive: bool = False, unsigned: bool = False, infinite: bool = False
) -> Any:
    """The argument of a law in its documented unit; an expression passes as it is.

    Args:
        value: A number, array, text with a unit, pint quantity, or expression.
        unit: The documented unit.
        what: What the argument is, for messages.
        positive: Whether only values above zero make sense.
        unsigned: Whether only zero and values above it make sense.
        infinite: Whether an infinite value makes sense.

    Raises:
        UnitError: The value is not a number, or has another dimension.
        RequestError: The value should be positive, or not negative, and is neither.

    >>> given("2 mm", "um", "the diameter")
    2000.0
    """
    if isinstance(value, Expression):
        return value
    numbers = to_array(value, unit, what=what, infinite=infinite)
    if positive and not (numbers > 0.0).all():
        raise RequestError(_message(what, numbers, unit, "above zero", "1"))
    if unsigned and not (numbers >= 0.0).all():
        raise RequestError(_message(what, numbers, unit, "of zero or more", "0"))
    return plain(numbers)


def _message(what: str, numbers: Any, unit: str, range_in_words: str, example: str) -> str:
    number, written = f"{float(numbers.min()):g}", f"'{example} {unit}'"
    if unit == "1":
        return f"{what} is {number}. A value {range_in_words} was expected. Write {example}.0."
    return f"{what} is {number} {unit}. A value {range_in_words} was expected. Write {written}."


def plain(result: Any) -> Any:
    """A float where NumPy made a scalar; arrays and expressions as they are.

    >>> plain(np.float64(0.5))
    0.5
    """
    if isinstance(result, np.generic | np.ndarray) and result.ndim == 0:
        return float(result)
    return result
