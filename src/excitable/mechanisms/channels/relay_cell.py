"""The low-threshold calcium current of thalamic relay cells, and the calcium that it brings in.

Source: Destexhe, Neubig, Ulrich & Huguenard 1998, J Neurosci 18:3574 (ModelDB 279); the current is that of Huguenard &
McCormick 1992, J Neurophysiol 68:1373, measured at 24 °C.
"""

from __future__ import annotations

from typing import Any

from ...constants import FARADAY
from ...expressions import exp, maximum, where
from ...physics import ghk_current, q10
from ..declare import gate, parameter, state_variable
from ..laws import relax
from ..mechanism import Channel, Mechanism

REFERENCE = 24.0


class RelayCellCalcium(Channel):
    """T-type calcium channel: opens near -60 mV, and only after the cell was hyperpolarised.

    Source: Huguenard & McCormick 1992, J Neurophysiol 68:1373, as in Destexhe et al. 1998 (ModelDB 279, ITGHK).
    """

    ion = "ca"
    permeability = parameter(1.7e-5, "cm/s", "maximal permeability; soma of Destexhe et al. 1998")
    shift = parameter(-1.0, "mV", "screening of surface charge, and a correction of the recorded voltage")
    activation_q10 = parameter(2.5, "1", "how much faster activation is for 10 °C")
    inactivation_q10 = parameter(2.5, "1", "how much faster inactivation is for 10 °C")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Approach of both gates to their steady values."""
        u = v + self.shift
        opening = 0.612 + 1.0 / (exp(-(u + 132.0) / 16.7) + exp((u + 16.8) / 18.2))
        closing = where(u < -80.0, exp((u + 467.0) / 66.6), 28.0 + exp(-(u + 22.0) / 10.5))
        quicker = q10(self.activation_q10, temperature=temperature, reference=REFERENCE)
        faster = q10(self.inactivation_q10, temperature=temperature, reference=REFERENCE)
        return {
            "m": quicker * relax(1.0 / (1.0 + exp(-(u + 57.0) / 6.2)), opening),
            "h": faster * relax(1.0 / (1.0 + exp((u + 81.0) / 4.0)), closing),
        }

    def current(self, v: Any, ca_inside: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return ghk_current(
            v,
            permeability=self.permeability * self.m**2 * self.h,
            inside=ca_inside,
            outside=ca_outside,
            valence=2,
            temperature=temperature,
        )


class RelayCellCalciumPool(Mechanism):
    """Calcium in a shell under the membrane: what flows in stays for a few milliseconds.

    Source: Destexhe et al. 1998, J Neurosci 18:3574 (ModelDB 279, cadecay).
    """

    depth = parameter(0.7954, "um", "depth of the shell")
    decay = parameter(5.0, "ms", "time constant of removal")
    rest = parameter(2.4e-4, "mM", "concentration at rest")
    calcium = state_variable("calcium concentration in the shell", "mM", start=2.4e-4)

    def rates(self, i_ca: Any) -> dict[str, Any]:
        """Inflow, never outflow, and removal, mM/ms; 1e4 turns mA/cm2 per µm into mmol per litre per ms."""
        inflow = maximum(0.0, -1e4 * i_ca / (2.0 * FARADAY * self.depth))
        return {"calcium": inflow - (self.calcium - self.rest) / self.decay}

    def provides(self) -> dict[str, Any]:
        """The concentration that the membrane sees."""
        return {"ca_inside": self.calcium}
