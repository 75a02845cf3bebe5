"""The ventricular cell of the guinea pig, by Luo & Rudy 1991: fast sodium, and potassium currents of single channels.

Source: Luo & Rudy 1991, Circ Res 68:1501, table 1. Currents are in µA/cm² there, conductances in mS/cm².
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, exprel, linoid, log, sqrt, where
from ...physics import nernst
from ..declare import gate, parameter, state_variable
from ..laws import alpha_beta
from ..mechanism import Channel

Rates = dict[str, Any]


class GuineaPigSodium(Channel):
    """Fast sodium current, with a fast and a slow inactivation. Source: Luo & Rudy 1991, Circ Res 68:1501, table 1."""

    ion = "na"
    conductance = parameter(0.023, "S/cm2", "maximal conductance")
    m = gate("activation")
    h = gate("fast inactivation")
    j = gate("slow inactivation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates; those of both inactivations change their form at -40 mV."""
        below = v < -40.0
        h_in = 3.56 * exp(0.079 * v) + 3.1e5 * exp(0.35 * v)
        j_out = (-1.2714e5 * exp(0.2444 * v) - 3.474e-5 * exp(-0.04391 * v)) * (v + 37.78)
        j_in = 0.1212 * exp(-0.01052 * v) / (1.0 + exp(-0.1378 * (v + 40.14)))
        j_above = 0.3 * exp(-2.535e-7 * v) / (1.0 + exp(-0.1 * (v + 32.0)))
        return {
            "m": alpha_beta(3.2 * linoid(-0.1 * (v + 47.13)), 0.08 * exp(-v / 11.0)),
            "h": alpha_beta(
                where(below, 0.135 * exp(-(v + 80.0) / 6.8), 0.0),
                where(below, h_in, 1.0 / (0.13 * (1.0 + exp(-(v + 10.66) / 11.1)))),
            ),
            "j": alpha_beta(where(below, j_out / (1.0 + exp(0.311 * (v + 79.23))), 0.0), where(below, j_in, j_above)),
        }

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * self.j * (v - e_na)


class GuineaPigSlowInward(Channel):
    """Slow inward current, and the calcium that it brings. Source: Luo & Rudy 1991, Circ Res 68:1501, table 1."""

    ion = "ca"
    conductance = parameter(0.09e-3, "S/cm2", "maximal conductance")
    d = gate("activation")
    f = gate("inactivation")
    calcium = state_variable("calcium inside", "mM", start=2e-4)

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates, and calcium: what comes in, and its removal with 0.07/ms."""
        brought = -1e-4 * 1e3 * self.through(v)
        return {
            "d": alpha_beta(
                0.095 * exp(-0.01 * (v - 5.0)) / (1.0 + exp(-0.072 * (v - 5.0))),
                0.07 * exp(-0.017 * (v + 44.0)) / (1.0 + exp(0.05 * (v + 44.0))),
            ),
            "f": alpha_beta(
                0.012 * exp(-0.008 * (v + 28.0)) / (1.0 + exp(0.15 * (v + 28.0))),
                0.0065 * exp(-0.02 * (v + 30.0)) / (1.0 + exp(-0.2 * (v + 30.0))),
            ),
            "calcium": brought + 0.07 * (1e-4 - self.calcium),
        }

    def through(self, v: Any) -> Any:
        """The current, mA/cm2; calcium counts in mM as a number in its reversal potential."""
        reversal = 7.7 - 13.0287 * log(self.calcium * 1.0)
        return self.conductance * self.d * self.f * (v - reversal)

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.through(v)


class GuineaPigPotassium(Channel):
    """Delayed rectifier, which lets some sodium through. Source: Luo & Rudy 1991, Circ Res 68:1501, table 1."""

    ion = "k"
    conductance = parameter(0.282e-3, "S/cm2", "maximal conductance, at 5.4 mM potassium outside")
    leaky = parameter(0.01833, "1", "permeability of sodium over that of potassium")
    x = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing rates."""
        opening = 5e-4 * exp(0.083 * (v + 50.0)) / (1.0 + exp(0.057 * (v + 50.0)))
        return {"x": alpha_beta(opening, 0.0013 * exp(-0.06 * (v + 20.0)) / (1.0 + exp(-0.04 * (v + 20.0))))}

    def current(self, v: Any, k_inside: Any, k_outside: Any, na_inside: Any, na_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        inside, outside = k_inside + self.leaky * na_inside, k_outside + self.leaky * na_outside
        rectified = 2.837 * 0.04 * exprel(0.04 * (v + 77.0)) / exp(0.04 * (v + 35.0))
        open_ = self.x * where(v > -100.0, rectified, 1.0)
        return self.conductance * sqrt(k_outside / 5.4) * open_ * (v - nernst(inside, outside, temperature=temperature))


class GuineaPigInwardRectifier(Channel):
    """Inward rectifier, and the potassium current of the plateau. Source: Luo & Rudy 1991, table 1."""

    ion = "k"
    conductance = parameter(0.6047e-3, "S/cm2", "maximal conductance, at 5.4 mM potassium outside")
    plateau = parameter(0.0183e-3, "S/cm2", "conductance of the plateau current")

    def current(self, v: Any, e_k: Any, k_outside: Any) -> Any:
        """Outward current density, mA/cm2."""
        u = v - e_k
        a = 1.02 / (1.0 + exp(0.2385 * (u - 59.215)))
        b = (0.49124 * exp(0.08032 * (u + 5.476)) + exp(0.06175 * (u - 594.31))) / (1.0 + exp(-0.5143 * (u + 4.753)))
        rectifier = self.conductance * sqrt(k_outside / 5.4) * (a / (a + b))
        return (rectifier + self.plateau / (1.0 + exp((7.488 - v) / 5.98))) * u


class GuineaPigBackground(Channel):
    """Background current. Source: Luo & Rudy 1991, Circ Res 68:1501, table 1."""

    conductance = parameter(0.03921e-3, "S/cm2", "conductance")
    reversal = parameter(-59.87, "mV", "reversal potential")

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * (v - self.reversal)
