"""The interpreter target: a program executed phase by phase with NumPy. Slow, obvious, and the definition.

Every other target is right when it agrees with this one. It works on the same memory, so that it checks the layout too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InternalError
from ..expressions import evaluate_all
from .memory import Memory
from .program import Extent, Observer, Pass, Source
from .system import Floats

HUGE = 2.0**400


class Interpreted:
    """A program that is looked at again for every step."""

    def __init__(self, memory: Memory) -> None:
        self.memory, self.program = memory, memory.plan.program
        self.dt = float(memory.plan.values["dt"])
        self.t = self.dt_states = self.dt_level = 0.0
        self.local = 0

    def call(self, out: Floats, spikes: Floats, blocks: tuple[int, int], samples: int, every: int, step: int) -> None:
        """Advance a range of blocks; the meaning of the arguments is that of a kernel."""
        stride = self.memory.layout["out_stride"]
        for block in range(*blocks):
            for sample in range(samples):
                row = out[block * stride :][sample * self.memory.layout["row"] :]
                self.t = (step + sample * every) * self.dt
                self.dt_level = self.memory.uniform["dt_level_first" if sample == 0 else "dt_level"]
                self._observe(block, row)
                for k in range(every):
                    self._step(block, spikes[block], step, sample * every + k)

    # ------------------------------------------------------------ reading and writing
    def _array(self, block: int, name: str, first: int = 0, count: int | None = None) -> Floats:
        """A view of an array of a block, (elements, cells)."""
        whole = self.memory.view(name)[block]
        return np.asarray(whole[first : None if count is None else first + count])

    def _read(self, block: int, source: Source, rows: Any, nodes: Any) -> Any:
        """The value of a symbol in elements `rows`, which are nodes `nodes`."""
        memory = self.memory
        match source.extent:
            case Extent.UNIFORM:
                return memory.uniform[source.array]
            case Extent.STEP:
                return {"t": self.t, "dt_states": self.dt_states, "dt_level": self.dt_level}[source.array]
            case Extent.COMPARTMENT:
                start = memory.layout[source.array]
                return memory.shared[start + np.asarray(rows)][:, None]
            case Extent.CELL | Extent.LANE:
                return self._array(block, source.array)
            case Extent.NODE:
                return self._array(block, source.array)[nodes]
            case Extent.SERIES:
                steps = memory.series_steps
                return self._array(block, source.array)[np.asarray(rows) * steps + self.local]
            case _:
                return self._array(block, source.array)[rows]

    def _evaluate(self, block: int, part: Pass | Observer, expressions: Any, rows: Any, nodes: Any) -> list[Any]:
        values = {name: self._read(block, source, rows, nodes) for name, source in part.reads.items()}
        shape = (len(rows), self.memory.shape.cells)
        return [np.broadcast_to(value, shape) for value in evaluate_all(expressions, values)]

    # ------------------------------------------------------------ phases
    def _step(self, block: int, spikes: Floats, step: int, local: int) -> None:
        memory = self.memory
        self.local, self.t = local, (step + local) * self.dt
        self.dt_states = memory.uniform["dt_first"] if local == 0 else self.dt
        watched = memory.list("detectors.nodes", memory.layout["detectors.count"])
        before = self._array(block, "v")[watched].copy()
        self._points(block)
        for k, part in enumerate(self.program.membranes):
            self._membrane(block, k, part)
        if self.program.solve:
            self._solve(block)
        self._detect(before, self._array(block, "v")[watched], spikes)

    def _points(self, block: int) -> None:
        memory = self.memory
        current = self._array(block, "point_current")
        lists = [memory.list(f"{p.name}.nodes", memory.layout[f"{p.name}.count"]) for p in self.program.points]
        for nodes in lists:
            current[nodes] = 0.0
        for part, nodes in zip(self.program.points, lists, strict=True):
            rows = np.arange(len(nodes))
            (value,) = self._evaluate(block, part, [e for _, e in part.writes], rows, nodes)
            np.add.at(current, nodes, value)

    def _membrane(self, block: int, k: int, part: Pass) -> None:
        first, count = self.memory.layout[f"kind{k}.first"], self.memory.layout[f"kind{k}.count"]
        rows = np.arange(count)
        results = self._evaluate(block, part, [e for _, e in part.writes], rows, first + rows)
        for (target, _), value in zip(part.writes, results, strict=True):
            if target.extent is Extent.NODE:
                self._array(block, target.array, first, count)[:] = value
            else:
                self._array(block, target.array)[:] = value

    def _solve(self, block: int) -> None:
        memory = self.memory
        diagonal, right, v = (self._array(block, name) for name in ("diagonal", "right", "v"))
        first, count = memory.layout["junctions.first"], memory.layout["junctions.count"]
        diagonal[first : first + count] = memory.share("junctions.axial", count)[:, None]
        right[first : first + count] = 0.0
        kept = self._clamp(block, diagonal, right)
        edges = memory.layout["edges.count"]
        pairs = memory.list("edges.nodes", 2 * edges).reshape(-1, 2).tolist()
        coupling = memory.share("edges.coupling", edges).tolist()
        for (child, parent), u in zip(pairs, coupling, strict=True):
            inverse = 1.0 / diagonal[child]
            diagonal[parent] -= u * u * inverse
            right[child] *= inverse
            right[parent] += u * right[child]
            diagonal[child] = u * inverse
        root = memory.layout["root"]
        right[root] /= diagonal[root]
        for child, parent in reversed(pairs):
            right[child] += diagonal[child] * right[parent]
        (new,) = evaluate_all([self.program.finish], {"x": right.copy(), "v": v.copy()})
        for k in range(len(self.program.membranes)):
            start, used = memory.layout[f"kind{k}.first"], len(memory.plan.system.kinds[k].compartments)
            v[start : start + used] = new[start : start + used]
        v[first : first + count] = new[first : first + count]
        self._clamp_currents(block, right, kept)

    def _clamp(self, block: int, diagonal: Floats, right: Floats) -> list[tuple[int, Floats, Floats]]:
        kept = []
        for part in self.program.clamps:
            nodes = self.memory.list(f"{part.name}.nodes", 1)
            (held,) = self._evaluate(block, part, [e for _, e in part.writes], np.zeros(1, int), nodes)
            node = int(nodes[0])
            kept.append((node, diagonal[node].copy(), right[node].copy()))
            diagonal[node], right[node] = HUGE, HUGE * held[0]
        return kept

    def _clamp_currents(self, block: int, x: Floats, kept: list[tuple[int, Floats, Floats]]) -> None:
        memory = self.memory
        for k, (node, row, side) in enumerate(kept):
            count = memory.layout[f"clamp{k}.neighbours.count"]
            others = memory.list(f"clamp{k}.neighbours.nodes", count)
            coupling = memory.share(f"clamp{k}.neighbours.coupling", count)
            missing = row * x[node] - side - (coupling[:, None] * x[others]).sum(axis=0)
            self._array(block, f"clamp{k}.current")[0] = missing

    # ------------------------------------------------------------ looking
    def _observe(self, block: int, row: Floats) -> None:
        memory, cells = self.memory, self.memory.shape.cells
        nodes = memory.list("voltages.nodes", memory.layout["voltages.count"])
        pieces = [self._array(block, "v")[nodes].ravel()]
        pieces += [self._array(block, f"clamp{k}.current").ravel() for k in range(len(self.program.clamps))]
        for number, observer in enumerate(self.program.observers):
            name = f"observe{number}"
            rows = memory.list(f"{name}.nodes", memory.layout[f"{name}.count"])
            first = memory.layout[f"kind{observer.kind}.first"]
            values = self._evaluate(block, observer, list(observer.values), rows, first + rows)
            pieces.append(np.stack(values, axis=1).ravel())
        flat = np.concatenate(pieces)
        if len(flat) != memory.width * cells:
            raise InternalError(
                f"A sample has {len(flat)} values and room for {memory.width * cells}. Please report this."
            )
        row[: len(flat)] = flat

    def _detect(self, before: Floats, after: Floats, spikes: Floats) -> None:
        memory, cells = self.memory, self.memory.shape.cells
        level = memory.share("detectors.threshold", len(before))[:, None]
        counter = spikes[:1].view(np.int64)
        for detector, lane in np.argwhere((before < level) & (after >= level)):
            old, new = before[detector, lane], after[detector, lane]
            at = 1 + 2 * int(counter[0])
            spikes[at] = self.t + (level[detector, 0] - old) / (new - old) * self.dt
            spikes[at + 1 : at + 2].view(np.int64)[0] = detector * cells + lane
            counter[0] += 1
