"""Numbers of stimuli that are not formulas: waveforms of the user, and noise that depends on nothing but its "
"counters."""

from __future__ import annotations

import zlib

import numpy as np

from ..compiler.memory import Memory
from ..compiler.plan import Plan
from ..compiler.system import Floats


def fill_series(plan: Plan, memory: Memory, step: int, steps: int) -> None:
    """Write the samples of the coming steps into the memory of a kernel."""
    dt = float(plan.values["dt"])
    for part, group in zip(plan.program.points, plan.points, strict=True):
        name = f"{part.name}.sample"
        if name not in memory.sizes:
            continue
        view = memory.view(name).reshape(memory.blocks, len(group), memory.series_steps, memory.shape.cells)
        for k, placed in enumerate(group):
            stimulus = placed.what
            if stimulus.times is not None and stimulus.samples is not None:
                view[:, k, :steps, :] = means(stimulus.times, stimulus.samples, dt, step, steps)[None, :, None]
            for cell in range(memory.cells if stimulus.seed is not None else 0):
                block, lane = divmod(cell, memory.shape.cells)
                view[block, k, :steps, lane] = normals(stimulus.seed or 0, stimulus.name, cell, step, steps)


def means(t: Floats, x: Floats, dt: float, step: int, steps: int) -> Floats:
    """The mean over each step of a waveform of straight lines through (t, x), zero outside its samples."""
    charge = np.concatenate([[0.0], np.cumsum(0.5 * (x[1:] + x[:-1]) * np.diff(t))])
    edges = np.clip((step + np.arange(steps + 1)) * dt, t[0], t[-1])
    piece = np.clip(np.searchsorted(t, edges, side="right") - 1, 0, len(t) - 2)
    since = edges - t[piece]
    slope = (x[piece + 1] - x[piece]) / (t[piece + 1] - t[piece])
    return np.asarray(np.diff(charge[piece] + since * (x[piece] + 0.5 * slope * since)) / dt)


def normals(seed: int, name: str, cell: int, step: int, steps: int) -> Floats:
    """Standard normal numbers for consecutive steps, by Philox counters and Box–Muller (1958, Ann Math Stat 29:610).

    Four steps share a counter; the key is made of the seed, the name of the stimulus and the cell.
    """
    first, last = step // 4, (step + steps - 1) // 4
    key = np.array([seed, (zlib.crc32(name.encode()) << 32) + cell], dtype=np.uint64)
    generator = np.random.Philox(key=key, counter=first)
    raw = generator.random_raw(4 * (last - first + 1)).reshape(-1, 2)
    uniform = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    radius = np.sqrt(-2.0 * np.log(uniform[:, 0]))
    angle = 2.0 * np.pi * uniform[:, 1]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()
    return np.asarray(pairs[step - 4 * first : step - 4 * first + steps])
