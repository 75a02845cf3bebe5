#!/usr/bin/env python3
"""Measure excitable beside its peers on this machine.

    python benchmarks/peers.py install        # once
    python benchmarks/run.py speed            # W1 ... W4x128, one core: JSON lines and a table
    python benchmarks/run.py speed --workloads W3 W4 --engines arbor excitable --rounds 5
    python benchmarks/run.py threads          # 2 threads against 1
    python benchmarks/run.py growth           # cables of 10 to 1 000 000 compartments
    python benchmarks/run.py start            # fresh process to first trace, cold and warm
    python benchmarks/run.py all

Every pair of engine and workload is a process of its own, on the least busy cores, in random order, several
rounds. Raw lines are kept in benchmarks/results. Times are ns per compartment-step; a ratio of two engines is
the median of the ratios in each round.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import sys
from pathlib import Path
from typing import Any

from report import failures, growth_table, machine, speed_table, summarise, thread_table
from schedule import HERE, Pair, interpreter, run_rounds
from start import measure_starts, start_table
from workloads import SCALING_SIZES, WORKLOADS, Membranes

RESULTS = HERE / "results"
SPEED = ("W1", "W2", "W3", "W4", "W4x128")
PEERS = ("neuron", "neuron:exact", "coreneuron", "arbor", "jaxley", "brian2")
CEILINGS = ("ceiling:1", "ceiling:4", "ceiling:8", "ceiling:16", "ceiling:32")
PROOFS = ("proof:4", "proof:8", "proof:16", "proof:32")
OURS = ("excitable", "excitable:euler")
ENGINES = (*OURS, *PEERS, *CEILINGS, *PROOFS)
THREADED = (*OURS[:1], "neuron", "coreneuron", "arbor", "ceiling:16")
GROWING = (*OURS[:1], "neuron", "neuron:exact", "coreneuron", "arbor")


def speed_pairs(arguments: argparse.Namespace) -> list[Pair]:
    def engines(name: str) -> tuple[str, ...]:
        # The ceiling has no cables; asking for it by name there gives the reason.
        return ENGINES if isinstance(WORKLOADS[name], Membranes) else (*OURS, *PEERS)

    wanted = arguments.workloads or SPEED
    return [Pair(engine, name) for name in wanted for engine in arguments.engines or engines(name)]


def thread_pairs(arguments: argparse.Namespace) -> list[Pair]:
    counts = (1, arguments.threads)
    workloads = arguments.workloads or ("W2", "W4x128")
    engines = arguments.engines or THREADED
    return [Pair(engine, name, threads) for name in workloads for engine in engines for threads in counts]


def growth_pairs(arguments: argparse.Namespace) -> list[Pair]:
    workloads = arguments.workloads or [f"cable{size}" for size in SCALING_SIZES]
    return [Pair(engine, name) for name in workloads for engine in arguments.engines or GROWING]


PLANS = {
    "speed": (speed_pairs, speed_table),
    "threads": (thread_pairs, thread_table),
    "growth": (growth_pairs, growth_table),
}


def run_plan(plan: str, arguments: argparse.Namespace, file: Any) -> str:
    """Measure, write raw lines to the file and summaries to the output; returns the table."""
    lines: list[dict[str, Any]] = []
    if plan == "start":
        lines = measure_starts(arguments.rounds, arguments.seed)
        emit(lines, file)
        return start_table(lines, arguments.clock)
    pairs, table = PLANS[plan]
    wanted = [pair for pair in pairs(arguments) if interpreter(pair.engine) is not None]
    # What is measured when the user has waited long enough is reported like a whole run.
    with contextlib.suppress(KeyboardInterrupt):
        for line in run_rounds(wanted, arguments.rounds, arguments.repeats, arguments.seed):
            lines.append(line)
            print(json.dumps(line), file=file, flush=True)
    summaries = summarise(lines, arguments.clock)
    emit(summaries, None)
    missing = failures(lines)
    return table(summaries) + (f"\n\nnot measured:\n{missing}" if missing else "")


def emit(lines: list[dict[str, Any]], file: Any) -> None:
    for line in lines:
        print(json.dumps(line))
        if file is not None:
            print(json.dumps(line), file=file, flush=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", choices=(*PLANS, "start", "all"))
    parser.add_argument("--workloads", nargs="+", choices=tuple(WORKLOADS), metavar="NAME")
    parser.add_argument("--engines", nargs="+", metavar="NAME[:VARIANT]", help=f"of {', '.join(ENGINES)}")
    parser.add_argument("--rounds", type=int, default=3, help="processes for each pair")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs in each process")
    parser.add_argument("--threads", type=int, default=2, help="for the plan `threads`")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="cpu: on a machine shared with others")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="JSON lines only, no tables")
    arguments = parser.parse_args()
    for engine in arguments.engines or ():
        if engine.partition(":")[0] not in {known.partition(":")[0] for known in ENGINES}:
            parser.error(f"there is no engine named {engine}; write some of {', '.join(ENGINES)}")
    return arguments


def main() -> int:
    arguments = parse()
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    path = RESULTS / f"{stamp}-{arguments.plan}.jsonl"
    tables = []
    with Path(path).open("w", encoding="utf-8") as file:
        emit([{"machine": machine(), "plan": arguments.plan, "time": stamp}], file)
        for plan in (*PLANS, "start") if arguments.plan == "all" else (arguments.plan,):
            tables.append(run_plan(plan, arguments, file))
    if not arguments.json:
        print("\n" + "\n\n".join(tables) + f"\n\nraw lines: {path.relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
