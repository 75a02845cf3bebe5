"""Elementary functions written in arithmetic, so that every target computes the same function.

`lower_elementary` replaces exp, expm1, log, tanh, sin, cos, phi, linoid and power by graphs of `PRIMITIVES`.
There are no branches, no tables and no calls: one vector lane a value. Measured against 50-digit arithmetic,
with fused or unfused multiply-add, the errors in units of the last place (ulp) are at most

    exp    1.5      linoid  3      sin, cos  2.2 for |x| <= 1e5, no promise beyond
    expm1  2.5      phi1    3      log       1
    tanh   3        phi2    4      power     2 + 1.5 |y log x|, for x > 0
                    phi3   12

Special values. NaN in gives NaN out. exp and expm1 reach infinity where doubles do; just before,
x > 709.43, the relative error grows to 1e-10. exp is 0 below -708.74: it loses results under 2^-1022.5.
log(0), and log of a number below 2^-1022, is -infinity; log of a negative number is NaN. power of x < 0
is a number for whole y only, and 0**y is 0 for y > 0. phi1 and linoid are 1 at 0, and NaN at +infinity.
The sign of a zero is not kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from ..errors import InternalError
from ..expressions.node import CONSTANT, SYMBOL, Expression, constant, node, walk
from .polynomials import (
    EXPONENTIAL,
    INVERSE_PI,
    LN2_HIGH,
    LN2_LOW,
    LOG2_E,
    LOGARITHM,
    PI_HIGH,
    PI_LOW,
    PI_MIDDLE,
    SINE,
)

PRIMITIVES = frozenset({
    "add", "subtract", "multiply", "divide", "negative", "absolute", "minimum", "maximum", "sqrt", "floor",
    "where", "less", "less_equal", "equal", "both", "either", "opposite",
    "fma", "nearest", "scale", "exponent", "mantissa",
})  # fmt: skip

_LOWEST = -709.1  # here k = -1023, and scale(1, -1023) is 0
_HIGHEST_POWER = 1023.0
_SMALLEST_NORMAL = 2.0**-1022


def lower_elementary(expressions: Iterable[Expression]) -> list[Expression]:
    """The expressions rewritten so that only constants, symbols and `PRIMITIVES` remain; sharing is kept.

    Run it after `simplify`, not before: the rewritten graph relies on the order of its additions.

    Raises InternalError at an operation that is neither primitive nor known here.

    >>> from ..expressions import exp, symbol
    >>> (lowered,) = lower_elementary([exp(symbol("x"))])
    >>> sum(1 for n in walk([lowered]) if n.arguments)
    20
    """
    roots = list(expressions)
    known: dict[Expression, Expression] = {}
    for current in walk(roots):
        arguments = tuple(known[a] for a in current.arguments)
        if current.kind in LOWERINGS:
            known[current] = LOWERINGS[current.kind](*arguments)
        elif current.kind == "phi":
            known[current] = _phi(current.payload, *arguments)
        elif current.kind in PRIMITIVES or current.kind in (CONSTANT, SYMBOL):
            known[current] = node(current.kind, arguments, current.payload)
        else:
            raise InternalError(f"The operation {current.kind!r} has no lowering to primitive operations.")
    return [known[root] for root in roots]


# ---------------------------------------------------------------- spelling
def _fma(a: Expression, b: Expression, c: Expression) -> Expression:
    return node("fma", (a, b, c))


def _where(condition: Expression, a: Expression, b: Expression) -> Expression:
    return node("where", (condition, a, b))


def _horner(coefficients: Sequence[float], x: Expression) -> Expression:
    total = constant(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = _fma(total, x, constant(coefficient))
    return total


def _halves(coefficients: Sequence[float], x: Expression) -> Expression:
    """A polynomial as even and odd halves: one operation more than Horner's scheme, in little over half the time."""
    square = x * x
    return _fma(x, _horner(coefficients[1::2], square), _horner(coefficients[::2], square))


# ---------------------------------------------------------------- exponentials
def _reduced(x: Expression) -> tuple[Expression, Expression, Expression]:
    """(2^k, r, q) with x = k ln 2 + r, |r| <= ln(2)/2 and e^r = 1 + r + q r^2.

    Below, x is held at a value where 2^k is 0. Above, k is held and r grows until the result overflows by
    itself: holding x there would make expm1 infinity minus infinity. The limit stands first, so NaN passes.
    """
    x = node("maximum", (constant(_LOWEST), x))
    k = node("minimum", (constant(_HIGHEST_POWER), node("nearest", (constant(LOG2_E) * x,))))
    r = _fma(k, constant(-LN2_LOW), _fma(k, constant(-LN2_HIGH), x))
    # A factor of its own, not an exponent added to e^r: 2^k may be 0, and is anything where x is NaN.
    return node("scale", (constant(1.0), k)), r, _halves(EXPONENTIAL, r)


def _exp(x: Expression) -> Expression:
    power, r, q = _reduced(x)
    return power * _fma(r * r, q, r + 1.0)


def _expm1(x: Expression) -> Expression:
    """2^k (e^r - 1) + (2^k - 1): the second term is exact or far larger than its rounding."""
    power, r, q = _reduced(x)
    return _fma(power, _fma(q, r * r, r), power - 1.0)


def _tanh(x: Expression) -> Expression:
    """(e^2x - 1)/(e^2x + 1), with x held where the quotient has long been 1."""
    grown = _expm1(2.0 * node("minimum", (constant(20.0), x)))
    return grown / (grown + 2.0)


def _linoid(x: Expression) -> Expression:
    return _where(node("equal", (constant(0.0), x)), constant(1.0), x / _expm1(x))


def _phi(order: int, x: Expression) -> Expression:
    """phi1 directly; higher ones by their recurrence away from 0, and by their power series near 0."""
    value = _where(node("equal", (constant(0.0), x)), constant(1.0), _expm1(x) / x)
    if order == 1:
        return value
    near = node("absolute", (x,)) < 1.0
    for k in range(1, order):
        value = (value - 1.0 / math.factorial(k)) / x
    terms = [1.0 / math.factorial(order)]
    while terms[-1] > 1e-17 * terms[0]:
        terms.append(1.0 / math.factorial(order + len(terms)))
    return _where(near, _horner(terms, x), value)


# ---------------------------------------------------------------- logarithm and power
def _log(x: Expression) -> Expression:
    """x = 2^e (1 + f) with 1 + f between sqrt(1/2) and sqrt(2).

    log(1 + f) = 2 atanh(s) = f - (f^2/2 - s (f^2/2 + R)), where s = f/(2 + f) and R = 2 atanh(s)/s - 2.
    """
    e, m = node("exponent", (x,)), node("mantissa", (x,))
    upper = constant(math.sqrt(2.0)) < m
    e, m = _where(upper, e + 1.0, e), _where(upper, 0.5 * m, m)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    half = (0.5 * f) * f
    rest = _fma(s, _fma(z, _horner(LOGARITHM, z), half), e * LN2_LOW)
    finite = _fma(e, constant(LN2_HIGH), f - (half - rest))
    small = _where(constant(0.0) <= x, constant(-math.inf), constant(math.nan))
    value = _where(constant(_SMALLEST_NORMAL) <= x, finite, small)
    return _where(node("equal", (constant(math.inf), x)), x, value)


def _power(x: Expression, y: Expression) -> Expression:
    """e^(y log |x|) with the sign of x where y is odd, NaN where x < 0 and y is not whole; x to the power 0 is 1."""
    if y.kind == CONSTANT:
        # Whole constants have become products; any other exponent has no value below zero.
        return _exp(y * _log(x))
    value = _exp(y * _log(node("absolute", (x,))))
    half = 0.5 * y
    odd = half - node("floor", (half,))  # 0 for even, 1/2 for odd
    whole = node("equal", (node("floor", (y,)), y))
    signed = _where(whole, value * (1.0 - 4.0 * odd), constant(math.nan))
    value = _where(x < 0.0, signed, value)
    return _where(node("equal", (constant(0.0), y)), constant(1.0), value)


# ---------------------------------------------------------------- sine and cosine
def _sine_of_rest(k: Expression, turns: Expression, x: Expression) -> Expression:
    """(-1)^k sin(x - turns pi)."""
    r = _fma(turns, constant(-PI_MIDDLE), _fma(turns, constant(-PI_HIGH), x))
    r = _fma(turns, constant(-PI_LOW), r)
    half = 0.5 * k
    r = r * _fma(constant(-4.0), half - node("floor", (half,)), constant(1.0))
    z = r * r
    return _fma(r * z, _horner(SINE, z), r)


def _sin(x: Expression) -> Expression:
    k = node("nearest", (constant(INVERSE_PI) * x,))
    return _sine_of_rest(k, k, x)


def _cos(x: Expression) -> Expression:
    """The sine a quarter turn later, which moves only the number of half turns: no digit of x is lost."""
    k = node("nearest", (_fma(constant(INVERSE_PI), x, constant(0.5)),))
    return _sine_of_rest(k, k - 0.5, x)


LOWERINGS: dict[str, Callable[..., Expression]] = {
    "exp": _exp,
    "expm1": _expm1,
    "tanh": _tanh,
    "linoid": _linoid,
    "log": _log,
    "power": _power,
    "sin": _sin,
    "cos": _cos,
}
