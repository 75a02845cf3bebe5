# For type checkers: what `FILES` loads on use, by name.

from .calcium_pumps import CalciumStore as CalciumStore
from .calcium_pumps import PlasmaMembraneCalciumPump as PlasmaMembraneCalciumPump
from .calcium_pumps import ReticulumCalciumPump as ReticulumCalciumPump
from .chloride_cotransport import PotassiumChlorideCotransporter as PotassiumChlorideCotransporter
from .chloride_cotransport import SodiumPotassiumChlorideCotransporter as SodiumPotassiumChlorideCotransporter
from .proton_pump import ProtonPump as ProtonPump
from .sodium_calcium_exchange import PurkinjeSodiumCalciumExchanger as PurkinjeSodiumCalciumExchanger
from .sodium_calcium_exchange import SodiumCalciumExchanger as SodiumCalciumExchanger
from .sodium_pump import CardiacSodiumPotassiumPump as CardiacSodiumPotassiumPump
from .sodium_pump import SodiumPotassiumPump as SodiumPotassiumPump
from .sodium_pump import SquidSodiumPotassiumPump as SquidSodiumPotassiumPump

FILES: dict[str, tuple[str, ...]]
__all__: list[str]
