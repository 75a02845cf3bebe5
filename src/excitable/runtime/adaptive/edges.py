"""The times that no step may cross: edges of stimuli and commands, and the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.system import Floats, Kind, System
from ...mechanisms.condition import edges_of as condition_edges
from ...protocols.instants import edges_of

# Edges closer than this (ms) are one: no injected charge can tell them apart.
TOGETHER = 1e-11
# The numbers of a condition that say when it changes.
COURSE = ("start", "duration", "period", "count")


def edges(system: System, begin: float, end: float) -> list[Floats]:
    """The edges after `begin` up to `end` (ms), which is the last: one array for all cells, or one a cell.

    Raises RequestError for stimuli that have no smooth pieces.
    """
    items: list[Any] = [*system.placed, *system.clamps]
    pulsing = [(name, kind) for kind in system.kinds for name in kind.membrane.courses]
    swept = any(np.ndim(value) for item in items for value in item.values.values())
    swept |= any(np.ndim(kind.values[f"{name}.{key}"]) for name, kind in pulsing for key in COURSE)
    return [_merged(items, pulsing, cell, begin, end) for cell in range(system.cells if swept else 1)]


def _merged(items: list[Any], pulsing: list[tuple[str, Kind]], cell: int, begin: float, end: float) -> Floats:
    found = [np.array([end])]
    for name, kind in pulsing:
        tables = {key: np.atleast_2d(kind.values[f"{name}.{key}"]) for key in COURSE}
        for row in range(max(len(table) for table in tables.values())):
            numbers = {key: _at(table, row, cell) for key, table in tables.items()}
            found.append(condition_edges(numbers, name))
    for item in items:
        numbers = {name: float(np.ravel(value)[cell if np.ndim(value) else 0]) for name, value in item.values.items()}
        found.append(edges_of(item.what, numbers))
    times = np.sort(np.concatenate(found))
    times = times[(times > begin + TOGETHER) & (times < end - TOGETHER)]
    kept = times[np.concatenate([[True], np.diff(times) > TOGETHER])] if times.size else times
    return np.concatenate([kept, [end]])


def _at(table: Floats, row: int, cell: int) -> float:
    """The number of a row (compartment) and a cell, where either may be the same for all."""
    return float(table[row if len(table) > 1 else 0, cell if table.shape[1] > 1 else 0])
