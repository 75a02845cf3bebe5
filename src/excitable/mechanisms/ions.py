"""Ions: what a cell knows of sodium, potassium, calcium and the rest: valence, concentrations, reversal potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..constants import FARADAY, GAS, ZERO_CELSIUS
from ..errors import MechanismError
from ..expressions import log
from ..units import to
from .mechanism import Mechanism


class Ion(Mechanism):
    """An ion of a region: paint it where channels read `e_X`, `X_inside` or `X_outside`.

    symbol: "na", "k", "ca" …  valence: +1, +2, -1 …  reversal: fixed reversal potential in mV; without it the Nernst
    potential of the concentrations.  inside, outside: concentrations in mM; a pump or pool that provides
    `X_inside` takes the place of the fixed value.

    >>> Ion("k", valence=1, inside=140.0, outside=5.0)
    Ion('k', valence=1, inside=140.0, outside=5.0)

    Raises MechanismError for a valence of zero or a concentration that is not positive.
    """

    symbol: str
    valence: int
    reversal: float | None
    inside: float | None
    outside: float | None

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
        fields["reversal"] = (
            None if reversal is None else to(reversal, "mV", what=f"the reversal potential of {symbol}")
        )
        for side, given in (("inside", inside), ("outside", outside)):
            value = None if given is None else to(given, "mM", what=f"the concentration of {symbol} {side}")
            if value is not None and value <= 0.0:
                raise MechanismError(
                    f"The concentration of {symbol} {side} was given as {value} mM. Concentrations are positive. "
                    f"Write a small positive number such as {side}=1e-4 for an ion that is nearly absent."
                )
            fields[side] = value

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
        scale = 1e3 * GAS / (self.valence * FARADAY)
        return {f"e_{self.symbol}": scale * (temperature + ZERO_CELSIUS) * log(outside / inside)}

    def fixed(self) -> Mapping[str, float]:
        """The concentrations that hold where no other mechanism provides them."""
        sides = {f"{self.symbol}_inside": self.inside, f"{self.symbol}_outside": self.outside}
        return {name: value for name, value in sides.items() if value is not None}
