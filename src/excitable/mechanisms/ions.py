"""Ions: what a cell knows of sodium, potassium, calcium and the rest: valence, concentrations, reversal potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import MechanismError
from ..frozen import replace
from ..physics import nernst
from ..units import to
from .declare import Parameter, check_limits
from .mechanism import Mechanism
from .place import Along

STATED = {
    "reversal": Parameter(0.0, "mV", "reversal potential", name="reversal"),
    "inside": Parameter(1.0, "mM", "concentration inside", above=0.0, name="inside"),
    "outside": Parameter(1.0, "mM", "concentration outside", above=0.0, name="outside"),
}


class Ion(Mechanism):
    """An ion of a region: paint it where channels read `e_X`, `X_inside` or `X_outside`, or where its amount changes.

    symbol: "na", "k", "ca" …  valence: +1, +2, -1 …  reversal: fixed reversal potential in mV; without it the Nernst
    potential of the concentrations.  inside, outside: concentrations in mM, which hold where nothing else provides
    `X_inside` or `X_outside`, and where pools and spaces start.

    >>> Ion("k", valence=1, inside=140.0, outside=5.0)
    Ion('k', valence=1, inside=140.0, outside=5.0)

    What is given is a parameter: it may vary `along` the cell or in a sweep.
    Raises MechanismError for a valence of zero or a concentration that is not positive.
    """

    symbol: str
    valence: int
    reversal: Any
    inside: Any
    outside: Any

    def __init__(
        self, symbol: str, valence: int, *, reversal: Any = None, inside: Any = None, outside: Any = None
    ) -> None:
        if not isinstance(symbol, str) or not symbol.isidentifier():
            raise MechanismError(
                f"{symbol!r} was given as the symbol of an ion. A symbol is one word. Write Ion('na', valence=1)."
            )
        if isinstance(valence, bool) or not isinstance(valence, int) or valence == 0:
            raise MechanismError(
                f"The ion {symbol!r} was given the valence {valence!r}. A valence is a whole number other than 0. "
                "Write valence=1 for sodium, 2 for calcium, -1 for chloride."
            )
        fields = self.__dict__
        fields["name"], fields["symbol"], fields["valence"] = f"ion_{symbol}", symbol, valence
        declared = {}
        for key, given in (("reversal", reversal), ("inside", inside), ("outside", outside)):
            fields[key] = given
            if given is not None:
                fields[key], declared[key] = self._stated(key, given)
        fields["parameters"] = declared

    def _stated(self, key: str, given: Any) -> tuple[Any, Parameter]:
        if isinstance(given, Along):
            return given, STATED[key]
        what = f"the reversal potential of {self.symbol}"
        if key == "reversal":
            value = to(given, "mV", what=what)
        else:
            what = f"The concentration of {self.symbol} {key}"
            value = to(given, "mM", what=what.replace("The", "the", 1))
            check_limits(STATED[key], value, what)
        return value, replace(STATED[key], default=value)

    def __repr__(self) -> str:
        given = [f"{k}={getattr(self, k)!r}" for k in ("reversal", "inside", "outside") if getattr(self, k) is not None]
        return f"Ion({self.symbol!r}, valence={self.valence}, {', '.join(given)})".replace(", )", ")")

    def __hash__(self) -> int:
        return hash((type(self), self.symbol, self.valence, self.reversal, self.inside, self.outside))

    def reads(self, method: str) -> tuple[str, ...]:
        """The Nernst potential reads both concentrations and the temperature; a fixed reversal reads nothing."""
        if method != "provides" or self.reversal is not None:
            return ()
        return ("temperature", f"{self.symbol}_inside", f"{self.symbol}_outside")

    def provides(self, *variables: Any) -> Mapping[str, Any]:
        """The reversal potential `e_X`: fixed, or by Nernst."""
        if self.reversal is not None:
            return {f"e_{self.symbol}": self.reversal}
        temperature, inside, outside = variables
        return {f"e_{self.symbol}": nernst(inside, outside, valence=self.valence, temperature=temperature)}
