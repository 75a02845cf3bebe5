"""Calcium under the membrane of thalamic relay cells, as their T-channels bring it in.

Source: Destexhe, Neubig, Ulrich & Huguenard 1998, J Neurosci 18:3574 (ModelDB 279).
"""

from __future__ import annotations

from typing import Any

from ...constants import FARADAY
from ...expressions import maximum
from ..declare import parameter, state_variable
from ..mechanism import Mechanism


class RelayCellCalciumPool(Mechanism):
    """Calcium in a shell under the membrane: what flows in stays for a few milliseconds.

    Source: Destexhe et al. 1998, J Neurosci 18:3574 (ModelDB 279, cadecay).
    """

    depth = parameter(0.7954, "um", "depth of the shell")
    decay = parameter(5.0, "ms", "time constant of removal")
    rest = parameter(2.4e-4, "mM", "concentration at rest")
    calcium = state_variable("calcium concentration in the shell", "mM", start=2.4e-4)

    def rates(self, i_ca: Any) -> dict[str, Any]:
        """Inflow, never outflow, and removal, mM/ms; 1e4 turns mA/cm2 per µm into mmol per litre per ms."""
        inflow = maximum(0.0, -1e4 * i_ca / (2.0 * FARADAY * self.depth))
        return {"calcium": inflow - (self.calcium - self.rest) / self.decay}

    def provides(self) -> dict[str, Any]:
        """The concentration that the membrane sees."""
        return {"ca_inside": self.calcium}
