"""One engine, one workload, one process: one JSON line. run.py starts it in the engine's environment."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time

from measure import Settings, UnsupportedError, outcome_fields, record, time_runs
from workloads import WORKLOADS, with_step

# Engines that share a module with another one.
MODULES = {"coreneuron": "engine_neuron", "proof": "engine_ceiling"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", help="a name, or name:variant")
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cores", default="", help="cores to stay on, such as 2,3")
    parser.add_argument("--dt", type=float)
    arguments = parser.parse_args()
    if arguments.cores:
        # Before anything is imported: thread pools count the cores that they may use when they start.
        os.sched_setaffinity(0, {int(core) for core in arguments.cores.split(",")})
    name, _, variant = arguments.engine.partition(":")
    settings = Settings(name, variant, arguments.threads)
    workload = with_step(WORKLOADS[arguments.workload], arguments.dt)

    start = time.perf_counter()
    engine = importlib.import_module(MODULES.get(name, f"engine_{name}"))
    import_seconds = time.perf_counter() - start
    try:
        start = time.perf_counter()
        model = engine.build(workload, settings)
        build_seconds = time.perf_counter() - start
    except UnsupportedError as reason:
        print(json.dumps({"workload": workload.name, "engine": arguments.engine, "unsupported": str(reason)}))
        return 0
    start = time.perf_counter()
    model.warm()
    warm_seconds = time.perf_counter() - start
    timing = time_runs(model, arguments.repeats)
    extra = outcome_fields(model.outcome())
    # What an engine has to say beyond the contract.
    extra |= model.details() if hasattr(model, "details") else {}
    seconds = {"import_s": import_seconds, "build_s": build_seconds, "warm_s": warm_seconds}
    extra |= {key: round(value, 4) for key, value in seconds.items()}
    print(json.dumps(record(settings, engine.version(), workload, timing, cores=arguments.cores, **extra)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
