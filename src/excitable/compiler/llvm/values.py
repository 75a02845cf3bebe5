"""Expressions as vector instructions: one table of spellings for the primitive operations."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import InternalError
from ...expressions import Expression, walk
from ...expressions.node import CONSTANT, SYMBOL
from .text import Text, literal

# Adding 1.5 · 2^52 rounds to a whole number and leaves it in the low bits; with 1023 more, the low bits are the
# exponent field of that power of two.
MAGIC = 1.5 * 2.0**52 + 1023.0


class Values:
    """Writes expressions as instructions on vectors of `width` doubles; each node once."""

    def __init__(self, text: Text, width: int, symbols: Callable[[str], str], fused: bool = True) -> None:
        self.text, self.width, self.symbols, self.fused = text, width, symbols, fused
        self.real = vector("double", width)
        self.bits = vector("i64", width)
        self.mask = vector("i1", width)
        self.known: dict[Expression, str] = {}
        self.shifted: dict[Expression, str] = {}

    def write(self, roots: list[Expression]) -> list[str]:
        """The registers that hold the values of the roots."""
        for current in walk(roots):
            if current not in self.known:
                self.known[current] = self._value(current)
        return [self.known[root] for root in roots]

    def constant(self, value: float) -> str:
        """A number in every lane."""
        return self._spread(literal(value))

    def broadcast(self, scalar: str) -> str:
        """A scalar double in every lane."""
        return broadcast(self.text, scalar, self.width)

    def _spread(self, text: str, kind: str = "double") -> str:
        return text if self.width == 1 else f"splat ({kind} {text})"

    def _value(self, x: Expression) -> str:
        if x.kind == CONSTANT:
            return self.constant(x.payload)
        if x.kind == SYMBOL:
            return self.symbols(x.payload)
        arguments = [self.known[a] for a in x.arguments]
        simple = SIMPLE.get(x.kind)
        if simple is not None:
            return self.text.let(simple.format(*arguments, real=self.real, mask=self.mask))
        special = SPECIAL.get(x.kind)
        if special is None:
            raise InternalError(
                f"The operation {x.kind!r} has no spelling in vector code; it should have been lowered."
            )
        return special(self, x, arguments)

    def call(self, name: str, *arguments: str) -> str:
        """Call an LLVM intrinsic of reals."""
        suffix = f"v{self.width}f64" if self.width > 1 else "f64"
        full = f"@llvm.{name}.{suffix}"
        self.text.declare(f"declare {self.real} {full}({', '.join([self.real] * len(arguments))})")
        given = ", ".join(f"{self.real} {a}" for a in arguments)
        return self.text.let(f"call {self.real} {full}({given})")

    # ------------------------------------------------------------ spellings that take more than one instruction
    def _fma(self, x: Expression, a: list[str]) -> str:
        return self._sum_of_product(*a)

    def _sum_of_product(self, a: str, b: str, c: str) -> str:
        if self.fused:
            return self.call("fma", a, b, c)
        product = self.text.let(f"fmul {self.real} {a}, {b}")
        return self.text.let(f"fadd {self.real} {product}, {c}")

    def _extreme(self, x: Expression, a: list[str]) -> str:
        limit, bounded = x.arguments
        if x.kind == "minimum" and limit.kind == CONSTANT and bounded in self.shifted:
            # The limit of a rounded number is taken while it is still shifted.
            shifted = self._least("olt", self.constant(limit.payload + MAGIC), self.shifted[bounded])
            return self._unshifted(x, shifted)
        return self._least("olt" if x.kind == "minimum" else "ogt", *a)

    def _least(self, test: str, a: str, b: str) -> str:
        # min(a, b) is b where either is not a number, as the processor has it: a < b ? a : b.
        smaller = self.text.let(f"fcmp {test} {self.real} {a}, {b}")
        return self.text.let(f"select {self.mask} {smaller}, {self.real} {a}, {self.real} {b}")

    def _nearest(self, x: Expression, a: list[str]) -> str:
        (number,) = x.arguments
        if number.kind == "multiply":
            one, other = (self.known[factor] for factor in number.arguments)
            return self._unshifted(x, self._sum_of_product(one, other, self.constant(MAGIC)))
        return self._unshifted(x, self.text.let(f"fadd {self.real} {a[0]}, {self.constant(MAGIC)}"))

    def _unshifted(self, x: Expression, shifted: str) -> str:
        self.shifted[x] = shifted
        return self.text.let(f"fsub {self.real} {shifted}, {self.constant(MAGIC)}")

    def _scale(self, x: Expression, a: list[str]) -> str:
        number, power = x.arguments
        shifted = self.shifted.get(power)
        if shifted is None:
            shifted = self.text.let(f"fadd {self.real} {a[1]}, {self.constant(MAGIC)}")
        whole = self.text.let(f"bitcast {self.real} {shifted} to {self.bits}")
        bits = self.text.let(f"shl {self.bits} {whole}, {self._spread('52', 'i64')}")
        factor = self.text.let(f"bitcast {self.bits} {bits} to {self.real}")
        if number.kind == CONSTANT and number.payload == 1.0:
            return factor
        return self.text.let(f"fmul {self.real} {a[0]}, {factor}")

    def _exponent(self, x: Expression, a: list[str]) -> str:
        # The biased exponent, put into the low bits of 2^52, is a whole number after 2^52 has been taken off.
        bits = self.text.let(f"bitcast {self.real} {a[0]} to {self.bits}")
        moved = self.text.let(f"lshr {self.bits} {bits}, {self._spread('52', 'i64')}")
        field = self.text.let(f"and {self.bits} {moved}, {self._spread('2047', 'i64')}")
        tagged = self.text.let(f"or {self.bits} {field}, {self._spread('4841369599423283200', 'i64')}")
        real = self.text.let(f"bitcast {self.bits} {tagged} to {self.real}")
        return self.text.let(f"fsub {self.real} {real}, {self.constant(2.0**52 + 1023.0)}")

    def _mantissa(self, x: Expression, a: list[str]) -> str:
        bits = self.text.let(f"bitcast {self.real} {a[0]} to {self.bits}")
        kept = self.text.let(f"and {self.bits} {bits}, {self._spread('-9218868437227405313', 'i64')}")
        one = self.text.let(f"or {self.bits} {kept}, {self._spread('4607182418800017408', 'i64')}")
        return self.text.let(f"bitcast {self.bits} {one} to {self.real}")

    def _opposite(self, x: Expression, a: list[str]) -> str:
        return self.text.let(f"xor {self.mask} {a[0]}, {self._spread('true', 'i1')}")


def vector(kind: str, width: int) -> str:
    """The LLVM type of `width` values of a kind."""
    return f"<{width} x {kind}>" if width > 1 else kind


def broadcast(text: Text, scalar: str, width: int) -> str:
    """A scalar double in every lane of a vector."""
    if width == 1:
        return scalar
    kind = vector("double", width)
    first = text.let(f"insertelement {kind} poison, double {scalar}, i64 0")
    return text.let(f"shufflevector {kind} {first}, {kind} poison, <{width} x i32> zeroinitializer")


SIMPLE = {
    "add": "fadd {real} {0}, {1}",
    "subtract": "fsub {real} {0}, {1}",
    "multiply": "fmul {real} {0}, {1}",
    "divide": "fdiv {real} {0}, {1}",
    "negative": "fneg {real} {0}",
    "less": "fcmp olt {real} {0}, {1}",
    "less_equal": "fcmp ole {real} {0}, {1}",
    "equal": "fcmp oeq {real} {0}, {1}",
    "both": "and {mask} {0}, {1}",
    "either": "or {mask} {0}, {1}",
    "where": "select {mask} {0}, {real} {1}, {real} {2}",
}
SPECIAL: dict[str, Callable[[Values, Expression, list[str]], str]] = {
    "fma": Values._fma,
    "minimum": Values._extreme,
    "maximum": Values._extreme,
    "absolute": lambda w, x, a: w.call("fabs", *a),
    "sqrt": lambda w, x, a: w.call("sqrt", *a),
    "floor": lambda w, x, a: w.call("floor", *a),
    "nearest": Values._nearest,
    "scale": Values._scale,
    "exponent": Values._exponent,
    "mantissa": Values._mantissa,
    "opposite": Values._opposite,
}
