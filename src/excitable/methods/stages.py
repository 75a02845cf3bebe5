"""A Rosenbrock step of one kind of membrane, as expressions: stage by stage, or all at once where nothing is coupled.

Symbols beside those of the membrane:

    step, pole            h and 1 / (γ h) of this cell, ms and 1/ms
    t                     the time at the start of the step, ms
    weight                one over the tolerance
    area, capacitance     µm² and µF/cm²
    axial                 sum of the couplings of the compartment, µS
    injected              current injected at points at the start of the step, nA
    point_current1 …      the same as each stage needs it, nA
    stage_v               the voltage at which a stage looks
    u1.v, u2.v …          what the tree gave for the voltage; u1.X … the same for a state X, kept between stages
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..expressions import (
    Expression,
    absolute,
    as_expression,
    constant,
    derivative,
    maximum,
    simplify_all,
    substitute,
    symbol,
    where,
)
from ..frozen import frozen
from ..mechanisms import Membrane
from ..mechanisms.condition import through_time
from ..mechanisms.declare import State
from .local_system import VOLTAGE, Factors, eliminate, jacobian, named
from .rosenbrock import Tableau
from .step import PER_AREA, PER_CAPACITANCE

# A step may not make an error of more than the tolerance times this; see `Adaptive`.
VOLTAGE_SCALE = 100.0
# An error that is not a number counts as this.
ENORMOUS = 1e300
SMALL = 1e-3

Writes = dict[str, Expression]


@frozen(eq=False)
class Stages:
    """What the passes of one kind of membrane write, by name.

    stages: one mapping for each.  last: the new states ("next.X"), and "error".
    """

    stages: tuple[Writes, ...]
    last: Writes


class StageWriter:
    """Writes the stages of a membrane for a tableau."""

    def __init__(self, membrane: Membrane, tableau: Tableau) -> None:
        self.membrane, self.tableau = membrane, tableau
        self.names = tuple(membrane.motions)
        self.step, self.pole = symbol("step"), symbol("pole")
        self.surface = symbol("area") * PER_AREA
        self.inertia = (symbol("area") * symbol("capacitance")) * PER_CAPACITANCE
        outward = (self.surface * membrane.current) * -1.0
        # Steps end where a condition changes; `window` is a time inside the step.
        stated = [*(membrane.motions[name].rate for name in self.names), outward]
        courses = list(membrane.courses.values())
        smooth = through_time(stated, courses, lambda course: course.at(symbol("window")))
        self.rates = dict(zip((*self.names, VOLTAGE), smooth, strict=True))
        self.in_time = {name: derivative(rate, "t") for name, rate in self.rates.items()}

    # ------------------------------------------------------------ parts
    def factors(self, coupled: bool) -> Factors:
        """The states eliminated; `coupled` adds what flows along the cell to the row of the voltage."""
        matrix = {(row, column): constant(0.0) - slope for (row, column), slope in jacobian(self.rates).items()}
        for name in self.names:
            matrix[name, name] = self.pole + matrix.get((name, name), constant(0.0))
        corner = self.pole * self.inertia + matrix.get((VOLTAGE, VOLTAGE), constant(0.0))
        matrix[VOLTAGE, VOLTAGE] = corner + symbol("axial") if coupled else corner
        return eliminate(matrix, self.names)

    def at_stage(self, stage: int, u: Mapping[tuple[int, str], Expression], voltage: Expression) -> Writes:
        """Rates of the states, and the outward side of the voltage (nA, without injection), where a stage looks."""
        table = self.tableau
        point: Writes = {VOLTAGE: voltage, "t": symbol("t") + table.alpha[stage] * self.step}
        for name in self.names:
            point[name] = _sum(symbol(name), table.a[stage], u, name)
        return dict(zip(self.rates, substitute(list(self.rates.values()), point), strict=True))

    def right(self, stage: int, rates: Mapping[str, Expression], u: Mapping[tuple[int, str], Expression]) -> Writes:
        """The right sides of a stage, from the rates where it looks."""
        table, made = self.tableau, {}
        for name, rate in rates.items():
            history = _sum(constant(0.0), table.c[stage], u, name) / self.step
            total = rate + (
                self.inertia * history + symbol(f"point_current{stage + 1}") if name == VOLTAGE else history
            )
            made[name] = total + (table.gammas[stage] * self.step) * self.in_time[name]
        return made

    def new(self, u: Mapping[tuple[int, str], Expression], name: str) -> Expression:
        """The new value of a variable."""
        return _sum(symbol(name), self.tableau.m, u, name)

    def error(self, u: Mapping[tuple[int, str], Expression]) -> Expression:
        """The largest error of any variable of a compartment, in units of the tolerance; never NaN."""
        total = constant(0.0)
        for name in (*self.names, VOLTAGE):
            raw = absolute(_sum(constant(0.0), self.tableau.e, u, name))
            scale = VOLTAGE_SCALE if name == VOLTAGE else _scale(name, self.membrane.states[name])
            total = maximum(total, _finite(as_expression(raw) / scale))
        return as_expression(total) * symbol("weight")

    # ------------------------------------------------------------ the two forms
    def coupled(self, watched: bool) -> Stages:
        """Stage by stage, for cells whose compartments are coupled; `watched` keeps the rates for the recording."""
        fresh = self.factors(coupled=True)
        factors, kept = named(fresh)
        table = self.tableau
        u: dict[tuple[int, str], Expression] = {}
        made: list[Writes] = []
        for stage in range(table.stages):
            writes = self._found(factors, stage - 1, u) if stage else {}
            rates = self._rates(stage, u, writes)
            # The first pass makes the factors, and cannot read what it has not written yet.
            right = (factors if stage else fresh).forward(self.right(stage, rates, u))
            if stage == 0:
                writes |= kept
                writes["diagonal"] = fresh.corner
                writes["force"] = rates[VOLTAGE] + symbol("injected")
                writes |= {f"rate.{name}": rates[name] for name in self.names if watched}
            writes |= {f"u{stage + 1}.{name}": right[name] for name in self.names}
            writes["right"] = right[VOLTAGE]
            made.append(_tidied(writes))
            # Later passes read what this one has written.
            u |= {(stage - 1, name): symbol(f"u{stage}.{name}") for name in self.names if stage}
        self._found(factors, table.stages - 1, u)
        last = {f"next.{name}": self.new(u, name) for name in self.names}
        return Stages(tuple(made), _tidied({**last, "error": self.error(u)}))

    def _found(self, factors: Factors, stage: int, u: dict[tuple[int, str], Expression]) -> Writes:
        """Enter the solution of a stage in `u`, now that the tree has given the voltage's part; returns the states'."""
        voltage = symbol(f"u{stage + 1}.v")
        states = factors.backward({name: symbol(f"u{stage + 1}.{name}") for name in self.names}, voltage)
        u |= {(stage, name): e for name, e in states.items()}
        u[stage, VOLTAGE] = voltage
        return {f"u{stage + 1}.{name}": e for name, e in states.items()}

    def _rates(self, stage: int, u: Mapping[tuple[int, str], Expression], writes: Writes) -> Writes:
        """Rates where a stage looks, kept for later stages that look at the same point."""
        table = self.tableau
        earlier = table.same_point(stage)
        if earlier is not None:
            return {name: symbol(f"kept{earlier + 1}.{name}") for name in self.rates}
        rates = self.at_stage(stage, u, symbol("stage_v") if any(table.a[stage]) else symbol(VOLTAGE))
        if any(table.same_point(later) == stage for later in range(stage + 1, table.stages)):
            writes.update({f"kept{stage + 1}.{name}": rate for name, rate in rates.items()})
        return rates

    def alone(self, watched: bool) -> Writes:
        """The whole step at once, for a single compartment."""
        factors, table = self.factors(coupled=False), self.tableau
        u: dict[tuple[int, str], Expression] = {}
        known: list[Writes] = []
        inverse = 1.0 / factors.corner
        for stage in range(table.stages):
            earlier = table.same_point(stage)
            voltage = _sum(symbol("v"), table.a[stage], u, VOLTAGE)
            rates = self.at_stage(stage, u, voltage) if earlier is None else known[earlier]
            known.append(rates)
            right = factors.forward(self.right(stage, rates, u))
            found = right[VOLTAGE] * inverse
            u[stage, VOLTAGE] = found
            u.update({(stage, name): e for name, e in factors.backward(right, found).items()})
        writes = {f"next.{name}": self.new(u, name) for name in (*self.names, VOLTAGE)}
        writes["error"] = self.error(u)
        writes["force"] = known[0][VOLTAGE] + symbol("injected")
        writes.update({f"rate.{name}": known[0][name] for name in self.names if watched})
        return _tidied(writes)


def _sum(start: Expression, row: Sequence[float], u: Mapping[tuple[int, str], Expression], name: str) -> Expression:
    total = start
    for stage, factor in enumerate(row):
        if factor:
            total = total + factor * u[stage, name]
    return total


def _scale(name: str, declared: State) -> Expression:
    """What an error of a state is measured by: its range where it has one, else its size."""
    if declared.lowest is not None and declared.highest is not None:
        return constant(declared.highest - declared.lowest)
    floor = SMALL * abs(declared.start) if declared.start else 1e-6
    return as_expression(absolute(symbol(name))) + floor


def _finite(error: Expression) -> Expression:
    return as_expression(where(error < ENORMOUS, error, ENORMOUS))


def _tidied(writes: Writes) -> Writes:
    return dict(zip(writes, simplify_all(writes.values()), strict=True))
