"""Leaks of open pores: what drives ions through them is described by the constant-field equation, not by Ohm's law."""

from __future__ import annotations

import math
from typing import Any

from ...physics import ghk_current
from ..declare import parameter
from ..mechanism import Channel

# From 10 to 90 % of the current within one unit of pH around 7.2.
HALF_ACIDITY = 7.2
PROTONS = 2.0 * math.log10(9.0)


class TwoPorePotassium(Channel):
    """Two-pore potassium leak TASK-1: always open, blocked by protons outside, rectifying as the constant field does.

    Source: Duprat et al. 1997, EMBO J 16:5464: instantaneous, by the Goldman-Hodgkin-Katz equation, with 90 % of the
    current at pH 7.7 and 10 % at pH 6.7. A permeability per area is not published; the default makes 0.1 mS/cm2 at pH
    7.4 and -60 mV with 140 mM inside and 5 mM outside.
    """

    ion = "k"
    permeability = parameter(1.4e-6, "cm/s", "permeability without protons")
    acidity = parameter(7.4, "1", "pH outside", lowest=0.0, highest=14.0)

    def current(self, v: Any, k_inside: Any, k_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        unblocked = 1.0 / (1.0 + 10.0 ** (PROTONS * (HALF_ACIDITY - self.acidity)))
        return unblocked * ghk_current(
            v, permeability=self.permeability, inside=k_inside, outside=k_outside, temperature=temperature
        )


class ConstantFieldLeak(Channel):
    """Leak to potassium, sodium and chloride together, each by the constant-field equation.

    Source: Goldman 1943, J Gen Physiol 27:37; Hodgkin & Katz 1949, J Physiol 108:37, who found the ratios 1 : 0.04 :
    0.45 for squid axon at rest. The permeability to potassium is set by the resting conductance, and is not theirs.
    """

    potassium = parameter(1e-6, "cm/s", "permeability to potassium", lowest=0.0)
    sodium = parameter(0.04, "1", "permeability to sodium over that to potassium", lowest=0.0)
    chloride = parameter(0.45, "1", "permeability to chloride over that to potassium", lowest=0.0)

    def current(
        self,
        v: Any,
        k_inside: Any,
        k_outside: Any,
        na_inside: Any,
        na_outside: Any,
        cl_inside: Any,
        cl_outside: Any,
        temperature: Any,
    ) -> dict[str, Any]:
        """Outward current densities by ion, mA/cm2."""
        sides = {
            "k": (1.0, k_inside, k_outside, 1),
            "na": (self.sodium, na_inside, na_outside, 1),
            "cl": (self.chloride, cl_inside, cl_outside, -1),
        }
        return {
            ion: self.potassium
            * ratio
            * ghk_current(v, permeability=1.0, inside=inside, outside=outside, valence=valence, temperature=temperature)
            for ion, (ratio, inside, outside, valence) in sides.items()
        }
