"""The loop of an adaptive run: chunks of attempts, progress, interrupts, and what stops a cell."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...compiler.adaptive.plan import AdaptivePlan
from ...compiler.system import Floats
from ...expressions import evaluate
from ...methods.step import PER_CAPACITANCE
from ..progress import Progress
from .engine import AttemptEngine
from .interpolant import Follower

# Python is entered about this often (s).
PAUSE = 0.15
# A run that would need so many attempts, chunk after chunk, is given up: a threshold bounces.
HOPELESS = 1e10
PATIENCE = 5


@dataclass
class Outcome:
    """What an adaptive simulation left: samples of every item of a row, crossings, and how far it came."""

    samples: Floats
    clamps: Floats
    taken: int = 0
    crossings: list[tuple[float, int, int]] = field(default_factory=list)
    accepted: int = 0
    interrupted: bool = False
    stopped: float = 0.0
    stuck: list[int] = field(default_factory=list)
    attempts: int = 0


def simulate(engine: AttemptEngine, times: Floats, detectors: list[tuple[int, float]], progress: Progress) -> Outcome:
    """Attempt steps until every cell has arrived at its last edge, or one is stuck."""
    memory = engine.memory
    items = (memory.width - 1) // 2
    looked = memory.looked.tolist()
    clamped = [looked.index(clamp.node) for clamp in engine.plan.system.clamps]
    outcome = Outcome(
        np.full((memory.cells, items, times.size), np.nan), np.full((memory.cells, len(clamped), times.size), np.nan)
    )
    scale = scales(engine.plan, engine)
    followers = [Follower(times, outcome.samples[c], scale[c], detectors, clamped) for c in range(memory.cells)]
    attempts, slow, span = 64, 0, float(times[-1] - times[0]) or 1.0
    before, end = float(times[0]), float(times[-1])
    try:
        while engine.under_way().any():
            started = time.perf_counter()
            rows = engine.advance(attempts)
            outcome.attempts += attempts
            seconds = time.perf_counter() - started
            arrived = ~engine.under_way().ravel()
            outcome.accepted += sum(len(some) for some in rows)
            for cell, some in enumerate(rows):
                followers[cell].take(some, final=bool(arrived[cell]))
            outcome.stopped = float(memory.get("t").min())
            slow = slow + 1 if _hopeless(attempts, outcome.stopped - before, end - outcome.stopped) else 0
            before = outcome.stopped
            outcome.stuck = engine.stuck() or ([int(memory.get("t").argmin())] if slow >= PATIENCE else [])
            if outcome.stuck:
                break
            attempts = max(16, min(int(attempts * min(PAUSE / max(seconds, 1e-6), 8.0)), 1 << 20))
            progress.show((outcome.stopped - float(times[0])) / span)
    except KeyboardInterrupt:
        outcome.interrupted = True
    for cell, follower in enumerate(followers if clamped else ()):
        outcome.clamps[cell] = -follower.currents()
    outcome.taken = min(follower.done for follower in followers)
    outcome.crossings = [
        (t, number, cell) for cell, follower in enumerate(followers) for t, number in follower.crossings
    ]
    return outcome


def _hopeless(attempts: int, moved: float, left: float) -> bool:
    """Whether a chunk moved so little that the rest would take more attempts than anybody waits for."""
    return left > 0.0 and attempts * left > HOPELESS * moved


def scales(plan: AdaptivePlan, engine: AttemptEngine) -> Floats:
    """What turns the second number of each pair of a row into a rate (cells, items): 1/(area · capacitance), or 1."""
    memory, system = engine.memory, plan.system
    scale = np.ones((memory.cells, (memory.width - 1) // 2))
    for k, node in enumerate(memory.looked.tolist()):
        kind = next(kind for kind in system.kinds if node in kind.compartments)
        row = int(np.flatnonzero(kind.compartments == node)[0])
        inertia = along(kind.values["area"], row) * along(kind.values["capacitance"], row) * PER_CAPACITANCE
        # A clamped voltage does not move, whatever flows.
        held = node in {clamp.node for clamp in system.clamps}
        scale[:, k] = 0.0 if held else 1.0 / np.broadcast_to(inertia, memory.cells)
    return scale


def along(value: Any, row: int) -> Any:
    """The number of one compartment: a float, or one for each cell."""
    table = np.atleast_2d(np.asarray(value, dtype=float))
    line = table[row if table.shape[0] > 1 else 0]
    return line if line.size > 1 else float(line[0])


def culprit(plan: AdaptivePlan, engine: AttemptEngine, cell: int) -> str:
    """The variable that stopped a cell, in words: one whose rate is not a number, or the one that changes fastest."""
    memory, system = engine.memory, plan.system
    parts, worst = system.discretisation, (-1.0, "")
    voltage = memory.get("v")[:, cell]
    for k, kind in enumerate(system.kinds):
        count = len(kind.compartments)
        values: dict[str, Any] = {name: _column(value, count, cell) for name, value in kind.values.items()}
        values |= {name: memory.get(f"kind{k}.{name}")[:count, cell] for name in kind.membrane.states}
        values |= {"v": voltage[memory.node[kind.compartments]], "t": float(memory.get("t")[0, cell])}
        rates = {name: motion.rate for name, motion in kind.membrane.motions.items()}
        rates["the voltage"] = kind.membrane.current
        for name, rate in rates.items():
            found = np.broadcast_to(np.abs(np.asarray(evaluate(rate, values), dtype=float)), (count,))
            where = int(np.argmax(np.where(np.isfinite(found), found, np.inf)))
            size = float(found[where]) / (1.0 + abs(float(np.ravel(values.get(name, 0.0))[0])))
            size = size if np.isfinite(size) else np.inf
            if size > worst[0]:
                compartment = int(kind.compartments[where])
                branch = parts.morphology.branches[parts.branch[compartment]].name
                worst = (size, f"{name} at {branch}({float(parts.position[compartment]):.3g})")
    run = f" in run {cell} of the sweep" if memory.cells > 1 else ""
    return worst[1] + run


def _column(value: Any, count: int, cell: int) -> Any:
    table = np.atleast_2d(np.asarray(value, dtype=float))
    column = table[:, cell if table.shape[1] > 1 else 0]
    return np.broadcast_to(column, (count,)) if column.size == 1 else column
