"""One verb for every result: `plot` looks at what it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import RequestError
from ..experiments import (
    Accommodation,
    AllOrNone,
    AnodeBreak,
    Bifurcation,
    FiringCurve,
    IonsMoved,
    PhasePlane,
    RefractoryPeriod,
    Rest,
    Spike,
    StrengthDuration,
    Threshold,
)
from ..recordings import Recording
from . import dynamics, responses, spikes
from .traces import plot as plot_recording

DRAWN: dict[type, Callable[..., Any]] = {
    Accommodation: responses.accommodation,
    AllOrNone: responses.all_or_none,
    AnodeBreak: responses.anode_break,
    Bifurcation: dynamics.bifurcation,
    FiringCurve: spikes.firing_curve,
    IonsMoved: spikes.ions_moved,
    PhasePlane: dynamics.phase_plane,
    RefractoryPeriod: spikes.refractory_period,
    Rest: dynamics.rest,
    Spike: spikes.spike,
    StrengthDuration: responses.strength_duration,
    Threshold: responses.threshold,
}
# Figures of several panels make their own axes.
PANELS = (Accommodation, AllOrNone, IonsMoved)


def plot(result: Any, *, axes: Any = None, **options: Any) -> Any:
    """The picture of a recording, or of the result of an experiment.

    Args:
        result: A `Recording`, or what a verb of `experiments` returned.
        axes: Draw on these axes instead of a new figure.
        options: For a recording: `probe`, `protocol`, `start` and `stop`, as in `plots.traces.plot`.

    Returns:
        The matplotlib axes, or an array of them from top to bottom.

    Raises:
        RequestError: Nothing that has a picture, options that it does not have, or matplotlib is missing.
    """
    if isinstance(result, Recording):
        return plot_recording(result, axes=axes, **options)
    drawn = DRAWN.get(type(result))
    if drawn is None:
        raise RequestError(
            f"plot was given a {type(result).__name__}, {result!r:.80}. Recordings and results of experiments have "
            "pictures. Write plot(run(cell, '10 ms'))."
        )
    if options or (axes is not None and isinstance(result, PANELS)):
        given = next(iter(options), "axes")
        raise RequestError(
            f"plot was given {given}= for a {type(result).__name__}, whose picture has no such choice. "
            f"Write plot(result){'' if isinstance(result, PANELS) else ', or plot(result, axes=axes)'}."
        )
    return drawn(result, axes)
