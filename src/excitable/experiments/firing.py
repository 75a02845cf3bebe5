"""How often a cell fires under constant currents: onset, adaptation, block, and Hodgkin's classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import field, frozen
from ..measurements import adaptation_index
from ..protocols import current_pulse
from ..recordings import State
from ..recordings.probes import spikes
from ..runtime import vary
from ..units import to, to_array
from .search import smallest_firing
from .subject import LABEL, LEVEL, Subject, prepared
from .threshold import candidates_of
from .words import PER_AREA, amount, lines, number

# A train lasts: at least so many spikes, and the last within so many intervals of the end of the current.
SPIKES, GAP = 4, 2.0
# The onset is looked at again for so many times as long; a rate that then falls below this share has no lowest value.
LONGER, SHARE = 4.0, 0.5
# Currents without a wish: so many, up to so many times the current of sustained firing.
CURRENTS, REACH = 41, 6.0
# The step begins a little after the run does, so that a spike at once is not before it.
ONSET = 1.0


@frozen(eq=False, repr=False)
class FiringCurve:
    """Firing by the strength of a constant current.

    Attributes:
        currents: nA, (currents,).
        rates: Of the last intervals before the end of the current, Hz; 0 where firing does not last.
        onset_rates: Of the first interval, Hz; NaN with fewer than two spikes.
        adaptations: The adaptation index of each train, 0 for regular firing; NaN with fewer than three spikes.
        counts: Spikes during the current.
        latencies: From the onset of the current to the first spike, ms; NaN without one.
        duration: How long each current lasts, ms.
        rheobase: The smallest current with a spike, nA.
        sustained: The smallest current with firing that lasts, nA; NaN where none was found.
        slowest: The rate there, Hz.
        slowest_longer: The slowest rate that lasts, where currents last four times as long, Hz.
        excitability: Hodgkin's class: 1 where the slowest rate falls with the time of watching, so that the cell fires
            as slowly as one likes; 2 where it does not; 3 where firing never lasts. (Hodgkin 1948, J Physiol 107:165)
        area: Area of the membrane, µm², of a cell of one compartment.
        times: Spike times of each run after the onset of the current, ms.
    """

    currents: Floats
    rates: Floats
    onset_rates: Floats
    adaptations: Floats
    counts: NDArray[np.int64]
    latencies: Floats
    duration: float
    rheobase: float
    sustained: float
    slowest: float
    slowest_longer: float
    excitability: int
    area: float | None
    times: tuple[Floats, ...] = field(repr=False)

    @property
    def densities(self) -> Floats:
        """The currents as densities, µA/cm²; not numbers for a cell of several compartments."""
        return self.currents * (np.nan if self.area is None else PER_AREA / self.area)

    @property
    def block(self) -> float:
        """The smallest tried current above the sustained ones at which firing does not last, or spikes no longer
        rise through the level, nA; NaN for none."""
        lasts = np.flatnonzero(self.rates > 0.0)
        if not lasts.size or lasts[-1] == len(self.rates) - 1:
            return float("nan")
        return float(self.currents[lasts[-1] + 1])

    def __repr__(self) -> str:
        rows = [("first spike", amount(self.rheobase, self.area))]
        if np.isfinite(self.sustained):
            rows.append(("lasting", f"from {amount(self.sustained, self.area)}, at {number(self.slowest)} Hz"))
            top = int(np.argmax(self.rates))
            if self.rates[top] > 0.0:
                rows.append(("fastest", f"{number(self.rates[top])} Hz at {amount(self.currents[top], self.area)}"))
        if np.isfinite(self.block):
            rows.append(("block", f"at {amount(self.block, self.area)}"))
        longer = f"watched {LONGER:g} times as long {number(self.slowest_longer)} Hz"
        words = {
            1: f"class 1: no slowest rate, {longer}",
            2: f"class 2: {longer}, no slower",
            3: "class 3: firing never lasts",
        }
        rows.append(("excitability", words[self.excitability]))
        strongest = self.adaptations[np.isfinite(self.adaptations)]
        if strongest.size:
            rows.append(("adaptation", f"index up to {number(float(strongest.max()), 2)}"))
        return lines(f"Firing of {len(self.currents)} currents of {number(self.duration)} ms", rows)


def firing_curve(
    cell: Cell,
    *,
    at: Any,
    currents: Sequence[Any] | None = None,
    duration: Any = 500.0,
    detect: Any = None,
    level: Any = LEVEL,
    start: State | None = None,
    dt: Any = None,
    tolerance: float = 1e-5,
) -> FiringCurve:
    """How often a cell fires by the strength of a constant current, and where firing begins.

    All currents run in one sweep. Beside them the smallest current with a spike and the smallest with firing that lasts
    are searched, the latter again with currents four times as long: the slowest rate of a class 1 cell falls then, that
    of a class 2 cell does not.

    Args:
        cell: What to stimulate.
        at: Where the current goes in.
        currents: nA; by default 41, from 0 to six times the smallest current with firing that lasts.
        duration: How long each lasts, ms.
        detect, level, start, dt: As for `threshold`.
        tolerance: How narrow the brackets of both searches shall be.

    Raises:
        RequestError: No current fires the cell, or it fires without; a duration that is not positive.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> firing_curve(patch, at=ex.soma, currents=[0.05, 0.1, 0.2, 0.4])
    Firing of 4 currents of 500 ms
      first spike   0.02811 nA (2.237 µA/cm²)
      lasting       from 0.07834 nA (6.234 µA/cm²), at 49.46 Hz
      fastest       100.7 Hz at 0.4 nA (31.83 µA/cm²)
      excitability  class 2: watched 4 times as long 50.12 Hz, no slower
      adaptation    index up to -0.0002
    """
    subject = prepared(cell, at, detect=detect, level=level, start=start, dt=dt)
    length = to(duration, "ms", what="the duration of the currents")
    if length <= 0.0:
        raise RequestError(f"The currents were to last {duration!r}. Trains take time. Write duration='500 ms'.")
    return _measured(subject, at, length, currents, tolerance)


def _measured(subject: Subject, at: Any, length: float, currents: Any, tolerance: float) -> FiringCurve:
    """Both onsets, and the trains of all currents."""
    step = _Step(subject, at, length)
    rheobase = step.smallest(lambda rows: [row.size > 0 for row in rows], tolerance)
    if np.isnan(rheobase):
        raise RequestError(
            f"No constant current of {length:g} ms makes {subject.cell.morphology.name!r} fire: up to "
            f"{step.highest:.3g} nA were tried. A spike rises through {subject.level:g} mV. "
            "Write level= below the peak of its spikes, or detect= where it fires."
        )
    sustained = step.smallest(step.all_last, tolerance, rheobase)
    wanted = _currents(currents, rheobase if np.isnan(sustained) else sustained)
    rows = step.fire(wanted)
    slowest, longer, kind = _excitability(subject, at, step, sustained, tolerance)
    lasts = np.array(step.all_last(rows))
    return FiringCurve(
        currents=wanted,
        rates=np.array([step.rate(row) if last else 0.0 for row, last in zip(rows, lasts, strict=True)]),
        onset_rates=np.array([1e3 / (row[1] - row[0]) if row.size > 1 else np.nan for row in rows]),
        adaptations=np.array([float(adaptation_index(row)) if row.size > 2 else np.nan for row in rows]),
        counts=np.array([row.size for row in rows], dtype=np.int64),
        latencies=np.array([row[0] if row.size else np.nan for row in rows]),
        duration=length, rheobase=rheobase, sustained=sustained, slowest=slowest, slowest_longer=longer,
        excitability=kind, area=subject.area, times=tuple(rows),
    )  # fmt: skip


class _Step:
    """A constant current of one duration."""

    def __init__(self, subject: Subject, at: Any, length: float) -> None:
        self.subject, self.length = subject, length
        self.pulse = current_pulse(at=at, amplitude=1.0, start=ONSET, duration=length, name="current")
        self.highest = 0.0

    def fire(self, currents: Floats) -> list[Floats]:
        """Spike times of each current after its onset and before its end, ms."""
        over = vary(self.pulse, "amplitude", currents)
        probe = spikes(at=self.subject.detected, threshold=self.subject.level, label=LABEL)
        made = self.subject.record(ONSET + self.length, [self.pulse], [over], [probe])
        return [row[(row >= ONSET) & (row <= ONSET + self.length)] - ONSET for row in made.spikes[LABEL].times]

    def all_last(self, rows: Sequence[Floats]) -> list[bool]:
        """Whether each train goes on to the end of the current."""
        return [
            row.size >= SPIKES and bool(self.length - row[-1] <= GAP * (row[-1] - row[-2]))
            for row in rows
        ]  # fmt: skip

    @staticmethod
    def rate(row: Floats) -> float:
        """The rate of the later half of a train, Hz."""
        late = row[-max(2, row.size // 2) :]
        return float(1e3 * (late.size - 1) / (late[-1] - late[0]))

    def smallest(self, holds: Any, tolerance: float, guess: float | None = None) -> float:
        """The smallest current whose train does what is asked; NaN where none does."""
        middle = self.subject.scale(self.pulse) if guess is None else np.array([guess])
        found = smallest_firing(
            lambda values: np.array(holds(self.fire(values.ravel()))).reshape(values.shape),
            middle, most=32.0 * middle[0], tolerance=tolerance, candidates=candidates_of(self.subject),
        )  # fmt: skip
        self.highest = float(found.highest[0])
        if found.below[0] == 0.0:
            name = self.subject.cell.morphology.name
            raise RequestError(
                f"{name!r} fires with the smallest current that was tried, {found.lowest[0]:.3g} nA. A cell that waits "
                "for its current was expected. Write start=rest(cell).state, or a higher level=."
            )
        return float(found.value[0])


def _currents(given: Sequence[Any] | None, reference: float) -> Floats:
    if given is None:
        return np.linspace(0.0, REACH * reference, CURRENTS)
    wanted = np.sort(np.atleast_1d(to_array(given, "nA", what="the currents")))
    if wanted.ndim != 1:
        raise RequestError(f"firing_curve was given the currents {given!r}. Expected a row. Write currents=[0.1, 0.2].")
    return wanted


def _excitability(
    subject: Subject, at: Any, step: _Step, sustained: float, tolerance: float
) -> tuple[float, float, int]:
    """The slowest rate that lasts, that of currents that are longer, and the class."""
    if np.isnan(sustained):
        return float("nan"), float("nan"), 3
    slowest = step.rate(step.fire(np.array([sustained]))[0])
    patient = _Step(subject, at, LONGER * step.length)
    there = patient.smallest(patient.all_last, tolerance, sustained)
    if np.isnan(there):
        return slowest, float("nan"), 3
    longer = step.rate(patient.fire(np.array([there]))[0])
    return slowest, longer, 1 if longer < SHARE * slowest else 2
