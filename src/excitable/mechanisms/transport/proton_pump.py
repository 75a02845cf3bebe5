"""The proton pump of plants, fungi and algae: one proton out for one ATP, and a resting potential below -200 mV."""

from __future__ import annotations

from typing import Any

from ...expressions import exp
from ...physics import thermal_voltage
from ..declare import parameter
from ..mechanism import Channel
from .turnover import PER_TURN


class ProtonPump(Channel):
    """Proton pump of Chara and its relatives: a carrier of two states, whose charged step alone feels the voltage.

    Source: Hansen, Gradmann, Sanders & Slayman 1981, J Membr Biol 63:165 (two-state carrier): the charged step goes
    out at leaving · exp(Fv/2RT) and back at entering · exp(-Fv/2RT), the rest of the cycle, with ATP and protons in
    its rates, at reloading and at unloading. The rates are set here, not taken from a table, so that the pump stands
    still at -454 mV (one proton for one ATP), and has its largest conductance of 0.85 S/m² at -234 mV; Beilby &
    Shepherd 2001, J Membr Biol 181:77, measured rests of -137 to -219 mV and 2 to 5 S/m² at its peak in
    Lamprothamnium, whose pump is stronger: scale `density`.
    """

    ion = "h"
    density = parameter(2.0, "pmol/cm2", "pumps on the membrane", lowest=0.0)
    leaving = parameter(7900.0, "1/s", "charged step outwards, at 0 mV", above=0.0)
    entering = parameter(0.1, "1/s", "charged step inwards, at 0 mV", above=0.0)
    reloading = parameter(80.0, "1/s", "neutral way back, with a new proton and ATP", above=0.0)
    unloading = parameter(0.1, "1/s", "neutral way against it", above=0.0)

    def current(self, v: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        half = exp(0.5 * v / thermal_voltage(temperature))
        out, back = self.leaving * half, self.entering / half
        turning = (out * self.reloading - back * self.unloading) / (out + back + self.reloading + self.unloading)
        return PER_TURN * self.density * turning
