"""What is computed: one interned node, one table of operations, and what can be done to a graph of them."""

from .derivative import affine, derivative
from .evaluate import evaluate, evaluate_all
from .functions import (
    absolute,
    cos,
    equal,
    exp,
    exprel,
    floor,
    linoid,
    log,
    maximum,
    minimum,
    sin,
    sqrt,
    tanh,
    where,
)
from .node import Expression, as_expression, constant, node, symbol, symbols_of, walk
from .operations import OPERATIONS, Operation
from .show import as_latex, as_text
from .simplify import simplify, simplify_all, substitute
from .unit_check import unit_if_pure, unit_of

__all__ = [
    "OPERATIONS",
    "Expression",
    "Operation",
    "absolute",
    "affine",
    "as_expression",
    "as_latex",
    "as_text",
    "constant",
    "cos",
    "derivative",
    "equal",
    "evaluate",
    "evaluate_all",
    "exp",
    "exprel",
    "floor",
    "linoid",
    "log",
    "maximum",
    "minimum",
    "node",
    "simplify",
    "simplify_all",
    "sin",
    "sqrt",
    "substitute",
    "symbol",
    "symbols_of",
    "tanh",
    "unit_if_pure",
    "unit_of",
    "walk",
    "where",
]
