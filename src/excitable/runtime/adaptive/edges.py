"""The times that no step may cross: edges of stimuli and commands, and the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.system import Floats, System
from ...protocols.instants import edges_of

# Edges closer than this (ms) are one: no injected charge can tell them apart.
TOGETHER = 1e-11


def edges(system: System, begin: float, end: float) -> list[Floats]:
    """The edges after `begin` up to `end` (ms), which is the last: one array for all cells, or one a cell.

    Raises RequestError for stimuli that have no smooth pieces.
    """
    items: list[Any] = [*system.placed, *system.clamps]
    swept = any(np.ndim(value) for item in items for value in item.values.values())
    return [_merged(items, cell, begin, end) for cell in range(system.cells if swept else 1)]


def _merged(items: list[Any], cell: int, begin: float, end: float) -> Floats:
    found = [np.array([end])]
    for item in items:
        numbers = {name: float(np.ravel(value)[cell if np.ndim(value) else 0]) for name, value in item.values.items()}
        found.append(edges_of(item.what, numbers))
    times = np.sort(np.concatenate(found))
    times = times[(times > begin + TOGETHER) & (times < end - TOGETHER)]
    kept = times[np.concatenate([[True], np.diff(times) > TOGETHER])] if times.size else times
    return np.concatenate([kept, [end]])
