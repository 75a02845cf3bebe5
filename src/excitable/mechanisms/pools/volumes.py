"""Volumes whose concentrations follow from what moves: the cytosol, and narrow spaces around a cell."""

from __future__ import annotations

from typing import Any

from ..declare import parameter
from .of_ion import Volume


class Cytosol(Volume):
    """The concentration of an ion in the compartment, well mixed, kept by all currents and fluxes of the ion.

    symbol: of the ion, as in `Ion`.  place: "inside", or "subspace" for the narrow space under the membrane.  fraction:
    the part of the compartment's volume in which it is dissolved.  binding_ratio: how much of it buffers that need no
    time hold, for each that is free.

    >>> Cytosol("na"), Cytosol("ca", "subspace", fraction=0.01).name
    (Cytosol('na'), 'ca_subspace_cytosol')

    Source: conservation of matter. Hodgkin & Keynes 1955, J Physiol 128:28, for what a current brings; Neher &
    Augustine 1992, J Physiol 450:273, for the binding ratio.
    """

    word = "cytosol"
    fraction = parameter(1.0, "1", "part of the volume in which the ion is dissolved", above=0.0, highest=1.0)
    binding_ratio = parameter(0.0, "1", "bound over free, for buffers that need no time", lowest=0.0)

    def size(self, area: Any, volume: Any) -> Any:
        """A part of the volume."""
        return self.fraction * volume

    def share(self) -> Any:
        """What buffers leave free."""
        return 1.0 / (1.0 + self.binding_ratio)


class ExtracellularSpace(Volume):
    """The space around a cell in tissue, as a part of its volume; closed, or in exchange with a bath.

    symbol: of the ion.  ratio: volume of the space over that of the compartment; 0.25 where a fifth of a tissue is
    extracellular.  exchange: rate constant with a bath that holds what the ion states for the outside, 1/ms; 0 closes
    it.

    >>> ExtracellularSpace("k", exchange="0.5 1/s")
    ExtracellularSpace('k', exchange=0.0005)

    Source: Nicholson & Phillips 1981, J Physiol 321:225: a fifth of brain tissue is extracellular.
    """

    word = "space"
    usual = "outside"
    ratio = parameter(0.25, "1", "volume of the space over that of the compartment", above=0.0)
    exchange = parameter(0.0, "1/ms", "rate constant of exchange with the bath", lowest=0.0)

    def size(self, area: Any, volume: Any) -> Any:
        """In proportion to the volume of the compartment."""
        return self.ratio * volume

    def loss(self, concentration: Any, stated: Any) -> Any:
        """What goes to the bath."""
        return self.exchange * (concentration - stated)


class FrankenhaeuserHodgkinSpace(Volume):
    """The narrow space between an axon and the cells that ensheathe it, with a barrier to the bath.

    symbol: of the ion.  thickness: of the space, µm.  permeability: of the barrier, cm/s; 0 closes it.

    >>> FrankenhaeuserHodgkinSpace("k", thickness="40 nm")
    FrankenhaeuserHodgkinSpace('k', thickness=0.04)

    Source: Frankenhaeuser & Hodgkin 1956, J Physiol 131:341: a space of 300 Å and a barrier of 6e-5 cm/s for potassium
    around the squid giant axon.
    """

    word = "space"
    usual = "outside"
    thickness = parameter("30 nm", "um", "thickness of the space", above=0.0)
    permeability = parameter("6e-5 cm/s", "um/ms", "permeability of the barrier", lowest=0.0)

    def size(self, area: Any, volume: Any) -> Any:
        """A layer on the membrane."""
        return self.thickness * area

    def loss(self, concentration: Any, stated: Any) -> Any:
        """What leaks through the barrier."""
        return self.permeability / self.thickness * (concentration - stated)
