"""A crab axon that fires slowly (Connor & Stevens; Connor, Walter & McKown 1977): what the A-current does.

The squid axon cannot fire slower than about 50 times a second. With gates shifted a little and a transient potassium
current, the crab axon fires at any rate from nearly nothing to hundreds, and its first spike comes late.
"""

from __future__ import annotations

import math

import numpy as np

from .. import measurements as measure
from ..cells import Cell, paint
from ..mechanisms import CrabAxonPotassium, CrabAxonSodium, CrabAxonTransientPotassium, Leak
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_pulse
from ..recordings import Recording
from ..recordings.probes import spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Gates, Line, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .readings import at, smallest_that_fires, spike_times

PAPER = "Connor, Walter & McKown 1977, Biophys J 18:81"
LSODA = "the same equations by LSODA, tolerance 1e-9"

# A patch of 10⁻⁴ cm², so that 1 µA/cm² is 0.1 nA.
SIDE = 100.0 / math.sqrt(math.pi)
NANOAMPERE = 0.1
START, STEP, LONG = 10.0, 290.0, 3000.0
REST = -67.978
LEAK, LEAK_REVERSAL = 3e-4, -17.0
# Without the A-current this leak gives the same rest.
LEAK_REVERSAL_WITHOUT = -67.868
# Densities for the firing curve, µA/cm²: fine where firing begins.
STRENGTHS = np.concatenate([np.arange(7.0, 9.0, 0.05), np.arange(9.0, 20.0, 1.0), np.arange(20.0, 101.0, 5.0)])

SETTINGS = (
    Setting("sustained", 10.0, "uA/cm2", "current density of the step", positive=False),
    Setting("transient", 47.7, "mS/cm2", "conductance of the A-current", positive=False),
)


def cell(values: Values) -> Cell:
    """A patch of crab axon."""
    patch = Cell(single_compartment(SIDE, SIDE, name="crab axon"), temperature=18.0, initial_voltage=REST)
    transient = CrabAxonTransientPotassium(conductance=1e-3 * values["transient"])
    leak = Leak(conductance=LEAK, reversal=LEAK_REVERSAL)
    return paint(patch, everywhere, CrabAxonSodium(), CrabAxonPotassium(), transient, leak)


def without(axon: Cell) -> Cell:
    """The axon without its A-current, with a leak that keeps its rest."""
    leak = Leak(conductance=LEAK, reversal=LEAK_REVERSAL_WITHOUT)
    return paint(axon, everywhere, CrabAxonTransientPotassium(conductance=0.0), leak)


def experiments(axon: Cell, values: Values) -> tuple[Experiment, ...]:
    """Rest, a step with and without the A-current, and steps of rising strength."""
    amplitude = values["sustained"] * NANOAMPERE
    step = current_pulse(at=soma, amplitude=amplitude, start=START, duration=STEP, name="step")
    rising = current_pulse(at=soma, amplitude=0.0, start=START, duration=LONG, name="step")
    over = (vary(rising, "amplitude", STRENGTHS * NANOAMPERE, name="strength"),)
    look, fired = voltage(at=soma, label="voltage"), spikes(at=soma, label="spikes", threshold=-10.0)
    owners = {"a": CrabAxonTransientPotassium, "b": CrabAxonTransientPotassium, "n": CrabAxonPotassium}
    gates = tuple(state(name, of=owner, at=soma, label=name) for name, owner in owners.items())
    length = START + STEP
    return (
        Experiment("step", axon, length, (step,), (look, fired, *gates), dt=0.005, every=2),
        Experiment("step_without", without(axon), length, (step,), (look, fired), dt=0.005, every=2),
        Experiment("strengths", axon, START + LONG, (rising,), (fired,), over=over, dt=0.01),
        Experiment("strengths_without", without(axon), START + LONG, (rising,), (fired,), over=over, dt=0.01),
    )


def last_rate(recording: Recording) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """One over the last interval of each run of a sweep, Hz; 0 where there is none."""
    trains = [np.asarray(times) for times in recording.spikes["spikes"].times]
    return np.array([1e3 / (times[-1] - times[-2]) if times.size > 1 else 0.0 for times in trains])


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """Rest, rheobase, and the slowest firing with and without the A-current."""
    step = recordings["step"]
    times, plain = spike_times(step), spike_times(recordings["step_without"])
    rates, rates_without = last_rate(recordings["strengths"]), last_rate(recordings["strengths_without"])
    rest = attempt(lambda: measure.resting_potential(step, stop=START, probe="voltage"))
    return (
        Measured("resting potential", rest, "mV", REST, 0.001, "zero of the steady current, by root finding"),
        Measured("rheobase of a 3 s step", smallest_that_fires(recordings["strengths"]) / NANOAMPERE, "µA/cm²",
                 8.1141, 0.05, "largest steady current below threshold, where rest ends (Rush & Rinzel 1995)"),
        Measured("slowest firing", _slowest(rates), "Hz", 2.0, 0.5, f"{PAPER}, abstract: down to about 2 spikes/s"),
        Measured("firing at 9 µA/cm²", _rate_at(rates, 9.0), "Hz", 18.547, 0.01, LSODA),
        Measured("firing at 20 µA/cm²", _rate_at(rates, 20.0), "Hz", 132.30, 0.05, LSODA),
        Measured("firing at 100 µA/cm²", _rate_at(rates, 100.0), "Hz"),
        Measured("delay of the first spike of the step", at(times, 0) - START, "ms", 38.099, 0.01, LSODA),
        Measured("the same without the A-current", at(plain, 0) - START, "ms", 2.902, 0.005, LSODA),
        Measured("slowest firing without the A-current", _slowest(rates_without), "Hz"),
        Measured("firing at 8 µA/cm² without the A-current", _rate_at(rates_without, 8.0), "Hz", 95.09, 0.05, LSODA),
    )  # fmt: skip


def _slowest(rates: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    firing = rates[rates > 0.0]
    return float(firing.min()) if firing.size else math.nan


def _rate_at(rates: np.ndarray[tuple[int], np.dtype[np.float64]], strength: float) -> float:
    return at(rates, int(np.argmin(np.abs(STRENGTHS - strength))))


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The step with and without the A-current, its gates, and both firing curves."""
    step, plain = recordings["step"], recordings["step_without"]
    curves = tuple(
        Line(name, STRENGTHS, last_rate(recordings[experiment]))
        for name, experiment in (("with the A-current", "strengths"), ("without", "strengths_without"))
    )
    shown = step.time <= 100.0
    traces = tuple(
        Line(name, made.time[shown], made["voltage"].values[shown])
        for name, made in (("with the A-current", step), ("without", plain))
    )
    return (
        Traces("train", f"A step of {values['sustained']:g} µA/cm²: a late first spike, slow firing", "step",
               ("voltage",)),
        Chart("with_and_without", "The same step with and without the A-current", "Time (ms)", "Voltage (mV)", traces),
        Gates("gates", "Each interval waits for b to fall: the A-current lets go", "step"),
        Chart("firing_curve", "Firing begins from zero with the A-current, with a jump without", "Current (µA/cm²)",
              "Firing rate (Hz)", curves),
    )  # fmt: skip


crab_axon = Preparation(
    name="crab_axon",
    summary="A crab axon whose A-current lets it fire slowly: the Connor-Stevens model, with and without it.",
    source=f"{PAPER}, as in Dayan & Abbott 2001, Theoretical Neuroscience, section 6.1",
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "Dayan & Abbott round 1/31.84 per mV to 0.0314, and so on: these rounded numbers are used here.",
        "Rest ends where the steady current has its maximum, so that firing begins at a rate of zero.",
        "The slowest rate found depends on the steps of the current; the paper's 2 to 350/s are of several parameters.",
    ),
)
