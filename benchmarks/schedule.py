"""Runs (engine, workload) pairs, each in its own process on its own cores, in random order, again and again.

A shared machine drifts: rounds are interleaved so that every engine meets the same weather, and ratios are
taken round by round.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import idle_cores
from peers import BY_NAME

HERE = Path(__file__).resolve().parent
# Engines that live in the environment of another one.
ENVIRONMENT_OF = {"coreneuron": "neuron", "proof": "ceiling"}
PROOF_VARIABLE = "EXCITABLE_PROOF"
PROOF_PLACE = HERE.parent.parent / "shared" / "proof" / "one_graph_many_targets.py"
LONGEST_RUN = 900.0


@dataclass(frozen=True)
class Pair:
    """One engine on one workload with a number of threads."""

    engine: str
    workload: str
    threads: int = 1


def interpreter(engine: str) -> Path | None:
    """The Python that runs this engine; None where its environment is not there."""
    name = engine.partition(":")[0]
    if name == "excitable":
        return Path(sys.executable)
    if name == "proof" and not proof_file():
        return None
    peer = BY_NAME[ENVIRONMENT_OF.get(name, name)]
    return peer.python if peer.ready() else None


def proof_file() -> str:
    """The independent proof of technique, where this checkout lies beside one."""
    given = os.environ.get(PROOF_VARIABLE, "")
    if given:
        return given
    return str(PROOF_PLACE) if PROOF_PLACE.is_file() else ""


def environment() -> dict[str, str]:
    """Single-threaded libraries, and the proof if there is one."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **single, PROOF_VARIABLE: proof_file()}


def run_pair(pair: Pair, repeats: int) -> dict[str, Any]:
    """One process; its result, or the reason why there is none under "failed"."""
    python = interpreter(pair.engine)
    if python is None:
        return {
            "engine": pair.engine,
            "workload": pair.workload,
            "failed": "its environment is not installed",
        }
    cores = ",".join(str(core) for core in idle_cores(pair.threads))
    command = [str(python), str(HERE / "worker.py"), pair.engine, pair.workload, "--repeats", str(repeats)]
    command += ["--threads", str(pair.threads), "--cores", cores]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment(), timeout=LONGEST_RUN
        )
    except subprocess.TimeoutExpired:
        return {"engine": pair.engine, "workload": pair.workload, "failed": f"more than {LONGEST_RUN:g} s"}
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return {"engine": pair.engine, "workload": pair.workload, "failed": reason}
    result: dict[str, Any] = json.loads(lines[-1])
    return result


def run_rounds(pairs: list[Pair], rounds: int, repeats: int, seed: int) -> Iterator[dict[str, Any]]:
    """Every pair once in each round, in a new random order; what an engine cannot express is asked once."""
    order = random.Random(seed)
    hopeless: set[Pair] = set()
    for number in range(rounds):
        todo = [pair for pair in pairs if pair not in hopeless]
        order.shuffle(todo)
        for place, pair in enumerate(todo):
            progress(f"round {number + 1}/{rounds}, {place + 1}/{len(todo)}: {pair.engine} {pair.workload}")
            result = run_pair(pair, repeats) | {"round": number, "threads": pair.threads}
            if "unsupported" in result:
                hopeless.add(pair)
            yield result
    progress("")


def progress(text: str) -> None:
    """One line on the terminal that is written over."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
