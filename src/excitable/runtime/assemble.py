"""From the samples of a kernel to a recording: labels, units, places and axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..compiler.memory import Memory
from ..compiler.plan import Plan
from ..compiler.system import Floats, Watch
from ..morphology import Discretisation
from ..recordings import Axis, Place, Recording, Signal, Spikes, State
from .simulate import Outcome

UNITS = {"voltage": "mV", "current": "mA/cm2", "clamp": "nA"}


def recording(
    plan: Plan, memory: Memory, outcome: Outcome, *, first: int, every: int, axes: Sequence[Axis],
    description: Mapping[str, Any], state: State | None,
) -> Recording:  # fmt: skip
    """The recording of an outcome; leading dimensions follow the axes of the sweep."""
    dt = float(plan.values["dt"])
    time = np.asarray((first + every * np.arange(outcome.samples)) * dt, dtype=np.float64)
    shape = tuple(axis.size for axis in axes)
    data = outcome.data[:, :, : outcome.samples]
    signals: dict[str, Signal] = {}
    spikes: dict[str, Spikes] = {}
    for watch in plan.system.watches:
        probe = watch.probe
        if probe.quantity == "spikes":
            spikes |= _spikes(watch, memory, outcome, shape)
        else:
            signals[probe.label] = _signal(watch, plan, memory, data, axes)
    whole = not outcome.interrupted and outcome.blown is None
    stopped = None if whole else (first + outcome.steps) * dt
    return Recording(time, signals, spikes, tuple(axes), dict(description), state, whole, stopped)


def _signal(watch: Watch, plan: Plan, memory: Memory, data: Floats, axes: Sequence[Axis]) -> Signal:
    probe, parts = watch.probe, plan.system.discretisation
    rows, unit, quantity = _rows(watch, plan, memory)
    values = data[:, rows]
    shape = tuple(axis.size for axis in axes)
    names = tuple(axis.name for axis in axes)
    single = len(rows) == 1
    dims = (*names, "time") if single else (*names, "place", "time")
    middle = () if single else (len(rows),)
    values = values.reshape(*shape, *middle, data.shape[2])
    places = tuple(place(parts, int(c)) for c in watch.compartments)
    return Signal(probe.label, quantity, unit, np.ascontiguousarray(values), dims, places)


def _rows(watch: Watch, plan: Plan, memory: Memory) -> tuple[list[int], str, str]:
    """The rows of the samples that a watch looks at, with their unit and what they are."""
    probe, system = watch.probe, plan.system
    if probe.quantity == "voltage":
        return [int(n) for n in np.searchsorted(memory.looked, watch.compartments)], "mV", "voltage"
    start = len(memory.looked)
    if probe.quantity == "clamp":
        names = [clamp.what.name for clamp in system.clamps]
        return [start + names.index(probe.of)], "nA", "clamp current"
    start += len(system.clamps)
    found: dict[int, int] = {}
    unit, quantity = "mA/cm2", "current"
    for observer, watches, here in zip(plan.program.observers, plan.observed, memory.observed, strict=True):
        size = len(observer.values)
        if watch in watches:
            number = watches.index(watch)
            found |= {int(c): start + size * k + number for k, c in enumerate(here)}
            membrane = system.kinds[observer.kind].membrane
            _, unit, quantity = membrane.observed(probe.quantity, probe.of, probe.name)
        start += size * len(here)
    return [found[int(c)] for c in watch.compartments], unit, quantity


def _spikes(watch: Watch, memory: Memory, outcome: Outcome, shape: tuple[int, ...]) -> dict[str, Spikes]:
    made = {}
    for number, (owner, compartment) in enumerate(memory.detectors):
        if owner is not watch:
            continue
        rows: list[list[float]] = [[] for _ in range(memory.cells)]
        for moment, detector, cell in outcome.crossings:
            if detector == number:
                rows[cell].append(moment)
        where = place(memory.plan.system.discretisation, compartment)
        several = len(watch.compartments) > 1
        label = f"{watch.probe.label}: {where.label}" if several else watch.probe.label
        times = tuple(np.array(sorted(row)) for row in rows)
        made[label] = Spikes(label, watch.probe.threshold, times, shape, where)
    return made


def place(parts: Discretisation, compartment: int) -> Place:
    """The place of a compartment, with its coordinates."""
    name = parts.morphology.branches[parts.branch[compartment]].name
    position = float(parts.position[compartment])
    x, y, z = (float(c) for c in parts.centre[compartment])
    return Place(
        f"{name}({position:.4g})", name, position, float(parts.distance[compartment]), x, y, z,
        float(parts.diameter[compartment]), compartment,
    )  # fmt: skip


def state_of(plan: Plan, memory: Memory, step: int) -> State:
    """Where a run ended: voltages by node, states by compartment (NaN where a mechanism is absent), by cell."""
    system = plan.system
    arrays: dict[str, Any] = {"v": memory.get("v")[memory.node]}
    for k, kind in enumerate(system.kinds):
        for name in kind.membrane.states:
            table = arrays.setdefault(name, np.full((len(system.discretisation), memory.cells), np.nan))
            table[kind.compartments] = memory.get(f"kind{k}.{name}")[: len(kind.compartments)]
    for k in range(len(system.clamps)):
        arrays[f"clamp {system.clamps[k].what.name}"] = memory.get(f"clamp{k}.current")
    dt = float(plan.values["dt"])
    facts = {"step": step, "dt": dt, "time": step * dt, "method": plan.method.name}
    return State(arrays, facts)
