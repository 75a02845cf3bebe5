"""Pictures that a lecturer would show; each verb returns matplotlib axes, to be changed or saved.

matplotlib is loaded when a verb is called, and its global settings stay as they are.
"""

from __future__ import annotations

from .cell import draw
from .results import plot
from .space import kymograph
from .sweeps import fi_curve, raster
from .traces import plot_states

__all__ = ["draw", "fi_curve", "kymograph", "plot", "plot_states", "raster"]
