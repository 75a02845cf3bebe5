"""The right-hand side of a whole cell and its exact Jacobian, evaluated by NumPy for many points at once.

The unknowns of a point are the voltages of all nodes (compartments, then junctions), then for each kind of membrane its
states, compartment by compartment. States are local to a compartment, and compartments touch only along the tree: the
Jacobian is kept as small blocks and the tree, and never as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...compiler.start import start_values, start_voltage
from ...compiler.system import Floats, Kind, System
from ...errors import RequestError
from ...expressions import Expression, derivative, evaluate_all, simplify_all, symbols_of
from ...methods.step import PER_AREA, PER_CAPACITANCE
from ...units import parse
from .elimination import Blocks, Linear, Solver

VOLTAGE = "v"
CONCENTRATION = parse("mM").dimensions


class Dynamics:
    """The equations of one cell under constant currents.

    Attributes:
        size: How many unknowns there are.
        nodes: How many of them are voltages.
        mass: What multiplies the rate of each unknown, (size, 1): capacitance (nF) for compartments, zero for
            junctions, one for states.
        injected: Constant current into each node, nA, (nodes, 1).
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.nodes = system.nodes
        self.compartments = len(system.discretisation)
        self.kinds = [_Equations(kind) for kind in system.kinds]
        self.size = self.nodes + sum(kind.states * kind.count for kind in self.kinds)
        self.solver = Solver(system.tree, system.nodes, [kind.what.compartments for kind in self.kinds])
        self.mass = np.ones((self.size, 1))
        self.mass[: self.nodes] = 0.0
        for kind in self.kinds:
            self.mass[kind.what.compartments] = kind.capacitance
        self.injected = np.zeros((self.nodes, 1))
        self.bounds = self._bounds()
        self.positive = self._concentrations()

    # ------------------------------------------------------------ points
    def start(self) -> Floats:
        """The point at which a run would start, (size, 1)."""
        return self.at(start_voltage(self.system))

    def at(self, voltage: Floats) -> Floats:
        """The points with the given voltages of the nodes, (nodes, points), and states at their starts."""
        parts = [np.asarray(voltage, dtype=float)]
        for kind in self.kinds:
            here = voltage[kind.what.compartments]
            values = start_values(kind.what, here)
            parts += [np.broadcast_to(values[name], here.shape) for name in kind.names]
        return np.concatenate(parts)

    def split(self, point: Floats) -> tuple[Floats, list[Floats]]:
        """Voltages (nodes, points), and for each kind its states (states, compartments, points)."""
        states, first = [], self.nodes
        for kind in self.kinds:
            last = first + kind.states * kind.count
            states.append(point[first:last].reshape(kind.states, kind.count, point.shape[1]))
            first = last
        return point[: self.nodes], states

    def join(self, voltage: Floats, states: Sequence[Floats]) -> Floats:
        """The opposite of `split`."""
        return np.concatenate([voltage, *(part.reshape(-1, voltage.shape[1]) for part in states)])

    def names(self) -> list[str]:
        """What each unknown is, in words."""
        words = [f"voltage of node {k}" for k in range(self.nodes)]
        for kind in self.kinds:
            words += [f"{name} of compartment {c}" for name in kind.names for c in kind.what.compartments]
        return words

    def _bounds(self) -> tuple[Floats, Floats]:
        low, high = np.full((self.size, 1), -np.inf), np.full((self.size, 1), np.inf)
        _, lows = self.split(low)
        _, highs = self.split(high)
        for kind, below, above in zip(self.kinds, lows, highs, strict=True):
            for s, state in enumerate(kind.what.membrane.states.values()):
                below[s] = -np.inf if state.lowest is None else state.lowest
                above[s] = np.inf if state.highest is None else state.highest
        return low, high

    def _concentrations(self) -> NDArray[np.bool_]:
        """Which states can only be positive, (states of all compartments, 1)."""
        marks = [
            np.full(kind.count, state.measure.dimensions == CONCENTRATION) for kind in self.kinds
            for state in kind.what.membrane.states.values()
        ]  # fmt: skip
        return (np.concatenate(marks) if marks else np.zeros(0, dtype=bool))[:, None]

    # ------------------------------------------------------------ equations
    def rates(self, point: Floats) -> Floats:
        """The residual of each point: current into each node (nA), rate of each state (per ms). (size, points)"""
        voltage, states = self.split(point)
        ionic = np.zeros_like(voltage)
        moved = []
        for kind, here in zip(self.kinds, states, strict=True):
            current, rates = kind.rates(voltage[kind.what.compartments], here)
            ionic[kind.what.compartments] = current
            moved.append(rates)
        return self.join(self.solver.axial_current(voltage) + self.injected - ionic, moved)

    def linearise(self, point: Floats) -> tuple[Floats, Linear]:
        """The residual of each point, as `rates` gives it, and the Jacobian there."""
        voltage, states = self.split(point)
        ionic = np.zeros_like(voltage)
        moved, blocks = [], []
        for kind, here in zip(self.kinds, states, strict=True):
            current, rates, block = kind.blocks(voltage[kind.what.compartments], here)
            ionic[kind.what.compartments] = current
            moved.append(rates)
            blocks.append(block)
        residual = self.join(self.solver.axial_current(voltage) + self.injected - ionic, moved)
        return residual, Linear(self.solver, tuple(blocks), self.mass)


class _Equations:
    """One kind of membrane: current, rates and all their derivatives, as expressions to be evaluated."""

    def __init__(self, kind: Kind) -> None:
        membrane = kind.membrane
        self.what = kind
        self.names = list(membrane.states)
        self.states, self.count = len(self.names), len(kind.compartments)
        area = np.broadcast_to(np.asarray(kind.values["area"], dtype=float), (self.count, 1))
        self.surface = PER_AREA * area
        self.capacitance = PER_CAPACITANCE * area * np.asarray(kind.values["capacitance"], dtype=float)
        self.plain = [membrane.current, *(membrane.motions[name].rate for name in self.names)]
        self._refuse_time()
        self.places, self.slopes = _partials(self.plain, [VOLTAGE, *self.names])

    def _refuse_time(self) -> None:
        for what, expression in zip(["current", *self.names], self.plain, strict=True):
            if "t" in symbols_of(expression):
                raise RequestError(
                    f"The {what} of a membrane with {', '.join(m.name for m in self.what.membrane.mechanisms)} depends "
                    "on the time t. A resting state stays as it is, and needs equations that do. "
                    "Paint that mechanism after the rest was found, or give it a constant."
                )

    def _values(self, voltage: Floats, states: Floats) -> dict[str, object]:
        return {**self.what.values, "t": 0.0, VOLTAGE: voltage, **dict(zip(self.names, states, strict=True))}

    def rates(self, voltage: Floats, states: Floats) -> tuple[Floats, Floats]:
        """Outward current of each compartment (nA) and the rates of its states."""
        current, *moved = evaluate_all(self.plain, self._values(voltage, states))
        rates = np.empty_like(states)
        for s, rate in enumerate(moved):
            rates[s] = rate
        return self.surface * np.broadcast_to(current, voltage.shape), rates

    def blocks(self, voltage: Floats, states: Floats) -> tuple[Floats, Floats, Blocks]:
        """The same, with the derivatives of both by voltage and states."""
        current, *rest = evaluate_all([*self.plain, *self.slopes], self._values(voltage, states))
        rates = np.empty_like(states)
        for s, rate in enumerate(rest[: self.states]):
            rates[s] = rate
        whole = np.zeros((self.states + 1, self.states + 1, *voltage.shape))
        for (row, column), slope in zip(self.places, rest[self.states :], strict=True):
            whole[row, column] = slope
        # Small matrices last, as numpy.linalg wants them: (compartments, points, rows, columns).
        whole = np.ascontiguousarray(whole.transpose(2, 3, 0, 1))
        whole[:, :, 0, :] *= self.surface[:, :, None]
        block = Blocks(whole[:, :, 0, 0], whole[:, :, 0, 1:], whole[:, :, 1:, 0], whole[:, :, 1:, 1:])
        return self.surface * np.broadcast_to(current, voltage.shape), rates, block


def _partials(rows: Sequence[Expression], names: Sequence[str]) -> tuple[list[tuple[int, int]], list[Expression]]:
    """The partial derivatives that are not zero everywhere, with their places in the matrix."""
    places, slopes = [], []
    for i, row in enumerate(rows):
        present = symbols_of(row)
        for k, name in enumerate(names):
            if name in present:
                places.append((i, k))
                slopes.append(derivative(row, name))
    return places, simplify_all(slopes)
