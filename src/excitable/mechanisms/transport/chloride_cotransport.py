"""Cotransport of chloride: out with potassium (KCC2), in with sodium and potassium (NKCC1). Both are neutral.

What chloride they leave inside decides whether GABA inhibits or excites.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp, log
from ..declare import parameter
from ..mechanism import Mechanism


class PotassiumChlorideCotransporter(Mechanism):
    """Cotransport of one potassium and one chloride (KCC2), out of a healthy neuron; it rests where e_k is e_cl.

    Source: Wei, Ullah & Schiff 2014, J Neurosci 34:11733: 0.3 mM/s in a cell of 7 µm radius, which is 7e-4 mM um/ms,
    as Sætra, Einevoll & Halnes 2021, PLoS Comput Biol 17:e1008143 (7e-7 mol/(m² s)). Logarithmic law: Østby et al.
    2009, PLoS Comput Biol 5:e1000272. No temperature coefficient is given.
    """

    turnover = parameter(7e-4, "mM um/ms", "flux for an e-fold gradient of the product", lowest=0.0)

    def flux(self, k_inside: Any, k_outside: Any, cl_inside: Any, cl_outside: Any) -> dict[str, Any]:
        """What leaves the cell of each, mM um/ms."""
        leaving = self.turnover * log(k_inside * cl_inside / (k_outside * cl_outside))
        return {"k": leaving, "cl": leaving}


class SodiumPotassiumChlorideCotransporter(Mechanism):
    """Cotransport of one sodium, one potassium and two chloride (NKCC1), into a young neuron, a glial cell or a gland.

    It rests where the product of the four gradients is 1; potassium outside switches it on around 16 mM.

    Source: Wei, Ullah & Schiff 2014, J Neurosci 34:11733: 0.1 mM/s in a cell of 7 µm radius, which is 2.33e-4 mM
    um/ms, as Sætra, Einevoll & Halnes 2021, PLoS Comput Biol 17:e1008143. No temperature coefficient is given.
    """

    turnover = parameter(2.333e-4, "mM um/ms", "flux for an e-fold gradient of the product", lowest=0.0)
    switch = parameter(16.0, "mM", "potassium outside that switches half of it on", lowest=0.0)
    width = parameter(1.0, "mM", "potassium over which it is switched", above=0.0)

    def flux(
        self, na_inside: Any, na_outside: Any, k_inside: Any, k_outside: Any, cl_inside: Any, cl_outside: Any
    ) -> dict[str, Any]:
        """What leaves the cell of each, mM um/ms."""
        gradient = log(na_inside * k_inside * cl_inside**2 / (na_outside * k_outside * cl_outside**2))
        leaving = self.turnover * gradient / (1.0 + exp((self.switch - k_outside) / self.width))
        return {"na": leaving, "k": leaving, "cl": 2.0 * leaving}
