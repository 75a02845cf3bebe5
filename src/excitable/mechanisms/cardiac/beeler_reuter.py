"""The mammalian ventricular fibre of Beeler & Reuter 1977: four currents and calcium.

Source: Beeler & Reuter 1977, J Physiol 268:177, eqs 1-6 and table 1. Currents are in µA/cm² there.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid, log
from ..declare import gate, parameter, state_variable
from ..laws import alpha_beta
from ..mechanism import Channel

Rates = dict[str, Any]


class BeelerReuterSodium(Channel):
    """Excitatory sodium current. Source: Beeler & Reuter 1977, J Physiol 268:177, eq 5 and table 1."""

    ion = "na"
    conductance = parameter(4e-3, "S/cm2", "maximal conductance")
    steady = parameter(0.003e-3, "S/cm2", "conductance that does not change")
    reversal = parameter(50.0, "mV", "reversal potential")
    m = gate("activation")
    h = gate("fast inactivation")
    j = gate("slow inactivation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates."""
        return {
            "m": alpha_beta(10.0 * linoid(-0.1 * (v + 47.0)), 40.0 * exp(-0.056 * (v + 72.0))),
            "h": alpha_beta(0.126 * exp(-0.25 * (v + 77.0)), 1.7 / (exp(-0.082 * (v + 22.5)) + 1.0)),
            "j": alpha_beta(
                0.055 * exp(-0.25 * (v + 78.0)) / (exp(-0.2 * (v + 78.0)) + 1.0),
                0.3 / (exp(-0.1 * (v + 32.0)) + 1.0),
            ),
        }

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return (self.conductance * self.m**3 * self.h * self.j + self.steady) * (v - self.reversal)


class BeelerReuterSlowInward(Channel):
    """Slow inward current, and the calcium that it brings. Source: Beeler & Reuter 1977, eqs 6, 7 and table 1.

    The paper counts calcium in M: 1e-7 M is the 1e-4 mM of here.
    """

    ion = "ca"
    conductance = parameter(0.09e-3, "S/cm2", "maximal conductance")
    d = gate("activation")
    f = gate("inactivation")
    calcium = state_variable("calcium inside", "mM", start=1e-4)

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates, and calcium: what comes in, and its removal with 0.07/ms."""
        return {
            "d": alpha_beta(
                0.095 * exp(-0.01 * (v - 5.0)) / (exp(-0.072 * (v - 5.0)) + 1.0),
                0.07 * exp(-0.017 * (v + 44.0)) / (exp(0.05 * (v + 44.0)) + 1.0),
            ),
            "f": alpha_beta(
                0.012 * exp(-0.008 * (v + 28.0)) / (exp(0.15 * (v + 28.0)) + 1.0),
                0.0065 * exp(-0.02 * (v + 30.0)) / (exp(-0.2 * (v + 30.0)) + 1.0),
            ),
            "calcium": -1e-4 * 1e3 * self.through(v) + 0.07 * (1e-4 - self.calcium),
        }

    def through(self, v: Any) -> Any:
        """The current, mA/cm2."""
        reversal = -82.3 - 13.0287 * log(self.calcium * 1e-3)
        return self.conductance * self.d * self.f * (v - reversal)

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.through(v)


class BeelerReuterPotassium(Channel):
    """Outward potassium currents: one that follows its gate, one that does not wait. Source: 1977 paper, eqs 2, 4."""

    ion = "k"
    gated = parameter(0.8e-3, "mA/cm2", "size of the current with a gate")
    rectifier = parameter(0.35e-3, "mA/cm2", "size of the current without")
    x = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates."""
        opening = 5e-4 * exp(0.083 * (v + 50.0)) / (exp(0.057 * (v + 50.0)) + 1.0)
        return {"x": alpha_beta(opening, 0.0013 * exp(-0.06 * (v + 20.0)) / (exp(-0.04 * (v + 20.0)) + 1.0))}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        gated = self.gated * self.x * (exp(0.04 * (v + 77.0)) - 1.0) / exp(0.04 * (v + 35.0))
        inward = 4.0 * (exp(0.04 * (v + 85.0)) - 1.0) / (exp(0.08 * (v + 53.0)) + exp(0.04 * (v + 53.0)))
        return gated + self.rectifier * (inward + 5.0 * linoid(-0.04 * (v + 23.0)))
