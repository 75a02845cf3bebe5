"""Accommodation: a current that rises slowly has to rise further than a step, and may never fire the cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import field, frozen
from ..protocols import current_pulse, current_ramp
from ..recordings import State
from ..runtime import together, vary
from ..runtime.sweep import Variation
from ..units import to
from .search import smallest_between, smallest_firing
from .subject import AFTER, LEVEL, Subject, prepared
from .threshold import candidates_of, search
from .words import amount, lines, number

# Ramps rise to so many times the rheobase; so many times of rise make the curve, up to so many times the rheobase.
HEIGHT, RISES, HIGHEST = 2.0, 16, 30.0
# ms: the shortest and by default the longest time in which a ramp rises.
FASTEST, LONGEST = 0.1, 1000.0


@frozen(eq=False, repr=False)
class Accommodation:
    """Firing on currents that rise at a constant rate.

    Attributes:
        rheobase: Threshold of a step as long as the slowest ramp, nA.
        height: Where every ramp ends, nA.
        slowest: The smallest slope that fires on the way to `height`, nA/ms; NaN where even the slowest tried one does.
        rises: Times in which a current rises, ms, rising, (ramps,).
        thresholds: To what it has to rise in each, to fire, nA, (ramps,); NaN beyond thirty times the rheobase.
        area: Area of the membrane, µm², of a cell of one compartment.
        time, traces: A step of the same height, and the ramp just too slow to fire: ms, (samples,), mV, (2, samples).
        rise: How long that ramp takes, ms.
    """

    rheobase: float
    height: float
    slowest: float
    rises: Floats
    thresholds: Floats
    area: float | None
    time: Floats = field(repr=False)
    traces: Floats = field(repr=False)
    rise: float = field(repr=False)

    @property
    def accommodates(self) -> bool:
        """Whether there is a ramp too slow to fire."""
        return bool(np.isfinite(self.slowest))

    @property
    def time_constant(self) -> float:
        """The time constant of accommodation: the rheobase over the slowest slope that fires, ms.

        Source: Hill 1936, Proc R Soc Lond B 119:305.
        """
        return self.rheobase / self.slowest

    def __repr__(self) -> str:
        rows = [("rheobase", f"{amount(self.rheobase, self.area)} as a step")]
        for k in (len(self.rises) // 2, -1):
            if np.isfinite(self.thresholds[k]):
                times = f"{number(self.thresholds[k] / self.rheobase, 3)} rheobases"
                rows.append(
                    (f"risen in {number(self.rises[k])} ms", f"{amount(self.thresholds[k], self.area)}, {times}")
                )
        way = f"on the way to {amount(self.height, self.area)}"
        if self.accommodates:
            rows.append(("too slow", f"below {amount(self.slowest, self.area)} per ms, {way}"))
            rows.append(("time constant", f"{number(self.time_constant)} ms"))
        else:
            rows.append(("too slow", f"nothing up to {number(self.rises[-1])} ms, {way}"))
        return lines("Accommodation", rows)


def accommodation(
    cell: Cell,
    *,
    at: Any,
    height: Any = None,
    longest: Any = LONGEST,
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    start: State | None = None,
    dt: Any = None,
    tolerance: float = 1e-4,
) -> Accommodation:
    """How far currents that rise slowly have to rise to fire a cell, and the slowest that fires at all.

    Each current rises to `height` and stays there for `after`; by default twice the rheobase, which fires as a step. A
    cell whose rest is unstable at that current fires however slowly it is reached: to that it does not accommodate.

    Args:
        cell: What to stimulate.
        at: Where the current goes in.
        height: Where ramps end, nA.
        longest: The time that the slowest ramp takes, ms.
        after: How long to look after a ramp has reached its height, ms.
        detect, level, start, dt, tolerance: As for `threshold`.

    Raises:
        RequestError: A height below the rheobase; else as for `threshold`.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> accommodation(patch, at=ex.soma)
    Accommodation
      rheobase           0.02811 nA (2.237 µA/cm²) as a step
      risen in 13.59 ms  0.06432 nA (5.119 µA/cm²), 2.29 rheobases
      risen in 1000 ms   0.2021 nA (16.08 µA/cm²), 7.19 rheobases
      too slow           below 0.004738 nA (0.377 µA/cm²) per ms, on the way to 0.05621 nA (4.473 µA/cm²)
      time constant      5.933 ms
    """
    subject = prepared(cell, at, detect=detect, level=level, after=after, start=start, dt=dt)
    slow = to(longest, "ms", what="the time of the slowest ramp")
    if slow <= FASTEST:
        raise RequestError(f"longest was given as {longest!r}. Ramps take more than {FASTEST} ms. Write longest='1 s'.")
    step = current_pulse(at=at, amplitude=1.0, duration=slow, name="step")
    rheobase = float(search(subject, step, "amplitude", tolerance=tolerance).value[0])
    top = HEIGHT * rheobase if height is None else to(height, "nA", what="the height of the ramps")
    if top <= rheobase:
        raise RequestError(
            f"The ramps end at {top:g} nA, and the rheobase is {rheobase:.4g} nA. A ramp that fires has to rise beyond "
            f"it. Write height={2 * rheobase:.2g}, or leave it out."
        )
    return _measured(subject, _Ramps(subject, at), rheobase, top, slow, tolerance)


def _measured(
    subject: Subject, ramps: _Ramps, rheobase: float, top: float, slow: float, tolerance: float
) -> Accommodation:
    """The slowest ramp to one height that fires, and the heights that ramps of many times need."""
    many, name = candidates_of(subject), subject.cell.morphology.name
    found = smallest_between(
        lambda slopes: ramps.fires(top / slopes, np.full_like(slopes, top)), top / slow, top / FASTEST,
        tolerance=tolerance, candidates=many,
    )  # fmt: skip
    if np.isnan(found.value[0]):
        raise RequestError(
            f"No ramp to {top:.3g} nA fires {name!r}, not even one of {FASTEST} ms. A step of that "
            f"height fires within {subject.after:g} ms. Write a longer after=, or a larger height=."
        )
    rises = np.geomspace(FASTEST, slow, RISES)
    curve = smallest_firing(
        lambda heights: ramps.fires(rises[:, None] + np.zeros_like(heights), heights), np.full(RISES, rheobase),
        most=HIGHEST * rheobase, tolerance=tolerance, candidates=many,
    )  # fmt: skip
    rise = slow if found.below[0] == 0.0 else top / float(found.below[0])
    time, traces = ramps.beside_a_step(top, rise)
    slowest = np.nan if found.below[0] == 0.0 else float(found.value[0])
    return Accommodation(rheobase, top, slowest, rises, curve.value, subject.area, time, traces, rise)


class _Ramps:
    """Currents that rise to a height and stay there."""

    def __init__(self, subject: Subject, at: Any) -> None:
        self.subject = subject
        self.ramp = current_ramp(at=at, last=1.0, duration=1.0)
        self.hold = current_pulse(at=at, amplitude=1.0, start=1.0, duration=subject.after, name="hold")

    def _over(self, rises: Floats, heights: Floats) -> Variation:
        ramp = (vary(self.ramp, "duration", rises), vary(self.ramp, "last", heights))
        return together(*ramp, vary(self.hold, "start", rises), vary(self.hold, "amplitude", heights), name="ramps")

    def fires(self, rises: Floats, heights: Floats) -> NDArray[np.bool_]:
        """Whether each current fires, both arguments of one shape."""
        times, wait = rises.ravel(), self.subject.after
        over = self._over(times, heights.ravel())
        counts = self.subject.count(float(times.max()) + wait, [self.ramp, self.hold], [over], until=times + wait)
        return np.asarray(counts.reshape(rises.shape) > 0)

    def beside_a_step(self, top: float, rise: float) -> tuple[Floats, Floats]:
        """The voltage under a step of a height, and under the ramp that rises to it in that time."""
        over = self._over(np.array([1e-3 * FASTEST, rise]), np.array([top, top]))
        found: tuple[Floats, Floats] = self.subject.trace(rise + self.subject.after, [self.ramp, self.hold], [over])
        return found
