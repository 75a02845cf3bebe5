"""Calcium channels of high threshold: L, N, P, Q and R, told apart by toxins, kinetics and where they are half open.

All carry current by the constant-field equation: at 20000 to 1, calcium is too far from equilibrium for Ohm's law.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid, maximum, minimum, where
from ...physics import ghk_current, q10
from ..declare import gate, parameter
from ..laws import alpha_beta, relax
from ..mechanism import Channel

Rates = dict[str, Any]


def calcium_current(v: Any, permeability: Any, inside: Any, outside: Any, temperature: Any) -> Any:
    """The current of calcium through a constant field, mA/cm2, for a permeability in cm/s.

    >>> round(calcium_current(0.0, 1e-4, 5e-5, 2.0, 37.0), 4)
    -0.0386
    """
    return ghk_current(v, permeability=permeability, inside=inside, outside=outside, valence=2, temperature=temperature)


class LTypeCalcium(Channel):
    """L-type calcium channel of hippocampal and thalamic cells: high threshold, no inactivation by voltage.

    Source: Kay & Wong 1987, J Physiol 392:603, at 21 °C, as written in McCormick & Huguenard 1992, J Neurophysiol
    68:1384, with a coefficient of 3 (ModelDB 3808 and 140249). The steady value is that of the rates, half open at
    -14.0 mV; the copy in ModelDB 3808 puts 1/(1 + exp(-(v + 10)/10)) in its place.
    """

    ion = "ca"
    permeability = parameter(2.76e-4, "cm/s", "maximal permeability")
    m = gate("activation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Opening and closing of the gate, 1/ms."""
        faster = q10(3.0, temperature=temperature, reference=21.0)
        closing = 0.02 * 5.36 * linoid((v - 1.31) / 5.36)
        return {"m": faster * alpha_beta(1.6 / (1.0 + exp(-0.072 * (v - 5.0))), closing)}

    def current(self, v: Any, ca_inside: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return calcium_current(v, self.permeability * self.m**2, ca_inside, ca_outside, temperature)


class SubthresholdLTypeCalcium(Channel):
    """L-type calcium channel CaV1.3 of striatal spiny cells, which opens 20 mV before the other L-types.

    Source: Wolf et al. 2005, J Neurosci 25:9080 (ModelDB 112834, caL13): Xu & Lipscombe 2001, J Neurosci 21:5944
    (activation); Kasai & Neher 1992, J Physiol 448:161 (its time constant); Bell et al. 2001, J Neurophysiol 85:816
    (inactivation). Rates of 22 °C, three times faster at 35 °C in the paper: a coefficient of 2.33.
    """

    ion = "ca"
    permeability = parameter(1.7e-6, "cm/s", "maximal permeability")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values."""
        faster = striatal_pace(temperature)
        pace = 0.0398 * 9.005 * linoid((v + 8.124) / 9.005) + 0.99 * exp(v / 31.4)
        return {
            "m": faster * relax(1.0 / (1.0 + exp(-(v + 33.0) / 6.7)), 1.0 / pace),
            "h": faster * relax(1.0 / (1.0 + exp((v + 13.4) / 11.9)), 44.3),
        }

    def current(self, v: Any, ca_inside: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return calcium_current(v, self.permeability * self.m**2 * self.h, ca_inside, ca_outside, temperature)


class NTypeCalcium(Channel):
    """N-type calcium channel of striatal spiny cells; a fifth of it inactivates.

    Source: Wolf et al. 2005, J Neurosci 25:9080 (ModelDB 112834, can): Churchill & MacVicar 1998, J Neurophysiol
    79:635 (activation); Kasai & Neher 1992, J Physiol 448:161 (its time constant); McNaughton & Randall 1997,
    Neuropharmacology 36:895 (inactivation). Rates of 22 °C, three times faster at 35 °C: a coefficient of 2.33.
    """

    ion = "ca"
    permeability = parameter(1e-5, "cm/s", "maximal permeability")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values."""
        faster = striatal_pace(temperature)
        pace = 0.03856 * 15.22 * linoid((v + 17.19) / 15.22) + 0.3842 * exp(v / 23.82)
        return {
            "m": faster * relax(1.0 / (1.0 + exp(-(v + 8.7) / 7.4)), 1.0 / pace),
            "h": faster * relax(1.0 / (1.0 + exp((v + 74.8) / 6.5)), 70.0),
        }

    def current(self, v: Any, ca_inside: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        open_share = self.m**2 * (0.21 * self.h + 0.79)
        return calcium_current(v, self.permeability * open_share, ca_inside, ca_outside, temperature)


class PTypeCalcium(Channel):
    """P-type calcium channel of cerebellar Purkinje cells.

    Source: Khaliq, Gouwens & Raman 2003, J Neurosci 23:4899 (ModelDB 48332, cap), measured at 22 °C. The paper gives
    no temperature coefficient. The time constant jumps by the equations at -50 mV, from 1.0 to 3.6 ms; Gaussian above,
    exponential below.
    """

    ion = "ca"
    permeability = parameter(5e-5, "cm/s", "maximal permeability")
    m = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Approach of the gate to its steady value."""
        above = 0.191 + 3.76 * exp(-(((v + 41.9) / 27.8) ** 2))
        below = 0.26367 + 127.8 * exp(0.10327 * v)
        return {"m": relax(1.0 / (1.0 + exp(-(v + 19.0) / 5.5)), where(v > -50.0, above, below))}

    def current(self, v: Any, ca_inside: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return calcium_current(v, self.permeability * self.m, ca_inside, ca_outside, temperature)


class QTypeCalcium(Channel):
    """Q-type calcium channel of striatal spiny cells; it does not inactivate within a second.

    Source: Wolf et al. 2005, J Neurosci 25:9080 (ModelDB 112834, caq): Churchill & MacVicar 1998, J Neurophysiol
    79:635 (activation); Randall & Tsien 1995, J Neurosci 15:2995 (time constant). Rates of 22 °C, three times faster
    at 35 °C: a coefficient of 2.33.
    """

    ion = "ca"
    permeability = parameter(6e-6, "cm/s", "maximal permeability")
    m = gate("activation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of the gate to its steady value."""
        return {"m": striatal_pace(temperature) * relax(1.0 / (1.0 + exp(-(v + 9.0) / 6.6)), 1.13)}

    def current(self, v: Any, ca_inside: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return calcium_current(v, self.permeability * self.m**2, ca_inside, ca_outside, temperature)


class RTypeCalcium(Channel):
    """R-type calcium channel of striatal spiny cells: what the toxins of the others leave.

    Source: Wolf et al. 2005, J Neurosci 25:9080 (ModelDB 112834, car): Churchill & MacVicar 1998, J Neurophysiol
    79:635 (activation); Foehring et al. 2000, J Neurophysiol 84:2225 (its time constant, inactivation); Brevi, de
    Curtis & Magistretti 2001, J Neurophysiol 85:2076, fig 11 (time constant of inactivation, straight lines between
    -30 and 20 mV). Rates of 22 °C, three times faster at 35 °C: a coefficient of 2.33.
    """

    ion = "ca"
    permeability = parameter(2.6e-5, "cm/s", "maximal permeability")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values."""
        faster = striatal_pace(temperature)
        # 100, 65, 35, 30, 20 ms at -30, -20, -10, 0, 10 mV.
        falls = ((-30.0, 3.5), (-20.0, 3.0), (-10.0, 0.5), (0.0, 1.0))
        slowness = 100.0 - sum(slope * minimum(maximum(v - start, 0.0), 10.0) for start, slope in falls)
        return {
            "m": faster * relax(1.0 / (1.0 + exp(-(v + 10.3) / 6.6)), 5.1),
            "h": faster * relax(1.0 / (1.0 + exp((v + 33.3) / 17.0)), slowness),
        }

    def current(self, v: Any, ca_inside: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return calcium_current(v, self.permeability * self.m**3 * self.h, ca_inside, ca_outside, temperature)


def striatal_pace(temperature: Any) -> Any:
    """How much faster than at 22 °C: three times at 35 °C (Wolf et al. 2005).

    >>> round(striatal_pace(35.0), 12)
    3.0
    """
    return q10(3.0 ** (10.0 / 13.0), temperature=temperature, reference=22.0)
