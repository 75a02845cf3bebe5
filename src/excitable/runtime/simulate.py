"""The loop that every run goes through: chunks, progress, interrupts, and the watch for numbers that blow up."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..compiler.plan import Plan
from ..compiler.system import Floats
from .engine import Engine
from .progress import Progress

# Python is entered about this often (s): for progress, interrupts and the check of the voltages.
PAUSE = 0.15


@dataclass
class Outcome:
    """What a simulation left: samples, crossings, how far it came, and what went wrong, if anything did."""

    data: Floats
    samples: int = 0
    steps: int = 0
    crossings: list[tuple[float, int, int]] = field(default_factory=list)
    interrupted: bool = False
    blown: tuple[int, str] | None = None


def simulate(
    engine: Engine, plan: Plan, *, first: int, steps: int, every: int, level: bool, progress: Progress
) -> Outcome:
    """Advance `steps` steps from step `first`, sampling before every `every`-th and at the end.

    `level` says that the states stand level with the voltage, as at the start of a run.
    """
    dt, memory = float(plan.values["dt"]), engine.memory
    outcome = Outcome(np.empty((memory.cells, memory.width, steps // every + 1)))
    lag_done = 1.0 - plan.method.lag if level else 1.0
    chunk, done = max(1, 64 // every), 0
    # What is certain: the state of the memory, and how much of the outcome belongs to it. Replaced in one go.
    certain = (engine.snapshot(), 0, 0, 0)
    try:
        while done < steps:
            whole = min(chunk, (steps - done) // every, max(1, engine.chunk // every))
            samples, stride = (whole, every) if whole else (1, steps - done)
            started = time.perf_counter()
            dt_first = (lag_done if done == 0 else 1.0) * dt
            taken = engine.advance(first + done, samples, stride, dt_first)
            if not engine.finite():
                # The search for the step runs the engine again, which writes over what this call has left.
                taken, crossings = taken.copy(), engine.crossings()
                engine.restore(certain[0])
                outcome.blown = _find(engine, first + done, samples * stride, dt_first, dt)
                good = (outcome.blown[0] - first - done) // stride
                _keep(outcome, taken[:, :, : good + 1], [c for c in crossings if c[0] <= outcome.blown[0] * dt])
                outcome.steps = outcome.blown[0] - first
                return outcome
            _keep(outcome, taken, engine.crossings())
            done += samples * stride
            certain = (engine.snapshot(), done, outcome.samples, len(outcome.crossings))
            seconds = time.perf_counter() - started
            chunk = max(1, min(int(chunk * min(PAUSE / max(seconds, 1e-6), 8.0)), 1 << 20))
            progress.show(done / steps)
        if steps % every == 0:
            _keep(outcome, engine.advance(first + done, 1, 0, dt), [])
        outcome.steps = done
    except KeyboardInterrupt:
        # Half a chunk may be done, or done and not yet kept: everything goes back to where all of it is certain.
        before, outcome.steps, outcome.samples, kept = certain
        engine.restore(before)
        del outcome.crossings[kept:]
        outcome.blown, outcome.interrupted = None, True
    return outcome


def _keep(outcome: Outcome, taken: Floats, crossings: Sequence[tuple[float, int, int]]) -> None:
    count = min(taken.shape[2], outcome.data.shape[2] - outcome.samples)
    outcome.data[:, :, outcome.samples : outcome.samples + count] = taken[:, :, :count]
    outcome.samples += count
    outcome.crossings += crossings


def _find(engine: Engine, step: int, steps: int, dt_first: float, dt: float) -> tuple[int, str]:
    """The step and the place at which numbers ceased to be finite, found by repeating the chunk step by step."""
    for k in range(steps):
        engine.advance(step + k, 1, 1, dt_first if k == 0 else dt)
        if not engine.finite():
            return step + k, where_not_finite(engine)
    return step, "a place that a repetition did not find again"


def where_not_finite(engine: Engine) -> str:
    """The first variable and compartment that is not a finite number, in words."""
    memory, system = engine.memory, engine.plan.system
    parts = system.discretisation
    for k, kind in enumerate(system.kinds):
        for state in kind.membrane.states:
            bad = np.argwhere(~np.isfinite(memory.get(f"kind{k}.{state}")[: len(kind.compartments)]))
            if len(bad):
                return f"{state} {_place(parts, int(kind.compartments[bad[0][0]]), int(bad[0][1]), memory.cells)}"
    voltage = memory.get("v")[memory.node[: len(parts)]]
    bad = np.argwhere(~np.isfinite(voltage))
    compartment, cell = (int(n) for n in bad[0]) if len(bad) else (0, 0)
    return f"the voltage {_place(parts, compartment, cell, memory.cells)}"


def _place(parts: object, compartment: int, cell: int, cells: int) -> str:
    branch = parts.morphology.branches[parts.branch[compartment]].name  # type: ignore[attr-defined]
    position = float(parts.position[compartment])  # type: ignore[attr-defined]
    run = f" in run {cell} of the sweep" if cells > 1 else ""
    return f"at {branch}({position:.3g}){run}"
