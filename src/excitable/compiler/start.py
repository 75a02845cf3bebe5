"""Where a run starts: the voltage of every node, and the states of every membrane."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import MechanismError
from ..expressions import constant, evaluate, symbol, symbols_of
from ..protocols import Clamp
from ..protocols.clamp import command
from .system import Floats, Kind, Placed, System


def start_voltage(system: System) -> Floats:
    """The voltage of each node at the start, mV: (nodes, 1), or (nodes, cells) where cells differ.

    Clamped compartments start at their command, and junctions where no current flows into them.
    """
    compartments = len(system.discretisation)
    given = np.atleast_2d(system.voltage)
    levels = {clamp.node: commanded(clamp) for clamp in system.clamps}
    wide = max([given.shape[1], *(level.size for level in levels.values())])
    voltage = np.zeros((system.nodes, wide))
    voltage[:compartments] = given
    for node, level in levels.items():
        voltage[node] = level
    voltage[compartments:] = _junctions(system, voltage)
    return voltage


def commanded(clamp: Placed[Clamp]) -> Floats:
    """The potential that a clamp commands at the start, mV: one number, or one a cell."""
    numbers = {name: np.asarray(value, dtype=float) for name, value in clamp.values.items()}
    symbols = {name: symbol(name) for name in numbers}
    return np.atleast_1d(evaluate(command(clamp.what, symbols, constant(0.0)), numbers))


def _junctions(system: System, voltage: Floats) -> Floats:
    """Junctions at the mean of their neighbours, weighted by coupling."""
    compartments, tree = len(system.discretisation), system.tree
    total, weight = np.zeros_like(voltage), np.zeros((system.nodes, 1))
    for a, b in ((tree.child, tree.parent), (tree.parent, tree.child)):
        from_membrane = b < compartments
        coupling = tree.coupling[from_membrane][:, None]
        np.add.at(total, a[from_membrane], coupling * voltage[b[from_membrane]])
        np.add.at(weight, a[from_membrane], coupling)
    return np.asarray(total[compartments:] / np.maximum(weight[compartments:], 1e-300))


def start_values(kind: Kind, voltage: Any) -> dict[str, Any]:
    """The value of each state at the start, with the given voltage (n, 1) or (n, cells).

    Raises MechanismError where the equations give no number.
    """
    membrane = kind.membrane
    values: dict[str, Any] = {**kind.values, "v": voltage, "t": 0.0}
    waiting = dict(membrane.starts)
    while waiting:
        ready = [name for name, e in waiting.items() if not (symbols_of(e) & set(waiting))]
        if not ready:
            raise MechanismError(
                f"The steady values of {', '.join(waiting)} depend on each other in a circle. One must be given. "
                "Write state_variable(…, start=…) for one of them."
            )
        for name in ready:
            values[name] = evaluate(waiting.pop(name), values)
            if not np.all(np.isfinite(values[name])):
                raise MechanismError(
                    f"The state {name!r} starts at {np.ravel(values[name])[0]} with v = {np.ravel(voltage)[0]} mV. "
                    "Its law must give a number there. Check its rates for a division by zero or a root or "
                    "logarithm of "
                    "a negative number."
                )
    return {name: values[name] for name in membrane.states}
