"""The currents of the thick-tufted layer-5b pyramidal cell of the rat neocortex.

Source: Hay, Hill, Schürmann, Markram & Segev 2011, PLoS Comput Biol 7:e1002107, with the equations as in the
authors' deposit (ModelDB 139653). Channels scaled from 21 °C have a coefficient of 2.3 per 10 °C and ran
at 34 °C; the others do not depend on temperature in the deposit. Each class names the recordings behind it.
"""

from __future__ import annotations

from typing import Any

from ...constants import FARADAY
from ...expressions import exp, linoid, maximum, where
from ..declare import gate, parameter, state_variable
from ..laws import AlphaBeta, alpha_beta, relax
from ..mechanism import Channel, Mechanism

Rates = dict[str, Any]


def faster(temperature: Any) -> Any:
    """How much faster than at 21 °C."""
    return 2.3 ** ((temperature - 21.0) / 10.0)


def sodium_activation(v: Any) -> AlphaBeta:
    """Opening and closing of the sodium activation gate at 21 °C, 1/ms."""
    return alpha_beta(0.182 * 6.0 * linoid(-(v + 38.0) / 6.0), 0.124 * 6.0 * linoid((v + 38.0) / 6.0))


class PyramidalTransientSodium(Channel):
    """Fast, inactivating sodium channel of soma, axon and apical dendrite (NaTa_t).

    Source: Colbert & Pan 2002, Nat Neurosci, as used by Hay et al. 2011 (ModelDB 139653, NaTa_t).
    """

    ion = "na"
    conductance = parameter(2.04, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Opening and closing of both gates, 1/ms."""
        inactivation = alpha_beta(0.015 * 6.0 * linoid((v + 66.0) / 6.0), 0.015 * 6.0 * linoid(-(v + 66.0) / 6.0))
        return {"m": faster(temperature) * sodium_activation(v), "h": faster(temperature) * inactivation}

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * (v - e_na)


class PyramidalPersistentSodium(Channel):
    """Sodium channel that inactivates over seconds, six times slower to open than the transient (Nap_Et2).

    Source: Magistretti & Alonso 1999, J Gen Physiol, as used by Hay et al. 2011 (ModelDB 139653, Nap_Et2).
    """

    ion = "na"
    conductance = parameter(0.00172, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    m = gate("activation")
    h = gate("slow inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values."""
        slow = alpha_beta(2.88e-6 * 4.63 * linoid((v + 17.0) / 4.63), 6.94e-6 * 2.63 * linoid(-(v + 64.4) / 2.63))
        activation = relax(1.0 / (1.0 + exp(-(v + 52.6) / 4.6)), 6.0 * sodium_activation(v).time_constant)
        inactivation = relax(1.0 / (1.0 + exp((v + 48.8) / 10.0)), slow.time_constant)
        return {"m": faster(temperature) * activation, "h": faster(temperature) * inactivation}

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * (v - e_na)


class PyramidalTransientPotassium(Channel):
    """Fast-inactivating potassium channel (K_Tst), shifted by -10 mV for the junction potential.

    Source: Korngreen & Sakmann 2000, J Physiol, as used by Hay et al. 2011 (ModelDB 139653, K_Tst).
    """

    ion = "k"
    conductance = parameter(0.0812, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values."""
        activation = relax(1.0 / (1.0 + exp(-(v + 10.0) / 19.0)), 0.34 + 0.92 * exp(-(((v + 81.0) / 59.0) ** 2)))
        inactivation = relax(1.0 / (1.0 + exp((v + 76.0) / 10.0)), 8.0 + 49.0 * exp(-(((v + 83.0) / 23.0) ** 2)))
        return {"m": faster(temperature) * activation, "h": faster(temperature) * inactivation}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**4 * self.h * (v - e_k)


class PyramidalPersistentPotassium(Channel):
    """Slowly inactivating potassium channel (K_Pst), shifted by -10 mV for the junction potential.

    Source: Korngreen & Sakmann 2000, J Physiol, as used by Hay et al. 2011 (ModelDB 139653, K_Pst).
    """

    ion = "k"
    conductance = parameter(0.00223, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values; the activation is slowest at -60 mV."""
        excess = where(v < -60.0, 175.03 * exp(0.026 * (v + 10.0)), 13.0 * exp(-0.026 * (v + 10.0)))
        slowness = 360.0 + (1010.0 + 24.0 * (v + 65.0)) * exp(-(((v + 85.0) / 48.0) ** 2))
        activation = relax(1.0 / (1.0 + exp(-(v + 11.0) / 12.0)), 1.25 + excess)
        inactivation = relax(1.0 / (1.0 + exp((v + 64.0) / 11.0)), slowness)
        return {"m": faster(temperature) * activation, "h": faster(temperature) * inactivation}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**2 * self.h * (v - e_k)


class PyramidalFastPotassium(Channel):
    """Kv3.1 channel, which ends the spike (SKv3_1).

    Source: Rettig et al. 1992, EMBO J 11:2473, as used by Hay et al. 2011 (ModelDB 139653, SKv3_1).
    """

    ion = "k"
    conductance = parameter(0.693, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    m = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Approach of the gate to its steady value."""
        steady = 1.0 / (1.0 + exp(-(v - 18.7) / 9.7))
        return {"m": relax(steady, 4.0 / (1.0 + exp(-(v + 46.56) / 44.14)))}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m * (v - e_k)


class PyramidalMuscarinicPotassium(Channel):
    """M-current of the apical dendrite (Im).

    Source: Adams, Brown & Constanti 1982, J Physiol, as used by Hay et al. 2011 (ModelDB 139653, Im).
    """

    ion = "k"
    conductance = parameter(6.75e-5, "S/cm2", "maximal conductance; apical tree of Hay et al. 2011, fig 4")
    m = gate("activation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Opening and closing of the gate, 1/ms."""
        law = alpha_beta(0.0033 * exp(0.1 * (v + 35.0)), 0.0033 * exp(-0.1 * (v + 35.0)))
        return {"m": faster(temperature) * law}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m * (v - e_k)


class PyramidalCalciumPotassium(Channel):
    """Small-conductance potassium channel opened by calcium inside, half at 0.43 µM (SK_E2).

    Source: Köhler et al. 1996, Science, as used by Hay et al. 2011 (ModelDB 139653, SK_E2).
    """

    ion = "k"
    conductance = parameter(0.0441, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    z = gate("fraction opened by calcium")

    def rates(self, ca_inside: Any) -> Rates:
        """Approach of the gate to its steady value within 1 ms."""
        return {"z": relax(1.0 / (1.0 + (0.00043 / maximum(ca_inside, 1e-7)) ** 4.8), 1.0)}

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.z * (v - e_k)


class PyramidalHighThresholdCalcium(Channel):
    """High-voltage-activated calcium channel (Ca_HVA).

    Source: Reuveni, Friedman, Amitai & Gutnick 1993, J Neurosci 13:4609, as used by Hay et al. 2011
    (ModelDB 139653, Ca_HVA).
    """

    ion = "ca"
    conductance = parameter(0.000992, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing of both gates, 1/ms."""
        return {
            "m": alpha_beta(0.055 * 3.8 * linoid(-(v + 27.0) / 3.8), 0.94 * exp(-(v + 75.0) / 17.0)),
            "h": alpha_beta(0.000457 * exp(-(v + 13.0) / 50.0), 0.0065 / (1.0 + exp(-(v + 15.0) / 28.0))),
        }

    def current(self, v: Any, e_ca: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**2 * self.h * (v - e_ca)


class PyramidalLowThresholdCalcium(Channel):
    """Low-voltage-activated calcium channel (Ca_LVAst), shifted by -10 mV for the junction potential.

    Source: Avery & Johnston 1996, time constants after Randall & Tsien 1997, as used by Hay et al. 2011
    (ModelDB 139653, Ca_LVAst).
    """

    ion = "ca"
    conductance = parameter(0.00343, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values."""
        activation = relax(1.0 / (1.0 + exp(-(v + 40.0) / 6.0)), 5.0 + 20.0 / (1.0 + exp((v + 35.0) / 5.0)))
        inactivation = relax(1.0 / (1.0 + exp((v + 90.0) / 6.4)), 20.0 + 50.0 / (1.0 + exp((v + 50.0) / 7.0)))
        return {"m": faster(temperature) * activation, "h": faster(temperature) * inactivation}

    def current(self, v: Any, e_ca: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**2 * self.h * (v - e_ca)


class PyramidalHyperpolarisation(Channel):
    """Mixed cation channel opened by hyperpolarisation, HCN (Ih).

    Source: Kole, Hallermann & Stuart 2006, J Neurosci, as used by Hay et al. 2011 (ModelDB 139653, Ih).
    """

    conductance = parameter(0.0002, "S/cm2", "maximal conductance; soma of Hay et al. 2011, fig 4")
    reversal = parameter(-45.0, "mV", "reversal potential")
    m = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Opening and closing of the gate, 1/ms."""
        return {"m": alpha_beta(0.00643 * 11.9 * linoid((v + 154.9) / 11.9), 0.193 * exp(v / 33.1))}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m * (v - self.reversal)


class PyramidalCalciumPool(Mechanism):
    """Calcium in a shell under the membrane: a share of what flows in, removed exponentially (CaDynamics_E2).

    Source: Destexhe et al. 1994, J Neurophysiol, as used by Hay et al. 2011 (ModelDB 139653, CaDynamics_E2).
    """

    free = parameter(0.000501, "1", "share of the calcium that stays free; soma of Hay et al. 2011, fig 4")
    decay = parameter(460.0, "ms", "time constant of removal; soma of Hay et al. 2011, fig 4")
    depth = parameter(0.1, "um", "depth of the shell")
    rest = parameter(1e-4, "mM", "concentration at rest")
    calcium = state_variable("calcium concentration in the shell", "mM", start=1e-4)

    def rates(self, i_ca: Any) -> Rates:
        """Inflow and removal, mM/ms; 1e4 turns mA/cm2 per µm into mmol per litre per ms."""
        inflow = -1e4 * self.free * i_ca / (2.0 * FARADAY * self.depth)
        return {"calcium": inflow - (self.calcium - self.rest) / self.decay}

    def provides(self) -> dict[str, Any]:
        """The concentration that the membrane sees."""
        return {"ca_inside": self.calcium}
