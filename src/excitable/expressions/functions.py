"""The functions of equations: on numbers and arrays they compute, on expressions they trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import MechanismError, nearest
from .node import LATER, Expression, as_expression, node
from .operations import OPERATIONS


def _function(name: str, summary: str) -> Callable[..., Any]:
    row = OPERATIONS[name]

    def apply(*arguments: Any) -> Any:
        if len(arguments) != row.arity:
            raise TypeError(f"{name} takes {row.arity} arguments and was given {len(arguments)}.")
        for argument in arguments:
            if isinstance(argument, Expression):
                return node(name, tuple(as_expression(a) for a in arguments))
        return _plain(row.value(*arguments))

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = summary + "\n\n    Numbers and arrays give numbers and arrays; expressions give an expression."
    return apply


exp = _function("exp", "The exponential function of a pure number.")
log = _function("log", "The natural logarithm of a positive pure number.")
sqrt = _function("sqrt", "The square root.")
tanh = _function("tanh", "The hyperbolic tangent of a pure number.")
sin = _function("sin", "The sine of an angle in radians.")
cos = _function("cos", "The cosine of an angle in radians.")
floor = _function("floor", "The largest whole number that is not above the argument.")
absolute = _function("absolute", "The absolute value.")
minimum = _function("minimum", "The smaller of two values.")
maximum = _function("maximum", "The larger of two values.")
where = _function("where", "`where(condition, a, b)` is a where the condition holds and b elsewhere.")
equal = _function("equal", "Whether two values are equal (`==` on expressions asks whether they are the same formula).")
linoid = _function("linoid", "x / (exp(x) - 1), which is 1 at x = 0: the shape of many opening rates.")


def exprel(x: Any) -> Any:
    """(exp(x) - 1) / x, which is 1 at x = 0.

    >>> float(exprel(0.0))
    1.0
    """
    if isinstance(x, Expression):
        return node("phi", (x,), 1)
    return _plain(OPERATIONS["phi"].value(1, x))


def _plain(value: Any) -> Any:
    """A number where NumPy made an array without axes."""
    return value[()] if isinstance(value, np.ndarray) and not value.ndim else value


_SAME = (
    "add", "subtract", "multiply", "divide", "power", "negative", "absolute", "minimum", "maximum", "sqrt",
    "exp", "log", "tanh", "sin", "cos", "floor", "less", "less_equal", "equal",
)  # fmt: skip
_UFUNCS = {
    **{name: name for name in _SAME},
    "true_divide": "divide", "float_power": "power", "fabs": "absolute", "invert": "opposite",
    "logical_and": "both", "logical_or": "either", "logical_not": "opposite",
    "bitwise_and": "both", "bitwise_or": "either",
}  # fmt: skip


def from_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Expression:
    """A NumPy function met an expression: trace the operation of the same meaning.

    Raises MechanismError where there is none, or where an array meets an expression.
    """
    name = ufunc.__name__
    if any(isinstance(x, np.ndarray) and x.ndim for x in inputs):
        raise MechanismError(
            f"An array of shape {next(x.shape for x in inputs if isinstance(x, np.ndarray))} met an "
            f"expression in {name}. Equations are traced for one compartment. "
            "Declare the number that varies as a parameter."
        )
    if name in ("greater", "greater_equal") and method == "__call__" and not options:
        left, right = inputs
        return node("less" if name == "greater" else "less_equal", (as_expression(right), as_expression(left)))
    if name == "square" and not options:
        return as_expression(inputs[0]) ** 2
    if name not in _UFUNCS or method != "__call__" or options:
        raise MechanismError(
            f"numpy.{name} met an expression and has no symbolic counterpart. {nearest(name, _UFUNCS)} "
            "Write it with the functions of excitable, such as exp, log, sqrt, tanh, exprel or where."
        )
    return node(_UFUNCS[name], tuple(as_expression(x) for x in inputs))


LATER["ufunc"] = from_ufunc
