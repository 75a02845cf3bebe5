"""The currents of a node of Ranvier of the frog Xenopus laevis: permeabilities where others have conductances.

Source: Frankenhaeuser & Huxley 1964, J Physiol 171:302, equations and standard data at 20 °C, as in ModelDB 3507. The
temperature coefficients of the rates are those of Frankenhaeuser & Moore 1963, J Physiol 169:431.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, linoid
from ...physics import ghk_current, q10
from ..declare import gate, parameter
from ..laws import alpha_beta
from ..mechanism import Channel

REFERENCE = 20.0


class FrogNodeSodium(Channel):
    """Sodium channel of the frog node, which lets sodium through by the constant-field equation.

    Source: Frankenhaeuser & Huxley 1964, J Physiol 171:302.
    """

    ion = "na"
    permeability = parameter(8e-3, "cm/s", "maximal permeability to sodium")
    m = gate("activation")
    h = gate("inactivation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of both gates, 1/ms."""
        opening, closing, recovering, inactivating = (
            q10(factor, temperature=temperature, reference=REFERENCE) for factor in (1.8, 1.7, 2.8, 2.9)
        )
        return {
            "m": alpha_beta(
                opening * 0.36 * 3.0 * linoid(-(v + 48.0) / 3.0), closing * 0.4 * 20.0 * linoid((v + 57.0) / 20.0)
            ),
            "h": alpha_beta(
                recovering * 0.1 * 6.0 * linoid((v + 80.0) / 6.0),
                inactivating * 4.5 / (1.0 + exp(-(v + 25.0) / 10.0)),
            ),
        }

    def current(self, v: Any, na_inside: Any, na_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        open_share = self.permeability * self.m**2 * self.h
        return ghk_current(v, permeability=open_share, inside=na_inside, outside=na_outside, temperature=temperature)


class FrogNodePotassium(Channel):
    """Potassium channel of the frog node, the delayed rectifier.

    Source: Frankenhaeuser & Huxley 1964, J Physiol 171:302.
    """

    ion = "k"
    permeability = parameter(1.2e-3, "cm/s", "maximal permeability to potassium")
    n = gate("activation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of the gate, 1/ms."""
        opening, closing = (q10(factor, temperature=temperature, reference=REFERENCE) for factor in (3.2, 2.8))
        return {
            "n": alpha_beta(
                opening * 0.02 * 10.0 * linoid(-(v + 35.0) / 10.0), closing * 0.05 * 10.0 * linoid((v + 60.0) / 10.0)
            )
        }

    def current(self, v: Any, k_inside: Any, k_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        open_share = self.permeability * self.n**2
        return ghk_current(v, permeability=open_share, inside=k_inside, outside=k_outside, temperature=temperature)


class FrogNodeDelayed(Channel):
    """The small delayed current of the frog node that is not specific; the paper lets sodium carry it.

    Its rates were not measured at other temperatures: they are given a coefficient of 3 per 10 °C.

    Source: Frankenhaeuser & Huxley 1964, J Physiol 171:302 (the current I_p).
    """

    ion = "na"
    permeability = parameter(5.4e-4, "cm/s", "maximal permeability")
    p = gate("activation")

    def rates(self, v: Any, temperature: Any) -> dict[str, Any]:
        """Opening and closing of the gate, 1/ms."""
        faster = q10(3.0, temperature=temperature, reference=REFERENCE)
        law = alpha_beta(0.006 * 10.0 * linoid(-(v + 30.0) / 10.0), 0.09 * 20.0 * linoid((v + 95.0) / 20.0))
        return {"p": faster * law}

    def current(self, v: Any, na_inside: Any, na_outside: Any, temperature: Any) -> Any:
        """Outward current density, mA/cm2."""
        open_share = self.permeability * self.p**2
        return ghk_current(v, permeability=open_share, inside=na_inside, outside=na_outside, temperature=temperature)
