"""Channels that the temperature opens."""

from __future__ import annotations

from typing import Any

from ...constants import FARADAY, GAS, ZERO_CELSIUS
from ...expressions import exp
from ..declare import parameter, state_variable
from ..laws import relax
from ..mechanism import Channel


class ColdTrpM8(Channel):
    """TRPM8 of a cold receptor: cold shifts its voltage of activation down, and calcium that enters adapts it.

    Source: Olivares, Salgado, Maidana, Herrera, Campos, Madrid & Orio 2015, PLoS ONE 10:e0139314, and ModelDB 182988
    (parameter set 185). The voltage of half activation rises by C R/(z F), 8.88 mV for each °C, and is 78.5 mV at
    25 °C; activation is immediate.
    """

    conductance = parameter(0.0044, "S/cm2", "maximal conductance", lowest=0.0)
    reversal = parameter(0.0, "mV", "reversal potential")
    charge = parameter(0.65, "1", "gating charges", above=0.0)
    slope = parameter(67.0, "1", "C: entropy of opening over the gas constant")
    energy = parameter(9000.0, "1", "energy of opening at 0 °C, J/mol")
    calcium_share = parameter(3.3e-4, "1", "part of the current that is calcium and counts", lowest=0.0)
    depth = parameter(1.0, "um", "depth of the shell that it fills", above=0.0)
    removal = parameter(39000.0, "ms", "time constant of removal", above=0.0)
    adaptation = parameter(9200.0, "ms", "time constant of adaptation", above=0.0)
    half = parameter("0.5 uM", "mM", "calcium for half of the shift", above=0.0)
    least = parameter(-220.0, "mV", "shift without calcium")
    most = parameter(250.0, "mV", "shift with much of it")
    calcium = state_variable("calcium at the channel", "mM")
    shift = state_variable("shift of the activation", "mV")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """What enters and is removed, and how the activation follows."""
        entering = -1e4 * self.calcium_share * self.current(v, temperature) / (2.0 * FARADAY * self.depth)
        return {
            "calcium": 1.0 * entering - self.calcium / self.removal,
            "shift": relax(self._adapted(self.calcium), self.adaptation),
        }

    def starts(self, v: Any, temperature: Any) -> dict[str, Any]:
        """As in the deposit: the calcium that a shift of 5 mV for each °C below 37 would keep, and its shift."""
        entering = -1e4 * self.calcium_share * self._carried(v, temperature, 5.0 * (37.0 - temperature))
        calcium = entering / (2.0 * FARADAY * self.depth) * self.removal
        return {"calcium": 1.0 * calcium, "shift": self._adapted(calcium)}

    def current(self, v: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self._carried(v, temperature, self.shift)

    def opening(self, v: Any, temperature: Any, shift: Any = 0.0) -> Any:
        """The part that is open.

        >>> round(float(ColdTrpM8().opening(78.5, 25.0)), 2)
        0.5
        """
        half = 1e3 * (self.slope * GAS * temperature - self.energy) / (self.charge * FARADAY)
        steepness = self.charge * FARADAY / (GAS * (temperature + ZERO_CELSIUS)) * 1e-3
        return 1.0 / (1.0 + exp(-steepness * (v - half - 1.0 * shift)))

    def _carried(self, v: Any, temperature: Any, shift: Any) -> Any:
        return self.conductance * self.opening(v, temperature, shift) * (v - self.reversal)

    def _adapted(self, calcium: Any) -> Any:
        return self.least + (self.most - self.least) * calcium / (calcium + self.half)
