"""Simpler expressions of the same value: a named list of small rules, applied from the arguments upwards.

Rules may change the last bit of a result (x / 3 becomes x · (1/3)); none changes what is computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from .node import CONSTANT, SYMBOL, Expression, constant, node, rebuild, symbol, walk
from .operations import CONDITIONS, OPERATIONS
from .removable import removable

Rule = Callable[[Expression], Expression | None]


def simplify(expression: Expression) -> Expression:
    """The expression after every rule has been tried at every node.

    >>> x = symbol("x")
    >>> simplify((x * 1.0 + 0.0) ** 2)
    x * x
    """
    return simplify_all([expression])[0]


def simplify_all(expressions: Iterable[Expression]) -> list[Expression]:
    """Several expressions at once; what they share is visited once."""
    roots = list(expressions)
    known: dict[Expression, Expression] = {}
    for current in walk(roots):
        arguments = tuple(known[a] for a in current.arguments)
        fresh = current if arguments == current.arguments else node(current.kind, arguments, current.payload)
        known[current] = _settle(fresh)
    return [known[root] for root in roots]


def substitute(expressions: Iterable[Expression], values: Mapping[str, Any]) -> list[Expression]:
    """The expressions with the named symbols replaced by expressions or numbers."""
    table = {symbol(k): v if isinstance(v, Expression) else constant(v) for k, v in values.items()}
    return rebuild(expressions, table)


def _settle(expression: Expression) -> Expression:
    """Apply rules at one node until none fires; what a rule builds is settled too."""
    for _ in range(20):
        if expression.kind in (CONSTANT, SYMBOL):
            return expression
        for rule in RULES.get(expression.kind, EVERYWHERE):
            better = rule(expression)
            if better is not None:
                break
        else:
            return expression
        arguments = tuple(_settle(a) if a not in expression.arguments else a for a in better.arguments)
        expression = better if arguments == better.arguments else node(better.kind, arguments, better.payload)
    return expression


# ---------------------------------------------------------------- what rules ask
def _is(x: Expression, value: float) -> bool:
    return x.kind == CONSTANT and x.payload == value


def _number(x: Expression) -> float | None:
    return x.payload if x.kind == CONSTANT else None


def _usual(value: float) -> bool:
    """Whether joining constants into this one neither overflowed nor vanished."""
    return 1e-290 < abs(value) < 1e290


# ---------------------------------------------------------------- the rules
def fold_constants(x: Expression) -> Expression | None:
    """A function of numbers is a number, where that is finite."""
    if not x.arguments or any(a.kind != CONSTANT for a in x.arguments) or x.kind in CONDITIONS:
        return None
    row = OPERATIONS[x.kind]
    with np.errstate(all="ignore"):
        values = [a.payload for a in x.arguments]
        result = float(row.value(x.payload, *values) if row.takes_payload else row.value(*values))
    return constant(result) if math.isfinite(result) else None


def constant_first(x: Expression) -> Expression | None:
    """x + 2 becomes 2 + x, so that later rules look in one place."""
    a, b = x.arguments
    return node(x.kind, (b, a)) if b.kind == CONSTANT and a.kind != CONSTANT else None


def add_nothing(x: Expression) -> Expression | None:
    """0 + x is x."""
    a, b = x.arguments
    return b if _is(a, 0.0) else None


def add_negative(x: Expression) -> Expression | None:
    """a + (-b) is a - b, and (-a) + b is b - a."""
    a, b = x.arguments
    if b.kind == "negative":
        return node("subtract", (a, b.arguments[0]))
    if a.kind == "negative":
        return node("subtract", (b, a.arguments[0]))
    return None


def join_added_constants(x: Expression) -> Expression | None:
    """1 + (2 + x) is 3 + x."""
    a, b = x.arguments
    if a.kind != CONSTANT or b.kind not in ("add", "subtract") or b.arguments[0].kind != CONSTANT:
        return None
    return node(b.kind, (constant(a.payload + b.arguments[0].payload), b.arguments[1]))


def double(x: Expression) -> Expression | None:
    """x + x is 2 x."""
    a, b = x.arguments
    return node("multiply", (constant(2.0), a)) if a is b else None


def subtract_constant(x: Expression) -> Expression | None:
    """x - 3 is -3 + x."""
    a, b = x.arguments
    if b.kind != CONSTANT:
        return None
    return a if b.payload == 0.0 else node("add", (constant(-b.payload), a))


def subtract_nothing(x: Expression) -> Expression | None:
    """x - x is 0, 0 - x is -x, and a - (-b) is a + b."""
    a, b = x.arguments
    if a is b:
        return constant(0.0)
    if _is(a, 0.0):
        return node("negative", (b,))
    if b.kind == "negative":
        return node("add", (a, b.arguments[0]))
    return None


def multiply_trivial(x: Expression) -> Expression | None:
    """0 x is 0, 1 x is x, and -1 x is -x."""
    a, b = x.arguments
    if _is(a, 0.0):
        return a
    if _is(a, 1.0):
        return b
    return node("negative", (b,)) if _is(a, -1.0) else None


def join_multiplied_constants(x: Expression) -> Expression | None:
    """2 (3 x) is 6 x, 2 (-x) is -2 x, and 2 (3 / x) is 6 / x."""
    a, b = x.arguments
    if a.kind != CONSTANT:
        return None
    if b.kind == "negative":
        return node("multiply", (constant(-a.payload), b.arguments[0]))
    if b.kind in ("multiply", "divide") and b.arguments[0].kind == CONSTANT:
        joined = a.payload * b.arguments[0].payload
        return node(b.kind, (constant(joined), b.arguments[1])) if _usual(joined) else None
    return None


def lift_negative(x: Expression) -> Expression | None:
    """(-a)·b and a·(-b) become -(a·b); the same for quotients."""
    a, b = x.arguments
    if a.kind == "negative" and b.kind == "negative":
        return node(x.kind, (a.arguments[0], b.arguments[0]))
    if a.kind == "negative":
        return node("negative", (node(x.kind, (a.arguments[0], b)),))
    if b.kind == "negative":
        return node("negative", (node(x.kind, (a, b.arguments[0])),))
    return None


def divide_by_constant(x: Expression) -> Expression | None:
    """x / 4 is 0.25 x."""
    a, b = x.arguments
    if b.kind == CONSTANT and b.payload != 0.0 and _usual(1.0 / b.payload):
        return node("multiply", (constant(1.0 / b.payload), a))
    return None


def divide_trivial(x: Expression) -> Expression | None:
    """0 / x is 0; a quotient of quotients has one division; linoid and phi1 are each other's inverse."""
    a, b = x.arguments
    if _is(a, 0.0):
        return a
    if b.kind == "phi" and b.payload == 1:
        return node("multiply", (a, node("linoid", b.arguments)))
    if b.kind == "linoid":
        return node("multiply", (a, node("phi", b.arguments, 1)))
    if a.kind == "divide":
        return node("divide", (a.arguments[0], node("multiply", (a.arguments[1], b))))
    if b.kind == "divide":
        return node("divide", (node("multiply", (a, b.arguments[1])), b.arguments[0]))
    return None


def negative_of_negative(x: Expression) -> Expression | None:
    """A sign is absorbed by another sign, a difference or a number."""
    (a,) = x.arguments
    if a.kind == "negative":
        return a.arguments[0]
    if a.kind == "subtract":
        return node("subtract", (a.arguments[1], a.arguments[0]))
    if a.kind in ("multiply", "divide") and a.arguments[0].kind == CONSTANT:
        return node(a.kind, (constant(-a.arguments[0].payload), a.arguments[1]))
    return constant(-a.payload) if a.kind == CONSTANT and a.payload != 0.0 else None


def whole_power(x: Expression) -> Expression | None:
    """x**n is squared repeatedly, where 2 n is whole: x**2.5 is x x sqrt(x)."""
    base, exponent = x.arguments
    n = _number(exponent)
    if n is None or not abs(n) <= 1024.0 or 2.0 * n != int(2.0 * n):
        return None
    if n < 0.0:
        return node("divide", (constant(1.0), node("power", (base, constant(-n)))))
    whole = _repeated(base, int(n))
    if n == int(n):
        return whole
    root = node("sqrt", (base,))
    return root if n == 0.5 else node("multiply", (whole, root))


def _repeated(base: Expression, n: int) -> Expression:
    if n == 0:
        return constant(1.0)
    if n == 1:
        return base
    half = _repeated(base, n // 2)
    square = node("multiply", (half, half))
    return square if n % 2 == 0 else node("multiply", (square, base))


def power_of_constant(x: Expression) -> Expression | None:
    """3**x is e^(log(3) x)."""
    base, exponent = x.arguments
    n = _number(base)
    if n is None or n <= 0.0 or exponent.kind == CONSTANT:
        return None
    return node("exp", (node("multiply", (constant(math.log(n)), exponent)),))


def same_branches(x: Expression) -> Expression | None:
    """A choice between a and a is a."""
    _, a, b = x.arguments
    return a if a is b else None


def decided(x: Expression) -> Expression | None:
    """A choice between numbers is made now."""
    condition, a, b = x.arguments
    if condition.kind == CONSTANT:
        return a if condition.payload else b
    if condition.kind in ("less", "less_equal", "equal") and all(k.kind == CONSTANT for k in condition.arguments):
        return a if bool(OPERATIONS[condition.kind].value(*(k.payload for k in condition.arguments))) else b
    return None


def exp_of_log(x: Expression) -> Expression | None:
    """exp(log(x)) is x."""
    (a,) = x.arguments
    return a.arguments[0] if a.kind == "log" else None


EVERYWHERE: tuple[Rule, ...] = (fold_constants,)
RULES: dict[str, tuple[Rule, ...]] = {
    "add": (fold_constants, constant_first, add_nothing, join_added_constants, add_negative, double),
    "subtract": (fold_constants, subtract_constant, subtract_nothing),
    "multiply": (fold_constants, constant_first, multiply_trivial, join_multiplied_constants, lift_negative),
    "divide": (fold_constants, removable, divide_by_constant, divide_trivial, lift_negative),
    "negative": (negative_of_negative,),
    "power": (fold_constants, whole_power, power_of_constant),
    "where": (same_branches, decided),
    "exp": (fold_constants, exp_of_log),
    "minimum": (fold_constants, constant_first),
    "maximum": (fold_constants, constant_first),
    **dict.fromkeys(CONDITIONS, ()),
}
