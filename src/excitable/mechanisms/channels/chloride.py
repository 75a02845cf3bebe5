"""Chloride channels: ClC-1 and ClC-2, gated by voltage, and those that calcium opens."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid
from ...physics import ghk_current, thermal_voltage
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel


class MuscleChloride(Channel):
    """Chloride channel ClC-1 of skeletal muscle, most of its conductance at rest; it follows the voltage at once.

    Source: Wallinga et al. 1999, Eur Biophys J 28:317, as in Shorten, O'Callaghan, Davidson & Soboleva 2007, J Muscle
    Res Cell Motil 28:293 (CellML deposit), at 20 °C. Ions are driven by a constant field, v (ci - co exp(Fv/RT)) / (1
    - exp(Fv/RT)) in mV mM, relative to 45 mM.
    """

    ion = "cl"
    conductance = parameter("19.65 mS/cm2", "S/cm2", "maximal conductance")

    def current(self, v: Any, cl_inside: Any, cl_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        opened = 1.0 / (1.0 + exp((v - 70.0) / 150.0))
        u = v / thermal_voltage(temperature)
        drive = thermal_voltage(temperature) * (cl_outside * linoid(-u) - cl_inside * linoid(u)) / 45.0
        return self.conductance * opened**4 * drive


class HyperpolarisationChloride(Channel):
    """Chloride channel ClC-2, which opens slowly where the voltage is below the chloride potential.

    Source: Ratté & Prescott 2011, J Neurosci 31:15838: half open 15 mV below e_cl. The paper gives no temperature
    coefficient; the conductance is that of a copy.
    """

    ion = "cl"
    conductance = parameter("1 mS/cm2", "S/cm2", "maximal conductance")
    p = gate("activation by hyperpolarisation")

    def rates(self, v: Any, e_cl: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value."""
        return {"p": relax(1.0 / (1.0 + exp((v - e_cl + 15.0) / 14.0)), 300.0)}

    def current(self, v: Any, e_cl: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.p * (v - e_cl)


class PhotoreceptorCalciumChloride(Channel):
    """Calcium-activated chloride channel of rods, opened by four calcium ions at once.

    Source: Liu & Kourennyi 2004, Ann Biomed Eng 32:1428 (ModelDB 64228). Its calcium is that under the membrane.
    """

    ion = "cl"
    conductance = parameter("3 mS/cm2", "S/cm2", "maximal conductance")
    half = parameter("0.5 uM", "mM", "calcium at which half is open")

    def current(self, v: Any, e_cl: Any, ca_inside: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * (v - e_cl) / (1.0 + (self.half / ca_inside) ** 4)


class CardiacCalciumChloride(Channel):
    """Calcium-activated chloride channel of canine ventricle (Ito2), which ends the first peak of the action potential.

    Source: Hund & Rudy 2004, Circulation 110:3168, data supplement, at 37 °C. Its calcium is that of the narrow space
    at the mouths of the calcium channels, a hundred times that of the cell: give it as `ca_inside`, or move `half`.
    """

    ion = "cl"
    permeability = parameter(4e-7, "cm/s", "maximal permeability")
    half = parameter("150.2 uM", "mM", "calcium at which half is open")
    a = gate("activation")

    def rates(self, ca_inside: Any) -> dict[str, Any]:
        """Approach of the gate to its steady value."""
        return {"a": relax(1.0 / (1.0 + self.half / ca_inside), 1.0)}

    def current(self, v: Any, cl_inside: Any, cl_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return ghk_current(
            v,
            permeability=self.permeability * self.a,
            inside=cl_inside,
            outside=cl_outside,
            valence=-1,
            temperature=temperature,
        )
