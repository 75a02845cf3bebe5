"""The currents of a crustacean axon that fires slowly: those of the squid, shifted, and a transient potassium current.

Source: Connor, Walter & McKown 1977, Biophys J 18:81, at 18 °C, as written in Dayan & Abbott 2001, Theoretical
Neuroscience, section 6.1 and appendix. The coefficients per mV are given there with three digits.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid
from ..declare import gate, parameter, state_variable
from ..laws import alpha_beta, relax
from ..mechanism import Channel

Rates = dict[str, Any]


class CrabAxonSodium(Channel):
    """Sodium channel of the crab axon: that of the squid at 18 °C, its gates moved towards each other.

    Source: Connor, Walter & McKown 1977, Biophys J 18:81.
    """

    ion = "na"
    conductance = parameter(0.12, "S/cm2", "maximal conductance")
    reversal = parameter(55.0, "mV", "reversal potential")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing of both gates, 1/ms."""
        return {
            "m": alpha_beta(3.8 * linoid(-0.1 * (v + 29.7)), 15.2 * exp(-0.0556 * (v + 54.7))),
            "h": alpha_beta(0.266 * exp(-0.05 * (v + 48.0)), 3.8 / (1.0 + exp(-0.1 * (v + 18.0)))),
        }

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * (v - self.reversal)


class CrabAxonPotassium(Channel):
    """Delayed rectifier of the crab axon: that of the squid at 18 °C, half as fast.

    Source: Connor, Walter & McKown 1977, Biophys J 18:81.
    """

    ion = "k"
    conductance = parameter(0.02, "S/cm2", "maximal conductance")
    reversal = parameter(-72.0, "mV", "reversal potential")
    n = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing of the gate, 1/ms."""
        return {"n": alpha_beta(0.2 * linoid(-0.1 * (v + 45.7)), 0.25 * exp(-0.0125 * (v + 55.7)))}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n**4 * (v - self.reversal)


class CrabAxonTransientPotassium(Channel):
    """The A-current: opens below threshold, inactivates, and so holds back the next spike.

    The published steady value of its activation passes 1 above +40 mV, by 1.3 % at most.

    Source: Connor & Stevens 1971, J Physiol 213:31; Connor, Walter & McKown 1977, Biophys J 18:81.
    """

    ion = "k"
    conductance = parameter(0.0477, "S/cm2", "maximal conductance")
    reversal = parameter(-75.0, "mV", "reversal potential")
    a = state_variable("activation")
    b = gate("inactivation")

    def rates(self, v: Any) -> Rates:
        """Approach of both gates to their steady values."""
        opened = 0.0761 * exp(0.0314 * (v + 94.22)) / (1.0 + exp(0.0346 * (v + 1.17)))
        return {
            "a": relax(opened ** (1.0 / 3.0), 0.3632 + 1.158 / (1.0 + exp(0.0497 * (v + 55.96)))),
            "b": relax(1.0 / (1.0 + exp(0.0688 * (v + 53.3))) ** 4, 1.24 + 2.678 / (1.0 + exp(0.0624 * (v + 50.0)))),
        }

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.a**3 * self.b * (v - self.reversal)
