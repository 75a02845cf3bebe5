"""What was asked of a run, checked, planned and carried out: the path that `run` and `sweep` share."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..cells import Cell
from ..compiler.gather import gather
from ..compiler.memory import Memory
from ..compiler.plan import Plan, plan
from ..compiler.system import Floats, System
from ..compiler.targets import Target
from ..errors import AccuracyWarning, NumericalError, RequestError
from ..frozen import field, frozen
from ..methods import Adaptive, Method
from ..morphology import root
from ..protocols import Clamp, Stimulus
from ..recordings import Axis, Recording, State
from ..recordings.probes import Probe, voltage
from ..version import __version__
from .adaptive.perform import perform_adaptive
from .assemble import recording, state_of
from .engine import Engine, choose_shape
from .progress import Progress
from .resume import restore
from .room import refuse_too_much
from .simulate import Outcome, simulate
from .step_size import checked_duration, checked_step, choose_step, fast_enough, shortest_time_constant


@frozen(eq=False)
class Request:
    """The arguments of a run or a sweep."""

    cell: Cell
    duration: Any
    protocol: tuple[Stimulus | Clamp, ...]
    record: Sequence[Probe] | None
    dt: Any
    every: int
    method: Method | Adaptive
    start: State | None
    progress: bool | None
    threads: int
    on: Target
    overrides: Mapping[tuple[str, str], Floats] = field(default_factory=dict)
    axes: tuple[Axis, ...] = ()

    @property
    def cells(self) -> int:
        """How many runs the axes make."""
        return int(np.prod([axis.size for axis in self.axes])) if self.axes else 1


def perform(request: Request) -> Recording:
    """Carry out a request."""
    started = time.perf_counter()
    _check(request)
    probes = [voltage(at=root)] if request.record is None else list(request.record)
    system = gather(request.cell, request.protocol, probes, request.overrides, request.cells)
    _refuse_unclamped(system)
    if request.start is not None and request.dt is None and "dt" in request.start.description:
        dt = float(request.start.description["dt"])
    else:
        dt = choose_step(system) if request.dt is None else checked_step(request.dt)
    if request.dt is not None and isinstance(request.method, Method):
        _warn_if_coarse(dt, system)
    steps = checked_duration(request.duration, dt)
    begun = 0.0 if request.start is None else float(request.start.description.get("time", 0.0))
    _refuse_late(request, begun + steps * dt)
    if isinstance(request.method, Adaptive):
        return perform_adaptive(request, system, dt, steps)
    planned = plan(system, request.method, dt)
    engine = Engine(
        planned,
        request.on,
        choose_shape(system, request.threads),
        request.threads,
        _largest_chunk(system, steps),
    )
    refuse_too_much(engine.memory, steps // request.every + 1)
    first = 0 if request.start is None else restore(planned, engine.memory, request.start)
    progress = Progress(f"{request.cell.morphology.name}", request.progress)
    try:
        outcome = simulate(engine, planned, first=first, steps=steps, every=request.every,
                           level=request.start is None, progress=progress)  # fmt: skip
    finally:
        progress.done()
        engine.close()
    return _result(request, planned, engine.memory, outcome, first, time.perf_counter() - started)


def _result(request: Request, planned: Plan, memory: Memory, outcome: Outcome, first: int, seconds: float) -> Recording:
    system, dt = planned.system, float(planned.values["dt"])
    description = {
        "dt": dt,
        "method": request.method.name,
        "order": request.method.order,
        "target": request.on.name,
        "steps": outcome.steps,
        "compartments": len(system.discretisation),
        "cells": system.cells,
        "temperature": request.cell.temperature,
        "seconds": seconds,
        "excitable": __version__,
        "seed": next((p.what.seed for p in system.placed if getattr(p.what, "seed", None) is not None), None),
    }
    # Before the first step states stand level with the voltage, and a run that goes on expects them to lag.
    unmoved = request.start is None and outcome.steps == 0
    state = None if outcome.blown or unmoved else state_of(planned, memory, first + outcome.steps)
    made = recording(planned, memory, outcome, first=first, every=request.every, axes=request.axes,
                     description=description, state=state)  # fmt: skip
    if outcome.blown is not None:
        step, what = outcome.blown
        raise NumericalError(
            f"After {step * dt:.6g} ms, {what} ceased to be a finite number. "
            "The equations must give numbers for every voltage that the cell reaches, with the step dt = "
            f"{dt:g} ms. Look at the rates of that mechanism there, or write a smaller dt; the error's .recording "
            "holds everything up to then.",
            made,
        )
    return made


# ---------------------------------------------------------------- what is refused
def listed(given: Any, argument: str) -> tuple[Any, ...]:
    """The items of `protocol` or `record`.

    Raises RequestError for one item that does not stand in a list.
    """
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(given)
    raise RequestError(f"{argument} was given as {given!r}. It is a list. Write {argument}=[…].")


def _check(request: Request) -> None:
    if not isinstance(request.cell, Cell):
        raise RequestError(
            f"run was given {request.cell!r}. The first argument is a Cell. Write run(Cell(morphology), '100 ms')."
        )
    if isinstance(request.every, bool) or not isinstance(request.every, int) or request.every < 1:
        raise RequestError(
            f"every was given as {request.every!r}. It counts samples and is a whole number, 1 or more. Write every=4."
        )
    if not isinstance(request.method, (Method, Adaptive)):
        raise RequestError(
            f"method was given as {request.method!r}. A method is an object. Write method=staggered or "
            "method=backward_euler."
        )
    if isinstance(request.threads, bool) or not isinstance(request.threads, int) or request.threads < 1:
        raise RequestError(
            f"threads was given as {request.threads!r}. It is a whole number, 1 or more. Write threads=2."
        )
    if not isinstance(request.on, Target):
        raise RequestError(
            f"on was given as {request.on!r}. It says where to run, as an object. Write on=host or on=interpreter."
        )
    if request.start is not None and not isinstance(request.start, State):
        raise RequestError(
            f"start was given as {type(request.start).__name__}. A run continues from a final state. "
            "Write start=recording.final_state."
        )
    labels = [getattr(p, "label", None) for p in listed(request.record or (), "record")]
    twice = next((label for label in labels if label is not None and labels.count(label) > 1), None)
    if twice is not None:
        raise RequestError(
            f"Two probes are called {twice!r}. Labels tell the signals of a recording apart. Write label='…' for one."
        )


def _warn_if_coarse(dt: float, system: System) -> None:
    """More than four times the step that would have been chosen misses what fast gates do."""
    sensible = fast_enough(system)
    gated = np.isfinite(shortest_time_constant(system))
    if gated and dt > 4.0 * sensible * (1 + 1e-9):
        warnings.warn(
            f"The step dt = {dt:g} ms is coarse for {system.discretisation.morphology.name!r}, whose fastest gate "
            "needs "
            f"about {sensible:g} ms. Write dt={sensible:g}, leave dt out, or ask for a tolerance='0.1 mV'.",
            AccuracyWarning,
            stacklevel=5,
        )


def _refuse_unclamped(system: System) -> None:
    names = [clamp.what.name for clamp in system.clamps]
    for watch in system.watches:
        if watch.probe.quantity == "clamp" and watch.probe.of not in names:
            raise RequestError(
                f"The current of the clamp {watch.probe.of!r} was asked for, and the protocol has "
                f"{'the clamps ' + ', '.join(names) if names else 'no voltage clamp'}. "
                f"Write protocol=[voltage_clamp(at=soma, levels=…, name={watch.probe.of!r})]."
            )


def _refuse_late(request: Request, end: float) -> None:
    for item in request.protocol:
        if not isinstance(item, Stimulus):
            continue
        begin = item.numbers.get("start", 0.0) if item.times is None else float(item.times[0])
        begin = float(np.min(request.overrides.get((item.name, "start"), begin)))
        if begin >= end:
            raise RequestError(
                f"The stimulus {item.name!r} begins at {begin:g} ms, and the run ends at {end:g} ms. "
                "A stimulus must begin before the end. Write an earlier start or a longer run."
            )


def _largest_chunk(system: System, steps: int) -> int:
    """How many steps a call may take: room for samples of stimuli and for spikes grows with it."""
    return int(max(64, min(steps, 4_000_000 // max(system.cells, 1), 200_000)))
