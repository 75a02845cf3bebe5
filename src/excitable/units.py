"""In what units? One internal system, and the door through which every public quantity enters it.

    quantity        internal unit       densities and materials      internal unit
    time            ms                  current per area             mA/cm2
    voltage         mV                  conductance per area         S/cm2
    length          um                  capacitance per area         uF/cm2
    current         nA                  resistivity                  ohm cm
    conductance     uS
    resistance      Mohm
    concentration   mM
    temperature     degC

Inward membrane current is negative; injected current is positive, so both depolarise when they carry positive charge
inwards: an injected +0.1 nA and a sodium current of -0.1 nA push the membrane the same way.

A number is taken to be in the documented unit. A string such as "0.2 nA", or a quantity of the `pint` library, is
converted; a wrong dimension is an error that names both. Units are checked once, when a model is built, and are gone
from the kernel.

>>> to("0.2 nA", "nA", what="the amplitude of the step")
0.2
>>> to("309.15 K", "degC", what="the temperature")
36.0
>>> parse("S/cm2") * parse("mV") == parse("mA/cm2")
True
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constants import ZERO_CELSIUS
from .errors import UnitError, nearest

__all__ = ["ONE", "Unit", "parse", "to", "to_array"]

_BASES = ("m", "s", "A", "kg", "mol", "K")
_NONE = (0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit of measurement: its dimensions, and how many SI units it is.

    dimensions: the exponents of m, s, A, kg, mol, K; whole numbers are `int`, others `float`.
    scale: SI units in one of this unit (1e-3 for mV).
    offset: what the SI reads where this unit reads zero; only the bare degree Celsius has one.
    symbol: how the unit was written; it takes no part in comparisons.

    >>> (parse("mV") / parse("ms")).scale
    1.0
    >>> parse("1/ms") == parse("kHz")
    True
    """

    dimensions: tuple[float, ...] = _NONE
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
        return self.dimensions == _NONE

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
        for words, units in _KINDS.items():
            if any(parse(unit).dimensions == self.dimensions for unit in units.split(", ")[:1]):
                return words
        return f"quantity in {_base_units(self)}"

    def __str__(self) -> str:
        return self.name


ONE = Unit(symbol="1")
"""The unit of a pure number."""

# What is measured, and its usual units with the internal one first: names for messages and for products of units.
_KINDS = {
    "pure number": "1",
    "time": "ms, s, us",
    "voltage": "mV, V, uV",
    "length": "um, mm, cm, m, nm",
    "current": "nA, pA, uA, mA, A",
    "conductance": "uS, nS, pS, mS, S",
    "resistance": "Mohm, ohm, kohm, Gohm",
    "concentration": "mM, uM, nM, M",
    "temperature": "K, degC",
    "capacitance": "nF, pF, uF, F",
    "charge": "pC, nC, fC, C",
    "amount": "mol, pmol, fmol",
    "area": "um2, cm2, m2",
    "volume": "um3, cm3, m3, L",
    "rate": "1/ms, 1/s",
    "current per area": "mA/cm2, uA/cm2, nA/um2, A/m2",
    "conductance per area": "S/cm2, mS/cm2, pS/um2, S/m2",
    "capacitance per area": "uF/cm2, F/m2",
    "resistivity": "ohm cm, ohm m",
    "conductivity": "S/m, mS/cm",
    "resistance of an area": "ohm cm2, kohm cm2",
    "resistance per length": "Mohm/um, ohm/cm",
    "velocity": "m/s, cm/s",
    "voltage per time": "mV/ms, V/s",
    "voltage per length": "mV/um, V/m",
    "rate per voltage": "1/ms/mV",
    "rate per concentration": "1/ms/mM",
    "concentration per time": "mM/ms",
    "diffusion coefficient": "um2/ms, cm2/s",
    "amount per area": "pmol/cm2",
    "flux": "mol/cm2/s",
    "number per voltage": "1/mV",
    "number per area": "1/um2",
    "number per length": "1/um",
    "mass": "g, kg",
    "force": "N",
    "energy": "J",
    "power": "W",
    "pressure": "Pa",
    "magnetic field": "T",
    "inductance": "H",
}

_PREFIXES = {
    "f": -15, "p": -12, "n": -9, "u": -6, "µ": -6, "m": -3, "c": -2, "d": -1, "k": 3, "M": 6, "G": 9,
}  # fmt: skip

# Units that take a prefix, with the exponents of m, s, A, kg, mol, K and the power of ten.
_PREFIXED: dict[str, tuple[tuple[int, ...], int]] = {
    "m": ((1, 0, 0, 0, 0, 0), 0),
    "s": ((0, 1, 0, 0, 0, 0), 0),
    "A": ((0, 0, 1, 0, 0, 0), 0),
    "g": ((0, 0, 0, 1, 0, 0), -3),
    "mol": ((0, 0, 0, 0, 1, 0), 0),
    "K": ((0, 0, 0, 0, 0, 1), 0),
    "V": ((2, -3, -1, 1, 0, 0), 0),
    "ohm": ((2, -3, -2, 1, 0, 0), 0),
    "Ohm": ((2, -3, -2, 1, 0, 0), 0),
    "Ω": ((2, -3, -2, 1, 0, 0), 0),
    "S": ((-2, 3, 2, -1, 0, 0), 0),
    "mho": ((-2, 3, 2, -1, 0, 0), 0),
    "F": ((-2, 4, 2, -1, 0, 0), 0),
    "C": ((0, 1, 1, 0, 0, 0), 0),
    "J": ((2, -2, 0, 1, 0, 0), 0),
    "N": ((1, -2, 0, 1, 0, 0), 0),
    "Pa": ((-1, -2, 0, 1, 0, 0), 0),
    "W": ((2, -3, 0, 1, 0, 0), 0),
    "Hz": ((0, -1, 0, 0, 0, 0), 0),
    "T": ((0, -2, -1, 1, 0, 0), 0),
    "H": ((2, -2, -2, 1, 0, 0), 0),
    "M": ((-3, 0, 0, 0, 1, 0), 3),
    "molar": ((-3, 0, 0, 0, 1, 0), 3),
    "L": ((3, 0, 0, 0, 0, 0), -3),
    "l": ((3, 0, 0, 0, 0, 0), -3),
}

_CELSIUS = Unit((0, 0, 0, 0, 0, 1), 1.0, ZERO_CELSIUS, "degC")
_WHOLE = {
    "%": Unit(_NONE, 0.01),
    "rad": Unit(),
    "deg": Unit(_NONE, math.pi / 180.0),
    "min": Unit((0, 1, 0, 0, 0, 0), 60.0),
    "h": Unit((0, 1, 0, 0, 0, 0), 3600.0),
    "degC": _CELSIUS,
    "°C": _CELSIUS,
    "celsius": _CELSIUS,
    "Celsius": _CELSIUS,
}

# Two spellings of micro and of ohm exist in Unicode, and powers and minus signs have typographic forms.
_ASCII = str.maketrans("μΩ−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "µΩ--0123456789")
_TOKEN = re.compile(
    r"\s*(?:(?P<power>\*\*|\^)|(?P<operator>[*·⋅×/()])|(?P<hyphen>[-.](?=[^\W\d]))"
    r"|(?P<name>[^\W\d]+|%|°C)|(?P<number>[-+]?\d+(?:\.\d+)?))"
)
_QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf|nan)(?![\w.])?\s*(.*?)\s*", re.S)


def _tidy(exponent: float) -> float:
    """An exponent without rounding error, so that (m ** (1/3)) ** 3 is m."""
    rounded = round(exponent, 9)
    return int(rounded) if rounded == int(rounded) else rounded


@lru_cache(maxsize=4096)
def parse(text: str) -> Unit:
    """The unit that a text such as "mS/cm2" stands for.

    text: SI symbols with prefixes f p n u µ m c d k M G; powers "cm2", "cm^2", "cm**2", "cm²", "ms-1"; products
        "ohm cm", "ohm*cm", "Ω·cm"; quotients "mA/cm2", "1/ms", "/ms", "J/(mol K)". "M" is molar, "C" coulomb,
        "degC" the degree Celsius. Any other single name is looked up in `pint`, where that is installed.

    Raises UnitError when the text cannot be read.

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
        if kind == "number":
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
        return UnitError(
            f"The unit {self.text!r} {what}. Symbols with powers, '*', '/' and brackets were expected. "
            "Write it like 'mS/cm2', '1/ms' or 'J/(mol K)'."
        )


def _tokens(text: str) -> list[tuple[str, str]]:
    """The parts of a unit: (kind, token), where a number that touches a name is its power."""
    plain, tokens, position = text.translate(_ASCII).rstrip(), [], 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None or match.lastgroup is None:
            raise UnitError(
                f"The unit {text!r} stumbles at {plain[position:]!r}. Symbols with powers, '*', '/' and brackets were "
                "expected. Write it like 'mS/cm2', '1/ms' or 'J/(mol K)'."
            )
        kind, token = match.lastgroup, match.group(match.lastgroup)
        tokens.append(("operator", "*") if kind == "hyphen" else (kind, token))
        position = match.end()
    return tokens


def _named(name: str, text: str) -> Unit:
    """The unit of one symbol: whole, prefixed, or known to pint."""
    if name in _WHOLE:
        return _WHOLE[name]
    for prefix, symbol in (("", name), (name[0], name[1:])):
        if symbol in _PREFIXED and (not prefix or prefix in _PREFIXES):
            dimensions, power = _PREFIXED[symbol]
            return Unit(dimensions, float(f"1e{power + _PREFIXES.get(prefix, 0)}"))
    unit = _from_pint(name)
    if unit is None:
        known = [*_WHOLE, *_PREFIXED, *(unit for units in _KINDS.values() for unit in units.split(", "))]
        raise UnitError(
            f"The unit {text!r} has a part {name!r} that is not known. A symbol such as 'mV' or 'nA' was expected. "
            f"{nearest(name, known)}"
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
        one = pint.get_application_registry().Quantity(1.0, name)
        dimensions = {str(key).strip("[]"): float(value) for key, value in one.dimensionality.items()}
        order = ("length", "time", "current", "mass", "substance", "temperature")
        exponents = tuple(_tidy(dimensions.pop(key, 0.0)) for key in order)
        if dimensions:
            return None
        return Unit(exponents, float(one.to(_base_units(Unit(exponents))).magnitude))
    except Exception:  # pint raises many kinds of errors for names that it cannot read
        return None


def _base_units(unit: Unit) -> str:
    """The unit in SI base units, in a spelling that pint reads too."""
    parts = [f"{base}**{n:g}" if n != 1 else base for base, n in zip(_BASES, unit.dimensions, strict=True) if n]
    return "*".join(parts) or "1"


@cache
def _spelling(unit: Unit) -> str:
    """The usual spelling of a unit that came out of a product."""
    for units in _KINDS.values():
        for text in units.split(", "):
            if parse(text) == unit:
                return text
    scale = "" if math.isclose(unit.scale, 1.0, rel_tol=1e-12) else f"{unit.scale:.6g} "
    return f"{scale}{_base_units(unit)}"


def to(value: Any, unit: str, *, what: str, infinite: bool = False) -> float:
    """One number in the given unit.

    value: a number, taken to be in `unit`; a string such as "0.2 nA"; or a quantity of the pint library.
    unit: the documented unit, such as "nA".
    what: the user's own object and quantity, for messages: "the length of the cable".
    infinite: whether an infinite value is meant to be possible.

    Raises UnitError for another dimension, a text without a unit, NaN, a truth value, or what is not one number.

    >>> to("5.5ms", "s", what="the delay")
    0.0055
    >>> to("5 mV", "um", what="the length of the cable")
    Traceback (most recent call last):
    excitable.errors.UnitError: '5 mV' is a voltage; the length of the cable is expected in um, a length; write '5 um'.
    """
    if type(value) is float and math.isfinite(value):
        parse(unit)
        return value
    number = _read(value, parse(unit), what)
    if np.ndim(number) != 0:
        raise UnitError(
            f"{_shown(value)} has shape {np.shape(number)}; {what} is expected to be one number in {unit}; "
            f"write one value, such as '{float(np.ravel(number)[0]) if np.size(number) else 1.0:g} {unit}'."
        )
    result = float(number)
    _check_finite(value, result, unit, what, infinite)
    return result


def to_array(value: Any, unit: str, *, what: str, infinite: bool = False) -> NDArray[np.float64]:
    """A float64 array in the given unit, of the shape of what was given; always a fresh copy.

    value: numbers, taken to be in `unit`, as an array or (nested) sequence; a sequence of strings such as
        ["1 nA", "200 pA"]; a pint quantity; or anything that `to` takes, which gives an array of shape ().
    unit, what, infinite: as for `to`.

    Raises UnitError as `to` does.

    >>> to_array(["1 nA", "200 pA"], "nA", what="the amplitudes")
    array([1. , 0.2])
    """
    result = np.array(_read(value, parse(unit), what), dtype=np.float64)
    _check_finite(value, result, unit, what, infinite)
    return result


def _read(value: Any, unit: Unit, what: str) -> Any:
    """The value as a real number or array of real numbers in `unit`, not yet checked for NaN."""
    if isinstance(value, str):
        return _read_text(value, unit, what)
    if callable(getattr(value, "to", None)) and hasattr(value, "magnitude"):
        return _read_pint(value, unit, what)
    if isinstance(value, list | tuple) and any(isinstance(part, Sequence) or hasattr(part, "to") for part in value):
        return _stack([to_array(part, unit.name, what=what, infinite=True) for part in value], value, unit, what)
    # A masked array, or a quantity of another library, would lose its mask or its unit without a word.
    foreign = hasattr(value, "mask") or hasattr(value, "unit") or hasattr(value, "units")
    try:
        numbers = None if foreign else np.asarray(value)
    except (TypeError, ValueError):
        numbers = None
    if numbers is None or numbers.dtype.kind not in "iuf" or _has_truth_values(value):
        raise UnitError(
            f"{_shown(value)} is not a number; {what} is expected in {unit}, {_a(unit.kind)}; write '1 {unit}'."
        )
    return numbers


def _stack(parts: list[NDArray[np.float64]], value: Any, unit: Unit, what: str) -> NDArray[np.float64]:
    if len({part.shape for part in parts}) > 1:
        raise UnitError(
            f"{_shown(value)} has rows of different lengths; {what} is expected as a table in {unit}; "
            "write rows of one length."
        )
    return np.stack(parts)


def _has_truth_values(value: Any) -> bool:
    # NumPy reads [1.0, True] as numbers.
    return isinstance(value, list | tuple) and any(isinstance(part, bool | np.bool_) for part in value)


def _read_text(text: str, unit: Unit, what: str) -> float:
    match = _QUANTITY.fullmatch(text.translate(_ASCII))
    if match is None:
        raise UnitError(
            f"{text!r} is not a number with a unit; {what} is expected in {unit}, {_a(unit.kind)}; write '1 {unit}'."
        )
    number, name = float(match.group(1)), match.group(2)
    if not name and not unit.dimensionless:
        raise UnitError(
            f"{text!r} is text without a unit; {what} is expected in {unit}, {_a(unit.kind)}; "
            f"write '{text.strip()} {unit}'."
        )
    given = parse(name) if name else ONE
    if given.dimensions != unit.dimensions:
        raise _wrong_dimension(repr(text), given.kind, number, unit, what)
    return _convert(number, given, unit)


def _convert(number: float, given: Unit, wanted: Unit) -> float:
    """The number in another unit of the same dimensions; exact where the ratio is a power of ten."""
    if given == wanted:
        return number
    if given.offset != wanted.offset:
        kelvin = number * given.scale + given.offset
        return float(f"{(kelvin - wanted.offset) / wanted.scale:.13g}")
    # Fifteen digits remove the rounding error of the scales: 1e-6 / 1e-9 is not 1000.
    factor = float(f"{given.scale / wanted.scale:.15g}")
    return number * factor if factor >= 1.0 else number / float(f"{wanted.scale / given.scale:.15g}")


def _read_pint(quantity: Any, unit: Unit, what: str) -> Any:
    wanted = Unit(unit.dimensions)
    try:
        magnitude = quantity.to("" if unit.dimensionless else _base_units(wanted)).magnitude
    except Exception as problem:  # pint's own class of error must not be imported just to be named
        kind = str(getattr(quantity, "dimensionality", "")) or "something else"
        raise _wrong_dimension(f"'{quantity}'", f"quantity of {kind}", None, unit, what) from problem
    read: Callable[[float], float] = lambda number: _convert(number, wanted, unit)  # noqa: E731
    return read(float(magnitude)) if np.ndim(magnitude) == 0 else np.vectorize(read, [float])(magnitude)


def _check_finite(value: Any, result: Any, unit: str, what: str, infinite: bool) -> None:
    if np.isnan(result).any():
        raise UnitError(f"{_shown(value)} is not a number (NaN); {what} is expected in {unit}; write '1 {unit}'.")
    if not infinite and not np.isfinite(result).all():
        raise UnitError(f"{_shown(value)} is infinite; {what} is expected in {unit}, finite; write '1 {unit}'.")


def _wrong_dimension(shown: str, kind: str, number: float | None, unit: Unit, what: str) -> UnitError:
    return UnitError(
        f"{shown} is {_a(kind)}; {what} is expected in {unit}, {_a(unit.kind)}; "
        f"write '{1.0 if number is None else number:g} {unit}'."
    )


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
