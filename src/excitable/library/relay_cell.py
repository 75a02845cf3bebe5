"""A thalamic relay cell with two ways of firing (Destexhe et al. 1998): bursts from below, single spikes from above.

Where the cell has been hyperpolarised, its T-type calcium channels are ready: a pulse, or the mere end of the
hyperpolarisation, opens them all, and on their slow calcium spike rides a burst of sodium spikes. Where it is held
depolarised they are inactivated, and the same pulse makes a regular train. Three compartments stand for a
reconstructed cell; the outer dendrite has the membrane of the whole dendritic tree.
"""

from __future__ import annotations

import numpy as np

from .. import measurements as measure
from ..cells import Cell, material, paint
from ..mechanisms import (
    Ion,
    Leak,
    RegularSpikingPotassium,
    RegularSpikingSodium,
    RelayCellCalciumPool,
    ThalamicTTypeCalcium,
)
from ..morphology import Morphology, branch, everywhere, from_table, per_branch, soma
from ..protocols import Stimulus, current_pulse
from ..recordings import Recording
from ..recordings.probes import spikes, state, voltage
from .figures import Chart, Figure, Gates, Line, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .readings import at, spike_times, time_above

PAPER = "Destexhe, Neubig, Ulrich & Huguenard 1998, J Neurosci 18:3574"
DEPOSIT = "ModelDB 279, tc3_cc.oc"
NEURON = f"{DEPOSIT}, by NEURON 9.0.2 (second order, dt 0.00125 ms)"

# The dendrites stand for 7.954 times their own membrane; capacitance and leak are scaled by it.
SURFACE = 7.954
DISTAL = branch("dend1[1]")
# What is done from 300 to 600 ms, and what from 600 to 900 ms.
FIRST, SECOND, LAST, LENGTH = 300.0, 600.0, 300.0, 1000.0

SETTINGS = (
    Setting("temperature", 34.0, "degC", "temperature", positive=False),
    Setting("hyperpolarisation", -0.1, "nA", "current of the hyperpolarising step", positive=False),
    Setting("pulse", 0.15, "nA", "current of the depolarising pulse", positive=False),
    Setting("low", -0.05, "nA", "steady current that holds the cell below its rest", positive=False),
    Setting("high", 0.2, "nA", "steady current that holds the cell above its rest", positive=False),
    Setting("dendritic", 9.5e-5, "cm/s", "permeability of the T-channels of the distal dendrite"),
)


def shape() -> Morphology:
    """Soma, proximal and distal dendrite of the simplified cell (tc3.geo)."""
    return from_table(
        [
            ("soma[0]", "soma", None, 0.0, [[0, 0, 0, 26], [0, 38.42, 0, 26]]),
            ("dend1[0]", "dendrite", "soma[0]", 1.0, [[0, 38.42, 0, 10.28], [0, 50.91, 0, 10.28]]),
            ("dend1[1]", "dendrite", "dend1[0]", 1.0, [[0, 50.91, 0, 8.5], [0, 135.58, 0, 8.5]]),
        ],
        name="relay cell",
    )


def t_channels(permeability: float) -> ThalamicTTypeCalcium:
    """T-channels of a permeability (cm/s), with the shift and the temperature coefficients of the deposit."""
    return ThalamicTTypeCalcium(permeability=permeability, shift=-1.0, activation_q10=2.5, inactivation_q10=2.5)


def cell(values: Values) -> Cell:
    """Sodium and potassium at the soma, T-channels everywhere and most of them in the distal dendrite."""
    made = Cell(shape(), per_branch(1), axial_resistivity=173.0, temperature=values["temperature"],
                initial_voltage=-74.0)  # fmt: skip
    leak, capacitance = 3.79e-5, 0.88
    made = paint(made, everywhere, material(capacitance=SURFACE * capacitance),
                 Leak(conductance=SURFACE * leak, reversal=-76.5), t_channels(1.7e-5), RelayCellCalciumPool(),
                 Ion("ca", 2, outside=2.0))  # fmt: skip
    made = paint(made, soma, material(capacitance=capacitance), Leak(conductance=leak, reversal=-76.5),
                 RegularSpikingSodium(conductance=0.1, threshold=-52.0),
                 RegularSpikingPotassium(conductance=0.1, threshold=-52.0))  # fmt: skip
    return paint(made, DISTAL, t_channels(SURFACE * values["dendritic"]))


def without_sodium(relay: Cell) -> Cell:
    """The cell in tetrodotoxin, and without its delayed rectifier."""
    return paint(relay, soma, RegularSpikingSodium(conductance=0.0, threshold=-52.0),
                 RegularSpikingPotassium(conductance=0.0, threshold=-52.0))  # fmt: skip


def step(amplitude: float, start: float, name: str, duration: float = LAST) -> Stimulus:
    """A step of current into the soma."""
    return current_pulse(at=soma, amplitude=amplitude, start=start, duration=duration, name=name)


def experiments(relay: Cell, values: Values) -> tuple[Experiment, ...]:
    """A rebound with and without sodium channels, and one pulse from two levels."""
    below = step(values["hyperpolarisation"], FIRST, "hyperpolarisation")
    pulse = step(values["pulse"], SECOND, "pulse")
    low, high = (step(values[name], 0.0, name, 2.0 * LENGTH) for name in ("low", "high"))
    look = (voltage(at=soma, label="soma"), voltage(at=DISTAL, label="dendrite"))
    fired = spikes(at=soma, label="spikes")
    gates = tuple(state(name, of=ThalamicTTypeCalcium, at=DISTAL, label=name) for name in ("m", "h"))
    return (
        Experiment("rebound", relay, LENGTH, (below,), (*look, fired, *gates), dt=0.005, every=5),
        Experiment("calcium_spike", without_sodium(relay), LENGTH, (below,), look, dt=0.02),
        Experiment("burst", relay, LENGTH, (low, pulse), (*look, fired), dt=0.005, every=5),
        Experiment("tonic", relay, LENGTH, (high, pulse), (*look, fired), dt=0.005, every=5),
    )


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The rebound burst, its calcium spike, and how the same pulse is answered from two levels."""
    rebound, calcium = recordings["rebound"], recordings["calcium_spike"]
    times = spike_times(rebound)
    times = times[times > SECOND]
    low, high = (spike_times(recordings[name]) for name in ("burst", "tonic"))
    high = high[high > SECOND]
    rest = _level(recordings["rebound"], FIRST)
    below, above = _level(recordings["burst"], SECOND), _level(recordings["tonic"], SECOND)
    after = calcium.time > SECOND
    slow, slow_time = calcium["soma"].values[after], calcium.time[after]
    peak = attempt(lambda: measure.peak(slow, slow_time))
    return (
        Measured("resting potential", rest, "mV", -74.555, 0.005, NEURON),
        Measured("spikes of the rebound burst", float(times.size), "1", 5, 0.0, NEURON),
        Measured("first of them after the release", at(times, 0) - SECOND, "ms", 117.949, 0.01, NEURON),
        Measured("first interval of the burst", at(np.diff(times), 0), "ms", 4.0418, 0.002, NEURON),
        Measured("peak of the calcium spike alone", peak, "mV", -2.231, 0.01, NEURON),
        Measured("time of the calcium spike above -70 mV", time_above(slow, slow_time, -70.0), "ms", 116.31, 0.02,
                 NEURON),
        Measured("held low", below, "mV", -81.225, 0.01, NEURON),
        Measured("spikes of a pulse from there", float(low.size), "1", 7, 0.0, NEURON),
        Measured("rate of its first interval, low", 1e3 / at(np.diff(low), 0), "Hz", 286.27, 0.05, NEURON),
        Measured("held high", above, "mV", -53.161, 0.01, NEURON),
        Measured("spikes of the same pulse from there", float(high.size), "1", 9, 0.0, NEURON),
        Measured("rate of its first interval, high", 1e3 / at(np.diff(high), 0), "Hz", 29.917, 0.02, NEURON),
        Measured("rate of its last interval, high", 1e3 / at(np.diff(high), -1), "Hz", 30.076, 0.02, NEURON),
    )  # fmt: skip


def _level(recording: Recording, stop: float) -> float:
    """Where the voltage stood before `stop`, mV."""
    return attempt(lambda: measure.resting_potential(recording, start=stop - 5.0, stop=stop, probe="soma"))


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The rebound with its gates, the calcium spike under it, and both answers to one pulse."""
    rebound, calcium = recordings["rebound"], recordings["calcium_spike"]
    shown, alone = ((each.time > SECOND) & (each.time < SECOND + 300.0) for each in (rebound, calcium))
    under = (
        Line("soma", rebound.time[shown], rebound["soma"].values[shown]),
        Line("without sodium spikes", calcium.time[alone], calcium["soma"].values[alone]),
    )
    return (
        Traces("rebound", "Released from hyperpolarisation, the cell fires a burst", "rebound", ("soma",)),
        Chart("calcium_spike", "The burst rides on a calcium spike", "Time (ms)", "Voltage (mV)", under),
        Gates("gates", "T-channels of the dendrite: h recovers while the cell is low", "rebound"),
        Traces("burst", "From a low level a pulse gives a burst", "burst", ("soma",), (500.0, LENGTH)),
        Traces("tonic", "From a high level the same pulse gives a train", "tonic", ("soma",), (500.0, LENGTH)),
    )


relay_cell = Preparation(
    name="relay_cell",
    summary="A thalamic relay cell: a burst on a calcium spike when it was hyperpolarised, single spikes when not.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "The dendrites have 5.6 times the T-channel density of the soma; the paper needs 4.5 to 7.6.",
        "The deposit runs at 0.1 ms, where its spikes are first order; reference times here are converged.",
        "Its pulse of 0.05 nA from rest just reaches threshold, and gives one spike when converged.",
    ),
)
