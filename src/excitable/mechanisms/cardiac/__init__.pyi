# For type checkers: what `FILES` loads on use, by name.

from .beeler_reuter import BeelerReuterPotassium as BeelerReuterPotassium
from .beeler_reuter import BeelerReuterSlowInward as BeelerReuterSlowInward
from .beeler_reuter import BeelerReuterSodium as BeelerReuterSodium
from .luo_rudy import GuineaPigBackground as GuineaPigBackground
from .luo_rudy import GuineaPigInwardRectifier as GuineaPigInwardRectifier
from .luo_rudy import GuineaPigPotassium as GuineaPigPotassium
from .luo_rudy import GuineaPigSlowInward as GuineaPigSlowInward
from .luo_rudy import GuineaPigSodium as GuineaPigSodium
from .noble import PurkinjeAnion as PurkinjeAnion
from .noble import PurkinjePotassium as PurkinjePotassium
from .noble import PurkinjeSodium as PurkinjeSodium
from .ten_tusscher import EndocardialTransientOutward as EndocardialTransientOutward
from .ten_tusscher import VentricularBackground as VentricularBackground
from .ten_tusscher import VentricularCalcium as VentricularCalcium
from .ten_tusscher import VentricularCalciumCycle as VentricularCalciumCycle
from .ten_tusscher import VentricularCalciumPump as VentricularCalciumPump
from .ten_tusscher import VentricularExchanger as VentricularExchanger
from .ten_tusscher import VentricularInwardRectifier as VentricularInwardRectifier
from .ten_tusscher import VentricularIons as VentricularIons
from .ten_tusscher import VentricularPlateauPotassium as VentricularPlateauPotassium
from .ten_tusscher import VentricularRapidPotassium as VentricularRapidPotassium
from .ten_tusscher import VentricularSlowPotassium as VentricularSlowPotassium
from .ten_tusscher import VentricularSodium as VentricularSodium
from .ten_tusscher import VentricularSodiumPump as VentricularSodiumPump
from .ten_tusscher import VentricularTransientOutward as VentricularTransientOutward

FILES: dict[str, tuple[str, ...]]
__all__: list[str]
