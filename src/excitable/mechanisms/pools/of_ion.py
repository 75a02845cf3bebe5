"""Mechanisms that are made for an ion which the user names: pools, shells, spaces, buffers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ...errors import MechanismError
from ..declare import State
from ..mechanism import Mechanism
from ..variables import PLACES


class OfIon(Mechanism):
    """The base of mechanisms for one ion in one place. They are called after both, as in "ca_cytosol".

    Raises MechanismError for a symbol that is not one word, or a place that is none.
    """

    word: ClassVar[str] = ""
    usual: ClassVar[str] = "inside"
    symbol: str
    place: str

    def __init__(self, symbol: str, place: str | None = None, *, name: str | None = None, **values: Any) -> None:
        where = self.usual if place is None else place
        if not isinstance(symbol, str) or not symbol.isidentifier():
            raise MechanismError(
                f"{symbol!r} was given as the ion of a {type(self).__name__}. It is the symbol of an ion, one word. "
                f"Write {type(self).__name__}('na')."
            )
        if where not in PLACES:
            raise MechanismError(
                f"{place!r} was given as the place of a {type(self).__name__}. Places are {', '.join(PLACES)}. "
                f"Write {type(self).__name__}({symbol!r}, {self.usual!r})."
            )
        called = self.word if where == self.usual else f"{where}_{self.word}"
        super().__init__(name=name or f"{symbol}_{called}", **values)
        self.__dict__["symbol"], self.__dict__["place"] = symbol, where

    def __repr__(self) -> str:
        given = [f"{k}={getattr(self, k)!r}" for k, p in self.parameters.items() if getattr(self, k) != p.default]
        place = [] if self.place == self.usual else [repr(self.place)]
        return f"{type(self).__name__}({', '.join([repr(self.symbol), *place, *given])})"

    @property
    def concentration(self) -> str:
        """The variable that it is about, as "ca_inside"."""
        return f"{self.symbol}_{self.place}"


class Volume(OfIon):
    """The base of what is well mixed: one concentration, called after its place, that all currents and fluxes change.

    It starts at what the ion states: for the outside where it is there, else for the inside. A subclass says how large
    it is (`size`), and what it loses of its own (`loss`).
    """

    def __init__(self, symbol: str, place: str | None = None, *, name: str | None = None, **values: Any) -> None:
        super().__init__(symbol, place, name=name, **values)
        self.__dict__["states"] = {self.place: State(f"concentration {self.place}", "mM", None, name=self.place)}

    def size(self, area: Any, volume: Any) -> Any:
        """The volume that holds what arrives, µm³, from area (µm²) and volume (µm³) of the compartment."""
        return volume

    def loss(self, concentration: Any, stated: Any) -> Any:
        """What leaves for good, mM/ms."""
        return 0.0

    def share(self) -> Any:
        """The part of what arrives that stays free."""
        return 1.0

    def reads(self, method: str) -> tuple[str, ...]:
        """What it reads of its ion."""
        here, side = self.concentration, "outside" if self.place == "outside" else "inside"
        stated = f"given_{self.symbol}_{side}"
        read = {
            "rates": (f"gain_{here}", f"volume_{here}", stated),
            "provides": ("area", "volume"),
            "starts": (stated,),
        }
        return read.get(method, ())

    def rates(self, *variables: Any) -> Mapping[str, Any]:
        """What arrives, over the volume, less what is lost."""
        gain, volume, stated = variables
        return {self.place: self.share() * gain / volume - self.loss(getattr(self, self.place), stated)}

    def provides(self, *variables: Any) -> Mapping[str, Any]:
        """The concentration, and the volume that it is in."""
        return {
            self.concentration: getattr(self, self.place),
            f"volume_{self.concentration}": self.size(*variables),
        }

    def starts(self, *variables: Any) -> Mapping[str, Any]:
        """Where it starts: at what the ion states."""
        (stated,) = variables
        return {self.place: stated}
