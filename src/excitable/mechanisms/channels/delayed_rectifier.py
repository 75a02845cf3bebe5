"""Delayed rectifiers: potassium channels that open late in the spike and end it."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid, maximum
from ...physics import q10
from ..declare import gate, parameter
from ..laws import alpha_beta, relax
from ..mechanism import Channel
from .barrier import barrier


class CorticalDelayedRectifier(Channel):
    """Delayed rectifier of neocortical pyramidal cells.

    Source: Mainen & Sejnowski 1996, Nature 382:363 (ModelDB 2488, kv): rates of 23 °C with a coefficient of 2.3. As
    for `CorticalSodium`, `conductance` is the one at the temperature of use.
    """

    ion = "k"
    conductance = parameter("642 pS/um2", "S/cm2", "maximal conductance at 37 °C; 200 pS/um2 at 23 °C")
    n = gate("activation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of the gate, 1/ms."""
        law = alpha_beta(0.02 * 9.0 * linoid(-(v - 25.0) / 9.0), 0.002 * 9.0 * linoid((v - 25.0) / 9.0))
        return {"n": q10(2.3, temperature=temperature, reference=23.0) * law}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n * (v - e_k)


class HippocampalDelayedRectifier(Channel):
    """Delayed rectifier of hippocampal pyramidal cells, never faster than 2 ms.

    Source: Migliore, Hoffman, Magee & Johnston 1999, J Comput Neurosci 7:5, with Klee, Ficker & Heinemann 1995
    (ModelDB 2796, kdrca1). The temperature enters through the charge of the gate alone: the coefficient is 1.
    """

    ion = "k"
    conductance = parameter(0.01, "S/cm2", "maximal conductance")
    n = gate("activation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value."""
        steady, time_constant = barrier(v, temperature, half=13.0, charge=-3.0, part=0.7, rate=0.02)
        return {"n": relax(steady, maximum(time_constant, 2.0))}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n * (v - e_k)


class FastSpikingDelayedRectifier(Channel):
    """Delayed rectifier of hippocampal interneurons.

    Source: Wang & Buzsáki 1996, J Neurosci 16:6402 (ModelDB 26997 and others). The factor of 5 makes the rates of the
    squid as fast as at body temperature; the paper gives no temperature coefficient.
    """

    ion = "k"
    conductance = parameter(0.009, "S/cm2", "maximal conductance")
    n = gate("activation")

    def rates(self, v: Any) -> dict[str, Any]:
        """Opening and closing of the gate, 1/ms."""
        return {"n": 5.0 * alpha_beta(0.1 * linoid(-(v + 34.0) / 10.0), 0.125 * exp(-(v + 44.0) / 80.0))}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n**4 * (v - e_k)
