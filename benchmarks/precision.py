"""Work-precision: what an answer of a given accuracy costs in each engine, by each of its methods.

The converged solution of each family of engines is found from its own two finest runs by Richardson's extrapolation,
and the limits of different families are compared with each other. An error is the largest over all spikes of the run.
The time at equal error is read between two settings, on a line in the logarithms of time and error.
"""

from __future__ import annotations

import datetime
import itertools
import json
import math
import random
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from measure import idle_cores
from problems import (
    ADAPTIVE_WANTED,
    BY_ENGINE,
    DEFAULT_WANTED,
    PEAK_WANTED,
    PROBLEMS,
    TIME_WANTED,
    WAYS,
    Way,
)
from report import NAMES, aligned, number
from schedule import HERE, LONGEST_RUN, environment, interpreter, progress

Line = dict[str, Any]


# ---------------------------------------------------------------- measuring
def measure_precision(problems: Sequence[str], engines: Sequence[str], rounds: int, repeats: int,
                      seed: int) -> Iterator[Line]:  # fmt: skip
    """Every way on every problem in each round, in random order, a process each; what cannot be is asked once."""
    order = random.Random(seed)
    wanted = [(BY_ENGINE[engine], problem) for engine in engines for problem in problems
              if BY_ENGINE[engine].family in (PROBLEMS[problem].families or (BY_ENGINE[engine].family,))]  # fmt: skip
    hopeless: set[tuple[Way, str]] = set()
    for turn in range(rounds):
        todo = [pair for pair in wanted if pair not in hopeless and interpreter(pair[0].engine) is not None]
        order.shuffle(todo)
        for place, (way, problem) in enumerate(todo):
            progress(f"round {turn + 1}/{rounds}, {place + 1}/{len(todo)}: {way.engine} {problem}")
            values = list(way.values)
            order.shuffle(values)
            for line in solve(way, problem, values, repeats):
                if "unsupported" in line:
                    hopeless.add((way, problem))
                yield line | {"round": turn, "at": f"{datetime.datetime.now():%Y-%m-%d %H:%M}"}
    progress("")


def solve(way: Way, problem: str, values: Sequence[float], repeats: int) -> list[Line]:
    """One process on one core: a line for each value, and one with the reason where it ended early."""
    command = [str(interpreter(way.engine)), str(HERE / "precision_worker.py"), way.engine, problem]
    command += ["--repeats", str(repeats), "--cores", str(idle_cores(1)[0]), "--values", *map(repr, values)]
    who = {"problem": problem, "engine": way.engine}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(),
                              timeout=LONGEST_RUN)  # fmt: skip
    except subprocess.TimeoutExpired:
        return [who | {"failed": f"more than {LONGEST_RUN:g} s"}]
    lines: list[Line] = [json.loads(text) for text in done.stdout.splitlines() if text.startswith("{")]
    if done.returncode:
        lines.append(who | {"failed": (done.stderr.strip().splitlines() or ["no message"])[-1]})
    return lines


# ---------------------------------------------------------------- errors
@dataclass(frozen=True)
class Errors:
    """The largest over all spikes: of the times and the durations (µs), and of the peaks (mV)."""

    late: float
    high: float
    lasting: float


@dataclass(frozen=True)
class Limit:
    """The converged spikes of a family: times and durations (ms) and peaks (mV)."""

    times: tuple[float, ...]
    peaks: tuple[float, ...]
    durations: tuple[float, ...]

    def errors(self, line: Line | Limit) -> Errors:
        """Of a run, or of another family's limit; infinite where spikes are missing."""
        given = Limit(line["spikes"], line["peaks"], line["durations"]) if isinstance(line, dict) else line
        if len(given.times) != len(self.times):
            return Errors(math.inf, math.inf, math.inf)

        def largest(ours: Sequence[float], theirs: Sequence[float]) -> float:
            return max((abs(a - b) for a, b in zip(ours, theirs, strict=True)), default=0.0)

        late, lasting = largest(self.times, given.times), largest(self.durations, given.durations)
        return Errors(1e3 * late, largest(self.peaks, given.peaks), 1e3 * lasting)


@dataclass(frozen=True)
class Point:
    """A setting: the time it takes (s, median) and in each round, and its errors in and beside what is wanted."""

    value: float
    seconds: float
    by_round: dict[int, float]
    errors: Errors
    worst: float


def worst_of(errors: Errors, problem: str) -> float:
    """The largest error in units of what is wanted: at 1 or below, the answer is good."""
    parts = (errors.late / TIME_WANTED, errors.high / PEAK_WANTED)
    lasting = PROBLEMS[problem].lasting
    return max(*parts, errors.lasting / lasting if math.isfinite(lasting) else 0.0)


def limits_of(lines: Sequence[Line], problem: str) -> dict[str, Limit]:
    """The converged solution of each family, from the finest runs of its `limit` way."""
    found = {}
    for way in WAYS:
        runs = {line["value"]: line for line in lines if way.limit and "wall" in line
                and (line["engine"], line["problem"]) == (way.engine, problem)}  # fmt: skip
        if not runs:
            continue
        fine = runs[min(runs)]
        coarse = runs.get(2.0 * fine["value"], fine)
        if way.order is None or len(coarse["spikes"]) != len(fine["spikes"]):
            coarse = fine

        def extrapolated(what: str, fine: Line = fine, coarse: Line = coarse, way: Way = way) -> tuple[float, ...]:
            gain = 2.0 ** (way.order or 1) - 1.0
            return tuple(a + (a - b) / gain for a, b in zip(fine[what], coarse[what], strict=True))

        found[way.family] = Limit(*map(extrapolated, ("spikes", "peaks", "durations")))
    return found


def curves_of(lines: Sequence[Line], problem: str, clock: str) -> dict[str, list[Point]]:
    """For each way the points of its diagram, the finest setting first."""
    limits = limits_of(lines, problem)
    runs: dict[tuple[str, float], list[Line]] = defaultdict(list)
    for line in lines:
        if "wall" in line and line["problem"] == problem and BY_ENGINE[line["engine"]].family in limits:
            runs[line["engine"], line["value"]].append(line)
    curves: dict[str, list[Point]] = defaultdict(list)
    for (engine, value), members in sorted(runs.items(), key=lambda item: item[0]):
        by_round = {line["round"]: line[clock] for line in members}
        last = members[-1]
        errors = limits[BY_ENGINE[engine].family].errors(last)
        worst = worst_of(errors, problem)
        curves[engine].append(Point(value, statistics.median(by_round.values()), by_round, errors, worst))
    return dict(curves)


# ---------------------------------------------------------------- at equal error
@dataclass(frozen=True)
class Reached:
    """Where a way meets what is wanted: its setting and its time (s), the median and of each round."""

    value: float
    seconds: float
    by_round: dict[int, float]


def reached(points: Sequence[Point]) -> Reached | None:
    """Where the curve crosses what is wanted, all finer settings being good; None where the finest is not."""
    good = list(itertools.takewhile(lambda point: point.worst <= 1.0, points))
    if not good:
        return None
    last = good[-1]
    if len(good) == len(points) or not math.isfinite(points[len(good)].worst):
        return Reached(last.value, last.seconds, last.by_round)
    next_one = points[len(good)]
    part = -math.log(last.worst) / math.log(next_one.worst / last.worst) if last.worst > 0 else 0.0

    def between(a: float, b: float) -> float:
        return math.exp((1.0 - part) * math.log(a) + part * math.log(b))

    shared = last.by_round.keys() & next_one.by_round.keys()
    by_round = {turn: between(last.by_round[turn], next_one.by_round[turn]) for turn in sorted(shared)}
    return Reached(between(last.value, next_one.value), between(last.seconds, next_one.seconds), by_round)


def ratio(slow: Reached, fast: Reached) -> tuple[float, float, float]:
    """How many times longer: median, smallest and largest of the rounds."""
    found = [slow.by_round[turn] / fast.by_round[turn] for turn in slow.by_round.keys() & fast.by_round.keys()]
    return (statistics.median(found), min(found), max(found)) if found else (math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Claim:
    """A promised ratio on one problem, beside what was measured; `measured` is None where there is nothing yet."""

    problem: str
    words: str
    wanted: float
    measured: tuple[float, float, float] | None
    against: str

    @property
    def holds(self) -> bool:
        return self.measured is not None and self.measured[0] >= self.wanted


def claims(lines: Sequence[Line], clock: str) -> list[Claim]:
    """What is promised on the problems that the promise is about."""
    found = []
    for problem in PROBLEMS.values():
        at = {engine: spot for engine, points in curves_of(lines, problem.name, clock).items()
              if (spot := reached(points)) is not None}  # fmt: skip
        if not problem.claimed or not at:
            continue
        peers = {engine: spot for engine, spot in at.items() if BY_ENGINE[engine].family != "excitable"}
        cvode = {engine: spot for engine, spot in peers.items() if engine.startswith("neuron:cvode")}
        installed = {engine: spot for engine, spot in peers.items() if BY_ENGINE[engine].installed}
        found.append(claim(problem.name, "excitable", at, peers, DEFAULT_WANTED, "the fastest peer at its best"))
        found.append(claim(problem.name, "excitable", at, installed, DEFAULT_WANTED, "the fastest as installed"))
        found.append(claim(problem.name, "excitable:adaptive", at, cvode, ADAPTIVE_WANTED, "CVODE in NEURON"))
    return found


def claim(problem: str, ours: str, at: dict[str, Reached], rivals: dict[str, Reached], wanted: float,
          whom: str) -> Claim:  # fmt: skip
    words = f"{BY_ENGINE[ours].words}: at least {wanted:g} times less time than {whom}"
    best = min(rivals, key=lambda engine: rivals[engine].seconds, default="")
    measured = ratio(rivals[best], at[ours]) if best and ours in at else None
    return Claim(problem, words, wanted, measured, BY_ENGINE[best].words if best else "none")


# ---------------------------------------------------------------- tables
def precision_table(lines: Sequence[Line], clock: str = "cpu") -> str:
    """A block for each problem, then the limits and the promised ratios."""
    blocks = []
    for problem in PROBLEMS.values():
        rows = rows_of(lines, problem.name, clock)
        if rows:
            head = ("method", "setting", "s", "times default", "spread")
            blocks.append(f"{problem.words}\nwithin {TIME_WANTED:g} us and {PEAK_WANTED:g} mV of converged, one core\n"
                          + aligned([head, *rows]))  # fmt: skip
            limits = [("converged solution", "from excitable's: us", "mV"), *limit_rows(lines, problem.name)]
            blocks.append(aligned(limits))
    promised = [("promise", "on", "against", "measured", "holds")]
    for each in claims(lines, clock):
        measured = "not measured" if each.measured is None else "{:.1f} ({:.1f} to {:.1f})".format(*each.measured)
        promised.append((each.words, each.problem, each.against, measured, "yes" if each.holds else "no"))
    missing = {f"{line['engine']} {line['problem']}: {line.get('failed', line.get('unsupported'))}"
               for line in lines if "wall" not in line and "engine" in line}  # fmt: skip
    blocks.append(aligned(promised))
    if missing:
        blocks.append("not measured:\n" + "\n".join(sorted(missing)))
    return "\n\n".join(blocks)


def rows_of(lines: Sequence[Line], problem: str, clock: str) -> list[tuple[str, ...]]:
    """Each way with where it reaches what is wanted, the fastest first; then those that do not."""
    curves = curves_of(lines, problem, clock)
    at = {engine: reached(points) for engine, points in curves.items()}
    ours = at.get("excitable")
    rows: list[tuple[str, ...]] = []
    never: list[tuple[str, ...]] = []
    for engine, spot in sorted(at.items(), key=lambda item: item[1].seconds if item[1] else math.inf):
        way = BY_ENGINE[engine]
        if spot is None:
            best = min(curves[engine], key=lambda point: point.worst)
            nearest = f"no better than {best.errors.late:.3g} us, {best.errors.high:.2g} mV"
            never.append((way.words, nearest, "-", "-", "-"))
            continue
        times = ratio(spot, ours) if ours else (math.nan,) * 3
        spread = f"{times[1]:.1f} to {times[2]:.1f}"
        rows.append((way.words, setting(way, spot.value), number(spot.seconds, 3), f"{times[0]:.1f}", spread))
    return rows + never


def setting(way: Way, value: float) -> str:
    return f"tolerance {value:.1e}" if way.order is None else f"{value:.4g} ms"


def limit_rows(lines: Sequence[Line], problem: str) -> list[tuple[str, ...]]:
    """How far other converged solutions lie from ours: what is left is not a matter of time steps.

    Of the families their limits; of the ways that choose their steps, the run of the smallest tolerance.
    """
    limits = limits_of(lines, problem)
    ours = limits.get("excitable")
    if ours is None:
        return []
    away = {NAMES[family]: ours.errors(limit) for family, limit in limits.items() if limit is not ours}
    for way in WAYS:
        runs = [line for line in lines if (line["engine"], line["problem"]) == (way.engine, problem) and "wall" in line]
        if way.order is None and runs and way.comparable:
            finest = min(runs, key=lambda line: float(line["value"]))
            away[f"{way.words}, {setting(way, finest['value'])}"] = ours.errors(finest)
    return [(name, f"{errors.late:.3f}", f"{errors.high:.4f}") for name, errors in away.items()]
