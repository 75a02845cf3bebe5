"""T-type calcium channels: open below threshold, freed from inactivation by hyperpolarisation; they make bursts."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, where
from ...physics import ghk_current, q10
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel


class ThalamicTTypeCalcium(Channel):
    """T-type calcium channel of thalamic relay cells.

    Source: Huguenard & McCormick 1992, J Neurophysiol 68:1373; Destexhe et al. 1998, J Neurosci 18:3574 (ModelDB 279,
    itGHK), at 24 °C with coefficients of 5 (m) and 3 (h) from Coulter et al. 1989, J Physiol 414:587. The shift of 2
    mV is for 2 mM calcium outside. Half activation is at -57 mV and half inactivation at -81 mV in the voltage-clamp
    simulations, both 3 mV lower in those of current clamp. The time constant of inactivation jumps by the equations at
    -80 mV, from 334 to 278 ms.
    """

    ion = "ca"
    permeability = parameter(2e-4, "cm/s", "maximal permeability")
    shift = parameter(2.0, "mV", "by how much surface charge moves all curves to the left")
    activation_q10 = parameter(5.0, "1", "how much faster activation is for 10 °C")
    inactivation_q10 = parameter(3.0, "1", "how much faster inactivation is for 10 °C")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Approach of both gates to their steady values."""
        u = v + self.shift
        opening = 0.612 + 1.0 / (exp(-(u + 132.0) / 16.7) + exp((u + 16.8) / 18.2))
        inactivating = where(u < -80.0, exp((u + 467.0) / 66.6), 28.0 + exp(-(u + 22.0) / 10.5))
        m = relax(1.0 / (1.0 + exp(-(u + 57.0) / 6.2)), opening)
        h = relax(1.0 / (1.0 + exp((u + 81.0) / 4.0)), inactivating)
        return {
            "m": q10(self.activation_q10, temperature=temperature, reference=24.0) * m,
            "h": q10(self.inactivation_q10, temperature=temperature, reference=24.0) * h,
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


class ReticularTTypeCalcium(Channel):
    """T-type calcium channel of thalamic reticular cells: later, slower and longer than that of relay cells.

    Source: Huguenard & Prince 1992, J Neurosci 12:3804; Destexhe et al. 1996, J Neurosci 16:169 (ModelDB 3343, IT2),
    at 24 °C with coefficients of 2.5, and with the driving force of Ohm's law. The curves are those at 2 mM calcium
    outside, 2 mV to the right of the measured ones.
    """

    ion = "ca"
    conductance = parameter("3 mS/cm2", "S/cm2", "maximal conductance")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Approach of both gates to their steady values."""
        faster = q10(2.5, temperature=temperature, reference=24.0)
        opening = 3.0 + 1.0 / (exp((v + 25.0) / 10.0) + exp(-(v + 100.0) / 15.0))
        inactivating = 85.0 + 1.0 / (exp((v + 46.0) / 4.0) + exp(-(v + 405.0) / 50.0))
        return {
            "m": faster * relax(1.0 / (1.0 + exp(-(v + 50.0) / 7.4)), opening),
            "h": faster * relax(1.0 / (1.0 + exp((v + 78.0) / 5.0)), inactivating),
        }

    def current(self, v: Any, e_ca: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**2 * self.h * (v - e_ca)
