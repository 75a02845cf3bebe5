"""The Hindmarsh-Rose model of 1984: two variables that spike, and a third that makes bursts of the spikes.

The model has no units: one unit of voltage is run as 1 mV, one of time as 1 ms, one of current as 1 µA/cm².
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell, paint
from ..experiments import phase_plane, rest
from ..mechanisms import HindmarshRose
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_pulse
from ..recordings import Recording
from ..recordings.probes import spikes, state, voltage
from .figures import Chart, Figure, Line, Stack
from .portraits import portrait
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values
from .readings import at, spike_times

PAPER = "Hindmarsh & Rose 1984, Proc R Soc Lond B 221:87"
LSODA = "the same equations by LSODA, tolerance 1e-9"

# A patch of 10⁻⁴ cm², so that one unit of current, 1 µA/cm², is 0.1 nA.
SIDE = 100.0 / math.sqrt(math.pi)
UNIT = 0.1
# A pause between bursts is longer than this.
PAUSE = 100.0
# Where x³ + 2x² = 1, by which both fast variables stand still without current and adaptation.
ROOTS = (-0.5 * (1.0 + math.sqrt(5.0)), -1.0, 0.5 * (math.sqrt(5.0) - 1.0))
CUBIC = "closed form: roots of x³ + 2x² = 1"

SETTINGS = (
    Setting("steady", 2.0, "1", "constant current of the regular bursts", positive=False),
    Setting("irregular", 3.25, "1", "constant current of the irregular bursts, with r = 0.005", positive=False),
    Setting("pulse", 1.0, "1", "current of the long pulse", positive=False),
)


def cell(values: Values) -> Cell:
    """A patch of the model, begun near a burst."""
    patch = Cell(single_compartment(SIDE, SIDE, name="Hindmarsh-Rose"), initial_voltage=-0.95)
    return paint(patch, everywhere, HindmarshRose())


def search(patch: Cell, values: Values) -> Values:
    """The phase plane of the two fast variables without adaptation."""
    plane = phase_plane(patch, hold={"HindmarshRose.z": 0.0}, voltages=(-2.2, 2.2), values=(-15.0, 4.0))
    return {"plane": plane}


def experiments(patch: Cell, values: Values) -> tuple[Experiment, ...]:
    """Regular bursts, irregular ones with a quicker adaptation, and a long pulse."""
    constant, irregular = (
        current_pulse(at=soma, amplitude=values[name] * UNIT, duration=1e5, name=name)
        for name in ("steady", "irregular")
    )
    pulse = current_pulse(at=soma, amplitude=values["pulse"] * UNIT, start=1000.0, duration=1000.0, name="pulse")
    look = (voltage(at=soma, label="x"), state("z", of=HindmarshRose, at=soma, label="z"))
    fired = spikes(at=soma, label="spikes", threshold=0.5)
    quiet = rest(patch, between=(-5.0, 5.0)).state
    quicker = paint(patch, everywhere, HindmarshRose(r=0.005))
    return (
        Experiment("bursts", patch, 3000.0, (constant,), (*look, fired), dt=0.0025, every=80),
        Experiment("irregular", quicker, 6000.0, (irregular,), (*look, fired), dt=0.0025, every=80),
        Experiment("pulse", patch, 3000.0, (pulse,), (*look, fired), dt=0.0025, every=80, start=quiet),
    )


def bursts(recording: Recording) -> list[NDArray[np.float64]]:
    """The spike times of each whole burst, without the first and the last."""
    times = spike_times(recording)
    parts = np.split(times, np.flatnonzero(np.diff(times) > PAUSE) + 1)
    return parts[1:-1]


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The fixed points of the fast variables, and the regular bursts."""
    points = values["plane"].fixed_points
    found = bursts(recordings["bursts"])
    first = found[0] if found else np.array([])
    gaps = np.diff(first)
    starts = np.array([each[0] for each in found])
    irregular = np.diff(spike_times(recordings["irregular"])[10:])
    return (
        *(
            Measured(f"x of the {kind} without adaptation", point.v, "1", known, 1e-6, CUBIC)
            for kind, point, known in zip(("rest", "saddle", "focus"), points, ROOTS, strict=False)
        ),
        Measured("spikes of a burst", float(first.size), "1", 9, 0.0, LSODA),
        Measured("period of the bursts", at(np.diff(starts), 0), "1", 430.776, 0.02, LSODA),
        Measured("first interval of a burst", at(gaps, 0), "1", 11.8172, 0.002, LSODA),
        Measured("last interval of a burst", at(gaps, -1), "1", 25.9822, 0.005, LSODA),
        Measured("spread of the intervals of irregular bursts", float(irregular.std() / irregular.mean()), "1"),
    )  # fmt: skip


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """Both kinds of bursts, the answer to a long pulse, and the plane of the fast variables."""
    made = [
        _pair(recordings["bursts"], "bursts", f"A constant current of {values['steady']:g}: regular bursts"),
        _pair(recordings["irregular"], "irregular", f"{values['irregular']:g}, and r = 0.005: no burst like the last"),
        _pair(recordings["pulse"], "pulse", f"A pulse of {values['pulse']:g} from 1000 to 2000"),
    ]
    gaps = np.diff(spike_times(recordings["irregular"])[10:])
    turns = Line("interval", gaps[:-1], gaps[1:], dots=True)
    return (
        *made,
        Chart(
            "next_interval", "Irregular, and yet each interval tells the next", "Interval", "Next interval", (turns,)
        ),
        portrait("plane", "The fast variables without adaptation", "x", "y", values["plane"]),
    )


def _pair(recording: Recording, name: str, title: str) -> Stack:
    time = recording.time
    return Stack(name, title, "Time (units of the model)", (
        Chart("x", "", "", "x", (Line("x", time, recording["x"].values),)),
        Chart("z", "", "", "z", (Line("z", time, recording["z"].values),)),
    ))  # fmt: skip


hindmarsh_rose = Preparation(
    name="hindmarsh_rose",
    summary="The Hindmarsh-Rose model: spikes of two variables, grouped into bursts by a third.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    search=search,
    remarks=(
        "The model has no units: one of voltage is run as 1 mV, one of time as 1 ms, one of current as 1 µA/cm².",
        "The paper rounds the rest of the fast variables, -1.618, to x1 = -1.6.",
        "Irregular bursts depend on every rounding: no number of one spike of theirs means anything.",
    ),
)
