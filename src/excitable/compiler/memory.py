"""Where everything lies: arrays of a plan laid out for a shape, ready for a kernel.

A block holds `shape.cells` cells; everything that belongs to them lies in one stretch of the arena, so that a core
keeps a whole block in its cache while time runs. Arrays begin at multiples of a cache line, and never a multiple of
4096 bytes after one another, or they would compete for the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .llvm.kernel import Shape, Slots
from .plan import Plan
from .program import Extent
from .start import start_values, start_voltage
from .system import Floats, Integers, Watch

LINE = 8


class Memory:
    """The arrays of one run. `arena` is (blocks, doubles of a block)."""

    def __init__(self, plan: Plan, shape: Shape, series_steps: int) -> None:
        self.plan, self.shape, self.series_steps = plan, shape, series_steps
        system = plan.system
        self.cells = system.cells
        self.blocks = -(-self.cells // shape.cells)
        self.layout: dict[str, int] = {"series_steps": series_steps}
        self.uniform: dict[str, float] = self._uniforms()
        self._shared: list[Floats] = []
        self._index: list[Integers] = []
        self._shared_size = self._index_size = self._arena_size = 0
        self.sizes: dict[str, int] = {}
        self._number_nodes()
        self._place_arrays()
        self._place_lists()
        self.layout["block_stride"] = self._stagger(self._arena_size)
        self.shared = np.concatenate(self._shared) if self._shared else np.zeros(1)
        self.index = np.concatenate(self._index) if self._index else np.zeros(1, dtype=np.int64)
        self.arena = _aligned(self.blocks * self.layout["block_stride"]).reshape(self.blocks, -1)
        self._fill()

    def _uniforms(self) -> dict[str, float]:
        """Uniform numbers that have a place before any pass asks for them."""
        return {"dt": float(self.plan.values["dt"]), "dt_first": 0.0, "dt_level": 0.0, "dt_level_first": 0.0}

    # ------------------------------------------------------------ numbering
    def _number_nodes(self) -> None:
        """Compartments of one kind lie together, each kind padded to whole vectors; junctions follow."""
        system, first = self.plan.system, 0
        self.node = np.empty(system.nodes, dtype=np.int64)
        source: list[Integers] = []
        self.inside = np.empty(len(system.discretisation), dtype=np.int64)
        self.padded: list[int] = []
        for k, kind in enumerate(system.kinds):
            count = len(kind.compartments)
            whole = self.shape.widths[k] // self.shape.cells
            padded = -(-count // whole) * whole
            self.padded.append(padded)
            self.node[kind.compartments] = first + np.arange(count)
            self.inside[kind.compartments] = np.arange(count)
            self.layout[f"kind{k}.first"], self.layout[f"kind{k}.count"] = first, padded
            # Padding goes through the same motions as the last compartment, and nobody looks at it.
            source.append(kind.compartments[np.minimum(np.arange(padded), count - 1)])
            first += padded
        junctions = system.discretisation.junctions
        self.node[junctions] = first + np.arange(len(junctions))
        self.layout["junctions.first"], self.layout["junctions.count"] = first, len(junctions)
        self.nodes = first + len(junctions)
        self.source = np.concatenate([*source, junctions])

    # ------------------------------------------------------------ arrays
    def _place_arrays(self) -> None:
        program = self.plan.program
        self._reserve("v", self.nodes)
        if program.solve:
            self._reserve("diagonal", self.nodes)
            self._reserve("right", self.nodes)
        self._reserve("point_current", self.nodes)
        for k, kind in enumerate(self.plan.system.kinds):
            for state in kind.membrane.states:
                self._reserve(f"kind{k}.{state}", self.padded[k])
        counts: list[tuple[Any, int]] = [(part, self.padded[k]) for k, part in enumerate(program.membranes)]
        counts += [(part, self.padded[part.kind]) for part in program.observers]
        counts += [(part, len(group)) for part, group in zip(program.points, self.plan.points, strict=True)]
        counts += [(part, 1) for part in program.clamps]
        for part, count in counts:
            self._place_reads(part, count)
        for k in range(len(program.clamps)):
            for name in ("diagonal", "right", "current"):
                self._reserve(f"clamp{k}.{name}", 1)

    def _place_reads(self, part: Any, count: int) -> None:
        for source in part.reads.values():
            name = source.array
            if name in self.layout or name in self.uniform:
                continue
            match source.extent:
                case Extent.UNIFORM:
                    self.uniform[name] = float(np.asarray(self.plan.values[name]).ravel()[0])
                case Extent.COMPARTMENT:
                    self._share(
                        name,
                        _padded(
                            np.broadcast_to(self.plan.values[name], (len(self.plan.values[name]), 1))[:, 0],
                            count,
                        ),
                    )
                case Extent.CELL | Extent.LANE:
                    self._reserve(name, 1)
                case Extent.ELEMENT:
                    self._reserve(name, count)
                case Extent.SERIES:
                    self._reserve(name, count * self.series_steps)
                case _:
                    pass

    def _reserve(self, name: str, count: int) -> None:
        self.layout[name] = self._arena_size
        self.sizes[name] = count
        self._arena_size += self._stagger(count * self.shape.cells)

    @staticmethod
    def _stagger(size: int) -> int:
        lines = -(-size // LINE)
        return (lines + (1 if lines % 64 == 0 else 0)) * LINE

    def _share(self, name: str, values: Floats) -> None:
        room = self._stagger(len(values))
        self.layout[name] = self._shared_size
        self._shared.append(np.concatenate([values, np.zeros(room - len(values))]))
        self._shared_size += room

    def _list(self, name: str, nodes: Iterable[int] | Integers) -> None:
        values = np.asarray(nodes, dtype=np.int64)
        self.layout[name] = self._index_size
        self._index.append(values)
        self._index_size += len(values)

    # ------------------------------------------------------------ lists
    def _place_lists(self) -> None:
        plan, system, node = self.plan, self.plan.system, self.node
        tree = system.tree
        axial = tree.axial(system.nodes)
        self._share("junctions.axial", axial[system.discretisation.junctions])
        self._list("edges.nodes", np.stack([node[tree.child], node[tree.parent]], axis=1).ravel())
        self._share("edges.coupling", tree.coupling)
        self.layout["edges.count"], self.layout["root"] = len(tree.child), int(node[tree.root])
        for part, group in zip(plan.program.points, plan.points, strict=True):
            self.layout[f"{part.name}.count"] = len(group)
            self._list(f"{part.name}.nodes", [node[p.node] for p in group])
        for k, clamp in enumerate(system.clamps):
            self._list(f"clamp{k}.nodes", [node[clamp.node]])
            others = np.concatenate([tree.parent[tree.child == clamp.node], tree.child[tree.parent == clamp.node]])
            weights = np.concatenate(
                [tree.coupling[tree.child == clamp.node], tree.coupling[tree.parent == clamp.node]]
            )
            self.layout[f"clamp{k}.neighbours.count"] = len(others)
            self._list(f"clamp{k}.neighbours.nodes", node[others])
            self._share(f"clamp{k}.neighbours.coupling", weights)
        self._place_looks()

    def _place_looks(self) -> None:
        system, program = self.plan.system, self.plan.program
        voltage = [w for w in system.watches if w.probe.quantity == "voltage"]
        self.looked = _each_once(voltage)
        self._list("voltages.nodes", self.node[self.looked])
        self.layout["voltages.count"] = len(self.looked)
        width = len(self.looked) + len(program.clamps)
        self.observed: list[Integers] = []
        for number, (observer, watches) in enumerate(zip(program.observers, self.plan.observed, strict=True)):
            kind = system.kinds[observer.kind]
            wanted = _each_once(watches)
            here = wanted[np.isin(wanted, kind.compartments)]
            self.observed.append(here)
            self._list(f"observe{number}.nodes", self.inside[here])
            self.layout[f"observe{number}.count"] = len(here)
            width += len(here) * len(observer.values)
        self.width = width
        self.layout["row"] = width * self.shape.cells
        spikes = [w for w in system.watches if w.probe.quantity == "spikes"]
        self.detectors = [(w, int(c)) for w in spikes for c in w.compartments]
        self._list("detectors.nodes", [self.node[c] for _, c in self.detectors])
        self._share("detectors.threshold", np.array([w.probe.threshold for w, _ in self.detectors]))
        self.layout["detectors.count"] = len(self.detectors)
        self._reserve("detectors.before", len(self.detectors))
        self._reserve("detectors.moment", 1)

    def list(self, name: str, count: int) -> Integers:
        """The nodes of a list."""
        return self.index[self.layout[name] : self.layout[name] + count]

    def share(self, name: str, count: int) -> Floats:
        """Numbers along the cell that all cells share."""
        return self.shared[self.layout[name] : self.layout[name] + count]

    # ------------------------------------------------------------ contents
    def view(self, name: str) -> Floats:
        """The array of that name as (blocks, elements, cells of a block)."""
        size = self.sizes[name] * self.shape.cells
        start = self.layout[name]
        return self.arena[:, start : start + size].reshape(self.blocks, self.sizes[name], self.shape.cells)

    def put(self, name: str, values: Any) -> None:
        """Write (n, 1), (1, cells) or (n, cells) values; padding repeats the last compartment and the last cell."""
        target = self.view(name)
        rows, room = self.sizes[name], self.blocks * self.shape.cells
        given = np.atleast_2d(np.asarray(values, dtype=np.float64))
        given = np.broadcast_to(given, (max(given.shape[0], 1), given.shape[1]))
        lines = np.minimum(np.arange(rows), given.shape[0] - 1)
        columns = np.minimum(np.minimum(np.arange(room), self.cells - 1), given.shape[1] - 1)
        target[...] = given[lines][:, columns].reshape(rows, self.blocks, self.shape.cells).transpose(1, 0, 2)

    def get(self, name: str) -> Floats:
        """The array of that name as (elements, cells), without the padding of cells."""
        return self.view(name).transpose(1, 0, 2).reshape(self.sizes[name], -1)[:, : self.cells].copy()

    def _fill(self) -> None:
        plan, system = self.plan, self.plan.system
        voltage = start_voltage(system)
        self.put("v", voltage[self.source])
        for k, kind in enumerate(system.kinds):
            here = voltage[kind.compartments]
            for state, value in start_values(kind, here).items():
                self.put(f"kind{k}.{state}", np.broadcast_to(value, np.broadcast_shapes(np.shape(value), here.shape)))
        for name, value in plan.values.items():
            if name in self.sizes:
                self.put(name, value)

    # ------------------------------------------------------------ tables for a kernel
    def tables(self, slots: Slots) -> tuple[Integers, Floats]:
        """The layout and the uniform numbers in the order in which a kernel reads them."""
        layout = np.array([self.layout[name] for name in slots.layout] or [0], dtype=np.int64)
        uniform = np.array([self.uniform[name] for name in slots.uniform] or [0.0])
        return layout, uniform


def _each_once(watches: Sequence[Watch]) -> Integers:
    """The compartments of watches in increasing order (`numpy.unique` would import all of `numpy.ma`)."""
    return np.array(sorted({int(c) for w in watches for c in w.compartments}), dtype=np.int64)


def _padded(values: Floats, count: int) -> Floats:
    if len(values) == 1:
        return np.full(count, values[0])
    return np.concatenate([values, np.full(count - len(values), values[-1])]) if len(values) < count else values.copy()


def _aligned(size: int) -> Floats:
    """Zeroed doubles that begin at a multiple of 64 bytes; untouched pages cost nothing."""
    raw = np.zeros(size + LINE, dtype=np.float64)
    skip = (-raw.ctypes.data // 8) % LINE
    return raw[skip : skip + size]
