"""Anode break: a spike that follows when a hyperpolarising current ends."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import field, frozen
from ..protocols import current_pulse
from ..recordings import State
from ..runtime import vary
from ..units import to
from .search import smallest_firing
from .subject import AFTER, LEVEL, prepared
from .threshold import candidates_of
from .words import amount, lines, number

# mV: the strongest current moves the voltage so far by the resistance at rest.
DEEPEST = 100.0


@frozen(eq=False, repr=False)
class AnodeBreak:
    """The weakest hyperpolarising current whose end fires a cell.

    Attributes:
        amplitude: nA, negative.
        duration: How long it lasts, ms.
        hyperpolarisation: How far below its start the voltage is when the current ends, mV, positive.
        latency: From the end of the current to the spike, ms.
        area: Area of the membrane, µm², of a cell of one compartment.
        runs: How many runs the search made.
        time, traces: The response just below threshold and that at threshold: ms, (samples,), mV, (2, samples).
    """

    amplitude: float
    duration: float
    hyperpolarisation: float
    latency: float
    area: float | None
    runs: int
    time: Floats = field(repr=False)
    traces: Floats = field(repr=False)

    def __repr__(self) -> str:
        rows = [
            ("threshold", f"{amount(self.amplitude, self.area)} for {number(self.duration)} ms"),
            ("voltage", f"{self.hyperpolarisation:.2f} mV below rest when it ends"),
            ("spike", f"{number(self.latency)} ms later"),
        ]
        return lines("Anode break", rows)


def anode_break(
    cell: Cell,
    *,
    at: Any,
    duration: Any = 30.0,
    most: Any = None,
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    start: State | None = None,
    dt: Any = None,
    tolerance: float = 1e-4,
) -> AnodeBreak:
    """The weakest hyperpolarising current that fires a cell by ending.

    Args:
        cell: What to stimulate.
        at: Where the current goes in.
        duration: How long it lasts, ms.
        most: The strongest current to try, nA; by default what moves the voltage by about 100 mV.
        detect, level, after, start, dt, tolerance: As for `threshold`; a spike counts after the current has ended.

    Raises:
        RequestError: No current does it, as in a cell whose sodium channels are not inactivated at rest.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> anode_break(patch, at=ex.soma)
    Anode break
      threshold  -0.03495 nA (-2.781 µA/cm²) for 30 ms
      voltage    2.99 mV below rest when it ends
      spike      12.5 ms later
    """
    subject = prepared(cell, at, detect=detect, level=level, after=after, start=start, dt=dt)
    length = to(duration, "ms", what="the duration of the current")
    pulse = current_pulse(at=at, amplitude=-1.0, duration=length, name="anode")
    middle = subject.scale(pulse)
    limit = 0.1 * DEEPEST * middle[0] if most is None else abs(to(most, "nA", what="the strongest current"))

    def test(values: Floats) -> Any:
        over = vary(pulse, "amplitude", -values.ravel())
        return subject.count(length + subject.after, [pulse], [over], since=length).reshape(values.shape) > 0

    found = smallest_firing(test, middle, most=limit, tolerance=tolerance, candidates=candidates_of(subject))
    if np.isnan(found.value[0]) or found.below[0] == 0.0:
        raise RequestError(
            f"No hyperpolarising current of {length:g} ms makes {cell.morphology.name!r} fire when it ends: up to "
            f"{-found.highest[0]:.3g} nA were tried. Anode break needs sodium channels that are inactivated in part at "
            "rest, and that recover before the potassium channels open again. Write a longer duration=, a larger "
            "most=, or level= below the peak of its spikes."
        )
    both = -np.array([found.below[0], found.value[0]])
    time, traces = subject.trace(length + subject.after, [pulse], [vary(pulse, "amplitude", both)])
    ended = int(np.searchsorted(time, length - 1e-9))
    crossed = time[(time > length) & (traces[1] >= subject.level)]
    return AnodeBreak(
        float(both[1]), length, float(subject.begins - traces[1, ended]),
        float(crossed[0] - length) if crossed.size else np.nan, subject.area, found.runs, time, traces,
    )  # fmt: skip
