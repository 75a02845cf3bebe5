"""One interned node: a constant, a symbol, or an operation on other nodes.

Equal expressions are the same object, so `==` between expressions is `is`, sharing is free, and a
dictionary keyed by expressions is a table of common subexpressions.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from weakref import WeakValueDictionary

from ..errors import MechanismError

CONSTANT = "constant"
SYMBOL = "symbol"

# Two things that a node does with help from later modules: each of them enters its function here.
LATER: dict[str, Callable[..., Any]] = {}


class Expression:
    """One value of the traced equations.

    `kind` is "constant", "symbol" or the name of a row of the operations table; `arguments` are
    expressions; `payload` is the number of a constant, the name of a symbol, or the parameter of an
    operation.

    >>> x = symbol("x")
    >>> x + 1.0 is x + 1.0
    True
    """

    __slots__ = ("__weakref__", "arguments", "kind", "payload")
    kind: str
    arguments: tuple[Expression, ...]
    payload: Any

    # ------------------------------------------------------------ arithmetic
    def __add__(self, other: Any) -> Expression:
        return _binary("add", self, other)

    def __radd__(self, other: Any) -> Expression:
        return _binary("add", other, self)

    def __sub__(self, other: Any) -> Expression:
        return _binary("subtract", self, other)

    def __rsub__(self, other: Any) -> Expression:
        return _binary("subtract", other, self)

    def __mul__(self, other: Any) -> Expression:
        return _binary("multiply", self, other)

    def __rmul__(self, other: Any) -> Expression:
        return _binary("multiply", other, self)

    def __truediv__(self, other: Any) -> Expression:
        return _binary("divide", self, other)

    def __rtruediv__(self, other: Any) -> Expression:
        return _binary("divide", other, self)

    def __pow__(self, other: Any) -> Expression:
        return _binary("power", self, other)

    def __rpow__(self, other: Any) -> Expression:
        return _binary("power", other, self)

    def __neg__(self) -> Expression:
        return node("negative", (self,))

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return node("absolute", (self,))

    # ------------------------------------------------------------ conditions
    def __lt__(self, other: Any) -> Expression:
        return _binary("less", self, other)

    def __le__(self, other: Any) -> Expression:
        return _binary("less_equal", self, other)

    def __gt__(self, other: Any) -> Expression:
        return _binary("less", other, self)

    def __ge__(self, other: Any) -> Expression:
        return _binary("less_equal", other, self)

    def __and__(self, other: Any) -> Expression:
        return _binary("both", self, other)

    def __or__(self, other: Any) -> Expression:
        return _binary("either", self, other)

    def __invert__(self) -> Expression:
        return node("opposite", (self,))

    def __bool__(self) -> bool:
        raise MechanismError(
            f"`if`, `and`, `or`, `not` or a chained comparison met {self!r}, which has no value while the "
            "equations are being traced. Both branches must be written as arithmetic. "
            "Write where(condition, value_if_true, value_if_false), and combine conditions with & | ~."
        )

    def __float__(self) -> float:
        if self.kind == CONSTANT:
            return float(self.payload)
        raise MechanismError(
            f"A plain number was asked of {self!r}, which has no value while the equations are being traced. "
            "Functions of `math` take numbers only. Write the function of that name from excitable."
        )

    def __int__(self) -> int:
        return int(float(self))

    __index__ = __int__

    def __iter__(self) -> Iterator[Expression]:
        raise MechanismError(
            f"{self!r} is one value and cannot be unpacked or looped over. "
            "Equations are traced for one compartment. Write the arithmetic without a loop over it."
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Expression:
        traced: Expression = LATER["ufunc"](ufunc, method, inputs, options)
        return traced

    def __repr__(self) -> str:
        return str(LATER["text"](self, 200))

    def __reduce__(self) -> Any:
        return (node, (self.kind, self.arguments, self.payload))

    def __deepcopy__(self, memo: Any) -> Expression:
        return self


_interned: WeakValueDictionary[Any, Expression] = WeakValueDictionary()
_interning = threading.Lock()


def node(kind: str, arguments: tuple[Expression, ...] = (), payload: Any = None) -> Expression:
    """The one node of this kind, these arguments and this payload."""
    key = (kind, arguments, payload)
    found = _interned.get(key)
    if found is not None:
        return found
    fresh = object.__new__(Expression)
    fresh.kind, fresh.arguments, fresh.payload = kind, arguments, payload
    with _interning:
        return _interned.setdefault(key, fresh)


def constant(value: float) -> Expression:
    """The node of a number. Zero and minus zero are different nodes."""
    number = float(value)
    if number == 0.0 and math.copysign(1.0, number) < 0.0:
        return node("negative", (node(CONSTANT, (), 0.0),))
    # One object for every not-a-number, which equals nothing and would never be found again.
    return node(CONSTANT, (), number if number == number else math.nan)


def symbol(name: str) -> Expression:
    """The node of a named value that is given later."""
    return node(SYMBOL, (), name)


def as_expression(value: Any) -> Expression:
    """`value` itself where it is an expression, the node of a number where it is one."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, (int, float)):
        return constant(value)
    try:
        if not isinstance(value, str) and not getattr(value, "ndim", 0):
            return constant(float(value))
    except (TypeError, ValueError):
        pass
    raise MechanismError(
        f"{value!r} of type {type(value).__name__} stands in an equation. "
        "Equations are made of numbers, parameters, states and variables. "
        "Write a number, or evaluate the equation on arrays instead of tracing it."
    )


def walk(roots: Iterable[Expression]) -> list[Expression]:
    """Every node that the roots need, arguments before the nodes that use them."""
    order: list[Expression] = []
    seen: set[Expression] = set()
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        current, ready = stack.pop()
        if ready:
            order.append(current)
        elif current not in seen:
            seen.add(current)
            stack.append((current, True))
            stack.extend((argument, False) for argument in reversed(current.arguments) if argument not in seen)
    return order


def symbols_of(*roots: Expression) -> set[str]:
    """The names of all symbols that the roots depend on."""
    return {found.payload for found in walk(roots) if found.kind == SYMBOL}


def rebuild(roots: Iterable[Expression], replace: dict[Expression, Expression]) -> list[Expression]:
    """The roots with every node found in `replace` put in place of itself, arguments first."""
    known = dict(replace)
    originals = list(roots)
    for current in walk(originals):
        if current not in known:
            arguments = tuple(known[argument] for argument in current.arguments)
            known[current] = (
                current if arguments == current.arguments else node(current.kind, arguments, current.payload)
            )
    return [known[root] for root in originals]


def _binary(kind: str, left: Any, right: Any) -> Expression:
    for operand in (left, right):
        # A class that has __array_ufunc__ = None asks to handle the operator itself, as laws do.
        if getattr(type(operand), "__array_ufunc__", 0) is None:
            return NotImplemented  # type: ignore[no-any-return]
    return node(kind, (as_expression(left), as_expression(right)))
