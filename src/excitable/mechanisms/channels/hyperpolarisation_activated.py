"""HCN channels: cation channels that hyperpolarisation opens; they pace rhythms and resist inhibition.

They pass sodium and potassium, and are written with one reversal potential, as the papers have them: their current is
nobody's ion.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp
from ...physics import q10
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel


class ThalamicHyperpolarisation(Channel):
    """HCN channel of thalamic relay cells.

    Source: Huguenard & McCormick 1992, J Neurophysiol 68:1373, after McCormick & Pape 1990, J Physiol 431:291, at 35.5
    °C (ModelDB 74298 has the same, moved by 5 mV); the coefficient of 3 is that of Destexhe, Babloyantz & Sejnowski
    1993, Biophys J 65:1538.
    """

    conductance = parameter(4e-5, "S/cm2", "maximal conductance")
    reversal = parameter(-43.0, "mV", "reversal potential")
    n = gate("activation by hyperpolarisation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value."""
        time_constant = 1.0 / (exp(-14.59 - 0.086 * v) + exp(-1.87 + 0.0701 * v))
        law = relax(1.0 / (1.0 + exp((v + 75.0) / 5.5)), time_constant)
        return {"n": q10(3.0, temperature=temperature, reference=35.5) * law}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n * (v - self.reversal)


class HippocampalHyperpolarisation(Channel):
    """HCN channel of hippocampal pyramidal cells.

    Source: Magee 1998, J Neurosci 18:7613, as written by Migliore in many models of the cell (ModelDB 55035 and
    others): half open at -81 mV near the soma and at -73 mV in models of distal dendrites, at 33 °C with a coefficient
    of 4.5. The paper itself finds the distal curve to the left of the somatic one.
    """

    conductance = parameter(1e-4, "S/cm2", "maximal conductance")
    reversal = parameter(-30.0, "mV", "reversal potential")
    half = parameter(-81.0, "mV", "voltage of half activation")
    l = gate("activation by hyperpolarisation")  # noqa: E741 (the letter of the models)

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value."""
        u = 0.0378 * 2.2 * (v + 75.0)
        law = relax(1.0 / (1.0 + exp((v - self.half) / 8.0)), exp(0.4 * u) / (0.011 * (1.0 + exp(u))))
        return {"l": q10(4.5, temperature=temperature, reference=33.0) * law}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.l * (v - self.reversal)
