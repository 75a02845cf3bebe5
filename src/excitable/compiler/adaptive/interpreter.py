"""The interpreter of attempted steps: an adaptive program executed phase by phase with NumPy. It is the definition."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..interpreter import HUGE, Interpreted
from ..program import Extent, Pass
from ..system import Floats
from .control import NEVER
from .memory import AdaptiveMemory
from .program import AdaptiveProgram, Stage


class InterpretedAttempts(Interpreted):
    """An adaptive program that is looked at again for every attempt."""

    memory: AdaptiveMemory
    program: AdaptiveProgram  # type: ignore[assignment]

    def __init__(self, memory: AdaptiveMemory) -> None:
        self.memory, self.program = memory, memory.plan.program

    def call(self, out: Floats, spikes: Floats, blocks: tuple[int, int], samples: int, every: int, step: int) -> None:
        """Attempt up to `samples` steps in a range of blocks, with room for `every` rows a cell."""
        counts = spikes.view(np.int64)
        for block in range(*blocks):
            for _ in range(samples):
                if not counts[block, 0]:
                    break
                self._attempt(block, out[block], counts[block], every)

    def _attempt(self, block: int, out: Floats, counts: Any, room: int) -> None:
        program = self.program
        self._lanes(block, program.begin)
        for part in program.hold:
            (held,) = self._values(block, part, np.zeros(1, int), self._listed(part.name, 1))
            self._array(block, "v")[self._listed(part.name, 1)] = held
        self._inject(block)
        for number, stage in enumerate(program.stages):
            self._stage(block, number, stage)
        for k, part in enumerate(program.last):
            self._kind(block, k, part)
        self._look(block)
        self._lanes(block, program.control)
        self._record(block, out, counts, room)
        for k, part in enumerate(program.commit):
            self._kind(block, k, part)
        self._nodes(block, program.commit_nodes)

    # ------------------------------------------------------------ passes
    def _listed(self, name: str, count: int) -> Any:
        return self.memory.list(f"{name}.nodes", count)

    def _values(self, block: int, part: Pass, rows: Any, nodes: Any) -> list[Any]:
        return self._evaluate(block, part, [e for _, e in part.writes], rows, nodes)

    def _lanes(self, block: int, part: Pass) -> None:
        one = np.zeros(1, int)
        for (target, _), value in zip(part.writes, self._values(block, part, one, one), strict=True):
            self._array(block, target.array)[:] = value

    def _nodes(self, block: int, part: Pass) -> None:
        rows = np.arange(self.memory.nodes)
        for (target, _), value in zip(part.writes, self._values(block, part, rows, rows), strict=True):
            self._array(block, target.array)[:] = value

    def _kind(self, block: int, k: int, part: Pass) -> None:
        first, count = self.memory.layout[f"kind{k}.first"], self.memory.layout[f"kind{k}.count"]
        rows = np.arange(count)
        results = self._values(block, part, rows, first + rows)
        for (target, _), value in zip(part.writes, results, strict=True):
            if target.extent is Extent.LANE:
                largest = self._array(block, target.array)
                largest[:] = np.maximum(largest, value.max(axis=0))
            elif target.extent is Extent.NODE:
                self._array(block, target.array, first, count)[:] = value
            else:
                self._array(block, target.array)[:] = value

    def _inject(self, block: int) -> None:
        lists = [self._listed(p.name, self.memory.layout[f"{p.name}.count"]) for p in self.program.points]
        for part, nodes in zip(self.program.points, lists, strict=True):
            for target, _ in part.writes:
                self._array(block, target.array)[nodes] = 0.0
        for part, nodes in zip(self.program.points, lists, strict=True):
            values = self._values(block, part, np.arange(len(nodes)), nodes)
            for (target, _), value in zip(part.writes, values, strict=True):
                np.add.at(self._array(block, target.array), nodes, value)

    # ------------------------------------------------------------ the tree
    def _stage(self, block: int, number: int, stage: Stage) -> None:
        memory = self.memory
        if stage.nodes is not None:
            self._nodes(block, stage.nodes)
        for k, part in enumerate(stage.membranes):
            self._kind(block, k, part)
        diagonal, right, inverse = (self._array(block, name) for name in ("diagonal", "right", "inverse"))
        first, count = memory.layout["junctions.first"], memory.layout["junctions.count"]
        right[first : first + count] = 0.0
        held = [int(self._listed(part.name, 1)[0]) for part in self.program.hold]
        right[held] = 0.0
        if number == 0:
            diagonal[first : first + count] = memory.share("junctions.axial", count)[:, None]
            diagonal[held] = HUGE
        edges = memory.layout["edges.count"]
        pairs = memory.list("edges.nodes", 2 * edges).reshape(-1, 2).tolist()
        coupling = memory.share("edges.coupling", edges).tolist()
        voltage = self._array(block, "stage_v" if number else "v")
        for (child, parent), u in zip(pairs, coupling, strict=True):
            flow = u * (voltage[parent] - voltage[child])
            right[child] += flow
            right[parent] -= flow
            if number == 0:
                inverse[child] = 1.0 / diagonal[child]
                diagonal[parent] -= u * u * inverse[child]
                diagonal[child] = u * inverse[child]
            right[child] *= inverse[child]
            right[parent] += u * right[child]
        root = memory.layout["root"]
        if number == 0:
            inverse[root] = 1.0 / diagonal[root]
        found = self._array(block, f"u{number + 1}.v")
        found[root] = right[root] * inverse[root]
        for child, parent in reversed(pairs):
            found[child] = right[child] + diagonal[child] * found[parent]

    # ------------------------------------------------------------ what is left behind
    def _look(self, block: int) -> None:
        memory = self.memory
        v, force, looked = (self._array(block, name) for name in ("v", "force", "looked.force"))
        count = memory.layout["looked.count"]
        first = memory.index[memory.layout["looked.first"] :][: count + 1]
        for k, node in enumerate(self._listed("looked", count).tolist()):
            looked[k] = force[node]
            for j in range(int(first[k]), int(first[k + 1]) if self.program.solve else int(first[k])):
                other = int(memory.index[memory.layout["looked.neighbours.nodes"] + j])
                looked[k] += memory.shared[memory.layout["looked.neighbours.coupling"] + j] * (v[other] - v[node])

    def _record(self, block: int, out: Floats, counts: Any, room: int) -> None:
        memory = self.memory
        offsets = memory.index[memory.layout["row.offsets"] :][: memory.width]
        arena, lanes = memory.arena[block], {name: self._array(block, name)[0] for name in LOOKED}
        numbers, going = lanes["edge_number"].view(np.int64), 0
        for lane in range(memory.shape.cells):
            if lanes["record"][lane] > 0.0:
                out[lane, counts[1 + lane]] = arena[offsets + lane]
                counts[1 + lane] += 1
            if lanes["turned"][lane] > 0.0:
                numbers[lane] += 1
                lanes["edge"][lane] = self._array(block, "edges")[numbers[lane], lane]
            lanes["t"][lane] = lanes["next_t"][lane]
            if lanes["edge"][lane] < NEVER and lanes["stuck"][lane] <= 0.0:
                going |= 3 if counts[1 + lane] >= room else 1
        counts[0] = int(going == 1)


LOOKED = ("record", "turned", "edge", "edge_number", "t", "next_t", "stuck")
