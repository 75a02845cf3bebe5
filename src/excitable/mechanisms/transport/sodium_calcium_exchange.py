"""The sodium-calcium exchanger: three sodium in for one calcium out, driven by both gradients and the voltage.

It stands still at 3 e_na - 2 e_ca, and runs the other way above.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp
from ...physics import thermal_voltage
from ..declare import parameter
from ..mechanism import Channel


def by_ion(net: Any) -> dict[str, Any]:
    """The currents of sodium and calcium, mA/cm2, for a net outward current of `net`.

    >>> by_ion(1.0)
    {'na': 3.0, 'ca': -2.0}
    """
    return {"na": 3.0 * net, "ca": -2.0 * net}


class SodiumCalciumExchanger(Channel):
    """Sodium-calcium exchanger of ventricular muscle, which saturates on all sides.

    Source: Luo & Rudy 1994, Circ Res 74:1071, at 37 °C; the paper gives no temperature coefficient.
    """

    maximum = parameter("2000 uA/cm2", "mA/cm2", "scale of the current", lowest=0.0)
    partition = parameter(0.35, "1", "part of the field before the barrier", lowest=0.0, highest=1.0)

    def current(
        self, v: Any, na_inside: Any, na_outside: Any, ca_inside: Any, ca_outside: Any, temperature: Any
    ) -> dict[str, Any]:
        """Outward current densities by ion, mA/cm2."""
        u = v / thermal_voltage(temperature)
        forwards, backwards = exp(self.partition * u), exp((self.partition - 1.0) * u)
        moved = forwards * na_inside**3 * ca_outside - backwards * na_outside**3 * ca_inside
        sites = (87.5**3 + na_outside**3) * (1.38 + ca_outside) * (1.0 + 0.1 * backwards)
        return by_ion(self.maximum * moved / sites)


class PurkinjeSodiumCalciumExchanger(Channel):
    """Sodium-calcium exchanger of cardiac Purkinje fibres.

    Source: DiFrancesco & Noble 1985, Philos Trans R Soc B 307:353, at 37 °C: 0.02 nA on a fibre of 75 nF, at 1 µF/cm2.
    Copies (CellML, ModelDB 144520) divide by 1 + [Ca]i / 6.9 µM as well, which came with Hilgemann & Noble 1987, Proc
    R Soc B 230:163, and is left out.
    """

    scale = parameter(2.67e-7, "mA/cm2", "current for 1 mM of all ions", lowest=0.0)
    partition = parameter(0.5, "1", "part of the field before the barrier", lowest=0.0, highest=1.0)

    def current(
        self, v: Any, na_inside: Any, na_outside: Any, ca_inside: Any, ca_outside: Any, temperature: Any
    ) -> dict[str, Any]:
        """Outward current densities by ion, mA/cm2."""
        u = v / thermal_voltage(temperature)
        outwards, inwards = na_inside**3 * ca_outside, na_outside**3 * ca_inside
        moved = exp(self.partition * u) * outwards - exp((self.partition - 1.0) * u) * inwards
        return by_ion(self.scale * moved / (1.0 + 0.001 * (inwards + outwards)))
