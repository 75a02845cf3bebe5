"""Channels that a transmitter opens; its concentration outside is a condition, or what a synapse releases."""

from __future__ import annotations

from typing import Any

from ...physics import ghk_current
from ..declare import gate, parameter
from ..mechanism import Channel
from ..reactions import Reactions, reactions


class NicotinicReceptor(Channel):
    """Acetylcholine receptor of the frog's endplate: it binds two molecules, and opens with one rarely, with two well.

    Sodium and potassium pass by the Goldman-Hodgkin-Katz current with a ratio of permeabilities.

    Source: Colquhoun & Hawkes 1982, Phil Trans R Soc B 300:1, the numerical example, for the rates; Adams, Dwyer &
    Hille 1980, J Gen Physiol 75:493, for P_K : P_Na = 1.11. The permeability for sodium when all are open is made.
    """

    permeability = parameter(1e-4, "cm/s", "permeability for sodium when all are open", lowest=0.0)
    potassium = parameter(1.11, "1", "permeability for potassium over that for sodium", lowest=0.0)
    r, ar, a2r = gate("without agonist"), gate("one bound, closed"), gate("two bound, closed")
    ar_open, a2r_open = gate("one bound, open"), gate("two bound, open")

    def rates(self, acetylcholine_outside: Any) -> Reactions:
        """Binding, opening and closing, 1/ms."""
        bind = 1.0 * acetylcholine_outside
        return reactions(
            ("r", "ar", 100.0 * bind, 2.0),
            ("ar", "a2r", 500.0 * bind, 4.0),
            ("ar", "ar_open", 0.015, 3.0),
            ("a2r", "a2r_open", 15.0, 0.5),
            ("ar_open", "a2r_open", 500.0 * bind, 2e-3 / 3.0),
        )

    def current(
        self, v: Any, temperature: Any, na_inside: Any, na_outside: Any, k_inside: Any, k_outside: Any
    ) -> dict[str, Any]:
        """Outward current densities of sodium and potassium, mA/cm2."""
        permeability = 1.0 * self.permeability * (self.ar_open + self.a2r_open)
        at = {"valence": 1, "temperature": temperature}
        sodium = ghk_current(v, permeability=permeability, inside=na_inside, outside=na_outside, **at)
        potassium = self.potassium * ghk_current(v, permeability=permeability, inside=k_inside, outside=k_outside, **at)
        return {"na": sodium, "k": potassium}


class GabaAReceptor(Channel):
    """GABA-A receptor of the hippocampus: a chloride channel that binds two molecules and opens with one or two.

    Source: Destexhe, Mainen & Sejnowski 1998, Kinetic models of synaptic transmission, in Koch & Segev (eds), Methods
    in Neuronal Modeling, fitted to Otis & Mody 1992, Neuroscience 49:13; rates as in the deposit of the authors.
    """

    ion = "cl"
    conductance = parameter("0.1 mS/cm2", "S/cm2", "conductance when all are open", lowest=0.0)
    c0, c1, c2 = gate("without agonist"), gate("one bound, closed"), gate("two bound, closed")
    o1, o2 = gate("one bound, open"), gate("two bound, open")

    def rates(self, gaba_outside: Any) -> Reactions:
        """Binding, opening and closing, 1/ms."""
        bind = 1.0 * gaba_outside
        return reactions(
            ("c0", "c1", 20.0 * bind, 4.6),
            ("c1", "c2", 10.0 * bind, 9.2),
            ("c1", "o1", 3.3, 9.8),
            ("c2", "o2", 10.6, 0.41),
        )

    def current(self, v: Any, e_cl: Any) -> Any:
        """Outward current density, mA/cm2."""
        return self.conductance * (self.o1 + self.o2) * (v - e_cl)
