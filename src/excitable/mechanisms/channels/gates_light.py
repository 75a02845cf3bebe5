"""Channels that light opens."""

from __future__ import annotations

from typing import Any

from ...constants import PLANCK
from ...expressions import exp, log, tanh
from ...physics import q10
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel
from ..reactions import reactions

# m/s, exact.
SPEED_OF_LIGHT = 299792458.0


class ChannelrhodopsinH134R(Channel):
    """Channelrhodopsin-2 with the mutation H134R: two closed states, two open ones, and a lag.

    It reads `light`, the irradiance at its place, mW/mm2, of the wavelength `wavelength`.

    Source: Williams, Xu, Lu, Klimas, Chen, Ambrosi, Cohen & Entcheva 2013, PLoS Comput Biol 9:e1003220, eqs 1 to 12 and
    table 1, at 22 °C; numbers as in ModelDB 244414. The rectification is a voltage in place of v - E.
    """

    conductance = parameter("0.4 mS/cm2", "S/cm2", "conductance of the first open state", lowest=0.0)
    ratio = parameter(0.1, "1", "conductance of the second open state over that of the first", lowest=0.0)
    wavelength = parameter(470.0, "nm", "wavelength of the light", above=0.0)
    section = parameter(12.0, "1", "cross-section of retinal, 1e-20 m2", lowest=0.0)
    losses = parameter(1.3, "1", "factor by which scattering and absorption reduce the light", above=0.0)
    lag = parameter(1.3, "ms", "time constant of activation", above=0.0)
    c1, o1 = gate("closed, adapted to dark"), gate("open, adapted to dark")
    o2, c2 = gate("open, adapted to light"), gate("closed, adapted to light")
    p = gate("how far light has taken effect")

    def rates(self, v: Any, light: Any, temperature: Any) -> dict[str, Any]:
        """Excitation by photons, and thermal transitions, 1/ms."""

        def warm(factor: float) -> Any:
            return q10(factor, temperature=temperature, reference=22.0)

        # Photons per molecule and ms: irradiance (W/m2) over the energy of a photon, times the cross-section.
        per_light = 1e3 * 1e-9 / (PLANCK * SPEED_OF_LIGHT) * 1e-20 * 1e-3
        photons = per_light * self.wavelength * self.section * light / self.losses
        brighter = log(1.0 + light / 0.024)
        deactivation = 0.075 + 0.043 * tanh(-(v + 20.0) / 20.0)
        recovery = 4.34587e-5 * exp(-0.0211539274 * v)
        scheme = reactions(
            ("c1", "o1", 0.8535 * warm(1.46) * photons * self.p, deactivation * warm(1.97)),
            ("o1", "o2", 0.011 * warm(1.1) + 0.005 * brighter, 0.008 * warm(1.95) + 0.004 * brighter),
            ("c2", "o2", 0.14 * warm(2.77) * photons * self.p, 0.05 * warm(1.77)),
            ("c2", "c1", recovery * warm(2.56), 0.0),
        )
        return scheme | {"p": relax(0.5 * (1.0 + tanh(120.0 * (100.0 * light - 0.1))), self.lag)}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        open_states = self.o1 + self.ratio * self.o2
        return 1.0 * self.conductance * open_states * (10.6408 - 14.6408 * exp(-v / 42.7671))
