"""From a fresh process to the first voltage trace, with cold and with warm caches of compiled code."""

from __future__ import annotations

import random
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import child_seconds, idle_cores
from report import aligned, number
from schedule import HERE, environment, interpreter, progress

# What the others are set against, in the environment of the ceiling: NumPy and llvmlite, nothing else.
BASELINE = "baseline"
# Engines that keep compiled code from one process to the next; their scripts take the folder as an argument.
CACHING = ("brian2", "excitable")


@dataclass(frozen=True)
class Start:
    """A script in first_trace and whether compiled code is kept for it."""

    engine: str
    cache: str = ""

    @property
    def label(self) -> str:
        return f"{self.engine} {self.cache}".strip()

    @property
    def script(self) -> Path:
        return HERE / "first_trace" / f"trace_{self.engine}.py"

    @property
    def python(self) -> Path | None:
        return interpreter("ceiling" if self.engine == BASELINE else self.engine)


def starts() -> list[Start]:
    """All whose script and environment are there."""
    found = []
    for engine in (BASELINE, "neuron", "arbor", "jaxley", *CACHING):
        caches = ("cold", "warm") if engine in CACHING else ("",)
        found += [Start(engine, cache) for cache in caches]
    return [start for start in found if start.script.is_file() and start.python is not None]


def once(start: Start, folder: str) -> dict[str, Any]:
    """Seconds of one fresh process on one core, and what it printed last."""
    core = str(idle_cores(1)[0])
    command = ["taskset", "--cpu-list", core, str(start.python), str(start.script)]
    command += [folder] if start.cache else []
    begin, used = time.perf_counter(), child_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    seconds, used = time.perf_counter() - begin, child_seconds() - used
    if done.returncode:
        return {"start": start.label, "failed": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    printed = done.stdout.strip().splitlines()[-1]
    return {"start": start.label, "wall": round(seconds, 4), "cpu": round(used, 4), "printed": printed}


def measure_starts(rounds: int, seed: int) -> list[dict[str, Any]]:
    """Random order in each round. A cold start has an empty cache; warm ones share one filled before."""
    order, lines = random.Random(seed), []
    todo = starts()
    with tempfile.TemporaryDirectory() as kept:
        for start in todo:
            once(start, kept)
        for number_of_round in range(rounds):
            order.shuffle(todo)
            for start in todo:
                progress(f"start {number_of_round + 1}/{rounds}: {start.label}")
                with tempfile.TemporaryDirectory() as empty:
                    line = once(start, empty if start.cache == "cold" else kept)
                lines.append(line | {"round": number_of_round})
    progress("")
    return lines


def start_rows(lines: Sequence[dict[str, Any]], clock: str) -> list[dict[str, Any]]:
    """For each kind of start the median, smallest and largest seconds; the quickest first."""
    groups: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        if clock in line:
            groups[line["start"]].append(line[clock])
    rows = [
        {"start": label, "s": statistics.median(seconds), "min": min(seconds), "max": max(seconds)}
        for label, seconds in groups.items()
    ]
    return sorted(rows, key=lambda row: float(row["s"]))


def start_table(lines: Sequence[dict[str, Any]], clock: str = "wall") -> str:
    """Median seconds, and how many baselines that is."""
    found = start_rows(lines, clock)
    baseline = next((row["s"] for row in found if row["start"] == BASELINE), None)
    rows = [("first trace", "s", "min", "max", "of baseline")]
    for row in found:
        part = None if baseline is None else row["s"] / baseline
        rows.append((row["start"], *(number(row[key]) for key in ("s", "min", "max")), number(part)))
    return aligned(rows)
