"""Stimuli and commands for methods that choose their own steps: values at an instant, and edges they must not cross.

Between two edges every shape is smooth. Which piece counts is decided by a time inside the step, `window`, so that no
rounding of a time puts a stage on the wrong side of an edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import RequestError
from ..expressions import Expression, floor, sin, where
from .clamp import Clamp
from .stimuli import SAMPLED, Stimulus

# A train of more pulses than this would fill the memory with edges.
MOST_EDGES = 2_000_000


def _inside(n: Mapping[str, Any], window: Any) -> Any:
    return (window >= n["start"]) & (window < n["start"] + n["duration"])


def _pulse(n: Mapping[str, Any], t: Any, window: Any) -> Any:
    return where(_inside(n, window), n["amplitude"], 0.0)


def _train(n: Mapping[str, Any], t: Any, window: Any) -> Any:
    since = window - n["start"]
    cycle = floor(since / n["period"])
    on = (cycle >= 0.0) & (cycle < n["count"]) & (since - cycle * n["period"] < n["width"])
    return where(on, n["amplitude"], 0.0)


def _ramp(n: Mapping[str, Any], t: Any, window: Any) -> Any:
    part = (t - n["start"]) / n["duration"]
    return where(_inside(n, window), n["first"] + (n["last"] - n["first"]) * part, 0.0)


def _sine(n: Mapping[str, Any], t: Any, window: Any) -> Any:
    turns = (t - n["start"]) * (n["frequency"] * 1e-3) + n["phase"]
    wave = sin(6.283185307179586 * (turns - floor(turns)))
    return where(_inside(n, window), n["offset"] + n["amplitude"] * wave, 0.0)


INSTANTS = {"pulse": _pulse, "train": _train, "ramp": _ramp, "sine": _sine}


def instant(kind: str, numbers: Mapping[str, Any], t: Any, window: Any) -> Expression:
    """The injected current (nA) of a shape at time `t`, in the smooth piece that contains the time `window`."""
    result: Expression = INSTANTS[kind](numbers, t, window)
    return result


def edges_of(item: Stimulus | Clamp, numbers: Mapping[str, float]) -> np.ndarray[Any, Any]:
    """The times at which a stimulus or command is not smooth, ms, in any order.

    Raises RequestError for a shape that is not smooth anywhere, or has too many edges.
    """
    if isinstance(item, Clamp):
        return np.array([numbers[f"until_{k}"] for k in range(item.steps - 1)])
    if item.kind in SAMPLED:
        raise RequestError(
            f"The stimulus {item.name!r} is a {item.kind}, made of samples for steps of one length. "
            "The adaptive method chooses its own steps. Write method=staggered, or a pulse, train, ramp or sine."
        )
    if item.kind != "train":
        return np.array([numbers["start"], numbers["start"] + numbers["duration"]])
    if numbers["count"] > MOST_EDGES:
        raise RequestError(
            f"The train {item.name!r} has {numbers['count']:.0f} pulses. The adaptive method stops at every edge and "
            f"takes up to {MOST_EDGES} pulses. Write a smaller count, or run it in parts."
        )
    begins = numbers["start"] + numbers["period"] * np.arange(int(numbers["count"]))
    return np.concatenate([begins, begins + numbers["width"]])
