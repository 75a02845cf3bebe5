"""The inside of a cell as a volume whose concentrations follow from what moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import MechanismError
from .declare import State, parameter
from .mechanism import Mechanism


class Cytosol(Mechanism):
    """The concentration of an ion in the compartment, well mixed, kept by all currents and fluxes of the ion.

    symbol: of the ion, as in `Ion`.  fraction: the part of the compartment's volume in which it is dissolved.  It
    starts at the concentration `inside` of the ion.

    >>> Cytosol("na")
    Cytosol('na')

    Source: conservation of matter; the volume is that of the compartment. Hodgkin & Keynes 1955, J Physiol 128:28, for
    what a current brings.
    """

    symbol: str
    inside: Any
    fraction = parameter(1.0, "1", "part of the volume in which the ion is dissolved", above=0.0, highest=1.0)

    def __init__(self, symbol: str, *, name: str | None = None, **values: Any) -> None:
        if not isinstance(symbol, str) or not symbol.isidentifier():
            raise MechanismError(
                f"{symbol!r} was given as the ion of a cytosol. It is the symbol of an ion, one word. "
                "Write Cytosol('na')."
            )
        super().__init__(name=name or f"{symbol}_cytosol", **values)
        self.__dict__["symbol"] = symbol
        self.__dict__["states"] = {"inside": State("concentration inside", "mM", None, name="inside")}

    def __repr__(self) -> str:
        changed = [f", {k}={getattr(self, k)!r}" for k, p in self.parameters.items() if getattr(self, k) != p.default]
        return f"{type(self).__name__}({self.symbol!r}{''.join(changed)})"

    def reads(self, method: str) -> tuple[str, ...]:
        """What it reads of its ion."""
        ion = self.symbol
        read = {"rates": (f"gain_{ion}_inside", "volume"), "starts": (f"given_{ion}_inside",), "provides": ("volume",)}
        return read.get(method, ())

    def rates(self, *variables: Any) -> Mapping[str, Any]:
        """What comes in, over the volume."""
        gain, volume = variables
        return {"inside": gain / (self.fraction * volume)}

    def provides(self, *variables: Any) -> Mapping[str, Any]:
        """The concentration inside, and the volume that it is in."""
        (volume,) = variables
        return {f"{self.symbol}_inside": self.inside, f"volume_{self.symbol}_inside": self.fraction * volume}

    def starts(self, *variables: Any) -> Mapping[str, Any]:
        """Where it starts: at what the ion states."""
        (given,) = variables
        return {"inside": given}
