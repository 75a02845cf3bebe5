"""What a membrane conserves: sums of states that no rate can change, found from its equations.

The states of a kinetic scheme add up to one, an ion that only moves between two closed spaces keeps its total. Such a
sum makes the Jacobian singular, for there is a rest for every total; a search keeps the totals with which it began.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.system import Floats, Integers
from ...frozen import frozen, replace
from .dynamics import Dynamics
from .elimination import Linear

SAMPLES = 24
TINY = 1e-9


@frozen(eq=False)
class Law:
    """The conserved sums of one kind of membrane.

    Attributes:
        weights: One row a sum, (sums, 1 + states): the weight of the voltage, then of each state.
        rows: The state whose rate each sum makes redundant, (sums,).
        words: Each sum as text.
    """

    weights: Floats
    rows: Integers
    words: tuple[str, ...]


@frozen(eq=False)
class Totals:
    """The laws of all kinds, and the values that their sums had at the start, (sums, compartments, 1)."""

    laws: tuple[Law, ...]
    values: tuple[Floats, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Every conserved sum as text."""
        return tuple(word for law in self.laws for word in law.words)


def conserved(dynamics: Dynamics) -> Totals:
    """The sums that the equations of a cell conserve, with their values where a run would start.

    Sums of states of one compartment are found; where the cell is a single compartment, also sums that the voltage
    enters, such as the charge of a closed cell.
    """
    start = dynamics.start()
    residual, linear = dynamics.linearise(_samples(dynamics, start))
    flow, moved = dynamics.split(residual)
    alone = dynamics.nodes == 1
    laws = []
    for k, kind in enumerate(dynamics.kinds):
        block = linear.blocks[k]
        # A sum is conserved where neither the rates nor any of their slopes can move it.
        rows = np.concatenate([moved[k].transpose(1, 2, 0)[..., None], block.by_voltage[..., None], block.states], 3)
        if alone:
            own = flow[kind.what.compartments][..., None]
            top = np.concatenate([own, -block.conductance[..., None], -block.by_state], 2)
            rows = np.concatenate([top[:, :, None, :] / kind.capacitance[:, :, None, None], rows], 2)
        laws.append(_law(rows, alone, kind.names))
    voltage, states = dynamics.split(start)
    values = []
    for law, kind, here in zip(laws, dynamics.kinds, states, strict=True):
        values.append(_sums(law, voltage[kind.what.compartments], here))
    return Totals(tuple(laws), tuple(values))


def held(totals: Totals, dynamics: Dynamics, point: Floats, residual: Floats, linear: Linear) -> tuple[Floats, Linear]:
    """The equations of a point with each redundant rate replaced by what its sum lacks."""
    if not totals.words:
        return residual, linear
    voltage, states = dynamics.split(point)
    flow, rates = dynamics.split(residual.copy())
    blocks = []
    for law, values, kind, here, moved, block in zip(totals.laws, totals.values, dynamics.kinds, states, rates,
                                                     linear.blocks, strict=True):  # fmt: skip
        if not len(law.rows):
            blocks.append(block)
            continue
        moved[law.rows] = _sums(law, voltage[kind.what.compartments], here) - values
        inner, outer = block.states.copy(), block.by_voltage.copy()
        inner[:, :, law.rows, :] = law.weights[:, 1:]
        outer[:, :, law.rows] = law.weights[:, 0]
        blocks.append(replace(block, states=inner, by_voltage=outer))
    return dynamics.join(flow, rates), replace(linear, blocks=tuple(blocks))


def _samples(dynamics: Dynamics, start: Floats) -> Floats:
    """Points at random around the start: a law holds at all of them."""
    dice = np.random.default_rng(1)
    points = np.repeat(start, SAMPLES, axis=1)
    points[: dynamics.nodes] = dice.uniform(-90.0, 40.0, (1, SAMPLES))
    factor = dice.uniform(0.7, 1.3, (dynamics.size - dynamics.nodes, SAMPLES))
    fraction = dice.uniform(0.05, 0.95, factor.shape)
    states = points[dynamics.nodes :]
    points[dynamics.nodes :] = np.where((states >= 0.0) & (states <= 1.0) & _pure(dynamics), fraction, states * factor)
    return points


def _pure(dynamics: Dynamics) -> Any:
    """Which states are pure numbers, (states of all compartments, 1)."""
    marks = [
        np.full(kind.count, state.unit in ("1", "")) for kind in dynamics.kinds
        for state in kind.what.membrane.states.values()
    ]  # fmt: skip
    return (np.concatenate(marks) if marks else np.zeros(0, dtype=bool))[:, None]


def _law(rows: Floats, alone: bool, names: list[str]) -> Law:
    """The combinations of rows, (compartments, points, rows, columns), that vanish everywhere.

    The voltage keeps its own equation: a sum of it alone is left out.
    """
    states = len(names)
    if not rows.shape[2]:
        return Law(np.zeros((0, 1)), np.zeros(0, dtype=np.int64), ())
    table = rows.transpose(2, 0, 1, 3).reshape(rows.shape[2], -1)
    table = table[:, np.isfinite(table).all(axis=0)]
    size = np.linalg.norm(table, axis=1, keepdims=True)
    scale = np.where(size > 0.0, size, 1.0)
    left, singular, _ = np.linalg.svd(table / scale, full_matrices=False)
    found = left[:, singular < TINY * max(float(singular.max(initial=0.0)), 1.0)].T / scale[:, 0]
    weights = np.zeros((len(found), states + 1))
    weights[:, 0 if alone else 1 :] = found
    weights = weights[np.abs(weights[:, 1:]).max(axis=1, initial=0.0) > 0.0]
    weights, pivots = _reduced(weights)
    return Law(weights, pivots - 1, tuple(_words(row, ["v", *names]) for row in weights))


def _reduced(rows: Floats) -> tuple[Floats, Integers]:
    """The rows in reduced echelon form from the last column on, so that each sum names few states; its pivots."""
    rows, pivots = rows.copy(), np.zeros(len(rows), dtype=np.int64)
    taken = np.zeros(rows.shape[1], dtype=bool)
    taken[0] = True
    for k in range(len(rows)):
        free = np.where(taken, 0.0, np.abs(rows[k]))
        pivots[k] = int(np.argmax(free))
        taken[pivots[k]] = True
        rows[k] /= rows[k, pivots[k]]
        for other in range(len(rows)):
            if other != k:
                rows[other] -= rows[other, pivots[k]] * rows[k]
    rows[np.abs(rows) < 1e-7 * np.abs(rows).max(axis=1, keepdims=True, initial=0.0)] = 0.0
    # Most sums have whole weights; rounding of the decomposition must not blur them.
    whole = rows.round()
    return np.where(np.abs(rows - whole) < 1e-9, whole, rows), pivots


def _words(row: Floats, names: list[str]) -> str:
    """A sum as a person would write it."""
    words = ""
    for name, weight in zip(names, row.tolist(), strict=True):
        if abs(weight) > 1e-12 * np.abs(row).max():
            sign = ("-" if weight < 0.0 else "") if not words else " - " if weight < 0.0 else " + "
            words += sign + (name if abs(weight) == 1.0 else f"{abs(weight):.6g} {name}")
    return words


def _sums(law: Law, voltage: Floats, states: Floats) -> Floats:
    whole = np.concatenate([voltage[None], states])
    return np.asarray(np.einsum("ls,scp->lcp", law.weights, whole))
