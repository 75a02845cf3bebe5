"""What does the membrane do? Channels, ions and pools as declared fields and plain arithmetic."""

from typing import TYPE_CHECKING, Any

from . import channels
from .channels import SquidLeak, SquidPotassium, SquidSodium
from .declare import Parameter, State, gate, parameter, state_variable
from .ions import Ion
from .laws import AlphaBeta, Relaxation, alpha_beta, relax
from .leak import Leak
from .mechanism import Channel, Mechanism
from .membrane import Membrane, Motion, assemble
from .place import Along, along

if TYPE_CHECKING:
    from .channels import (
        CrabAxonPotassium,
        CrabAxonSodium,
        CrabAxonTransientPotassium,
        FrogNodeDelayed,
        FrogNodePotassium,
        FrogNodeSodium,
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
    )

__all__ = [
    "Along",
    "AlphaBeta",
    "Channel",
    "CrabAxonPotassium",
    "CrabAxonSodium",
    "CrabAxonTransientPotassium",
    "FrogNodeDelayed",
    "FrogNodePotassium",
    "FrogNodeSodium",
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


def __getattr__(name: str) -> Any:
    # Channels of cells that few simulations need load when they are named.
    if name in channels.ON_USE:
        return getattr(channels, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
