"""Injected currents. Each states its mean over the coming step, so that the charge is right wherever its edges fall.

Injected current is positive where it depolarises; amplitudes are in nA, times in ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RequestError
from ..expressions import Expression, floor, maximum, minimum, sin
from ..frozen import field, frozen
from ..morphology.places import Location, as_location
from ..units import to, to_array


@frozen(eq=False)
class Stimulus:
    """A current injected at a place: a shape with numbers of its own, and samples where the shape needs them.

    `kind` is one of `SHAPES`; `numbers` are its parameters (each may become the axis of a sweep); `times` and `samples`
    hold an arbitrary waveform, `seed` the key of a random one.
    """

    kind: str
    at: Location
    name: str
    numbers: Mapping[str, float]
    label: str = ""
    times: NDArray[np.float64] | None = field(default=None, repr=False)
    samples: NDArray[np.float64] | None = field(default=None, repr=False)
    seed: int | None = None

    @property
    def end(self) -> float:
        """When the stimulus has ended for good, ms; infinite where it never does."""
        n = self.numbers
        if "duration" in n:
            return n["start"] + n["duration"]
        if self.kind == "train":
            return n["start"] + (n["count"] - 1) * n["period"] + n["width"]
        return float(self.times[-1]) if self.times is not None else float("inf")


UNITS = {
    "amplitude": "nA", "start": "ms", "duration": "ms", "period": "ms", "width": "ms", "count": "1",
    "first": "nA", "last": "nA", "frequency": "Hz", "phase": "1", "offset": "nA", "mean": "nA", "deviation": "nA",
}  # fmt: skip


# ---------------------------------------------------------------- shapes: mean over [t, t + dt], nA
def _since(time: Any, t: Any, dt: Any) -> Any:
    """The fraction of the step that lies before `time`."""
    return minimum(maximum((time - t) / dt, 0.0), 1.0)


def _window(n: Mapping[str, Any], t: Any, dt: Any) -> Any:
    return _since(n["start"] + n["duration"], t, dt) - _since(n["start"], t, dt)


def pulse(n: Mapping[str, Any], t: Any, dt: Any, sample: Any) -> Any:
    """A rectangular pulse."""
    return n["amplitude"] * _window(n, t, dt)


def train(n: Mapping[str, Any], t: Any, dt: Any, sample: Any) -> Any:
    """Equal pulses, one a period: the difference of the time spent inside pulses before both ends of the step."""

    def inside(time: Any) -> Any:
        cycles = minimum(maximum((time - n["start"]) / n["period"], 0.0), n["count"])
        whole = floor(cycles)
        return whole * n["width"] + minimum((cycles - whole) * n["period"], n["width"])

    return n["amplitude"] * ((inside(t + dt) - inside(t)) / dt)


def ramp(n: Mapping[str, Any], t: Any, dt: Any, sample: Any) -> Any:
    """A straight line from `first` to `last`, at the middle of what the step covers of it."""
    begin = minimum(maximum((t - n["start"]) / n["duration"], 0.0), 1.0)
    end = minimum(maximum((t + dt - n["start"]) / n["duration"], 0.0), 1.0)
    return (n["first"] + (n["last"] - n["first"]) * 0.5 * (begin + end)) * _window(n, t, dt)


def sine(n: Mapping[str, Any], t: Any, dt: Any, sample: Any) -> Any:
    """offset + amplitude · sin(2π (frequency · time since start + phase))."""
    since = t + 0.5 * dt - n["start"]
    turns = since * (n["frequency"] * 1e-3) + n["phase"]
    wave = sin(6.283185307179586 * (turns - floor(turns)))
    return (n["offset"] + n["amplitude"] * wave) * _window(n, t, dt)


def waveform(n: Mapping[str, Any], t: Any, dt: Any, sample: Any) -> Any:
    """Samples of the user, averaged over the step before the run."""
    return n["amplitude"] * sample


def noise(n: Mapping[str, Any], t: Any, dt: Any, sample: Any) -> Any:
    """Independent normal numbers, one a step (held for `width`)."""
    return (n["mean"] + n["deviation"] * sample) * _window(n, t, dt)


SHAPES = {"pulse": pulse, "train": train, "ramp": ramp, "sine": sine, "waveform": waveform, "noise": noise}
SAMPLED = ("waveform", "noise")


def injected(kind: str, numbers: Mapping[str, Any], t: Any, dt: Any, sample: Any) -> Expression:
    """The mean injected current (nA) of a shape over [t, t + dt], for expressions, numbers or arrays."""
    result: Expression = SHAPES[kind](numbers, t, dt, sample)
    return result


# ---------------------------------------------------------------- verbs
def current_pulse(*, at: Any, amplitude: Any, start: Any = 0.0, duration: Any, name: str = "pulse") -> Stimulus:
    """A rectangular pulse of current.

    at: a location, or a region for its centre.  amplitude: nA, positive depolarises.  start, duration: ms.

    >>> from excitable.morphology import soma
    >>> current_pulse(at=soma, amplitude="500 pA", start=10, duration=50).numbers["amplitude"]
    0.5

    Raises RequestError for a duration that is not positive or a negative start, UnitError for a wrong dimension.
    """
    return _stimulus("pulse", at, name, amplitude=amplitude, start=start, duration=duration)


def current_train(
    *, at: Any, amplitude: Any, start: Any = 0.0, period: Any, width: Any, count: int, name: str = "train"
) -> Stimulus:
    """`count` equal pulses of `width` ms, one every `period` ms.

    Raises RequestError where a pulse is longer than the period.
    """
    made = _stimulus("train", at, name, amplitude=amplitude, start=start, period=period, width=width, count=count)
    if made.numbers["width"] > made.numbers["period"]:
        raise RequestError(
            f"The train {name!r} has pulses of {made.numbers['width']} ms every {made.numbers['period']} ms. "
            "A pulse must end before the next begins. Write a width below the period."
        )
    return made


def current_ramp(
    *, at: Any, first: Any = 0.0, last: Any, start: Any = 0.0, duration: Any, name: str = "ramp"
) -> Stimulus:
    """A current that changes linearly from `first` to `last` (nA) and then stops."""
    return _stimulus("ramp", at, name, first=first, last=last, start=start, duration=duration)


def current_sine(
    *, at: Any, amplitude: Any, frequency: Any, start: Any = 0.0, duration: Any = float("inf"), phase: Any = 0.0,
    offset: Any = 0.0, name: str = "sine",
) -> Stimulus:  # fmt: skip
    """offset + amplitude · sin(2π (frequency · t + phase)); frequency in Hz, phase in turns."""
    return _stimulus("sine", at, name, amplitude=amplitude, frequency=frequency, start=start, duration=duration,
                     phase=phase, offset=offset)  # fmt: skip


def current_noise(
    *, at: Any, deviation: Any, seed: int, mean: Any = 0.0, start: Any = 0.0, duration: Any = float("inf"),
    name: str = "noise",
) -> Stimulus:  # fmt: skip
    """White noise: an independent normal current every step, with the given mean and standard deviation (nA).

    The numbers depend on the seed, the place of the run in a sweep, and the step, and on nothing else. As the power
    of white noise depends on the step, give `dt` to `run` where results are to be compared.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise RequestError(f"The noise {name!r} was given the seed {seed!r}. A seed is a whole number. Write seed=1.")
    made = _stimulus("noise", at, name, mean=mean, deviation=deviation, start=start, duration=duration)
    return Stimulus(**{**made.__dict__, "seed": seed})


def current_waveform(
    *, at: Any, times: ArrayLike | Any, samples: ArrayLike | Any, amplitude: Any = 1.0, name: str = "waveform"
) -> Stimulus:
    """Any waveform, as samples joined by straight lines; zero before the first and after the last.

    times: ms, increasing, shape (n,).  samples: nA, shape (n,).  amplitude: a factor on all samples (pure number).

    Raises RequestError where times do not increase, shapes differ, or a sample is not finite.
    """
    t = np.atleast_1d(to_array(times, "ms", what=f"the times of {name}"))
    x = np.atleast_1d(to_array(samples, "nA", what=f"the samples of {name}"))
    if t.ndim != 1 or t.shape != x.shape or t.size < 2 or np.any(np.diff(t) <= 0.0):
        raise RequestError(
            f"The waveform {name!r} has times of shape {t.shape} and samples of shape {x.shape}. "
            "Both need one shape (n,), n at least 2, and times that increase. Write times=dt * np.arange(len(samples))."
        )
    return Stimulus("waveform", as_location(at), name, {"amplitude": to(amplitude, "1", what="the factor")},
                    _label(name, at), t, x)  # fmt: skip


def checked_number(key: str, number: float, name: str) -> float:
    """A number of a stimulus, in its unit.

    Raises RequestError where it is out of range.
    """
    if key in ("duration", "period", "width", "count", "frequency") and number <= 0.0:
        raise RequestError(
            f"The {key} of {name!r} was given as {number} {UNITS[key]}. It must be positive. Write {key}=1."
        )
    if key in ("start", "deviation") and number < 0.0:
        raise RequestError(
            f"The {key} of {name!r} was given as {number} {UNITS[key]}. It must not be negative. Write {key}=0."
        )
    if key == "count" and number != int(number):
        raise RequestError(
            f"The count of {name!r} was given as {number}. It counts pulses and is a whole number. Write count=3."
        )
    # An endless duration is a very late end: infinity would make 0 · infinity of the window.
    return min(number, 1e15)


def _stimulus(kind: str, at: Any, name: str, **values: Any) -> Stimulus:
    numbers = {}
    for key, value in values.items():
        number = to(value, UNITS[key], what=f"the {key} of {name}", infinite=key == "duration")
        numbers[key] = checked_number(key, number, name)
    return Stimulus(kind, as_location(at), name, numbers, _label(name, at))


def _label(name: str, at: Any) -> str:
    return f"{name} at {at!r}"
