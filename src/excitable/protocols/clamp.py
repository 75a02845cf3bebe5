"""The ideal voltage clamp: the potential of one compartment is commanded, and the current that this takes is "
"measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import RequestError
from ..expressions import Expression, where
from ..frozen import frozen
from ..morphology.places import Location, as_location
from ..units import to


@frozen(eq=False)
class Clamp:
    """A voltage clamp at a place: levels in mV, each held until a time in ms."""

    at: Location
    name: str
    numbers: Mapping[str, float]
    steps: int
    label: str = ""


def voltage_clamp(*, at: Any, levels: Sequence[tuple[Any, Any]], name: str = "clamp") -> Clamp:
    """Hold the potential of one compartment at a sequence of levels.

    levels: pairs (duration, level), in ms and mV; the last level holds to the end of the run.

    The clamp is ideal: no series resistance, no limit of current. The recorded current (`clamp_current`) is the mean
    over the step that ends at the sample, so that the charge of a capacitive transient is right.

    >>> from excitable.morphology import soma
    >>> voltage_clamp(at=soma, levels=[("5 ms", "-65 mV"), (20, 0)]).steps
    2

    Raises RequestError for no levels or a duration that is not positive.
    """
    if not levels:
        raise RequestError(
            f"The clamp {name!r} has no levels. A clamp holds at least one. Write levels=[('5 ms', '-65 mV')]."
        )
    numbers, until = {}, 0.0
    for k, (duration, level) in enumerate(levels):
        length = to(duration, "ms", what=f"the duration of level {k + 1} of {name}", infinite=True)
        if length <= 0.0:
            raise RequestError(
                f"Level {k + 1} of the clamp {name!r} lasts {length} ms. A duration must be positive. "
                "Write levels=[(5, -65), (20, 0)] as (duration in ms, level in mV)."
            )
        until = min(until + length, 1e15)
        numbers[f"level_{k}"] = to(level, "mV", what=f"level {k + 1} of {name}")
        numbers[f"until_{k}"] = until
    return Clamp(as_location(at), name, numbers, len(levels), f"{name} at {at!r}")


def command(clamp: Clamp, numbers: Mapping[str, Any], t: Any) -> Expression:
    """The commanded potential (mV) at time `t`, for expressions, numbers or arrays."""
    level = numbers[f"level_{clamp.steps - 1}"]
    for k in reversed(range(clamp.steps - 1)):
        level = where(t < numbers[f"until_{k}"], numbers[f"level_{k}"], level)
    result: Expression = level
    return result
