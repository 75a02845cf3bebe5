"""The Purkinje fibre of Noble 1962: the equations of the squid axon, changed until they made a heart beat.

Source: Noble 1962, J Physiol 160:317, eqs 4-25. Conductances are in mmho/cm² there.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid
from ..declare import gate, parameter
from ..laws import alpha_beta
from ..mechanism import Channel

Rates = dict[str, Any]


class PurkinjeSodium(Channel):
    """Sodium current, with a small part that is always there. Source: Noble 1962, J Physiol 160:317, eqs 15-20."""

    ion = "na"
    conductance = parameter(0.4, "S/cm2", "maximal conductance")
    steady = parameter(0.14e-3, "S/cm2", "conductance that does not change")
    reversal = parameter(40.0, "mV", "reversal potential")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates."""
        return {
            "m": alpha_beta(1.5 * linoid(-(v + 48.0) / 15.0), 0.6 * linoid((v + 8.0) / 5.0)),
            "h": alpha_beta(0.17 * exp(-(v + 90.0) / 20.0), 1.0 / (exp(-(v + 42.0) / 10.0) + 1.0)),
        }

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return (self.conductance * self.m**3 * self.h + self.steady) * (v - self.reversal)


class PurkinjePotassium(Channel):
    """Potassium currents: one falls with depolarisation at once, one rises slowly. Source: Noble 1962, eqs 5-11."""

    ion = "k"
    instantaneous = parameter(1.2e-3, "S/cm2", "conductance that falls with depolarisation")
    rising = parameter(0.015e-3, "S/cm2", "conductance that rises again far above")
    slow = parameter(1.2e-3, "S/cm2", "maximal conductance with the gate")
    reversal = parameter(-100.0, "mV", "reversal potential")
    n = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates: those of the squid axon, a hundred times slower."""
        return {"n": alpha_beta(0.001 * linoid(-(v + 50.0) / 10.0), 0.002 * exp(-(v + 90.0) / 80.0))}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        at_once = self.instantaneous * exp(-(v + 90.0) / 50.0) + self.rising * exp((v + 90.0) / 60.0)
        return (at_once + self.slow * self.n**4) * (v - self.reversal)


class PurkinjeAnion(Channel):
    """Leak of anions. Source: Noble 1962, J Physiol 160:317, eq 25."""

    conductance = parameter(0.075e-3, "S/cm2", "conductance; with this one the fibre beats by itself")
    reversal = parameter(-60.0, "mV", "reversal potential")

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * (v - self.reversal)
