"""What every operation is: its value, its partial derivatives, its rule for units, its spelling.

One row an operation. The rows under "for the compiler only" are what elementary functions are lowered
to; they have a value, so that the interpreter can run a lowered graph, but no derivative.

What targets may count on, and what they owe:

    minimum(a, b)   a < b ? a : b, and maximum(a, b) is b < a ? a : b: NaN in b passes on, NaN in a need not
                    (here it does). Simplification puts a constant first, so that a limit never hides NaN.
    fma(a, b, c)    a b + c with one rounding or two; here two.
    nearest(x)      the nearest whole number, halves to even, for |x| < 2^51.
    scale(x, k)     x times the double whose exponent field is k + 1023, for whole -1023 <= k <= 1024: the
                    power of two, with 0 at -1023 and infinity at 1024. Where x is NaN, k may be anything.
    exponent(x)     k, and mantissa(x) is m, where x = m 2^k and 1 <= m < 2, for positive normal x; for any
                    other x they may be anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..frozen import frozen
from ..units import ONE, Unit
from .node import Expression, constant, node

DIMENSIONLESS = ONE
Partials = Callable[[Expression], tuple[Expression, ...]]
UnitRule = Callable[[Any, tuple[Unit | None, ...]], Unit | None]


@frozen()
class Operation:
    """One row: how many arguments, the value on arrays, the partial derivatives, the unit, the spellings."""

    name: str
    arity: int
    value: Callable[..., Any]
    partials: Partials | None
    unit: UnitRule
    text: str
    latex: str
    commutative: bool = False
    takes_payload: bool = False


class UnitClash(Exception):
    """Two units that do not go together; the caller adds whose equation it was."""


# ---------------------------------------------------------------- rules for units (None fits anywhere)
def _same(_: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    known = [u for u in units if u is not None]
    for other in known[1:]:
        if other != known[0]:
            raise UnitClash(f"{known[0].name} and {other.name}")
    return known[0] if known else None


def _comparison(payload: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    _same(payload, units)
    return None


def _chosen(payload: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    return _same(payload, units[1:])


def _product(_: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    a, b = units
    return None if a is None or b is None else a * b


def _quotient(_: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    a, b = units
    return None if a is None or b is None else a / b


def _pure(_: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    for u in units:
        if u is not None and u != DIMENSIONLESS:
            raise UnitClash(f"{u.name} where a pure number is needed")
    return DIMENSIONLESS if all(u is not None for u in units) else None


def _root(_: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    return None if units[0] is None else units[0] ** 0.5


def _power(_: Any, units: tuple[Unit | None, ...]) -> Unit | None:
    base, exponent = units
    if exponent is not None and exponent != DIMENSIONLESS:
        raise UnitClash(f"{exponent.name} as an exponent")
    return DIMENSIONLESS if base == DIMENSIONLESS else None


# ---------------------------------------------------------------- values with limits of their own
def phi(order: int, x: Any) -> Any:
    """The functions of exponential integrators: φ1(x) = (e^x - 1)/x, φ(k+1) = (φk - 1/k!)/x, finite at 0."""
    x = np.asarray(x, dtype=float)
    near = np.abs(x) < (1.0 if order > 1 else 1e-300)
    safe = np.where(near, 1.0, x)
    with np.errstate(over="ignore", invalid="ignore"):
        far = np.expm1(safe) / safe
        for k in range(1, order):
            far = (far - 1.0 / math.factorial(k)) / safe
    small = np.where(near, x, 0.0)
    series = np.zeros_like(small)
    for k in range(18, -1, -1):
        series = series * small + 1.0 / math.factorial(k + order)
    return np.where(near, series, far)


def linoid_value(x: Any) -> Any:
    """x / (e^x - 1), finite at 0."""
    x = np.asarray(x, dtype=float)
    safe = np.where(x == 0.0, 1.0, x)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(x == 0.0, 1.0, safe / np.expm1(safe))


def _power_value(base: Any, exponent: Any) -> Any:
    return np.power(np.asarray(base, dtype=float), exponent)


def _fma_value(a: Any, b: Any, c: Any) -> Any:
    return np.multiply(a, b) + c


def _exponent_value(x: Any) -> Any:
    return np.frexp(x)[1] - 1.0


def _mantissa_value(x: Any) -> Any:
    return np.frexp(x)[0] * 2.0


def _scale_value(x: Any, power: Any) -> Any:
    field = np.where(np.isnan(power), 0.0, np.asarray(power) + 1023.0).astype(np.int64)
    return x * (field << 52).view(np.float64)


# ---------------------------------------------------------------- partial derivatives
def _power_partials(x: Expression) -> tuple[Expression, ...]:
    base, exponent = x.arguments
    by_base = exponent * node("power", (base, exponent - 1.0))
    if exponent.kind == "constant":
        return by_base, constant(0.0)
    return by_base, x * node("log", (base,))


def _choice(x: Expression) -> tuple[Expression, ...]:
    condition = x.arguments[0]
    zero, one = constant(0.0), constant(1.0)
    return zero, node("where", (condition, one, zero)), node("where", (condition, zero, one))


def _extreme(first: Callable[[Expression, Expression], Expression]) -> Partials:
    def partials(x: Expression) -> tuple[Expression, ...]:
        condition = first(*x.arguments)
        zero, one = constant(0.0), constant(1.0)
        return node("where", (condition, one, zero)), node("where", (condition, zero, one))

    return partials


def _phi_partial(x: Expression) -> tuple[Expression, ...]:
    order = x.payload
    return (x - order * node("phi", x.arguments, order + 1),)


def _linoid_partial(x: Expression) -> tuple[Expression, ...]:
    (a,) = x.arguments
    return (x * x * (node("phi", (a,), 2) - node("phi", (a,), 1)),)


def _sign(x: Expression) -> tuple[Expression, ...]:
    (a,) = x.arguments
    return (node("where", (a < 0.0, constant(-1.0), constant(1.0))),)


def _flat(x: Expression) -> tuple[Expression, ...]:
    return tuple(constant(0.0) for _ in x.arguments)


def _rows() -> list[Operation]:
    one = constant(1.0)
    # fmt: off
    return [
        Operation("add", 2, np.add, lambda _: (one, one), _same, "{} + {}", "{} + {}", commutative=True),
        Operation("subtract", 2, np.subtract, lambda _: (one, constant(-1.0)), _same, "{} - {}", "{} - {}"),
        Operation("multiply", 2, np.multiply, lambda x: (x.arguments[1], x.arguments[0]), _product, "{} * {}",
                  r"{} \, {}", commutative=True),
        Operation("divide", 2, np.divide, lambda x: (1.0 / x.arguments[1], -(x / x.arguments[1])), _quotient,
                  "{} / {}", r"\frac{{{}}}{{{}}}"),
        Operation("power", 2, _power_value, _power_partials, _power, "{}**{}", "{{{}}}^{{{}}}"),
        Operation("negative", 1, np.negative, lambda _: (constant(-1.0),), _same, "-{}", "-{}"),
        Operation("absolute", 1, np.abs, _sign, _same, "abs({})", r"\left|{}\right|"),
        Operation("minimum", 2, np.minimum, _extreme(lambda a, b: a < b), _same, "minimum({}, {})",
                  r"\min\left({}, {}\right)", commutative=True),
        Operation("maximum", 2, np.maximum, _extreme(lambda a, b: b < a), _same, "maximum({}, {})",
                  r"\max\left({}, {}\right)", commutative=True),
        Operation("sqrt", 1, np.sqrt, lambda x: (0.5 / x,), _root, "sqrt({})", r"\sqrt{{{}}}"),
        Operation("exp", 1, np.exp, lambda x: (x,), _pure, "exp({})", r"e^{{{}}}"),
        Operation("log", 1, np.log, lambda x: (1.0 / x.arguments[0],), _pure, "log({})",
                  r"\ln\left({}\right)"),
        Operation("tanh", 1, np.tanh, lambda x: (1.0 - x * x,), _pure, "tanh({})", r"\tanh\left({}\right)"),
        Operation("sin", 1, np.sin, lambda x: (node("cos", x.arguments),), _pure, "sin({})",
                  r"\sin\left({}\right)"),
        Operation("cos", 1, np.cos, lambda x: (-node("sin", x.arguments),), _pure, "cos({})",
                  r"\cos\left({}\right)"),
        Operation("phi", 1, phi, _phi_partial, _pure, "phi{payload}({})",
                  r"\varphi_{{{payload}}}\left({}\right)", takes_payload=True),
        Operation("linoid", 1, linoid_value, _linoid_partial, _pure, "linoid({})",
                  r"\operatorname{{linoid}}\left({}\right)"),
        Operation("floor", 1, np.floor, _flat, _same, "floor({})", r"\left\lfloor {} \right\rfloor"),
        Operation("where", 3, np.where, _choice, _chosen, "where({}, {}, {})",
                  r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}"),
        Operation("less", 2, np.less, _flat, _comparison, "{} < {}", "{} < {}"),
        Operation("less_equal", 2, np.less_equal, _flat, _comparison, "{} <= {}", r"{} \le {}"),
        Operation("equal", 2, np.equal, _flat, _comparison, "equal({}, {})", "{} = {}", commutative=True),
        Operation("both", 2, np.logical_and, _flat, _comparison, "{} & {}", r"{} \wedge {}",
                  commutative=True),
        Operation("either", 2, np.logical_or, _flat, _comparison, "{} | {}", r"{} \vee {}",
                  commutative=True),
        Operation("opposite", 1, np.logical_not, _flat, _comparison, "~{}", r"\neg {}"),
        # for the compiler only
        Operation("fma", 3, _fma_value, None, _same, "fma({}, {}, {})",
                  r"\operatorname{{fma}}\left({}, {}, {}\right)"),
        Operation("expm1", 1, np.expm1, None, _pure, "expm1({})", r"\operatorname{{expm1}}\left({}\right)"),
        Operation("nearest", 1, np.rint, None, _same, "nearest({})", r"\operatorname{{rint}}\left({}\right)"),
        Operation("scale", 2, _scale_value, None, _same, "scale({}, {})",
                  r"\operatorname{{scale}}\left({}, {}\right)"),
        Operation("exponent", 1, _exponent_value, None, _pure, "exponent({})",
                  r"\operatorname{{e}}\left({}\right)"),
        Operation("mantissa", 1, _mantissa_value, None, _same, "mantissa({})",
                  r"\operatorname{{m}}\left({}\right)"),
    ]
    # fmt: on


OPERATIONS: dict[str, Operation] = {row.name: row for row in _rows()}
CONDITIONS = frozenset({"less", "less_equal", "equal", "both", "either", "opposite"})
