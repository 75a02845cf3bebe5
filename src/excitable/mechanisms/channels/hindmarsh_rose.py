"""The three variables of Hindmarsh and Rose: spikes, and an adaptation that groups them into bursts.

The model has no units. Here one unit of voltage is 1 mV, one of time 1 ms, and one of current 1 µA/cm2, which is what
changes 1 µF/cm2 by 1 mV in 1 ms: the equations then run as they are printed.

Source: Hindmarsh & Rose 1984, Proc R Soc Lond B 221:87.
"""

from __future__ import annotations

from typing import Any

from ..declare import parameter, state_variable
from ..mechanism import Channel


class HindmarshRose(Channel):
    """Excitation y - a x³ + b x² - z, recovery y, and adaptation z.

    Source: Hindmarsh & Rose 1984, Proc R Soc Lond B 221:87, a = 1, b = 3, c = 1, d = 5, s = 4, x1 = -1.6.
    """

    one = parameter(1.0, "mV", "one unit of voltage")
    a = parameter(1.0, "1", "weight of the cube")
    b = parameter(3.0, "1", "weight of the square")
    c = parameter(1.0, "1", "recovery at zero")
    d = parameter(5.0, "1", "recovery with the square")
    pace = parameter(1.0, "1/ms", "how fast the recovery is")
    r = parameter(0.001, "1/ms", "how slow the adaptation is")
    s = parameter(4.0, "1", "how strong it is")
    rest = parameter(-1.6, "1", "x1, where it would rest")
    y = state_variable("recovery", start=-3.85)
    z = state_variable("adaptation", start=1.76)

    def rates(self, v: Any) -> dict[str, Any]:
        """The rates of recovery and adaptation, 1/ms."""
        x = v / self.one
        return {"y": self.pace * (self.c - self.d * x**2 - self.y), "z": self.r * (self.s * (x - self.rest) - self.z)}

    def current(self, v: Any) -> Any:
        """Outward current density, mA/cm2; 1e-3 makes one unit 1 µA/cm2."""
        x = v / self.one
        return 1e-3 * (self.a * x**3 - self.b * x**2 - self.y + self.z)
