"""Which preparations there are: one line each."""

from __future__ import annotations

from ..errors import UnknownNameError, nearest
from .beeler_reuter_1977 import beeler_reuter_1977
from .beta_cell import beta_cell
from .bonhoeffer_van_der_pol import bonhoeffer_van_der_pol
from .crab_axon import crab_axon
from .fitzhugh_nagumo import fitzhugh_nagumo
from .frog_node import frog_node
from .hindmarsh_rose import hindmarsh_rose
from .layer5_pyramidal import layer5_pyramidal
from .luo_rudy_1991 import luo_rudy_1991
from .morris_lecar import morris_lecar
from .noble_1962 import noble_1962
from .passive_cable import passive_cable
from .preparation import Preparation
from .regular_spiking import regular_spiking
from .relay_cell import relay_cell
from .squid_giant_axon import squid_giant_axon
from .squid_membrane import squid_membrane
from .ten_tusscher_2006 import ten_tusscher_2006

PREPARATIONS = (
    squid_membrane,
    squid_giant_axon,
    layer5_pyramidal,
    regular_spiking,
    passive_cable,
    frog_node,
    crab_axon,
    relay_cell,
    beta_cell,
    ten_tusscher_2006,
    luo_rudy_1991,
    noble_1962,
    beeler_reuter_1977,
    fitzhugh_nagumo,
    bonhoeffer_van_der_pol,
    morris_lecar,
    hindmarsh_rose,
)


def find(name: str) -> Preparation:
    """The preparation of that name.

    Raises:
        UnknownNameError: There is none.

    >>> find("squid_giant_axon").settings[0].default
    476.0
    """
    known = {preparation.name: preparation for preparation in PREPARATIONS}
    if name not in known:
        raise UnknownNameError(
            f"There is no preparation {name!r}. Expected one of the library, or a file that ends in .swc. "
            f"{nearest(name, known)}"
        )
    return known[name]
