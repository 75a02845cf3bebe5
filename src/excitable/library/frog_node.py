"""The node of Ranvier of the frog (Frankenhaeuser & Huxley 1964): currents by the constant-field equation.

A single node whose current goes through the membrane and nowhere else, as in the paper, at 20 °C.
"""

from __future__ import annotations

import math

import numpy as np

from .. import measurements as measure
from ..cells import Cell, paint
from ..mechanisms import FrogNodeDelayed, FrogNodePotassium, FrogNodeSodium, Ion, Leak
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_pulse
from ..recordings.probes import current, spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Gates, Line, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .readings import at, smallest_that_fires, time_above

PAPER = "Frankenhaeuser & Huxley 1964, J Physiol 171:302"
TABLE = f"{PAPER}: initial values of the standard data"
NEURON = "fh.mod of ModelDB 3507 with V_L = 0.026 mV, by NEURON 9.0.2 (CVODE, tolerance 1e-9)"

# The pulse of the paper's figure 1: when it starts and how long it lasts, ms.
START, WIDTH = 0.5, 0.12
REST = -70.0

SETTINGS = (
    Setting("temperature", 20.0, "degC", "temperature", positive=False),
    Setting("diameter", 8.0, "um", "diameter of the axon at the node"),
    Setting("length", 2.0, "um", "length of the node"),
    Setting("pulse", 1.0, "mA/cm2", "current density of the pulse", positive=False),
)


def cell(values: Values) -> Cell:
    """One node, with the concentrations of the paper."""
    node = Cell(
        single_compartment(values["length"], values["diameter"], name="frog node"),
        temperature=values["temperature"],
        capacitance=2.0,
        initial_voltage=REST,
    )
    sodium, potassium = Ion("na", 1, inside=13.74, outside=114.5), Ion("k", 1, inside=120.0, outside=2.5)
    leak = Leak(conductance=0.0303, reversal=REST + 0.026)
    return paint(node, everywhere, sodium, potassium, FrogNodeSodium(), FrogNodePotassium(), FrogNodeDelayed(), leak)


def nanoampere(values: Values) -> float:
    """The current of 1 mA/cm² through the node, nA."""
    return math.pi * float(values["length"]) * float(values["diameter"]) * 1e-2


def experiments(node: Cell, values: Values) -> tuple[Experiment, ...]:
    """The pulse of figure 1, rest, and pulses of rising strength."""
    unit = nanoampere(values)
    pulse = current_pulse(at=soma, amplitude=values["pulse"] * unit, start=START, duration=WIDTH)
    rising = current_pulse(at=soma, amplitude=0.0, start=START, duration=WIDTH)
    # Fine where the paper's node begins to fire, coarse elsewhere for other settings.
    strengths = np.union1d(np.arange(0.1, 4.0, 0.05), np.arange(0.76, 0.78, 0.0002))
    gates = (
        state("m", of=FrogNodeSodium, at=soma, label="m"),
        state("h", of=FrogNodeSodium, at=soma, label="h"),
        state("n", of=FrogNodePotassium, at=soma, label="n"),
        state("p", of=FrogNodeDelayed, at=soma, label="p"),
    )
    currents = tuple(
        current(of=kind, at=soma, label=f"{name} current")
        for name, kind in (
            ("sodium", FrogNodeSodium),
            ("potassium", FrogNodePotassium),
            ("delayed", FrogNodeDelayed),
            ("leak", Leak),
        )
    )
    look, fired = voltage(at=soma, label="voltage"), spikes(at=soma, label="spikes", threshold=-20.0)
    return (
        Experiment("pulse", node, 3.0, (pulse,), (look, *gates, *currents), dt=0.001),
        Experiment("rest", node, 200.0, (), (look, *gates), dt=0.01, every=100),
        Experiment(
            "strengths",
            node,
            10.0,
            (rising,),
            (fired,),
            dt=0.002,
            over=(vary(rising, "amplitude", strengths * unit, name="strength"),),
        ),
    )


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """Rest with its gates, the action potential, and its threshold."""
    pulse, rest = recordings["pulse"], recordings["rest"]
    trace, level = pulse["voltage"].values, at(rest["voltage"].values, -1)
    peak = attempt(lambda: measure.peak(pulse, probe="voltage"))
    published = {"m": 0.0005, "h": 0.8249, "n": 0.0268, "p": 0.0049}
    return (
        Measured("resting potential", level, "mV", REST, 0.002, f"{PAPER}, standard data"),
        *(
            Measured(f"{name} at rest", at(rest[name].values, -1), "1", known, 1e-4, TABLE)
            for name, known in published.items()
        ),
        Measured("height of the action potential above rest", peak - level, "mV", 115.057, 0.02, NEURON),
        Measured("time of its peak", attempt(lambda: measure.peak_time(pulse, probe="voltage")), "ms", 0.7142, 0.002,
                 NEURON),
        Measured("width at half its height", time_above(trace, pulse.time, (peak + level) / 2), "ms"),
        Measured("steepest rise", attempt(lambda: measure.upstroke(pulse, probe="voltage")), "mV/ms"),
        Measured("threshold of the pulse", smallest_that_fires(recordings["strengths"]) / nanoampere(values),
                 "mA/cm²", 0.7691, 0.0003, "the same equations by LSODA, tolerance 1e-9"),
    )  # fmt: skip


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The action potential, its gates, and its currents, as figures 1, 3 and 6 of the paper."""
    pulse = recordings["pulse"]
    names = ("sodium", "potassium", "delayed", "leak")
    currents = tuple(Line(name, pulse.time, pulse[f"{name} current"].values) for name in names)
    title = f"Action potential of the node, {values['temperature']:g} °C"
    return (
        Traces("action_potential", title, "pulse", ("voltage",)),
        Gates("gates", "Gates of sodium (m, h), potassium (n) and the delayed current (p)", "pulse"),
        Chart("currents", "The four currents during the action potential", "Time (ms)",
              "Current density (mA/cm²)", currents),
    )  # fmt: skip


frog_node = Preparation(
    name="frog_node",
    summary="A node of Ranvier of the frog Xenopus at 20 °C, with currents by the constant-field equation.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "The leak of the paper reverses 0.026 mV above rest, from which the rest of -70.00 mV and its gates follow.",
        "The deposited fh.mod has -69.74 mV in place of -69.974, and rests at -69.767 mV.",
        "The paper is for 20 °C; at other temperatures only the rates change, by Frankenhaeuser & Moore 1963.",
    ),
)
