"""One engine on one problem, at several steps or tolerances, one JSON line for each; `precision.py` starts it."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import sys
import time
from dataclasses import replace
from typing import Any

from measure import Settings, UnsupportedError, time_runs
from problems import BY_ENGINE, PROBLEMS
from waveform import spikes_of
from worker import MODULES


def solve(engine: Any, problem: str, settings: Settings, value: float, repeats: int) -> dict[str, Any]:
    """Build, warm and run; seconds of the solver alone."""
    adaptive = BY_ENGINE[f"{settings.engine}:{settings.variant}".rstrip(":")].order is None
    workload = PROBLEMS[problem].workload
    if adaptive:
        settings = replace(settings, tolerance=value)
    else:
        workload = replace(workload, dt=value)
    start = time.perf_counter()
    model = engine.build(workload, settings)
    model.warm()
    prepared = time.perf_counter() - start
    timing = time_runs(model, repeats)
    times, voltages = model.samples()
    found = spikes_of(times, voltages, fall=PROBLEMS[problem].fall)
    return {
        "value": value,
        "wall": round(statistics.median(timing.wall), 7),
        "cpu": round(statistics.median(timing.cpu), 7),
        "runs": len(timing.cpu),
        "prepared_s": round(prepared, 4),
        "samples": len(times),
        "spikes": [round(time, 7) for time in found.times],
        "peaks": [round(peak, 6) for peak in found.peaks],
        "durations": [round(time, 7) for time in found.durations],
        "load": round(os.getloadavg()[0], 2),
        "version": engine.version(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=BY_ENGINE)
    parser.add_argument("problem", choices=PROBLEMS)
    parser.add_argument("--values", nargs="+", type=float, required=True)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--cores", default="")
    arguments = parser.parse_args()
    if arguments.cores:
        os.sched_setaffinity(0, {int(core) for core in arguments.cores.split(",")})
    name, _, variant = arguments.engine.partition(":")
    settings = Settings(name, variant, traced=True)
    engine = importlib.import_module(MODULES.get(name, f"engine_{name}"))
    who = {"problem": arguments.problem, "engine": arguments.engine}
    for value in arguments.values:
        try:
            line = solve(engine, arguments.problem, settings, value, arguments.repeats)
        except UnsupportedError as reason:
            print(json.dumps(who | {"unsupported": str(reason)}), flush=True)
            return 0
        print(json.dumps(who | line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
