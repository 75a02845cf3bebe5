"""A preparation: a published experiment as data. Which cell, what is done to it, what is read off, what was expected.

The verbs that carry it out are in `studies`; a preparation itself runs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ..cells import Cell
from ..errors import RequestError
from ..frozen import frozen
from ..methods import Adaptive, Method, staggered
from ..protocols import Clamp, Stimulus
from ..recordings import Recording, State
from ..recordings.probes import Probe
from ..runtime.sweep import Variation
from .figures import Figure

# Settings are numbers; what a search has found on the cell may be a result of an experiment.
Values = Mapping[str, Any]
Recordings = Mapping[str, Recording]


@frozen()
class Setting:
    """A number of a preparation that the user may change.

    Attributes:
        name: One word, for example "diameter".
        default: The value of the paper, in `unit`.
        unit: The unit in which the preparation reads it.
        meaning: What it is, in a few words.
        positive: Whether only values above zero make sense.

    >>> Setting("diameter", 476.0, "um", "diameter of the axon").default
    476.0
    """

    name: str
    default: float
    unit: str
    meaning: str
    positive: bool = True


@frozen()
class Measured:
    """One measured number beside the published one.

    Attributes:
        quantity: What was measured, in words.
        value: The number, in `unit`; NaN where it could not be measured.
        unit: "1" for a pure number.
        published: The number of the source, None where there is none.
        tolerance: How far from it the value may lie, in the unit of the value.
        source: Where the published number is from.
        theory: Whether `published` is a formula of the settings in use, and so holds for any of them.

    >>> Measured("conduction velocity", 18.74, "m/s", 18.8, 0.1, "Hodgkin & Huxley 1952").holds
    True
    """

    quantity: str
    value: float
    unit: str
    published: float | None = None
    tolerance: float | None = None
    source: str = ""
    theory: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the value lies within the tolerance; None where there is nothing to compare with."""
        if self.published is None or self.tolerance is None:
            return None
        return bool(abs(self.value - self.published) <= self.tolerance)

    def as_dictionary(self) -> dict[str, object]:
        """The row as plain data for JSON, where a number that could not be measured is None."""
        return {
            "quantity": self.quantity,
            "value": float(self.value) if math.isfinite(self.value) else None,
            "unit": self.unit,
            "published": None if self.published is None else float(self.published),
            "tolerance": None if self.tolerance is None else float(self.tolerance),
            "holds": self.holds,
            "source": self.source,
        }


@frozen(eq=False)
class Experiment:
    """One run, or one sweep, of a preparation: the arguments of `run` and `sweep` under a name.

    duration and dt in ms; without dt, a sensible step is chosen. `over` makes it a sweep. `coarse` says that a step
    longer than the gates need is meant: where nothing fires, or to look for a threshold. `start` is a state to begin
    from, or the name of an earlier experiment: this one goes on where that one ended, with what was changed meanwhile.
    `method` is how time advances; with the adaptive method dt is the time between samples.
    """

    name: str
    cell: Cell
    duration: float
    protocol: tuple[Stimulus | Clamp, ...] = ()
    record: tuple[Probe, ...] = ()
    over: tuple[Variation, ...] = ()
    dt: float | None = None
    every: int = 1
    coarse: bool = False
    start: State | str | None = None
    method: Method | Adaptive = staggered


@frozen(eq=False)
class Preparation:
    """A published model with its experiments, as data and functions of its settings.

    Attributes:
        name: One word, as on the command line.
        summary: One sentence.
        source: The paper.
        cell: The cell for given settings.
        experiments: What is done to that cell, in the order in which it is done; the first is the one to look at.
        measure: The numbers that are read off the recordings, by the name of the experiment.
        figures: The pictures that a lecturer would show.
        settings: The numbers that can be changed.
        search: What has to be found on the cell first (a threshold, a bifurcation diagram); it joins the settings.
        remarks: What a reader of the paper should know: where it contradicts itself, what was chosen.
    """

    name: str
    summary: str
    source: str
    cell: Callable[[Values], Cell]
    experiments: Callable[[Cell, Values], tuple[Experiment, ...]]
    measure: Callable[[Recordings, Values], tuple[Measured, ...]]
    figures: Callable[[Recordings, Values], tuple[Figure, ...]]
    settings: tuple[Setting, ...] = ()
    search: Callable[[Cell, Values], Values] | None = None
    remarks: tuple[str, ...] = ()

    @property
    def defaults(self) -> dict[str, float]:
        """The published value of each setting."""
        return {setting.name: setting.default for setting in self.settings}


def attempt(measure: Callable[[], object]) -> float:
    """The number that `measure` finds, or NaN where the recording does not have it (no spike, say).

    >>> attempt(lambda: 1)
    1.0
    """
    try:
        return float(measure())  # type: ignore[arg-type]
    except (RequestError, IndexError):
        return math.nan
