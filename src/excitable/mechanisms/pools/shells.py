"""Radial diffusion: the inside of a compartment as concentric shells."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from ...errors import MechanismError
from ...expressions import minimum, where
from ..declare import Parameter, State, parameter
from .buffers import Buffer
from .of_ion import OfIon

MOST = 64
BUFFER = ("total", "on", "off", "diffusion")


class Shells(OfIon):
    """The concentration of an ion in concentric shells of the compartment, with diffusion from one to the next.

    symbol: of the ion.  number: of shells, the first under the membrane, the last around the axis.  diffusion: the
    coefficient of the free ion, µm²/ms.  depth: thickness of the first shell, µm, the others sharing what is left; 0
    for shells of equal thickness.  buffers: what binds the ion in every shell, each a `Buffer`; their diffusion
    makes them mobile.  Channels and pumps see the first shell.  The shells are those of a cylinder; volumes and what
    comes in are those of the compartment, so that nothing is lost.

    >>> Shells("ca", number=4, depth="0.1 um").states["shell1"].meaning
    'concentration in shell 1'

    Source: Crank 1975, The Mathematics of Diffusion, chapter 5, for the cylinder; Allbritton, Meyer & Stryer 1992,
    Science 258:1812, for 223 µm²/s of free calcium in cytosol, the default.
    """

    word = "shells"
    diffusion = parameter(0.223, "um2/ms", "diffusion of the free ion", lowest=0.0)
    depth = parameter(0.0, "um", "thickness of the first shell, 0 for equal ones", lowest=0.0)
    shell1: Any
    number: int
    buffers: tuple[Buffer, ...]

    def __init__(
        self, symbol: str, *, number: int = 4, buffers: tuple[Buffer, ...] = (), name: str | None = None, **values: Any
    ) -> None:
        if isinstance(number, bool) or not isinstance(number, int) or not 2 <= number <= MOST:
            raise MechanismError(
                f"Shells({symbol!r}) was given number={number!r}. It is a whole number between 2 and {MOST}; a single "
                f"volume is Cytosol({symbol!r}). Write Shells({symbol!r}, number=4)."
            )
        for buffer in buffers:
            if not isinstance(buffer, Buffer) or buffer.symbol != symbol:
                raise MechanismError(
                    f"Shells({symbol!r}) was given {buffer!r} among its buffers. They are buffers of the same ion. "
                    f"Write buffers=(Buffer({symbol!r}, total=0.1, on=50, off=0.02),)."
                )
        super().__init__(symbol, name=name, **values)
        fields = self.__dict__
        fields["number"], fields["buffers"] = number, tuple(buffers)
        states = {key: State(f"concentration in shell {k + 1}", "mM", None, name=key) for k, key in self._keys("shell")}
        parameters: dict[str, Parameter] = dict(self.parameters)
        for buffer in self.buffers:
            lifted = {f"{buffer.name}_{key}": declared for key, declared in buffer.parameters.items()}
            parameters |= {key: Parameter(d.default, d.unit, d.meaning, d.lowest, d.highest, key, d.above)
                           for key, d in lifted.items()}  # fmt: skip
            fields.update({f"{buffer.name}_{key}": getattr(buffer, key) for key in buffer.parameters})
            states |= {key: State(f"{buffer.name} with {symbol} in shell {k + 1}", "mM", None, name=key)
                       for k, key in self._keys(f"{buffer.name}_bound")}  # fmt: skip
        fields["states"], fields["parameters"] = states, parameters

    def _keys(self, what: str) -> list[tuple[int, str]]:
        return [(k, f"{what}{k + 1}") for k in range(self.number)]

    def reads(self, method: str) -> tuple[str, ...]:
        """What it reads of its ion."""
        here = self.concentration
        read = {
            "rates": (f"gain_{here}", "volume", "diameter"),
            "provides": ("volume", "diameter"),
            "starts": (f"given_{here}",),
        }
        return read.get(method, ())

    # ------------------------------------------------------------ geometry
    def edges(self, diameter: Any) -> list[Any]:
        """The radii of the borders of the shells over the radius of the compartment, from 1 to 0."""
        first = self._first(diameter)
        inner = 1.0 - first
        return [1.0, *(inner * (1.0 - k / (self.number - 1)) for k in range(self.number - 1)), 0.0]

    def _first(self, diameter: Any) -> Any:
        """The thickness of the first shell over the radius: `depth`, up to what it would have among equals."""
        equal = 1.0 / self.number
        return where(self.depth > 0.0, minimum(2.0 * self.depth / diameter, equal), equal)

    # ------------------------------------------------------------ equations
    def rates(self, *variables: Any) -> Mapping[str, Any]:
        """Diffusion between neighbours, binding, and what comes in through the membrane."""
        gain, volume, diameter = variables
        edges = self.edges(diameter)
        parts = [outer**2 - inner**2 for outer, inner in itertools.pairwise(edges)]
        shells = [getattr(self, key) for _, key in self._keys("shell")]
        free = self._spread(shells, self.diffusion, edges, parts, diameter)
        free[0] = free[0] + gain / (parts[0] * volume)
        found: dict[str, Any] = {}
        for buffer in self.buffers:
            total, on, off, speed = (getattr(self, f"{buffer.name}_{key}") for key in BUFFER)
            keys = [key for _, key in self._keys(f"{buffer.name}_bound")]
            bound = [getattr(self, key) for key in keys]
            spread = self._spread(bound, speed, edges, parts, diameter)
            for k, key in enumerate(keys):
                binding = on * shells[k] * (total - bound[k]) - off * bound[k]
                found[key] = spread[k] + binding
                free[k] = free[k] - binding
        return {**{key: free[k] for k, key in self._keys("shell")}, **found}

    def _spread(self, amounts: list[Any], speed: Any, edges: list[Any], parts: list[Any], diameter: Any) -> list[Any]:
        """What diffusion brings to each shell, mM/ms: by Fick's law through the borders of a cylinder."""
        middles = [0.5 * (outer + inner) for outer, inner in itertools.pairwise(edges)]
        flows = []
        for k in range(self.number - 1):
            # Border over distance over volume, for a radius of 1: 2 π r / (Δm π).
            shape = 2.0 * edges[k + 1] / (middles[k] - middles[k + 1])
            flows.append(speed * shape * 4.0 / diameter**2 * (amounts[k] - amounts[k + 1]))
        into = [0.0, *flows]
        return [(into[k] - out) / parts[k] if k else -out / parts[k] for k, out in enumerate([*flows, 0.0])]

    def provides(self, *variables: Any) -> Mapping[str, Any]:
        """The concentration under the membrane, and the volume of the first shell."""
        volume, diameter = variables
        edges = self.edges(diameter)
        first = (1.0 - edges[1] ** 2) * volume
        return {self.concentration: self.shell1, f"volume_{self.concentration}": first}

    def starts(self, *variables: Any) -> Mapping[str, Any]:
        """Every shell at what the ion states, every buffer in equilibrium with it."""
        (stated,) = variables
        found = {key: stated for _, key in self._keys("shell")}
        for buffer in self.buffers:
            total, on, off = (getattr(self, f"{buffer.name}_{key}") for key in BUFFER[:3])
            rest = total * stated / (stated + off / on)
            found |= {key: rest for _, key in self._keys(f"{buffer.name}_bound")}
        return found
