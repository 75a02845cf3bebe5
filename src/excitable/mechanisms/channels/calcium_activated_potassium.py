"""Potassium channels that calcium opens: BK with the voltage's help, SK and the slow afterhyperpolarisation without."""

from __future__ import annotations

from typing import Any

from ...expressions import exp
from ...physics import q10, thermal_voltage
from ..declare import gate, parameter
from ..laws import AlphaBeta, alpha_beta
from ..mechanism import Channel


class LargeConductancePotassium(Channel):
    """BK potassium channel of rat skeletal muscle: closed, closed with one calcium, open with one, open with two.

    Source: Moczydlowski & Latorre 1983, J Gen Physiol 82:511, scheme R1 and channel A of table II, at 22 °C (ModelDB
    3509). Binding is at equilibrium: C + Ca = CCa with K1 = 180 µM exp(-2 · 0.84 v F/RT), OCa + Ca = OCa2 with K4 = 11
    µM exp(-2 v F/RT); CCa opens at β = 0.48/ms, OCa closes at α = 0.28/ms. Copies from before 1992, and many models of
    pyramidal cells (ModelDB 3263, with 0.48 µM and 0.13 nM), have α and β exchanged.
    """

    ion = "k"
    conductance = parameter(0.01, "S/cm2", "maximal conductance")
    o = gate("open with one calcium or two")

    def rates(self, v: Any, temperature: Any, ca_inside: Any) -> dict[str, AlphaBeta]:
        """Opening and closing, 1/ms."""
        u = 2.0 * v / thermal_voltage(temperature)
        bound_closed = ca_inside / (ca_inside + 0.18 * exp(-0.84 * u))
        bound_once = 1.0 / (1.0 + ca_inside / (0.011 * exp(-u)))
        return {"o": alpha_beta(0.48 * bound_closed, 0.28 * bound_once)}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.o * (v - e_k)


class CTypePotassium(Channel):
    """C-type (BK) potassium channel of bullfrog sympathetic neurons.

    Source: Yamada, Koch & Adams 1989, in Methods in Neuronal Modeling, chapter 4 (ModelDB 3808, ic), at 23.5 °C with a
    coefficient of 3.
    """

    ion = "k"
    conductance = parameter("3.45 mS/cm2", "S/cm2", "maximal conductance")
    m = gate("activation")

    def rates(self, v: Any, temperature: Any, ca_inside: Any) -> dict[str, AlphaBeta]:
        """Opening and closing, 1/ms."""
        faster = q10(3.0, temperature=temperature, reference=23.5)
        return {"m": faster * alpha_beta(250.0 * ca_inside * exp(v / 24.0), 0.1 * exp(-v / 24.0))}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m * (v - e_k)


class SlowAfterhyperpolarisation(Channel):
    """The potassium current of the slow afterhyperpolarisation: opened by two calcium ions, within a second.

    Source: McCormick, Wang & Huguenard 1993, Cereb Cortex 3:387, after Yamada, Koch & Adams 1989 (ModelDB 3808, iahp),
    at 23.5 °C with a coefficient of 3. Half open at the root of β/α = 0.91 µM.
    """

    ion = "k"
    conductance = parameter("0.207 mS/cm2", "S/cm2", "maximal conductance")
    m = gate("activation")

    def rates(self, temperature: Any, ca_inside: Any) -> dict[str, AlphaBeta]:
        """Opening (1200/(mM² ms)) and closing, 1/ms."""
        faster = q10(3.0, temperature=temperature, reference=23.5)
        return {"m": faster * alpha_beta(1200.0 * ca_inside**2, 0.001)}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**2 * (v - e_k)
