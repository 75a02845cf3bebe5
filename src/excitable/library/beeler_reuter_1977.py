"""The mammalian ventricular fibre of Beeler & Reuter 1977."""

from __future__ import annotations

import math

import numpy as np

from ..cells import Cell, paint
from ..mechanisms import (
    BeelerReuterPotassium,
    BeelerReuterSlowInward,
    BeelerReuterSodium,
)
from ..methods import Adaptive
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_train
from ..recordings.probes import current, state, voltage
from .figures import Chart, Figure, Line, Stack
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values
from .readings import action_potential_duration

LSODA = "the same equations by LSODA, tolerance 1e-10"
PAPER = "Beeler & Reuter 1977, J Physiol 268:177"
LENGTH, DIAMETER = 100.0, 10.0
AREA = math.pi * LENGTH * DIAMETER  # µm²
SAMPLE = 0.05
METHOD = Adaptive(tolerance=1e-5)

DELAY, WIDTH = 10.0, 2.0
CALCIUM = state("calcium", of=BeelerReuterSlowInward, at=soma, label="calcium")
SHOWN = (
    (BeelerReuterSodium, "sodium"),
    (BeelerReuterSlowInward, "slow inward"),
    (BeelerReuterPotassium, "potassium"),
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
        temperature=37.0,
        initial_voltage=-84.6,
    )
    return paint(
        made,
        everywhere,
        BeelerReuterSodium(),
        BeelerReuterSlowInward(),
        BeelerReuterPotassium(),
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
    """The length, the rest and the peak of a beat, and its calcium."""
    beat = recordings["last"]
    v, calcium = beat["voltage"].values, beat["calcium"].values
    return (
        Measured("APD90", action_potential_duration(v, beat.time), "ms", 282.89, 0.05, LSODA),
        Measured("resting potential", float(v[0]), "mV"),
        Measured("peak", float(v.max()), "mV"),
        Measured("fastest rise", float(np.diff(v).max()) / SAMPLE, "V/s"),
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


beeler_reuter_1977 = Preparation(
    name="beeler_reuter_1977",
    summary="A ventricular fibre: four currents, the first model with calcium that the plateau brings in.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "The text of the paper could not be compared: what is measured is what the equations give.",
        "The paper counts calcium in M; here it is in mM.",
    ),
)
