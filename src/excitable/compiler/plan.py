"""From a system and a method to a program, and the numbers that the program reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..expressions import Expression, evaluate, simplify, simplify_all, substitute, symbol, symbols_of
from ..frozen import frozen
from ..mechanisms import Membrane
from ..methods import Method, finish, level_states, membrane_step
from ..protocols import Clamp, Stimulus
from ..protocols.clamp import command
from ..protocols.stimuli import SAMPLED, injected
from ..recordings.probes import OBSERVED
from .check import check_expressions, check_program
from .hoist import hoist
from .program import Extent, Observer, Pass, Program, Source
from .system import Kind, Placed, System, Watch

Values = dict[str, Any]


@frozen(eq=False)
class Plan:
    """A program with its numbers.

    `values` maps array names to a number, (n, 1), (1, cells) or (n, cells); `points` lists the placed stimuli of
    each points pass; `watched` the watches of each observer, as (watch, number of the expression in it).
    """

    system: System
    method: Method
    program: Program
    values: Mapping[str, Any]
    points: tuple[tuple[Placed[Stimulus], ...], ...]
    observed: tuple[tuple[Watch, ...], ...]


def plan(system: System, method: Method, dt: float) -> Plan:
    """The program of a system advanced by a method with the step `dt` (ms)."""
    planner = Planner(system, method, dt)
    return planner.plan()


class Planner:
    """Collects the passes of a program and the numbers that they read."""

    def __init__(self, system: System, method: Method, dt: float) -> None:
        self.system, self.method = system, method
        self.values: Values = {"dt": dt}
        self.solve = system.nodes > 1 or bool(system.clamps)
        self.axial = system.tree.axial(system.nodes)

    def plan(self) -> Plan:
        """The whole: every pass, and the numbers entered on the way."""
        membranes = tuple(self._membrane(k, kind) for k, kind in enumerate(self.system.kinds))
        shapes = list(dict.fromkeys(p.what.kind for p in self.system.placed))
        groups = tuple(tuple(p for p in self.system.placed if p.what.kind == shape) for shape in shapes)
        points = tuple(self._points(shape, group) for shape, group in zip(shapes, groups, strict=True))
        clamps = tuple(self._clamp(k, clamp) for k, clamp in enumerate(self.system.clamps))
        observers, observed = self._observers()
        program = Program(membranes, points, clamps, observers, finish(self.method), self.solve)
        check_program(program)
        return Plan(self.system, self.method, program, self.values, groups, observed)

    # ------------------------------------------------------------ membranes
    def _extents(self, k: int, kind: Kind) -> dict[str, Source]:
        """Where each symbol of a kind of membrane is kept."""
        sources = {name: Source(_extent_of(value), f"kind{k}.{name}") for name, value in kind.values.items()}
        sources |= {name: Source(Extent.STATE, f"kind{k}.{name}") for name in kind.membrane.states}
        sources |= {
            "v": Source(Extent.NODE, "v"),
            "dt": Source(Extent.UNIFORM, "dt"),
            "t": Source(Extent.STEP, "t"),
            "dt_states": Source(Extent.STEP, "dt_states"),
            "dt_level": Source(Extent.STEP, "dt_level"),
            "point_current": Source(Extent.NODE, "point_current"),
            "axial": Source(Extent.COMPARTMENT, f"kind{k}.axial"),
        }
        return sources

    def _membrane(self, k: int, kind: Kind) -> Pass:
        step = membrane_step(kind.membrane, self.method)
        touched = {p.node for p in self.system.placed} & set(kind.compartments.tolist())
        absent: dict[str, Any] = {"point_conductance": 0.0}
        if not touched:
            absent["point_current"] = 0.0
        if self.system.nodes == 1:
            absent["axial"] = 0.0
        diagonal, right = substitute([step.diagonal, step.right], absent)
        sources = self._extents(k, kind)
        targets = [sources[name] for name in step.states]
        expressions = list(step.states.values())
        if self.solve:
            targets += [Source(Extent.NODE, "diagonal"), Source(Extent.NODE, "right")]
            expressions += [diagonal, right]
        else:
            (new,) = substitute([finish(self.method)], {"x": right / diagonal})
            targets.append(sources["v"])
            expressions.append(new)
        numbers = {**kind.values, "dt": self.values["dt"], "axial": self.axial[kind.compartments][:, None]}
        reads, lowered = self._hoisted(f"kind{k}", simplify_all(expressions), sources, numbers)
        return Pass(f"kind{k}", reads, tuple(zip(targets, lowered, strict=True)))

    def _hoisted(
        self,
        owner: str,
        expressions: Sequence[Expression],
        sources: Mapping[str, Source],
        numbers: Mapping[str, Any],
    ) -> tuple[dict[str, Source], tuple[Expression, ...]]:
        """The expressions after hoisting, what they read, and the numbers of it entered in `values`."""
        check_expressions("planning", expressions, sources)
        result = hoist(expressions, {name: source.extent for name, source in sources.items()})
        reads = {}
        for name in sorted(symbols_of(*result.expressions)):
            if name in result.steady:
                extent, part = result.steady[name]
                reads[name] = Source(extent, f"{owner}.{name}")
                self.values[f"{owner}.{name}"] = evaluate(part, numbers)
            else:
                reads[name] = sources[name]
                if name in numbers:
                    self.values[sources[name].array] = numbers[name]
        return reads, result.expressions

    # ------------------------------------------------------------ points and clamps
    def _points(self, shape: str, group: Sequence[Placed[Stimulus]]) -> Pass:
        owner = f"points.{shape}"
        numbers = {name: symbol(name) for name in group[0].values}
        expression = simplify(injected(shape, numbers, symbol("t"), symbol("dt"), symbol("sample")))
        sources = self._numbers(owner, group)
        if shape in SAMPLED:
            sources["sample"] = Source(Extent.SERIES, f"{owner}.sample")
        reads = {name: sources[name] for name in sorted(symbols_of(expression))}
        return Pass(owner, reads, ((Source(Extent.NODE, "point_current"), expression),))

    def _clamp(self, k: int, clamp: Placed[Clamp]) -> Pass:
        owner = f"clamp{k}"
        numbers = {name: symbol(name) for name in clamp.values}
        target = command(clamp.what, numbers, symbol("t") + symbol("dt"))
        v = symbol("v")
        held = simplify(
            v + self.method.implicitness * (target - v) if self.method.implicitness != 1.0 else target + 0 * v
        )
        sources = {**self._numbers(owner, [clamp]), "v": Source(Extent.NODE, "v")}
        reads = {name: sources[name] for name in sorted(symbols_of(held))}
        return Pass(owner, reads, ((Source(Extent.NODE, "right"), held),))

    def _numbers(self, owner: str, group: Sequence[Placed[Any]]) -> dict[str, Source]:
        sources = {
            "t": Source(Extent.STEP, "t"),
            "dt": Source(Extent.UNIFORM, "dt"),
        }
        for name in group[0].values:
            rows = [p.values[name] for p in group]
            swept = any(getattr(row, "ndim", 0) for row in rows)
            # Not "{owner}.{name}": a train has a number called count, as the group of stimuli has.
            array = f"{owner}.number.{name}"
            sources[name] = Source(Extent.ELEMENT if swept else Extent.COMPARTMENT, array)
            self.values[array] = _stacked(rows, self.system.cells if swept else 1)
        return sources

    # ------------------------------------------------------------ observers
    def _observers(self) -> tuple[tuple[Observer, ...], tuple[tuple[Watch, ...], ...]]:
        observers: list[Observer] = []
        observed: list[tuple[Watch, ...]] = []
        for k, kind in enumerate(self.system.kinds):
            here = set(kind.compartments.tolist())
            watches = tuple(
                w for w in self.system.watches
                if w.probe.quantity in OBSERVED and here & set(w.compartments.tolist())
            )  # fmt: skip
            if not watches:
                continue
            level = level_states(kind.membrane, self.method)
            wanted = simplify_all([_observable(w, kind.membrane, level) for w in watches])
            numbers = {**kind.values, "dt": self.values["dt"]}
            reads, values = self._hoisted(f"observe{k}", wanted, self._extents(k, kind), numbers)
            observers.append(Observer(k, reads, values))
            observed.append(watches)
        return tuple(observers), tuple(observed)


def _observable(watch: Watch, membrane: Membrane, level: Mapping[str, Expression]) -> Expression:
    probe = watch.probe
    looked_at, _, _ = membrane.observed(probe.quantity, probe.of, probe.name)
    return substitute([looked_at], level)[0]


def _extent_of(value: Any) -> Extent:
    rows, cells = getattr(value, "shape", (1, 1))
    if rows == 1:
        return Extent.UNIFORM if cells == 1 else Extent.CELL
    return Extent.COMPARTMENT if cells == 1 else Extent.ELEMENT


def _stacked(rows: Sequence[Any], cells: int) -> Any:
    return np.stack([np.broadcast_to(np.asarray(row, dtype=float), (cells,)) for row in rows])
