"""From a system and an adaptive method to the program of an attempted step, and the numbers that it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...expressions import Expression, constant, derivative, simplify_all, substitute, symbol, symbols_of, where
from ...frozen import frozen
from ...methods.rosenbrock import Adaptive
from ...methods.stages import Stages, StageWriter, Writes
from ...protocols import Clamp, Stimulus
from ...protocols.clamp import command
from ...protocols.instants import instant
from ...recordings.probes import OBSERVED
from ..plan import Planner
from ..program import Extent, Pass, Source
from ..system import Kind, Placed, System
from .control import begin, control
from .program import LANES, AdaptiveProgram, Stage

# What belongs to every node of the tree; the rest of what passes hand on belongs to a kind.
NODES = ("v", "next.v", "stage_v", "diagonal", "right", "force", "injected")


@frozen(eq=False)
class AdaptivePlan:
    """A program with its numbers; `values`, `points` and `observed` as in `Plan`.

    `watched` lists, for each kind of membrane, the compartments whose states are recorded.
    """

    system: System
    method: Adaptive
    program: AdaptiveProgram
    values: Mapping[str, Any]
    points: tuple[tuple[Placed[Stimulus], ...], ...]
    watched: tuple[tuple[int, ...], ...]


def plan_adaptive(system: System, method: Adaptive) -> AdaptivePlan:
    """The program of a system advanced by an adaptive method."""
    return _Planner(system, method).adaptive()


class _Planner(Planner):
    def __init__(self, system: System, method: Adaptive) -> None:
        self.system, self.table, self.adaptive_method = system, method.table, method
        self.values: dict[str, Any] = {
            "weight": 1.0 / method.tolerance,
            "largest": method.largest,
            "first": first_step(method),
        }
        self.solve = system.nodes > 1 or bool(system.clamps)
        self.axial = system.tree.axial(system.nodes)
        self.solutions = [f"u{stage + 1}.v" for stage in range(method.table.stages)]

    def adaptive(self) -> AdaptivePlan:
        system = self.system
        watched = tuple(tuple(sorted(self._watched(kind))) for kind in system.kinds)
        shapes = list(dict.fromkeys(p.what.kind for p in system.placed))
        groups = tuple(tuple(p for p in system.placed if p.what.kind == shape) for shape in shapes)
        stages, last, commit = self._membranes(watched)
        program = AdaptiveProgram(
            self._lanes("begin", begin(self.table)),
            tuple(self._hold(k, clamp) for k, clamp in enumerate(system.clamps)),
            tuple(self._injection(shape, group) for shape, group in zip(shapes, groups, strict=True)),
            stages,
            last,
            self._lanes("control", control(self.table)),
            commit,
            self._commit_nodes(),
            self.solve,
        )
        return AdaptivePlan(system, self.adaptive_method, program, self.values, groups, watched)

    def _watched(self, kind: Kind) -> set[int]:
        here = set(kind.compartments.tolist())
        return {
            c for w in self.system.watches if w.probe.quantity in OBSERVED for c in w.compartments.tolist() if c in here
        }

    # ------------------------------------------------------------ cells and nodes
    def _lanes(self, name: str, writes: Writes) -> Pass:
        sources = {key: Source(Extent.LANE, key) for key in LANES}
        sources |= {key: Source(Extent.UNIFORM, key) for key in ("first", "largest")}
        expressions = simplify_all(writes.values())
        reads = {key: sources[key] for key in sorted(symbols_of(*expressions))}
        return Pass(name, reads, tuple((sources[k], e) for k, e in zip(writes, expressions, strict=True)))

    def _nodes(self, name: str, target: str, expression: Expression) -> Pass:
        sources = {key: Source(Extent.LANE, key) for key in LANES}
        reads = {key: sources.get(key, Source(Extent.NODE, key)) for key in sorted(symbols_of(expression))}
        return Pass(name, reads, ((Source(Extent.NODE, target), expression),))

    def _looks(self, stage: int) -> Pass | None:
        """The voltage at which a stage looks, over all nodes; nothing where an earlier stage looked there."""
        row = self.table.a[stage]
        if not any(row) or self.table.same_point(stage) is not None:
            return None
        return self._nodes(f"stage{stage + 1}", "stage_v", _moved(row))

    def _commit_nodes(self) -> Pass:
        new = _moved(self.table.m) if self.solve else symbol("next.v")
        return self._nodes("commit", "v", where(symbol("accepted") > 0.0, new, symbol("v")))

    # ------------------------------------------------------------ membranes
    def _membranes(
        self, watched: Sequence[Sequence[int]]
    ) -> tuple[tuple[Stage, ...], tuple[Pass, ...], tuple[Pass, ...]]:
        writers = [StageWriter(kind.membrane, self.table) for kind in self.system.kinds]
        if not self.solve:
            (kind,) = self.system.kinds
            whole = self._written(0, kind, "whole", writers[0].alone(bool(watched[0])))
            return (), (whole,), (self._commit(0, kind),)
        made = [writer.coupled(bool(some)) for writer, some in zip(writers, watched, strict=True)]
        kinds = list(enumerate(self.system.kinds))
        stages = tuple(
            Stage(
                self._looks(s), tuple(self._written(k, kind, f"stage{s + 1}", made[k].stages[s]) for k, kind in kinds)
            )
            for s in range(self.table.stages)
        )
        last = tuple(self._written(k, kind, "last", self._masked(made[k])) for k, kind in kinds)
        return stages, last, tuple(self._commit(k, kind) for k, kind in kinds)

    @staticmethod
    def _masked(made: Stages) -> Writes:
        """Padding goes through the motions with voltages that the tree never solved: it has no say in the error."""
        return {**made.last, "error": made.last["error"] * symbol("real")}

    def _commit(self, k: int, kind: Kind) -> Pass:
        accepted = symbol("accepted") > 0.0
        writes = {name: where(accepted, symbol(f"next.{name}"), symbol(name)) for name in kind.membrane.states}
        return self._written(k, kind, "commit", writes)

    def _source(self, k: int, kind: Kind, name: str) -> Source:
        if name in kind.values:
            return self._extents(k, kind)[name]
        if name in NODES or name.startswith("point_current") or name in self.solutions:
            return Source(Extent.NODE, name)
        if name in LANES:
            return Source(Extent.LANE, name)
        if name == "weight":
            return Source(Extent.UNIFORM, name)
        if name in ("axial", "real"):
            return Source(Extent.COMPARTMENT, f"kind{k}.{name}")
        return Source(Extent.STATE, f"kind{k}.{name}")

    def _written(self, k: int, kind: Kind, name: str, writes: Writes) -> Pass:
        touched = {p.node for p in self.system.placed} & set(kind.compartments.tolist())
        absent = (
            {} if touched else {"injected": 0.0, **{f"point_current{s + 1}": 0.0 for s in range(self.table.stages)}}
        )
        expressions = simplify_all(substitute(list(writes.values()), absent))
        sources = {key: self._source(k, kind, key) for key in symbols_of(*expressions)}
        real = np.ones((len(kind.compartments), 1))
        numbers = {
            **kind.values,
            "weight": self.values["weight"],
            "axial": self.axial[kind.compartments][:, None],
            "real": real,
        }
        reads, lowered = self._hoisted(f"kind{k}.{name}", expressions, sources, numbers)
        targets = [self._source(k, kind, key) for key in writes]
        return Pass(f"kind{k}.{name}", reads, tuple(zip(targets, lowered, strict=True)))

    # ------------------------------------------------------------ points and clamps
    def _injection(self, shape: str, group: Sequence[Placed[Stimulus]]) -> Pass:
        """What is injected at the start of the step, and as each stage needs it: with its slope in time."""
        owner, table = f"points.{shape}", self.table
        numbers = {name: symbol(name) for name in group[0].values}
        t, step = symbol("t"), symbol("step")
        now = instant(shape, numbers, t, symbol("window"))
        slope = derivative(now, "t")
        writes = {"injected": now}
        for s in range(table.stages):
            (there,) = substitute([now], {"t": t + table.alpha[s] * step})
            writes[f"point_current{s + 1}"] = there + (table.gammas[s] * step) * slope
        sources = self._numbers(owner, group) | {key: Source(Extent.LANE, key) for key in ("t", "step", "window")}
        expressions = simplify_all(writes.values())
        reads = {name: sources[name] for name in sorted(symbols_of(*expressions))}
        return Pass(owner, reads, tuple((Source(Extent.NODE, k), e) for k, e in zip(writes, expressions, strict=True)))

    def _hold(self, k: int, clamp: Placed[Clamp]) -> Pass:
        owner = f"clamp{k}"
        numbers = {name: symbol(name) for name in clamp.values}
        level = command(clamp.what, numbers, symbol("window"))
        (held,) = simplify_all([level + 0.0 * symbol("v")])
        sources = self._numbers(owner, [clamp]) | {"window": Source(Extent.LANE, "window")}
        reads = {name: sources[name] for name in sorted(symbols_of(held))}
        return Pass(owner, reads, ((Source(Extent.NODE, "v"), held),))


def _moved(row: Sequence[float]) -> Expression:
    total = symbol("v")
    for stage, factor in enumerate(row):
        if factor:
            total = total + constant(factor) * symbol(f"u{stage + 1}.v")
    return total


def first_step(method: Adaptive) -> float:
    """The step after an edge, ms: short, for nobody knows what the edge has brought; it grows sixfold at a time."""
    return float(min(method.largest, 0.05 * method.tolerance ** (1.0 / method.order)))
