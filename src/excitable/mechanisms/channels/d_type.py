"""D-type potassium channels (Kv1): open below threshold like the A-type, inactivate a hundred times more slowly."""

from __future__ import annotations

from typing import Any

from ...expressions import exp
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel


class DTypePotassium(Channel):
    """D-type potassium channel of fast-spiking cortical interneurons: it delays the first spike and makes them stutter.

    Source: Golomb et al. 2007, PLoS Comput Biol 3:e156 (ModelDB 97747), after the current that Storm 1988, Nature
    336:379, found. The paper gives no temperature coefficient.
    """

    ion = "k"
    conductance = parameter("0.39 mS/cm2", "S/cm2", "maximal conductance; 1.8 mS/cm2 makes the cell stutter")
    a = gate("activation")
    b = gate("slow inactivation")

    def rates(self, v: Any) -> dict[str, Any]:
        """Approach of both gates to their steady values."""
        return {
            "a": relax(1.0 / (1.0 + exp(-(v + 50.0) / 20.0)), 2.0),
            "b": relax(1.0 / (1.0 + exp((v + 70.0) / 6.0)), 150.0),
        }

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.a**3 * self.b * (v - e_k)
