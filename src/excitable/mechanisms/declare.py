"""How a mechanism declares what it has: parameters and states, each with its unit and its meaning."""

from __future__ import annotations

from typing import Any

from ..errors import MechanismError
from ..frozen import frozen
from ..units import Unit, parse, to


@frozen()
class Parameter:
    """A number of the mechanism that the user may change: default in `unit`, and what it means."""

    default: float
    unit: str
    meaning: str
    name: str = ""

    @property
    def measure(self) -> Unit:
        """The unit in which the equations see the parameter."""
        return parse(self.unit)


@frozen()
class State:
    """A quantity of the mechanism that changes in time; `start` is None where it starts at its steady state."""

    meaning: str
    unit: str
    start: float | None
    lowest: float | None = None
    highest: float | None = None
    name: str = ""

    @property
    def measure(self) -> Unit:
        """The unit of the state."""
        return parse(self.unit)


def parameter(default: float | str, unit: str, meaning: str = "") -> Any:
    """Declare a parameter in the body of a mechanism.

    default: number in `unit`, or a string with a unit.  unit: the unit in which the equations see it.
    Raises UnitError where the default is not of that unit.
    """
    return Parameter(to(default, unit, what=f"the default of the parameter {meaning!r}"), unit, meaning)


def state_variable(meaning: str = "", unit: str = "1", start: float | str | None = None) -> Any:
    """Declare a state in the body of a mechanism; without `start` it starts at its steady state."""
    value = None if start is None else to(start, unit, what=f"the start of the state {meaning!r}")
    return State(meaning, unit, value)


def gate(meaning: str = "", start: float | None = None) -> Any:
    """Declare a gating variable: a pure number between 0 and 1 that starts at its steady state.

    Raises MechanismError where `start` is outside [0, 1].
    """
    if start is not None and not 0.0 <= start <= 1.0:
        raise MechanismError(
            f"The gate {meaning!r} was declared to start at {start}. A gate is a fraction between 0 and 1. "
            "Write gate(start=0.5), or leave start out to begin at the steady state."
        )
    return State(meaning, "1", start, 0.0, 1.0)
