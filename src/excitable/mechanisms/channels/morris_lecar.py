"""The two currents of the barnacle muscle fibre: calcium that opens at once, potassium that follows.

Source: Morris & Lecar 1981, Biophys J 35:193; parameter sets of Rinzel & Ermentrout 1989, in Koch & Segev, Methods in
Neuronal Modeling, chapter 5.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, tanh
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel


class BarnacleCalcium(Channel):
    """Calcium channel that opens at once.

    Source: Morris & Lecar 1981, Biophys J 35:193, equation 9; Rinzel & Ermentrout 1989.
    """

    ion = "ca"
    conductance = parameter(4.4e-3, "S/cm2", "maximal conductance")
    reversal = parameter(120.0, "mV", "reversal potential")
    middle = parameter(-1.2, "mV", "voltage at which half are open, V1")
    width = parameter(18.0, "mV", "width of the curve, V2")

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * 0.5 * (1.0 + tanh((v - self.middle) / self.width)) * (v - self.reversal)


class BarnaclePotassium(Channel):
    """Potassium channel that opens slowly.

    Source: Morris & Lecar 1981, Biophys J 35:193, equation 9; Rinzel & Ermentrout 1989.
    """

    ion = "k"
    conductance = parameter(8e-3, "S/cm2", "maximal conductance")
    reversal = parameter(-84.0, "mV", "reversal potential")
    middle = parameter(2.0, "mV", "voltage at which half are open, V3")
    width = parameter(30.0, "mV", "width of the curve, V4")
    pace = parameter(0.04, "1/ms", "rate at V3, φ")
    w = gate("activation")

    def rates(self, v: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value; the rate is φ cosh((v - V3) / 2 V4)."""
        u = (v - self.middle) / (2.0 * self.width)
        hyperbolic_cosine = 0.5 * (exp(u) + exp(-u))
        return {"w": relax(0.5 * (1.0 + tanh(2.0 * u)), 1.0 / (self.pace * hyperbolic_cosine))}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.w * (v - self.reversal)
