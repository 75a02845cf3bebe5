"""The barnacle muscle fibre of Morris & Lecar 1981 in two variables, and two ways to begin to fire.

Rinzel & Ermentrout (1989, 1998) chose two sets of constants. With one, rest gives way to a train of a fixed rate where
its eigenvalues become imaginary (a Hopf bifurcation); with the other, rest vanishes on the path of the train (a saddle
node on an invariant circle), and firing begins from a rate of zero.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .. import measurements as measure
from ..cells import Cell, paint
from ..experiments import bifurcation, phase_plane, rest
from ..mechanisms import BarnacleCalcium, BarnaclePotassium, Leak
from ..morphology import everywhere, per_branch, single_compartment, soma
from ..protocols import current_pulse
from ..recordings import Recording
from ..recordings.probes import spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Line, Traces
from .portraits import diagram, portrait
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .readings import at, spike_times

PAPER = "Morris & Lecar 1981, Biophys J 35:193"
SETS = "Rinzel & Ermentrout 1989, in Koch & Segev, Methods in Neuronal Modeling, chapter 5"
LSODA = "the same equations by LSODA, tolerance 1e-9"
CLOSED = "closed form: trace of the Jacobian zero"
MATCONT = "MatCont 7.4, example MLfast: limit points at y = 0.083257 and -0.020727, times 480 µA/cm²"

# A patch of 10⁻⁴ cm², so that 1 µA/cm² is 0.1 nA.
SIDE = 100.0 / math.sqrt(math.pi)
UNIT = 0.1
START, LENGTH = 50.0, 2000.0
RANGE = (-2.0, 25.0)
# Above the end of rest of the saddle-node set, µA/cm².
FOLD, ONSET = 39.96315, np.array([0.005, 0.02, 0.08, 0.2, 0.5, 1.0, 2.0, 4.0])

SETTINGS = (
    Setting("hopf", 120.0, "uA/cm2", "current of the train, Hopf set", positive=False),
    Setting("snic", 42.0, "uA/cm2", "current of the train, saddle-node set", positive=False),
)


def fibre(calcium: float, middle: float, width: float, pace: float, name: str) -> Cell:
    """A patch of barnacle muscle: g_Ca in mS/cm², V3 and V4 in mV, φ in 1/ms."""
    patch = Cell(single_compartment(SIDE, SIDE, name=name), per_branch(1), capacitance=20.0, initial_voltage=-60.0)
    return paint(
        patch,
        everywhere,
        BarnacleCalcium(conductance=1e-3 * calcium),
        BarnaclePotassium(middle=middle, width=width, pace=pace),
        Leak(conductance=2e-3, reversal=-60.0),
    )


def cell(values: Values) -> Cell:
    """The fibre with the Hopf set."""
    return fibre(4.4, 2.0, 30.0, 0.04, "barnacle fibre, Hopf set")


def other() -> Cell:
    """The fibre with the saddle-node set."""
    return fibre(4.0, 12.0, 17.4, 0.067, "barnacle fibre, saddle-node set")


def search(patch: Cell, values: Values) -> Values:
    """Rest, phase planes and bifurcation diagrams of both sets."""
    found: dict[str, object] = {"rest": rest(patch)}
    for name, made in (("hopf", patch), ("snic", other())):
        found[f"{name} diagram"] = bifurcation(made, at=soma, between=RANGE, duration=LENGTH, dt=0.05)
        found[f"{name} plane"] = phase_plane(made, current=values[name] * UNIT, voltages=(-75.0, 50.0),
                                             values=(-0.05, 0.7))  # fmt: skip
    found["quiet plane"] = phase_plane(other(), current=30.0 * UNIT, voltages=(-75.0, 50.0), values=(-0.05, 0.7))
    return found


def experiments(patch: Cell, values: Values) -> tuple[Experiment, ...]:
    """A step of current for each set, and steps just above the end of rest of the saddle-node set."""
    made = []
    for name, each in (("hopf", patch), ("snic", other())):
        step = current_pulse(at=soma, amplitude=values[name] * UNIT, start=START, duration=LENGTH, name="step")
        look = (voltage(at=soma, label="voltage"), state("w", of=BarnaclePotassium, at=soma, label="w"))
        fired = spikes(at=soma, label="spikes", threshold=-10.0)
        made.append(Experiment(name, each, 1500.0, (step,), (*look, fired), dt=0.05, every=4, coarse=True))
    rising = current_pulse(at=soma, amplitude=0.0, duration=1e4, name="onset")
    over = (vary(rising, "amplitude", (FOLD + ONSET) * UNIT, name="current"),)
    made.append(Experiment("onset", other(), 9000.0, (rising,), (fired,), over=over, dt=0.05, coarse=True))
    return tuple(made)


def onset(recordings: Recordings) -> NDArray[np.float64]:
    """The firing rates just above the end of rest of the saddle-node set, Hz."""
    trains = recordings["onset"].spikes["spikes"].times
    return np.array([1e3 / (times[-1] - times[-2]) if len(times) > 1 else np.nan for times in trains])


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """Rest, where it ends in either set, and the trains."""
    quiet = values["rest"]
    hopf, snic = values["hopf diagram"], values["snic diagram"]
    turns = np.array([each.current for each in hopf.of("Hopf")]) / UNIT
    folds = np.array([each.current for each in snic.of("fold")]) / UNIT
    slow = onset(recordings)
    exponent = math.log(slow[1] / slow[0]) / math.log(ONSET[1] / ONSET[0])
    return (
        Measured("voltage at rest, Hopf set", quiet.voltage, "mV", -60.8554, 1e-3, "zero of the steady current"),
        Measured("w at rest, Hopf set", float(quiet.states["BarnaclePotassium.w"][0]), "1", 0.014915, 1e-5,
                 "zero of the steady current"),
        Measured("rest ends, Hopf set", at(turns, 0), "µA/cm²", 93.8576, 0.001, CLOSED),
        Measured("rest returns, Hopf set", at(turns, -1), "µA/cm²", 212.0188, 0.001, CLOSED),
        Measured("firing can last from, Hopf set", hopf.cycles.first / UNIT, "µA/cm²"),
        Measured("rest ends, saddle-node set", at(folds, -1), "µA/cm²", 39.9634, 0.001, MATCONT),
        Measured("the other fold, saddle-node set", at(folds, 0), "µA/cm²", -9.9490, 0.001, MATCONT),
        Measured("firing 0.02 µA/cm² above that", at(slow, 1), "Hz"),
        Measured("power of the distance by which it rises", exponent, "1", 0.5, 0.01, "a saddle node on a circle"),
        *_train("Hopf set", recordings["hopf"], 73.488, 34.737),
        *_train("saddle-node set", recordings["snic"], 145.367, 30.407),
    )  # fmt: skip


def _train(words: str, recording: Recording, period: float, peak: float) -> tuple[Measured, Measured]:
    """The period (ms) and the peak (mV) of a train beside those of LSODA."""
    highest = attempt(lambda: measure.peak(recording, probe="voltage", start=500.0))
    return (
        Measured(f"period of the train, {words}", at(np.diff(spike_times(recording)), -1), "ms", period, 0.02, LSODA),
        Measured(f"peak of the train, {words}", highest, "mV", peak, 0.02, LSODA),
    )


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """For each set a train, the phase plane and the diagram over the current; and how the rates begin."""
    made: list[Figure] = []
    for name, words in (("hopf", "Hopf set"), ("snic", "Saddle-node set")):
        recording, strength = recordings[name], f"{values[name]:g} µA/cm²"
        path = Line("train", recording["voltage"].values, recording["w"].values)
        made += [
            Traces(f"{name}_train", f"{words}: a step of {strength}", name, ("voltage", "w"), (0.0, 600.0)),
            portrait(f"{name}_plane", f"{words}: phase plane at {strength}", "Voltage (mV)", "w",
                     values[f"{name} plane"], (path,)),
            diagram(f"{name}_diagram", f"{words}: rest and trains over the current", "Current (µA/cm²)",
                    "Voltage (mV)", values[f"{name} diagram"], UNIT),
        ]  # fmt: skip
    hopf, snic = (values[f"{name} diagram"].cycles for name in ("hopf", "snic"))
    beyond = snic.currents / UNIT > FOLD + ONSET[-1]
    rates = (
        Line("Hopf set", hopf.currents / UNIT, 1e3 / hopf.period),
        Line("saddle-node set", np.concatenate([[FOLD], FOLD + ONSET, snic.currents[beyond] / UNIT]),
             np.concatenate([[0.0], onset(recordings), 1e3 / snic.period[beyond]])),
    )  # fmt: skip
    made.append(portrait("quiet_plane", "Saddle-node set at 30 µA/cm²: rest, saddle and focus", "Voltage (mV)", "w",
                         values["quiet plane"]))  # fmt: skip
    made.append(
        Chart("rates", "Firing begins with a jump, or from zero", "Current (µA/cm²)", "Firing rate (Hz)", rates)
    )
    return tuple(made)


morris_lecar = Preparation(
    name="morris_lecar",
    summary="The Morris-Lecar barnacle fibre: two variables, and firing by a Hopf bifurcation or from a saddle node.",
    source=f"{PAPER}; constants of {SETS}",
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    search=search,
    remarks=(
        "Hopf set: g_Ca 4.4 mS/cm², V3 2 mV, V4 30 mV, φ 0.04/ms. Saddle-node set: 4.0, 12, 17.4, 0.067.",
        "The saddle-node set is often copied with V4 = 17 mV; its rest then ends at 39.58 µA/cm².",
    ),
)
