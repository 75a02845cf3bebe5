"""The states of one compartment and its voltage as one small linear system, eliminated as expressions.

A Rosenbrock stage solves (w - J) u = r. Inside a compartment every state is eliminated in favour of the voltage, which
alone is coupled to other compartments: L and U factors on the sparse pattern, found once, when the model is traced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..expressions import Expression, constant, derivative, simplify, symbol
from ..frozen import frozen

VOLTAGE = "v"
Entries = dict[tuple[str, str], Expression]
ZERO = constant(0.0)


@frozen(eq=False)
class Factors:
    """Elimination of `order`, one state after the other; the voltage is left.

    inverse: one over each pivot.  lower: multiples of a pivot's row taken off later rows, by (row, pivot).  upper: what
    is left in the row of a pivot, by (pivot, column).  corner: what is left for the voltage in its own row.
    """

    order: tuple[str, ...]
    inverse: Mapping[str, Expression]
    lower: Mapping[tuple[str, str], Expression]
    upper: Mapping[tuple[str, str], Expression]
    corner: Expression

    def forward(self, right: Mapping[str, Expression]) -> dict[str, Expression]:
        """The right sides after elimination; that of the voltage is among them."""
        done = dict(right)
        for pivot in self.order:
            for row, column in self.lower:
                if column == pivot:
                    done[row] = done[row] - self.lower[row, column] * done[pivot]
        return done

    def backward(self, done: Mapping[str, Expression], voltage: Expression) -> dict[str, Expression]:
        """The solution, from the right sides after elimination and the voltage's part of it."""
        known = {VOLTAGE: voltage}
        for pivot in reversed(self.order):
            total = done[pivot]
            for row, column in self.upper:
                if row == pivot:
                    total = total - self.upper[row, column] * known[column]
            known[pivot] = total * self.inverse[pivot]
        del known[VOLTAGE]
        return known


def jacobian(rates: Mapping[str, Expression]) -> Entries:
    """The partial derivatives of rates by their names, where they are not zero."""
    found: Entries = {}
    for row, rate in rates.items():
        for column in rates:
            slope = simplify(derivative(rate, column))
            if slope is not ZERO:
                found[row, column] = slope
    return found


def eliminate(matrix: Entries, names: Sequence[str]) -> Factors:
    """Eliminate the states `names` of a matrix of expressions; the voltage stays.

    The next pivot is the one that touches least (Markowitz 1957, Management Science 3:255), always on the diagonal.
    """
    left: Entries = dict(matrix)
    waiting, order = list(names), []
    inverse: dict[str, Expression] = {}
    lower: Entries = {}
    upper: Entries = {}
    while waiting:
        pivot = min(waiting, key=lambda name: _cost(left, name))
        waiting.remove(pivot)
        order.append(pivot)
        inverse[pivot] = 1.0 / left[pivot, pivot]
        row = {column: e for (r, column), e in left.items() if r == pivot and column != pivot}
        below = {r: e for (r, column), e in left.items() if column == pivot and r != pivot}
        upper.update({(pivot, column): e for column, e in row.items()})
        for r, e in below.items():
            lower[r, pivot] = e * inverse[pivot]
            for column, value in row.items():
                left[r, column] = left.get((r, column), ZERO) - lower[r, pivot] * value
        left = {key: e for key, e in left.items() if pivot not in key}
    return Factors(tuple(order), inverse, lower, upper, left[VOLTAGE, VOLTAGE])


def _cost(left: Entries, name: str) -> int:
    rows = sum(1 for r, column in left if column == name and r != name)
    columns = sum(1 for r, column in left if r == name and column != name)
    return rows * columns


def named(factors: Factors) -> tuple[Factors, dict[str, Expression]]:
    """The same factors as symbols, and the expressions that these stand for: what is kept from stage to stage."""
    kept: dict[str, Expression] = {}

    def keep(name: str, expression: Expression) -> Expression:
        if expression.kind in ("constant", "symbol"):
            return expression
        kept[name] = expression
        return symbol(name)

    inverse = {p: keep(f"inverse.{p}", e) for p, e in factors.inverse.items()}
    lower = {(r, p): keep(f"lower.{r}.{p}", e) for (r, p), e in factors.lower.items()}
    upper = {(p, c): keep(f"upper.{p}.{c}", e) for (p, c), e in factors.upper.items()}
    return Factors(factors.order, inverse, lower, upper, factors.corner), kept
