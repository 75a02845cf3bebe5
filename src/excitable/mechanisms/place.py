"""Parameters that vary along the cell: a function of the place, evaluated when the cell is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..frozen import frozen


@frozen()
class Along:
    """A parameter given as a function of the place; see `along`."""

    function: Callable[[Any], Any]

    def __repr__(self) -> str:
        return f"along({getattr(self.function, '__name__', 'function')})"


def along(function: Callable[[Any], Any]) -> Along:
    """A parameter that varies along the cell.

    `function` is given a place with the arrays `distance` (path distance from the root, µm), `diameter` (µm),
    `x`, `y`, `z` (µm), one element per compartment, and returns the parameter in its declared unit.

    >>> import math
    >>> rising = along(lambda place: 1e-4 * (1.0 + place.distance / 100.0))
    """
    return Along(function)
