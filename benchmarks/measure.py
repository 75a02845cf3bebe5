"""What every engine has in common: the contract of a model, the clocks, the memory, the cores."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from workloads import THRESHOLD, Cable, Workload, updates

# A run of milliseconds is repeated until it has been timed for this long (s), or so often; long ones less.
LEAST_TIMED, MOST_REPEATS, ENOUGH = 0.3, 50, 20.0


class UnsupportedError(Exception):
    """The engine cannot express this workload; the message says why."""


@dataclass(frozen=True)
class Settings:
    """How an engine is asked to run: `variant` is the word behind the colon in "neuron:exact".

    traced: the voltage at the last probe is kept, at each step of the engine's own, and `Traced.samples` returns it.
    tolerance: of the engines that choose their steps, in the unit of each.
    """

    engine: str
    variant: str = ""
    threads: int = 1
    traced: bool = False
    tolerance: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What the run showed, to see that engines solve the same problem: spikes, the first time (ms), m/s."""

    spikes: int | None = None
    first: float | None = None
    velocity: float | None = None


@dataclass(frozen=True)
class Elapsed:
    """Seconds of one run: by the clock on the wall, and of the processor, all threads together."""

    wall: float
    cpu: float


def clocked(action: Callable[[], Any]) -> Elapsed:
    """What an action takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    action()
    return Elapsed(time.perf_counter() - wall, time.process_time() - cpu)


class Model(Protocol):
    """A workload built in one engine. Only `advance` is timed."""

    def warm(self) -> None:
        """Do once whatever only the first run pays for."""

    def reset(self) -> None:
        """Go back to the initial state."""

    def advance(self) -> Elapsed | None:
        """Run from the initial state to the end; the time, where only the engine knows what its loop took."""

    def outcome(self) -> Outcome:
        """What the last run showed."""


class Traced(Model, Protocol):
    """A model that was built with `traced`."""

    def samples(self) -> tuple[Any, Any]:
        """Times (ms) and voltages (mV) of the last run, at the engine's own steps."""


@dataclass(frozen=True)
class Timing:
    """Repeats of one run in one process."""

    wall: list[float]
    cpu: list[float]


def time_runs(model: Model, repeats: int) -> Timing:
    """Run a warm model `repeats` times or as often as is useful. Processor time is of all threads."""
    wall: list[float] = []
    cpu: list[float] = []

    def wanted() -> bool:
        if len(wall) < repeats:
            return sum(wall) < ENOUGH
        return sum(wall) < LEAST_TIMED and len(wall) < MOST_REPEATS

    while wanted():
        model.reset()
        cpu_start, start = time.process_time(), time.perf_counter()
        elapsed = model.advance()
        if elapsed is None:
            elapsed = Elapsed(time.perf_counter() - start, time.process_time() - cpu_start)
        wall.append(elapsed.wall)
        cpu.append(elapsed.cpu)
    return Timing(wall, cpu)


def record(settings: Settings, version: str, workload: Workload, timing: Timing, **extra: Any) -> dict[str, Any]:
    """One result as a flat dictionary: times in ns per compartment-step."""
    scale = 1e9 / updates(workload)
    label = settings.engine + (f":{settings.variant}" if settings.variant else "")
    return {
        "workload": workload.name,
        "engine": label,
        "version": version,
        "threads": settings.threads,
        "compartments": workload.compartments,
        "dt": workload.dt,
        "wall": [round(value * scale, 4) for value in timing.wall],
        "cpu": [round(value * scale, 4) for value in timing.cpu],
        "seconds": round(statistics.median(timing.wall), 6),
        "peak_memory_mb": round(peak_memory_mb(), 1),
        "load": round(os.getloadavg()[0], 2),
        **extra,
    }


def outcome_fields(outcome: Outcome) -> dict[str, Any]:
    rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(outcome).items()}
    return {key: value for key, value in rounded.items() if value is not None}


def peak_memory_mb() -> float:
    """The largest resident size of this process so far, in MB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def child_seconds() -> float:
    """Processor time of all ended child processes, compilers that they started included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def crossings(voltage: Sequence[float], times: Sequence[float]) -> list[float]:
    """Times of upward crossings of the threshold, interpolated between samples."""
    found = []
    for k in range(1, len(voltage)):
        below, above = voltage[k - 1], voltage[k]
        if below < THRESHOLD <= above:
            found.append(times[k - 1] + (times[k] - times[k - 1]) * (THRESHOLD - below) / (above - below))
    return found


def summary(times: Iterable[float]) -> Outcome:
    """Of the spikes of all cells together."""
    ordered = sorted(times)
    return Outcome(spikes=len(ordered), first=ordered[0] if ordered else None)


def cable_summary(cable: Cable, near: Sequence[float], far: Sequence[float]) -> Outcome:
    """Spikes at the far probe and the velocity of the first one between the probes (mm/ms = m/s)."""
    if not near or not far:
        return Outcome(spikes=len(far))
    return Outcome(spikes=len(far), first=far[0], velocity=cable.probe_distance / (far[0] - near[0]))


def idle_cores(count: int, watch: float = 0.1) -> list[int]:
    """The cores that did least during the last moment: the machine may be shared."""
    before = busy_ticks()
    time.sleep(watch)
    after = busy_ticks()
    allowed = os.sched_getaffinity(0)
    ranked = sorted(allowed, key=lambda core: (after.get(core, 0) - before.get(core, 0), core))
    return ranked[:count]


def busy_ticks() -> dict[int, int]:
    """Ticks that each core has worked, from the kernel's own table; empty where there is none."""
    busy: dict[int, int] = {}
    try:
        with Path("/proc/stat").open(encoding="ascii") as table:
            for line in table:
                name, *fields = line.split()
                if name.startswith("cpu") and name != "cpu":
                    ticks = [int(field) for field in fields]
                    busy[int(name[3:])] = sum(ticks) - ticks[3] - ticks[4]
    except OSError:
        pass
    return busy
