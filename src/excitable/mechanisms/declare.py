"""How a mechanism declares what it has: parameters and states, each with its unit and its meaning."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import MechanismError
from ..frozen import frozen
from ..units import Unit, parse, to


@frozen()
class Parameter:
    """A number of the mechanism that the user may change: default in `unit`, and what it means.

    lowest, highest: limits that it may reach.  above: a limit that it may not reach.
    """

    default: float
    unit: str
    meaning: str
    lowest: float | None = None
    highest: float | None = None
    name: str = ""
    above: float | None = None

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


# Quantities that are never negative, by their dimension.
NEVER_NEGATIVE = tuple(parse(unit).dimensions for unit in ("S/cm2", "S", "mM"))


def parameter(
    default: float | str, unit: str, meaning: str = "", *, lowest: float | None = None, highest: float | None = None,
    above: float | None = None,
) -> Any:  # fmt: skip
    """Declare a parameter in the body of a mechanism.

    default: number in `unit`, or a string with a unit.  unit: the unit in which the equations see it.
    lowest, highest, above: limits in `unit`, the last one out of reach; conductances and concentrations whose
    default is not negative are never negative.
    Raises UnitError where the default is not of that unit, MechanismError where it is outside its limits.
    """
    value = to(default, unit, what=f"the default of the parameter {meaning!r}")
    if lowest is None and value >= 0.0 and parse(unit).dimensions in NEVER_NEGATIVE:
        lowest = 0.0
    declared = Parameter(value, unit, meaning, lowest, highest, above=above)
    check_limits(declared, value, f"the default of the parameter {meaning!r}")
    return declared


def check_limits(declared: Parameter, values: Any, what: str) -> None:
    """Refuse values of a parameter that lie outside its limits.

    Raises MechanismError.
    """
    numbers = np.asarray(values, dtype=float)
    low = -np.inf if declared.lowest is None else declared.lowest
    high = np.inf if declared.highest is None else declared.highest
    over = -np.inf if declared.above is None else declared.above
    outside = numbers[(numbers < low) | (numbers > high) | (numbers <= over)]
    if outside.size:
        limits = f"at least {low:g}" if high == np.inf else f"between {low:g} and {high:g}"
        if declared.above is not None:
            limits = f"above {over:g}"
        raise MechanismError(
            f"{what} was given as {outside.flat[0]:g} {declared.unit}. It must be {limits} {declared.unit}. "
            f"Write a number in that range, such as {declared.default:g}."
        )


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
