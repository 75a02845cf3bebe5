"""The workloads in excitable, through its public verbs.

Variants: `euler`, the peers' first-order scheme; `adaptive`, steps chosen for a tolerance.

Timed is the loop over time, as with the peers; `call_s` tells what a user waits for the whole call when the
kernel is on disk. The clock stands around the one function that every run of a method goes through.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from measure import Elapsed, Outcome, Settings, UnsupportedError, cable_summary, summary
from workloads import (
    CAPACITANCE,
    CELSIUS,
    LEAK,
    LEAK_REVERSAL,
    POTASSIUM,
    POTASSIUM_REVERSAL,
    SODIUM,
    SODIUM_REVERSAL,
    START,
    THRESHOLD,
    Cable,
    Cells,
    Heart,
    Membranes,
    Ring,
    Trees,
    Workload,
)

import excitable as ex
from excitable.runtime import request
from excitable.runtime.adaptive import perform


def version() -> str:
    return str(ex.__version__)


class Stopwatch:
    """Stands before a function and keeps the time of its last call."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.last = Elapsed(0.0, 0.0)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        found = self.function(*arguments, **options)
        self.last = Elapsed(time.perf_counter() - wall, time.process_time() - cpu)
        return found


def squid(sodium: float = SODIUM, potassium: float = POTASSIUM) -> tuple[ex.Channel, ...]:
    return (
        ex.SquidSodium(conductance=sodium, reversal=SODIUM_REVERSAL),
        ex.SquidPotassium(conductance=potassium, reversal=POTASSIUM_REVERSAL),
    )


def squid_leak() -> ex.Channel:
    return ex.SquidLeak(conductance=LEAK, reversal=LEAK_REVERSAL)


def cell_of(shape: ex.Morphology, compartments: int, resistivity: float = 100.0) -> ex.Cell:
    return ex.Cell(
        shape,
        ex.per_branch(compartments),
        axial_resistivity=resistivity,
        capacitance=CAPACITANCE,
        temperature=CELSIUS,
        initial_voltage=START,
    )


def membrane_cell(workload: Membranes) -> ex.Cell:
    cell = cell_of(ex.single_compartment(workload.size, workload.size), 1)
    return ex.paint(cell, ex.everywhere, *squid(), squid_leak())


def cable_cell(workload: Cable) -> ex.Cell:
    shape = ex.cable(workload.length, workload.diameter, kind="axon")
    cell = cell_of(shape, workload.compartments, workload.resistivity)
    return ex.paint(cell, ex.everywhere, *squid(), squid_leak())


def tree_cell(workload: Trees) -> ex.Cell:
    """Cylinders on a line, each from the end of its parent; only lengths and diameters count."""
    branches: list[ex.Branch] = []
    ends: list[float] = []
    for parent, level in workload.sections:
        length, diameter = workload.size(level)
        start = 0.0 if parent < 0 else ends[parent]
        points = np.array([[start, 0.0, 0.0, diameter], [start + length, 0.0, 0.0, diameter]])
        name, kind = ("soma", "soma") if parent < 0 else (f"dend[{len(branches) - 1}]", "dendrite")
        branches.append(ex.Branch(name, kind, parent, 1.0 if parent >= 0 else 0.0, points))
        ends.append(start + length)
    cell = cell_of(ex.Morphology(tuple(branches)), workload.compartments_per_section, workload.resistivity)
    sodium, potassium, _, passive = workload.conductances(1)
    leak = ex.Leak(conductance=passive, reversal=workload.dendrite_passive_reversal)
    cell = ex.paint(cell, ex.soma, *squid(), squid_leak())
    return ex.paint(cell, ex.dendrite, *squid(sodium, potassium), leak)


def cell_and_places(workload: Cells) -> tuple[ex.Cell, list[Any]]:
    """The cell; where the current goes in; where spikes are detected."""

    def place(name: str, compartment: int, count: int) -> Any:
        return ex.at(name, (compartment + 0.5) / count)

    if isinstance(workload, Cable):
        probes = (0, *workload.probes)
        return cable_cell(workload), [place("axon[0]", k, workload.compartments) for k in probes]
    if isinstance(workload, Trees):
        # The middle of an even number of compartments is an edge: the one above it, as in the peers.
        count = workload.compartments_per_section
        return tree_cell(workload), [place("soma", count // 2, count)] * 2
    return membrane_cell(workload), [ex.root, ex.root]


class ExcitableModel:
    """One call of `run` or `sweep`; spikes are detected in the kernel, no voltage is kept."""

    def __init__(self, workload: Cells, settings: Settings) -> None:
        self.workload, self.threads = workload, settings.threads
        self.cell, places = cell_and_places(workload)
        amplitudes = (workload.amplitude,) if isinstance(workload, Cable) else workload.amplitudes
        self.pulse = ex.current_pulse(at=places[0], amplitude=amplitudes[0], start=0.0, duration=workload.duration)
        self.probes = [ex.spikes(at=place, threshold=THRESHOLD, label=f"{k}") for k, place in enumerate(places[1:])]
        if settings.traced:
            self.probes = [ex.voltage(at=places[-1], label="v")]
        self.over = ex.vary(self.pulse, "amplitude", amplitudes) if len(amplitudes) > 1 else None
        self.options = advancing(settings, workload.dt)
        self.recording: Any = None
        self.calls: list[float] = []
        room = vars(perform if settings.variant == "adaptive" else request)
        self.watch = Stopwatch(room["simulate"])
        room["simulate"] = self.watch

    def warm(self) -> None:
        self.simulate(100 * self.workload.dt)

    def reset(self) -> None:
        """Every call starts afresh."""

    def simulate(self, duration: float) -> None:
        options: dict[str, Any] = {"protocol": [self.pulse], "record": self.probes, "progress": False}
        options |= self.options
        if self.over is None:
            self.recording = ex.run(self.cell, duration, **options)
        else:
            self.recording = ex.sweep(self.cell, duration, self.over, threads=self.threads, **options)

    def advance(self) -> Elapsed:
        start = time.perf_counter()
        self.simulate(self.workload.duration)
        self.calls.append(time.perf_counter() - start)
        return self.watch.last

    def details(self) -> dict[str, float]:
        """The median of the whole calls, in seconds."""
        return {"call_s": round(statistics.median(self.calls), 5)}

    def samples(self) -> tuple[Any, Any]:
        return self.recording.time, self.recording["v"].values

    def outcome(self) -> Outcome:
        trains = [self.recording.spikes[probe.label].times for probe in self.probes]
        found = [sorted(float(time) for cell in train for time in cell) for train in trains]
        if isinstance(self.workload, Cable):
            return cable_summary(self.workload, found[0], found[1])
        return summary(found[0])


def advancing(settings: Settings, dt: float) -> dict[str, Any]:
    """The arguments of `run` that say how time advances."""
    if settings.variant != "adaptive":
        return {"method": ex.backward_euler if settings.variant == "euler" else ex.staggered, "dt": dt}
    # Here dt is the distance of samples from each other.
    return {"method": ex.Adaptive(tolerance=settings.tolerance or ex.adaptive.tolerance), "dt": dt}


def build(workload: Workload, settings: Settings) -> ExcitableModel:
    if isinstance(workload, Heart):
        raise UnsupportedError("not reached: the library has no ventricular cell yet")
    if isinstance(workload, Ring):
        raise UnsupportedError("not reached: excitable has no synapses and no delays yet")
    return ExcitableModel(workload, settings)
