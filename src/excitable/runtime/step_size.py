"""Which step is sensible for a model, when none is asked for."""

from __future__ import annotations

import numpy as np

from ..compiler.system import Kind, System
from ..errors import RequestError
from ..expressions import evaluate
from ..units import to

LARGEST = 0.025
SMALLEST = 0.0005
LIKED = 1_000_000
# Steps that divide a millisecond.
ROUND = (0.025, 0.02, 0.0125, 0.01, 0.005, 0.004, 0.0025, 0.002, 0.00125, 0.001, 0.0005)


def choose_step(system: System) -> float:
    """0.42 of the shortest time constant of any state between -90 and +40 mV, 0.025 ms at most.

    For the squid membrane at 6.3 °C that is 0.025 ms, which puts the last of four spikes 8 µs late after 46 ms.
    """
    wanted = 0.42 * shortest_time_constant(system)
    return next((step for step in ROUND if step <= wanted * (1 + 1e-9)), SMALLEST) if wanted < LARGEST else LARGEST


def shortest_time_constant(system: System) -> float:
    """The shortest time constant of any gate, ms; infinite where there is no gate."""
    return min((_shortest(kind) for kind in system.kinds), default=np.inf)


def _shortest(kind: Kind) -> float:
    """The shortest time constant (ms) of any gate of a kind of membrane, in any compartment of any cell."""
    gates = [name for name, state in kind.membrane.states.items() if state.highest == 1.0]
    values = {name: np.asarray(value, dtype=float) for name, value in kind.values.items()}
    middles = {name: _middle(state) for name, state in kind.membrane.states.items()}
    size = int(np.prod(np.broadcast_shapes(*(value.shape for value in values.values()))))
    # Voltages stand on an axis before compartments and cells, as many at once as memory likes.
    voltages = np.linspace(-90.0, 40.0, 66)[:, None, None]
    fastest = 0.0
    for some in np.array_split(voltages, -(-voltages.size // max(1, LIKED // size))):
        point = {**values, **middles, "v": some, "t": 0.0}
        for name in gates:
            slope = np.abs(np.asarray(evaluate(kind.membrane.motions[name].slope, point), dtype=float))
            fastest = float(np.max(slope, where=np.isfinite(slope), initial=fastest))
    return 1.0 / fastest if fastest > 0.0 else np.inf


def _middle(state: object) -> float:
    start = getattr(state, "start", None)
    return 0.5 if start is None else float(start)


def checked_step(dt: object) -> float:
    """The step that was asked for, in ms.

    Raises RequestError where it is not positive.
    """
    value = to(dt, "ms", what="the step dt")
    if value <= 0.0:
        raise RequestError(
            f"The step dt was given as {value} ms. A step must be positive. Write dt=0.025, or leave it out."
        )
    return value


def checked_duration(duration: object, dt: float) -> int:
    """The number of steps of a run.

    Raises RequestError where the duration is not positive or takes more steps than can be counted.
    """
    value = to(duration, "ms", what="the duration of the run")
    if value <= 0.0:
        raise RequestError(
            f"The duration of the run was given as {value} ms. It must be positive. Write run(cell, '100 ms')."
        )
    steps = int(np.ceil(value / dt - 1e-6))
    if steps > 2**52:
        raise RequestError(
            f"A run of {value} ms with steps of {dt} ms takes {steps} steps. That is more than can be counted exactly. "
            "Write a larger dt."
        )
    return max(steps, 1)
