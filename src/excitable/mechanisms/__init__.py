"""What does the membrane do? Channels, ions and pools as declared fields and plain arithmetic."""

from .channels import (
    PyramidalCalciumPool,
    PyramidalCalciumPotassium,
    PyramidalFastPotassium,
    PyramidalHighThresholdCalcium,
    PyramidalHyperpolarisation,
    PyramidalLowThresholdCalcium,
    PyramidalMuscarinicPotassium,
    PyramidalPersistentPotassium,
    PyramidalPersistentSodium,
    PyramidalTransientPotassium,
    PyramidalTransientSodium,
    RegularSpikingPotassium,
    RegularSpikingSlowPotassium,
    RegularSpikingSodium,
    SquidLeak,
    SquidPotassium,
    SquidSodium,
)
from .declare import Parameter, State, gate, parameter, state_variable
from .ions import Ion
from .laws import AlphaBeta, Relaxation, alpha_beta, relax
from .leak import Leak
from .mechanism import Channel, Mechanism
from .membrane import Membrane, Motion, assemble
from .place import Along, along

__all__ = [
    "Along",
    "AlphaBeta",
    "Channel",
    "Ion",
    "Leak",
    "Mechanism",
    "Membrane",
    "Motion",
    "Parameter",
    "PyramidalCalciumPool",
    "PyramidalCalciumPotassium",
    "PyramidalFastPotassium",
    "PyramidalHighThresholdCalcium",
    "PyramidalHyperpolarisation",
    "PyramidalLowThresholdCalcium",
    "PyramidalMuscarinicPotassium",
    "PyramidalPersistentPotassium",
    "PyramidalPersistentSodium",
    "PyramidalTransientPotassium",
    "PyramidalTransientSodium",
    "RegularSpikingPotassium",
    "RegularSpikingSlowPotassium",
    "RegularSpikingSodium",
    "Relaxation",
    "SquidLeak",
    "SquidPotassium",
    "SquidSodium",
    "State",
    "along",
    "alpha_beta",
    "assemble",
    "gate",
    "parameter",
    "relax",
    "state_variable",
]
