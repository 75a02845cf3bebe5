"""Carry out a preparation: its experiments one after another, then its measurements."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import AccuracyWarning, RequestError
from ..frozen import frozen, replace
from ..recordings import Recording
from ..runtime import run, sweep
from .figures import Figure
from .preparation import Experiment, Measured, Preparation
from .settings import Choice, choose, override


@frozen(eq=False)
class Study:
    """A preparation that has been carried out: what was recorded, measured, and can be drawn."""

    preparation: Preparation
    choice: Choice
    experiments: Mapping[str, Experiment]
    recordings: Mapping[str, Recording]
    measured: tuple[Measured, ...]
    figures: tuple[Figure, ...]

    @property
    def holds(self) -> bool:
        """Whether every number that has a published one lies within its tolerance."""
        return all(row.holds is not False for row in self.measured)


def study(
    preparation: Preparation,
    settings: Mapping[str, Any] | None = None,
    *,
    duration: Any = None,
    dt: Any = None,
    progress: bool | None = None,
    tell: Callable[[str], None] | None = None,
) -> Study:
    """Carry out a preparation.

    Args:
        preparation: What to do; see `library.find`.
        settings: Values that differ from the paper's, by name: settings of the preparation, or "Mechanism.parameter".
        duration: How long the first experiment lasts, ms.
        dt: The step of every experiment, ms.
        progress: As for `run`.
        tell: Called with the name of each experiment before it begins.

    A published number is compared with only under the published conditions: where a setting was changed, only numbers
    that follow from a formula of the settings keep theirs.

    Raises:
        UnknownNameError: There is no such setting.
        UnitError: A value is not of the unit of its setting.
        Interrupted: After Ctrl-C, with what had been recorded.

    >>> from excitable.library import find
    >>> done = study(find("passive_cable"), {"diameter": "4 um"})
    >>> [row.quantity for row in done.measured][:2], done.holds
    (['length constant', 'time constant'], True)
    """
    choice = choose(preparation, settings or {})
    say = tell or (lambda name: None)
    cell = override(preparation.cell(choice.values), choice.parameters)
    values = dict(choice.values)
    if preparation.search is not None:
        say("search")
        values |= preparation.search(cell, values)
    experiments = {
        experiment.name: replace(experiment, cell=override(experiment.cell, choice.parameters))
        for experiment in preparation.experiments(cell, values)
    }
    recordings: dict[str, Recording] = {}
    for name, experiment in experiments.items():
        say(name)
        length = None if recordings else duration
        try:
            recordings[name] = perform(_begun(experiment, recordings), duration=length, dt=dt, progress=progress)
        except Interrupted as stopped:
            raise Interrupted(name, {**recordings, **stopped.recordings}) from stopped
    rows = tuple(_applicable(row, choice) for row in preparation.measure(recordings, values))
    return Study(preparation, choice, experiments, recordings, rows, preparation.figures(recordings, values))


class Interrupted(RequestError):
    """A study was interrupted; `recordings` holds what had been recorded."""

    def __init__(self, experiment: str, recordings: Mapping[str, Recording]) -> None:
        stopped = recordings[experiment].stopped_at
        super().__init__(
            f"The experiment {experiment!r} was interrupted at {stopped:g} ms. All of it is needed for the "
            "measurements. Run it again, or use what .recordings holds."
        )
        self.recordings = recordings


def perform(experiment: Experiment, *, duration: Any = None, dt: Any = None, progress: bool | None = None) -> Recording:
    """Carry out one experiment, with another duration or step where given.

    Raises Interrupted after Ctrl-C, with what had been recorded; RequestError where it goes on from another experiment.

    >>> from excitable.library import find
    >>> squid = find("squid_membrane")
    >>> first = squid.experiments(squid.cell(squid.defaults), squid.defaults)[0]
    >>> perform(first, duration="10 ms").time[-1]
    np.float64(10.0)
    """
    request: dict[str, Any] = {
        "protocol": experiment.protocol,
        "record": experiment.record,
        "dt": experiment.dt if dt is None else dt,
        "every": experiment.every,
        "progress": progress,
        "start": experiment.start,
        "method": experiment.method,
    }
    if isinstance(experiment.start, str):
        raise RequestError(
            f"The experiment {experiment.name!r} goes on where {experiment.start!r} ended, and was carried out alone. "
            "It needs that state. Write study(preparation), or perform(replace(experiment, start=state))."
        )
    length = experiment.duration if duration is None else duration
    with warnings.catch_warnings():
        if experiment.coarse and dt is None:
            warnings.simplefilter("ignore", AccuracyWarning)
        if experiment.over:
            made = sweep(experiment.cell, length, experiment.over, **request)
        else:
            made = run(experiment.cell, length, **request)
    if not made.complete:
        raise Interrupted(experiment.name, {experiment.name: made})
    return made


def _begun(experiment: Experiment, recordings: Mapping[str, Recording]) -> Experiment:
    """The experiment with the state in which an earlier one ended, where it names one."""
    if not isinstance(experiment.start, str):
        return experiment
    return replace(experiment, start=recordings[experiment.start].final_state)


def _applicable(row: Measured, choice: Choice) -> Measured:
    stays = not choice.changed or (row.theory and not choice.parameters)
    return row if stays else replace(row, published=None, tolerance=None, source="")
