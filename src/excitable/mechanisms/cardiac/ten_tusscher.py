"""The human ventricular cell of ten Tusscher & Panfilov: its currents, and the concentrations that they change.

The papers give currents in pA/pF of a cell of 185 pF: at 1 µF/cm² that is 18 500 µm² of membrane, and 1 pA/pF is
1e-3 mA/cm². Time constants are those at 37 °C, as in the papers; nothing here depends on the temperature but the
reversal potentials and the constant-field terms.

Source: ten Tusscher & Panfilov 2006, Am J Physiol Heart Circ Physiol 291:H1088, with the currents taken over from ten
Tusscher, Noble, Noble & Panfilov 2004, Am J Physiol Heart Circ Physiol 286:H1573.
"""

from __future__ import annotations

from typing import Any

from ...constants import FARADAY
from ...expressions import exp, exprel, sqrt, where
from ...physics import nernst, thermal_voltage
from ..declare import gate, parameter, state_variable
from ..laws import relax
from ..mechanism import Channel, Mechanism

Rates = dict[str, Any]
# mA/cm² of 1 pA/pF, at 1 µF/cm².
PER_PICOFARAD = 1e-3


def _step(v: Any, half: float, width: float) -> Any:
    """1 far above `half` and 0 far below it, or the other way round where the width is negative."""
    return 1.0 / (1.0 + exp((half - v) / width))


class VentricularSodium(Channel):
    """Fast sodium current, with a fast and a slow inactivation. Source: ten Tusscher et al. 2004, p H1587."""

    ion = "na"
    conductance = parameter(14.838e-3, "S/cm2", "maximal conductance")
    m = gate("activation")
    h = gate("fast inactivation")
    j = gate("slow inactivation")

    def rates(self, v: Any) -> Rates:
        """Approach of the gates to their steady values; both inactivations have the same."""
        fast = 0.1 / (1.0 + exp((v + 35.0) / 5.0)) + 0.1 / (1.0 + exp((v - 50.0) / 200.0))
        below = v < -40.0
        h_in = 2.7 * exp(0.079 * v) + 3.1e5 * exp(0.3485 * v)
        h_rate = where(below, 0.057 * exp(-(v + 80.0) / 6.8) + h_in, 0.77 / (0.13 * (1.0 + exp(-(v + 10.66) / 11.1))))
        j_out = (-2.5428e4 * exp(0.2444 * v) - 6.948e-6 * exp(-0.04391 * v)) * (v + 37.78)
        j_low = j_out / (1.0 + exp(0.311 * (v + 79.23)))
        j_low = j_low + 0.02424 * exp(-0.01052 * v) / (1.0 + exp(-0.1378 * (v + 40.14)))
        j_rate = where(below, j_low, 0.6 * exp(0.057 * v) / (1.0 + exp(-0.1 * (v + 32.0))))
        ready = _step(v, -71.55, -7.43) ** 2
        return {
            "m": relax(_step(v, -56.86, 9.03) ** 2, _step(v, -60.0, 5.0) * fast),
            "h": relax(ready, 1.0 / h_rate),
            "j": relax(ready, 1.0 / j_rate),
        }

    def current(self, v: Any, e_na: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**3 * self.h * self.j * (v - e_na)


class VentricularCalcium(Channel):
    """L-type calcium current into the subspace, which inactivates it. Source: ten Tusscher & Panfilov 2006, p H1098.

    The time constant of f2 is that of the authors' program, 562 exp(-(v + 27)²/240) + …; the paper prints 600 and 170.
    """

    ion = "ca"
    faces = "subspace"
    permeability = parameter(3.98e-5, "1", "maximal conductance, cm3/(uF s)")
    d = gate("activation")
    f = gate("slow inactivation")
    f2 = gate("fast inactivation")
    f_calcium = gate("inactivation by calcium of the subspace")

    def rates(self, v: Any, ca_subspace: Any) -> Rates:
        """Approach of the gates to their steady values."""
        bound = 1.0 + (ca_subspace / 0.05) ** 2
        d_tau = (1.4 * _step(v, -35.0, 13.0) + 0.25) * 1.4 * _step(v, -5.0, -5.0) + _step(v, 50.0, 20.0)
        f_tau = 1102.5 * exp(-((v + 27.0) ** 2) / 225.0) + 200.0 * _step(v, 13.0, 10.0) + 180.0 * _step(v, -30.0, -10.0)
        f2_tau = 562.0 * exp(-((v + 27.0) ** 2) / 240.0) + 31.0 * _step(v, 25.0, 10.0) + 80.0 * _step(v, -30.0, -10.0)
        return {
            "d": relax(_step(v, -8.0, 7.5), d_tau),
            "f": relax(_step(v, -20.0, -7.0), f_tau + 20.0),
            "f2": relax(0.67 * _step(v, -35.0, -7.0) + 0.33, f2_tau),
            "f_calcium": relax(0.6 / bound + 0.4, 80.0 / bound + 2.0),
        }

    def current(self, v: Any, ca_subspace: Any, ca_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2: constant field, 15 mV to the right."""
        z = 2.0 * (v - 15.0) / thermal_voltage(temperature)
        field = (0.25 * ca_subspace * exp(z) - ca_outside) / exprel(z)
        open_ = self.d * self.f * self.f2 * self.f_calcium
        return PER_PICOFARAD * (self.permeability * 2.0 * FARADAY) * open_ * field


class VentricularTransientOutward(Channel):
    """Transient outward potassium current of epicardium and middle. Source: ten Tusscher et al. 2004, p H1588."""

    ion = "k"
    conductance = parameter(0.294e-3, "S/cm2", "maximal conductance")
    r = gate("activation")
    s = gate("inactivation")

    def inactivation(self, v: Any) -> Any:
        """The law of the slow gate, which differs across the wall."""
        tau = 85.0 * exp(-((v + 45.0) ** 2) / 320.0) + 5.0 * _step(v, 20.0, -5.0) + 3.0
        return relax(_step(v, -20.0, -5.0), tau)

    def rates(self, v: Any) -> Rates:
        """Approach of the gates to their steady values."""
        return {
            "r": relax(_step(v, 20.0, 6.0), 9.5 * exp(-((v + 40.0) ** 2) / 1800.0) + 0.8),
            "s": self.inactivation(v),
        }

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.r * self.s * (v - e_k)


class EndocardialTransientOutward(VentricularTransientOutward):
    """Transient outward potassium current of the endocardium. Source: ten Tusscher et al. 2004, p H1588."""

    conductance = parameter(0.073e-3, "S/cm2", "maximal conductance")

    def inactivation(self, v: Any) -> Any:
        """Slower than elsewhere, and at lower voltages."""
        return relax(_step(v, -28.0, -5.0), 1000.0 * exp(-((v + 67.0) ** 2) / 1000.0) + 8.0)


class VentricularSlowPotassium(Channel):
    """Slow delayed rectifier, which lets some sodium through. Source: ten Tusscher & Panfilov 2006, p H1099."""

    ion = "k"
    conductance = parameter(0.392e-3, "S/cm2", "maximal conductance; a quarter in the middle of the wall")
    leaky = parameter(0.03, "1", "permeability of sodium over that of potassium")
    x = gate("activation")

    def rates(self, v: Any) -> Rates:
        """Approach of the gate to its steady value."""
        return {
            "x": relax(_step(v, -5.0, 14.0), 1400.0 / sqrt(1.0 + exp((5.0 - v) / 6.0)) * _step(v, 35.0, -15.0) + 80.0)
        }

    def current(self, v: Any, k_inside: Any, k_outside: Any, na_inside: Any, na_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        inside, outside = k_inside + self.leaky * na_inside, k_outside + self.leaky * na_outside
        return self.conductance * self.x**2 * (v - nernst(inside, outside, temperature=temperature))


class VentricularRapidPotassium(Channel):
    """Rapid delayed rectifier. Source: ten Tusscher et al. 2004, p H1589."""

    ion = "k"
    conductance = parameter(0.153e-3, "S/cm2", "maximal conductance, at 5.4 mM potassium outside")
    x1 = gate("activation")
    x2 = gate("inactivation")

    def rates(self, v: Any) -> Rates:
        """Approach of the gates to their steady values."""
        return {
            "x1": relax(_step(v, -26.0, 7.0), 2700.0 * _step(v, -45.0, 10.0) * _step(v, -30.0, -11.5)),
            "x2": relax(_step(v, -88.0, -24.0), 3.36 * _step(v, -60.0, 20.0) * _step(v, 60.0, -20.0)),
        }

    def current(self, v: Any, e_k: Any, k_outside: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * sqrt(k_outside / 5.4) * self.x1 * self.x2 * (v - e_k)


class VentricularInwardRectifier(Channel):
    """Inward rectifier that holds the rest. Source: ten Tusscher et al. 2004, p H1590."""

    ion = "k"
    conductance = parameter(5.405e-3, "S/cm2", "maximal conductance, at 5.4 mM potassium outside")

    def current(self, v: Any, e_k: Any, k_outside: Any) -> Any:
        """Outward current density, mA/cm2."""
        u = v - e_k
        a = 0.1 / (1.0 + exp(0.06 * (u - 200.0)))
        b = (3.0 * exp(2e-4 * (u + 100.0)) + exp(0.1 * (u - 10.0))) / (1.0 + exp(-0.5 * u))
        return self.conductance * sqrt(k_outside / 5.4) * (a / (a + b)) * u


class VentricularPlateauPotassium(Channel):
    """Potassium current of the plateau. Source: ten Tusscher et al. 2004, p H1591."""

    ion = "k"
    conductance = parameter(0.0146e-3, "S/cm2", "maximal conductance")

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * _step(v, 25.0, 5.98) * (v - e_k)


class VentricularBackground(Channel):
    """Background currents of sodium and calcium. Source: ten Tusscher et al. 2004, p H1591."""

    sodium = parameter(0.00029e-3, "S/cm2", "conductance for sodium")
    calcium = parameter(0.000592e-3, "S/cm2", "conductance for calcium")

    def current(self, v: Any, e_na: Any, e_ca: Any) -> Any:
        """Outward current densities by ion, mA/cm2."""
        return {"na": self.sodium * (v - e_na), "ca": self.calcium * (v - e_ca)}


class VentricularExchanger(Channel):
    """Sodium-calcium exchange, 3 : 1. Source: ten Tusscher et al. 2004, p H1590."""

    largest = parameter(1000.0 * PER_PICOFARAD, "mA/cm2", "maximal current")
    partition = parameter(0.35, "1", "place of the barrier in the field")
    saturation = parameter(0.1, "1", "saturation at negative voltages")
    calcium_factor = parameter(2.5, "1", "factor on the outward calcium")

    def current(
        self, v: Any, na_inside: Any, na_outside: Any, ca_inside: Any, ca_outside: Any, temperature: Any
    ) -> Any:
        """Outward current densities by ion, mA/cm2."""
        e = v / thermal_voltage(temperature)
        forward, back = exp(self.partition * e), exp((self.partition - 1.0) * e)
        moved = forward * na_inside**3 * ca_outside - back * na_outside**3 * ca_inside * self.calcium_factor
        below = (87.5**3 + na_outside**3) * (1.38 + ca_outside) * (1.0 + self.saturation * back)
        net = self.largest * moved / below
        return {"na": 3.0 * net, "ca": -2.0 * net}


class VentricularSodiumPump(Channel):
    """Sodium-potassium pump, 3 : 2. Source: ten Tusscher et al. 2004, p H1590; maximum of the 2006 paper."""

    largest = parameter(2.724 * PER_PICOFARAD, "mA/cm2", "maximal current")

    def current(self, v: Any, na_inside: Any, k_outside: Any, temperature: Any) -> Any:
        """Outward current densities by ion, mA/cm2."""
        e = v / thermal_voltage(temperature)
        bound = k_outside / (k_outside + 1.0) * (na_inside / (na_inside + 40.0))
        net = self.largest * bound / (1.0 + 0.1245 * exp(-0.1 * e) + 0.0353 * exp(-1.0 * e))
        return {"na": 3.0 * net, "k": -2.0 * net}


class VentricularCalciumPump(Channel):
    """Calcium pump of the membrane. Source: ten Tusscher et al. 2004, p H1591; maximum of the 2006 paper."""

    ion = "ca"
    largest = parameter(0.1238 * PER_PICOFARAD, "mA/cm2", "maximal current")
    half = parameter(0.0005, "mM", "calcium at which it is half as fast")

    def current(self, ca_inside: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.largest * ca_inside / (ca_inside + self.half)


class VentricularIons(Mechanism):
    """Sodium and potassium inside. Source: ten Tusscher & Panfilov 2006, p H1100.

    The stimulus is carried by potassium, as in the authors' program: its charge comes in evenly over the time from beat
    to beat, `paced`, since a current that no mechanism carries would let potassium run out within thousands of beats.
    """

    cytosol = parameter(16404.0, "um3", "volume of the cytosol", above=0.0)
    paced = parameter(0.052 * PER_PICOFARAD, "mA/cm2", "mean current of the stimulus, inward; 52 pA/pF, 1 ms a second")
    na = state_variable("sodium inside", "mM", start=8.604)
    k = state_variable("potassium inside", "mM", start=136.89)

    def rates(self, gain_na_inside: Any, gain_k_inside: Any, area: Any) -> Rates:
        """What the currents bring, over the volume."""
        stimulus = self.paced * area * (1e4 / FARADAY)
        return {"na": gain_na_inside / self.cytosol, "k": (gain_k_inside + stimulus) / self.cytosol}

    def provides(self) -> Rates:
        """Both concentrations, and their volume."""
        return {
            "na_inside": self.na,
            "k_inside": self.k,
            "volume_na_inside": self.cytosol,
            "volume_k_inside": self.cytosol,
        }


class VentricularCalciumCycle(Mechanism):
    """Calcium of cytosol, reticulum and subspace, each buffered; release that calcium opens and an empty store closes.

    Source: ten Tusscher & Panfilov 2006, pp H1100-1101.
    """

    cytosol = parameter(16404.0, "um3", "volume of the cytosol", above=0.0)
    reticulum = parameter(1094.0, "um3", "volume of the reticulum", above=0.0)
    cleft = parameter(54.68, "um3", "volume of the subspace", above=0.0)
    uptake = parameter(0.006375, "mM/ms", "maximal uptake into the reticulum")
    release = parameter(0.102, "1/ms", "maximal rate of release")
    leak = parameter(0.00036, "1/ms", "rate of the leak out of the reticulum")
    transfer = parameter(0.0038, "1/ms", "rate of exchange between subspace and cytosol")
    calcium = state_variable("free calcium of the cytosol", "mM", start=0.000126)
    stored = state_variable("free calcium of the reticulum", "mM", start=3.64)
    subspace = state_variable("free calcium of the subspace", "mM", start=0.00036)
    ready = gate("share of release channels that are not inactivated", start=0.9073)

    def rates(self, gain_ca_inside: Any, gain_ca_subspace: Any) -> Rates:
        """What membrane, reticulum and subspace exchange, slowed by the buffers."""
        sensed = 2.5 - 1.5 / (1.0 + (1.5 / self.stored) ** 2)
        opening, closing = 0.15 / sensed * self.subspace**2, 0.045 * sensed * self.subspace
        released = self.release * opening * self.ready / (0.06 + opening) * (self.stored - self.subspace)
        leaked = self.leak * (self.stored - self.calcium)
        pumped = self.uptake / (1.0 + (0.00025 / self.calcium) ** 2)
        moved = self.transfer * (self.subspace - self.calcium)
        into = (leaked - pumped) * (self.reticulum / self.cytosol) + moved + gain_ca_inside / self.cytosol
        narrow = released * (self.reticulum / self.cleft) - moved * (self.cytosol / self.cleft)
        return {
            "calcium": into / _buffered(self.calcium, 0.2, 0.001),
            "stored": (pumped - released - leaked) / _buffered(self.stored, 10.0, 0.3),
            "subspace": (narrow + gain_ca_subspace / self.cleft) / _buffered(self.subspace, 0.4, 0.00025),
            "ready": 0.005 * (1.0 - self.ready) - closing * self.ready,
        }

    def provides(self) -> Rates:
        """The three concentrations, and their volumes."""
        return {
            "ca_inside": self.calcium,
            "ca_store": self.stored,
            "ca_subspace": self.subspace,
            "volume_ca_inside": self.cytosol,
            "volume_ca_store": self.reticulum,
            "volume_ca_subspace": self.cleft,
        }


def _buffered(free: Any, total: float, half: float) -> Any:
    """How much more calcium it takes than stays free."""
    return 1.0 + total * half / (free + half) ** 2
