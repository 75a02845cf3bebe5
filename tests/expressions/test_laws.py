"""Laws that every row of the table of operations keeps."""

import mpmath
import numpy as np
import pytest

from excitable.errors import InternalError, MechanismError
from excitable.expressions import OPERATIONS, affine, derivative, evaluate, simplify, symbol, where
from excitable.expressions.node import constant, node, walk
from excitable.expressions.operations import CONDITIONS, UnitClash
from excitable.units import ONE, parse

ORDERS = (1, 2, 3, 4)
NAMES = ("a", "b", "c")
PLACES = {"log": 1.7, "sqrt": 1.7, "power": 1.7, "floor": 0.4, "exponent": 1.7, "mantissa": 1.7}


# Every (row, payload): functions with a parameter are tried at several.
ROWS = [
    pytest.param(row, payload, id=row.name if payload is None else f"{row.name}{payload}")
    for row in OPERATIONS.values()
    for payload in (ORDERS if row.takes_payload else (None,))
]


def graph(row, payload):
    """The row applied to symbols; a condition where it takes one."""
    arguments = [symbol(name) for name in NAMES[: row.arity]]
    if row.name == "where":
        arguments[0] = symbol("a") < 0.5
    if row.name in ("both", "either", "opposite"):
        arguments = [x < 0.5 for x in arguments]
    return node(row.name, tuple(arguments), payload)


def values(row, x):
    return dict(zip(NAMES, (PLACES.get(row.name, 0.3) + x, -0.7 + 0.5 * x, 1.1 - x), strict=True))


@pytest.mark.parametrize(("row", "payload"), ROWS)
@pytest.mark.parametrize("name", NAMES)
def test_derivative_is_the_limit_of_differences(row, payload, name):
    if row.partials is None or name not in NAMES[: row.arity]:
        return
    expression = graph(row, payload)
    for shift in (0.0, 0.13, -0.21):
        at = values(row, shift)
        step = 1e-3

        def slope(h, at=at):
            up, down = {**at, name: at[name] + h}, {**at, name: at[name] - h}
            return (float(evaluate(expression, up)) - float(evaluate(expression, down))) / (2.0 * h)

        # Richardson: two central differences cancel the error of second order, three that of fourth.
        one, two, three = slope(step), slope(step / 2), slope(step / 4)
        first, second = (4 * two - one) / 3, (4 * three - two) / 3
        exact = float(evaluate(derivative(expression, name), at))
        assert exact == pytest.approx((16 * second - first) / 15, rel=1e-9, abs=1e-10)
        assert float(evaluate(simplify(derivative(expression, name)), at)) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(("row", "payload"), ROWS)
def test_simplification_keeps_the_value_of_every_row(row, payload):
    expression = graph(row, payload)
    at = values(row, np.linspace(-0.2, 0.2, 9))
    expected = np.asarray(evaluate(expression, at), dtype=float)
    np.testing.assert_allclose(np.asarray(evaluate(simplify(expression), at), dtype=float), expected, rtol=1e-14)


@pytest.mark.parametrize(("row", "payload"), ROWS)
def test_commutative_means_commutative(row, payload):
    if not row.commutative:
        return
    a, b = np.array([0.5, -2.0, 3.0]), np.array([0.5, 1.0, -3.0])
    np.testing.assert_array_equal(row.value(a, b), row.value(b, a))


@pytest.mark.parametrize(("row", "payload"), ROWS)
def test_units_of_pure_numbers_are_pure_or_open(row, payload):
    assert row.unit(payload, (ONE,) * row.arity) in (ONE, None)
    assert row.unit(payload, (None,) * row.arity) is None


@pytest.mark.parametrize(("row", "payload"), ROWS)
def test_a_unit_is_kept_changed_or_refused_but_never_lost_silently(row, payload):
    volt = parse("mV")
    if row.name in CONDITIONS or row.name == "power":
        return
    try:
        found = row.unit(payload, (volt,) * row.arity)
    except UnitClash as clash:
        assert "mV" in str(clash)  # noqa: PT017
    else:
        expected = {"multiply": volt * volt, "divide": ONE, "sqrt": volt**0.5}
        assert found == expected.get(row.name, volt)


@pytest.mark.parametrize("order", ORDERS)
def test_phi_agrees_with_forty_digits(order):
    x = np.concatenate([np.linspace(-30, 30, 61), [1e-12, -1e-12, 1e-3, 0.999, 1.001, -1.001, 0.0]])
    with mpmath.workdps(60):
        exact = [
            float(mpmath.nsum(lambda k, t=t: mpmath.mpf(t) ** k / mpmath.factorial(k + order), [0, mpmath.inf]))
            if abs(t) < 2
            else float(_phi(order, mpmath.mpf(t)))
            for t in x
        ]
    np.testing.assert_allclose(OPERATIONS["phi"].value(order, x), exact, rtol=1e-14)


def _phi(order, x):
    value = mpmath.expm1(x) / x
    for k in range(1, order):
        value = (value - 1 / mpmath.factorial(k)) / x
    return value


def test_derivative_refuses_what_only_compiled_code_knows():
    with pytest.raises(InternalError, match="'nearest' is for compiled code and has no derivative"):
        derivative(node("nearest", (symbol("x"),)), "x")


def test_derivative_of_what_does_not_move_is_zero():
    assert derivative(node("nearest", (symbol("y"),)), "x") is constant(0.0)
    assert derivative(constant(3.0), "x") is constant(0.0)


def test_derivative_of_a_choice_is_the_chosen_derivative():
    x = symbol("x")
    slope = simplify(derivative(where(x < 1.0, 2.0 * x, x * x), "x"))
    np.testing.assert_array_equal(evaluate(slope, {"x": np.array([0.0, 3.0])}), [2.0, 6.0])


def test_affine_finds_intercept_and_slope():
    g, e, v = symbol("g"), symbol("e"), symbol("v")
    intercept, slope = affine(g * (v - e) + 3.0 * v, "v")
    assert simplify(slope) is simplify(g + 3.0)
    assert evaluate(intercept, {"g": 2.0, "e": 5.0}) == -10.0


def test_affine_refuses_a_curve_and_takes_a_constant():
    v = symbol("v")
    assert affine(v * v, "v") is None
    assert affine(symbol("g") * 2.0, "v") == (simplify(symbol("g") * 2.0), constant(0.0))


def test_a_thousand_nested_operations_need_no_recursion():
    x = symbol("x")
    deep = x
    for k in range(3000):
        deep = deep * 0.999 + float(k % 3)
    assert len(walk([simplify(deep)])) > 1000
    assert np.isfinite(evaluate(derivative(deep, "x"), {"x": 1.0}))
    with pytest.raises(MechanismError, match="no value while the equations are being traced"):
        bool(deep)
