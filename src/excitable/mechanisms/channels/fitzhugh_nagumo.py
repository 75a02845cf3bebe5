"""The two variables of FitzHugh: what a nerve does, without its channels.

The model has no units. Here one unit of voltage is 1 mV, one of time 1 ms, and one of current 1 µA/cm2, which is what
changes 1 µF/cm2 by 1 mV in 1 ms: the equations then run as they are printed.

Source: FitzHugh 1961, Biophys J 1:445; Nagumo, Arimoto & Yoshizawa 1962, Proc IRE 50:2061.
"""

from __future__ import annotations

from typing import Any

from ..declare import parameter, state_variable
from ..mechanism import Channel


class FitzHughNagumo(Channel):
    """Excitation u - u³/3 - w, and a recovery w that follows it slowly.

    With a capacitance of 1 µF/cm2 and a recovery of 0.08 it is the model as it is commonly written; with 1/c and 1/c,
    c = 3, it is the Bonhoeffer-van der Pol model of 1961, in which x is -u, y is w and z is minus the current.

    Source: FitzHugh 1961, Biophys J 1:445, equations 1 and 2, a = 0.7, b = 0.8; Nagumo et al. 1962.
    """

    one = parameter(1.0, "mV", "one unit of voltage")
    recovery = parameter(0.08, "1/ms", "how fast the recovery is")
    a = parameter(0.7, "1", "where the recovery line crosses")
    b = parameter(0.8, "1", "how steep it is")
    w = state_variable("recovery")

    def rates(self, v: Any) -> dict[str, Any]:
        """The approach of the recovery to its line, 1/ms."""
        return {"w": self.recovery * (v / self.one + self.a - self.b * self.w)}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2; 1e-3 makes one unit 1 µA/cm2."""
        u = v / self.one
        return 1e-3 * (u**3 / 3.0 - u + self.w)
