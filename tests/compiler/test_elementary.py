"""Elementary functions in arithmetic: their errors against 50 digits, their limits, their cost."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from excitable.compiler import polynomials
from excitable.compiler.elementary import LOWERINGS, PRIMITIVES, lower_elementary
from excitable.errors import InternalError
from excitable.expressions import OPERATIONS, evaluate, evaluate_all, exp, linoid, symbol, walk
from excitable.expressions.node import CONSTANT, constant, node

X, Y = symbol("x"), symbol("y")
INF, NAN = np.inf, np.nan
DICE = np.random.default_rng(20240607)


def lowered(name, order=None):
    arguments = (X, Y)[: OPERATIONS[name].arity]
    (graph,) = lower_elementary([node(name, arguments, order)])
    return graph


def value(name, x, order=None):
    return evaluate(lowered(name, order), {"x": x})


def phi(order, x):
    if abs(x) < 1:
        return mpmath.fsum(x**k / mpmath.factorial(k + order) for k in range(50))
    total = mpmath.expm1(x) / x
    for k in range(1, order):
        total = (total - 1 / mpmath.factorial(k)) / x
    return total


def either_side(limit, count=600):
    """Points everywhere up to `limit`, near 1, and of every size down to 1e-300."""
    small = DICE.normal(size=count) * 10.0 ** DICE.uniform(-300.0, 0.0, count)
    return np.concatenate([DICE.uniform(-limit, limit, count), DICE.uniform(-2.0, 2.0, count), small])


def edges(period, first, last):
    """Points next to the places where the number of periods changes."""
    return (np.arange(first, last) + 0.5) * period * (1.0 + DICE.normal(size=last - first) * 1e-4)


LN2 = np.log(2.0)
EXACT = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "tanh": mpmath.tanh, "log": mpmath.log, "sin": mpmath.sin,
    "cos": mpmath.cos, "linoid": lambda x: x / mpmath.expm1(x), "phi1": lambda x: phi(1, x),
    "phi2": lambda x: phi(2, x), "phi3": lambda x: phi(3, x),
}  # fmt: skip
BOUNDS = {  # ulp: the table in the docstring of the module
    "exp": 1.5, "expm1": 2.5, "tanh": 3.0, "log": 1.0, "sin": 2.2, "cos": 2.2, "linoid": 3.0, "phi1": 3.0,
    "phi2": 4.0, "phi3": 12.0,
}  # fmt: skip
PLACES = {
    "exp": [DICE.uniform(-708.3, 709.43, 1500), either_side(2.0), edges(LN2, -40, 40)],
    "expm1": [DICE.uniform(-708.0, 709.43, 800), either_side(40.0), *[edges(LN2, -3, 3) for _ in range(100)]],
    "tanh": [either_side(22.0), *[edges(LN2 / 2, -12, 12) for _ in range(20)]],
    "log": [
        10.0 ** DICE.uniform(-307.6, 308.2, 1500),
        DICE.uniform(0.3, 3.0, 1500),
        1.0 + DICE.uniform(-1e-6, 1e-6, 500),
    ],
    "sin": [either_side(1e5), either_side(10.0), np.arange(-30.0, 30.0) * np.pi, edges(np.pi, -2000, 2000)],
    "cos": [either_side(1e5), either_side(10.0), (np.arange(-900.0, 900.0) + 0.5) * np.pi],
    "linoid": [either_side(700.0), either_side(30.0), edges(LN2, -40, 40)],
    "phi1": [either_side(700.0), either_side(30.0), edges(LN2, -40, 40)],
    "phi2": [either_side(700.0, 400), either_side(3.0), either_side(30.0)],
    "phi3": [either_side(700.0, 400), either_side(3.0), either_side(30.0)],
}


def split(name):
    return ("phi", int(name[3])) if name.startswith("phi") else (name, None)


def ulps(found, exact):
    """Errors in units of the last place of the exact result."""
    unit = mpmath.mpf(float(np.spacing(abs(float(exact)))))
    return float(abs(mpmath.mpf(float(found)) - exact) / unit)


@pytest.mark.parametrize("name", EXACT)
def test_errors_stay_within_the_stated_bounds(name):
    x = np.concatenate(PLACES[name])
    found = value(split(name)[0], x, split(name)[1])
    with mpmath.workdps(50):
        errors = [ulps(f, EXACT[name](mpmath.mpf(float(t)))) for f, t in zip(found, x, strict=True)]
    worst = int(np.argmax(errors))
    assert errors[worst] <= BOUNDS[name], f"{name}({x[worst]!r}) is off by {errors[worst]:.3f} ulp"


@pytest.mark.parametrize("name", EXACT)
def test_fused_arithmetic_keeps_the_bounds(name):
    graph = lowered(*split(name))
    x = np.concatenate([part[:: len(part) // 25 + 1] for part in PLACES[name][:3]])
    with mpmath.workdps(50):
        errors = [ulps(fused(graph, float(t)), EXACT[name](mpmath.mpf(float(t)))) for t in x]
    assert max(errors) <= BOUNDS[name]


def fused(graph, x):
    """The value at one number where fma rounds once, as processors do."""
    known = {}
    with np.errstate(all="ignore"):
        for current in walk([graph]):
            arguments = [known[a] for a in current.arguments]
            if not current.arguments:
                known[current] = np.float64(current.payload if current.kind == CONSTANT else x)
            elif current.kind == "fma" and np.isfinite(arguments).all():
                a, b, c = (Fraction(float(t)) for t in arguments)
                known[current] = np.float64(float(a * b + c)) if abs(a * b + c) < 2**1023 else np.float64(a * b)
            else:
                known[current] = OPERATIONS[current.kind].value(*arguments)
    return known[graph]


# ---------------------------------------------------------------- limits
SPECIAL = {
    "exp": {
        0.0: 1.0, 5e-324: 1.0, 1e-300: 1.0, INF: INF, -INF: 0.0, 1e300: INF, -1e300: 0.0,
        710.0: INF, 709.79: INF, -708.8: 0.0, -745.0: 0.0,
    },
    "expm1": {
        0.0: 0.0, 5e-324: 5e-324, -5e-324: -5e-324, 2.3e-308: 2.3e-308, 1e-300: 1e-300, INF: INF, -INF: -1.0,
        1e300: INF, -1e300: -1.0, 710.0: INF, -50.0: -1.0,
    },
    "tanh": {
        0.0: 0.0, 5e-324: 5e-324, -1e-300: -1e-300, INF: 1.0, -INF: -1.0, 1e300: 1.0, -20.0: -1.0, 20.0: 1.0,
    },
    "log": {
        1.0: 0.0, 0.0: -INF, 5e-324: -INF, INF: INF, -1.0: NAN, -5e-324: NAN, -INF: NAN,
        2.0**-1022: -1022.0 * LN2, 1.7976931348623157e308: 1024.0 * LN2, 2.0: LN2, 0.5: -LN2,
    },
    "sin": {0.0: 0.0, 5e-324: 5e-324, 1e-300: 1e-300, INF: NAN, -INF: NAN},
    "cos": {0.0: 1.0, 5e-324: 1.0, -1e-300: 1.0, INF: NAN, -INF: NAN},
    "linoid": {0.0: 1.0, 5e-324: 1.0, -1e-300: 1.0, 800.0: 0.0, -800.0: 800.0, -INF: INF, INF: NAN},
    "phi1": {0.0: 1.0, -5e-324: 1.0, 1e-300: 1.0, 800.0: INF, -800.0: 1 / 800.0, -INF: 0.0, INF: NAN},
    "phi2": {0.0: 0.5, 5e-324: 0.5, -1e-300: 0.5, -INF: 0.0},
    "phi3": {0.0: 1 / 6, 5e-324: 1 / 6, -1e-300: 1 / 6, -INF: 0.0},
}  # fmt: skip


@pytest.mark.parametrize("name", SPECIAL)
def test_special_arguments(name):
    for x, expected in SPECIAL[name].items():
        found = float(value(split(name)[0], x, split(name)[1]))
        np.testing.assert_allclose(found, expected, rtol=4e-16, err_msg=f"{name}({x})")


@pytest.mark.parametrize("name", SPECIAL)
def test_minus_zero_gives_what_zero_gives(name):
    assert value(split(name)[0], -0.0, split(name)[1]) == value(split(name)[0], 0.0, split(name)[1])


@pytest.mark.parametrize("name", EXACT)
def test_not_a_number_passes(name):
    assert np.isnan(value(split(name)[0], NAN, split(name)[1]))


@pytest.mark.parametrize("name", EXACT)
def test_not_a_number_passes_where_limits_take_the_second_operand(name):
    """On machines minimum(a, b) is `a < b ? a : b`, which is b wherever either is not a number."""
    known = {}
    machine = {"minimum": lambda a, b: min(b, a), "maximum": lambda a, b: max(b, a)}
    graph = lowered(*split(name))
    with np.errstate(all="ignore"):
        for current in walk([graph]):
            arguments = [known[a] for a in current.arguments]
            rule = machine.get(current.kind)
            if not current.arguments:
                known[current] = np.float64(current.payload if current.kind == CONSTANT else NAN)
            else:
                known[current] = rule(*arguments) if rule else OPERATIONS[current.kind].value(*arguments)
    assert np.isnan(known[graph])


def test_the_last_stretch_before_infinity():
    x = np.linspace(709.44, 709.78, 50)
    for name in ("exp", "expm1"):
        with mpmath.workdps(30):
            exact = [mpmath.exp(mpmath.mpf(float(t))) for t in x]
            errors = [abs(mpmath.mpf(float(f)) / e - 1) for f, e in zip(value(name, x), exact, strict=True)]
        assert max(errors) < 1e-10


def test_the_smallest_results_of_exp():
    x = np.linspace(-708.7, -708.3, 50)
    np.testing.assert_allclose(value("exp", x), np.exp(x), rtol=1e-14, atol=5e-324)


# ---------------------------------------------------------------- power
def test_power_at_moderate_arguments():
    x, y = 10.0 ** DICE.uniform(-5, 5, 2000), DICE.uniform(-8, 8, 2000)
    found = evaluate(lowered("power"), {"x": x, "y": y})
    with mpmath.workdps(40):
        exact = [mpmath.power(mpmath.mpf(float(a)), mpmath.mpf(float(b))) for a, b in zip(x, y, strict=True)]
        errors = np.array([ulps(f, e) for f, e in zip(found, exact, strict=True)])
    assert (errors <= 2.0 + 1.5 * np.abs(y * np.log(x))).all()
    assert errors.max() * 2.0**-53 < 1e-13


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(0.0, 0.3, 0.0), (0.0, 0.0, 1.0), (2.0, 0.0, 1.0), (0.0, -1.5, INF), (1.0, 1e300, 1.0), (-2.0, 0.5, NAN),
     (-1.0, 3.0, -1.0), (-1.0, 4.0, 1.0),
     (NAN, 0.5, NAN), (2.0, NAN, NAN), (INF, 0.5, INF), (INF, -0.5, 0.0), (0.5, 1e300, 0.0)],
)  # fmt: skip
def test_power_at_its_limits(x, y, expected):
    np.testing.assert_equal(float(evaluate(lowered("power"), {"x": x, "y": y})), expected)


def test_power_with_a_number_as_exponent():
    (graph,) = lower_elementary([X**0.3])
    x = np.array([0.0, 0.5, 2.0, 1e10])
    np.testing.assert_allclose(evaluate(graph, {"x": x}), x**0.3, rtol=1e-14)


# ---------------------------------------------------------------- shape and cost
COSTS = {
    "exp": 20, "expm1": 20, "linoid": 23, "phi1": 23, "phi2": 46, "tanh": 24, "log": 31, "sin": 20, "cos": 21,
    "power": 66,
}  # fmt: skip


def count(*graphs):
    return sum(1 for x in walk(graphs) if x.arguments)


@pytest.mark.parametrize("name", COSTS)
def test_number_of_operations(name):
    assert count(lowered(*split(name))) == COSTS[name]


def test_exp_and_expm1_of_one_argument_share_their_reduction():
    assert count(*lower_elementary([exp(X), node("expm1", (X,))])) == 20 + 20 - 17


def test_linoid_and_phi_of_one_argument_share_all_but_the_last():
    assert count(*lower_elementary([linoid(X), node("phi", (X,), 1)])) == 23 + 2


@pytest.mark.parametrize("row", OPERATIONS.values(), ids=lambda row: row.name)
def test_every_row_of_the_table_becomes_primitive(row):
    arguments = tuple(symbol(name) for name in "abc"[: row.arity])
    roots = lower_elementary([node(row.name, arguments, 2 if row.takes_payload else None)])
    assert {x.kind for x in walk(roots)} <= PRIMITIVES | {"symbol", "constant"}
    if row.name in PRIMITIVES:
        assert roots == [node(row.name, arguments)]


def test_lowerings_and_primitives_are_rows_and_no_row_is_both():
    assert set(LOWERINGS) | PRIMITIVES | {"phi"} == set(OPERATIONS)
    assert not set(LOWERINGS) & PRIMITIVES


def test_lowered_graphs_compute_what_the_interpreter_computes():
    a, b = symbol("a"), symbol("b")
    given = [exp(-a / 18.0) / (1.0 + exp(b)), linoid(a * b) - np.float64(2.0) ** a, exp(exp(a) - b)]
    at = {"a": np.linspace(-3, 3, 7), "b": np.linspace(2, -1, 7)}
    for before, after in zip(evaluate_all(given, at), evaluate_all(lower_elementary(given), at), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-13)


def test_lowering_twice_changes_nothing():
    once = lower_elementary([exp(X), X**Y, linoid(Y)])
    assert lower_elementary(once) == once


def test_an_unknown_operation_is_refused():
    with pytest.raises(InternalError, match="'gamma' has no lowering to primitive operations"):
        lower_elementary([node("gamma", (X,))])


def test_many_nested_functions_need_no_recursion():
    deep = X
    for _ in range(2000):
        deep = exp(-deep)
    assert count(*lower_elementary([deep])) > 2000 * 19


# ---------------------------------------------------------------- tables
def horner(coefficients, x):
    return mpmath.polyval([mpmath.mpf(c) for c in reversed(coefficients)], x)


def grid(low, high):
    return [mpmath.mpf(low) + (mpmath.mpf(high) - mpmath.mpf(low)) * k / 400 for k in range(401)]


def test_reductions_have_no_digit_lost():
    with mpmath.workdps(60):
        ln2 = mpmath.mpf(polynomials.LN2_HIGH) + mpmath.mpf(polynomials.LN2_LOW)
        pi = sum(map(mpmath.mpf, (polynomials.PI_HIGH, polynomials.PI_MIDDLE, polynomials.PI_LOW)))
        assert abs(ln2 - mpmath.log(2)) < 2**-92
        assert abs(pi - mpmath.pi) < 2**-118
    for number, bits in ((polynomials.LN2_HIGH, 38), (polynomials.PI_HIGH, 33), (polynomials.PI_MIDDLE, 33)):
        assert np.ldexp(np.frexp(number)[0], bits).is_integer()
    assert polynomials.LOG2_E == 1.0 / LN2
    assert 1.0 / np.pi == polynomials.INVERSE_PI


def test_polynomials_err_less_than_rounding():
    half = 0.5 * 2.0**-53
    with mpmath.workdps(50):
        for r in grid(-0.3469, 0.3469):
            assert r == 0 or abs((r + r * r * horner(polynomials.EXPONENTIAL, r)) / mpmath.expm1(r) - 1) < half
        for r in grid(0.01, 1.5724):
            assert abs((r + r**3 * horner(polynomials.SINE, r * r)) / mpmath.sin(r) - 1) < half
        for s in grid(0.001, 0.1718):
            exact = 2 * mpmath.atanh(s)
            assert abs((2 * s + s**3 * horner(polynomials.LOGARITHM, s * s)) / exact - 1) < half


def test_a_constant_argument_is_lowered_too():
    assert float(evaluate(lower_elementary([exp(constant(1.0))])[0], {})) == pytest.approx(np.e, rel=3e-16)
