"""Channels that tension in the membrane opens, and where tension comes from."""

from __future__ import annotations

from typing import Any

from ...constants import BOLTZMANN, ZERO_CELSIUS
from ...expressions import exp
from ..declare import parameter
from ..mechanism import Channel, Mechanism


class LargeMechanosensitiveChannel(Channel):
    """MscL of Escherichia coli: a pore that tension pulls open, against an energy, by the area that it gains.

    In equilibrium with the tension at all times: the open part is 1 / (1 + exp(E - T ΔA / kT)).

    Source: Sukharev, Sigurdson, Kung & Sachs 1999, J Gen Physiol 113:525: 18.6 kT, 6.5 nm², half open at 11.8 dyn/cm,
    0.63 dyn/cm for each e-fold; it lets all small ions through. The density is made.
    """

    conductance = parameter(1e-3, "S/cm2", "conductance when all are open", lowest=0.0)
    reversal = parameter(0.0, "mV", "reversal potential")
    energy = parameter(18.6, "1", "energy of opening without tension, kT")
    gain = parameter(6.5, "nm2", "area gained by opening", lowest=0.0)

    def current(self, v: Any, tension: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.opening(tension, temperature) * (v - self.reversal)

    def opening(self, tension: Any, temperature: Any) -> Any:
        """The part that is open.

        >>> round(float(LargeMechanosensitiveChannel().opening(11.65, 22.0)), 2)
        0.5
        """
        # mN/m times nm² is 1e-21 J.
        thermal = 1e21 * BOLTZMANN * (temperature + ZERO_CELSIUS)
        return 1.0 / (1.0 + exp(self.energy - 1.0 * tension * self.gain / thermal))


class LaplaceTension(Mechanism):
    """The tension that a pressure across the membrane makes in it, by the curvature of the compartment.

    Source: Laplace's law, as in Sukharev, Sigurdson, Kung & Sachs 1999, J Gen Physiol 113:525: the tension in a sphere
    is half the pressure times the radius.
    """

    share = parameter(0.5, "1", "tension over pressure times radius: 0.5 for a sphere, 1 around a cylinder", lowest=0.0)

    def provides(self, pressure: Any, diameter: Any) -> dict[str, Any]:
        """The tension, mN/m."""
        return {"tension": self.share * pressure * (0.5 * diameter)}
