"""The ventricular cell of the guinea pig, by Luo & Rudy 1991."""

from __future__ import annotations

import math

import numpy as np

from ..cells import Cell, paint
from ..mechanisms import (
    GuineaPigBackground,
    GuineaPigInwardRectifier,
    GuineaPigPotassium,
    GuineaPigSlowInward,
    GuineaPigSodium,
    Ion,
)
from ..methods import Adaptive
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_train
from ..recordings.probes import current, state, voltage
from .figures import Chart, Figure, Line, Stack
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values
from .readings import action_potential_duration

PAPER = "Luo & Rudy 1991, Circ Res 68:1501"
LENGTH, DIAMETER = 100.0, 10.0
AREA = math.pi * LENGTH * DIAMETER  # µm²
SAMPLE = 0.05
METHOD = Adaptive(tolerance=1e-5)

DELAY, WIDTH = 10.0, 2.0
CALCIUM = state("calcium", of=GuineaPigSlowInward, at=soma, label="calcium")
SHOWN = (
    (GuineaPigSlowInward, "slow inward"),
    (GuineaPigPotassium, "delayed rectifier"),
    (GuineaPigInwardRectifier, "inward rectifier"),
)
SETTINGS = (
    Setting("beats", 20.0, "1", "beats before the last, which is looked at"),
    Setting("period", 1000.0, "ms", "time from beat to beat"),
    Setting("stimulus", 25.5, "uA/cm2", "strength of the stimulus, for 2 ms"),
)


def cell(values: Values) -> Cell:
    """One compartment with the currents of the paper."""
    made = Cell(
        single_compartment(LENGTH, DIAMETER, name="ventricular cell"),
        temperature=36.85,
        initial_voltage=-84.0,
    )
    return paint(
        made,
        everywhere,
        GuineaPigSodium(),
        GuineaPigSlowInward(),
        GuineaPigPotassium(),
        GuineaPigInwardRectifier(),
        GuineaPigBackground(),
        Ion("na", 1, inside=18.0, outside=140.0),
        Ion("k", 1, inside=145.0, outside=5.4),
    )


def experiments(made: Cell, values: Values) -> tuple[Experiment, ...]:
    """Beats until the cell has settled, and one more."""
    beats, period = max(1.0, round(values["beats"])), values["period"]
    strength = values["stimulus"] * AREA * 1e-5  # nA
    train = current_train(at=soma, amplitude=strength, start=DELAY, width=WIDTH, period=period, count=int(beats) + 1)
    v = voltage(at=soma, label="voltage")
    look = (v, *(current(of=each, at=soma, label=label) for each, label in SHOWN), CALCIUM)
    return (
        Experiment("beats", made, beats * period, (train,), (v,), dt=period, method=METHOD),
        Experiment("last", made, min(period, 600.0), (train,), look, dt=SAMPLE, method=METHOD, start="beats"),
    )


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The upstroke, the length and the rest of a beat, and its calcium."""
    beat = recordings["last"]
    v, calcium = beat["voltage"].values, beat["calcium"].values
    fastest = float(np.diff(v).max()) / SAMPLE
    return (
        Measured("fastest rise", fastest, "V/s", 400.0, 20.0, f"{PAPER}, abstract"),
        Measured("APD90", action_potential_duration(v, beat.time), "ms"),
        Measured("resting potential", float(v[0]), "mV"),
        Measured("peak", float(v.max()), "mV"),
        Measured("calcium at its peak", 1e3 * float(calcium.max()), "uM"),
    )


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The action potential above its currents, and calcium."""
    beat = recordings["last"]
    time = beat.time - beat.time[0] - DELAY
    currents = [Line(label, time, np.clip(1e3 * beat[label].values, -8.0, 8.0)) for _, label in SHOWN]
    return (
        Stack("beat", "One beat", "Time (ms)", (
            Chart("voltage", "", "", "Voltage (mV)", (Line("voltage", time, beat["voltage"].values),)),
            Chart("currents", "", "", "Current (µA/cm²)", tuple(currents)),
            Chart("calcium", "", "", "Calcium (µM)", (Line("calcium", time, 1e3 * beat["calcium"].values),)),
        )),
    )  # fmt: skip


luo_rudy_1991 = Preparation(
    name="luo_rudy_1991",
    summary="A ventricular cell of the guinea pig: a fast upstroke, a plateau of calcium, 360 ms.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "The fastest rise is that of the membrane while a stimulus of 25.5 µA/cm² for 2 ms is under way.",
        "The one current of plateau and inward rectifier is the sum of two of the paper.",
    ),
)
