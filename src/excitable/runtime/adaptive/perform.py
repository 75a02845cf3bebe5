"""An adaptive run or sweep, from the request to the recording."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...compiler.adaptive.memory import AdaptiveMemory
from ...compiler.adaptive.plan import AdaptivePlan, plan_adaptive
from ...compiler.system import Floats, System, Watch
from ...errors import NumericalError, RequestError
from ...expressions import evaluate
from ...methods.rosenbrock import Adaptive
from ...recordings import Axis, Recording, Signal, Spikes, State
from ...version import __version__
from ..assemble import place
from ..progress import Progress
from ..resume import put
from ..room import refuse_too_much
from .edges import edges
from .engine import AttemptEngine, choose_shape
from .simulate import Outcome, along, culprit, simulate


def perform_adaptive(request: Any, system: System, dt: float, steps: int) -> Recording:
    """Carry out a checked request whose method is adaptive; `dt` is the time between samples."""
    started = time.perf_counter()
    method: Adaptive = request.method
    begin = 0.0 if request.start is None else float(request.start.description.get("time", 0.0))
    times = begin + request.every * np.arange(steps // request.every + 1) * dt
    end = begin + steps * dt
    turns = edges(system, begin, end)
    planned = plan_adaptive(system, method)
    shape = choose_shape(system, request.threads)
    engine = AttemptEngine(planned, request.on, shape, request.threads, turns, begin)
    refuse_too_much(engine.memory, times.size)
    if request.start is not None:
        restore(planned, engine.memory, request.start)
    progress = Progress(f"{request.cell.morphology.name}", request.progress)
    detectors = _detectors(system, engine.memory)
    try:
        outcome = simulate(engine, times, [(item, w.probe.threshold) for item, w, _ in detectors], progress)
    finally:
        progress.done()
        engine.close()
    description = {
        "dt": dt,
        "method": method.name,
        "order": method.order,
        "tolerance": method.tolerance,
        "target": request.on.name,
        "steps": steps,
        "accepted_steps": outcome.accepted,
        "compartments": len(system.discretisation),
        "cells": system.cells,
        "temperature": request.cell.temperature,
        "seconds": time.perf_counter() - started,
        "excitable": __version__,
        "seed": None,
    }
    made = _recording(planned, engine, outcome, times, request.axes, description, detectors, end, dt)
    if outcome.stuck:
        raise NumericalError(
            f"After {outcome.stopped:.9g} ms the adaptive method could not go on: no step is short enough for "
            f"{culprit(planned, engine, outcome.stuck[0])}. The equations must be continuous and finite there. Look at "
            "that mechanism (a jump at a threshold, a division by zero), or write method=staggered; the error's "
            ".recording holds everything up to then.",
            made,
        )
    return made


def restore(plan: AdaptivePlan, memory: AdaptiveMemory, state: State) -> None:
    """Write a final state into memory.

    Raises RequestError where it is that of another method or model.
    """
    if not state.description.get("steady") and state.description.get("method") != plan.method.name:
        raise RequestError(
            f"The run that is continued had method = {state.description.get('method')!r}, and this one is adaptive. "
            "A run goes on with the method that it had. "
            f"Write run(…, method={state.description.get('method')}, start=…)."
        )
    put(memory, "v", state, plan.system.nodes, memory.node)
    for k, kind in enumerate(plan.system.kinds):
        for name in kind.membrane.states:
            put(memory, name, state, len(plan.system.discretisation), None, k, kind.compartments)


def _detectors(system: System, memory: AdaptiveMemory) -> list[tuple[int, Watch, int]]:
    """The item of a row, the watch and the compartment of each detector."""
    looked = memory.looked.tolist()
    spikes = [w for w in system.watches if w.probe.quantity == "spikes"]
    return [(looked.index(int(c)), w, int(c)) for w in spikes for c in w.compartments]


# ---------------------------------------------------------------- recording
def _recording(
    plan: AdaptivePlan, engine: AttemptEngine, outcome: Outcome, times: Floats, axes: Sequence[Axis],
    description: dict[str, Any], detectors: list[tuple[int, Watch, int]], end: float, dt: float,
) -> Recording:  # fmt: skip
    system, memory = plan.system, engine.memory
    whole = not outcome.interrupted and not outcome.stuck
    kept = times[: outcome.taken]
    signals = {
        w.probe.label: _signal(w, plan, memory, outcome, kept, axes)
        for w in system.watches
        if w.probe.quantity != "spikes"
    }
    spikes = _spikes(plan, outcome, detectors, tuple(axis.size for axis in axes), memory.cells)
    state = _state(plan, memory, end, dt) if whole else None
    return Recording(kept, signals, spikes, tuple(axes), description, state, whole, None if whole else outcome.stopped)


def _signal(
    watch: Watch, plan: AdaptivePlan, memory: AdaptiveMemory, outcome: Outcome, times: Floats, axes: Sequence[Axis]
) -> Signal:
    probe, parts, looked = watch.probe, plan.system.discretisation, memory.looked.tolist()
    samples = outcome.samples[:, :, : times.size]
    unit, quantity = "mV", "voltage"
    if probe.quantity == "voltage":
        rows = [samples[:, looked.index(int(c))] for c in watch.compartments]
    elif probe.quantity == "clamp":
        number = [clamp.what.name for clamp in plan.system.clamps].index(probe.of)
        rows, unit, quantity = [outcome.clamps[:, number, : times.size]], "nA", "clamp current"
    else:
        rows, unit, quantity = [], "mA/cm2", "current"
        for compartment in watch.compartments.tolist():
            k = next(k for k, kind in enumerate(plan.system.kinds) if compartment in kind.compartments)
            membrane = plan.system.kinds[k].membrane
            _, unit, quantity = membrane.observed(probe.quantity, probe.of, probe.name)
            if probe.quantity == "state":
                name = f"{probe.of}.{probe.name}"
                rows.append(samples[:, (memory.state_rows[k, compartment, name] - 1) // 2])
            else:
                rows.append(_calculated(watch, plan, memory, samples, times, k, compartment))
    values = np.stack(rows, axis=1)
    shape = tuple(axis.size for axis in axes)
    names = tuple(axis.name for axis in axes)
    single = len(rows) == 1
    dims = (*names, "time") if single else (*names, "place", "time")
    middle = () if single else (len(rows),)
    places = tuple(place(parts, int(c)) for c in watch.compartments)
    return Signal(
        probe.label, quantity, unit, np.ascontiguousarray(values.reshape(*shape, *middle, times.size)), dims, places
    )


def _calculated(
    watch: Watch, plan: AdaptivePlan, memory: AdaptiveMemory, samples: Floats, times: Floats, k: int, compartment: int
) -> Floats:
    """A current or a variable at samples, from the voltage and the states there."""
    probe = watch.probe
    looked_at, _, _ = plan.system.kinds[k].membrane.observed(probe.quantity, probe.of, probe.name)
    values = point(plan, memory, samples, times, k, compartment)
    return np.array(np.broadcast_to(evaluate(looked_at, values), samples[:, 0].shape), dtype=np.float64)


def point(
    plan: AdaptivePlan, memory: AdaptiveMemory, samples: Floats, times: Floats, k: int, compartment: int
) -> dict[str, Any]:
    """Every symbol of a compartment at the samples: (cells, samples) arrays or numbers."""
    kind = plan.system.kinds[k]
    row = int(np.flatnonzero(kind.compartments == compartment)[0])
    values: dict[str, Any] = {name: np.reshape(along(value, row), (-1, 1)) for name, value in kind.values.items()}
    for name in kind.membrane.states:
        values[name] = samples[:, (memory.state_rows[k, compartment, name] - 1) // 2]
    values["v"] = samples[:, memory.looked.tolist().index(compartment)]
    values["t"] = times[None, :]
    return values


def _spikes(
    plan: AdaptivePlan, outcome: Outcome, detectors: list[tuple[int, Watch, int]], shape: tuple[int, ...], cells: int
) -> dict[str, Spikes]:
    made = {}
    for number, (_, watch, compartment) in enumerate(detectors):
        rows: list[list[float]] = [[] for _ in range(cells)]
        for moment, detector, cell in outcome.crossings:
            if detector == number:
                rows[cell].append(moment)
        where = place(plan.system.discretisation, compartment)
        several = len(watch.compartments) > 1
        label = f"{watch.probe.label}: {where.label}" if several else watch.probe.label
        made[label] = Spikes(label, watch.probe.threshold, tuple(np.array(sorted(row)) for row in rows), shape, where)
    return made


def _state(plan: AdaptivePlan, memory: AdaptiveMemory, end: float, dt: float) -> State:
    """Where the run ended: voltages by node, states by compartment (NaN where a mechanism is absent), by cell."""
    system = plan.system
    arrays: dict[str, Any] = {"v": memory.get("v")[memory.node]}
    for k, kind in enumerate(system.kinds):
        for name in kind.membrane.states:
            table = arrays.setdefault(name, np.full((len(system.discretisation), memory.cells), np.nan))
            table[kind.compartments] = memory.get(f"kind{k}.{name}")[: len(kind.compartments)]
    return State(arrays, {"step": round(end / dt), "dt": dt, "time": end, "method": plan.method.name})
