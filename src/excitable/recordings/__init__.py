"""What comes back from a run: a table with labels, units, places and the axes of a sweep."""

from __future__ import annotations

from .recording import Recording
from .signal import Axis, Place, Signal, Spikes
from .state import State

__all__ = ["Axis", "Place", "Recording", "Signal", "Spikes", "State"]
