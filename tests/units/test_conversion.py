"""Numbers, text, arrays and pint quantities come in through one door; anything else is told what to write."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excitable.errors import UnitError
from excitable.units import parse, to, to_array

WHAT = "the amplitude of the step"
finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@pytest.mark.parametrize(
    ("given", "unit", "expected"),
    [
        (5, "mV", 5.0),
        (-70.5, "mV", -70.5),
        (np.float32(2.0), "mV", 2.0),
        (np.int64(3), "mV", 3.0),
        (np.array(4.0), "mV", 4.0),
        ("0.2 nA", "nA", 0.2),
        ("200 pA", "nA", 0.2),
        ("-70 mV", "mV", -70.0),
        ("−70mV", "mV", -70.0),
        ("+.5V", "mV", 500.0),
        ("1e-3 S/cm2", "mS/cm2", 1.0),
        ("1E3 µS", "mS", 1.0),
        ("5.5ms", "ms", 5.5),
        ("36 degC", "degC", 36.0),
        ("36 °C", "degC", 36.0),
        ("309 K", "degC", 35.85),
        ("309.15 K", "degC", 36.0),
        ("6.3 degC", "K", 279.45),
        ("2 min", "ms", 120000.0),
        ("50 %", "1", 0.5),
        ("0.5", "1", 0.5),
        ("5/ms", "1/ms", 5.0),
        ("5 1/ms", "1/s", 5000.0),
        ("20 um", "cm", 2e-3),
        ("35.4 ohm cm", "ohm cm", 35.4),
        ("0.354 ohm m", "ohm cm", 35.4),
        ("3.3 pA", "nA", 0.0033),
        ("1 inch", "cm", 2.54),
    ],
)
def test_values_are_converted_without_rounding_error(given: Any, unit: str, expected: float) -> None:
    result = to(given, unit, what=WHAT)
    assert type(result) is float
    assert result == expected
    array = to_array(given, unit, what=WHAT)
    assert (array.dtype, array.shape) == (np.float64, ())
    assert array == expected


@pytest.mark.parametrize(
    ("given", "unit", "message"),
    [
        (
            "5 mV",
            "um",
            "'5 mV' is a voltage; the amplitude of the step is expected in um, a length; write '5 um'",
        ),
        ("1e-3 S", "nA", "'1e-3 S' is a conductance; .* in nA, a current; write '1e-3 nA'"),
        ("5", "mV", "'5' is text without a unit; .* write '5 mV'"),
        ("mV", "mV", "'mV' is not a number with a unit"),
        ("", "mV", "'' is not a number with a unit"),
        ("1,5 mV", "mV", "'1,5 mV' is not a number with a unit"),
        ("1_000 mV", "mV", "is not a number with a unit"),
        ("5 mv", "mV", "'mv' that is not known"),
        ("nan mV", "mV", r"is not a number \(NaN\)"),
        (math.nan, "mV", r"nan is not a number \(NaN\)"),
        (math.inf, "mV", "inf is infinite; .* finite"),
        (True, "mV", "True is not a number; .* in mV, a voltage; write '1 mV'"),
        (np.True_, "mV", "is not a number"),
        (None, "mV", "None is not a number"),
        (1j, "mV", "1j is not a number"),
        ({}, "mV", "is not a number"),
        (object(), "mV", "is not a number"),
        ([1.0, True], "mV", "True is not a number"),
        ([1.0, None], "mV", "None is not a number"),
        ([[1.0], [1.0, 2.0]], "mV", "rows of different lengths"),
        (np.array(["a"]), "mV", "is not a number"),
        (np.ma.array([1.0, 2.0], mask=[False, True]), "mV", "is not a number"),
        (np.array([1.0, np.nan]), "mV", r"\(NaN\)"),
    ],
)
def test_wrong_input_is_refused(given: Any, unit: str, message: str) -> None:
    with pytest.raises(UnitError, match=message):
        to_array(given, unit, what=WHAT)
    with pytest.raises(UnitError, match=r"is|has"):
        to(given, unit, what=WHAT)


def test_what_cannot_become_an_array_is_refused() -> None:
    class Broken:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            raise ValueError

    with pytest.raises(UnitError, match="is not a number"):
        to_array(Broken(), "mV", what=WHAT)
    with pytest.raises(UnitError, match="rows of different lengths"):
        to_array([np.zeros(2), np.zeros(3)], "mV", what=WHAT)


def test_one_number_is_not_an_array() -> None:
    with pytest.raises(UnitError, match=r"\[1, 2\] has shape \(2,\); .* one number in mV; write one value"):
        to([1, 2], "mV", what=WHAT)


def test_infinity_where_it_is_meant() -> None:
    assert to(math.inf, "ms", what=WHAT, infinite=True) == math.inf
    assert to("inf ms", "ms", what=WHAT, infinite=True) == math.inf


def test_arrays_keep_their_shape_and_are_copies() -> None:
    numbers = np.arange(6.0).reshape(2, 3)
    read = to_array(numbers, "mV", what=WHAT)
    read[0, 0] = 99.0
    assert numbers[0, 0] == 0.0
    assert read.shape == (2, 3)
    assert to_array([], "mV", what=WHAT).shape == (0,)
    assert to_array([[1, "2 V"], (3, 4)], "mV", what=WHAT).tolist() == [[1.0, 2000.0], [3.0, 4.0]]


def test_pint_quantities_of_any_registry() -> None:
    pint = pytest.importorskip("pint")
    unit = pint.UnitRegistry()
    assert to(3 * unit.nA, "uA", what=WHAT) == 0.003
    assert to(unit.Quantity(36.0, "degC"), "degC", what=WHAT) == 36.0
    assert to(0.5 * unit.dimensionless, "1", what=WHAT) == 0.5
    assert to_array(np.arange(3) * unit.V, "mV", what=WHAT).tolist() == [0.0, 1000.0, 2000.0]
    assert to_array([1 * unit.mV, 2 * unit.V], "mV", what=WHAT).tolist() == [1.0, 2000.0]
    with pytest.raises(UnitError, match=r"'3 millivolt' is a quantity of .* in um, a length"):
        to(3 * unit.mV, "um", what=WHAT)
    with pytest.raises(UnitError, match="holds no real numbers"):
        to((1 + 1j) * unit.mV, "mV", what=WHAT)


def test_arrays_that_say_their_unit() -> None:
    class Signal:
        unit = "V"

        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.array([1.0, 2.0])

    assert to_array(Signal(), "mV", what=WHAT).tolist() == [1000.0, 2000.0]
    with pytest.raises(UnitError, match=r"is a voltage; .* in nA, a current"):
        to_array(Signal(), "nA", what=WHAT)


def test_arrays_whose_dimension_would_be_lost_are_refused() -> None:
    class Quantity(np.ndarray):
        dim = "volt"

    with pytest.raises(UnitError, match="is not a number"):
        to_array(np.zeros(2).view(Quantity), "mV", what=WHAT)


@pytest.mark.parametrize(
    "there_and_back", [("mV", "V"), ("um", "cm"), ("degC", "K"), ("S/cm2", "mS/cm2"), ("min", "ms")]
)
@given(value=finite)
def test_there_and_back(there_and_back: tuple[str, str], value: float) -> None:
    here, there = there_and_back
    away = to(f"{value!r} {here}", there, what=WHAT)
    assert to(f"{away!r} {there}", here, what=WHAT) == pytest.approx(value, rel=1e-12, abs=1e-10)


@given(finite)
def test_text_in_the_documented_unit_is_the_number(value: float) -> None:
    assert to(f"{value!r} mV", "mV", what=WHAT) == value == to(value, "mV", what=WHAT)


def test_reading_a_unit_twice_gives_the_same_object() -> None:
    assert parse("mS/cm2") is parse("mS/cm2")
