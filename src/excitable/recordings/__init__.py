"""What comes back from a run: a table with labels, units, places and the axes of a sweep."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .join import concatenate
from .recording import Recording
from .signal import Axis, Place, Signal, Spikes
from .state import State

if TYPE_CHECKING:
    from .storage import load, save

__all__ = ["Axis", "Place", "Recording", "Signal", "Spikes", "State", "concatenate", "load", "save"]

# Archives, JSON and file handling cost more to import than all the rest of this room.
_ON_USE = ("load", "save")


def __getattr__(name: str) -> Any:
    if name in _ON_USE:
        return getattr(importlib.import_module(f"{__name__}.storage"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
