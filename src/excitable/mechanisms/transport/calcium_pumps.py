"""Calcium pumps: of the plasma membrane (PMCA), out of the cell; of the reticulum (SERCA), into its store."""

from __future__ import annotations

from typing import Any

from ...physics import q10
from ..declare import parameter, state_variable
from ..mechanism import Channel, Mechanism


class PlasmaMembraneCalciumPump(Channel):
    """Calcium pump of the plasma membrane (PMCA), one calcium out for each ATP.

    Source: Luo & Rudy 1994, Circ Res 74:1071 (sarcolemmal calcium pump), at 37 °C, with a power of 1; the paper gives
    no temperature coefficient. Both charges of the calcium are counted; where protons come in for it, `protons` of
    them, their current is counted too, and the charge that remains is 2 - protons.
    """

    maximum = parameter("1.15 uA/cm2", "mA/cm2", "current of calcium when all pumps are busy", lowest=0.0)
    half = parameter("0.5 uM", "mM", "calcium inside for half of it", above=0.0)
    power = parameter(1.0, "1", "calcium ions that must bind together (Hill)", above=0.0)
    protons = parameter(0.0, "1", "protons that come in for each calcium", lowest=0.0, highest=2.0)

    def current(self, ca_inside: Any) -> dict[str, Any]:
        """Outward current densities by ion, mA/cm2."""
        leaving = self.maximum / (1.0 + (self.half / ca_inside) ** self.power)
        return {"ca": leaving, "h": -0.5 * self.protons * leaving}


class ReticulumCalciumPump(Mechanism):
    """Calcium pump of the reticulum (SERCA), two calcium for each ATP; a full store drives it backwards.

    It stands still where the store holds 6900 times the calcium of the cell.

    Source: Shannon et al. 2004, Biophys J 87:3351, SR calcium pump, after Shannon, Ginsburg & Bers 2000, Biophys J
    78:322, with a coefficient of 2.6 from 37 °C. The rate is for a litre of cytosol, 65 % of a muscle cell.
    """

    rate = parameter(2.86e-4, "mM/ms", "calcium taken up when the pump is saturated", lowest=0.0)
    inside_half = parameter("0.246 uM", "mM", "calcium inside that binds half", above=0.0)
    store_half = parameter(1.7, "mM", "calcium in the store that binds half", above=0.0)
    power = parameter(1.787, "1", "calcium ions that must bind together (Hill)", above=0.0)

    def flux(self, ca_inside: Any, ca_store: Any, temperature: Any) -> dict[tuple[str, str], Any]:
        """What goes from the cell into the store, mM/ms."""
        forwards = (ca_inside / self.inside_half) ** self.power
        backwards = (ca_store / self.store_half) ** self.power
        warm = q10(2.6, temperature=temperature, reference=37.0)
        return {("ca_inside", "ca_store"): self.rate * warm * (forwards - backwards) / (1.0 + forwards + backwards)}


class CalciumStore(Mechanism):
    """The inside of the reticulum as a volume of its own: what goes in and out changes its calcium.

    Source: conservation of matter. Shannon et al. 2004, Biophys J 87:3351: the reticulum is 3.5 % of the volume of a
    ventricular myocyte, with 0.5 mM free calcium at rest. Nothing binds calcium in it here.
    """

    fraction = parameter(0.035, "1", "part of the compartment's volume", above=0.0, highest=1.0)
    calcium = state_variable("free calcium in the store", "mM", start=0.5)

    def rates(self, gain_ca_store: Any, volume: Any) -> dict[str, Any]:
        """What all mechanisms bring, over the volume."""
        return {"calcium": gain_ca_store / (self.fraction * volume)}

    def provides(self, volume: Any) -> dict[str, Any]:
        """The concentration in the store, and the volume that it is in."""
        return {"ca_store": self.calcium, "volume_ca_store": self.fraction * volume}
