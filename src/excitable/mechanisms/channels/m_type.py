"""M-type potassium channels (Kv7): slow, without inactivation, closed by muscarinic agonists; firing adapts by them."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid
from ...physics import q10
from ..declare import gate, parameter
from ..laws import alpha_beta, relax
from ..mechanism import Channel


class MTypePotassium(Channel):
    """M-type potassium channel of bullfrog sympathetic neurons, in which it was found.

    Source: Adams, Brown & Constanti 1982, J Physiol 330:537; Yamada, Koch & Adams 1989, in Methods in Neuronal
    Modeling, chapter 4 (ModelDB 3808, im), at 23.5 °C with a coefficient of 3. The factor 3.3 stands before both
    exponentials. Copies that descend from ModelDB 123623, as `RegularSpikingSlowPotassium` here, have it before the
    first alone.
    """

    ion = "k"
    conductance = parameter("0.31 mS/cm2", "S/cm2", "maximal conductance")
    m = gate("activation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value."""
        u = (v + 35.0) / 20.0
        law = relax(1.0 / (1.0 + exp(-2.0 * u)), 1000.0 / (3.3 * (exp(u) + exp(-u))))
        return {"m": q10(3.0, temperature=temperature, reference=23.5) * law}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m * (v - e_k)


class CorticalMTypePotassium(Channel):
    """M-type potassium channel of neocortical pyramidal cells.

    Source: Mainen & Sejnowski 1996, Nature 382:363 (ModelDB 2488, km): rates of 23 °C with a coefficient of 2.3. As
    for `CorticalSodium`, `conductance` is the one at the temperature of use.
    """

    ion = "k"
    conductance = parameter("0.321 pS/um2", "S/cm2", "maximal conductance at 37 °C; 0.1 pS/um2 at 23 °C")
    n = gate("activation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of the gate, 1/ms."""
        law = alpha_beta(0.001 * 9.0 * linoid(-(v + 30.0) / 9.0), 0.001 * 9.0 * linoid((v + 30.0) / 9.0))
        return {"n": q10(2.3, temperature=temperature, reference=23.0) * law}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n * (v - e_k)
