"""The leak: a conductance that never changes."""

from __future__ import annotations

from typing import Any

from .declare import parameter
from .mechanism import Channel


class Leak(Channel):
    """Leak conductance with a reversal potential of its own.

    Source: Hodgkin & Huxley 1952, J Physiol 117:500, eq 5.
    """

    conductance = parameter(1e-4, "S/cm2", "leak conductance")
    reversal = parameter(-70.0, "mV", "leak reversal potential")

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * (v - self.reversal)
