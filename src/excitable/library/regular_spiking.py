"""The smallest regular-spiking cortical pyramidal cell: one compartment, four currents, a train that adapts.

Pospischil et al. 2008 fitted the same few currents to recordings from many classes of cortical and thalamic cells. In
the regular-spiking class the M-current alone makes the intervals grow.
"""

from __future__ import annotations

import math

import numpy as np

from .. import measurements as measure
from ..cells import Cell, paint
from ..mechanisms import Leak, RegularSpikingPotassium, RegularSpikingSlowPotassium, RegularSpikingSodium
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_pulse
from ..recordings.probes import spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Gates, Line, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .readings import at, counts, spike_times

PAPER = "Pospischil et al. 2008, Biol Cybern 99:427"
DEPOSIT = "ModelDB 123623, demo_PY_RS.hoc"
LSODA = f"equations of {DEPOSIT}, by LSODA, tolerance 1e-10"

START, DURATION, LAST = 300.0, 400.0, 1000.0
# When the cell fires, ms, with the settings of the paper.
TIMES = (320.501, 348.473, 387.915, 456.765, 592.366)
# Steps of 1 s for the firing curve, nA, and how many spikes each gives.
STRENGTHS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
COUNTS = (0, 0, 0, 1, 6, 13, 29)

SETTINGS = (
    Setting("side", 96.0, "um", "length and diameter of the cylinder"),
    Setting("current", 0.75, "nA", "amplitude of the step", positive=False),
    Setting("temperature", 36.0, "degC", "temperature", positive=False),
)


def cell(values: Values) -> Cell:
    """A cylinder as long as it is wide."""
    shape = single_compartment(values["side"], name="regular-spiking cell")
    made = Cell(shape, temperature=values["temperature"], initial_voltage=-70.0)
    leak = Leak(conductance=1e-4, reversal=-70.0)
    return paint(
        made, everywhere, leak, RegularSpikingSodium(), RegularSpikingPotassium(), RegularSpikingSlowPotassium()
    )


def experiments(neuron: Cell, values: Values) -> tuple[Experiment, ...]:
    """The step of the authors' demonstration, and steps of 1 s of rising strength."""
    step = current_pulse(at=soma, amplitude=values["current"], start=START, duration=DURATION, name="step")
    rising = current_pulse(at=soma, amplitude=0.0, start=START, duration=1000.0, name="step")
    fired = spikes(at=soma, threshold=-20.0, label="spikes")
    gates = (
        state("m", of=RegularSpikingSodium, at=soma, label="m"),
        state("h", of=RegularSpikingSodium, at=soma, label="h"),
        state("n", of=RegularSpikingPotassium, at=soma, label="n"),
        state("p", of=RegularSpikingSlowPotassium, at=soma, label="p"),
    )
    strengths = vary(rising, "amplitude", np.array(STRENGTHS), name="strength")
    return (
        Experiment(
            "step", neuron, LAST, (step,), (voltage(at=soma, label="voltage"), fired, *gates), dt=0.002, every=5
        ),
        Experiment("strengths", neuron, 1400.0, (rising,), (fired,), dt=0.01, over=(strengths,)),
    )


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The five spikes of the demonstration, how their intervals grow, and the firing curve."""
    step, curve = recordings["step"], counts(recordings["strengths"])
    times = spike_times(step)
    intervals = np.diff(times)
    growth = float(intervals[-1] / intervals[0]) if intervals.size > 1 else math.nan
    rest = attempt(lambda: measure.resting_potential(step, start=START - 50.0, stop=START, probe="voltage"))
    moments = [at(times, k) for k in range(len(TIMES))]
    return (
        Measured("spikes", float(times.size), "1", 5, 0.0, f"{PAPER}; {DEPOSIT}"),
        *(
            Measured(f"time of spike {k + 1}", found, "ms", known, 0.05, LSODA)
            for k, (found, known) in enumerate(zip(moments, TIMES, strict=True))
        ),
        Measured("last interval over the first", growth, "1", 4.848, 0.005, LSODA),
        Measured("resting potential", rest, "mV", -70.577, 0.01, LSODA),
        *(
            Measured(f"spikes in 1 s at {strength:g} nA", float(found), "1", known, 0.0, LSODA)
            for strength, found, known in zip(STRENGTHS, curve, COUNTS, strict=True)
        ),
    )


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The train with its gates, and how the rate grows with the current."""
    strengths = recordings["strengths"]
    line = Line("regular-spiking cell", strengths.axes[0].values, counts(strengths).astype(float))
    return (
        Traces("train", "A step of current: the intervals grow", "step", ("voltage",)),
        Gates("gates", "The M-current gate p builds up", "step"),
        Chart("firing_curve", "Spikes in 1 s, by strength of the step", "current (nA)", "firing rate (Hz)", (line,)),
    )


regular_spiking = Preparation(
    name="regular_spiking",
    summary="A regular-spiking cortical pyramidal cell in one compartment: spikes whose intervals grow.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "Gates start at rest and rates are exact. The deposit reads rates from a table and starts its gates at 0.",
        "With gates that start at 0 the same equations have their last spike 5.5 ms earlier.",
    ),
)
