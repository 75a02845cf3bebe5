"""One kernel and its memory, advanced chunk by chunk on several threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import pairwise

import numpy as np

from ..compiler.llvm.kernel import Shape
from ..compiler.memory import Memory
from ..compiler.plan import Plan
from ..compiler.system import Floats, System
from ..compiler.targets import Target
from .samples import fill_series


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# A block of cells should stay in the second-level cache of a core together with what streams past it.
BLOCK_BYTES = 512 * 1024


def choose_shape(system: System, threads: int) -> Shape:
    """How many cells lie side by side, and the width of each membrane pass. Any choice gives the same numbers.

    Single compartments want several vectors in flight; trees want their block to stay in the cache of a core.
    A tree that runs fewer than four times is faster with its own compartments side by side.
    """
    cells = 32 if system.nodes == 1 or system.cells >= 4 else 1
    while cells > 1 and _too_many(cells, system, threads):
        cells //= 2
    if cells > 1:
        return Shape(cells, (cells,) * len(system.kinds))
    return Shape(1, tuple(width_of(len(kind.compartments)) for kind in system.kinds))


def _too_many(cells: int, system: System, threads: int) -> bool:
    """Whether a block of so many cells would be half empty, leave threads idle, or overflow the cache."""
    states = max(len(kind.membrane.states) for kind in system.kinds)
    idle = cells > 8 and -(-system.cells // cells) < threads
    large = cells > 8 and 8 * cells * system.nodes * (states + 5) > BLOCK_BYTES
    return cells >= 2 * system.cells or idle or large


def width_of(count: int) -> int:
    """The narrowest vector that holds a small kind; 16 for the rest (two registers of eight, or four of four)."""
    width = 1
    while width < count and width < 16:
        width *= 2
    return width


class Engine:
    """Advances the memory of a plan. Steps are counted from the start of the first run."""

    def __init__(self, plan: Plan, target: Target, shape: Shape, threads: int, largest_chunk: int) -> None:
        self.plan, self.shape = plan, shape
        self.chunk = largest_chunk
        sampled = any(source.extent.value == "series" for part in plan.program.points for source in part.reads.values())
        self.sampled = sampled
        self.memory = Memory(plan, shape, largest_chunk if sampled else 0)
        memory = self.memory
        self.bound = target.bind(memory)
        kinds = enumerate(plan.system.kinds)
        self.changing = ["v", *(f"kind{k}.{state}" for k, kind in kinds for state in kind.membrane.states)]
        self.out = np.zeros(0)
        room = 1 + 2 * (len(memory.detectors) * shape.cells * (largest_chunk // 2 + 1))
        self.spikes = np.zeros((memory.blocks, room if memory.detectors else 1))
        memory.layout["spikes_stride"] = self.spikes.shape[1]
        self.parts = split(memory.blocks, threads if target.threads else 1)
        self.pool = ThreadPoolExecutor(min(threads, len(self.parts))) if len(self.parts) > 1 else None

    def close(self) -> None:
        """Let the threads go."""
        if self.pool is not None:
            self.pool.shutdown()

    def advance(self, step: int, samples: int, every: int, dt_first: float) -> Floats:
        """Take `samples` samples, each followed by `every` steps; returns (cells, width, samples)."""
        memory = self.memory
        size = samples * memory.layout["row"]
        if self.out.size < memory.blocks * max(size, 1):
            self.out = np.empty(memory.blocks * max(size, 1))
        memory.layout["out_stride"] = size
        dt, lag = memory.uniform["dt"], self.plan.method.lag
        # The first step brings states to where they belong; what it adds to the usual is what they lag before it.
        level = {"dt_first": dt_first, "dt_level_first": dt_first - (1.0 - lag) * dt, "dt_level": lag * dt}
        memory.uniform.update(level)
        if self.sampled:
            fill_series(self.plan, memory, step, samples * every)
        if memory.detectors:
            self.spikes[:, 0] = 0.0

        def part(bounds: tuple[int, int]) -> None:
            self.bound.call(self.out, self.spikes, bounds, samples, every, step)

        finished(self.pool, part, self.parts)
        taken = self.out[: memory.blocks * size].reshape(memory.blocks, samples, memory.width, self.shape.cells)
        ordered = taken.transpose(0, 3, 2, 1).reshape(memory.blocks * self.shape.cells, memory.width, samples)
        return ordered[: memory.cells]

    def crossings(self) -> list[tuple[float, int, int]]:
        """(time, detector, cell) of every threshold crossing of the last call."""
        cells = self.shape.cells
        found: list[tuple[float, int, int]] = []
        if not self.memory.detectors:
            return found
        counts = np.ascontiguousarray(self.spikes[:, 0]).view(np.int64).tolist()
        for block, count in enumerate(counts):
            if not count:
                continue
            times = self.spikes[block, 1 : 1 + 2 * count : 2]
            who = np.ascontiguousarray(self.spikes[block, 2 : 2 + 2 * count : 2]).view(np.int64)
            for moment, number in zip(times.tolist(), who.tolist(), strict=True):
                cell = block * cells + number % cells
                if cell < self.memory.cells:
                    found.append((moment, number // cells, cell))
        return found

    def snapshot(self) -> Floats:
        """A copy of everything that changes."""
        return self.memory.arena.copy()

    def restore(self, snapshot: Floats) -> None:
        """Go back to a snapshot."""
        self.memory.arena[:] = snapshot

    def finite(self) -> bool:
        """Whether every voltage and every state is a number."""
        return all(bool(np.isfinite(self.memory.view(name)).all()) for name in self.changing)


def finished(
    pool: ThreadPoolExecutor | None, part: Callable[[tuple[int, int]], None], parts: Sequence[tuple[int, int]]
) -> None:
    """Do every part, on the threads of a pool if there is one."""
    if pool is None:
        for bounds in parts:
            part(bounds)
        return
    waiting = [pool.submit(part, bounds) for bounds in parts]
    _wait(waiting)
    for future in waiting:
        future.result()


def _wait(waiting: Sequence[Future[None]]) -> None:
    """Wait for all threads; an interrupt is passed on after they are done.

    They cannot be stopped in the middle of a call, and write to the memory until it ends.
    """
    interrupt: KeyboardInterrupt | None = None
    while interrupt is None or not all(future.done() for future in waiting):
        try:
            wait(waiting)
            break
        except KeyboardInterrupt as pressed:
            interrupt = pressed
    if interrupt is not None:
        raise interrupt


def split(blocks: int, threads: int) -> list[tuple[int, int]]:
    """Ranges of blocks: a few for each thread, so that none waits long for the last."""
    wanted = 1 if threads == 1 else min(blocks, 4 * threads)
    edges = [blocks * k // wanted for k in range(wanted + 1)]
    return [(a, b) for a, b in pairwise(edges) if b > a]
