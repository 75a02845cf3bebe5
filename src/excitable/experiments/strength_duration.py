"""How strong a pulse must be, by its duration: rheobase, chronaxie, and the laws of Lapicque and Weiss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import frozen
from ..protocols import current_pulse
from ..recordings import State
from ..runtime import together, vary
from ..units import to_array
from .search import smallest_firing
from .subject import AFTER, LEVEL, Subject, prepared
from .threshold import candidates_of
from .words import PER_AREA, amount, lines, number

# Durations without a wish: so many, from a fiftieth of the membrane time constant to a hundred of them.
COUNT, SHORTEST, LONGEST = 20, 0.02, 100.0


@frozen()
class Fit:
    """A law fitted to thresholds.

    Attributes:
        law: Its name and formula.
        rheobase: nA.
        chronaxie: ms.
        error: The root mean square of the relative errors.
    """

    law: str
    rheobase: float
    chronaxie: float
    error: float

    def __str__(self) -> str:
        size = f"rheobase {number(self.rheobase)} nA, chronaxie {number(self.chronaxie)} ms"
        return f"{size}, off by {number(100 * self.error, 2)} %"

    def current(self, duration: Any) -> Any:
        """The threshold that the law predicts for a pulse of that duration (ms), nA."""
        return LAWS[self.law](np.asarray(duration, dtype=float), self.rheobase, self.chronaxie)


def lapicque(duration: Floats, rheobase: float, chronaxie: float) -> Any:
    """The threshold of a leaky capacitor: I = rheobase / (1 - 2^(-duration / chronaxie)).

    Source: Lapicque 1907, J Physiol Pathol Gén 9:620, with the time constant chronaxie / ln 2.
    """
    return rheobase / -np.expm1(-np.log(2.0) * duration / chronaxie)


def weiss(duration: Floats, rheobase: float, chronaxie: float) -> Any:
    """The threshold where charge grows linearly with duration: I = rheobase (1 + chronaxie / duration).

    Source: Weiss 1901, Arch Ital Biol 35:413.
    """
    return rheobase * (1.0 + chronaxie / duration)


LAWS: dict[str, Callable[[Floats, float, float], Any]] = {"Lapicque": lapicque, "Weiss": weiss}


@frozen(eq=False, repr=False)
class StrengthDuration:
    """Thresholds of rectangular pulses by their duration.

    Attributes:
        durations: ms, (pulses,), rising.
        thresholds: nA, (pulses,), with the sign of the stimulus.
        rheobase: The threshold of the longest pulse, nA.
        chronaxie: The duration at which twice the rheobase is just enough, measured, ms.
        fits: The laws of Lapicque and of Weiss, fitted to all durations by relative errors.
        area: Area of the membrane, µm², of a cell of one compartment.
        runs: How many runs were made.
    """

    durations: Floats
    thresholds: Floats
    rheobase: float
    chronaxie: float
    fits: tuple[Fit, ...]
    area: float | None
    runs: int

    @property
    def charges(self) -> Floats:
        """Threshold charge of each pulse, pC."""
        return self.durations * self.thresholds

    @property
    def densities(self) -> Floats:
        """Thresholds as current densities, µA/cm²; not numbers for a cell of several compartments."""
        return self.thresholds * (np.nan if self.area is None else PER_AREA / self.area)

    def __repr__(self) -> str:
        charge = f"{number(self.charges[0])} pC"
        if self.area is not None:
            charge += f" ({number(PER_AREA * self.charges[0] / self.area)} nC/cm²)"
        span = f"{number(self.durations[0])} to {number(self.durations[-1])} ms"
        rows = [
            ("rheobase", f"{amount(self.rheobase, self.area)}, at {number(self.durations[-1])} ms"),
            ("chronaxie", f"{number(self.chronaxie)} ms"),
            ("smallest charge", f"{charge}, at {number(self.durations[0])} ms"),
        ]
        rows += [(fit.law, str(fit)) for fit in self.fits]
        return lines(f"Strength and duration of {len(self.durations)} pulses from {span}", rows)


def strength_duration(
    cell: Cell,
    *,
    at: Any,
    durations: Sequence[Any] | None = None,
    anodal: bool = False,
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    start: State | None = None,
    dt: Any = None,
    tolerance: float = 1e-4,
) -> StrengthDuration:
    """The threshold of rectangular pulses of many durations, found together: every round is one sweep over all.

    Args:
        cell: What to stimulate.
        at: Where the pulses go in.
        durations: ms; by default twenty, from a fiftieth of the time constant of the membrane to a hundred of them.
        anodal: Pulses that hyperpolarise: the cell fires as they end.
        detect, level, after, start, dt, tolerance: As for `threshold`.

    Raises:
        RequestError: A pulse that no strength makes large enough; fewer than three durations, or one that is not
            positive; else as for `threshold`.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> strength_duration(patch, at=ex.soma, durations=[0.1, 1, 10, 100])
    Strength and duration of 4 pulses from 0.1 to 100 ms
      rheobase         0.02811 nA (2.237 µA/cm²), at 100 ms
      chronaxie        1.653 ms
      smallest charge  0.08166 pC (6.498 nC/cm²), at 0.1 ms
      Lapicque         rheobase 0.02762 nA, chronaxie 1.918 ms, off by 3.6 %
      Weiss            rheobase 0.02388 nA, chronaxie 2.95 ms, off by 11 %
    """
    subject = prepared(cell, at, detect=detect, level=level, after=after, start=start, dt=dt)
    times = _checked(subject, durations)
    return _measured(subject, at, times, -1.0 if anodal else 1.0, tolerance)


def _measured(subject: Subject, at: Any, times: Floats, sign: float, tolerance: float) -> StrengthDuration:
    """The thresholds of all durations, and the duration at twice the last."""
    pulse = current_pulse(at=at, amplitude=sign, duration=float(times[-1]))
    runs = [0]

    def fires(lengths: Floats, strengths: Floats) -> Any:
        over = together(vary(pulse, "duration", lengths.ravel()), vary(pulse, "amplitude", sign * strengths.ravel()),
                        name="pulses")  # fmt: skip
        runs[0] += lengths.size
        length, end = float(lengths.max()) + subject.after, lengths.ravel() + subject.after
        return subject.count(length, [pulse], [over], until=end).reshape(lengths.shape) > 0

    many = candidates_of(subject)
    found = smallest_firing(lambda values: fires(times[:, None] + np.zeros_like(values), values),
                            subject.scale(pulse, times), tolerance=tolerance, candidates=many)  # fmt: skip
    _refuse_gaps(subject, times, found.value, found.highest, found.below)
    rheobase = float(found.value[-1])
    # Twice the rheobase, and the shortest pulse of it that fires.
    guess = np.array([max(float(np.interp(-2.0 * rheobase, -found.value, times)), float(times[0]))])
    back = smallest_firing(lambda values: fires(values, np.full_like(values, 2.0 * rheobase)), guess,
                           tolerance=tolerance, candidates=many)  # fmt: skip
    fits = tuple(fitted(law, times, found.value) for law in LAWS)
    return StrengthDuration(
        times, sign * found.value, sign * rheobase, float(back.value[0]), fits, subject.area, runs[0]
    )


def fitted(law: str, durations: Floats, thresholds: Floats) -> Fit:
    """A law fitted to thresholds by least squares of their relative errors.

    >>> times = np.array([0.1, 1.0, 10.0])
    >>> fitted("Weiss", times, weiss(times, 2.0, 0.5)).chronaxie.__round__(6)
    0.5
    """

    def best(chronaxie: float) -> tuple[float, float]:
        """The rheobase for a chronaxie, and the error: relative errors are linear in it."""
        shape = LAWS[law](durations, 1.0, chronaxie) / thresholds
        size = float(shape.sum() / (shape**2).sum())
        return size, float(np.sqrt(np.mean((size * shape - 1.0) ** 2)))

    tries = np.geomspace(1e-2 * durations[0], 1e2 * durations[-1], 400)
    middle = int(np.argmin([best(each)[1] for each in tries]))
    low, high = np.log(tries[max(middle - 1, 0)]), np.log(tries[min(middle + 1, len(tries) - 1)])
    golden = 0.5 * (5.0**0.5 - 1.0)
    for _ in range(60):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if best(float(np.exp(left)))[1] < best(float(np.exp(right)))[1]:
            high = right
        else:
            low = left
    chronaxie = float(np.exp(0.5 * (low + high)))
    rheobase, error = best(chronaxie)
    return Fit(law, rheobase, chronaxie, error)


def _checked(subject: Subject, durations: Sequence[Any] | None) -> Floats:
    if durations is None:
        dynamics = subject.dynamics
        conductance = sum(float(each.conductance.sum()) for each in dynamics.linearise(dynamics.start())[1].blocks)
        constant = float(dynamics.mass[: dynamics.compartments].sum()) / max(conductance, 1e-12)
        return constant * np.geomspace(SHORTEST, LONGEST, COUNT)
    times = np.sort(np.atleast_1d(to_array(durations, "ms", what="the durations of the pulses")))
    if times.ndim != 1 or times.size < 3 or times[0] <= 0.0:
        raise RequestError(
            f"strength_duration was given the durations {durations!r}. A curve needs at least three, all positive. "
            "Write durations=[0.1, 1, 10, 100]."
        )
    return times


def _refuse_gaps(subject: Subject, times: Floats, values: Floats, highest: Floats, below: Floats) -> None:
    for duration, value, top, low in zip(times, values, highest, below, strict=True):
        if np.isnan(value):
            raise RequestError(
                f"No pulse of {duration:g} ms makes {subject.cell.morphology.name!r} fire: up to {top:.3g} nA were "
                f"tried. A spike rises through {subject.level:g} mV within {subject.after:g} ms after the pulse. "
                "Write longer durations, level= below the peak of its spikes, or detect= where it fires."
            )
        if low == 0.0:
            raise RequestError(
                f"{subject.cell.morphology.name!r} fires with the weakest pulse of {duration:g} ms that was tried, "
                f"{value:.3g} nA. A threshold has something below it that does not fire. Write start=rest(cell).state, "
                "or a higher level=."
            )
