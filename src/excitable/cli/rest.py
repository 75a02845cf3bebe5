"""`excitable rest`: where a preparation stands still, and whether it is stable there."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ..experiments import Rest, rest
from ..library import Preparation, choose, override
from .terminal import say


def show_rest(preparation: Preparation, settings: dict[str, str], as_json: bool) -> int:
    """Print the resting state of a preparation, as text or as JSON.

    Raises:
        UnknownNameError: There is no such setting.
        RequestError: It has no resting state, or several stable ones.
    """
    choice = choose(preparation, settings)
    found = rest(override(preparation.cell(choice.values), choice.parameters))
    if as_json:
        say(json.dumps({"name": preparation.name, **as_dictionary(found)}, ensure_ascii=True, indent=2))
    else:
        say(preparation.name)
        say(repr(found))
    return 0


def as_dictionary(found: Rest) -> dict[str, Any]:
    """A resting state as plain data: voltages in mV, eigenvalues (1/ms) as pairs, states as means over the cell."""
    return {
        "voltage": found.voltage,
        "lowest": float(found.voltages.min()),
        "highest": float(found.voltages.max()),
        "kind": found.kind,
        "stable": found.stable,
        "growing": found.growing,
        "eigenvalues": [[float(each.real), float(each.imag)] for each in found.eigenvalues],
        "states": {name: float(np.nanmean(values)) for name, values in found.states.items()},
        "conserved": list(found.conserved),
        "others": [{"voltage": other.voltage, "kind": other.kind} for other in found.others],
    }
