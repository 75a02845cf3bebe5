"""The workloads in Brian 2: C++ standalone, its fastest target; variant `cython` runs inside Python.

`advance` of the standalone target returns the time of the simulation loop that its binary reports.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from typing import Any

import brian2
import numpy as np
from brian2 import cm as centimetre
from brian2 import ms, mV, nA, ohm, siemens, uamp, ufarad, um
from measure import Elapsed, Outcome, Settings, UnsupportedError, cable_summary, child_seconds, crossings, summary
from workloads import (
    CAPACITANCE,
    LEAK,
    LEAK_REVERSAL,
    POTASSIUM,
    POTASSIUM_REVERSAL,
    SODIUM,
    SODIUM_REVERSAL,
    START,
    Cable,
    Cells,
    Heart,
    Membranes,
    Ring,
    Trees,
    Workload,
    resting_gates,
)

GATES = """
alpha_m = 1/exprel(-(v + 40*mV)/(10*mV))/ms : Hz
beta_m = 4*exp(-(v + 65*mV)/(18*mV))/ms : Hz
alpha_h = 0.07*exp(-(v + 65*mV)/(20*mV))/ms : Hz
beta_h = 1/(exp(-(v + 35*mV)/(10*mV)) + 1)/ms : Hz
alpha_n = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms : Hz
beta_n = 0.125*exp(-(v + 65*mV)/(80*mV))/ms : Hz
dm/dt = alpha_m*(1 - m) - beta_m*m : 1
dh/dt = alpha_h*(1 - h) - beta_h*h : 1
dn/dt = alpha_n*(1 - n) - beta_n*n : 1
"""
MEMBRANE = """
dv/dt = (drive - sodium*m**3*h*(v - E_Na) - potassium*n**4*(v - E_K) - leak*(v - E_L))/C : volt
drive : amp/meter**2
"""
SPATIAL = """
Im = sodium*m**3*h*(E_Na - v) + potassium*n**4*(E_K - v) + leak*(E_L - v) + passive*(E_P - v) : amp/meter**2
injected : amp (point current)
sodium : siemens/meter**2
potassium : siemens/meter**2
leak : siemens/meter**2
passive : siemens/meter**2
"""
DENSITY = siemens / centimetre**2
SPIKE = "v > 0*mV"
CONDUCTANCES = ("sodium", "potassium", "leak", "passive")


def version() -> str:
    return str(brian2.__version__)


def constants(**more: Any) -> dict[str, Any]:
    reversals = {"E_Na": SODIUM_REVERSAL * mV, "E_K": POTASSIUM_REVERSAL * mV, "E_L": LEAK_REVERSAL * mV}
    return reversals | more


def start_at_rest(group: Any) -> None:
    group.v = START * mV
    group.m, group.h, group.n = resting_gates()


def membranes(workload: Membranes) -> Any:
    names = constants(
        sodium=SODIUM * DENSITY,
        potassium=POTASSIUM * DENSITY,
        leak=LEAK * DENSITY,
        C=CAPACITANCE * ufarad / centimetre**2,
    )
    group = brian2.NeuronGroup(
        workload.compartments,
        MEMBRANE + GATES,
        method="exponential_euler",
        threshold=SPIKE,
        refractory=SPIKE,
        namespace=names,
    )
    start_at_rest(group)
    group.drive = np.array(workload.densities) * uamp / centimetre**2
    return group


def spatial(morphology: Any, resistivity: float, detector: int, **namespace: Any) -> Any:
    group = brian2.SpatialNeuron(
        morphology=morphology,
        model=SPATIAL + GATES,
        Cm=CAPACITANCE * ufarad / centimetre**2,
        Ri=resistivity * ohm * centimetre,
        method="exponential_euler",
        namespace=constants(**namespace),
        threshold=SPIKE,
        threshold_location=detector,
        refractory=SPIKE,
    )
    start_at_rest(group)
    return group


def cable(workload: Cable) -> Any:
    shape = brian2.Cylinder(length=workload.length * um, diameter=workload.diameter * um, n=workload.compartments)
    group = spatial(shape, workload.resistivity, workload.probes[1], E_P=START * mV)
    group.sodium, group.potassium = SODIUM * DENSITY, POTASSIUM * DENSITY
    group.leak, group.passive = LEAK * DENSITY, 0.0 * DENSITY
    group.injected = np.where(np.arange(workload.compartments) == 0, workload.amplitude, 0.0) * nA
    return group


def tree(workload: Trees) -> Any:
    sections: list[Any] = []
    count = workload.compartments_per_section
    for parent, level in workload.sections:
        length, diameter = workload.size(level)
        section = brian2.Cylinder(length=length * um, diameter=diameter * um, n=count)
        if parent >= 0:
            setattr(sections[parent], "LR"[(len(sections) - 1) % 2], section)
        sections.append(section)
    middle = count // 2
    group = spatial(sections[0], workload.resistivity, middle, E_P=workload.dendrite_passive_reversal * mV)
    # Brian numbers the soma first; all dendrites are alike but for their diameter.
    soma = np.arange(workload.compartments_per_cell) < count
    at_soma, at_dendrite = workload.conductances(0), workload.conductances(1)
    for name, inside, outside in zip(CONDUCTANCES, at_soma, at_dendrite, strict=True):
        setattr(group, name, np.where(soma, inside, outside) * DENSITY)
    place = np.arange(workload.compartments_per_cell) == middle
    group.injected = np.where(place, workload.amplitudes[0], 0.0) * nA
    return group


class BrianModel:
    """A network, and for the standalone target the folder of its binary."""

    def __init__(self, workload: Cells, standalone: bool, traced: bool) -> None:
        self.workload, self.standalone = workload, standalone
        if standalone:
            self.folder = tempfile.mkdtemp(prefix="brian2-")
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
            # Whatever an earlier model of this process has left would be built once more.
            brian2.device.reinit()
            brian2.set_device("cpp_standalone", directory=self.folder, build_on_run=False)
        else:
            brian2.prefs.codegen.target = "cython"
        brian2.defaultclock.dt = workload.dt * ms
        if isinstance(workload, Membranes):
            self.group = membranes(workload)
        else:
            self.group = cable(workload) if isinstance(workload, Cable) else tree(workload)
        self.spikes = brian2.SpikeMonitor(self.group)
        self.network = brian2.Network(self.group, self.spikes)
        self.near: Any = None
        self.trace: Any = None
        if traced:
            self.trace = brian2.StateMonitor(self.group, "v", record=[traced_place(workload)])
            self.network.add(self.trace)
        if isinstance(workload, Cable):
            self.near = brian2.StateMonitor(self.group, "v", record=[workload.probes[0]])
            self.network.add(self.near)

    def warm(self) -> None:
        if self.standalone:
            self.network.run(self.workload.duration * ms)
            brian2.device.build(directory=self.folder, compile=True, run=False)
            self.advance()
        else:
            self.network.store()
            self.network.run(10 * brian2.defaultclock.dt)

    def reset(self) -> None:
        if not self.standalone:
            self.network.restore()

    def advance(self) -> Elapsed | None:
        if not self.standalone:
            self.network.run(self.workload.duration * ms)
            return None
        before = child_seconds()
        brian2.device.run(self.folder, with_output=False, run_args=[])
        # Of the loop in its binary. Its processor time is below this and below that of the whole binary.
        seconds = float(brian2.device._last_run_time)
        return Elapsed(seconds, min(seconds, child_seconds() - before))

    def samples(self) -> tuple[Any, Any]:
        return np.asarray(self.trace.t / ms), np.asarray(self.trace.v[0] / mV)

    def outcome(self) -> Outcome:
        spikes = sorted(float(time) for time in np.asarray(self.spikes.t / ms))
        if not isinstance(self.workload, Cable):
            return summary(spikes)
        trace, times = np.asarray(self.near.v[0] / mV), np.asarray(self.near.t / ms)
        return cable_summary(self.workload, crossings(trace.tolist(), times.tolist()), spikes)


def traced_place(workload: Cells) -> int:
    if isinstance(workload, Cable):
        return workload.probes[1]
    return workload.compartments_per_section // 2 if isinstance(workload, Trees) else 0


def build(workload: Workload, settings: Settings) -> BrianModel:
    if isinstance(workload, Heart):
        raise UnsupportedError("the cardiac cell is not written for it")
    if isinstance(workload, Ring):
        raise UnsupportedError("Brian 2 has one cell for each SpatialNeuron")
    if settings.threads != 1:
        raise UnsupportedError("threads of Brian 2 are a compile-time choice that this benchmark does not make")
    if isinstance(workload, Trees) and len(workload.amplitudes) > 1:
        raise UnsupportedError("Brian 2 has one cell for each SpatialNeuron")
    return BrianModel(workload, settings.variant != "cython", settings.traced)
