"""The workloads in NEURON and CoreNEURON.

Variants, several joined by "+": `exact`, no look-up table (1 mV) of the channels; `second`, Crank-Nicolson; `cvode`,
steps chosen by SUNDIALS for an absolute tolerance; `native`, channels without a table (models/squid.mod) that peers.py
has compiled for this processor.
"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("NEURON_MODULE_OPTIONS", "-nogui")

import neuron
from measure import Elapsed, Outcome, Settings, UnsupportedError, cable_summary, clocked, summary
from neuron import h
from peers import BY_NAME
from workloads import (
    CAPACITANCE,
    CELSIUS,
    LEAK,
    LEAK_REVERSAL,
    POTASSIUM,
    POTASSIUM_REVERSAL,
    SODIUM,
    SODIUM_REVERSAL,
    START,
    THRESHOLD,
    Cable,
    Heart,
    Membranes,
    Ring,
    Trees,
    Workload,
)

# NEURON refuses a section of more than 32 767 segments.
LARGEST_SECTION = 10_000


def version() -> str:
    return str(neuron.__version__)


class NeuronModel:
    """Sections, clamps and detectors of one workload; they live as long as this object does."""

    def __init__(self, workload: Workload, settings: Settings) -> None:
        self.workload, self.settings = workload, settings
        self.core = settings.engine == "coreneuron"
        variants = settings.variant.split("+")
        self.channels = "squid" if "native" in variants else "hh"
        self.parallel = h.ParallelContext()
        self.spike_times, self.spike_sources = h.Vector(), h.Vector()
        self.times, self.voltages = h.Vector(), h.Vector()
        self.kept: list[Any] = []
        h.celsius, h.dt, h.secondorder = CELSIUS, workload.dt, 2 if "second" in variants else 0
        h.usetable_hh = 0 if "exact" in variants else 1
        self.cvode = h.CVode()
        self.cvode.active("cvode" in variants)
        if "cvode" in variants:
            self.cvode.atol(settings.tolerance or 1e-3)
        self.parallel.nthread(settings.threads)

    def squid(self, section: Any, sodium: float = SODIUM, potassium: float = POTASSIUM, leak: float = LEAK) -> None:
        """Channels with these conductances (S/cm2), NEURON's own or ours."""
        section.insert(self.channels)
        section.ena, section.ek, section.cm = SODIUM_REVERSAL, POTASSIUM_REVERSAL, CAPACITANCE
        for segment in section:
            placed = getattr(segment, self.channels)
            placed.gnabar, placed.gkbar = sodium, potassium
            placed.gl, placed.el = leak, LEAK_REVERSAL

    def inject(self, segment: Any, amplitude: float) -> None:
        clamp = h.IClamp(segment)
        clamp.delay, clamp.dur, clamp.amp = 0.0, 1e9, amplitude
        self.kept.append(clamp)

    def detect(self, segment: Any, number: int) -> None:
        """Spikes here; where a voltage is wanted, that of the last place that was named."""
        if self.settings.traced:
            self.voltages.record(segment._ref_v)
            self.times.record(h._ref_t)
            return
        detector = h.NetCon(segment._ref_v, None, sec=segment.sec)
        detector.threshold = THRESHOLD
        if self.core or isinstance(self.workload, Ring):
            self.parallel.set_gid2node(number, self.parallel.id())
            self.parallel.cell(number, detector)
        else:
            detector.record(self.spike_times, self.spike_sources, number)
        self.kept.append(detector)

    def connect(self, connection: Any, delay: float, weight: float) -> None:
        connection.delay = delay
        connection.weight[0] = weight
        self.kept.append(connection)

    def finish(self) -> None:
        if self.core or isinstance(self.workload, Ring):
            self.parallel.spike_record(-1, self.spike_times, self.spike_sources)
        self.parallel.set_maxstep(10)

    def warm(self) -> None:
        h.finitialize(START)
        self.parallel.psolve(1.0)

    def reset(self) -> None:
        self.spike_times.resize(0)
        self.spike_sources.resize(0)
        h.finitialize(START)

    def advance(self) -> Elapsed | None:
        if not (self.core and self.settings.traced):
            self.parallel.psolve(self.workload.duration)
            return None
        # The model is carried to CoreNEURON and back in each call: what one step takes is all but that.
        carrying = clocked(lambda: self.parallel.psolve(h.dt))
        h.finitialize(START)
        whole = clocked(lambda: self.parallel.psolve(self.workload.duration))
        return Elapsed(whole.wall - carrying.wall, whole.cpu - carrying.cpu)

    def samples(self) -> tuple[Any, Any]:
        return self.times.as_numpy().copy(), self.voltages.as_numpy().copy()

    def outcome(self) -> Outcome:
        if not isinstance(self.workload, Cable):
            return summary(float(time) for time in self.spike_times)
        spikes = list(zip(self.spike_times, self.spike_sources, strict=True))
        near, far = ([float(time) for time, source in spikes if source == probe] for probe in (0, 1))
        return cable_summary(self.workload, near, far)


def build_membranes(model: NeuronModel, workload: Membranes) -> None:
    for number, amplitude in enumerate(workload.amplitudes):
        section = h.Section(name=f"cell{number}")
        section.L = section.diam = workload.size
        model.squid(section)
        model.kept.append(section)
        model.inject(section(0.5), amplitude)
        model.detect(section(0.5), number)


def build_cable(model: NeuronModel, workload: Cable) -> None:
    segments: list[Any] = []
    previous = None
    for first in range(0, workload.compartments, LARGEST_SECTION):
        count = min(LARGEST_SECTION, workload.compartments - first)
        section = h.Section(name=f"axon{first}")
        section.nseg, section.L = count, count * workload.compartment_length
        section.diam, section.Ra = workload.diameter, workload.resistivity
        if previous is not None:
            section.connect(previous(1.0))
        model.squid(section)
        previous = section
        model.kept.append(section)
        segments.extend(section((k + 0.5) / count) for k in range(count))
    model.inject(segments[0], workload.amplitude)
    for number, probe in enumerate(workload.probes):
        model.detect(segments[probe], number)


def tree_sections(model: NeuronModel, workload: Trees) -> list[Any]:
    """The sections of one tree, each dendrite with its passive conductance beside the squid channels."""
    sections: list[Any] = []
    for parent, level in workload.sections:
        section = h.Section(name=f"section{len(sections)}")
        if parent >= 0:
            section.connect(sections[parent](1.0))
        section.nseg, section.Ra = workload.compartments_per_section, workload.resistivity
        section.L, section.diam = workload.size(level)
        sodium, potassium, leak, passive = workload.conductances(level)
        model.squid(section, sodium, potassium, leak)
        if level:
            section.insert("pas")
            for segment in section:
                segment.pas.g, segment.pas.e = passive, workload.dendrite_passive_reversal
        sections.append(section)
    return sections


def build_trees(model: NeuronModel, workload: Trees) -> None:
    for number, amplitude in enumerate(workload.amplitudes):
        sections = tree_sections(model, workload)
        model.kept.append(sections)
        model.inject(sections[0](0.5), amplitude)
        model.detect(sections[0](0.5), number)


def build_ring(model: NeuronModel, workload: Ring) -> None:
    shape, synapses = workload.shape, []
    for number in range(workload.cells):
        sections: list[Any] = []
        for parent, level in shape.sections:
            section = h.Section(name=f"cell{number}section{len(sections)}")
            section.nseg, section.Ra = workload.compartments_per_section if level else 1, workload.resistivity
            section.L, section.diam = shape.size(level)
            if parent < 0:
                model.squid(section)
            else:
                section.connect(sections[parent](1.0))
                section.insert("pas")
                section.cm = CAPACITANCE
                for segment in section:
                    segment.pas.g, segment.pas.e = workload.passive, workload.passive_reversal
            sections.append(section)
        synapse = h.ExpSyn(sections[1](0.5))
        synapse.tau, synapse.e = workload.decay, 0.0
        model.kept.append(sections)
        synapses.append(synapse)
        model.detect(sections[0](0.5), number)
    for number, synapse in enumerate(synapses):
        if number % workload.ring == 0:
            kick = h.NetStim()
            kick.number, kick.start = 1, 0.0
            model.connect(h.NetCon(kick, synapse), workload.kick, workload.weight)
            model.kept.append(kick)
        model.connect(model.parallel.gid_connect(workload.before(number), synapse), workload.delay, workload.weight)
        model.kept.append(synapse)


def use_core_neuron() -> None:
    from neuron import coreneuron

    if not hasattr(coreneuron, "enable"):
        raise UnsupportedError("this NEURON was built without CoreNEURON")
    coreneuron.enable, coreneuron.verbose, coreneuron.cell_permute = True, 0, 0
    h.CVode().cache_efficient(1)


def use_native() -> None:
    """Load what peers.py has compiled; once in a process."""
    folder = BY_NAME["neuron"].native()
    if folder is None:
        raise UnsupportedError("its mechanisms are not compiled: python benchmarks/peers.py install neuron")
    os.environ["CORENEURONLIB"] = str(next(folder.glob("libcorenrnmech.*")))
    if not hasattr(h, "squid"):
        h.nrn_load_dll(str(next(folder.glob("libnrnmech.*"))))


def build(workload: Workload, settings: Settings) -> NeuronModel:
    if isinstance(workload, Heart):
        raise UnsupportedError("the cardiac cell is not written for it")
    if "native" in settings.variant:
        use_native()
    model = NeuronModel(workload, settings)
    if settings.engine == "coreneuron":
        use_core_neuron()
    if isinstance(workload, Membranes):
        build_membranes(model, workload)
    elif isinstance(workload, Cable):
        build_cable(model, workload)
    elif isinstance(workload, Ring):
        build_ring(model, workload)
    else:
        build_trees(model, workload)
    model.finish()
    return model
