"""A unit is its dimensions and its size: the algebra of units, and the reading of their symbols."""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache

from ..constants import ZERO_CELSIUS
from ..errors import UnitError, nearest
from ..frozen import field, frozen
from .symbols import KINDS, NO_DIMENSIONS, PREFIXED, PREFIXES

_BASES = ("m", "s", "A", "kg", "mol", "K")


@frozen(eq=False)
class Unit:
    """A unit of measurement: its dimensions, and how many SI units it is.

    Units multiply, divide, take whole or broken powers, and are equal when they measure alike.

    Attributes:
        dimensions: The exponents of m, s, A, kg, mol, K; whole numbers are `int`, others `float`.
        scale: SI units in one of this unit (1e-3 for mV).
        offset: What the SI reads where this unit reads zero; only the bare degree Celsius has one.
        symbol: How the unit was written; it takes no part in comparisons.

    >>> (parse("mV") / parse("ms")).scale
    1.0
    >>> parse("1/ms") == parse("kHz")
    True
    """

    dimensions: tuple[float, ...] = NO_DIMENSIONS
    scale: float = 1.0
    offset: float = 0.0
    symbol: str = field(default="", repr=False)

    def __mul__(self, other: Unit) -> Unit:
        pairs = zip(self.dimensions, other.dimensions, strict=True)
        return Unit(tuple(_tidy(a + b) for a, b in pairs), self.scale * other.scale)

    def __truediv__(self, other: Unit) -> Unit:
        pairs = zip(self.dimensions, other.dimensions, strict=True)
        return Unit(tuple(_tidy(a - b) for a, b in pairs), self.scale / other.scale)

    def __pow__(self, power: float) -> Unit:
        return Unit(tuple(_tidy(float(a * power)) for a in self.dimensions), self.scale ** float(power))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Unit):
            return NotImplemented
        # Scales are products of powers of ten, which floats do not hold exactly.
        return (
            self.dimensions == other.dimensions
            and math.isclose(self.scale, other.scale, rel_tol=1e-12)
            and self.offset == other.offset
        )

    def __hash__(self) -> int:
        return hash(self.dimensions)

    @property
    def dimensionless(self) -> bool:
        """Whether this is a pure number: no metres, no volts, though perhaps a percentage.

        >>> parse("%").dimensionless
        True
        """
        return self.dimensions == NO_DIMENSIONS

    @property
    def name(self) -> str:
        """How the unit is written: as it was read, else the usual spelling, else SI base units.

        >>> (parse("S/cm2") * parse("mV")).name
        'mA/cm2'
        """
        return self.symbol or _spelling(self)

    @property
    def kind(self) -> str:
        """What is measured in it, in words: "voltage", "current per area", "pure number".

        >>> parse("mS/cm2").kind
        'conductance per area'
        """
        for words, units in KINDS.items():
            if parse(units.partition(",")[0]).dimensions == self.dimensions:
                return words
        return f"quantity in {base_units(self)}"

    def __str__(self) -> str:
        return self.name


ONE = Unit(symbol="1")
"""The unit of a pure number."""


_CELSIUS = Unit((0, 0, 0, 0, 0, 1), 1.0, ZERO_CELSIUS, "degC")
_WHOLE = {
    "%": Unit(NO_DIMENSIONS, 0.01),
    "rad": Unit(),
    "deg": Unit(NO_DIMENSIONS, math.pi / 180.0),
    "min": Unit((0, 1, 0, 0, 0, 0), 60.0),
    "h": Unit((0, 1, 0, 0, 0, 0), 3600.0),
    "degC": _CELSIUS,
    "°C": _CELSIUS,
    "celsius": _CELSIUS,
    "Celsius": _CELSIUS,
}

# Two spellings of micro and of ohm exist in Unicode, and powers and minus signs have typographic forms.
_ASCII = str.maketrans("μΩ−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "µΩ--0123456789")
# Compiled on first use, which `re` remembers: it would take a third of the time of the import.
_TOKEN = (
    r"\s*(?:(?P<power>\*\*|\^)|(?P<operator>[*·⋅×/()])|(?P<hyphen>[-.](?=[^\W\d]))"
    r"|(?P<name>[^\W\d]+|%|°C)|(?P<number>[-+]?\d+(?:\.\d+)?))"
)

_GRAMMAR = "Symbols with powers, '*', '/' and brackets were expected. Write it like 'mS/cm2', '1/ms' or 'J/(mol K)'."


def plain(text: str) -> str:
    """The text with one spelling of micro and ohm, and with powers and minus signs in ASCII."""
    return text.translate(_ASCII)


def _tidy(exponent: float) -> float:
    """An exponent without rounding error, so that (m ** (1/3)) ** 3 is m; whole ones as `int`."""
    sixtieths = round(exponent * 60.0)
    if abs(exponent * 60.0 - sixtieths) > 1e-6:
        return exponent
    return sixtieths // 60 if sixtieths % 60 == 0 else sixtieths / 60.0


@lru_cache(maxsize=4096)
def parse(text: str) -> Unit:
    """The unit that a text such as "mS/cm2" stands for.

    Args:
        text: SI symbols with prefixes f p n u µ m c d k M G; powers "cm2", "cm^2", "cm**2", "cm²", "ms-1";
            products "ohm cm", "ohm*cm", "Ω·cm"; quotients "mA/cm2", "1/ms", "/ms", "J/(mol K)". "M" is molar,
            "C" coulomb, "degC" the degree Celsius. Any other single name is looked up in pint, where that
            is installed.

    Raises:
        UnitError: The text cannot be read.

    >>> parse("mS/cm²") == parse("mS / cm**2") == parse("mS cm-2")
    True
    """
    if not isinstance(text, str):
        raise UnitError(f"The unit {text!r} is not text. A unit such as 'mV' was expected. Write it as a string.")
    return _Reader(text).unit()


class _Reader:
    """Reads one unit from left to right; quotients and products bind equally, as in Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.position = 0

    def unit(self) -> Unit:
        unit = self.product()
        if self.position != len(self.tokens):
            raise self.problem(f"stumbles at {self.tokens[self.position][1]!r}")
        return Unit(unit.dimensions, unit.scale, unit.offset, self.text.strip() or "1")

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def product(self) -> Unit:
        result, divided = None, False
        while self.peek()[0] != "end" and self.peek()[1] != ")":
            kind, token = self.peek()
            if token == "/":
                self.position += 1
                result, divided = (result or ONE) / self.power(), True
            elif result is None:
                result = self.power()
            else:
                if kind != "operator" or token == "(":
                    if divided:
                        # "J/mol K" is written for J/(mol K) as often as for (J/mol) K.
                        raise self.problem("is ambiguous after '/'")
                else:
                    self.position += 1
                result = result * self.power()
        return result or ONE

    def power(self) -> Unit:
        unit = self.atom()
        kind, token = self.peek()
        if kind == "power":
            self.position += 1
            return unit ** self.exponent()
        if kind == "exponent":
            self.position += 1
            return unit ** float(token)
        return unit

    def exponent(self) -> float:
        kind, token = self.peek()
        self.position += 1
        if kind == "number":
            return float(token)
        if token == "(":
            top = self.exponent()
            if self.peek()[1] == "/":
                self.position += 1
                top /= self.exponent() or math.nan
            self.position += 1
            if self.tokens[self.position - 1 : self.position] == [("operator", ")")] and math.isfinite(top):
                return top
        raise self.problem("has a power that is not a number")

    def atom(self) -> Unit:
        kind, token = self.peek()
        self.position += 1
        if kind == "name":
            return _named(token, self.text)
        if kind == "number" and float(token) == 1.0:
            return ONE
        if token == "(":
            inside = self.product()
            self.position += 1
            if self.tokens[self.position - 1 : self.position] == [("operator", ")")]:
                return inside
        raise self.problem(f"stumbles at {token!r}" if token else "ends too early")

    def problem(self, what: str) -> UnitError:
        return UnitError(f"The unit {self.text!r} {what}. {_GRAMMAR}")


def _tokens(text: str) -> list[tuple[str, str]]:
    """The parts of a unit: (kind, token), where a number that touches a name is its exponent."""
    tokens: list[tuple[str, str]] = []
    written, position = plain(text).rstrip(), 0
    token_pattern = re.compile(_TOKEN)
    while position < len(written):
        match = token_pattern.match(written, position)
        if match is None or match.lastgroup is None:
            raise UnitError(f"The unit {text!r} stumbles at {written[position:]!r}. {_GRAMMAR}")
        kind, token = match.lastgroup, match.group(match.lastgroup)
        if kind == "hyphen":
            kind, token = "operator", "*"
        elif kind == "number" and tokens and not match[0][0].isspace() and tokens[-1][0] == "name":
            kind = "exponent"
        tokens.append((kind, token))
        position = match.end()
    return tokens


def _named(name: str, text: str) -> Unit:
    """The unit of one symbol: whole, prefixed, or known to pint."""
    if name in _WHOLE:
        return _WHOLE[name]
    for prefix, symbol in (("", name), (name[0], name[1:])):
        if symbol in PREFIXED and (not prefix or prefix in PREFIXES):
            dimensions, power = PREFIXED[symbol]
            return Unit(dimensions, float(f"1e{power + PREFIXES.get(prefix, 0)}"))
    unit = _from_pint(name)
    if unit is None:
        known = [*_WHOLE, *PREFIXED, *(unit for units in KINDS.values() for unit in units.split(", "))]
        raise UnitError(
            f"The unit {text!r} has a part {name!r} that is not known. A symbol such as 'mV' or 'nA' was "
            f"expected. {nearest(name, known)}"
        )
    return unit


@cache
def _from_pint(name: str) -> Unit | None:
    """What pint knows under a name; None where pint is absent, or does not know it either."""
    try:
        import pint
    except ImportError:
        return None
    try:
        one = pint.application_registry.Quantity(1.0, name)
        dimensions = {str(key).strip("[]"): float(value) for key, value in one.dimensionality.items()}
        order = ("length", "time", "current", "mass", "substance", "temperature")
        exponents = tuple(_tidy(dimensions.pop(key, 0.0)) for key in order)
        if dimensions:
            return None
        return Unit(exponents, float(one.to(base_units(Unit(exponents))).magnitude))
    except Exception:  # noqa: BLE001 - pint raises many kinds of errors for names that it cannot read
        return None


def base_units(unit: Unit) -> str:
    """The unit in SI base units, in a spelling that pint reads too.

    >>> base_units(parse("mV"))
    'm**2*s**-3*A**-1*kg'
    """
    parts = [f"{base}**{n:g}" if n != 1 else base for base, n in zip(_BASES, unit.dimensions, strict=True) if n]
    return "*".join(parts) or "1"


@cache
def _spelling(unit: Unit) -> str:
    """The usual spelling of a unit that came out of a product."""
    for units in KINDS.values():
        for text in units.split(", "):
            if parse(text) == unit:
                return text
    scale = "" if math.isclose(unit.scale, 1.0, rel_tol=1e-12) else f"{unit.scale:.6g} "
    return f"{scale}{base_units(unit)}"
