"""States that depend on each other, advanced together: one linear system of a few unknowns, solved as expressions.

With f the rates of the group and J their exact Jacobian, one step of second order is

    x' = x + dt · Re[ (1 - c dt J)⁻¹ f ],    c = (1 - i)/2,

Rosenbrock's scheme with a complex coefficient (Rosenbrock 1963, Comput J 5:329; Al'shin, Al'shina, Kalitkin & Koryagina
2006, Comput Math Math Phys 46:1320). On a linear group a mode z = dt λ is multiplied by 1/(1 - z + z²/2): what is far
faster than the step is gone after it, and no mode changes its sign, so that nothing rings. c = 1 is the implicit Euler
step, of first order. Either keeps a conserved sum of the group to rounding, since what the Jacobian takes from one
state it gives to the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..expressions import Expression, as_expression, constant, derivative, simplify, symbol

ZERO = constant(0.0)
# The coefficient of a step by its order, real and imaginary part.
COEFFICIENT = {1: (1.0, 0.0), 2: (0.5, -0.5)}


class Complex:
    """A complex number of expressions; parts that are the number zero cost nothing."""

    def __init__(self, real: Expression, imaginary: Expression = ZERO) -> None:
        self.real, self.imaginary = real, imaginary

    def minus_product(self, a: Complex, b: Complex) -> Complex:
        """self - a b."""
        product = a * b
        return Complex(_minus(self.real, product.real), _minus(self.imaginary, product.imaginary))

    def __mul__(self, other: Complex) -> Complex:
        real = _minus(_times(self.real, other.real), _times(self.imaginary, other.imaginary))
        return Complex(real, _plus(_times(self.real, other.imaginary), _times(self.imaginary, other.real)))

    def inverse(self) -> Complex:
        """1 / self."""
        if self.imaginary is ZERO:
            return Complex(1.0 / self.real)
        one = 1.0 / (self.real * self.real + self.imaginary * self.imaginary)
        return Complex(self.real * one, -(self.imaginary * one))


def advance_jointly(rates: Mapping[str, Expression], dt: Expression, order: int) -> dict[str, Expression]:
    """The new value of each state of a group, from the rates of all of them; `order` is 1 or 2."""
    real, imaginary = COEFFICIENT[order]
    matrix: dict[tuple[str, str], Complex] = {}
    for row, rate in rates.items():
        for column in rates:
            slope = simplify(derivative(rate, column))
            if slope is not ZERO or row == column:
                part = _times(dt, slope)
                diagonal = constant(1.0 if row == column else 0.0)
                matrix[row, column] = Complex(
                    _minus(diagonal, _times(constant(real), part)), _times(constant(-imaginary), part)
                )
    right = {name: Complex(_times(dt, rate)) for name, rate in rates.items()}
    found = solve(matrix, right)
    return {name: symbol(name) + found[name].real for name in rates}


def solve(matrix: Mapping[tuple[str, str], Complex], right: Mapping[str, Complex]) -> dict[str, Complex]:
    """The solution of a sparse system, eliminated on the diagonal.

    The next pivot is the one that touches least (Markowitz 1957, Management Science 3:255). Pivots on the diagonal are
    safe: for small steps the diagonal is nearly 1, and in schemes no column outweighs its diagonal at any step.
    """
    left, right = dict(matrix), dict(right)
    waiting = list(right)
    eliminated: list[tuple[str, Complex, dict[str, Complex]]] = []
    while waiting:
        pivot = min(waiting, key=lambda name: _touched(left, name))
        waiting.remove(pivot)
        inverse = left.pop((pivot, pivot)).inverse()
        row = {column: left.pop((r, column)) for r, column in list(left) if r == pivot}
        below = {r: left.pop((r, column)) for r, column in list(left) if column == pivot}
        for r, entry in below.items():
            factor = entry * inverse
            for column, value in row.items():
                left[r, column] = left.get((r, column), Complex(ZERO)).minus_product(factor, value)
            right[r] = right[r].minus_product(factor, right[pivot])
        eliminated.append((pivot, inverse, row))
    solution: dict[str, Complex] = {}
    for pivot, inverse, row in reversed(eliminated):
        total = right[pivot]
        for column, value in row.items():
            total = total.minus_product(value, solution[column])
        solution[pivot] = total * inverse
    return solution


def _touched(left: Mapping[tuple[str, str], Complex], name: str) -> int:
    rows = sum(1 for r, column in left if column == name and r != name)
    columns = sum(1 for r, column in left if r == name and column != name)
    return rows * columns


def _plus(a: Expression, b: Expression) -> Expression:
    return b if a is ZERO else a if b is ZERO else a + b


def _minus(a: Expression, b: Expression) -> Expression:
    return a if b is ZERO else -b if a is ZERO else a - b


def _times(a: Expression, b: Expression) -> Expression:
    return ZERO if a is ZERO or b is ZERO else as_expression(a * b)
