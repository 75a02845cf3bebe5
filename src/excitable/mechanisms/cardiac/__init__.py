"""Currents and calcium of heart cells, by the paper that they come from.

`FILES` is the list; `__init__.pyi` repeats it for type checkers. A file loads when one of its mechanisms is named.
"""

from __future__ import annotations

from ..on_use import loading

FILES = {
    "beeler_reuter": (
        "BeelerReuterPotassium",
        "BeelerReuterSlowInward",
        "BeelerReuterSodium",
    ),
    "luo_rudy": (
        "GuineaPigBackground",
        "GuineaPigInwardRectifier",
        "GuineaPigPotassium",
        "GuineaPigSlowInward",
        "GuineaPigSodium",
    ),
    "noble": (
        "PurkinjeAnion",
        "PurkinjePotassium",
        "PurkinjeSodium",
    ),
    "ten_tusscher": (
        "EndocardialTransientOutward",
        "VentricularBackground",
        "VentricularCalcium",
        "VentricularCalciumCycle",
        "VentricularCalciumPump",
        "VentricularExchanger",
        "VentricularInwardRectifier",
        "VentricularIons",
        "VentricularPlateauPotassium",
        "VentricularRapidPotassium",
        "VentricularSlowPotassium",
        "VentricularSodium",
        "VentricularSodiumPump",
        "VentricularTransientOutward",
    ),
}

__all__ = [name for names in FILES.values() for name in names]
__getattr__ = loading(__name__, FILES)
