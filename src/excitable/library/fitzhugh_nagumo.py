"""The FitzHugh-Nagumo model: excitability, a train, anode break and a Hopf bifurcation in two variables.

The model has no units: one unit of voltage is run as 1 mV, one of time as 1 ms, one of current as 1 µA/cm2.
"""

from __future__ import annotations

import math

import numpy as np

from .. import measurements as measure
from ..cells import Cell, paint
from ..experiments import bifurcation, phase_plane, rest
from ..mechanisms import FitzHughNagumo
from ..morphology import everywhere, single_compartment, soma
from ..protocols import current_pulse
from ..recordings.probes import spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Line, Stack
from .portraits import diagram, portrait
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .readings import at

PAPER = "FitzHugh 1961, Biophys J 1:445"
LSODA = "the same equations by LSODA, tolerance 1e-9"
ROOT = "closed form: root of v³/3 - v + (v + a)/b"
CLOSED = "closed form: trace of the Jacobian zero, v² = 1 - b ε"

# A patch of 10⁻⁴ cm², so that one unit of current, 1 µA/cm², is 0.1 nA.
SIDE = 100.0 / math.sqrt(math.pi)
UNIT = 0.1
LONG = 600.0
SHOCKS = np.arange(0.4, 1.01, 0.04)

SETTINGS = (
    Setting("sustained", 0.5, "1", "current of the train, in units of the model", positive=False),
    Setting("hyperpolarising", -0.5, "1", "current that is ended to release the model", positive=False),
)


def cell(values: Values) -> Cell:
    """A patch of the model at rest."""
    patch = Cell(single_compartment(SIDE, SIDE, name="FitzHugh-Nagumo"), initial_voltage=-1.19941)
    return paint(patch, everywhere, FitzHughNagumo())


def search(patch: Cell, values: Values) -> Values:
    """Rest, the bifurcation diagram over the current, and the phase plane of the train."""
    quiet = rest(patch, between=(-3.0, 3.0))
    found = bifurcation(patch, at=soma, between=(0.0, 0.2), voltages=(-3.0, 3.0), duration=LONG, dt=0.02)
    plane = phase_plane(patch, current=values["sustained"] * UNIT, voltages=(-2.4, 2.4), values=(-1.2, 2.2))
    return {"v": quiet.voltage, "w": float(quiet.states["FitzHughNagumo.w"][0]), "bifurcation": found, "plane": plane}


def experiments(patch: Cell, values: Values) -> tuple[Experiment, ...]:
    """A train, shocks of rising size, and the end of a hyperpolarisation."""
    steady = current_pulse(at=soma, amplitude=values["sustained"] * UNIT, start=10.0, duration=LONG, name="train")
    anode = current_pulse(at=soma, amplitude=values["hyperpolarising"] * UNIT, start=10.0, duration=60.0, name="anode")
    shock = current_pulse(at=soma, amplitude=0.0, start=10.0, duration=0.05, name="shock")
    look = (voltage(at=soma, label="v"), state("w", of=FitzHughNagumo, at=soma, label="w"))
    fired = spikes(at=soma, label="spikes")
    sizes = vary(shock, "amplitude", SHOCKS * UNIT / 0.05, name="shock")
    return (
        Experiment("train", patch, 300.0, (steady,), (*look, fired), dt=0.01, every=5),
        Experiment("shocks", patch, 60.0, (shock,), look, over=(sizes,), dt=0.01, every=5),
        Experiment("anode", patch, 160.0, (anode,), look, dt=0.01, every=5),
    )


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """Rest, the range of currents without rest, the train, and the answer to the end of a hyperpolarisation."""
    train, anode = recordings["train"], recordings["anode"]
    settled = train.time > 150.0
    v = train["v"].values[settled]
    gaps = np.diff(np.asarray(train.spikes["spikes"].times[0]))
    edge, quiet = _edge(0.7, 0.8, 0.08), _rest(0.7, 0.8)
    turnings = np.array([each.current for each in values["bifurcation"].of("Hopf")])
    return (
        Measured("v at rest", values["v"], "1", quiet, 1e-6, ROOT),
        Measured("w at rest", values["w"], "1", (quiet + 0.7) / 0.8, 1e-6, ROOT),
        Measured("current at which rest ends", at(turnings, 0) / UNIT, "1", edge, 1e-6, CLOSED),
        Measured("current at which it returns", at(turnings, -1) / UNIT, "1", 1.75 - edge, 1e-6, CLOSED),
        Measured("period of the train", at(gaps, -1), "1", 39.4744, 0.005, LSODA),
        Measured("highest v of the train", attempt(lambda: measure.peak(v, train.time[settled])), "1", 1.8521, 0.001,
                 LSODA),
        Measured("lowest v of the train", attempt(lambda: -measure.peak(-v, train.time[settled])), "1", -1.9704, 0.001,
                 LSODA),
        Measured("peak after the end of the hyperpolarisation",
                 attempt(lambda: measure.peak(anode, probe="v", start=70.0)), "1", 1.8552, 0.001, LSODA),
    )  # fmt: skip


def _rest(a: float, b: float) -> float:
    """The voltage at which both nullclines cross without current."""
    roots = np.roots([1.0 / 3.0, 0.0, 1.0 / b - 1.0, a / b])
    return float(roots[np.abs(roots.imag) < 1e-12].real[0])


def _edge(a: float, b: float, recovery: float) -> float:
    """The lower current at which the eigenvalues are imaginary."""
    v = -math.sqrt(1.0 - b * recovery)
    return v**3 / 3.0 - v + (v + a) / b


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The phase plane, the train, the shocks, anode break, and what constant currents do."""
    train, shocks, anode = (recordings[name] for name in ("train", "shocks", "anode"))
    path = Line("train", train["v"].values, train["w"].values)
    return (
        portrait("phase_plane", f"Phase plane at a current of {values['sustained']:g}", "v", "w", values["plane"],
                 (path,)),
        Stack("train", f"A constant current of {values['sustained']:g} from time 10 on", "Time (units of the model)", (
            Chart("v", "", "", "v", (Line("v", train.time, train["v"].values),)),
            Chart("w", "", "", "w", (Line("w", train.time, train["w"].values),)),
        )),
        Chart("shocks", "Shocks: no sharp threshold, but little between", "Time (units of the model)", "v",
              tuple(Line(f"{SHOCKS[k]:.2f}", shocks.time, shocks["v"].values[k]) for k in range(1, SHOCKS.size, 3))),
        Chart("anode_break", "The end of a hyperpolarisation excites", "Time (units of the model)", "v",
              (Line("v", anode.time, anode["v"].values),)),
        diagram("currents", "Constant currents: rest, oscillation, rest", "Current (units of the model)", "v",
                values["bifurcation"], UNIT),
    )  # fmt: skip


fitzhugh_nagumo = Preparation(
    name="fitzhugh_nagumo",
    summary="The FitzHugh-Nagumo model: rest, train, anode break and Hopf bifurcation in two variables without units.",
    source=f"{PAPER}; Nagumo, Arimoto & Yoshizawa 1962, Proc IRE 50:2061",
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    search=search,
    remarks=(
        "The model has no units: one of voltage is run as 1 mV, one of time as 1 ms, one of current as 1 µA/cm².",
        "bonhoeffer_van_der_pol is the same with the constants and the signs of 1961.",
    ),
)
