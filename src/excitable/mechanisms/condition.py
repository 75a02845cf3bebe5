"""Conditions: what acts on a membrane from outside, such as light, pressure or a ligand, constant or in pulses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import MechanismError
from ..expressions import Expression, floor, maximum, minimum, simplify, symbol, where
from ..expressions.node import rebuild
from ..frozen import frozen
from .declare import Parameter
from .mechanism import Mechanism
from .variables import STIMULI, may_be_provided, unit_of_variable

# What is never below zero; the tension in a membrane, and a wavelength, are among it.
UNSIGNED = ("light", "wavelength", "tension", "stretch")
# A stretch of time that is nothing, ms: a mean over it is the value at an instant.
INSTANT = 1e-9
MOST_EDGES = 1_000_000


@frozen(eq=False)
class Course:
    """When a train of pulses is on. The numbers are symbols; see `Membrane.courses`.

    A course is 1 in a pulse and 0 outside; it stands in the equations as `now`, at the time t. Methods with fixed steps
    put its mean over a step in that place, others the piece that a step is in.
    """

    start: Expression
    duration: Expression
    period: Expression
    count: Expression

    @property
    def now(self) -> Expression:
        """1 where the time t is in a pulse, 0 elsewhere."""
        return self.at(symbol("t"))

    def at(self, time: Any) -> Expression:
        """1 in a pulse, 0 elsewhere."""
        since = time - self.start
        cycle = floor(since / self.period)
        on = (cycle >= 0.0) & (cycle < self.count) & (since - cycle * self.period < self.duration)
        value: Expression = where(on, 1.0, 0.0)
        return simplify(value) if isinstance(value, Expression) else value

    def mean(self, middle: Any, width: Any) -> Expression:
        """The part of a stretch of time around `middle` that lies in pulses."""
        whole = maximum(width, INSTANT)

        def spent(time: Any) -> Any:
            """The time in pulses before `time`."""
            cycles = minimum(maximum((time - self.start) / self.period, 0.0), self.count)
            done = floor(cycles)
            return done * self.duration + minimum((cycles - done) * self.period, self.duration)

        share: Expression = (spent(middle + 0.5 * whole) - spent(middle - 0.5 * whole)) / whole
        return share


def through_time(
    expressions: Sequence[Expression], courses: Sequence[Course], look: Callable[[Course], Expression]
) -> list[Expression]:
    """The expressions with every course as it is looked at: a mean over a step, or the piece that a step is in."""
    return rebuild(expressions, {course.now: look(course) for course in courses}) if courses else list(expressions)


def edges_of(numbers: Mapping[str, float], name: str) -> np.ndarray[Any, Any]:
    """The times at which a condition changes, ms, from its parameters.

    Raises MechanismError for more edges than a run can stop at.
    """
    count = numbers["count"]
    if count > MOST_EDGES:
        raise MechanismError(
            f"The condition {name!r} has {count:.0f} pulses, and a method that chooses its steps stops at each. It "
            f"takes up to {MOST_EDGES}. Write a smaller count, or another method."
        )
    begins = numbers["start"] + numbers["period"] * np.arange(int(count))
    return np.concatenate([begins, begins + numbers["duration"]])


class Condition(Mechanism):
    """What acts on a piece of membrane from outside: paint it where channels read it.

    variable: light (mW/mm2), wavelength (nm), tension (mN/m), pressure (kPa), stretch (1), temperature (°C), or the
    concentration of anything in a place, such as "glutamate_outside" (mM).  value: what holds.  pulse: what holds in a
    pulse.  start, duration, period: of pulses, ms.  count: how many.  All are parameters: they may vary along the
    cell or in a sweep.

    >>> Condition("light", pulse="5 mW/mm2", start="10 ms", duration="20 ms")
    Condition('light', 0.0, pulse=5.0, start=10.0, duration=20.0)

    Raises MechanismError for a variable that nobody may set, a value out of range, or pulses that overlap.
    """

    variable: str
    value: Any
    pulse: Any
    start: Any
    duration: Any
    period: Any
    count: Any

    def __init__(
        self, variable: str, value: Any = 0.0, *, pulse: Any = None, start: Any = 0.0, duration: Any = None,
        period: Any = None, count: int = 1,
    ) -> None:  # fmt: skip
        if not isinstance(variable, str) or not may_be_provided(variable) or variable.startswith("e_"):
            raise MechanismError(
                f"{variable!r} was given as a condition. Conditions are {', '.join(STIMULI)}, temperature, and "
                "concentrations in a place. Write Condition('light', …) or Condition('glutamate_outside', …)."
            )
        if (pulse is None) != (duration is None):
            missing, found = ("pulse", "duration") if pulse is None else ("duration", "pulse")
            raise MechanismError(
                f"The condition {variable!r} was given a {found} and no {missing}. A pulse has both. "
                "Write pulse=…, duration='20 ms', or neither."
            )
        given = {"value": value}
        if pulse is not None:
            given |= {"pulse": pulse, "start": start, "duration": duration, "count": count}
            given["period"] = duration if period is None else period
        fields = self.__dict__
        fields["variable"] = variable
        fields["parameters"] = {
            k: d for k, d in _declared(unit_of_variable(variable) or "1", variable).items() if k in given
        }
        super().__init__(name=variable, **given)
        if pulse is not None:
            self._refuse_overlap()

    def _refuse_overlap(self) -> None:
        numbers = [getattr(self, key) for key in ("duration", "period", "count")]
        if not all(isinstance(number, float) for number in numbers):
            return
        duration, period, count = numbers
        if count != int(count) or duration > period:
            raise MechanismError(
                f"The condition {self.variable!r} was given {count:g} pulses of {duration:g} ms every {period:g} ms. "
                "They are a whole number, and a pulse ends before the next begins. "
                "Write a period of at least the duration."
            )

    def __repr__(self) -> str:
        given = [f"{key}={getattr(self, key)!r}" for key in ("pulse", "start", "duration") if key in self.parameters]
        if given and self.count != 1.0:
            given += [f"period={self.period!r}", f"count={self.count!r}"]
        return f"Condition({', '.join([repr(self.variable), repr(self.value), *given])})"

    @property
    def course(self) -> Course | None:
        """When its pulses are on, in terms of its own numbers; None where it is constant."""
        if "pulse" not in self.parameters:
            return None
        return Course(self.start, self.duration, self.period, self.count)

    def reads(self, method: str) -> tuple[str, ...]:
        """Pulses read the time."""
        return ("t",) if method == "provides" and "pulse" in self.parameters else ()

    def provides(self, *variables: Any) -> Mapping[str, Any]:
        """The variable: what holds now."""
        course = self.course
        if course is None:
            return {self.variable: self.value}
        on = course.at(variables[0])
        return {self.variable: self.value + (self.pulse - self.value) * on}


def _declared(unit: str, variable: str) -> dict[str, Parameter]:
    low, high = (0.0, 60.0) if variable == "temperature" else (None, None)
    if variable in UNSIGNED or unit == "mM":
        low = 0.0
    return {
        "value": Parameter(0.0, unit, "what holds", low, high, "value"),
        "pulse": Parameter(0.0, unit, "what holds in a pulse", low, high, "pulse"),
        "start": Parameter(0.0, "ms", "start of the first pulse", 0.0, None, "start"),
        "duration": Parameter(1.0, "ms", "duration of a pulse", None, None, "duration", 0.0),
        "period": Parameter(1.0, "ms", "from one pulse to the next", None, None, "period", 0.0),
        "count": Parameter(1.0, "1", "number of pulses", 1.0, None, "count"),
    }
