"""Exact partial derivatives of expressions, by the chain rule over the graph."""

from __future__ import annotations

from ..errors import InternalError
from .node import CONSTANT, SYMBOL, Expression, constant, symbols_of, walk
from .operations import CONDITIONS, OPERATIONS
from .simplify import simplify, substitute


def derivative(expression: Expression, name: str) -> Expression:
    """The partial derivative of `expression` with respect to the symbol `name`.

    >>> from .node import symbol
    >>> from .simplify import simplify
    >>> x = symbol("x")
    >>> simplify(derivative(x * x, "x"))
    2 * x
    """
    zero, one = constant(0.0), constant(1.0)
    slope: dict[Expression, Expression] = {}
    for current in walk([expression]):
        if current.kind == SYMBOL:
            slope[current] = one if current.payload == name else zero
        elif current.kind == CONSTANT or current.kind in CONDITIONS:
            slope[current] = zero
        else:
            slope[current] = _chain(current, slope, zero, one)
    return slope[expression]


def _chain(current: Expression, slope: dict[Expression, Expression], zero: Expression, one: Expression) -> Expression:
    moving = [k for k, argument in enumerate(current.arguments) if slope[argument] is not zero]
    if not moving:
        return zero
    rule = OPERATIONS[current.kind].partials
    if rule is None:
        raise InternalError(f"The operation {current.kind!r} is for compiled code and has no derivative.")
    partials = rule(current)
    total = zero
    for k in moving:
        inner = slope[current.arguments[k]]
        term = partials[k] if inner is one else inner if partials[k] is one else partials[k] * inner
        total = term if total is zero else total + term
    return total


def affine(expression: Expression, name: str) -> tuple[Expression, Expression] | None:
    """(intercept, slope) where `expression` = intercept + slope · name; None where it is curved in `name`.

    >>> from .node import symbol
    >>> affine(3.0 * (symbol("v") - 2.0), "v")
    (-6, 3)
    """
    slope = simplify(derivative(expression, name))
    if name in symbols_of(slope):
        return None
    (intercept,) = substitute([expression], {name: constant(0.0)})
    return simplify(intercept), slope
