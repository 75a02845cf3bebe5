"""Cells integrated by SUNDIALS CVODE (Hindmarsh et al. 2005, ACM Trans Math Softw 31:363), through scikit-sundae.

The right-hand side is that of the equations that the mechanisms state, evaluated with NumPy; space is cut as the cell
says. Neither a method nor the compiler of the package is involved: what is compared is time integration alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sksundae.cvode import CVODE

import excitable as ex
from excitable.compiler.gather import gather
from excitable.compiler.start import start_values, start_voltage
from excitable.expressions import evaluate_all
from excitable.protocols.instants import edges_of, instant

Array = np.ndarray[Any, np.dtype[np.float64]]


class Equations:
    """The equations of one cell: y holds the voltage of each compartment, then the states of each kind."""

    def __init__(self, cell: ex.Cell, protocol: Sequence[Any], record: Sequence[Any]) -> None:
        self.system = gather(cell, protocol, record)
        self.count = len(self.system.discretisation)
        self.coupling = self._reduced()
        self.inertia = np.empty(self.count)
        self.surface = np.empty(self.count)
        for kind in self.system.kinds:
            here = kind.compartments
            self.surface[here] = 1e-2 * np.ravel(kind.values["area"])
            self.inertia[here] = 1e-5 * np.ravel(kind.values["area"]) * np.ravel(kind.values["capacitance"])
        self.held = [clamp.node for clamp in self.system.clamps]

    def _reduced(self) -> Array:
        """Axial conductances (µS) between compartments, with the points without membrane eliminated."""
        system, tree = self.system, self.system.tree
        whole = np.zeros((system.nodes, system.nodes))
        for a, b, g in zip(tree.child, tree.parent, tree.coupling, strict=True):
            whole[a, b] = whole[b, a] = -g
        np.fill_diagonal(whole, -whole.sum(axis=1))
        n = self.count
        inner, cross, outer = whole[:n, :n], whole[:n, n:], whole[n:, n:]
        return inner - cross @ np.linalg.solve(outer, cross.T) if outer.size else inner

    def start(self) -> Array:
        """Where the cell starts."""
        voltage = start_voltage(self.system)
        parts = [np.ravel(voltage[: self.count])]
        for kind in self.system.kinds:
            found = start_values(kind, voltage[kind.compartments])
            shape = (len(kind.compartments), 1)
            parts += [np.ravel(np.broadcast_to(found[name], shape)) for name in kind.membrane.states]
        return np.concatenate(parts)

    def slope(self, t: float, y: Array, window: float) -> Array:
        """dy/dt, in the smooth piece of the protocol that contains the time `window`."""
        made, voltage, at = np.empty_like(y), y[: self.count], self.count
        net = -self.coupling @ voltage
        for placed in self.system.placed:
            numbers = {name: float(value) for name, value in placed.values.items()}
            net[placed.node] += float(instant(placed.what.kind, numbers, t, window))  # type: ignore[arg-type]
        for kind in self.system.kinds:
            here, names = kind.compartments, list(kind.membrane.states)
            values: dict[str, Any] = {k: np.ravel(v) for k, v in kind.values.items()}
            values |= {"v": voltage[here], "t": t}
            size = len(here)
            values |= {name: y[at + k * size : at + (k + 1) * size] for k, name in enumerate(names)}
            wanted = [kind.membrane.current, *(kind.membrane.motions[name].rate for name in names)]
            current, *rates = evaluate_all(wanted, values)
            net[here] -= self.surface[here] * current
            for k, rate in enumerate(rates):
                made[at + k * size : at + (k + 1) * size] = rate
            at += size * len(names)
        made[: self.count] = net / self.inertia
        made[self.held] = 0.0
        return made


def solve(
    cell: ex.Cell, duration: float, times: Array, protocol: Sequence[Any], record: Sequence[Any], rtol: float = 1e-11
) -> Array:
    """The variables (times, y) of a cell at increasing times (ms), restarted at every edge of the protocol."""
    model = Equations(cell, protocol, record)
    edges = np.concatenate([edges_of(p.what, p.values) for p in (*model.system.placed, *model.system.clamps)] or [[]])
    bounds = np.unique(np.concatenate([[0.0], edges[(edges > 0.0) & (edges < duration)], [duration]]))
    y, out = model.start(), np.empty((times.size, model.start().size))
    for begin, end in pairwise(bounds):
        middle = 0.5 * (begin + end)
        for clamp in model.system.clamps:
            y[clamp.node] = commanded(clamp.values, clamp.what.steps, middle)

        inside = np.flatnonzero((times >= begin) & (times < end if end < duration else times <= end))
        wanted = np.unique(np.concatenate([[begin], times[inside], [end]]))
        solver = CVODE(_rates(model, middle), rtol=rtol, atol=1e-13, max_num_steps=1_000_000, linsolver="dense")
        found = solver.solve(wanted, y)
        assert found.success, found.message
        out[inside] = found.y[np.searchsorted(wanted, times[inside])]
        y = np.array(found.y[-1])
    return out


def _rates(model: Equations, window: float) -> Callable[[float, Array, Array], None]:
    def rates(t: float, y: Array, slope: Array) -> None:
        slope[:] = model.slope(t, y, window)

    return rates


def commanded(numbers: Any, steps: int, t: float) -> float:
    """The level of a clamp at a time."""
    for k in range(steps - 1):
        if t < numbers[f"until_{k}"]:
            return float(numbers[f"level_{k}"])
    return float(numbers[f"level_{steps - 1}"])
