"""The pancreatic beta cell: currents, calcium in the cytosol and the reticulum, and the granules that release insulin.

The papers count in pS, fF and µM for a whole cell of 5300 fF. At 1 µF/cm2 that is a sphere of 13 µm, whose volume of
1.15 pl is the one behind their α; here stand its densities per area and its depth, volume over area.

Source: Bertram & Sherman 2004, Bull Math Biol 66:1313, as in the authors' biophan.ode; release by Chen, Wang &
Sherman 2008, Biophys J 95:2226, as in their phitwo.ode.
"""

from __future__ import annotations

from typing import Any

from ...constants import FARADAY
from ...expressions import exp
from ..declare import gate, parameter, state_variable
from ..laws import relax
from ..mechanism import Channel, Mechanism

# µm²: pS for the whole cell times 1e-4 over this is S/cm2.
AREA = 530.0
# µm: makes 4.5e-6 µM/ms of 1 fA into the cell, the α of the paper.
DEPTH = 2.17285
POTASSIUM = -75.0

Rates = dict[str, Any]


class BetaCellCalcium(Channel):
    """Calcium channels of the beta cell, which open at once.

    Source: Bertram & Sherman 2004, Bull Math Biol 66:1313 (g_Ca of 1200 pS).
    """

    ion = "ca"
    conductance = parameter(1200e-4 / AREA, "S/cm2", "maximal conductance")
    reversal = parameter(25.0, "mV", "reversal potential")

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance / (1.0 + exp(-(v + 20.0) / 12.0)) * (v - self.reversal)


class BetaCellPotassium(Channel):
    """Delayed rectifier of the beta cell.

    Source: Bertram & Sherman 2004, Bull Math Biol 66:1313 (g_K of 3000 pS).
    """

    ion = "k"
    conductance = parameter(3000e-4 / AREA, "S/cm2", "maximal conductance")
    reversal = parameter(POTASSIUM, "mV", "reversal potential")
    n = gate("activation", start=0.01)

    def rates(self, v: Any) -> Rates:
        """Approach of the gate to its steady value."""
        return {"n": relax(1.0 / (1.0 + exp(-(v + 16.0) / 5.0)), 16.0)}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n * (v - self.reversal)


class BetaCellCalciumPotassium(Channel):
    """Potassium channels that calcium opens at once, half of them at 0.3 µM.

    Source: Bertram & Sherman 2004, Bull Math Biol 66:1313 (g_K(Ca) of 100 pS for slow bursts to 1000 pS for fast).
    """

    ion = "k"
    conductance = parameter(700e-4 / AREA, "S/cm2", "maximal conductance")
    reversal = parameter(POTASSIUM, "mV", "reversal potential")
    half = parameter(3e-4, "mM", "calcium that opens half of them")

    def current(self, v: Any, ca_inside: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance / (1.0 + (self.half / ca_inside) ** 5) * (v - self.reversal)


class BetaCellAtpPotassium(Channel):
    """Potassium channels that ATP closes; a is their open share, which follows calcium within minutes.

    Calcium costs ATP, so it opens them. Glucose raises `threshold`, the calcium at which half are open.

    Source: Bertram & Sherman 2004, Bull Math Biol 66:1313 (g_K(ATP) of 500 pS, r of 0.14 µM with glucose and 0
    without).
    """

    ion = "k"
    conductance = parameter(500e-4 / AREA, "S/cm2", "maximal conductance")
    reversal = parameter(POTASSIUM, "mV", "reversal potential")
    threshold = parameter(1.4e-4, "mM", "calcium at which half are open; rises with glucose", lowest=-1.0)
    width = parameter(1e-4, "mM", "how much calcium opens e times as many")
    delay = parameter(3e5, "ms", "time constant of the nucleotides")
    a = gate("open share", start=0.46)

    def rates(self, ca_inside: Any) -> Rates:
        """Approach of the open share to what calcium asks for."""
        return {"a": relax(1.0 / (1.0 + exp((self.threshold - ca_inside) / self.width)), self.delay)}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.a * (v - self.reversal)


class BetaCellCalciumStore(Mechanism):
    """Free calcium of the cytosol, and of the reticulum that it is pumped into and leaks from.

    Source: Bertram & Sherman 2004, Bull Math Biol 66:1313.
    """

    depth = parameter(DEPTH, "um", "volume of the cell over its membrane")
    free = parameter(0.01, "1", "share of the calcium that is not bound, in cytosol and store")
    extrusion = parameter(0.2, "1/ms", "rate of the pumps of the membrane, for all calcium")
    uptake = parameter(0.4, "1/ms", "rate of the pumps of the store (SERCA)")
    leak = parameter(5e-4, "1/ms", "rate of the leak out of the store")
    share = parameter(5.0, "1", "volume of the cytosol over that of the store")
    calcium = state_variable("free calcium of the cytosol", "mM", start=1e-4)
    store = state_variable("free calcium of the store", "mM", start=0.08)

    def rates(self, i_ca: Any) -> Rates:
        """What flows in, is pumped out and goes into the store, mM/ms; 1e4 turns mA/cm2 per µm into mM/ms."""
        inflow = -1e4 * i_ca / (2.0 * FARADAY * self.depth)
        release = self.leak * (self.store - self.calcium) - self.uptake * self.calcium
        return {
            "calcium": self.free * (inflow - self.extrusion * self.calcium + release),
            "store": -self.free * self.share * release,
        }

    def provides(self) -> dict[str, Any]:
        """The concentration that the membrane sees."""
        return {"ca_inside": self.calcium}


class BetaCellGranules(Mechanism):
    """Insulin granules on their way out, and the calcium under the channels that lets them fuse.

    Granules are resupplied, dock (N6), are primed (N5), find a channel (N1), bind three calcium ions (N2, N3, N4), fuse
    (NF) and release (NR). Insulin leaves at `emptying` times `released`.

    Source: Chen, Wang & Sherman 2008, Biophys J 95:2226, equations of the authors' phitwo.ode, with rates per s there.
    They command the voltage; here the cell does.
    """

    influx = parameter(250.0 * 1e-6 * 5.18 / 4.2, "mM/(ms mV)", "calcium that all channels open would let in for 1 mV")
    free = parameter(0.01, "1", "share of the calcium there that is not bound")
    spread = parameter(0.2, "1/ms", "rate at which calcium leaves for the cytosol")
    amplification = parameter(3.0, "1", "how much glucose quickens the resupply: 1 at 3 mM, 3 at high glucose")
    resupply = parameter(1.205e-3, "1/ms", "granules that arrive at full calcium")
    docking = parameter(6e-6, "1/ms", "rate of priming at full calcium")
    half = parameter(2.3e-3, "mM", "calcium at which half as many arrive")
    finding = parameter(6e-4, "1/ms", "rate at which primed granules find a channel")
    binding = parameter(20.0, "1/(mM ms)", "rate at which calcium binds")
    unbinding = parameter(0.1, "1/ms", "rate at which it leaves")
    fusion = parameter(2.0, "1/ms", "rate of fusion with three ions bound")
    opening = parameter(3e-3, "1/ms", "rate at which fused granules begin to empty")
    emptying = parameter(2e-5, "1/ms", "rate at which they release their insulin")
    domain = state_variable("calcium under the channels", "mM", start=6.74e-5)
    docked = state_variable("granules docked (N6)", "1", start=218.017777)
    primed = state_variable("granules primed (N5)", "1", start=24.539936)
    ready = state_variable("granules at a channel (N1)", "1", start=14.71376)
    bound_1 = state_variable("with one calcium (N2)", "1", start=0.612519)
    bound_2 = state_variable("with two (N3)", "1", start=0.0084499)
    bound_3 = state_variable("with three (N4)", "1", start=5.098857e-6)
    fused = state_variable("fused (NF)", "1", start=0.003399)
    released = state_variable("about to release (NR)", "1", start=0.50988575)

    def rates(self, v: Any, ca_inside: Any) -> Rates:
        """Calcium under the channels, mM/ms, and the way of the granules, 1/ms."""
        inflow = self.influx / (1.0 + exp(-(v + 20.0) / 5.0)) * (25.0 - v)
        share = ca_inside / (ca_inside + self.half)
        primes, docks, returns = self.docking * share, self.amplification * self.resupply * share, 1e-3
        on, off = self.binding * self.domain, self.unbinding
        return {
            "domain": self.free * (inflow - self.spread * (self.domain - ca_inside)),
            "docked": docks + 1e-6 * self.primed - (1e-7 + primes) * self.docked,
            "primed": returns * self.ready - (self.finding + 1e-6) * self.primed + primes * self.docked,
            "ready": self.finding * self.primed + off * self.bound_1 - (3.0 * on + returns) * self.ready,
            "bound_1": 3.0 * on * self.ready + 2.0 * off * self.bound_2 - (2.0 * on + off) * self.bound_1,
            "bound_2": 2.0 * on * self.bound_1 + 3.0 * off * self.bound_3 - (on + 2.0 * off) * self.bound_2,
            "bound_3": on * self.bound_2 - (3.0 * off + self.fusion) * self.bound_3,
            "fused": self.fusion * self.bound_3 - self.opening * self.fused,
            "released": self.opening * self.fused - self.emptying * self.released,
        }
