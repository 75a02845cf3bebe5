"""Which step is sensible for a model, when none is asked for."""

from __future__ import annotations

import numpy as np

from ..compiler.start import start_values
from ..compiler.system import Kind, System
from ..errors import RequestError
from ..expressions import evaluate
from ..units import to

# Of the shortest time constant; half of it where a gate is slower than SLOW (ms).
SHARE = 0.42
SLOW = 100.0
# Of a scheme, 1/ms: what is faster is in equilibrium within a step, and the step of a scheme damps it.
SLAVED = 40.0
LARGEST = 0.025
SMALLEST = 0.0005
LIKED = 1_000_000
# Steps that divide a millisecond.
ROUND = (0.025, 0.02, 0.0125, 0.01, 0.005, 0.004, 0.0025, 0.002, 0.00125, 0.001, 0.0005)


def choose_step(system: System) -> float:
    """0.42 of the shortest time constant of any gate between -90 and +40 mV, 0.025 ms at most.

    Half of that where the longest is 100 ms or more: there spikes push a gate that remembers them, and their errors
    add up. Over random cells that fire for half a second the last spike is then off by about 50 µs (median), where it
    was 220 µs. For the squid membrane at 6.3 °C the step is 0.025 ms, which puts the last of four spikes 8 µs late
    after 46 ms.
    """
    shortest, longest = _time_constants(system)
    return _rounded((SHARE if longest < SLOW else 0.5 * SHARE) * shortest)


def fast_enough(system: System) -> float:
    """The step that the fastest gate alone asks for, ms."""
    return _rounded(SHARE * shortest_time_constant(system))


def _rounded(wanted: float) -> float:
    return next((step for step in ROUND if step <= wanted * (1 + 1e-9)), SMALLEST) if wanted < LARGEST else LARGEST


def shortest_time_constant(system: System) -> float:
    """The shortest time constant of any gate, ms; infinite where there is no gate."""
    return _time_constants(system)[0]


def _time_constants(system: System) -> tuple[float, float]:
    """The shortest and the longest time constant of any gate, ms; infinite and zero where there is no gate."""
    pairs = [_slopes(kind) for kind in system.kinds]
    fastest = max((pair[0] for pair in pairs), default=0.0)
    slowest = min((pair[1] for pair in pairs), default=np.inf)
    return (1.0 / fastest if fastest > 0.0 else np.inf), (1.0 / slowest if slowest > 0.0 else np.inf)


def _slopes(kind: Kind) -> tuple[float, float]:
    """The largest and the smallest rate (1/ms) of any gate of a kind of membrane, in any compartment of any cell."""
    gates = [name for name, state in kind.membrane.states.items() if state.highest == 1.0]
    turning = {name for schemes in kind.membrane.schemes.values() for scheme in schemes for name in scheme.states}
    values = {name: np.asarray(value, dtype=float) for name, value in kind.values.items()}
    # Gates half open, and other states, such as concentrations, where they start.
    starts = start_values(kind, np.array([[-65.0]]))
    middles = {name: 0.5 if name in gates else np.asarray(value, dtype=float) for name, value in starts.items()}
    size = int(np.prod(np.broadcast_shapes(*(value.shape for value in values.values()))))
    # Voltages stand on an axis before compartments and cells, as many at once as memory likes.
    voltages = np.linspace(-90.0, 40.0, 66)[:, None, None]
    fastest, slowest = 0.0, np.inf
    for some in np.array_split(voltages, -(-voltages.size // max(1, LIKED // size))):
        point = {**values, **middles, "v": some, "t": 0.0}
        for name in gates:
            slope = np.abs(np.asarray(evaluate(kind.membrane.motions[name].slope, point), dtype=float))
            if name in turning:
                fastest = float(np.max(np.minimum(slope, SLAVED), where=np.isfinite(slope), initial=fastest))
                continue
            fastest = float(np.max(slope, where=np.isfinite(slope), initial=fastest))
            # A rate of zero is that of a gate that does not move.
            slowest = float(np.min(slope, where=slope > 0.0, initial=slowest))
    return fastest, slowest


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
