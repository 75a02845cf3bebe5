"""Voltage-gated channels, grouped by the cell and the paper that they come from."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .squid import SquidLeak, SquidPotassium, SquidSodium

if TYPE_CHECKING:
    from .crab_axon import CrabAxonPotassium, CrabAxonSodium, CrabAxonTransientPotassium
    from .frog_node import FrogNodeDelayed, FrogNodePotassium, FrogNodeSodium
    from .layer5 import (
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
    )
    from .regular_spiking import RegularSpikingPotassium, RegularSpikingSlowPotassium, RegularSpikingSodium

__all__ = [
    "CrabAxonPotassium",
    "CrabAxonSodium",
    "CrabAxonTransientPotassium",
    "FrogNodeDelayed",
    "FrogNodePotassium",
    "FrogNodeSodium",
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
    "SquidLeak",
    "SquidPotassium",
    "SquidSodium",
]

# Which file loads when one of its channels is named; the squid's are always there.
ON_USE = {
    "CrabAxonPotassium": "crab_axon",
    "CrabAxonSodium": "crab_axon",
    "CrabAxonTransientPotassium": "crab_axon",
    "FrogNodeDelayed": "frog_node",
    "FrogNodePotassium": "frog_node",
    "FrogNodeSodium": "frog_node",
    "PyramidalCalciumPool": "layer5",
    "PyramidalCalciumPotassium": "layer5",
    "PyramidalFastPotassium": "layer5",
    "PyramidalHighThresholdCalcium": "layer5",
    "PyramidalHyperpolarisation": "layer5",
    "PyramidalLowThresholdCalcium": "layer5",
    "PyramidalMuscarinicPotassium": "layer5",
    "PyramidalPersistentPotassium": "layer5",
    "PyramidalPersistentSodium": "layer5",
    "PyramidalTransientPotassium": "layer5",
    "PyramidalTransientSodium": "layer5",
    "RegularSpikingPotassium": "regular_spiking",
    "RegularSpikingSlowPotassium": "regular_spiking",
    "RegularSpikingSodium": "regular_spiking",
}


def __getattr__(name: str) -> Any:
    if name in ON_USE:
        return getattr(importlib.import_module(f"{__name__}.{ON_USE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
