"""The door: what a user gives, as a float or an array in the documented unit."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import UnitError
from .algebra import ONE, Unit, base_units, parse, plain

# A number that is not followed by more of a number, then perhaps a unit.
_QUANTITY = r"\s*([-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf|nan))(?![.,_\d])\s*(.*?)\s*"


def to(value: Any, unit: str, *, what: str, infinite: bool = False) -> float:
    """One number in the given unit.

    Args:
        value: A number, taken to be in `unit`; a string such as "0.2 nA"; or a quantity of the pint library.
        unit: The documented unit, such as "nA".
        what: The user's own object and quantity, for messages: "the length of the cable".
        infinite: Whether an infinite value is meant to be possible.

    Raises:
        UnitError: The value has another dimension, is text without a unit, NaN, a truth value, or not one
            number.

    >>> to("5.5ms", "s", what="the delay")
    0.0055
    >>> to("5 mV", "um", what="the length of the cable")
    Traceback (most recent call last):
    excitable.errors.UnitError: '5 mV' is a voltage; the length of the cable is expected in um, a length;
    write '5 um'.
    """
    if type(value) is float and math.isfinite(value):
        parse(unit)
        return value
    number = _read(value, parse(unit), what)
    if np.ndim(number) != 0:
        raise UnitError(
            f"{_shown(value)} has shape {np.shape(number)}; {what} is expected to be one number in {unit}; "
            f"write one value, such as '1 {unit}'."
        )
    result = float(number)
    _check_finite(value, result, unit, what, infinite)
    return result


def to_array(value: Any, unit: str, *, what: str, infinite: bool = False) -> NDArray[np.float64]:
    """A float64 array in the given unit, of the shape of what was given; always a fresh copy.

    Args:
        value: Numbers, taken to be in `unit`, as an array or (nested) sequence; a sequence of strings such as
            ["1 nA", "200 pA"]; a pint quantity; or anything that `to` takes, which gives shape ().
        unit: The documented unit.
        what: The user's own object and quantity, for messages.
        infinite: Whether infinite values are meant to be possible.

    Raises:
        UnitError: As for `to`.

    >>> to_array(["1 nA", "200 pA"], "nA", what="the amplitudes")
    array([1. , 0.2])
    """
    result = np.array(_read(value, parse(unit), what), dtype=np.float64)
    _check_finite(value, result, unit, what, infinite)
    return result


def _read(value: Any, unit: Unit, what: str) -> Any:
    """The value as a real number or array of real numbers in `unit`, not yet checked for NaN."""
    if isinstance(value, str):
        return _read_text(value, unit, what)
    if callable(getattr(value, "to", None)) and hasattr(value, "magnitude"):
        return _read_pint(value, unit, what)
    if isinstance(value, list | tuple) and any(_needs_reading(part) for part in value):
        return _stack([np.asarray(_read(part, unit, what)) for part in value], value, unit, what)
    label = getattr(value, "unit", getattr(value, "units", None))
    numbers = _plain_numbers(value)
    if numbers is None:
        raise UnitError(f"{_shown(value)} is not a number; {_wanted(what, unit)}; write '1 {unit}'.")
    if label is None:
        return numbers
    # Labelled arrays: a Signal of a recording, or an array of another library that says its unit.
    given = parse(str(label))
    if given.dimensions != unit.dimensions:
        raise _wrong_dimension(_shown(value), given.kind, None, unit, what)
    return _convert_all(numbers, given, unit)


def _plain_numbers(value: Any) -> NDArray[Any] | None:
    """The value as an array of real numbers, or None where it is none, or has more to say than numbers."""
    # A masked array would lose its mask, an array of Brian 2 its dimension, without a word.
    if hasattr(value, "filled") or hasattr(value, "dim"):
        return None
    try:
        numbers = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return numbers if numbers.dtype.kind in "iuf" else None


def _needs_reading(part: Any) -> bool:
    # NumPy would read [1.0, True] as numbers, and cannot read rows of text, quantities or unlike lengths.
    nested = isinstance(part, str | list | tuple | bool | np.bool_ | np.ndarray)
    return nested or part is None or hasattr(part, "magnitude")


def _stack(parts: list[NDArray[Any]], value: Any, unit: Unit, what: str) -> NDArray[Any]:
    if len({part.shape for part in parts}) > 1:
        raise UnitError(
            f"{_shown(value)} has rows of different lengths; {what} is expected as a table in {unit}; "
            "write rows of one length."
        )
    return np.stack(parts)


def _read_text(text: str, unit: Unit, what: str) -> float:
    match = re.fullmatch(_QUANTITY, plain(text), re.DOTALL)
    if match is None:
        raise UnitError(f"{text!r} is not a number with a unit; {_wanted(what, unit)}; write '1 {unit}'.")
    number, name = float(match.group(1)), match.group(2)
    if not name and not unit.dimensionless:
        raise UnitError(f"{text!r} is text without a unit; {_wanted(what, unit)}; write '{text.strip()} {unit}'.")
    given = parse(name) if name else ONE
    if given.dimensions != unit.dimensions:
        raise _wrong_dimension(repr(text), given.kind, match.group(1), unit, what)
    return _convert(number, given, unit)


def _read_pint(quantity: Any, unit: Unit, what: str) -> Any:
    given = Unit(unit.dimensions)
    try:
        magnitude = quantity.to("" if unit.dimensionless else base_units(given)).magnitude
    except Exception as problem:  # pint's own class of error must not be imported just to be named
        kind = str(getattr(quantity, "dimensionality", "")) or "something else"
        raise _wrong_dimension(f"'{quantity}'", f"quantity of {kind}", None, unit, what) from problem
    numbers = _plain_numbers(magnitude)
    if numbers is None:
        raise UnitError(f"'{quantity}' holds no real numbers; {_wanted(what, unit)}; write '1 {unit}'.")
    return _convert_all(numbers, given, unit)


def _convert_all(numbers: NDArray[Any], given: Unit, wanted: Unit) -> NDArray[np.float64]:
    converted = [_convert(float(number), given, wanted) for number in numbers.ravel()]
    return np.array(converted, dtype=np.float64).reshape(numbers.shape)


def _convert(number: float, given: Unit, wanted: Unit) -> float:
    """The number in another unit of the same dimensions; without rounding error in powers of ten."""
    if given == wanted:
        return number
    if given.offset != wanted.offset:
        kelvin = number * given.scale + given.offset
        return float(f"{(kelvin - wanted.offset) / wanted.scale:.13g}")
    # Fifteen digits remove the rounding error of the scales: 1e-6 / 1e-9 is not 1000.
    factor, inverse = (float(f"{ratio:.15g}") for ratio in (given.scale / wanted.scale, wanted.scale / given.scale))
    result = number * factor if factor >= 1.0 else number / inverse
    return float(f"{result:.15g}")


def _check_finite(value: Any, result: Any, unit: str, what: str, infinite: bool) -> None:
    if np.isnan(result).any():
        raise UnitError(f"{_shown(value)} is not a number (NaN); {what} is expected in {unit}; write '1 {unit}'.")
    if not infinite and not np.isfinite(result).all():
        raise UnitError(f"{_shown(value)} is infinite; {what} is expected in {unit}, finite; write '1 {unit}'.")


def _wrong_dimension(shown: str, kind: str, number: str | None, unit: Unit, what: str) -> UnitError:
    return UnitError(f"{shown} is {_a(kind)}; {_wanted(what, unit)}; write '{number or '1'} {unit}'.")


def _wanted(what: str, unit: Unit) -> str:
    return f"{what} is expected in {unit}, {_a(unit.kind)}"


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
