"""Where a linear scheme rests: by taking out one state after the other, without a single subtraction.

Source: Grassmann, Taksar & Heyman 1985, Operations Research 33:1107. As nothing is subtracted, every occupancy is right
to a few units in the last place, however rare the state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import MechanismError


def steady_values(names: Sequence[str], flows: Mapping[tuple[str, str], Any], total: Any) -> dict[str, Any]:
    """The value of each state at rest; their sum is `total`.

    flows: the rate (1/ms) from one state to another, as numbers, arrays or expressions. States are taken out from the
    last to the second, so that a rate that may vanish should lead away from an early state.

    Raises MechanismError where a state cannot be left for an earlier one, so that the rest is not unique.

    >>> steady_values(["closed", "open"], {("closed", "open"): 1.0, ("open", "closed"): 3.0}, 1.0)
    {'closed': 0.75, 'open': 0.25}
    """
    left = dict(flows)
    entries: dict[str, dict[str, Any]] = {}
    for k in range(len(names) - 1, 0, -1):
        name, earlier = names[k], names[:k]
        away = {other: left[name, other] for other in earlier if (name, other) in left}
        if not away:
            raise MechanismError(
                f"The scheme of {', '.join(names)} has no single steady state: from {name!r} none of "
                f"{', '.join(earlier)} can be reached. Every state must be left again for a scheme to have a rest. "
                "Declare where the states start: gate(…, start=…)."
            )
        leaving = _sum(list(away.values()))
        entries[name] = {other: left[other, name] / leaving for other in earlier if (other, name) in left}
        for origin, share in entries[name].items():
            for goal, rate in away.items():
                if goal != origin:
                    through = share * rate
                    left[origin, goal] = left[origin, goal] + through if (origin, goal) in left else through
    # Relative to the first state.
    first = names[0]
    weights: dict[str, Any] = {}
    for name in names[1:]:
        shares = entries[name].items()
        into = [share if origin == first else weights[origin] * share for origin, share in shares]
        weights[name] = _sum(into) if into else 0.0
    whole = total / _sum([1.0, *weights.values()])
    return {first: whole, **{name: whole * weight for name, weight in weights.items()}}


def _sum(parts: list[Any]) -> Any:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
