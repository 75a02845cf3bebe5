"""Models, layouts and ways to run them that the tests of this room share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

import excitable as ex
import excitable.mechanisms as registry
from excitable.compiler.gather import gather
from excitable.compiler.plan import Plan, plan
from excitable.compiler.targets import Target
from excitable.frozen import frozen
from excitable.mechanisms import Channel, Condition, Ion, Mechanism
from excitable.mechanisms.mechanism import METHODS
from excitable.mechanisms.variables import ion_of, may_be_provided, place_of
from excitable.runtime.engine import Engine, Shape

DT = 0.025
SQUID = (ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())

# Every mechanism that the package exports; what tests run over.
MECHANISMS = {
    name: thing
    for name, thing in ((name, getattr(registry, name)) for name in registry.__all__)
    if inspect.isclass(thing) and issubclass(thing, Mechanism) and thing not in (Mechanism, Channel)
}
# What is made for an ion that the user names (Ion, Cytosol) has tests of its own.
MECHANISMS = {name: thing for name, thing in MECHANISMS.items() if thing.__init__ is Mechanism.__init__}
IONS = {"na": (1, 10.0, 140.0), "k": (1, 140.0, 5.0), "ca": (2, 1e-4, 2.0), "cl": (-1, 10.0, 120.0)}


def with_ions(*mechanisms: Mechanism) -> list[Mechanism]:
    """The mechanisms, and an ion with plausible concentrations for each that they read and do not provide."""
    read: set[str] = set()
    provided: set[str] = set()
    for mechanism in mechanisms:
        read |= {name for method in METHODS for name in mechanism.reads(method)}
        if type(mechanism).provides is not Mechanism.provides:
            provided |= set(mechanism.provides(*(1.0 for _ in mechanism.reads("provides"))))
    store = [registry.CalciumStore()] if "ca_store" in read - provided else []
    ions: list[Mechanism] = [Condition(name, 1e-3) for name in sorted(read - provided) if _is_condition(name)]
    for symbol in sorted({ion_of(name) for name in read} & set(IONS)):
        valence, inside, outside = IONS[symbol]
        sides = {"inside": inside, "outside": outside}
        ions.append(Ion(symbol, valence, **{k: v for k, v in sides.items() if f"{symbol}_{k}" not in provided}))
    return [*ions, *store, *mechanisms]


def _is_condition(name: str) -> bool:
    """Whether a variable is a stimulus, a ligand, or a concentration where no ion states one."""
    if name in ("ca_store", "temperature") or not may_be_provided(name) or name.startswith("e_"):
        return False
    return ion_of(name) not in IONS or place_of(name) not in ("inside", "outside")


# ---------------------------------------------------------------- shapes
def compartment() -> ex.Cell:
    """One compartment of 20 by 20 µm."""
    return ex.Cell(ex.single_compartment(20.0, 20.0))


def cable(compartments: int = 11) -> ex.Cell:
    """A cable of 11 compartments: not a multiple of any vector."""
    return ex.Cell(ex.cable(20.0 * compartments, 1.5, kind="axon"), ex.per_branch(compartments))


def tree() -> ex.Cell:
    """A soma, an axon and a dendrite with branches: two junctions, unequal compartments."""
    rows = [
        ("soma[0]", "soma", None, 0.0, [[0, 0, 0, 20], [20, 0, 0, 20]]),
        ("dend[0]", "dendrite", "soma[0]", 1.0, [[20, 0, 0, 3], [70, 0, 0, 2]]),
        ("dend[1]", "dendrite", "dend[0]", 1.0, [[70, 0, 0, 1.5], [130, 10, 0, 1]]),
        ("dend[2]", "dendrite", "dend[0]", 1.0, [[70, 0, 0, 1.2], [120, -30, 0, 0.8]]),
        ("dend[3]", "dendrite", "dend[1]", 0.5, [[100, 5, 0, 1], [100, 60, 0, 1]]),
        ("axon[0]", "axon", "soma[0]", 0.0, [[0, 0, 0, 1], [-90, 0, 0, 1]]),
    ]
    return ex.Cell(ex.from_table(rows), ex.max_length(25.0), axial_resistivity=120.0)


FORMS: Mapping[str, Callable[[], ex.Cell]] = {"compartment": compartment, "cable": cable, "tree": tree}


def squid(form: str = "compartment") -> ex.Cell:
    """A form with the squid membrane; the dendrite of the tree has a weaker one, which makes a second kind."""
    if form != "tree":
        return ex.paint(FORMS[form](), ex.everywhere, *SQUID)
    cell = ex.paint(tree(), ex.soma | ex.axon, *SQUID)
    return ex.paint(cell, ex.dendrite, ex.Leak(conductance=2e-4, reversal=-66.0), ex.SquidPotassium(conductance=0.004))


# ---------------------------------------------------------------- stimuli and probes
STIMULI: Mapping[str, Callable[[], Any]] = {
    "pulse": lambda: ex.current_pulse(at=ex.root, amplitude=0.3, start=0.11, duration=0.7),
    "train": lambda: ex.current_train(at=ex.root, amplitude=0.3, start=0.06, period=0.3, width=0.13, count=3),
    "ramp": lambda: ex.current_ramp(at=ex.root, first=-0.1, last=0.4, start=0.07, duration=0.9),
    "sine": lambda: ex.current_sine(at=ex.root, amplitude=0.2, frequency=900.0, start=0.1, phase=0.2, offset=0.05),
    "noise": lambda: ex.current_noise(at=ex.root, deviation=0.3, mean=0.1, seed=7, start=0.05),
    "waveform": lambda: ex.current_waveform(at=ex.root, times=[0.1, 0.3, 0.9], samples=[0.0, 0.5, -0.2]),
}


def clamp(name: str = "clamp", at: Any = ex.root) -> Any:
    return ex.voltage_clamp(at=at, levels=[(0.3, -65.0), (0.4, -20.0), (1.0, 10.0)], name=name)


def squid_probes() -> list[Any]:
    return [
        ex.voltage(at=ex.each(ex.everywhere), label="v"),
        ex.state("m", of=ex.SquidSodium, at=ex.root, label="m"),
        ex.current(at=ex.root, of=ex.SquidPotassium, label="potassium"),
        ex.current(at=ex.root, ion="na", label="sodium"),
        ex.current(at=ex.root, label="current"),
        ex.spikes(at=ex.root, threshold=-30.0, label="spikes"),
    ]


# ---------------------------------------------------------------- running
@frozen(eq=False)
class Ran:
    """What an engine left: samples (cells, values, times), every changing array by name, and crossings."""

    samples: np.ndarray
    arrays: Mapping[str, np.ndarray]
    crossings: tuple[tuple[float, int, int], ...]


def planned(
    cell: ex.Cell,
    protocol: Sequence[Any] = (),
    record: Sequence[Any] | None = None,
    *,
    method: ex.methods.Method = ex.staggered,
    overrides: Mapping[tuple[str, str], Any] | None = None,
    cells: int = 1,
    dt: float = DT,
) -> Plan:
    """The plan of a run, without running it."""
    probes = [ex.voltage(at=ex.each(ex.everywhere))] if record is None else record
    return plan(gather(cell, protocol, probes, overrides, cells), method, dt)


def engine(made: Plan, target: Target, shape: Shape, threads: int = 1) -> Engine:
    return Engine(made, target, shape, threads, 256)


def disturb(running: Engine, seed: int = 1) -> None:
    """Voltages between -85 and +35 mV, and states off their rest; the same numbers for every shape and target."""
    dice, memory = np.random.default_rng(seed), running.memory
    system = memory.plan.system
    voltage = dice.uniform(-85.0, 35.0, (system.nodes, memory.cells))
    memory.put("v", voltage[memory.source])
    for k, kind in enumerate(system.kinds):
        for state in kind.membrane.states:
            start = memory.get(f"kind{k}.{state}")[: len(kind.compartments)]
            memory.put(f"kind{k}.{state}", start * dice.uniform(0.4, 1.0, start.shape))


def advanced(running: Engine, steps: int, every: int = 1) -> Ran:
    """The engine's own results after some steps from step 0."""
    samples = [running.advance(0, steps // every, every, 0.5 * DT).copy()]
    crossings = running.crossings()
    samples.append(running.advance(steps, 1, 0, DT).copy())
    memory = running.memory
    arrays = {"v": memory.get("v")[memory.node]}
    for k, kind in enumerate(memory.plan.system.kinds):
        for state in kind.membrane.states:
            arrays[f"kind{k}.{state}"] = memory.get(f"kind{k}.{state}")[: len(kind.compartments)]
    for k in range(len(memory.plan.program.clamps)):
        arrays[f"clamp{k}.current"] = memory.get(f"clamp{k}.current")
    return Ran(np.concatenate(samples, axis=2), arrays, tuple(sorted(crossings)))


def furthest(first: Ran, second: Ran) -> float:
    """The largest difference of any array or sample, relative to the largest number of its kind."""
    worst = 0.0
    pairs: Iterable[tuple[np.ndarray, np.ndarray]] = [
        *((first.arrays[name], second.arrays[name]) for name in first.arrays),
        *((first.samples[:, k], second.samples[:, k]) for k in range(first.samples.shape[1])),
    ]
    for a, b in pairs:
        size = np.abs(b).max(initial=0.0)
        if size > 0.0:
            worst = max(worst, float(np.abs(a - b).max() / size))
        else:
            worst = max(worst, float(np.abs(a).max(initial=0.0)))
    return worst


def shapes(made: Plan) -> dict[str, Shape]:
    """Every way to lay a plan out in vectors: cells side by side, or the compartments of one cell."""
    kinds = len(made.system.kinds)
    found = {f"{cells} cells": Shape(cells, (cells,) * kinds) for cells in (1, 2, 4, 8, 16, 32)}
    found |= {f"{width} compartments": Shape(1, (width,) * kinds) for width in (2, 4, 8, 16)}
    if kinds > 1:
        found["unequal widths"] = Shape(1, tuple((1, 8, 2, 16)[k % 4] for k in range(kinds)))
    return found
