"""Units of equations: declared quantities must agree, bare numbers fit anywhere."""

import pytest

from excitable.errors import UnitError
from excitable.expressions import exp, linoid, log, maximum, sqrt, symbol, unit_of, where
from excitable.units import ONE, parse

v, u, c, g, t = (symbol(name) for name in ("v", "u", "c", "g", "t"))
UNITS = {"v": parse("mV"), "u": parse("mV"), "c": parse("mM"), "g": parse("S/cm2"), "t": ONE}


def found(expression):
    return unit_of(expression, UNITS, what="the rate of Gate")


FITS = {
    "sum": (v + u, "mV"),
    "sum with a number": (v + 40.0, "mV"),
    "product": (g * (v - u), "mA/cm2"),
    "quotient": (v / u, "1"),
    "root": (sqrt(v * u), "mV"),
    "a pure number in a function": (exp(v / u), "1"),
    "a limit": (maximum(v, -90.0), "mV"),
    "a choice": (where(c < 1.0, v, u), "mV"),
    "a fraction to a power": (t**t, "1"),
}


@pytest.mark.parametrize("name", FITS)
def test_units_that_fit(name):
    expression, unit = FITS[name]
    assert found(expression) == parse(unit)


OPEN = {
    "a number": symbol("undeclared") + 1.0,
    "a quantity and a number make any unit": 0.1 * v,
    "divided by a number": v / 10.0,
    "a function of that": exp(v / 10.0),
    "a condition": v < u,
    "an undeclared base": symbol("undeclared") ** t,
}


@pytest.mark.parametrize("name", OPEN)
def test_bare_numbers_leave_the_unit_open(name):
    assert found(OPEN[name]) is None


CLASHES = {
    "sum": (v + c, r"`v \+ c` brings together mV and mM"),
    "difference": (2.0 * (v - c), "`v - c` brings together mV and mM"),
    "comparison": (where(v < c, 1.0, 2.0), "`v < c` brings together mV and mM"),
    "choice": (where(t < 1.0, v, c), "brings together mV and mM"),
    "limit": (maximum(v, c), "brings together mV and mM"),
    "a function of a voltage": (exp(v), r"`exp\(v\)` brings together mV where a pure number is needed"),
    "another one": (log(c), "mM where a pure number is needed"),
    "linoid": (linoid(v), "mV where a pure number is needed"),
    "an exponent": (t**v, "mV as an exponent"),
}


@pytest.mark.parametrize("name", CLASHES)
def test_units_that_clash(name):
    expression, message = CLASHES[name]
    with pytest.raises(UnitError, match="In the rate of Gate, .*" + message):
        found(expression)
