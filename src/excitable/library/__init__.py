"""Which published models and preparations are there? One flat file each, read like the methods of its paper."""

from .figures import Chart, Drawing, Figure, Gates, Kymograph, Line, Traces
from .neuron_from_file import neuron_from_file
from .passive_cable import passive_cable
from .preparation import Experiment, Measured, Preparation, Setting, attempt
from .registry import PREPARATIONS, find
from .settings import Choice, choose, override, parameters_of, parse_assignments
from .squid_giant_axon import squid_giant_axon
from .squid_membrane import squid_membrane
from .study import Interrupted, Study, perform, study

__all__ = [
    "PREPARATIONS",
    "Chart",
    "Choice",
    "Drawing",
    "Experiment",
    "Figure",
    "Gates",
    "Interrupted",
    "Kymograph",
    "Line",
    "Measured",
    "Preparation",
    "Setting",
    "Study",
    "Traces",
    "attempt",
    "choose",
    "find",
    "neuron_from_file",
    "override",
    "parameters_of",
    "parse_assignments",
    "passive_cable",
    "perform",
    "squid_giant_axon",
    "squid_membrane",
    "study",
]
