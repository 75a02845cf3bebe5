"""Where everything lies that attempted steps work on, and the rows that accepted ones leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..llvm.kernel import Shape
from ..memory import Memory
from ..program import Extent
from ..system import Floats
from .plan import AdaptivePlan
from .program import LANES


class AdaptiveMemory(Memory):
    """The arrays of an adaptive run; a row of the record is the numbers at `offsets` of the arena of a cell."""

    plan: AdaptivePlan  # type: ignore[assignment]

    def __init__(self, plan: AdaptivePlan, shape: Shape, edges: Sequence[Floats]) -> None:
        self.edges = edges
        super().__init__(plan, shape, 0)  # type: ignore[arg-type]

    def _uniforms(self) -> dict[str, float]:
        return {}

    def _place_arrays(self) -> None:
        for name in (*LANES, "going"):
            self._reserve(name, 1)
        self.layout["nodes.count"] = self.nodes
        self._reserve("edges", max(len(times) for times in self.edges) + 1)
        program = self.plan.program
        for name in ("v", "next.v", "force", "injected", "stage_v", "diagonal", "right", "inverse"):
            self._reserve(name, self.nodes)
        counts = {"cell": 1, "nodes": self.nodes}
        counts |= {f"kind{k}": padded for k, padded in enumerate(self.padded)}
        counts |= {part.name: len(group) for part, group in zip(program.points, self.plan.points, strict=True)}
        counts |= {part.name: 1 for part in program.hold}
        for k, kind in enumerate(self.plan.system.kinds):
            for state in kind.membrane.states:
                self._reserve(f"kind{k}.{state}", self.padded[k])
        if program.solve:
            for stage in range(len(program.stages)):
                self._reserve(f"u{stage + 1}.v", self.nodes)
        for part, domain in program.parts():
            for source, _ in part.writes:
                if source.array not in self.layout:
                    self._reserve(source.array, self.nodes if source.extent is Extent.NODE else counts[domain])
            self._place_reads(part, counts[domain])
        for k, count in enumerate(self.padded):
            real = f"kind{k}.real"
            if real in self.layout:
                here = self.layout[real]
                self._real(here, count, len(self.plan.system.kinds[k].compartments))

    def _real(self, start: int, count: int, compartments: int) -> None:
        """Padding is marked, wherever the column of marks lies in what is shared so far."""
        first = 0
        for part in self._shared:
            if first == start:
                part[compartments:count] = 0.0
            first += len(part)

    # ------------------------------------------------------------ what is looked at
    def _place_looks(self) -> None:
        """Lists of what a row holds: time, voltages with the current that moves them, states with their rates."""
        system, tree = self.plan.system, self.plan.system.tree
        wanted = {int(c) for w in system.watches if w.probe.quantity in ("voltage", "spikes") for c in w.compartments}
        wanted |= {int(c) for some in self.plan.watched for c in some} | {clamp.node for clamp in system.clamps}
        self.looked = np.array(sorted(wanted), dtype=np.int64)
        self._reserve("looked.force", max(len(self.looked), 1))
        self._list("looked.nodes", self.node[self.looked])
        self.layout["looked.count"] = len(self.looked)
        ends: list[int] = []
        others: list[int] = []
        weights: list[float] = []
        for node in self.looked.tolist():
            for a, b in ((tree.child, tree.parent), (tree.parent, tree.child)):
                others += b[a == node].tolist()
                weights += tree.coupling[a == node].tolist()
            ends.append(len(others))
        self._list("looked.first", [0, *ends])
        self._list("looked.neighbours.nodes", self.node[np.array(others, dtype=np.int64)])
        self._share("looked.neighbours.coupling", np.array(weights))
        self._place_row()

    def _place_row(self) -> None:
        cells, first = self.shape.cells, self.layout
        at = [first["t"]]
        for k, node in enumerate(self.looked.tolist()):
            at += [first["v"] + int(self.node[node]) * cells, first["looked.force"] + k * cells]
        self.state_rows: dict[tuple[int, int, str], int] = {}
        for k, some in enumerate(self.plan.watched):
            for compartment in some:
                inside = int(self.inside[compartment]) * cells
                for state in self.plan.system.kinds[k].membrane.states:
                    self.state_rows[k, compartment, state] = len(at)
                    at += [first[f"kind{k}.{state}"] + inside, first[f"kind{k}.rate.{state}"] + inside]
        self._list("row.offsets", at)
        self.width = len(at)
        self.layout["row.count"] = len(at)

    def _fill(self) -> None:
        super()._fill()
        table = np.full((self.sizes["edges"], self.cells), np.inf)
        for cell in range(self.cells):
            times = self.edges[cell if len(self.edges) > 1 else 0]
            table[: len(times), cell] = times
        self.put("edges", table)
        self.put("edge", table[:1])
