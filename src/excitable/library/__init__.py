"""Which published models and preparations are there? One flat file each, read like the methods of its paper."""

from .beeler_reuter_1977 import beeler_reuter_1977
from .beta_cell import beta_cell
from .bonhoeffer_van_der_pol import bonhoeffer_van_der_pol
from .crab_axon import crab_axon
from .equations import Equation, Painted, equations, painted
from .figures import Chart, Drawing, Figure, Gates, Kymograph, Line, Stack, Traces
from .fitzhugh_nagumo import fitzhugh_nagumo
from .frog_node import frog_node
from .hindmarsh_rose import hindmarsh_rose
from .layer5_pyramidal import layer5_pyramidal
from .luo_rudy_1991 import luo_rudy_1991
from .morris_lecar import morris_lecar
from .noble_1962 import noble_1962
from .passive_cable import passive_cable
from .preparation import Experiment, Measured, Preparation, Setting, attempt
from .registry import PREPARATIONS, find
from .regular_spiking import regular_spiking
from .relay_cell import relay_cell
from .settings import Choice, choose, override, parameters_of, parse_assignments
from .squid_giant_axon import squid_giant_axon
from .squid_membrane import squid_membrane
from .studies import Interrupted, Study, perform, study
from .swc_neuron import neuron_from_file
from .ten_tusscher_2006 import ten_tusscher_2006

__all__ = [
    "PREPARATIONS",
    "Chart",
    "Choice",
    "Drawing",
    "Equation",
    "Experiment",
    "Figure",
    "Gates",
    "Interrupted",
    "Kymograph",
    "Line",
    "Measured",
    "Painted",
    "Preparation",
    "Setting",
    "Stack",
    "Study",
    "Traces",
    "attempt",
    "beeler_reuter_1977",
    "beta_cell",
    "bonhoeffer_van_der_pol",
    "choose",
    "crab_axon",
    "equations",
    "find",
    "fitzhugh_nagumo",
    "frog_node",
    "hindmarsh_rose",
    "layer5_pyramidal",
    "luo_rudy_1991",
    "morris_lecar",
    "neuron_from_file",
    "noble_1962",
    "override",
    "painted",
    "parameters_of",
    "parse_assignments",
    "passive_cable",
    "perform",
    "regular_spiking",
    "relay_cell",
    "squid_giant_axon",
    "squid_membrane",
    "study",
    "ten_tusscher_2006",
]
