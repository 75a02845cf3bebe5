"""Linear equations of a whole cell: states are eliminated inside their compartment, voltages along the tree.

Everything works on many points, or many shifts, at once, and on complex numbers where the shift is complex. The cost
grows linearly with the number of compartments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...compiler.system import Floats, Integers, Tree
from ...frozen import frozen

Numbers = NDArray[Any]


@frozen(eq=False)
class Blocks:
    """The Jacobian inside the compartments of one kind of membrane.

    Attributes:
        conductance: Slope of the outward current by the voltage, µS, (compartments, points).
        by_state: Slope of the outward current by each state, nA, (compartments, points, states).
        by_voltage: Slope of each rate by the voltage, 1/(ms mV), (compartments, points, states).
        states: Slope of each rate by each state, 1/ms, (compartments, points, states, states).
    """

    conductance: Floats
    by_state: Floats
    by_voltage: Floats
    states: Floats


class Solver:
    """The tree of a cell, ready to solve diagonal · x - Σ coupling · x_neighbour = right."""

    def __init__(self, tree: Tree, nodes: int, compartments: Sequence[Integers]) -> None:
        self.tree, self.nodes = tree, nodes
        self.compartments = tuple(compartments)
        self.axial = tree.axial(nodes)[:, None]
        self.levels = _levels(tree, nodes)

    def axial_current(self, voltage: Floats) -> Floats:
        """The current that flows into each node from its neighbours, nA."""
        flow = np.zeros_like(voltage)
        along = self.tree.coupling[:, None] * (voltage[self.tree.child] - voltage[self.tree.parent])
        np.add.at(flow, self.tree.parent, along)
        np.subtract.at(flow, self.tree.child, along)
        return flow

    def pivots(self, diagonal: Numbers) -> Numbers:
        """What remains of the diagonal after elimination from the leaves to the root; their product is the
        determinant."""
        left = diagonal.copy()
        for child, parent, coupling in self.levels:
            np.subtract.at(left, parent, coupling**2 / left[child])
        return left

    def solve(self, diagonal: Numbers, right: Numbers) -> Numbers:
        """The voltages, (nodes, points)."""
        left = self.pivots(diagonal)
        shape = np.broadcast_shapes(right.shape, left.shape)
        sums = np.array(np.broadcast_to(right, shape), dtype=np.result_type(left, right))
        for child, parent, coupling in self.levels:
            np.add.at(sums, parent, coupling * sums[child] / left[child])
        found = sums / left
        for child, parent, coupling in reversed(self.levels):
            found[child] = (sums[child] + coupling * found[parent]) / left[child]
        return found


@frozen(eq=False)
class Linear:
    """The Jacobian J of a cell at some points, and its mass M: what `solve` solves is (J - shift M) x = right."""

    solver: Solver
    blocks: tuple[Blocks, ...]
    mass: Floats

    def solve(self, right: Numbers, shift: Any = 0.0) -> Numbers:
        """The solution, (size, points); `shift` is a number or one a point, 1/ms."""
        solver, shift = self.solver, np.atleast_1d(shift)
        nodes, points = solver.nodes, right.shape[1]
        wide = np.result_type(right, shift, np.float64)
        admittance = self.admittance(shift)
        # Inflow of current is what the rows of voltages hold; the tree is solved for its opposite.
        drive = np.array(-right[:nodes], dtype=wide)
        kept, first = [], nodes
        for where, block in zip(solver.compartments, self.blocks, strict=True):
            states, count = block.states.shape[-1], len(where)
            last = first + states * count
            below = right[first:last].reshape(states, count, points).transpose(1, 2, 0)
            kept.append((where, block, slice(first, last), below))
            drive[where] -= np.einsum("cps,cps->cp", block.by_state, self.inside(block, shift, below))
            first = last
        found = np.empty(right.shape, dtype=wide)
        found[:nodes] = solver.solve(admittance, drive)
        for where, block, rows, below in kept:
            inner = self.inside(block, shift, below - block.by_voltage * found[where][:, :, None])
            found[rows] = inner.transpose(2, 0, 1).reshape(-1, points)
        return found

    def admittance(self, shift: Any = 0.0) -> Numbers:
        """The diagonal of the voltage equations once the states are eliminated, µS, (nodes, points or shifts)."""
        shift = np.atleast_1d(shift)
        solver = self.solver
        points = max([shift.size, *(block.conductance.shape[1] for block in self.blocks)])
        diagonal = np.zeros((solver.nodes, points), dtype=np.result_type(shift, np.float64))
        diagonal += solver.axial + shift * self.mass[: solver.nodes]
        for where, block in zip(solver.compartments, self.blocks, strict=True):
            follow = self.inside(block, shift, block.by_voltage)
            diagonal[where] += block.conductance - np.einsum("cps,cps->cp", block.by_state, follow)
        return diagonal

    @staticmethod
    def inside(block: Blocks, shift: Numbers, right: Numbers) -> Numbers:
        """(D - shift)⁻¹ right in each compartment."""
        states = block.states.shape[-1]
        if not states:
            return np.zeros(np.broadcast_shapes(right.shape, (1, shift.size, 0)), dtype=np.result_type(right, shift))
        matrix = block.states - shift[None, :, None, None] * np.eye(states)
        shape = np.broadcast_shapes(matrix.shape[:2], right.shape[:2])
        right = np.broadcast_to(right, (*shape, states))
        return np.asarray(_solved(np.broadcast_to(matrix, (*shape, states, states)), right))

    def whole(self, point: int = 0) -> Floats:
        """The matrix of d/dt of compartments and states, (size, size), for cells that are small enough.

        Junctions have no rate of their own; they are eliminated.
        """
        solver = self.solver
        compartments = sum(len(where) for where in solver.compartments)
        network = np.zeros((solver.nodes, solver.nodes))
        tree = solver.tree
        for a, b in ((tree.child, tree.parent), (tree.parent, tree.child)):
            network[a, b] += tree.coupling
        network -= np.diag(solver.axial[:, 0])
        inner, joints = slice(0, compartments), slice(compartments, None)
        if solver.nodes > compartments:
            network = network[inner, inner] - network[inner, joints] @ np.linalg.solve(
                network[joints, joints], network[joints, inner]
            )
        size = compartments + sum(len(w) * b.states.shape[-1] for w, b in zip(solver.compartments, self.blocks,
                                                                              strict=True))  # fmt: skip
        matrix = np.zeros((size, size))
        matrix[inner, inner] = network
        first = compartments
        for where, block in zip(solver.compartments, self.blocks, strict=True):
            states, count = block.states.shape[-1], len(where)
            rows = first + np.arange(states)[None, :] * count + np.arange(count)[:, None]
            matrix[where, where] -= block.conductance[:, point]
            matrix[where[:, None], rows] = -block.by_state[:, point]
            matrix[rows, where[:, None]] = block.by_voltage[:, point]
            matrix[rows[:, :, None], rows[:, None, :]] = block.states[:, point]
            first += states * count
        matrix[:compartments] /= self.mass[:compartments]
        return matrix


def _solved(matrix: Numbers, right: Numbers) -> Numbers:
    """Many small systems; where one is singular, its solution is not a number."""
    try:
        return np.asarray(np.linalg.solve(matrix, right[..., None])[..., 0])
    except np.linalg.LinAlgError:
        found = np.full(right.shape, np.nan, dtype=np.result_type(matrix, right))
        for index in np.ndindex(right.shape[:2]):
            try:
                found[index] = np.linalg.solve(matrix[index], right[index])
            except np.linalg.LinAlgError:
                continue
        return found


def _levels(tree: Tree, nodes: int) -> list[tuple[Integers, Integers, Floats]]:
    """Children of one depth together, deepest first, with their parents and couplings (n, 1)."""
    depth = np.zeros(nodes, dtype=np.int64)
    for child, parent in zip(tree.child[::-1].tolist(), tree.parent[::-1].tolist(), strict=True):
        depth[child] = depth[parent] + 1
    deep = depth[tree.child]
    edges = np.flatnonzero(np.diff(deep)) + 1
    groups = np.split(np.arange(len(deep)), edges) if len(deep) else []
    return [(tree.child[g], tree.parent[g], tree.coupling[g][:, None]) for g in groups]
