"""K(ATP): potassium channels that ATP closes, so that a cell without fuel falls silent and one with fuel fires."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, sqrt
from ...physics import q10, thermal_voltage
from ..declare import parameter
from ..mechanism import Channel


class AtpSensitivePotassium(Channel):
    """ATP-sensitive potassium channel (Kir6.2) of guinea-pig ventricle; it follows voltage and ATP at once.

    Source: Ferrero, Sáiz, Ferrero & Thakor 1996, Circ Res 79:208: unitary conductance 35.375 pS at 5.4 mM potassium,
    growing with its power of 0.24; block by magnesium and sodium from inside; share of channels without ATP by Hill,
    with ADP moving half point and steepness; 91 % open without ATP; 3.8 channels/µm²; a coefficient of 1.3 from 36 °C.
    Copies that put 0.56 for the power of ADP, and -0.001 for its effect on the steepness, are of other cells.
    """

    ion = "k"
    density = parameter(3.8, "1/um2", "channels on the membrane", lowest=0.0)
    atp = parameter(6.8, "mM", "free ATP inside", lowest=0.0)
    adp = parameter("15 uM", "mM", "free ADP inside", lowest=0.0)
    magnesium = parameter(0.5, "mM", "free magnesium inside", lowest=0.0)

    def current(self, v: Any, e_k: Any, k_outside: Any, na_inside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        u = v / thermal_voltage(temperature)
        unitary = 35.375e-12 * (k_outside / 5.4) ** 0.24 * q10(1.3, temperature=temperature, reference=36.0)
        magnesium = 1.0 / (1.0 + self.magnesium / (0.65 / sqrt(k_outside + 5.0) * exp(-0.64 * u)))
        sodium = 1.0 / (1.0 + (na_inside / (25.9 * exp(-0.35 * u))) ** 2)
        nucleotide = 1e3 * self.adp
        half = 1e-3 * (35.8 + 17.9 * nucleotide**0.256)
        closed_by = 1.3 + 0.74 * exp(-0.09 * nucleotide)
        open_share = 0.91 / (1.0 + (self.atp / half) ** closed_by)
        return 1e8 * self.density * unitary * magnesium * sodium * open_share * (v - e_k)
