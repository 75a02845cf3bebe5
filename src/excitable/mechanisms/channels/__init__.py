"""Voltage-gated channels, one flat file each, with its paper."""

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
from .squid import SquidLeak, SquidPotassium, SquidSodium

__all__ = [
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
