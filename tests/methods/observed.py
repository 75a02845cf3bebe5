"""How fast errors shrink with the step: runs at several steps against an exact solution, and the slopes of errors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

import excitable as ex

Array = NDArray[np.float64]
Traces = Mapping[str, Array]

SIZE = 20.0
AREA_CM2 = math.pi * SIZE**2 * 1e-8
METHODS = list(ex.methods.METHODS.values())


def nanoampere(density: float) -> float:
    """The current into a compartment of 20 by 20 µm at a density in µA/cm²."""
    return density * AREA_CM2 * 1e3


def observed_order(
    simulate: Callable[[float], Traces], steps: Sequence[float], reference: Traces | None = None
) -> dict[str, list[float]]:
    """The slope of the root mean square error of each trace between one step and the next.

    `steps` fall from one to the next by whole factors. Traces are compared at the samples of the largest step. Without
    a reference the finest run, which is not judged, stands for one.
    """
    runs = [simulate(step) for step in steps]
    every = [round(steps[0] / step) for step in steps]
    at_common = [{name: trace[::k] for name, trace in run.items()} for run, k in zip(runs, every, strict=True)]
    if reference is None:
        reference, at_common, steps = at_common[-1], at_common[:-1], steps[:-1]
    slopes = {}
    for name in reference:
        errors = [root_mean_square(run[name] - reference[name]) for run in at_common]
        slopes[name] = [
            math.log(errors[k] / errors[k + 1]) / math.log(steps[k] / steps[k + 1]) for k in range(len(errors) - 1)
        ]
    return slopes


def root_mean_square(difference: Array) -> float:
    return float(np.sqrt(np.mean(np.square(difference))))


def wrong_orders(slopes: Mapping[str, Sequence[float]], order: int, within: float = 0.1) -> dict[str, list[float]]:
    """The traces whose last slope is not the order of the method."""
    return {
        name: [round(s, 3) for s in found] for name, found in slopes.items() if not abs(found[-1] - order) <= within
    }


def exact_solution(
    slope: Callable[[float, Array], Any], start: Sequence[float], times: Array, breaks: Sequence[float] = ()
) -> Array:
    """The states (states, times) of an ordinary differential equation, integrated afresh from every break.

    LSODA with a relative tolerance of 1e-12 on every state, scaled by at least 1e-3.
    """
    inner = sorted(b for b in breaks if times[0] < b < times[-1])
    edges = [float(times[0]), *inner, float(times[-1])]
    result = np.empty((len(start), len(times)))
    state = np.asarray(start, dtype=float)
    for begin, end in itertools.pairwise(edges):
        inside = (times >= begin) & (times <= end)
        wanted = np.unique(np.concatenate([[begin], times[inside], [end]]))
        found = solve_ivp(
            slope,
            (begin, end),
            state,
            method="LSODA",
            t_eval=wanted,
            rtol=1e-12,
            atol=1e-13,
            first_step=1e-6,
            max_step=0.5,
        )
        assert found.success, found.message
        result[:, inside] = found.y[:, np.searchsorted(wanted, times[inside])]
        state = found.y[:, -1]
    return result
