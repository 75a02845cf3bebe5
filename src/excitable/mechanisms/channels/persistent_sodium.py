"""Persistent sodium channels: a small current below threshold that does not, or hardly, inactivate."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, where
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel


class PacemakerPersistentSodium(Channel):
    """Persistent sodium current of the respiratory pacemaker: its inactivation over ten seconds paces the bursts.

    Source: Butera, Rinzel & Smith 1999, J Neurophysiol 82:382, model 1; 2.8 nS on 21 pF, at 1 µF/cm2. The paper gives
    no temperature coefficient.
    """

    ion = "na"
    conductance = parameter(1.333e-4, "S/cm2", "maximal conductance")
    h = gate("slow inactivation")

    def rates(self, v: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value; the time constant is 10 s over cosh."""
        u = (v + 48.0) / 12.0
        return {"h": relax(1.0 / (1.0 + exp((v + 48.0) / 6.0)), 2e4 / (exp(u) + exp(-u)))}

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.h / (1.0 + exp(-(v + 40.0) / 6.0)) * (v - e_na)


class CorticalPersistentSodium(Channel):
    """Persistent sodium current of neocortical and thalamic cells, which never inactivates.

    Source: Traub et al. 2003, J Neurophysiol 89:909, table A2 (ModelDB 20756; the copies there and elsewhere agree).
    The paper gives no temperature coefficient.
    """

    ion = "na"
    conductance = parameter("0.2 mS/cm2", "S/cm2", "maximal conductance")
    m = gate("activation")

    def rates(self, v: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value; the time constant has one tip, at -40 mV."""
        time_constant = where(v < -40.0, 0.025 + 0.14 * exp((v + 40.0) / 10.0), 0.02 + 0.145 * exp(-(v + 40.0) / 10.0))
        return {"m": relax(1.0 / (1.0 + exp(-(v + 48.0) / 10.0)), time_constant)}

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m * (v - e_na)
