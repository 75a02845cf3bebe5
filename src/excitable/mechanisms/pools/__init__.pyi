# For type checkers: what `FILES` loads on use, by name.

from .buffers import Buffer as Buffer
from .buffers import Uptake as Uptake
from .shells import Shells as Shells
from .volumes import Cytosol as Cytosol
from .volumes import ExtracellularSpace as ExtracellularSpace
from .volumes import FrankenhaeuserHodgkinSpace as FrankenhaeuserHodgkinSpace

FILES: dict[str, tuple[str, ...]]
__all__: list[str]
