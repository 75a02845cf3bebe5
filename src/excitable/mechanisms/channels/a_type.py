"""A-type potassium channels: open below threshold, inactivate within tens of milliseconds, delay and space spikes."""

from __future__ import annotations

from typing import Any

from ...expressions import exp, maximum, where
from ...physics import q10
from ..declare import gate, parameter
from ..laws import relax
from ..mechanism import Channel
from .barrier import barrier

Rates = dict[str, Any]


class ThalamicATypePotassium(Channel):
    """A-type potassium channel of thalamic relay cells.

    Source: Huguenard & McCormick 1992, J Neurophysiol 68:1373, the first of its two components, at 23.5 °C with a
    coefficient of 3 (ModelDB 3808, ia; 37819, tia). The shortest time constant of activation, 0.37 ms, stands outside
    the reciprocal as in the latter; the former has it inside, by which activation would never take 3 ms. The time
    constant of inactivation jumps by the equations at -63 mV, from 23 to 19 ms.
    """

    ion = "k"
    conductance = parameter(0.00345, "S/cm2", "maximal conductance")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values."""
        faster = q10(3.0, temperature=temperature, reference=23.5)
        opening = 0.37 + 1.0 / (exp((v + 35.82) / 19.69) + exp(-(v + 79.69) / 12.7))
        inactivating = where(v < -63.0, 1.0 / (exp((v + 46.05) / 5.0) + exp(-(v + 238.4) / 37.45)), 19.0)
        return {
            "m": faster * relax(1.0 / (1.0 + exp(-(v + 60.0) / 8.5)), opening),
            "h": faster * relax(1.0 / (1.0 + exp((v + 78.0) / 6.0)), inactivating),
        }

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.m**4 * self.h * (v - e_k)


def _hippocampal(v: Any, temperature: Any, activation: tuple[Any, Any], fastest: float) -> Rates:
    """Both gates, where activation is a barrier (steady value, ms at 24 °C) with a coefficient of 5."""
    faster = q10(5.0, temperature=temperature, reference=24.0)
    steady, time_constant = activation
    inactivation, _ = barrier(v, temperature, half=-56.0, charge=3.0, part=1.0, rate=0.05)
    return {
        "n": relax(steady, maximum(time_constant / faster, fastest)),
        "l": relax(inactivation, maximum(0.26 * (v + 50.0), 2.0)),
    }


class ProximalATypePotassium(Channel):
    """A-type potassium channel of hippocampal pyramidal cells, in the soma and within 100 µm of it.

    Source: Hoffman, Magee, Colbert & Johnston 1997, Nature 387:869; Migliore, Hoffman, Magee & Johnston 1999, J Comput
    Neurosci 7:5 (ModelDB 2796, kaprox), with Klee, Ficker & Heinemann 1995: activation of 24 °C with a coefficient of
    5 and no faster than 0.1 ms; inactivation that grows slower by 0.26 ms/mV above -42 mV, at any temperature.
    """

    ion = "k"
    conductance = parameter(0.048, "S/cm2", "maximal conductance")
    n = gate("activation")
    l = gate("inactivation")  # noqa: E741 (the letter of the paper)

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values; the charge grows by one below -40 mV."""
        charge = -1.5 - 1.0 / (1.0 + exp((v + 40.0) / 5.0))
        activation = barrier(v, temperature, half=11.0, charge=charge, part=0.55, rate=0.05)
        return _hippocampal(v, temperature, activation, 0.1)

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n * self.l * (v - e_k)


class DistalATypePotassium(Channel):
    """A-type potassium channel of the dendrites of hippocampal pyramidal cells, beyond 100 µm: it opens 12 mV earlier.

    Source: Hoffman, Magee, Colbert & Johnston 1997, Nature 387:869; Migliore, Hoffman, Magee & Johnston 1999, J Comput
    Neurosci 7:5 (ModelDB 2796, kadist): as `ProximalATypePotassium`, no faster than 0.2 ms. In the cell its density
    grows with the distance x (µm) as 1 + x / 100.
    """

    ion = "k"
    conductance = parameter(0.048, "S/cm2", "maximal conductance")
    n = gate("activation")
    l = gate("inactivation")  # noqa: E741 (the letter of the paper)

    def rates(self, v: Any, temperature: Any) -> Rates:
        """Approach of both gates to their steady values; the charge grows by one below -40 mV."""
        charge = -1.8 - 1.0 / (1.0 + exp((v + 40.0) / 5.0))
        activation = barrier(v, temperature, half=-1.0, charge=charge, part=0.39, rate=0.1)
        return _hippocampal(v, temperature, activation, 0.2)

    def current(self, v: Any, e_k: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * self.n * self.l * (v - e_k)
