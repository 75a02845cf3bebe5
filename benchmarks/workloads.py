"""The workloads, as numbers: every engine builds the same cells from this page, which imports no engine.

All cells carry the squid membrane of Hodgkin & Huxley 1952 at 6.3 °C and start at -65 mV with the gates
at rest. Units: ms, mV, µm, nA, S/cm², µF/cm², Ω·cm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

SODIUM, POTASSIUM, LEAK = 0.12, 0.036, 0.0003
SODIUM_REVERSAL, POTASSIUM_REVERSAL, LEAK_REVERSAL = 50.0, -77.0, -54.3
CAPACITANCE, CELSIUS, START = 1.0, 6.3, -65.0
THRESHOLD = 0.0


def spread(first: float, last: float, count: int) -> tuple[float, ...]:
    """`count` numbers at equal distances from first to last."""
    return tuple(first + (last - first) * k / (count - 1) for k in range(count))


@dataclass(frozen=True)
class Membranes:
    """Single compartments, length = diameter = 20 µm, one for each steady current density (µA/cm²)."""

    name: str
    densities: tuple[float, ...]
    duration: float
    dt: float = 0.025
    size: float = 20.0

    @property
    def amplitudes(self) -> tuple[float, ...]:
        """The injected currents, nA."""
        area_cm2 = math.pi * self.size**2 * 1e-8
        return tuple(density * area_cm2 * 1e3 for density in self.densities)

    @property
    def compartments(self) -> int:
        return len(self.densities)


@dataclass(frozen=True)
class Cable:
    """A squid axon of equal compartments, steady current into the first; spikes are timed at two probes."""

    name: str
    compartments: int
    duration: float
    dt: float = 0.025
    compartment_length: float = 10.0
    diameter: float = 1.0
    resistivity: float = 35.4
    amplitude: float = 0.3

    @property
    def length(self) -> float:
        return self.compartments * self.compartment_length

    @property
    def probes(self) -> tuple[int, int]:
        """The compartments at one and three quarters of the length."""
        return self.compartments // 4, 3 * self.compartments // 4

    @property
    def probe_distance(self) -> float:
        """In mm."""
        first, second = self.probes
        return (second - first) * self.compartment_length * 1e-3


@dataclass(frozen=True)
class Trees:
    """Cells with a soma and a binary dendritic tree by Rall's 3/2 rule; one cell for each amplitude (nA).

    Section 0 is the soma; every section has the same number of compartments. Dendrites carry weaker
    squid channels, no squid leak, and a passive conductance of their own.
    """

    name: str
    amplitudes: tuple[float, ...]
    duration: float
    dt: float = 0.025
    depth: int = 6
    compartments_per_section: int = 4
    resistivity: float = 100.0
    soma_size: float = 20.0
    dendrite_length: float = 50.0
    first_diameter: float = 4.0
    dendrite_sodium: float = 0.06
    dendrite_potassium: float = 0.012
    dendrite_passive: float = 0.0003
    dendrite_passive_reversal: float = -65.0

    @cached_property
    def sections(self) -> tuple[tuple[int, int], ...]:
        """(parent, level) of each section, parents first; the soma is (-1, 0)."""
        sections, previous = [(-1, 0)], [0]
        for level in range(1, self.depth + 1):
            here = []
            for parent in previous:
                for _ in range(2):
                    here.append(len(sections))
                    sections.append((parent, level))
            previous = here
        return tuple(sections)

    def size(self, level: int) -> tuple[float, float]:
        """(length, diameter) of a section at this level; the soma is level 0."""
        if level == 0:
            return self.soma_size, self.soma_size
        return self.dendrite_length, self.first_diameter * 2.0 ** (-2.0 / 3.0 * (level - 1))

    def conductances(self, level: int) -> tuple[float, float, float, float]:
        """(sodium, potassium, squid leak, passive) in S/cm² at this level."""
        if level == 0:
            return SODIUM, POTASSIUM, LEAK, 0.0
        return self.dendrite_sodium, self.dendrite_potassium, 0.0, self.dendrite_passive

    @property
    def compartments_per_cell(self) -> int:
        return len(self.sections) * self.compartments_per_section

    @property
    def compartments(self) -> int:
        return len(self.amplitudes) * self.compartments_per_cell


@dataclass(frozen=True)
class Ring:
    """Rings of cells, each exciting the next through a synapse after a delay; one kick starts each ring.

    A cell is a soma of one compartment with the squid membrane, and passive dendrites; the synapse sits in the middle
    of the first dendrite.
    """

    name: str
    cells: int
    ring: int
    duration: float
    dt: float = 0.025
    depth: int = 3
    compartments_per_section: int = 4
    resistivity: float = 100.0
    passive: float = 0.001
    passive_reversal: float = -65.0
    delay: float = 5.0
    decay: float = 2.0
    weight: float = 0.05
    kick: float = 1.0

    @property
    def shape(self) -> Trees:
        """The sections of one cell."""
        return Trees(self.name, (0.0,), self.duration, depth=self.depth)

    @property
    def compartments(self) -> int:
        return self.cells * (1 + (len(self.shape.sections) - 1) * self.compartments_per_section)

    def before(self, cell: int) -> int:
        """The cell that excites this one."""
        first = cell // self.ring * self.ring
        return first + (cell - first - 1) % self.ring


@dataclass(frozen=True)
class Heart:
    """An epicardial ventricular cell after ten Tusscher & Panfilov 2006, paced from a given state.

    Concentrations start at the numbers of the authors' program, gates at their steady values.
    """

    name: str
    beats: int
    dt: float = 0.025
    period: float = 1000.0
    first: float = 10.0
    pulse: float = 1.0
    amplitude: float = 52.0  # A/F
    start: float = -85.23
    compartments: int = 1

    @property
    def duration(self) -> float:
        return self.beats * self.period


# Cells that do not know of each other, and all there is.
Cells = Membranes | Cable | Trees
Workload = Cells | Ring | Heart

# A steady number of compartment-steps, so that small and large cells take a similar time.
SCALING_UPDATES = 4_000_000
CABLE_SIZES = (10, 100, 1000, 1023, 1024, 1025, 4095, 4096, 4097, 10_000, 100_000, 1_000_000)
# 2^(depth + 1) - 1 sections of four compartments: 12 to 1 048 572.
TREE_DEPTHS = (1, 4, 7, 10, 13, 17)
# Cells side by side, where arrays of a power of two long compete for the same lines of a cache.
CELL_COUNTS = (1000, 1023, 1024, 1025, 4095, 4096, 4097)


def scaling_duration(compartments: int) -> float:
    return max(20, SCALING_UPDATES // compartments) * 0.025


def scaling_cable(compartments: int) -> Cable:
    """The squid cable at any size; powers of two are there to show a cliff, if there is one."""
    return Cable(f"cable{compartments}", compartments, scaling_duration(compartments))


def scaling_tree(depth: int) -> Trees:
    """The branched cell with any number of forkings."""
    compartments = Trees("", (1.5,), 1.0, depth=depth).compartments
    return Trees(f"tree{compartments}", (1.5,), scaling_duration(compartments), depth=depth)


def scaling_cells(count: int) -> Membranes:
    """Single compartments, any number of them."""
    return Membranes(f"cells{count}", spread(0.0, 20.0, count), scaling_duration(count))


SCALING: tuple[Cells, ...] = (
    *(scaling_cable(size) for size in CABLE_SIZES),
    *(scaling_tree(depth) for depth in TREE_DEPTHS),
    *(scaling_cells(count) for count in CELL_COUNTS),
)


ALL: tuple[Workload, ...] = (
    Membranes("W1", (10.0,), duration=1000.0),
    Membranes("W2", spread(0.0, 20.0, 1024), duration=500.0),
    Cable("W3", 1000, duration=100.0),
    Trees("W4", (1.5,), duration=100.0),
    Trees("W4x128", spread(0.5, 2.5, 128), duration=100.0),
    Ring("W5", 256, 16, duration=500.0),
    *SCALING,
)
WORKLOADS = {workload.name: workload for workload in ALL}
TITLES = {
    "W1": "one squid compartment, 40 000 steps",
    "W2": "1024 single compartments",
    "W3": "squid cable, 1000 compartments",
    "W4": "binary tree, 508 compartments",
    "W4x128": "128 binary trees, 65 024 compartments",
    "W5": "16 rings of 16 cells with synapses and delays, 14 592 compartments",
}


def steps(workload: Workload) -> int:
    return round(workload.duration / workload.dt)


def updates(workload: Workload) -> int:
    """Compartment-steps: nominal compartments, without the fork and end nodes that some engines add."""
    return workload.compartments * steps(workload)


def with_step(workload: Workload, dt: float | None) -> Workload:
    return workload if dt is None else replace(workload, dt=dt)


def resting_gates(v: float = START) -> tuple[float, float, float]:
    """Steady m, h, n at v."""
    alpha_m, beta_m = 1.0 / exprel(-(v + 40.0) / 10.0), 4.0 * math.exp(-(v + 65.0) / 18.0)
    alpha_h, beta_h = 0.07 * math.exp(-(v + 65.0) / 20.0), 1.0 / (math.exp(-(v + 35.0) / 10.0) + 1.0)
    alpha_n, beta_n = 0.1 / exprel(-(v + 55.0) / 10.0), 0.125 * math.exp(-(v + 65.0) / 80.0)
    return alpha_m / (alpha_m + beta_m), alpha_h / (alpha_h + beta_h), alpha_n / (alpha_n + beta_n)


def exprel(x: float) -> float:
    """(exp(x) - 1) / x, finite at 0."""
    return math.expm1(x) / x if x else 1.0
