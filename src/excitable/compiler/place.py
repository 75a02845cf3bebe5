"""Where compartments are: what a parameter that varies along the cell is a function of."""

from __future__ import annotations

import numpy as np

from ..morphology import Discretisation
from .system import Floats, Integers


class PlaceOfCompartments:
    """Arrays over some compartments: `distance`, `diameter`, `x`, `y`, `z`, all in µm."""

    def __init__(self, parts: Discretisation, compartments: Integers) -> None:
        self.distance: Floats = parts.distance[compartments]
        self.diameter: Floats = parts.diameter[compartments]
        self.x, self.y, self.z = np.asarray(parts.centre[compartments]).T
