"""The Purkinje fibre of Noble 1962, which beats by itself."""

from __future__ import annotations

import math

import numpy as np

from ..cells import Cell, paint
from ..mechanisms import (
    PurkinjeAnion,
    PurkinjePotassium,
    PurkinjeSodium,
)
from ..methods import Adaptive
from ..morphology import everywhere, single_compartment, soma
from ..recordings.probes import current, spikes, voltage
from .figures import Chart, Figure, Line, Stack
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values
from .readings import spike_times

LSODA = "the same equations by LSODA, tolerance 1e-10"
PAPER = "Noble 1962, J Physiol 160:317"
LENGTH, DIAMETER = 100.0, 10.0
AREA = math.pi * LENGTH * DIAMETER  # µm²
SAMPLE = 0.05
METHOD = Adaptive(tolerance=1e-5)

DURATION = 6000.0
SHOWN = ((PurkinjeSodium, "sodium"), (PurkinjePotassium, "potassium"), (PurkinjeAnion, "anions"))
SETTINGS = (Setting("leak", 0.075, "mS/cm2", "conductance of the anions", positive=False),)


def cell(values: Values) -> Cell:
    """One compartment with the currents of the paper."""
    made = Cell(
        single_compartment(LENGTH, DIAMETER, name="fibre"),
        temperature=37.0,
        initial_voltage=-81.4,
        capacitance=12.0,
    )
    return paint(
        made,
        everywhere,
        PurkinjeSodium(),
        PurkinjePotassium(),
        PurkinjeAnion(conductance=1e-3 * values["leak"]),
    )


def experiments(made: Cell, values: Values) -> tuple[Experiment, ...]:
    """Six seconds without any stimulus."""
    look = (voltage(at=soma, label="voltage"), spikes(at=soma, label="spikes", threshold=-20.0),
            *(current(of=each, at=soma, label=label) for each, label in SHOWN))  # fmt: skip
    return (Experiment("rhythm", made, DURATION, (), look, dt=SAMPLE, every=4, method=METHOD),)


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The rhythm, once it is steady, and the range of the voltage."""
    run = recordings["rhythm"]
    beats = spike_times(run)
    late = run.time > 0.5 * DURATION
    v = run["voltage"].values[late]
    return (
        Measured(
            "time from beat to beat",
            float(beats[-1] - beats[-2]) if beats.size > 2 else math.nan,
            "ms",
            564.164,
            0.02,
            LSODA,
        ),
        Measured("lowest voltage", float(v.min()), "mV"),
        Measured("peak", float(v.max()), "mV"),
        Measured("share of the time above -40 mV", float(np.mean(v > -40.0)), "1"),
    )


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The last beats above their currents."""
    run = recordings["rhythm"]
    late = run.time > DURATION - 1500.0
    time = run.time[late]
    currents = [Line(label, time, np.clip(1e3 * run[label].values[late], -20.0, 20.0)) for _, label in SHOWN]
    return (
        Stack("rhythm", "A fibre that beats by itself", "Time (ms)", (
            Chart("voltage", "", "", "Voltage (mV)", (Line("voltage", time, run["voltage"].values[late]),)),
            Chart("currents", "", "", "Current (µA/cm²)", tuple(currents)),
        )),
    )  # fmt: skip


noble_1962 = Preparation(
    name="noble_1962",
    summary="A Purkinje fibre: the equations of nerve, slowed until they beat.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=("The text of the paper could not be compared: what is measured is what the equations give.",),
)
