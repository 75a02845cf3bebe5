"""The bifurcation diagram of a cell over a constant current: where it rests, where it fires, and how one gives way."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import field, frozen
from ..morphology.places import as_location
from ..units import to
from .cycles import Cycles, cycles_of
from .equilibrium.conserved import Totals, conserved
from .equilibrium.continuation import Path, Station
from .equilibrium.dynamics import Dynamics
from .equilibrium.normal_form import first_lyapunov
from .equilibrium.search import standstills
from .equilibrium.spectrum import DENSE, growing, turning
from .rest import RANGE, dynamics_of, limits_of
from .words import amount, lines, number


@frozen(eq=False)
class Branch:
    """A curve of resting states over the current.

    Attributes:
        currents: nA, (points,), in the order along the curve; it turns round at folds.
        voltages: Where the current goes in, mV, (points,).
        growing: How many eigenvalues have a positive real part, (points,): the rest is stable where there is none.
    """

    currents: Floats
    voltages: Floats
    growing: NDArray[np.int64]

    @property
    def stable(self) -> NDArray[np.bool_]:
        """Whether each point is a stable rest."""
        return np.asarray(self.growing == 0)


@frozen()
class Turning:
    """A current at which resting states change.

    Attributes:
        kind: "Hopf": a rest begins, or ceases, to oscillate. "fold": two resting states meet and vanish. "branch
            point": an eigenvalue changes its sign where two curves cross.
        current: nA.
        voltage: mV.
        frequency: Of the oscillation at a Hopf bifurcation, Hz; NaN elsewhere.
        lyapunov: The first Lyapunov coefficient of a Hopf bifurcation; its sign says what is born. NaN elsewhere, and
            in cells of more than 400 unknowns.
    """

    kind: str
    current: float
    voltage: float
    frequency: float = float("nan")
    lyapunov: float = float("nan")

    @property
    def criticality(self) -> str:
        """Of a Hopf bifurcation: "supercritical", where a small stable oscillation grows out of the rest, or
        "subcritical", where a small unstable one shrinks onto it; "" where it is not known."""
        if not np.isfinite(self.lyapunov):
            return ""
        return "supercritical" if self.lyapunov < 0.0 else "subcritical"


@frozen(eq=False, repr=False)
class Bifurcation:
    """Resting states and trains of spikes over a constant current.

    Attributes:
        between: The range of currents, nA.
        branches: Every curve of resting states that was found.
        turnings: Hopf bifurcations, folds and branch points, by rising current.
        cycles: Trains of spikes from runs, or None where they were not asked for.
        area: Area of the membrane, µm², of a cell of one compartment.
    """

    between: tuple[float, float]
    branches: tuple[Branch, ...]
    turnings: tuple[Turning, ...]
    cycles: Cycles | None
    area: float | None
    name: str = field(default="", repr=False)

    def of(self, kind: str) -> tuple[Turning, ...]:
        """The turnings of one kind: "Hopf", "fold" or "branch point"."""
        return tuple(each for each in self.turnings if each.kind == kind)

    @property
    def stable(self) -> tuple[tuple[float, float], ...]:
        """The ranges of currents, nA, with a stable rest, one for each stable stretch of a branch."""
        return tuple(span for branch in self.branches for span in _spans(branch, self.between))

    @property
    def bistable(self) -> tuple[tuple[float, float], ...]:
        """The ranges of currents, nA, in which the cell has a stable rest and can go on firing as well."""
        if self.cycles is None or not self.cycles.lasting.any():
            return ()
        low, high = self.cycles.range
        both = [(max(low, start), min(high, end)) for start, end in self.stable]
        return tuple((start, end) for start, end in both if start < end)

    def _words(self, low: float, high: float) -> str:
        return f"{amount(low, self.area)} to {amount(high, self.area)}"

    def __repr__(self) -> str:
        rows = []
        for each in self.turnings:
            words = f"{amount(each.current, self.area)} at {each.voltage:.2f} mV"
            if each.kind == "Hopf":
                words += f", {number(each.frequency)} Hz" + (f", {each.criticality}" if each.criticality else "")
            rows.append((each.kind, words))
        rows += [("stable rest", self._words(low, high)) for low, high in self.stable]
        if self.cycles is not None:
            rows += self.cycles.rows(self.area)
            rows += [("rests or fires", self._words(low, high)) for low, high in self.bistable]
        low, high = (amount(each, self.area) for each in self.between)
        return lines(f"Bifurcations of {self.name!r} from {low} to {high}", rows)


def bifurcation(
    cell: Cell,
    *,
    at: Any,
    between: tuple[Any, Any],
    trains: bool = True,
    duration: Any = 500.0,
    currents: int = 60,
    voltages: tuple[Any, Any] = RANGE,
    dt: Any = None,
) -> Bifurcation:
    """How the resting states of a cell change with a constant current, and the trains of spikes beside them.

    Curves of resting states are followed by pseudo-arclength continuation, round their folds. Where the number of
    growing eigenvalues changes, the place is bisected; at a Hopf bifurcation the first Lyapunov coefficient says
    whether the oscillation that begins there is stable. Trains of spikes are found by runs that begin while the cell
    fires, and are as exact as their duration allows: close to where they end, they take long to die.

    Args:
        cell: What to look at.
        at: Where the current goes in.
        between: The range of currents, nA.
        trains: Whether to look for trains of spikes.
        duration: How long each run lasts, ms.
        currents: How many currents are run.
        voltages: Between which resting states are looked for, mV.
        dt: The step of the runs, ms; by default a sensible one.

    Raises:
        RequestError: A range that is none, no resting state anywhere in it, or equations that depend on time.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> bifurcation(patch, at=ex.soma, between=(0, 0.25), trains=False)
    Bifurcations of 'cell' from 0 nA (0 µA/cm²) to 0.25 nA (19.89 µA/cm²)
      Hopf         0.1225 nA (9.749 µA/cm²) at -59.65 mV, 93.3 Hz, subcritical
      stable rest  0 nA (0 µA/cm²) to 0.1225 nA (9.749 µA/cm²)
    """
    low, high = _span(between)
    dynamics = dynamics_of(cell)
    place = as_location(at)
    node = place.compartment(dynamics.system.discretisation)
    diagram = _Diagram(dynamics, node, (low, high), limits_of(voltages))
    if not diagram.found:
        raise RequestError(
            f"{cell.morphology.name!r} has no resting state between {low:g} and {high:g} nA: {diagram.tried}. A "
            "diagram of resting states needs one. Write another between=, or voltages= further apart."
        )
    cycles = None
    if trains:
        if isinstance(currents, bool) or not isinstance(currents, int) or currents < 3:
            raise RequestError(
                f"{currents!r} currents were asked for. Trains are run at three or more. Write currents=60."
            )
        length = to(duration, "ms", what="the duration of the runs")
        cycles = cycles_of(cell, at, (low, high), length, currents, dt)
    area = float(dynamics.system.discretisation.area[0]) if dynamics.compartments == 1 else None
    turnings = sorted(diagram.turnings, key=lambda each: each.current)
    return Bifurcation((low, high), tuple(diagram.branches), tuple(turnings), cycles, area, cell.morphology.name)


class _Diagram:
    """All curves of resting states between two currents."""

    def __init__(
        self, dynamics: Dynamics, node: int, between: tuple[float, float], voltages: tuple[float, float]
    ) -> None:
        self.dynamics, self.node, self.between = dynamics, node, between
        self.totals: Totals = conserved(dynamics)
        self.path = Path(dynamics, self.totals, node, between[1] - between[0])
        self.low, self.high = voltages
        self.found: list[list[Station]] = []
        self.tried = ""
        for current in np.linspace(*between, 5):
            self.path.inject(float(current))
            there = standstills(dynamics, self.totals, voltages)
            self.tried = there.tried
            for point in there.points:
                if not self._known(point, float(current)):
                    self.found.append(self.path.through(point, float(current), self._inside))
        self.turnings: list[Turning] = []
        self.branches = [self._branch(curve) for curve in self.found]

    def _inside(self, station: Station) -> bool:
        voltage = float(station.point[self.node, 0])
        return self.between[0] <= station.current <= self.between[1] and self.low <= voltage <= self.high

    def _known(self, point: Floats, current: float) -> bool:
        """Whether a curve that was found passes there."""
        voltage = float(point[self.node, 0])
        for curve in self.found:
            for first, second in pairwise(curve):
                low, high = sorted((first.current, second.current))
                if low <= current <= high:
                    share = (current - first.current) / (second.current - first.current or 1.0)
                    ends = float(first.point[self.node, 0]), float(second.point[self.node, 0])
                    if abs(ends[0] + share * (ends[1] - ends[0]) - voltage) < 0.5 + 0.2 * abs(ends[1] - ends[0]):
                        return True
        return False

    def _growing(self, station: Station) -> int:
        self.path.inject(station.current)
        return growing(self.dynamics, self.totals, station.point)

    def _branch(self, curve: list[Station]) -> Branch:
        """A curve with the number of growing eigenvalues, and with the places where it changes among its points."""
        counts = [self._growing(each) for each in curve]
        rows = [(curve[0].current, curve[0].point[self.node, 0], counts[0])]
        for first, second, before, after in zip(curve, curve[1:], counts, counts[1:], strict=False):
            turned = self._between(first, second, before, after)
            if turned is not None and self.between[0] <= turned.current <= self.between[1]:
                self.turnings.append(turned)
                # At the place itself both sides meet; it is drawn with the stabler one.
                rows.append((turned.current, turned.voltage, min(before, after)))
            rows.append((second.current, second.point[self.node, 0], after))
        currents, voltages, growing = zip(*rows, strict=True)
        return Branch(np.array(currents), np.array(voltages), np.array(growing, dtype=np.int64))

    def _between(self, first: Station, second: Station, before: int, after: int) -> Turning | None:
        """What happens between two points of a curve."""
        if first.slope * second.slope < 0.0:
            return self._turning("fold", self.path.between(first, second, lambda s: s.slope * first.slope < 0.0))
        if before == after:
            return None
        place = self.path.between(first, second, lambda s: self._growing(s) != before)
        return self._turning("Hopf" if abs(after - before) > 1 else "branch point", place)

    def _turning(self, kind: str, station: Station) -> Turning:
        voltage = float(station.point[self.node, 0])
        if kind != "Hopf":
            return Turning(kind, station.current, voltage)
        self.path.inject(station.current)
        pair = turning(self.dynamics, self.totals, station.point)
        known = self.dynamics.size <= DENSE
        lyapunov = first_lyapunov(self.dynamics, self.totals, station.point) if known else np.nan
        return Turning(kind, station.current, voltage, 1e3 * pair.imag / (2.0 * np.pi), lyapunov)


def _spans(branch: Branch, between: tuple[float, float]) -> list[tuple[float, float]]:
    """The ranges of currents in which a branch is stable."""
    edges = np.flatnonzero(np.diff(branch.stable.astype(int))) + 1
    parts = np.split(np.clip(branch.currents, *between), edges)
    stable = np.split(branch.stable, edges)
    return [(float(part.min()), float(part.max())) for part, calm in zip(parts, stable, strict=True) if calm[0]]


def _span(between: Any) -> tuple[float, float]:
    try:
        low, high = (to(each, "nA", what="a limit of the currents") for each in between)
    except TypeError:
        low = high = 0.0
    if not low < high:
        raise RequestError(
            f"The range of currents was given as {between!r}. Expected two, the lower one first. "
            "Write between=(0, '2 nA')."
        )
    return low, high
