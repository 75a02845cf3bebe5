"""The membrane action potential of the squid giant axon (Hodgkin & Huxley 1952): a patch that fires as one.

Potentials are absolute, with the rest near -65 mV. The paper shows most results as drawings: reference numbers marked
"LSODA" were computed from the same equations by an independent integrator (relative tolerance 1e-10).
"""

from __future__ import annotations

import math

import numpy as np

from .. import measurements as measure
from ..cells import Cell, paint
from ..mechanisms import SquidLeak, SquidPotassium, SquidSodium
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_pulse
from ..recordings.probes import spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Gates, Line, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .readings import smallest_that_fires, time_above

PAPER = "Hodgkin & Huxley 1952, J Physiol 117:500"
LSODA = "the same equations by LSODA, tolerance 1e-10"

# A patch of 10⁻⁴ cm², so that 1 µA/cm² is 0.1 nA.
SIDE = 100.0 / math.sqrt(math.pi)
NANOAMPERE = 0.1
# Where the three currents cancel. The paper chose its leak so that this is exactly its zero; the customary -54.3 mV
# for the leak moves it by 26 µV.
REST = -64.974

START = 5.0
STEP = 200.0
SHOCK = 0.01

SETTINGS = (
    Setting("temperature", 6.3, "degC", "temperature", positive=False),
    Setting("pulse", 100.0, "uA/cm2", "current density of the brief pulse", positive=False),
    Setting("width", 0.2, "ms", "duration of the brief pulse"),
    Setting("sustained", 10.0, "uA/cm2", "current density of the long step", positive=False),
)


def cell(values: Values) -> Cell:
    """A patch of squid membrane, space clamped."""
    patch = Cell(single_compartment(SIDE, SIDE, name="squid membrane"), temperature=values["temperature"],
                 initial_voltage=REST)  # fmt: skip
    return paint(patch, everywhere, SquidSodium(), SquidPotassium(), SquidLeak())


def experiments(patch: Cell, values: Values) -> tuple[Experiment, ...]:
    """A brief pulse, a long step, long steps of rising strength, and instantaneous shocks of rising size."""
    brief = current_pulse(at=soma, amplitude=values["pulse"] * NANOAMPERE, start=START, duration=values["width"])
    step = current_pulse(at=soma, amplitude=values["sustained"] * NANOAMPERE, start=START, duration=STEP, name="step")
    rising = current_pulse(at=soma, amplitude=0.0, start=START, duration=STEP, name="step")
    # A shock that displaces the charge within 10 µs moves the voltage before any gate can follow.
    shock = current_pulse(at=soma, amplitude=0.0, start=START, duration=SHOCK, name="shock")
    strengths, sizes = np.arange(0.01, 16.0, 0.01), np.arange(3.0, 15.0, 0.02)
    gates = (state("m", of=SquidSodium, at=soma, label="m"), state("h", of=SquidSodium, at=soma, label="h"),
             state("n", of=SquidPotassium, at=soma, label="n"))  # fmt: skip
    look = (voltage(at=soma, label="voltage"),)
    fired = (spikes(at=soma, label="spikes", threshold=-20.0),)
    return (
        Experiment("pulse", patch, 30.0, (brief,), (*look, *gates), dt=0.005),
        Experiment("step", patch, START + STEP, (step,), look, dt=0.01),
        Experiment("strengths", patch, START + STEP, (rising,), fired, dt=0.02,
                   over=(vary(rising, "amplitude", strengths * NANOAMPERE, name="strength"),)),
        Experiment("shocks", patch, START + 25.0, (shock,), fired, dt=0.01,
                   over=(vary(shock, "amplitude", sizes / SHOCK * NANOAMPERE, name="charge"),)),
    )  # fmt: skip


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The numbers, in the order of the experiments."""
    pulse, step = recordings["pulse"], recordings["step"]
    rest = attempt(lambda: measure.resting_potential(pulse, stop=START, probe="voltage"))
    peak = attempt(lambda: measure.peak(pulse, probe="voltage"))
    rheobase = smallest_that_fires(recordings["strengths"]) / NANOAMPERE
    shock = smallest_that_fires(recordings["shocks"]) / NANOAMPERE * SHOCK  # µA/cm² · ms = nC/cm² = mV on 1 µF/cm²
    return (
        Measured("resting potential", rest, "mV", REST, 0.001, f"zero of the current at rest; {PAPER}, table 3"),
        Measured("peak of the action potential", peak, "mV", 40.82, 0.05, LSODA),
        Measured("amplitude from rest", peak - rest, "mV", 105.79, 0.05, LSODA),
        Measured("width at half amplitude", time_above(pulse["voltage"].values, pulse.time, (rest + peak) / 2), "ms",
                 1.482, 0.005, LSODA),
        Measured("trough after it", attempt(lambda: -measure.peak(-pulse["voltage"].values, pulse.time)), "mV",
                 -76.18, 0.02, LSODA),
        Measured("period of sustained firing", attempt(lambda: measure.interspike_intervals(
                 step, probe="voltage", threshold=-20.0)[-1]), "ms", 14.62, 0.02, LSODA),
        Measured("rheobase of a 200 ms step", rheobase, "µA/cm²", 2.236, 0.015, LSODA),
        Measured("threshold of an instantaneous shock", shock, "mV", 6.5, 0.5,
                 f"{PAPER}, fig 12: 7 mV fires and 6 mV does not"),
    )  # fmt: skip


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The action potential with its gates, the train, and how the rate grows with the current."""
    strengths = recordings["strengths"]
    current = strengths.axes[0].values / NANOAMPERE
    rate = strengths.spikes["spikes"].count / STEP * 1e3
    return (
        Gates("action_potential", "Membrane action potential and its gates", "pulse"),
        Traces("train", "Sustained current", "step"),
        Chart("firing_curve", f"Spikes in {STEP:g} ms, by strength of the step", "Current density (µA/cm²)",
              "Firing rate (Hz)", (Line("squid membrane", current, rate),)),
    )  # fmt: skip


squid_membrane = Preparation(
    name="squid_membrane",
    summary="The membrane action potential of the squid giant axon: shape, threshold, rheobase and firing.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "The paper's leak makes the rest exactly zero; with the customary -54.3 mV the currents cancel at -64.974 mV.",
        "NEURON 9.0.2 with its first-order step gives 2.229 µA/cm² for the rheobase and +40.7 mV for the peak.",
    ),
)
