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
import json
import sys
from collections.abc import Iterable
from itertools import chain

from growth import growth_table
from precision import measure_precision, precision_table
from problems import BY_ENGINE, PROBLEMS
from report import Line, failures, speed_table, summarise, thread_table
from results import keep, published
from schedule import HERE, Pair, interpreter, run_rounds
from start import measure_starts, start_table
from workloads import SCALING, WORKLOADS, Membranes

SPEED = ("W1", "W2", "W3", "W4", "W4x128", "W5")
PEERS = ("neuron", "neuron:exact", "coreneuron", "coreneuron:native", "arbor", "jaxley", "brian2")
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
TABLES = {
    "speed": lambda lines, clock: speed_table(summarise(lines, clock)),
    "threads": lambda lines, clock: thread_table(summarise(lines, clock)),
    "growth": growth_table,
    "start": start_table,
    "precision": precision_table,
}
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
    missing = failures(lines) if plan in PAIRS else ""
    return TABLES[plan](lines, clock) + (f"\n\nnot measured:\n{missing}" if missing else "")


def run_plan(plan: str, arguments: argparse.Namespace) -> str:
    """Measure, keep the raw lines, write them or their summaries to the output; returns the table."""
    # Processor time is of all threads together.
    clock = "wall" if plan == "threads" else arguments.clock
    found = published(plan) if plan == "precision" and arguments.publish else None
    others = [line for line in (found.lines if found else ()) if line["problem"] not in arguments.problems]
    path, lines = keep(plan, chain(others, measured(plan, arguments)), arguments.publish, clock=clock)
    for line in summarise(lines, clock) if plan in PAIRS else lines:
        print(json.dumps(line))
    return f"{table_of(plan, lines, clock)}\n\nraw lines: {path.relative_to(HERE.parent)}"


def shown(plan: str) -> str:
    """The table of the published results."""
    found = published(plan)
    if found is None:
        return f"{plan}: nothing is published; write python benchmarks/run.py {plan} --publish"
    head = found.head
    return f"{plan}: {head['time']}, {head['machine']['processor']}\n\n{table_of(plan, found.lines, found.clock)}"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", choices=(*PLANS, "all"))
    parser.add_argument("--workloads", nargs="+", choices=tuple(WORKLOADS), metavar="NAME")
    parser.add_argument(
        "--problems",
        nargs="+",
        choices=tuple(PROBLEMS),
        default=tuple(PROBLEMS),
        help="of precision; what is published of others stays",
    )
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
        tables.append(shown(plan) if arguments.show else run_plan(plan, arguments))
    if not arguments.json:
        print("\n" + "\n\n".join(tables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
