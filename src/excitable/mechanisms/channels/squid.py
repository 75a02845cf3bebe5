"""The currents of the squid giant axon, in absolute potential with rest at -65 mV.

Source: Hodgkin & Huxley 1952, J Physiol 117:500, eqs 12, 13, 20, 21, 23, 24 and table 3; the temperature
coefficient of 3 and the reference temperature of 6.3 °C from the section "Effects of temperature".
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid
from ..declare import gate, parameter
from ..laws import alpha_beta
from ..mechanism import Channel


class SquidSodium(Channel):
    """Fast sodium channel of the squid giant axon.

    Source: Hodgkin & Huxley 1952, J Physiol 117:500, eqs 20, 21, 23, 24 and table 3.
    """

    ion = "na"
    conductance = parameter(0.12, "S/cm2", "maximal sodium conductance")
    reversal = parameter(50.0, "mV", "sodium reversal potential")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of both gates, 1/ms."""
        faster = 3.0 ** ((temperature - 6.3) / 10.0)
        return {
            "m": faster * alpha_beta(linoid(-(v + 40.0) / 10.0), 4.0 * exp(-(v + 65.0) / 18.0)),
            "h": faster * alpha_beta(0.07 * exp(-(v + 65.0) / 20.0), 1.0 / (1.0 + exp(-(v + 35.0) / 10.0))),
        }

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * (v - self.reversal)


class SquidPotassium(Channel):
    """Delayed rectifier of the squid giant axon.

    Source: Hodgkin & Huxley 1952, J Physiol 117:500, eqs 12, 13 and table 3.
    """

    ion = "k"
    conductance = parameter(0.036, "S/cm2", "maximal potassium conductance")
    reversal = parameter(-77.0, "mV", "potassium reversal potential")
    n = gate("activation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of the gate, 1/ms."""
        faster = 3.0 ** ((temperature - 6.3) / 10.0)
        return {"n": faster * alpha_beta(0.1 * linoid(-(v + 55.0) / 10.0), 0.125 * exp(-(v + 65.0) / 80.0))}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n**4 * (v - self.reversal)


class SquidLeak(Channel):
    """Leak of the squid giant axon.

    Source: Hodgkin & Huxley 1952, J Physiol 117:500, table 3; the reversal potential of -54.3 mV in place of the
    rounded -54.387 of the table is the customary value.
    """

    conductance = parameter(0.0003, "S/cm2", "leak conductance")
    reversal = parameter(-54.3, "mV", "leak reversal potential")

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * (v - self.reversal)
