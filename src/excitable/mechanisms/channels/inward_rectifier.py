"""Inward rectifiers: potassium channels plugged from inside by magnesium and polyamines; they hold the rest."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, sqrt
from ...physics import q10
from ..declare import gate, parameter
from ..laws import alpha_beta
from ..mechanism import Channel


class CardiacInwardRectifier(Channel):
    """Inward rectifier K1 (Kir2.1) of ventricular muscle; it follows the voltage at once.

    Its conductance grows with the root of the potassium outside, its rectification with the distance from e_k.

    Source: Luo & Rudy 1991, Circ Res 68:1501 (time-independent potassium current), at 37 °C.
    """

    ion = "k"
    conductance = parameter(6.047e-4, "S/cm2", "maximal conductance at 5.4 mM potassium outside")

    def current(self, v: Any, e_k: Any, k_outside: Any) -> Any:
        """Outward current density, mA/cm2."""
        force = v - e_k
        opening = 1.02 / (1.0 + exp(0.2385 * (force - 59.215)))
        closing = (0.49124 * exp(0.08032 * (force + 5.476)) + exp(0.06175 * (force - 594.31))) / (
            1.0 + exp(-0.5143 * (force + 4.753))
        )
        return self.conductance * sqrt(k_outside / 5.4) * opening / (opening + closing) * force


class GranuleInwardRectifier(Channel):
    """Inward rectifier (Kir2.3) of cerebellar granule cells; its gate follows within a few milliseconds.

    Source: D'Angelo et al. 2001, J Neurosci 21:759 (ModelDB 46839), at 20 °C with a coefficient of 3 per 10 °C. The
    voltage dependence is that of one solution: it does not move with e_k.
    """

    ion = "k"
    conductance = parameter(9e-4, "S/cm2", "maximal conductance")
    d = gate("activation by hyperpolarisation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of the gate, 1/ms."""
        faster = q10(3.0, temperature=temperature, reference=20.0)
        law = alpha_beta(0.13289 * exp(-(v + 83.94) / 24.3902), 0.16994 * exp((v + 83.94) / 35.714))
        return {"d": faster * law}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.d * (v - e_k)
