"""The currents of the smallest regular-spiking cortical neuron: sodium, delayed rectifier, M-current.

Source: Pospischil et al. 2008, Biol Cybern 99:427, with the equations as in the authors' deposit
(ModelDB 123623). Sodium and potassium are those of Traub & Miles 1991 (Neuronal Networks of the Hippocampus),
moved along the voltage axis by `threshold` (V_T of the paper); temperature coefficients 3 and 2.3 from 36 °C.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid
from ..declare import gate, parameter
from ..laws import alpha_beta, relax
from ..mechanism import Channel

Rates = dict[str, Any]


class RegularSpikingSodium(Channel):
    """Fast sodium channel after Traub & Miles.

    Source: Pospischil et al. 2008, Biol Cybern 99:427 (ModelDB 123623, hh2).
    """

    ion = "na"
    conductance = parameter(0.05, "S/cm2", "maximal conductance")
    reversal = parameter(50.0, "mV", "sodium reversal potential")
    threshold = parameter(-55.0, "mV", "V_T, which sets the spike threshold")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Opening and closing of both gates, 1/ms."""
        faster, u = 3.0 ** ((temperature - 36.0) / 10.0), v - self.threshold
        return {
            "m": faster * alpha_beta(0.32 * 4.0 * linoid((13.0 - u) / 4.0), 0.28 * 5.0 * linoid((u - 40.0) / 5.0)),
            "h": faster * alpha_beta(0.128 * exp((17.0 - u) / 18.0), 4.0 / (1.0 + exp((40.0 - u) / 5.0))),
        }

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * (v - self.reversal)


class RegularSpikingPotassium(Channel):
    """Delayed rectifier after Traub & Miles.

    Source: Pospischil et al. 2008, Biol Cybern 99:427 (ModelDB 123623, hh2).
    """

    ion = "k"
    conductance = parameter(0.005, "S/cm2", "maximal conductance")
    reversal = parameter(-100.0, "mV", "potassium reversal potential")
    threshold = parameter(-55.0, "mV", "V_T, which sets the spike threshold")
    n = gate("activation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Opening and closing of the gate, 1/ms."""
        faster, u = 3.0 ** ((temperature - 36.0) / 10.0), v - self.threshold
        return {"n": faster * alpha_beta(0.032 * 5.0 * linoid((15.0 - u) / 5.0), 0.5 * exp((10.0 - u) / 40.0))}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n**4 * (v - self.reversal)


class RegularSpikingSlowPotassium(Channel):
    """M-current, which makes the train of spikes adapt.

    Source: Yamada, Koch & Adams 1989, as used by Pospischil et al. 2008 (ModelDB 123623, im).
    """

    ion = "k"
    conductance = parameter(7e-5, "S/cm2", "maximal conductance")
    reversal = parameter(-100.0, "mV", "potassium reversal potential")
    slowest = parameter(1000.0, "ms", "tau_max of the paper")
    p = gate("activation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of the gate to its steady value."""
        time_constant = self.slowest / (3.3 * exp((v + 35.0) / 20.0) + exp(-(v + 35.0) / 20.0))
        law = relax(1.0 / (1.0 + exp(-(v + 35.0) / 10.0)), time_constant)
        return {"p": 2.3 ** ((temperature - 36.0) / 10.0) * law}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.p * (v - self.reversal)
