"""What holds an ion and gives it back, and what takes it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..declare import State, parameter
from ..reactions import Reactions, reactions
from .of_ion import OfIon


class Buffer(OfIon):
    """A buffer with one binding site: ion + free <-> bound, in equilibrium at the start.

    symbol: of the ion.  place: where it is, "inside" by default.  total: free and bound together, mM.  on: 1/(mM ms).
    off: 1/ms.  diffusion: µm²/ms, of the buffer with and without the ion; it counts in `Shells`.  However fast it is,
    it needs no smaller step.

    >>> Buffer("ca", total="50 uM", on=100.0, off=0.03)
    Buffer('ca', total=0.05, on=100.0, off=0.03)

    Source: law of mass action; Neher & Augustine 1992, J Physiol 450:273.
    """

    word = "buffer"
    free: Any
    bound: Any
    total = parameter(0.0, "mM", "free and bound together", lowest=0.0)
    on = parameter(0.0, "1/(mM ms)", "binding", lowest=0.0)
    off = parameter(0.0, "1/ms", "unbinding", lowest=0.0)
    diffusion = parameter(0.0, "um2/ms", "diffusion of the buffer", lowest=0.0)

    def __init__(
        self, symbol: str, place: str | None = None, *, total: Any, on: Any, off: Any, name: str | None = None,
        **values: Any,
    ) -> None:  # fmt: skip
        super().__init__(symbol, place, name=name, total=total, on=on, off=off, **values)
        self.__dict__["states"] = {
            "free": State(f"buffer without {symbol}", "mM", None, name="free"),
            "bound": State(f"buffer with {symbol}", "mM", None, name="bound"),
        }

    def reads(self, method: str) -> tuple[str, ...]:
        """It reads the concentration of its ion."""
        return (self.concentration,) if method == "rates" else ()

    def rates(self, *variables: Any) -> Reactions:
        """Binding and unbinding."""
        return reactions((f"{self.concentration} + free", "bound", self.on, self.off), total=self.total)


class Uptake(OfIon):
    """Removal of an ion from a place for good, saturating: by glia, by a pump whose other side is not modelled.

    symbol: of the ion.  place: from where.  maximum: mM/ms in the volume of the place.  half: concentration of half of
    it, mM.  rest: the concentration at which uptake and release balance, mM.

    >>> Uptake("k", "outside", maximum="0.1 mM/s", half=5.0, rest=3.0).name
    'k_outside_uptake'

    Source: Michaelis & Menten 1913, Biochem Z 49:333.
    """

    word = "uptake"
    maximum = parameter(0.0, "mM/ms", "what is removed when it is saturated", lowest=0.0)
    half = parameter(1.0, "mM", "concentration of half of it", above=0.0)
    rest = parameter(0.0, "mM", "concentration that it leaves", lowest=0.0)

    def reads(self, method: str) -> tuple[str, ...]:
        """It reads the concentration of its ion."""
        return (self.concentration,) if method == "flux" else ()

    def flux(self, *variables: Any) -> Mapping[Any, Any]:
        """What disappears, less what is released at rest."""
        (here,) = variables
        taken = here / (here + self.half) - self.rest / (self.rest + self.half)
        return {self.concentration: -(self.maximum * taken)}
