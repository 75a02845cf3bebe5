"""Voltage-gated channels, and those gated by calcium, ATP, acid, light, ligands, tension or cold, by cell or family.

`FILES` is the list; `__init__.pyi` repeats it for type checkers. A file loads when one of its channels is named.
"""

from __future__ import annotations

from ..on_use import loading

FILES = {
    "a_type": ("DistalATypePotassium", "ProximalATypePotassium", "ThalamicATypePotassium"),
    "atp_sensitive": ("AtpSensitivePotassium",),
    "beta_cell": (
        "BetaCellAtpPotassium",
        "BetaCellCalcium",
        "BetaCellCalciumPotassium",
        "BetaCellCalciumStore",
        "BetaCellGranules",
        "BetaCellPotassium",
    ),
    "calcium_activated_potassium": ("CTypePotassium", "LargeConductancePotassium", "SlowAfterhyperpolarisation"),
    "chloride": (
        "CardiacCalciumChloride",
        "HyperpolarisationChloride",
        "MuscleChloride",
        "PhotoreceptorCalciumChloride",
    ),
    "crab_axon": ("CrabAxonPotassium", "CrabAxonSodium", "CrabAxonTransientPotassium"),
    "d_type": ("DTypePotassium",),
    "delayed_rectifier": ("CorticalDelayedRectifier", "FastSpikingDelayedRectifier", "HippocampalDelayedRectifier"),
    "fast_sodium": ("CorticalSodium", "FastSpikingSodium", "HippocampalSodium"),
    "fitzhugh_nagumo": ("FitzHughNagumo",),
    "frog_node": ("FrogNodeDelayed", "FrogNodePotassium", "FrogNodeSodium"),
    "gates_ligand": ("GabaAReceptor", "NicotinicReceptor"),
    "gates_light": ("ChannelrhodopsinH134R",),
    "gates_mechanical": ("LaplaceTension", "LargeMechanosensitiveChannel"),
    "gates_thermal": ("ColdTrpM8",),
    "high_threshold_calcium": (
        "LTypeCalcium",
        "NTypeCalcium",
        "PTypeCalcium",
        "QTypeCalcium",
        "RTypeCalcium",
        "SubthresholdLTypeCalcium",
    ),
    "hindmarsh_rose": ("HindmarshRose",),
    "hyperpolarisation_activated": ("HippocampalHyperpolarisation", "ThalamicHyperpolarisation"),
    "inward_rectifier": ("CardiacInwardRectifier", "GranuleInwardRectifier"),
    "layer5": (
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
    ),
    "low_threshold_calcium": ("ReticularTTypeCalcium", "ThalamicTTypeCalcium"),
    "m_type": ("CorticalMTypePotassium", "MTypePotassium"),
    "morris_lecar": (
        "BarnacleCalcium",
        "BarnaclePotassium",
    ),
    "persistent_sodium": ("CorticalPersistentSodium", "PacemakerPersistentSodium"),
    "regular_spiking": ("RegularSpikingPotassium", "RegularSpikingSlowPotassium", "RegularSpikingSodium"),
    "relay_cell": ("RelayCellCalciumPool",),
    "squid": ("SquidLeak", "SquidPotassium", "SquidSodium"),
    "two_pore": ("ConstantFieldLeak", "TwoPorePotassium"),
}

__all__ = [name for names in FILES.values() for name in names]
__getattr__ = loading(__name__, FILES)
