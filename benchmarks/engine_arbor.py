"""The workloads in Arbor. Cells are grouped so that vector code works across them: its default is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import arbor
from arbor import units
from measure import Outcome, Settings, UnsupportedError, cable_summary, summary
from workloads import (
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
    Cells,
    Heart,
    Membranes,
    Ring,
    Trees,
    Workload,
)

# Measured best for trees: larger groups fall out of the cache.
TREES_PER_GROUP = 8
RINGS_PER_GROUP = 8


def version() -> str:
    return str(arbor.config()["version"])


class Recipe(arbor.recipe):  # type: ignore[misc]
    """Cells: `describe(number)` gives each one; `place` is where the voltage of the first is sampled."""

    def __init__(self, count: int, describe: Callable[[int], Any], place: str = "", ring: Ring | None = None) -> None:
        arbor.recipe.__init__(self)
        self.count, self.describe, self.place, self.ring = count, describe, place, ring
        self.properties = arbor.neuron_cable_properties()
        self.properties.catalogue = arbor.default_catalogue()
        self.properties.set_property(
            Vm=START * units.mV, cm=0.01 * units.F / units.m2, tempK=(CELSIUS + 273.15) * units.Kelvin
        )
        self.properties.set_ion("na", rev_pot=SODIUM_REVERSAL * units.mV)
        self.properties.set_ion("k", rev_pot=POTASSIUM_REVERSAL * units.mV)

    def num_cells(self) -> int:
        return self.count

    def cell_kind(self, gid: int) -> Any:
        return arbor.cell_kind.cable

    def cell_description(self, gid: int) -> Any:
        return self.describe(gid)

    def global_properties(self, kind: Any) -> Any:
        return self.properties

    def probes(self, gid: int) -> list[Any]:
        return [arbor.cable_probe_membrane_voltage(self.place, "v")] if self.place and gid == 0 else []

    def connections_on(self, gid: int) -> list[Any]:
        if self.ring is None:
            return []
        source = (self.ring.before(gid), "spikes")
        return [arbor.connection(source, "synapse", self.ring.weight, self.ring.delay * units.ms)]

    def event_generators(self, gid: int) -> list[Any]:
        if self.ring is None or gid % self.ring.ring:
            return []
        schedule = arbor.explicit_schedule([self.ring.kick * units.ms])
        return [arbor.event_generator("synapse", self.ring.weight, schedule)]


def squid(sodium: float = SODIUM, potassium: float = POTASSIUM, leak: float = LEAK) -> Any:
    return arbor.density("hh", {"gnabar": sodium, "gkbar": potassium, "gl": leak, "el": LEAK_REVERSAL})


def clamp(amplitude: float) -> Any:
    return arbor.i_clamp(0 * units.ms, 1e5 * units.ms, amplitude * units.nA)


def detector() -> Any:
    return arbor.threshold_detector(THRESHOLD * units.mV)


def straight(length: float, diameter: float) -> Any:
    tree, radius = arbor.segment_tree(), diameter / 2.0
    tree.append(arbor.mnpos, arbor.mpoint(0, 0, 0, radius), arbor.mpoint(length, 0, 0, radius), tag=1)
    return tree


def membranes(workload: Membranes) -> Callable[[int], Any]:
    shape = straight(workload.size, workload.size)

    def describe(gid: int) -> Any:
        decor = arbor.decor().paint("(all)", squid())
        decor.place("(location 0 0.5)", clamp(workload.amplitudes[gid]))
        decor.place("(location 0 0.5)", detector(), "spikes")
        return arbor.cable_cell(shape, decor, arbor.label_dict(), arbor.cv_policy_single())

    return describe


def in_branch(compartment: int, count: int, branch: int = 0) -> str:
    """The middle of a compartment."""
    return f"(location {branch} {(compartment + 0.5) / count:.12f})"


def cable(workload: Cable) -> Callable[[int], Any]:
    shape = straight(workload.length, workload.diameter)

    def at(compartment: int) -> str:
        return in_branch(compartment, workload.compartments)

    def describe(gid: int) -> Any:
        decor = arbor.decor().set_property(rL=workload.resistivity * units.Ohm * units.cm)
        decor.paint("(all)", squid())
        decor.place(at(0), clamp(workload.amplitude))
        for probe in workload.probes:
            decor.place(at(probe), detector(), f"probe{probe}")
        policy = arbor.cv_policy_fixed_per_branch(workload.compartments)
        return arbor.cable_cell(shape, decor, arbor.label_dict(), policy)

    return describe


def segments(workload: Trees) -> Any:
    """The sections as cylinders on a line; the soma has tag 1, dendrites 3."""
    shape = arbor.segment_tree()
    ends: list[Any] = []
    distance: list[float] = []
    for parent, level in workload.sections:
        length, diameter = workload.size(level)
        start = 0.0 if parent < 0 else distance[parent]
        near, far = (arbor.mpoint(x, 0, 0, diameter / 2.0) for x in (start, start + length))
        above = arbor.mnpos if parent < 0 else ends[parent]
        ends.append(shape.append(above, near, far, tag=1 if level == 0 else 3))
        distance.append(start + length)
    return shape


def trees(workload: Trees) -> Callable[[int], Any]:
    shape = segments(workload)
    # The soma is the first branch: it ends where two dendrites begin.
    middle = in_branch(workload.compartments_per_section // 2, workload.compartments_per_section)

    def describe(gid: int) -> Any:
        sodium, potassium, leak, passive = workload.conductances(1)
        decor = arbor.decor().set_property(rL=workload.resistivity * units.Ohm * units.cm)
        decor.paint("(tag 1)", squid())
        decor.paint("(tag 3)", squid(sodium, potassium, leak))
        decor.paint("(tag 3)", arbor.density(f"pas/e={workload.dendrite_passive_reversal:g}", {"g": passive}))
        decor.place(middle, clamp(workload.amplitudes[gid]))
        decor.place(middle, detector(), "spikes")
        policy = arbor.cv_policy_fixed_per_branch(workload.compartments_per_section)
        return arbor.cable_cell(shape, decor, arbor.label_dict(), policy)

    return describe


def rings(workload: Ring) -> Callable[[int], Any]:
    shape = segments(workload.shape)
    each = f"(fixed-per-branch {workload.compartments_per_section} (tag 3))"
    policy = arbor.cv_policy(f"(join (fixed-per-branch 1 (tag 1)) {each})")

    def describe(gid: int) -> Any:
        decor = arbor.decor().set_property(rL=workload.resistivity * units.Ohm * units.cm)
        decor.paint("(tag 1)", squid())
        decor.paint("(tag 3)", arbor.density(f"pas/e={workload.passive_reversal:g}", {"g": workload.passive}))
        decor.place("(on-components 0.5 (segment 0))", detector(), "spikes")
        synapse = arbor.synapse("expsyn", {"tau": workload.decay, "e": 0.0})
        decor.place("(on-components 0.5 (segment 1))", synapse, "synapse")
        return arbor.cable_cell(shape, decor, arbor.label_dict(), policy)

    return describe


class ArborModel:
    """One simulation of one workload."""

    def __init__(self, workload: Cells | Ring, settings: Settings) -> None:
        self.workload = workload
        place, ring = "", None
        if isinstance(workload, Membranes):
            count, describe = workload.compartments, membranes(workload)
            group, place = -(-count // settings.threads), "(location 0 0.5)"
        elif isinstance(workload, Cable):
            count, describe, group = 1, cable(workload), 1
            place = in_branch(workload.probes[1], workload.compartments)
        elif isinstance(workload, Ring):
            count, describe, group, ring = workload.cells, rings(workload), RINGS_PER_GROUP, workload
        else:
            count, describe = len(workload.amplitudes), trees(workload)
            group = min(TREES_PER_GROUP, -(-count // settings.threads))
            place = in_branch(workload.compartments_per_section // 2, workload.compartments_per_section)
        recipe = Recipe(count, describe, place if settings.traced else "", ring)
        context = arbor.context(threads=settings.threads)
        hint = {arbor.cell_kind.cable: arbor.partition_hint(cpu_group_size=group)}
        self.simulation = arbor.simulation(recipe, context, arbor.partition_load_balance(recipe, context, hint))
        if settings.traced:
            self.handle = self.simulation.sample((0, "v"), arbor.regular_schedule(workload.dt * units.ms))
        # `all` stays empty in a model without connections.
        self.simulation.record(arbor.spike_recording.local)

    def warm(self) -> None:
        self.simulation.run(1.0 * units.ms, self.workload.dt * units.ms)

    def reset(self) -> None:
        self.simulation.reset()

    def advance(self) -> None:
        self.simulation.run(self.workload.duration * units.ms, self.workload.dt * units.ms)

    def samples(self) -> tuple[Any, Any]:
        ((data, _),) = self.simulation.samples(self.handle)
        return data[:, 0], data[:, 1]

    def outcome(self) -> Outcome:
        spikes = self.simulation.spikes()
        if not isinstance(self.workload, Cable):
            return summary(float(spike[1]) for spike in spikes)
        near, far = (sorted(float(spike[1]) for spike in spikes if spike[0][1] == probe) for probe in (0, 1))
        return cable_summary(self.workload, near, far)


def build(workload: Workload, settings: Settings) -> ArborModel:
    if isinstance(workload, Heart):
        raise UnsupportedError("the cardiac cell is not written for it")
    return ArborModel(workload, settings)
