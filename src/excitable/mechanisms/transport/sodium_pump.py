"""The sodium pump: three sodium out, two potassium in, one ATP split, one charge lost to the cell in every turn.

A turn costs one ATP and moves one charge: the pump's current over Faraday's constant is the ATP that it splits, 10.36
pmol/(cm² s) for each µA/cm². All three pumps saturate with what they carry, and none runs backwards here.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp
from ...physics import q10, thermal_voltage
from ..declare import parameter
from ..mechanism import Channel
from .turnover import PER_TURN


def unblocked(ouabain: Any, half: Any) -> Any:
    """The share of pumps that ouabain has left free.

    >>> unblocked(1e-3, 1e-3)
    0.5
    """
    return 1.0 / (1.0 + ouabain / half)


def by_ion(turning: Any) -> dict[str, Any]:
    """The currents of sodium and potassium, mA/cm2, for a net current of `turning`.

    >>> by_ion(1.0)
    {'na': 3.0, 'k': -2.0}
    """
    return {"na": 3.0 * turning, "k": -2.0 * turning}


class SodiumPotassiumPump(Channel):
    """Sodium pump of skeletal muscle: three sites for sodium inside, two for potassium outside.

    Source: Wallinga et al. 1999, Eur Biophys J 28:317, as in Shorten, O'Callaghan, Davidson & Soboleva 2007, J Muscle
    Res Cell Motil 28:293 (CellML deposit), at 20 °C; the coefficient of 2 is that of Horowicz, Taylor & Waggoner 1970,
    J Gen Physiol 55:401, for frog muscle above 7 °C. ATP: Cortassa et al. 2006, Biophys J 91:1564, half at 8 µM.
    Ouabain: O'Brien, Lingrel & Wallick 1994, Arch Biochem Biophys 310:32, 115 nM for the rat's α2 (α3 1.6 nM, α1 48
    µM).
    """

    turnover = parameter(621.0, "pmol/(cm2 s)", "turns when all sites are taken", lowest=0.0)
    sodium_site = parameter(13.0, "mM", "dissociation of sodium inside from each of three sites", above=0.0)
    potassium_site = parameter(1.0, "mM", "dissociation of potassium outside from each of two sites", above=0.0)
    atp = parameter(5.0, "mM", "ATP inside", lowest=0.0)
    atp_half = parameter("8 uM", "mM", "ATP for half of the rate", above=0.0)
    ouabain = parameter(0.0, "mM", "ouabain outside", lowest=0.0)
    ouabain_half = parameter("115 nM", "mM", "ouabain that blocks half", above=0.0)

    def current(self, v: Any, na_inside: Any, na_outside: Any, k_outside: Any, temperature: Any) -> dict[str, Any]:
        """Outward current densities by ion, mA/cm2."""
        u = v / thermal_voltage(temperature)
        sites = (1.0 + self.sodium_site / na_inside) ** 3 * (1.0 + self.potassium_site / k_outside) ** 2
        hindered = 1.0 + 0.12 * exp(-0.1 * u) + 0.04 * (exp(na_outside / 67.3) - 1.0) / 7.0 * exp(-u)
        fed = self.atp / (self.atp + self.atp_half) * unblocked(self.ouabain, self.ouabain_half)
        warm = q10(2.0, temperature=temperature, reference=20.0)
        return by_ion(PER_TURN * self.turnover * warm * fed / (sites * hindered))


class CardiacSodiumPotassiumPump(Channel):
    """Sodium pump of ventricular muscle.

    Source: Luo & Rudy 1994, Circ Res 74:1071, at 37 °C; the coefficient of 1.63 is that of Shannon et al. 2004,
    Biophys J 87:3351. ATP: Cortassa et al. 2006, Biophys J 91:1564. Ouabain: O'Brien, Lingrel & Wallick 1994, Arch
    Biochem Biophys 310:32, as for `SodiumPotassiumPump`.
    """

    maximum = parameter("1.5 uA/cm2", "mA/cm2", "current when all sites are taken", lowest=0.0)
    atp = parameter(5.0, "mM", "ATP inside", lowest=0.0)
    atp_half = parameter("8 uM", "mM", "ATP for half of the rate", above=0.0)
    ouabain = parameter(0.0, "mM", "ouabain outside", lowest=0.0)
    ouabain_half = parameter("115 nM", "mM", "ouabain that blocks half", above=0.0)

    def current(self, v: Any, na_inside: Any, na_outside: Any, k_outside: Any, temperature: Any) -> dict[str, Any]:
        """Outward current densities by ion, mA/cm2."""
        u = v / thermal_voltage(temperature)
        hindered = 1.0 + 0.1245 * exp(-0.1 * u) + 0.0365 * (exp(na_outside / 67.3) - 1.0) / 7.0 * exp(-u)
        bound = 1.0 / (1.0 + (10.0 / na_inside) ** 1.5) * k_outside / (k_outside + 1.5)
        fed = self.atp / (self.atp + self.atp_half) * unblocked(self.ouabain, self.ouabain_half)
        warm = q10(1.63, temperature=temperature, reference=37.0)
        return by_ion(self.maximum * warm * fed * bound / hindered)


class SquidSodiumPotassiumPump(Channel):
    """Sodium pump of the squid giant axon.

    Source: Mullins & Brinley 1969, J Gen Physiol 53:704, at 16 °C: 19 pmol/(cm2 s) of potassium enter with 80 mM
    sodium and 4 mM ATP inside, of which 6 pass without ATP; half of it at 7 mM sodium, and at 30 µM ATP. Rakowski,
    Gadsby & De Weer 1989, J Gen Physiol 93:903: three sodium for two potassium; in sea water potassium acts with a
    power of 1.53 and half at 3.92 mM; dihydrodigitoxigenin blocks half at 1.8 µM, which stands for ouabain. The
    turnover of 8.8 makes 13 pmol/(cm2 s) of these numbers, for 10 mM potassium outside. The voltage, on which the pump
    depends in sea water, is left out. The coefficient of 2 is that of Horowicz, Taylor & Waggoner 1970, J Gen Physiol
    55:401, for frog muscle.
    """

    turnover = parameter(8.8, "pmol/(cm2 s)", "turns when all sites are taken", lowest=0.0)
    atp = parameter(4.0, "mM", "ATP inside", lowest=0.0)
    atp_half = parameter("30 uM", "mM", "ATP for half of the rate", above=0.0)
    ouabain = parameter(0.0, "mM", "ouabain outside", lowest=0.0)
    ouabain_half = parameter("1.8 uM", "mM", "ouabain that blocks half", above=0.0)

    def current(self, na_inside: Any, k_outside: Any, temperature: Any) -> dict[str, Any]:
        """Outward current densities by ion, mA/cm2."""
        bound = na_inside / (na_inside + 7.0) / (1.0 + (3.92 / k_outside) ** 1.53)
        fed = self.atp / (self.atp + self.atp_half) * unblocked(self.ouabain, self.ouabain_half)
        warm = q10(2.0, temperature=temperature, reference=16.0)
        return by_ion(PER_TURN * self.turnover * warm * fed * bound)
