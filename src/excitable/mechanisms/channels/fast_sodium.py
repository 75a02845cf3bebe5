"""Fast sodium channels of central neurons: they start the spike and inactivate within milliseconds."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid, maximum
from ...physics import q10
from ..declare import gate, parameter
from ..laws import alpha_beta, relax
from ..mechanism import Channel
from .barrier import barrier

Rates = dict[str, Any]


class CorticalSodium(Channel):
    """Fast sodium channel of neocortical pyramidal cells.

    Source: Mainen & Sejnowski 1996, Nature 382:363, with the equations as in the authors' deposit (ModelDB 2488):
    rates of 23 °C with a coefficient of 2.3, and a shift of -5 mV as in the figures (the deposit's own default is
    -10). The deposit multiplies the conductance too by 2.3 per 10 °C (3.21 at 37 °C): `conductance` is the one at the
    temperature of use.
    """

    ion = "na"
    conductance = parameter("64.2 pS/um2", "S/cm2", "maximal conductance at 37 °C; 20 pS/um2 at 23 °C")
    shift = parameter(-5.0, "mV", "how far all curves are moved to the right")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Opening and closing of both gates, 1/ms; the steady value of h is not that of its rates."""
        faster, u = q10(2.3, temperature=temperature, reference=23.0), v + self.shift
        activation = alpha_beta(0.182 * 9.0 * linoid(-(u + 35.0) / 9.0), 0.124 * 9.0 * linoid((u + 35.0) / 9.0))
        pace = alpha_beta(0.024 * 5.0 * linoid(-(u + 50.0) / 5.0), 0.0091 * 5.0 * linoid((u + 75.0) / 5.0))
        inactivation = relax(1.0 / (1.0 + exp((u + 65.0) / 6.2)), pace.time_constant)
        return {"m": faster * activation, "h": faster * inactivation}

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * (v - e_na)


class HippocampalSodium(Channel):
    """Fast sodium channel of hippocampal pyramidal cells, with the slow inactivation of their dendrites.

    Source: Migliore, Hoffman, Magee & Johnston 1999, J Comput Neurosci 7:5 (ModelDB 2796, na3): rates of 24 °C with a
    coefficient of 2, no faster than 0.02 ms (m), 0.5 ms (h) and 10 ms (s); the latter does not depend on temperature
    but through its charge.
    """

    ion = "na"
    conductance = parameter(0.032, "S/cm2", "maximal conductance")
    persistence = parameter(1.0, "1", "share of s that never closes: 1 in the soma, 0.5 in apical dendrites",
                            lowest=0.0, highest=1.0)  # fmt: skip
    m = gate("activation")
    h = gate("inactivation")
    s = gate("slow inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of the three gates to their steady values."""
        faster = q10(2.0, temperature=temperature, reference=24.0)
        opening, closing = 0.4 * 7.2 * linoid(-(v + 30.0) / 7.2), 0.124 * 7.2 * linoid((v + 30.0) / 7.2)
        inactivating, recovering = 0.03 * 1.5 * linoid(-(v + 45.0) / 1.5), 0.01 * 1.5 * linoid((v + 45.0) / 1.5)
        spared = 1.0 / (1.0 + exp((v + 58.0) / 2.0))
        _, slowness = barrier(v, temperature, half=-60.0, charge=12.0, part=0.2, rate=0.0003)
        return {
            "m": relax(opening / (opening + closing), maximum(1.0 / (faster * (opening + closing)), 0.02)),
            "h": relax(1.0 / (1.0 + exp((v + 50.0) / 4.0)), maximum(1.0 / (faster * (inactivating + recovering)), 0.5)),
            "s": relax(spared + self.persistence * (1.0 - spared), maximum(slowness, 10.0)),
        }

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * self.s * (v - e_na)


class FastSpikingSodium(Channel):
    """Fast sodium channel of hippocampal interneurons, whose activation follows the voltage at once.

    Source: Wang & Buzsáki 1996, J Neurosci 16:6402 (ModelDB 26997 and others). The factor of 5 makes the rates of the
    squid as fast as at body temperature; the paper gives no temperature coefficient.
    """

    ion = "na"
    conductance = parameter(0.035, "S/cm2", "maximal conductance")
    h = gate("inactivation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing of the gate, 1/ms."""
        return {"h": 5.0 * alpha_beta(0.07 * exp(-(v + 58.0) / 20.0), 1.0 / (1.0 + exp(-(v + 28.0) / 10.0)))}

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        activation = alpha_beta(linoid(-(v + 35.0) / 10.0), 4.0 * exp(-(v + 60.0) / 18.0)).steady
        return self.conductance * activation**3 * self.h * (v - e_na)
