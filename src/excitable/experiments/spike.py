"""The five phases of a spike: rise, peak, fall, undershoot, and the refractory period that follows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError
from ..frozen import field, frozen
from ..measurements import Phases, phases
from ..protocols import Stimulus
from ..recordings import State
from .refractory import RefractoryPeriod, refractory
from .subject import AFTER, LEVEL, one_stimulus, prepared
from .words import lines, number


@frozen(eq=False, repr=False)
class Spike:
    """One spike of a resting cell, phase by phase.

    Attributes:
        phases: Rise, peak, fall and undershoot, measured; see `measurements.Phases`.
        refractory: The period after it; None where it was not asked for.
        stimulus: What set it off.
        time, voltage: The response, ms and mV, (samples,).
    """

    phases: Phases
    refractory: RefractoryPeriod | None
    stimulus: Stimulus
    time: Floats = field(repr=False)
    voltage: Floats = field(repr=False)

    def __repr__(self) -> str:
        seen = self.phases
        over = f", {seen.overshoot:.1f} mV beyond zero" if seen.overshoot else ""
        rows = [
            ("rise", f"{number(seen.rise)} ms from {seen.onset:.1f} mV, at most {number(seen.upstroke)} mV/ms"),
            ("peak", f"{seen.peak:.2f} mV{over}, {seen.height:.1f} mV above rest"),
            ("fall", f"{number(seen.fall)} ms back to {seen.rest:.1f} mV, at most {number(-seen.downstroke)} mV/ms"),
        ]
        if seen.undershoot:
            rows.append(
                ("undershoot", f"{seen.undershoot:.1f} mV below rest, over after {number(seen.undershoot_time)} ms")
            )
        else:
            rows.append(("undershoot", "none"))
        after = self.refractory
        if after is not None:
            late = f"until {number(after.relative)}" if np.isfinite(after.relative) else "beyond the longest interval"
            rows.append(("refractory", f"absolutely for {number(after.absolute)} ms, relatively {late} ms"))
        rows.append(("width", f"{number(seen.half_width)} ms at half height"))
        return lines(f"Spike after {self.stimulus.name!r}", rows)


def spike(
    cell: Cell,
    stimulus: Stimulus,
    *,
    refractory_period: bool = True,
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    start: State | None = None,
    dt: Any = None,
) -> Spike:
    """Make a resting cell fire once, and measure the five phases of the spike.

    Args:
        cell: What to stimulate.
        stimulus: What sets it off, with its strength.
        refractory_period: Whether to measure the fifth phase, with pairs of this stimulus, which then is a pulse.
        detect, level, after, start, dt: As for `threshold`.

    Raises:
        RequestError: The stimulus does not fire the cell; else as for `threshold` and `refractory`.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> spike(patch, ex.current_pulse(at=ex.soma, amplitude="0.2 nA", duration="1 ms"))
    Spike after 'pulse'
      rise        0.7004 ms from -47.7 mV, at most 304.3 mV/ms
      peak        40.21 mV, 40.2 mV beyond zero, 105.2 mV above rest
      fall        2.2 ms back to -65.0 mV, at most 68.68 mV/ms
      undershoot  11.2 mV below rest, over after 12.91 ms
      refractory  absolutely for 9.527 ms, relatively until 16.33 ms
      width       1.255 ms at half height
    """
    given = one_stimulus(stimulus, parameter=None, verb="spike")
    subject = prepared(cell, given.at, detect=detect, level=level, after=after, start=start, dt=dt)
    begin, end = given.numbers.get("start", 0.0), given.end
    time, trace = subject.trace((begin if not end < 1e12 else end) + subject.after, [given])
    if trace.max() < subject.level:
        raise RequestError(
            f"{given.name!r} does not fire {cell.morphology.name!r}: the voltage reaches {trace.max():.1f} mV, and a "
            f"spike rises through {subject.level:g} mV. A stimulus above threshold was expected. "
            "Write a larger amplitude, or level= below the peak of its spikes."
        )
    seen = phases(trace, time, rest=subject.begins, threshold=subject.level)
    later = None
    if refractory_period:
        later = refractory(cell, given, detect=detect, level=level, after=after, start=subject.start, dt=dt)
    return Spike(seen, later, given, time, trace)
