"""The human ventricular cell of ten Tusscher & Panfilov 2006: endocardium, middle and epicardium, paced for long."""

from __future__ import annotations

import math

import numpy as np

from ..cells import Cell, paint
from ..mechanisms import (
    EndocardialTransientOutward,
    Ion,
    VentricularBackground,
    VentricularCalcium,
    VentricularCalciumCycle,
    VentricularCalciumPump,
    VentricularExchanger,
    VentricularInwardRectifier,
    VentricularIons,
    VentricularPlateauPotassium,
    VentricularRapidPotassium,
    VentricularSlowPotassium,
    VentricularSodium,
    VentricularSodiumPump,
    VentricularTransientOutward,
)
from ..methods import Adaptive
from ..morphology import everywhere, single_compartment, soma
from ..protocols import Stimulus, current_pulse, current_train
from ..recordings.probes import current, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Line
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values
from .readings import action_potential_duration

PAPER = "ten Tusscher & Panfilov 2006, Am J Physiol Heart Circ Physiol 291:H1088"
CURRENTS = "ten Tusscher et al. 2004, Am J Physiol Heart Circ Physiol 286:H1573"

# Both kinds of the transient outward current go by one name.
OUTWARD = "VentricularTransientOutward"
# 185 pF at 1 µF/cm².
AREA = 18500.0
LENGTH = 100.0
# 310 K.
TEMPERATURE = 36.85
# 1 pA/pF of that cell, in nA.
PER_PICOFARAD = AREA * 1e-8 * 1e3
# The stimulus begins so long after the beginning of each period, ms; before it the cell is at rest.
DELAY, WIDTH = 10.0, 1.0
WALL = ("epicardium", "endocardium", "middle")
INTERVALS = np.array([320, 330, 340, 350, 370, 400, 450, 500, 600, 700, 850, 1000], dtype=float)
METHOD = Adaptive(tolerance=1e-4)

SETTINGS = (
    Setting("beats", 1000.0, "1", "beats before the last, which is looked at"),
    Setting("period", 1000.0, "ms", "time from beat to beat"),
    Setting("stimulus", 52.0, "pA/pF", "strength of the stimulus, for 1 ms"),
)


def cell(values: Values, where: str = "epicardium") -> Cell:
    """A cell of 185 pF from one layer of the wall: they differ in two potassium currents."""
    outward = EndocardialTransientOutward(name=OUTWARD) if where == "endocardium" else VentricularTransientOutward()
    slow = 0.098e-3 if where == "middle" else 0.392e-3
    made = Cell(
        single_compartment(LENGTH, AREA / math.pi / LENGTH, name="ventricular cell"),
        temperature=TEMPERATURE,
        initial_voltage=-85.23,
    )
    charge = 1e-3 * values["stimulus"] * WIDTH / values["period"]
    return paint(
        made, everywhere,
        VentricularSodium(), VentricularCalcium(), outward, VentricularSlowPotassium(conductance=slow),
        VentricularRapidPotassium(), VentricularInwardRectifier(), VentricularPlateauPotassium(),
        VentricularBackground(), VentricularExchanger(), VentricularSodiumPump(), VentricularCalciumPump(),
        VentricularCalciumCycle(),
        VentricularIons(paced=charge),
        Ion("na", 1, inside=8.604, outside=140.0), Ion("k", 1, inside=136.89, outside=5.4),
        Ion("ca", 2, inside=0.000126, outside=2.0),
    )  # fmt: skip


def paced(values: Values, beats: float) -> Stimulus:
    """So many stimuli, one a period."""
    return current_train(at=soma, amplitude=values["stimulus"] * PER_PICOFARAD, start=DELAY, width=WIDTH,
                         period=values["period"], count=int(beats), name="pacing")  # fmt: skip


def experiments(made: Cell, values: Values) -> tuple[Experiment, ...]:
    """Beats until the cell has settled and one more, in each layer; and second stimuli after ever longer intervals."""
    period, beats = values["period"], max(1.0, round(values["beats"]))
    before, train = beats * period, paced(values, beats + 1)
    look = (voltage(at=soma, label="voltage"), state("calcium", of=VentricularCalciumCycle, at=soma, label="calcium"),
            *(current(of=each, at=soma, label=label) for each, label in SHOWN))  # fmt: skip
    few = (voltage(at=soma, label="voltage"), state("k", of=VentricularIons, at=soma, label="potassium"))
    found = []
    for layer in WALL:
        here = made if layer == "epicardium" else cell(values, layer)
        found += [
            Experiment(f"beats of the {layer}", here, before, (train,), few, dt=period, method=METHOD),
            Experiment(layer, here, min(period, 1000.0), (train,), look, dt=0.1, method=METHOD,
                       start=f"beats of the {layer}"),
        ]  # fmt: skip
    second = current_pulse(at=soma, amplitude=values["stimulus"] * PER_PICOFARAD, start=before + DELAY + 400.0,
                           duration=WIDTH, name="second")  # fmt: skip
    over = vary("second", "start", before + DELAY + INTERVALS, name="second stimulus")
    last = Experiment("intervals", made, 1600.0, (paced(values, beats + 1), second), look[:1], over=(over,), dt=0.2,
                      method=METHOD, start="beats of the epicardium")  # fmt: skip
    found.append(last)
    # The first experiment is the one to look at; those that others go on from come before them all the same.
    return tuple(found)


SHOWN = (
    (VentricularCalcium, "I(CaL)"),
    (VentricularRapidPotassium, "I(Kr)"),
    (VentricularSlowPotassium, "I(Ks)"),
    (VentricularTransientOutward, "I(to)"),
)


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The length of the action potential in each layer, its height, and the calcium transient."""
    published = {"epicardium": 301.0, "endocardium": 301.0}
    rows = []
    for layer in WALL:
        beat = recordings[layer]
        found = action_potential_duration(beat["voltage"].values, beat.time)
        rows.append(Measured(f"APD90, {layer}", found, "ms", published.get(layer), 3.0 if layer in published else None,
                             PAPER if layer in published else ""))  # fmt: skip
    beat = recordings["epicardium"]
    v, calcium = beat["voltage"].values, beat["calcium"].values
    return (
        *rows,
        Measured("resting potential, epicardium", float(v[0]), "mV"),
        Measured("peak, epicardium", float(v.max()), "mV"),
        Measured("fastest rise, epicardium", float(np.diff(v).max() / 0.1), "V/s"),
        Measured("calcium at rest", 1e3 * float(calcium[0]), "uM"),
        Measured("calcium at its peak", 1e3 * float(calcium.max()), "uM"),
    )


def restitution(recordings: Recordings, values: Values) -> tuple[np.ndarray, np.ndarray]:
    """The diastolic interval before a second beat and the APD90 of it, ms, for each interval that gave one."""
    many = recordings["intervals"]
    first = action_potential_duration(recordings["epicardium"]["voltage"].values, recordings["epicardium"].time)
    start = many.time[0]
    rest, lengths = [], []
    for k, interval in enumerate(INTERVALS):
        since = many.time - start >= DELAY + interval - 1.0
        found = action_potential_duration(many["voltage"].values[k][since], many.time[since])
        rest.append(interval - first)
        lengths.append(found)
    return np.array(rest), np.array(lengths)


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The three action potentials, calcium, the currents of the plateau, and restitution."""
    layers = [recordings[layer] for layer in WALL]
    start = [beat.time - beat.time[0] - DELAY for beat in layers]
    shown = [Line(layer, t, beat["voltage"].values) for layer, t, beat in zip(WALL, start, layers, strict=True)]
    calcium = [Line(layer, t, 1e3 * beat["calcium"].values) for layer, t, beat in zip(WALL, start, layers, strict=True)]
    epi = layers[0]
    currents = [Line(label, start[0], 1e3 * epi[label].values) for _, label in SHOWN]
    rest, lengths = restitution(recordings, values)
    return (
        Chart("wall", f"Action potentials after {values['beats']:g} beats", "Time (ms)", "Voltage (mV)", tuple(shown)),
        Chart("calcium", "Free calcium of the cytosol", "Time (ms)", "Calcium (µM)", tuple(calcium)),
        Chart("currents", "Currents of the plateau, epicardium", "Time (ms)", "Current (pA/pF)", tuple(currents)),
        Chart("restitution", "A second beat after a short pause is short", "Diastolic interval (ms)", "APD90 (ms)",
              (Line("second stimulus", rest, lengths, dots=True),)),
    )  # fmt: skip


ten_tusscher_2006 = Preparation(
    name="ten_tusscher_2006",
    summary="A human ventricular cell from three layers of the wall, paced until it has settled: 301 ms long.",
    source=f"{PAPER}; {CURRENTS}",
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "The stimulus is carried by potassium, evenly over the period: without that potassium runs out by 6 µM a beat.",
        "The time constant of the gate f2 is that of the authors' program; the one printed in the paper is another.",
        "Volumes and the 185 pF are those of the authors' program, which the conversion of currents needs.",
    ),
)
