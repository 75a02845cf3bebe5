"""Pumps, exchangers and cotransporters: what moves ions uphill.

`FILES` is the list; `__init__.pyi` repeats it for type checkers. A file loads when one of its transporters is named.
"""

from __future__ import annotations

from ..on_use import loading

FILES = {
    "calcium_pumps": ("CalciumStore", "PlasmaMembraneCalciumPump", "ReticulumCalciumPump"),
    "chloride_cotransport": ("PotassiumChlorideCotransporter", "SodiumPotassiumChlorideCotransporter"),
    "proton_pump": ("ProtonPump",),
    "sodium_calcium_exchange": ("PurkinjeSodiumCalciumExchanger", "SodiumCalciumExchanger"),
    "sodium_pump": ("CardiacSodiumPotassiumPump", "SodiumPotassiumPump", "SquidSodiumPotassiumPump"),
}

__all__ = [name for names in FILES.values() for name in names]
__getattr__ = loading(__name__, FILES)
