#!/usr/bin/env python3
"""Measure excitable beside its peers on this machine.

    python benchmarks/peers.py install        # once
    python benchmarks/run.py speed            # W1 ... W5, one core: JSON lines and a table
    python benchmarks/run.py speed --workloads W3 W4 --engines arbor excitable --rounds 5
    python benchmarks/run.py threads          # 2 threads against 1
    python benchmarks/run.py growth           # cables and trees of 10 to 1 000 000 compartments, powers of two
    python benchmarks/run.py start            # fresh process to first trace, cold and warm
    python benchmarks/run.py precision        # error against time, and the promised ratios
    python benchmarks/run.py precision --show # the tables of the published results, without measuring

Every pair of engine and workload is a process of its own, on the least busy cores, in random order, several
rounds. Raw lines are kept in benchmarks/results/local; with --publish in benchmarks/results, where the page of truth
reads them. Times are ns per compartment-step; a ratio of two engines is the median of the ratios in each round.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import sys
from collections.abc import Iterable
from typing import Any

from precision import measure_precision, precision_table
from problems import BY_ENGINE, PROBLEMS
from report import Line, failures, growth_table, machine, speed_table, summarise, thread_table
from schedule import HERE, Pair, interpreter, run_rounds
from start import measure_starts, start_table
from workloads import SCALING, WORKLOADS, Membranes

RESULTS = HERE / "results"
SPEED = ("W1", "W2", "W3", "W4", "W4x128", "W5")
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
    workloads = arguments.workloads or [workload.name for workload in SCALING]
    return [Pair(engine, name) for name in workloads for engine in arguments.engines or GROWING]


PAIRS = {"speed": speed_pairs, "threads": thread_pairs, "growth": growth_pairs}
TABLES = {"speed": speed_table, "threads": thread_table, "growth": growth_table}
PLANS = (*PAIRS, "start", "precision")


def measured(plan: str, arguments: argparse.Namespace) -> Iterable[Line]:
    """The raw lines of a plan, as they come."""
    if plan == "start":
        return measure_starts(arguments.rounds, arguments.seed)
    if plan == "precision":
        engines = arguments.engines or tuple(BY_ENGINE)
        return measure_precision(arguments.problems, engines, arguments.rounds, arguments.repeats, arguments.seed)
    wanted = [pair for pair in PAIRS[plan](arguments) if interpreter(pair.engine) is not None]
    return run_rounds(wanted, arguments.rounds, arguments.repeats, arguments.seed)


def table_of(plan: str, lines: list[Line], clock: str) -> str:
    """What a user wants to read of a plan's raw lines."""
    if plan == "start":
        return start_table(lines, clock)
    if plan == "precision":
        return precision_table(lines, clock)
    missing = failures(lines)
    return TABLES[plan](summarise(lines, clock)) + (f"\n\nnot measured:\n{missing}" if missing else "")


def run_plan(plan: str, arguments: argparse.Namespace) -> str:
    """Measure, keep the raw lines, write them or their summaries to the output; returns the table."""
    stamp = datetime.datetime.now()
    folder = RESULTS if arguments.publish else RESULTS / "local"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (f"{plan}.jsonl" if arguments.publish else f"{stamp:%Y%m%d-%H%M%S}-{plan}.jsonl")
    # Beside its place until it is whole: an interrupted measurement does not take the place of a published one.
    growing = path.with_suffix(".part")
    head = {"plan": plan, "time": f"{stamp:%Y-%m-%d %H:%M}", "clock": arguments.clock, "machine": machine()}
    lines: list[Line] = []
    with growing.open("w", encoding="utf-8") as file:
        emit([head], file)
        # What is measured when the user has waited long enough is reported like a whole run.
        with contextlib.suppress(KeyboardInterrupt):
            for line in measured(plan, arguments):
                lines.append(line)
                print(json.dumps(line), file=file, flush=True)
    growing.replace(path)
    emit(summarise(lines, arguments.clock) if plan in PAIRS else lines, None)
    return f"{table_of(plan, lines, arguments.clock)}\n\nraw lines: {path.relative_to(HERE.parent)}"


def published(plan: str) -> tuple[Line, list[Line]]:
    """The head and the raw lines of the published results of a plan."""
    head, *lines = map(json.loads, (RESULTS / f"{plan}.jsonl").read_text(encoding="utf-8").splitlines())
    return head, lines


def emit(lines: list[dict[str, Any]], file: Any) -> None:
    for line in lines:
        print(json.dumps(line))
        if file is not None:
            print(json.dumps(line), file=file, flush=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", choices=(*PLANS, "all"))
    parser.add_argument("--workloads", nargs="+", choices=tuple(WORKLOADS), metavar="NAME")
    parser.add_argument("--problems", nargs="+", choices=tuple(PROBLEMS), default=tuple(PROBLEMS), help="of precision")
    parser.add_argument("--engines", nargs="+", metavar="NAME[:VARIANT]", help=f"of {', '.join(ENGINES)}")
    parser.add_argument("--rounds", type=int, default=3, help="processes for each pair")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs in each process")
    parser.add_argument("--threads", type=int, default=2, help="for the plan `threads`")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="cpu: on a machine shared with others")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--publish", action="store_true", help="these are the results that the page of truth shows")
    parser.add_argument("--show", action="store_true", help="the tables of the published results; nothing is measured")
    parser.add_argument("--json", action="store_true", help="JSON lines only, no tables")
    arguments = parser.parse_args()
    known = BY_ENGINE if arguments.plan == "precision" else {name.partition(":")[0] for name in ENGINES}
    for engine in arguments.engines or ():
        if (engine if arguments.plan == "precision" else engine.partition(":")[0]) not in known:
            parser.error(f"there is no engine named {engine}; write some of {', '.join(known)}")
    return arguments


def main() -> int:
    arguments = parse()
    tables = []
    for plan in PLANS if arguments.plan == "all" else (arguments.plan,):
        if arguments.show:
            head, lines = published(plan)
            tables.append(f"{head['time']}, {head['machine']['processor']}\n\n{table_of(plan, lines, head['clock'])}")
        else:
            tables.append(run_plan(plan, arguments))
    if not arguments.json:
        print("\n" + "\n\n".join(tables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
