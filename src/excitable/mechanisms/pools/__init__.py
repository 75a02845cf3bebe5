"""Where ions are: volumes, shells and spaces whose concentrations follow, and what binds or removes ions there.

`FILES` is the list; `__init__.pyi` repeats it for type checkers. A file loads when one of its names is spoken.
"""

from __future__ import annotations

from ..on_use import loading

FILES = {
    "buffers": ("Buffer", "Uptake"),
    "shells": ("Shells",),
    "volumes": ("Cytosol", "ExtracellularSpace", "FrankenhaeuserHodgkinSpace"),
}

__all__ = [name for names in FILES.values() for name in names]
__getattr__ = loading(__name__, FILES)
