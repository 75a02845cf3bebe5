"""The resting state of a cell, by Newton's method on its exact Jacobian, and whether it is stable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.gather import gather
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import field, frozen, replace
from ..morphology import root
from ..morphology.places import Location, as_location
from ..recordings import State
from ..units import to
from .equilibrium.conserved import Totals, conserved
from .equilibrium.dynamics import Dynamics
from .equilibrium.search import standstills
from .equilibrium.spectrum import spectrum
from .words import lines, listed, mode, number

RANGE = (-150.0, 100.0)


@frozen(eq=False, repr=False)
class Rest:
    """A state in which a cell stays, if nothing disturbs it.

    Attributes:
        voltage: At the root, mV.
        voltages: Of each compartment, mV, shape (compartments,).
        states: Name ("SquidSodium.m") to its value in each compartment, NaN where the mechanism is absent.
        kind: "stable node", "stable focus", "saddle", "unstable node", "unstable focus", or "marginal …" where an
            eigenvalue is zero and no conserved sum explains it.
        eigenvalues: Of the Jacobian, 1/ms, the largest real part first: all of them for up to 400 unknowns, for larger
            cells the slowest eight and what was found of those that grow.
        growing: How many eigenvalues have a positive real part, counted exactly for cells of any size.
        conserved: The sums of states that the equations conserve; their values are those of the cell's own start.
        residual: The fastest change of any voltage that is left, mV/ms.
        current: The constant current under which the cell rests, nA.
        state: What `run(…, start=rest.state)` begins from, with any step and method.
        others: The other states in which the cell would stay, in order of their voltage.
    """

    voltage: float
    voltages: Floats
    states: Mapping[str, Floats]
    kind: str
    eigenvalues: NDArray[np.complex128]
    growing: int
    conserved: tuple[str, ...]
    residual: float
    current: float
    state: State
    others: tuple[Rest, ...] = field(default=(), repr=False)

    @property
    def stable(self) -> bool:
        """Whether the cell comes back after a small disturbance."""
        return not self.growing

    def __repr__(self) -> str:
        title = f"Rest at {self.voltage:.3f} mV, {self.kind}"
        if self.current:
            title += f", under {number(self.current)} nA"
        rows = []
        if len(self.voltages) > 1:
            low, high = self.voltages.min(), self.voltages.max()
            rows.append(("along the cell", f"{low:.3f} to {high:.3f} mV in {len(self.voltages)} compartments"))
        seen = [each for each in self.eigenvalues if each.imag >= 0.0]
        rows += [("eigenvalue" if k == 0 else "", f"{_complex(each)} /ms: {mode(each)}")
                 for k, each in enumerate(seen[:4])]  # fmt: skip
        if self.growing:
            rows.append(("growing", f"{self.growing} eigenvalue{'s' if self.growing > 1 else ''}"))
        if self.kind.startswith("marginal"):
            rows.append(("marginal", "an eigenvalue is zero: from another start the cell rests elsewhere"))
        values = [f"{name} {number(float(np.nanmean(each)))}" for name, each in self.states.items()]
        rows.append(("states", listed(values)))
        if self.conserved:
            rows.append(("conserved", listed(self.conserved, 3)))
        rows += [("also" if k == 0 else "", f"{other.voltage:.3f} mV, {other.kind}")
                 for k, other in enumerate(self.others)]  # fmt: skip
        return lines(title, rows)


def rest(cell: Cell, *, near: Any = None, current: Any = 0.0, at: Any = root, between: tuple[Any, Any] = RANGE) -> Rest:
    """The resting state: where voltages, gates and concentrations of all compartments stand still together.

    Newton's method on the exact Jacobian, which the expressions of the mechanisms give; states are eliminated inside
    each compartment and voltages along the tree, so that the cost grows linearly with the cell. It begins from the
    cell's own start and wherever the steady current of the cell changes its sign. Of several resting states the only
    stable one is returned, the rest of them in `others`.

    Args:
        cell: What to look at.
        near: Take the resting state nearest to this voltage at the root, mV, stable or not.
        current: A constant current into the cell, nA.
        at: Where it goes in.
        between: The voltages between which to look, mV.

    Raises:
        RequestError: There is no resting state, or several stable ones and no `near`; equations that depend on time.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> rest(patch)
    Rest at -64.974 mV, stable node
      eigenvalue  -0.1207 /ms: decays in 8.285 ms
                  -0.2021 + 0.3842i /ms: decays in 4.947 ms, turns at 61.15 Hz
                  -4.673 /ms: decays in 0.214 ms
      states      SquidSodium.m 0.05309, SquidSodium.h 0.5952, SquidPotassium.n 0.3181
    """
    dynamics = dynamics_of(cell, current, at)
    limits = limits_of(between)
    found, tried = resting_states(dynamics, limits)
    if not found:
        raise RequestError(
            f"No resting state of {cell.morphology.name!r} was found: {tried}. A resting state is where all currents "
            "and all rates are zero together; a cell that only fires, or that nothing holds, has none. "
            "Write between=(…, …) for other voltages, or paint a leak."
        )
    return _chosen(cell, found, near)


def dynamics_of(cell: Any, current: Any = 0.0, at: Any = root) -> Dynamics:
    """The equations of a cell under a constant current (nA) at a place.

    Raises:
        RequestError: What was given is no cell, or its equations depend on time.
    """
    if not isinstance(cell, Cell):
        raise RequestError(
            f"{cell!r} was given where a cell is meant. Write rest(Cell(morphology)) with what is on it."
        )
    dynamics = Dynamics(gather(cell, (), ()))
    place: Location = as_location(at)
    node = place.compartment(dynamics.system.discretisation)
    dynamics.injected[node] += to(current, "nA", what="the constant current")
    return dynamics


def resting_states(dynamics: Dynamics, between: tuple[float, float] = RANGE) -> tuple[tuple[Rest, ...], str]:
    """Every resting state that was found, in order of voltage, and what was tried, in words."""
    totals = conserved(dynamics)
    found = standstills(dynamics, totals, between)
    return tuple(described(dynamics, totals, point) for point in found.points), found.tried


def described(dynamics: Dynamics, totals: Totals, point: Floats) -> Rest:
    """A point, (size, 1), at which the cell stands still, as a result."""
    near = spectrum(dynamics, totals, point)
    voltage, states = dynamics.split(point)
    arrays: dict[str, Floats] = {"v": voltage.copy()}
    for kind, values in zip(dynamics.kinds, states, strict=True):
        for name, value in zip(kind.names, values, strict=True):
            column = arrays.setdefault(name, np.full((dynamics.compartments, 1), np.nan))
            column[kind.what.compartments] = value
    flow = dynamics.rates(point)[: dynamics.compartments]
    first = root.compartment(dynamics.system.discretisation)
    return Rest(
        voltage=float(voltage[first, 0]),
        voltages=voltage[: dynamics.compartments, 0],
        states={name: column[:, 0] for name, column in arrays.items() if name != "v"},
        kind=near.kind,
        eigenvalues=near.values,
        growing=near.growing,
        conserved=totals.words,
        residual=float(np.abs(flow / dynamics.mass[: dynamics.compartments]).max()),
        current=float(dynamics.injected.sum()),
        state=State(arrays, {"steady": True, "step": 0, "time": 0.0}),
    )


def _chosen(cell: Cell, found: tuple[Rest, ...], near: Any) -> Rest:
    stable = [each for each in found if each.stable]
    if near is not None:
        wanted = to(near, "mV", what="the voltage near which to rest")
        best = min(found, key=lambda each: abs(each.voltage - wanted))
    elif len(stable) == 1 or len(found) == 1:
        best = (stable or list(found))[0]
    else:
        several = stable or list(found)
        words = ", ".join(f"{each.voltage:.3f} mV ({each.kind})" for each in found)
        raise RequestError(
            f"{cell.morphology.name!r} has {len(several)} {'stable' if stable else 'unstable'} resting states, and no "
            f"single stable one: {words}. One of them must be meant. Write near='{several[0].voltage:.1f} mV'."
        )
    return replace(best, others=tuple(each for each in found if each is not best))


def limits_of(between: Any) -> tuple[float, float]:
    """Two voltages between which to look, mV.

    Raises:
        RequestError: They are not two rising voltages.
    """
    try:
        low, high = (to(each, "mV", what="a limit of the search for rest") for each in between)
    except (TypeError, ValueError) as problem:
        if isinstance(problem, RequestError):
            raise
        low = high = np.nan
    if not low < high:
        raise RequestError(
            f"The search for rest was limited to {between!r}. Expected two voltages, the lower one first. "
            "Write between=(-150, 100)."
        )
    return low, high


def _complex(value: complex) -> str:
    if not value.imag:
        return number(value.real)
    return f"{number(value.real)} {'+' if value.imag > 0 else '-'} {number(abs(value.imag))}i"
