"""The functions that equations are written with: on numbers and arrays they compute, on expressions they trace."""

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
        return row.value(*arguments)

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = (
        summary + "\n\n    Numbers and arrays give numbers and arrays; expressions give an expression."
    )
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
equal = _function(
    "equal", "Whether two values are equal (`==` on expressions asks whether they are the same formula)."
)
linoid = _function("linoid", "x / (exp(x) - 1), which is 1 at x = 0: the shape of many opening rates.")


def exprel(x: Any) -> Any:
    """(exp(x) - 1) / x, which is 1 at x = 0.

    >>> float(exprel(0.0))
    1.0
    """
    if isinstance(x, Expression):
        return node("phi", (x,), 1)
    return OPERATIONS["phi"].value(1, x)


_UFUNCS = {
    "add": "add", "subtract": "subtract", "multiply": "multiply", "divide": "divide", "true_divide": "divide",
    "power": "power", "float_power": "power", "negative": "negative", "absolute": "absolute", "fabs": "absolute",
    "minimum": "minimum", "fmin": "minimum", "maximum": "maximum", "fmax": "maximum", "sqrt": "sqrt", "exp": "exp",
    "log": "log", "tanh": "tanh", "sin": "sin", "cos": "cos", "floor": "floor", "less": "less",
    "less_equal": "less_equal", "logical_and": "both", "logical_or": "either", "logical_not": "opposite",
}  # fmt: skip


def from_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Expression:
    """A NumPy function met an expression: trace the operation of the same meaning.

    Raises MechanismError where there is none, or where an array meets an expression.
    """
    name = ufunc.__name__
    if any(isinstance(x, np.ndarray) and x.ndim for x in inputs):
        raise MechanismError(
            f"An array of shape {next(x.shape for x in inputs if isinstance(x, np.ndarray))} met an expression in "
            f"{name}. Equations are traced for one compartment. Declare the varying number as a parameter."
        )
    if name in ("greater", "greater_equal"):
        left, right = inputs
        return node(
            "less" if name == "greater" else "less_equal", (as_expression(right), as_expression(left))
        )
    if name == "square":
        return as_expression(inputs[0]) ** 2
    if name not in _UFUNCS or method != "__call__" or options:
        raise MechanismError(
            f"numpy.{name} met an expression, and it has no symbolic counterpart. {nearest(name, OPERATIONS)} "
            "Write it with the functions of excitable: exp, log, sqrt, tanh, sin, cos, exprel, minimum, maximum, where."
        )
    return node(_UFUNCS[name], tuple(as_expression(x) for x in inputs))


LATER["ufunc"] = from_ufunc
