"""One kernel of attempted steps and its memory, advanced chunk by chunk on several threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ...compiler.adaptive.memory import AdaptiveMemory
from ...compiler.adaptive.plan import AdaptivePlan
from ...compiler.llvm.kernel import Shape
from ...compiler.system import Floats, System
from ...compiler.targets import Target
from ..engine import finished, split, width_of

# Rows that wait in memory before Python takes them: this many numbers, and so many rows at least and at most.
WAITING = 4_000_000
FEWEST, MOST = 16, 4096


def choose_shape(system: System, threads: int) -> Shape:
    """How many cells lie side by side: a vector of eight, or fewer where threads would be idle or cells are few.

    Cells of a block wait for the slowest of them, so that a few are better than many.
    """
    cells = 8
    while cells > 1 and (cells >= 2 * system.cells or (system.cells > threads and -(-system.cells // cells) < threads)):
        cells //= 2
    if cells > 1:
        return Shape(cells, (cells,) * len(system.kinds))
    return Shape(1, tuple(width_of(len(kind.compartments)) for kind in system.kinds))


class AttemptEngine:
    """Advances the memory of an adaptive plan by attempted steps."""

    def __init__(
        self, plan: AdaptivePlan, target: Target, shape: Shape, threads: int, edges: Sequence[Floats], begin: float
    ) -> None:
        self.plan, self.shape = plan, shape
        self.memory = memory = AdaptiveMemory(plan, shape, edges)
        memory.put("t", begin)
        memory.put("window", begin)
        memory.put("h", plan.values["first"])
        self.bound = target.bind(memory)
        self.capacity = int(np.clip(WAITING // (memory.blocks * shape.cells * memory.width), FEWEST, MOST))
        self.out = np.zeros((memory.blocks, shape.cells, self.capacity, memory.width))
        self.counts = np.zeros((memory.blocks, 1 + shape.cells), dtype=np.int64)
        memory.layout["out_stride"] = self.out[0].size
        memory.layout["spikes_stride"] = self.counts.shape[1]
        self.parts = split(memory.blocks, threads if target.threads else 1)
        self.pool = ThreadPoolExecutor(min(threads, len(self.parts))) if len(self.parts) > 1 else None

    def close(self) -> None:
        """Let the threads go."""
        if self.pool is not None:
            self.pool.shutdown()

    def advance(self, attempts: int) -> list[Floats]:
        """Attempt so many steps in every block that is under way; returns the new rows of each cell."""
        memory, cells = self.memory, self.memory.cells
        self.counts[:] = 0
        self.counts[:, 0] = self.under_way().any(axis=1)

        def part(bounds: tuple[int, int]) -> None:
            self.bound.call(self.out, self.counts.view(np.float64), bounds, attempts, self.capacity, 0)

        finished(self.pool, part, self.parts)
        rows = self.out.reshape(-1, self.capacity, memory.width)
        counts = self.counts[:, 1:].ravel()
        return [rows[cell, : counts[cell]] for cell in range(cells)]

    def under_way(self) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        """Which cells have not arrived at the end, and are not stuck: (blocks, cells of a block)."""
        memory = self.memory
        return np.asarray((memory.view("edge")[:, 0] < 1e300) & (memory.view("stuck")[:, 0] <= 0.0))

    def stuck(self) -> list[int]:
        """The cells whose step has become too small to move."""
        return [int(c) for c in np.flatnonzero(self.memory.get("stuck")[0] > 0.0)]

    def snapshot(self) -> Floats:
        """A copy of everything that changes."""
        return self.memory.arena.copy()

    def restore(self, snapshot: Floats) -> None:
        """Go back to a snapshot."""
        self.memory.arena[:] = snapshot
