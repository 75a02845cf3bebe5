"""Is the stated error honest? Random cells, stimuli, steps and tolerances, each judged against a converged run.

    python benchmarks/honesty.py               # 200 cases, one JSON line and a table
    python benchmarks/honesty.py --show 17     # one case, in full

Every case is a function of the seed and its number. A fifth of them are brought to
the edge of firing a spike more or less. Half of them state the error of a step (`ex.accuracy`), half ask for
a tolerance (`ex.run`). The true error is the difference from a run at a step 16 times finer than that of the run the
statement is about, by the second-order method, or from one of the adaptive method at a tolerance of 1e-10.
Nothing is left out: a run with another number of spikes than the converged one has an infinite true error, which only
an infinite statement covers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import excitable as ex
from excitable import mechanisms as found
from excitable.runtime.accuracy import with_spikes

SEED = 20080
FINER = 16
# Below this an error is rounding, and a statement cannot be asked to know it.
ROUNDING = {"mV": 1e-9, "us": 1e-6}
LOOSEST = 20.0
WANTED = {"honest": 0.95, "within": 0.90}
SHAPES = ("single", "cable", "tree")
MEMBRANES = ("squid", "regular spiking", "pyramidal", "passive")
# Of ten cases, those whose stimulus is brought to where the number of spikes changes.
MARGINAL = (4, 5)
STRENGTHS = ("amplitude", "first", "last", "offset")
STIMULI = ("pulse", "brief pulse", "ramp", "sine", "train")


# ---------------------------------------------------------------- what is drawn
@dataclass(frozen=True)
class Case:
    """A cell, what is done to it, and what is asked: the error of a step, or a tolerance."""

    number: int
    words: str
    cell: ex.Cell
    duration: float
    protocol: tuple[Any, ...]
    record: tuple[Any, ...]
    method: Any = ex.staggered
    step: float | None = None
    tolerance: tuple[str, ...] = ()


def case(number: int, seed: int = SEED) -> Case:
    """The case of that number."""
    chance = np.random.default_rng([seed, number])
    shape, membrane = (
        str(chance.choice(SHAPES, p=[0.5, 0.25, 0.25])),
        str(chance.choice(MEMBRANES, p=[0.4, 0.3, 0.2, 0.1])),
    )
    cell = _painted(_shape(shape, chance), shape, membrane, chance)
    duration = float(chance.uniform(20.0, 60.0))
    protocol = tuple(_stimulus(cell, membrane, duration, k, chance) for k in range(int(chance.integers(1, 3))))
    if number % 10 in MARGINAL:
        protocol = _marginal(cell, duration, protocol, 10.0 ** chance.uniform(-5.0, -2.0))
    record = [ex.voltage(at=ex.root, label="root")]
    if shape != "single":
        record.append(ex.voltage(at=ex.at(cell.morphology.branches[-1].name, 1.0), label="end"))
    done = " and ".join(stimulus.kind for stimulus in protocol)
    edge = "marginal " if number % 10 in MARGINAL else ""
    words = f"{edge}{membrane} {shape}, {cell.temperature:.1f} °C, {done}"
    if number % 2:
        millivolts, microseconds = 10.0 ** chance.uniform(-2.5, 0.0), 10.0 ** chance.uniform(0.0, 2.0)
        both = (f"{millivolts:.3g} mV", f"{microseconds:.3g} us")
        asked = (both, both[:1], both[1:])[int(chance.integers(3))]
        method = ex.adaptive if chance.random() < 0.4 else ex.staggered
        return Case(number, words, cell, duration, protocol, tuple(record), method, tolerance=asked)
    drawn = chance.random()
    if drawn < 0.2:
        loose = ex.Adaptive(tolerance=float(10.0 ** chance.uniform(-6.0, -3.0)))
        return Case(number, words, cell, duration, protocol, tuple(record), loose)
    method = ex.backward_euler if drawn < 0.4 else ex.staggered
    sensible = ex.run(cell, 0.1).description["dt"]
    step = float(f"{sensible * 2.0 ** chance.uniform(-2.0, 1.5):.3g}")
    return Case(number, words, cell, duration, protocol, tuple(record), method, step)


def _shape(shape: str, chance: Any) -> ex.Cell:
    if shape == "single":
        return ex.Cell(ex.single_compartment(float(chance.uniform(10.0, 100.0))))
    if shape == "cable":
        length, diameter = float(chance.uniform(200.0, 2000.0)), float(chance.uniform(1.0, 20.0))
        made = ex.Cell(ex.cable(length, diameter), ex.per_branch(int(chance.integers(5, 40))))
    else:
        depth, length = int(chance.integers(1, 4)), float(chance.uniform(30.0, 150.0))
        tree = ex.balanced_tree(depth, length, float(chance.uniform(1.0, 6.0)))
        made = ex.Cell(tree, ex.per_branch(int(chance.integers(1, 6))))
    return ex.Cell(made.morphology, made.compartments, axial_resistivity=float(chance.uniform(50.0, 200.0)))


def _painted(bare: ex.Cell, shape: str, membrane: str, chance: Any) -> ex.Cell:
    """The cell with channels whose conductances are off by up to 30 %; in half of the trees dendrites are passive."""
    warm = {"squid": (3.0, 20.0), "regular spiking": (30.0, 37.0), "pyramidal": (30.0, 37.0), "passive": (0.0, 37.0)}
    cell = ex.Cell(
        bare.morphology,
        bare.compartments,
        axial_resistivity=bare.axial_resistivity,
        capacitance=float(chance.uniform(0.8, 1.2)),
        temperature=float(chance.uniform(*warm[membrane])),
        initial_voltage=float(chance.uniform(-75.0, -60.0)),
    )
    cell = ex.paint(cell, ex.everywhere, *(_ions() if membrane == "pyramidal" else ()))
    return ex.paint(cell, ex.everywhere, *(_scaled(each, chance) for each in _channels(membrane, chance)))


def _ions() -> tuple[Any, ...]:
    return ex.Ion("na", 1, reversal=50.0), ex.Ion("k", 1, reversal=-85.0), ex.Ion("ca", 2, inside=1e-4, outside=2.0)


def _channels(membrane: str, chance: Any) -> list[Any]:
    if membrane == "squid":
        return [ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()]
    if membrane == "regular spiking":
        slow = [found.RegularSpikingSlowPotassium()] if chance.random() < 0.6 else []
        return [found.RegularSpikingSodium(), found.RegularSpikingPotassium(), ex.Leak(), *slow]
    if membrane == "pyramidal":
        more = [
            found.PyramidalMuscarinicPotassium(),
            found.PyramidalHyperpolarisation(),
            found.PyramidalPersistentSodium(),
            found.PyramidalHighThresholdCalcium(),
        ]
        kept = [each for each in more if chance.random() < 0.5]
        return [found.PyramidalTransientSodium(), found.PyramidalFastPotassium(), ex.Leak(reversal=-75.0), *kept]
    return [ex.Leak(conductance=float(10.0 ** chance.uniform(-5.0, -3.0)))]


def _scaled(channel: Any, chance: Any) -> Any:
    given = {name: getattr(channel, name) for name in type(channel).parameters}
    return type(channel)(**{**given, "conductance": channel.conductance * float(chance.uniform(0.7, 1.3))})


def _stimulus(cell: ex.Cell, membrane: str, duration: float, number: int, chance: Any) -> Any:
    """A stimulus whose edges lie anywhere, with a strength that makes most cells fire."""
    area = float(np.sum(ex.discretise(cell.morphology, cell.rule).area)) * 1e-8  # cm²
    density = float(10.0 ** chance.uniform(0.0, 1.5)) * (3.0 if membrane == "pyramidal" else 1.0)  # µA/cm²
    amplitude = 1e3 * area * density
    start, rest = float(chance.uniform(0.0, 5.0)), duration - 6.0
    where = {"at": ex.root, "start": start, "name": f"stimulus {number}"}
    kind = str(chance.choice(STIMULI))
    if kind == "pulse":
        return ex.current_pulse(**where, amplitude=amplitude, duration=float(chance.uniform(5.0, rest)))
    if kind == "brief pulse":
        brief = float(chance.uniform(0.1, 1.0))
        return ex.current_pulse(**where, amplitude=amplitude * 5.0 / brief, duration=brief)
    if kind == "ramp":
        return ex.current_ramp(**where, last=2.0 * amplitude, duration=float(chance.uniform(10.0, rest)))
    if kind == "sine":
        frequency, phase = float(chance.uniform(10.0, 300.0)), float(chance.random())
        return ex.current_sine(**where, amplitude=amplitude, frequency=frequency, phase=phase, offset=0.5 * amplitude)
    period, width = float(chance.uniform(3.0, 15.0)), float(chance.uniform(0.2, 2.0))
    count = int(chance.integers(2, 6))
    return ex.current_train(**where, amplitude=amplitude * 3.0 / width, period=period, width=width, count=count)


def _marginal(cell: ex.Cell, duration: float, protocol: tuple[Any, ...], width: float) -> tuple[Any, ...]:
    """The stimuli as strong as they must be for their number of spikes, to a relative width.

    Bisected at the step that is chosen without being asked for; as they were where half of them gives as many spikes.
    """
    low, high = 0.5, 1.0
    most = _count(cell, duration, protocol)
    if _count(cell, duration, _times_as_strong(protocol, low)) == most:
        return protocol
    while high - low > width:
        middle = 0.5 * (low + high)
        same = _count(cell, duration, _times_as_strong(protocol, middle)) == most
        low, high = (low, middle) if same else (middle, high)
    return _times_as_strong(protocol, high)


def _count(cell: ex.Cell, duration: float, protocol: tuple[Any, ...]) -> int:
    made = ex.run(cell, duration, protocol=protocol, record=[ex.spikes(at=ex.root, label="spikes")])
    return int(made.spikes["spikes"].times[0].size)


def _times_as_strong(protocol: tuple[Any, ...], factor: float) -> tuple[Any, ...]:
    made = []
    for stimulus in protocol:
        numbers = {k: factor * x if k in STRENGTHS else x for k, x in stimulus.numbers.items()}
        made.append(type(stimulus)(**{**stimulus.__dict__, "numbers": numbers}))
    return tuple(made)


# ---------------------------------------------------------------- how it is judged
@dataclass(frozen=True)
class Judged:
    """One stated number beside the true one, in mV or µs."""

    number: int
    label: str
    unit: str
    stated: float
    true: float
    spikes: int = 0
    converged: int = 0

    @property
    def honest(self) -> bool:
        """Whether the true error stays below the stated one."""
        return max(self.true, 0.0) <= max(self.stated, ROUNDING[self.unit])

    @property
    def ratio(self) -> float:
        """Stated over true, 1 where both are infinite; errors of rounding count as its size."""
        if np.isinf(self.true):
            return 1.0 if np.isinf(self.stated) else 0.0
        return max(self.stated, ROUNDING[self.unit]) / max(self.true, ROUNDING[self.unit])

    @property
    def within(self) -> bool:
        """Whether the true error is within a factor of the stated one, on either side."""
        return 1.0 / LOOSEST <= self.ratio <= LOOSEST


@dataclass(frozen=True)
class Result:
    """A case, its judged numbers, and how long it took in seconds."""

    number: int
    words: str
    asked: str
    dt: float = 0.0
    cost: float = 0.0
    seconds: float = 0.0
    refused: str = ""
    judged: list[Judged] = field(default_factory=list)


def judge(drawn: Case) -> Result:
    """Run a case, and the converged run beside it."""
    asked = f"tolerance {' and '.join(drawn.tolerance)}" if drawn.tolerance else f"dt {drawn.step or 0.0:g} ms"
    asked += "" if drawn.method is ex.staggered else f", {drawn.method!r}"
    begun = time.perf_counter()
    probes = with_spikes(drawn.record)
    alike = {"protocol": drawn.protocol, "record": probes}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ex.AccuracyWarning)
        try:
            statement, recording = _asked(drawn, alike)
        except ex.RequestError as refusal:
            return Result(drawn.number, drawn.words, asked, refused=str(refusal))
    dt = recording.description["dt"]
    every = recording.description["steps"] // max(recording.time.size - 1, 1)
    duration = recording.description["steps"] * dt
    converged = _converged(drawn, duration, dt, every, alike)
    judged = [*_voltages(drawn, statement, recording, converged), *_times(drawn, statement, recording, converged)]
    return Result(drawn.number, drawn.words, asked, dt, statement.cost, time.perf_counter() - begun, judged=judged)


def _converged(drawn: Case, duration: float, dt: float, every: int, alike: Mapping[str, Any]) -> Any:
    if isinstance(drawn.method, ex.Adaptive):
        return ex.run(drawn.cell, duration, dt=dt, every=every, method=ex.Adaptive(tolerance=1e-10), **alike)
    return ex.run(drawn.cell, duration, dt=dt / FINER, every=FINER * every, **alike)


def _asked(drawn: Case, alike: Mapping[str, Any]) -> tuple[Any, Any]:
    if drawn.tolerance:
        made = ex.run(drawn.cell, drawn.duration, tolerance=list(drawn.tolerance), method=drawn.method, **alike)
        return made.error_estimate, made
    fixed = {"dt": drawn.step, "method": drawn.method, **alike}
    return ex.accuracy(drawn.cell, drawn.duration, **fixed), ex.run(drawn.cell, drawn.duration, **fixed)


def _voltages(drawn: Case, statement: Any, recording: Any, converged: Any) -> list[Judged]:
    made = []
    for label, stated in statement.signals.items():
        first, second = recording[label].values, converged[label].values
        size = min(first.size, second.size)
        true = float(np.max(np.abs(first[:size] - second[:size])))
        made.append(Judged(drawn.number, label, "mV", stated, true))
    return made


def _times(drawn: Case, statement: Any, recording: Any, converged: Any) -> list[Judged]:
    made = []
    for label, stated in statement.spike_times.items():
        first, second = recording.spikes[label].times[0], converged.spikes[label].times[0]
        same = first.size == second.size
        true = 1e3 * float(np.max(np.abs(first - second), initial=0.0)) if same else np.inf
        if first.size or second.size or np.isinf(stated):
            made.append(Judged(drawn.number, label, "us", stated, true, first.size, second.size))
    return made


def judge_number(number: int) -> Result:
    """The result of the case of that number."""
    return judge(case(number))


# ---------------------------------------------------------------- what is said
def summary(results: Sequence[Result]) -> dict[str, Any]:
    """The measured fractions, over all stated numbers, per unit and per case."""
    every = [each for result in results for each in result.judged]
    made: dict[str, Any] = {
        "cases": len(results),
        "refused": sum(bool(result.refused) for result in results),
        "stated": len(every),
        **_fractions(every),
        "mV": _fractions([each for each in every if each.unit == "mV"]),
        "us": _fractions([each for each in every if each.unit == "us"]),
    }
    ran = [result for result in results if not result.refused]
    made["cases honest in all they state"] = _share([all(each.honest for each in r.judged) for r in ran])
    other = [each for each in every if np.isinf(each.true)]
    made["another number of spikes"] = len(other)
    made["of these stated as infinite"] = sum(bool(np.isinf(each.stated)) for each in other)
    made["stated as infinite with the right number"] = sum(
        bool(np.isinf(e.stated) and np.isfinite(e.true)) for e in every
    )
    made["median cost"] = round(float(np.median([result.cost for result in ran])), 2)
    return made


def _fractions(some: Sequence[Judged]) -> dict[str, Any]:
    ratios = [each.ratio for each in some]
    low, middle, high = (float(np.quantile(ratios, q)) for q in (0.05, 0.5, 0.95)) if ratios else (np.nan,) * 3
    return {
        "numbers": len(some),
        "honest": _share([each.honest for each in some]),
        "within": _share([each.within for each in some]),
        "stated over true": [float(f"{each:.3g}") for each in (low, middle, high)],
    }


def _share(flags: Sequence[bool]) -> float:
    return round(float(np.mean(flags)), 4) if flags else float("nan")


EDGES = (0.0, 0.05, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 20.0, np.inf)


def table(results: Sequence[Result]) -> str:
    """How often the stated error is how many times the true one."""
    units = {"mV": "voltage", "us": "spike time"}
    every = [each for result in results for each in result.judged]
    lines = ["| stated over true | voltage | spike time |", "|---|---|---|"]
    for low, high in itertools.pairwise(EDGES):
        counts = [sum(low <= each.ratio < high for each in every if each.unit == unit) for unit in units]
        said = f"{low:g} to {high:g}" if np.isfinite(high) else f"over {low:g}"
        lines.append(f"| {said} | {counts[0]} | {counts[1]} |")
    for name, flag in (("true below stated", "honest"), ("within a factor of 20", "within")):
        shares = [_share([getattr(each, flag) for each in every if each.unit == unit]) for unit in units]
        lines.append(f"| {name} | {shares[0]:.1%} | {shares[1]:.1%} |")
    return "\n".join(lines)


def show(result: Result) -> str:
    """A case in a few lines."""
    head = f"{result.number}: {result.words}; {result.asked}"
    if result.refused:
        return f"{head}\n   refused: {result.refused}"
    lines = [f"{head} (dt {result.dt:g}, cost {result.cost:.1f}, {result.seconds:.1f} s)"]
    for each in result.judged:
        counted = f" ({each.spikes} spikes, {each.converged} converged)" if each.unit == "us" else ""
        lines.append(f"   {each.label}: stated {each.stated:.3g}, true {each.true:.3g} {each.unit}{counted}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, and print a JSON line, a table, and every case that is not honest or not within the factor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--show", type=int, help="one case only")
    chosen = parser.parse_args(arguments)
    if chosen.show is not None:
        print(show(judge_number(chosen.show)))
        return 0
    begun = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(chosen.processes) as pool:
        results = pool.map(judge_number, range(chosen.first, chosen.first + chosen.cases), chunksize=1)
    said = {"excitable": ex.__version__, "seed": SEED, **summary(results)}
    print(json.dumps({**said, "seconds": round(time.perf_counter() - begun)}))
    print(table(results))
    for result in results:
        if result.refused or not all(each.honest and each.within for each in result.judged):
            print(show(result))
    return 0 if said["honest"] >= WANTED["honest"] and said["within"] >= WANTED["within"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
