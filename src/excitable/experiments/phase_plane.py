"""The phase plane of a cell with two variables: nullclines, fixed points with their type, and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError, UnknownNameError, nearest
from ..frozen import field, frozen
from ..morphology import root
from ..units import to
from .equilibrium.dynamics import Dynamics
from .equilibrium.plane import Plane, zero_curves
from .rest import dynamics_of
from .words import lines, listed, number

VOLTAGES = (-90.0, 60.0)
GRID, ARROWS = 241, 21
# Of the plane: how far from a saddle its separatrices begin, and how close two fixed points are one.
NEAR, SAME = 1e-5, 1e-6


@frozen(eq=False)
class FixedPoint:
    """A place in the plane where both variables stand still.

    Attributes:
        v, w: The voltage, mV, and the other variable.
        kind: "stable node", "stable focus", "saddle", "unstable focus", "unstable node" or "centre".
        eigenvalues: 1/ms, (2,).
        directions: The eigenvectors, as columns, (2, 2); not numbers where they are complex.
    """

    v: float
    w: float
    kind: str
    eigenvalues: NDArray[np.complex128]
    directions: Floats


@frozen(eq=False, repr=False)
class PhasePlane:
    """The plane of the voltage and one other variable.

    Attributes:
        name, unit: The other variable, "MorrisLecarPotassium.w" in "1".
        v_range, w_range: What was looked at.
        fixed_points: By rising voltage.
        v_nullclines, w_nullclines: Curves on which each variable stands still, each (2, points).
        separatrices: The ways into each saddle, which part the plane, each (2, points).
        trajectories: The ways from the starts that were asked for, each (2, points).
        arrows: Places, (2, arrows), and the rates there, per ms, (2, arrows).
        current: The constant current, nA.
        held: States that were held, with their values.
    """

    name: str
    unit: str
    v_range: tuple[float, float]
    w_range: tuple[float, float]
    fixed_points: tuple[FixedPoint, ...]
    v_nullclines: tuple[Floats, ...] = field(repr=False)
    w_nullclines: tuple[Floats, ...] = field(repr=False)
    separatrices: tuple[Floats, ...] = field(repr=False)
    trajectories: tuple[Floats, ...] = field(repr=False)
    arrows: tuple[Floats, Floats] = field(repr=False)
    current: float
    held: Mapping[str, float]

    def __repr__(self) -> str:
        title = f"Phase plane of the voltage and {self.name}"
        if self.current:
            title += f", under {number(self.current)} nA"
        rows = [
            (each.kind, f"{each.v:.2f} mV, {number(each.w)}: {_pair(each.eigenvalues)} /ms")
            for each in self.fixed_points
        ]  # fmt: skip
        if not rows:
            rows.append(("fixed points", "none in this part of the plane"))
        if self.held:
            rows.append(("held", listed(f"{name} {number(value)}" for name, value in self.held.items())))
        return lines(title, rows)


def phase_plane(
    cell: Cell,
    *,
    current: Any = 0.0,
    at: Any = root,
    hold: Mapping[str, float] | None = None,
    voltages: tuple[Any, Any] = VOLTAGES,
    values: tuple[float, float] | None = None,
    starts: Sequence[tuple[float, float]] = (),
    duration: Any = 1000.0,
) -> PhasePlane:
    """Nullclines and fixed points of a cell with the voltage and one state.

    A cell with more states is seen with all but one of them held: what is fast, at one moment of what is slow
    (FitzHugh 1960, J Gen Physiol 43:867).

    Args:
        cell: A cell of one compartment.
        current: A constant current into it, nA.
        at: Where it goes in.
        hold: States to hold, by name, as {"SquidPotassium.n": 0.32}.
        voltages: The part of the plane to look at, mV.
        values: The part of the other variable; by default where its nullcline lies, or 0 to 1 for a gate.
        starts: Places (v, w) from which to follow the cell.
        duration: For how long, ms.

    Raises:
        RequestError: The cell has several compartments, or other than one state that is not held.
        UnknownNameError: A state to be held that the cell does not have.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> phase_plane(patch, hold={"SquidSodium.h": 0.596, "SquidPotassium.n": 0.318})
    Phase plane of the voltage and SquidSodium.m
      stable node  -64.95 mV, 0.05324: -0.2165, -4.676 /ms
      saddle       -62.41 mV, 0.07151: 0.2487, -4.673 /ms
      stable node  48.92 mV, 0.9992: -8.898, -72.02 /ms
      held         SquidSodium.h 0.596, SquidPotassium.n 0.318
    """
    dynamics = dynamics_of(cell, current, at)
    held = dict(hold or {})
    name, plane = _plane(cell, dynamics, held)
    low, high = (to(each, "mV", what="a limit of the voltage") for each in voltages)
    if not low < high:
        raise RequestError(
            f"The voltages of the plane were given as {voltages!r}. Expected two, the lower one first. "
            "Write voltages=(-90, 60)."
        )
    up = _values(dynamics, plane, name, (low, high), values)
    drawn = _Drawing(plane, (low, high), up)
    length = to(duration, "ms", what="the duration of the trajectories")
    paths = tuple(plane.path(np.array(each, dtype=float), length, drawn.size)[1] for each in starts)
    unit = dynamics.kinds[0].what.membrane.states[name].unit
    return PhasePlane(
        name, unit, (low, high), up, drawn.fixed, drawn.v_nullclines, drawn.w_nullclines, drawn.separatrices(length),
        paths, drawn.arrows, float(dynamics.injected.sum()), held,
    )  # fmt: skip


def _plane(cell: Cell, dynamics: Dynamics, held: Mapping[str, float]) -> tuple[str, Plane]:
    """The variable beside the voltage, and the plane of both."""
    if dynamics.nodes != 1:
        raise RequestError(
            f"{cell.morphology.name!r} is cut into {dynamics.compartments} compartments. A phase plane has one "
            "voltage. Write Cell(single_compartment(20), per_branch(1))."
        )
    names = dynamics.kinds[0].names
    base = dynamics.start()
    for each, value in held.items():
        if each not in names:
            raise UnknownNameError(
                f"The state {each!r} was to be held, and {cell.morphology.name!r} has none of that name. "
                f"{nearest(each, names)} Write hold={{{(names or ['Mechanism.state'])[0]!r}: 0.5}}."
            )
        base[1 + names.index(each)] = value
    free = [each for each in names if each not in held]
    if len(free) != 1:
        raise RequestError(
            f"{cell.morphology.name!r} has {len(free)} states that are not held: {listed(free) or 'none'}. A phase "
            "plane has one beside the voltage. "
            f"Write hold={{{(free or names or ['Mechanism.state'])[0]!r}: 0.5, …}} for the others."
        )
    return free[0], Plane(dynamics, base, (0, 1 + names.index(free[0])))


def _values(
    dynamics: Dynamics, plane: Plane, name: str, voltages: tuple[float, float], given: tuple[float, float] | None
) -> tuple[float, float]:
    """The range of the other variable."""
    if given is not None:
        low, high = (float(each) for each in given)
    else:
        state = dynamics.kinds[0].what.membrane.states[name]
        if state.lowest is not None and state.highest is not None:
            room = 0.05 * (state.highest - state.lowest)
            low, high = state.lowest - room, state.highest + room
        else:
            # Where it would stand still at each voltage, as far as Newton's method with the voltage held says.
            v = np.linspace(*voltages, 41)
            w = np.full_like(v, float(plane.base[plane.axes[1], 0]))
            for _ in range(20):
                places = np.stack([v, w])
                with np.errstate(all="ignore"):
                    w = w - np.nan_to_num(plane.rates(places)[1] / plane.slopes(places)[:, 1, 1])
            room = 0.1 * float(np.ptp(w)) + 1e-9
            low, high = float(w.min()) - room, float(w.max()) + room
    if not low < high:
        raise RequestError(
            f"The values of {name} were given as {given!r}. Expected two, the lower one first. Write values=(0, 1)."
        )
    return low, high


class _Drawing:
    """What is seen in one part of a plane."""

    def __init__(self, plane: Plane, voltages: tuple[float, float], values: tuple[float, float]) -> None:
        self.plane, self.ranges = plane, (voltages, values)
        self.size = np.array([voltages[1] - voltages[0], values[1] - values[0]])
        across, up = np.linspace(*voltages, GRID), np.linspace(*values, GRID)
        grid = self._over(across, up)
        rates = plane.rates(grid).reshape(2, GRID, GRID)
        self.v_nullclines = zero_curves(lambda places: plane.rates(places)[0], across, up, rates[0])
        self.w_nullclines = zero_curves(lambda places: plane.rates(places)[1], across, up, rates[1])
        self.fixed = self._fixed_points(across, up, rates)
        few = self._over(np.linspace(*voltages, ARROWS), np.linspace(*values, ARROWS))
        self.arrows = (few, plane.rates(few))

    @staticmethod
    def _over(across: Floats, up: Floats) -> Floats:
        return np.stack([each.ravel() for each in np.meshgrid(across, up, indexing="ij")])

    def _fixed_points(self, across: Floats, up: Floats, rates: Floats) -> tuple[FixedPoint, ...]:
        """Newton's method from every cell of the grid in which both rates change their sign."""
        corners = [rates[:, a : GRID - 1 + a, b : GRID - 1 + b] for a in (0, 1) for b in (0, 1)]
        low, high = np.min(corners, axis=0), np.max(corners, axis=0)
        cells = np.argwhere(((low <= 0.0) & (high >= 0.0)).all(axis=0))
        if not len(cells):
            return ()
        middle = np.stack([across[cells[:, 0]] + across[cells[:, 0] + 1], up[cells[:, 1]] + up[cells[:, 1] + 1]]) / 2
        places, arrived = self.plane.standstill(middle)
        kept: list[Floats] = []
        for place in places[:, arrived].T:
            inside = all(low <= x <= high for x, (low, high) in zip(place, self.ranges, strict=True))
            if inside and all((np.abs(place - other) / self.size).max() > SAME for other in kept):
                kept.append(place)
        return tuple(self._described(place) for place in sorted(kept, key=lambda each: float(each[0])))

    def _described(self, place: Floats) -> FixedPoint:
        values, vectors = np.linalg.eig(self.plane.slopes(place[:, None])[0])
        order = np.argsort(-values.real, kind="stable")
        values, vectors = values[order], vectors[:, order]
        turns = bool(np.abs(values.imag).max() > 1e-12 * np.abs(values).max())
        directions = np.full((2, 2), np.nan) if turns else vectors.real
        return FixedPoint(
            float(place[0]), float(place[1]), _kind(values, turns), values.astype(np.complex128), directions
        )

    def separatrices(self, duration: float) -> tuple[Floats, ...]:
        """From each saddle backwards in time, along the direction in which the cell comes to it."""
        found = []
        for each in self.fixed:
            if each.kind == "saddle":
                inward = each.directions[:, 1] / np.abs(each.directions[:, 1] / self.size).max()
                for sign in (1.0, -1.0):
                    start = np.array([each.v, each.w]) + sign * NEAR * inward
                    found.append(self.plane.path(start, duration, self.size, backwards=True)[1])
        return tuple(found)


def _kind(values: NDArray[Any], turns: bool) -> str:
    largest = np.abs(values).max()
    if not turns and values[0].real > 0.0 > values[1].real:
        return "saddle"
    if turns and np.abs(values.real).max() < 1e-9 * largest:
        return "centre"
    return f"{'unstable' if values[0].real > 0.0 else 'stable'} {'focus' if turns else 'node'}"


def _pair(values: NDArray[np.complex128]) -> str:
    if np.abs(values.imag).max() > 0.0:
        return f"{number(float(values[0].real))} ± {number(abs(float(values[0].imag)))}i"
    return f"{number(float(values[0].real))}, {number(float(values[1].real))}"
