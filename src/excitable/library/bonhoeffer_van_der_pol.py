"""The Bonhoeffer-van der Pol model as FitzHugh wrote it in 1961, with his constants and his signs.

x' = c (y + x - x³/3 + z) and y' = -(x - a + b y)/c, with a = 0.7, b = 0.8 and c = 3. Excitation is a fall of x, and a
negative z excites, as in the papers of Hodgkin and Huxley. It is the FitzHugh-Nagumo model with v = -x, w = y and the
current -z, on a membrane of 1/c µF/cm².
"""

from __future__ import annotations

import math

import numpy as np

from ..cells import Cell, paint
from ..experiments import bifurcation, phase_plane, rest
from ..mechanisms import FitzHughNagumo
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_pulse
from ..recordings import Recording
from ..recordings.probes import spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Line, Stack
from .portraits import diagram, portrait
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values
from .readings import at

PAPER = "FitzHugh 1961, Biophys J 1:445"
LSODA = "the same equations by LSODA, tolerance 1e-9"
A, B, C = 0.7, 0.8, 3.0

# A patch of 10⁻⁴ cm², so that one unit of z, 1 µA/cm², is 0.1 nA.
SIDE = 100.0 / math.sqrt(math.pi)
UNIT = 0.1
# Shocks that displace x at once.
SHOCKS = np.array([0.4, 0.6, 0.62, 1.0])
WIDTH = 0.02

SETTINGS = (Setting("z", -0.4, "1", "constant z of the train; negative excites", positive=False),)


def cell(values: Values) -> Cell:
    """A patch of the model at its resting point P."""
    patch = Cell(single_compartment(SIDE, SIDE, name="Bonhoeffer-van der Pol"), capacitance=1.0 / C,
                 initial_voltage=-1.19941)  # fmt: skip
    return paint(patch, everywhere, FitzHughNagumo(recovery=1.0 / C, a=A, b=B))


def search(patch: Cell, values: Values) -> Values:
    """The resting point, the phase plane without z and the range of z that makes trains."""
    found = bifurcation(patch, at=soma, between=(0.0, 0.2), voltages=(-3.0, 3.0), duration=200.0, dt=0.01)
    resting = phase_plane(patch, voltages=(-2.5, 2.5), values=(-1.5, 2.5))
    return {"rest": rest(patch, between=(-3.0, 3.0)), "bifurcation": found, "plane": resting}


def experiments(patch: Cell, values: Values) -> tuple[Experiment, ...]:
    """Shocks of rising size from rest, and a constant z."""
    shock = current_pulse(at=soma, amplitude=0.0, start=2.0, duration=WIDTH, name="shock")
    sizes = vary(shock, "amplitude", SHOCKS / C * UNIT / WIDTH, name="shock")
    steady = current_pulse(at=soma, amplitude=-values["z"] * UNIT, start=2.0, duration=1e3, name="z")
    look = (voltage(at=soma, label="v"), state("w", of=FitzHughNagumo, at=soma, label="w"))
    return (
        Experiment("train", patch, 100.0, (steady,), (*look, spikes(at=soma, label="spikes")), dt=0.005, every=5),
        Experiment("shocks", patch, 25.0, (shock,), look, over=(sizes,), dt=0.005, every=4),
    )


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """The resting point, the range of z that makes trains, and the train."""
    train, quiet = recordings["train"], values["rest"]
    x = -train["v"].values[train.time > 50.0]
    gaps = np.diff(np.asarray(train.spikes["spikes"].times[0]))
    turnings = -np.array([each.current for each in values["bifurcation"].of("Hopf")]) / UNIT
    resting, first = _resting_point(), _edge()
    closed = "closed form: x² = 1 - b/c², where the trace of the Jacobian is zero"
    return (
        Measured("x of the resting point P", -quiet.voltage, "1", resting, 1e-6, "closed form: root of a cubic"),
        Measured("y of the resting point P", float(quiet.states["FitzHughNagumo.w"][0]), "1", (A - resting) / B, 1e-6,
                 "closed form: root of a cubic"),
        Measured("z at which P becomes unstable", at(turnings, 0), "1", first, 1e-6, closed),
        Measured("z at which it is stable again", at(turnings, -1), "1", -1.75 - first, 1e-6, closed),
        Measured("period of the train", at(gaps, -1), "1", 11.2279, 0.002, LSODA),
        Measured("lowest x of the train", float(x.min()), "1", -1.7497, 0.001, LSODA),
        Measured("highest x of the train", float(x.max()), "1", 1.9658, 0.001, LSODA),
        Measured("largest shock that comes straight back", _back(recordings["shocks"]), "1"),
    )  # fmt: skip


def _resting_point() -> float:
    """The x at which both nullclines cross without z."""
    roots = np.roots([1.0 / 3.0, 0.0, 1.0 / B - 1.0, -A / B])
    return float(roots[np.abs(roots.imag) < 1e-12].real[0])


def _edge() -> float:
    """The z at which the eigenvalues at P are imaginary."""
    x = math.sqrt(1.0 - B / C**2)
    return x**3 / 3.0 - x - (A - x) / B


def _back(shocks: Recording) -> float:
    """The largest shock after which x does not become negative once more than it was pushed."""
    late = shocks["v"].values[:, shocks.time > 2.5].max(axis=1)
    quiet = np.flatnonzero(late < 1.0)
    return float(SHOCKS[quiet[-1]]) if quiet.size else math.nan


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The phase plane with paths from shocks, the train, and the diagram over z."""
    train, shocks = recordings["train"], recordings["shocks"]
    paths = [Line(f"shock {size:g}", shocks["v"].values[k], shocks["w"].values[k])
             for k, size in enumerate(SHOCKS)]  # fmt: skip
    title = "Constant z: rest, train, rest"
    return (
        portrait("phase_plane", "Phase plane without z, with paths from shocks", "-x", "y", values["plane"], paths),
        Stack("train", f"A constant z of {values['z']:g} from time 2 on", "Time (units of the model)", (
            Chart("x", "", "", "-x", (Line("x", train.time, train["v"].values),)),
            Chart("y", "", "", "y", (Line("y", train.time, train["w"].values),)),
        )),
        diagram("currents", title, "-z (units of the model)", "-x", values["bifurcation"], UNIT),
    )  # fmt: skip


bonhoeffer_van_der_pol = Preparation(
    name="bonhoeffer_van_der_pol",
    summary="The Bonhoeffer-van der Pol model of FitzHugh 1961: resting point, phase plane and trains.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    search=search,
    remarks=(
        "The model has no units: one of x is run as 1 mV, one of time as 1 ms, one of z as 1 µA/cm².",
        "The simulated voltage is -x and the injected current is -z; figures show them so, upwards for excitation.",
    ),
)
