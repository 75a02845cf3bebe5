"""The cell of an experiment: where it starts, where a spike is looked for, and the runs that all experiments share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell
from ..compiler.system import Floats
from ..errors import RequestError, nearest
from ..frozen import frozen
from ..morphology.places import Location, as_location
from ..protocols import Clamp, Stimulus
from ..recordings import Recording, State
from ..recordings.probes import Probe, spikes, voltage
from ..runtime import run, sweep
from ..runtime.sweep import Variation
from ..units import to
from .equilibrium.dynamics import Dynamics
from .rest import dynamics_of, rest

# mV: an upward crossing counts as a spike; it lies above every threshold and below every peak of the library's neurons.
LEVEL = -20.0
# ms: how long a spike is waited for after a stimulus.
AFTER = 50.0
# mV: how far the first guess of a stimulus should move the voltage.
MOVES = 10.0
LABEL, TRACE = "spikes", "voltage"


@frozen(eq=False)
class Subject:
    """A cell about to be stimulated.

    Attributes:
        cell: The cell.
        start: Where every run begins.
        stimulated, detected: Where the stimulus goes in, and where spikes are looked for.
        level: The voltage whose upward crossing is a spike, mV.
        after: How long to look after the end of a stimulus, ms.
        dt: The step, ms, or None for a sensible one.
        area: Area of the membrane, µm², where the cell is a single compartment.
    """

    cell: Cell
    start: State
    stimulated: Location
    detected: Location
    level: float
    after: float
    dt: Any
    area: float | None
    dynamics: Dynamics

    @property
    def begins(self) -> float:
        """The voltage at which every run begins, where spikes are looked for, mV."""
        place = self.detected.compartment(self.dynamics.system.discretisation)
        return float(self.start.arrays["v"][place, 0])

    def record(
        self, length: float, protocol: Sequence[Stimulus | Clamp], over: Sequence[Variation] = (),
        probes: Sequence[Probe] = (), every: int = 1,
    ) -> Recording:  # fmt: skip
        """One run, or one sweep, from the start of the experiment.

        Raises:
            RequestError: It was interrupted.
        """
        kept: dict[str, Any] = {"protocol": list(protocol), "record": list(probes), "dt": self.dt, "start": self.start,
                                "every": every}  # fmt: skip
        made = sweep(self.cell, length, over, **kept) if over else run(self.cell, length, **kept)
        if not made.complete:
            raise RequestError(
                f"The experiment on {self.cell.morphology.name!r} was interrupted. All of its runs are needed. "
                "Start it again."
            )
        return made

    def count(
        self,
        length: float,
        protocol: Sequence[Stimulus],
        over: Sequence[Variation],
        since: Any = 0.0,
        until: Any = np.inf,
    ) -> NDArray[np.int64]:
        """How many spikes each run of a sweep fires between two times, each a number or one a run; in its shape."""
        made = self.record(length, protocol, over, [spikes(at=self.detected, threshold=self.level, label=LABEL)])
        rows = made.spikes[LABEL].times
        first, last = (np.broadcast_to(np.asarray(limit, dtype=float), (len(rows),)) for limit in (since, until))
        counts = [int(((row >= a) & (row <= b)).sum()) for row, a, b in zip(rows, first, last, strict=True)]
        return np.array(counts, dtype=np.int64).reshape(made.shape)

    def trace(self, length: float, protocol: Sequence[Stimulus], over: Sequence[Variation] = (), every: int = 1) -> Any:
        """Times and voltages where spikes are looked for, (samples,) and (…, samples)."""
        made = self.record(length, protocol, over, [voltage(at=self.detected, label=TRACE)], every)
        return made.time, made[TRACE].values

    def scale(self, stimulus: Stimulus, duration: Any = None) -> Floats:
        """The currents that would move the voltage by about 10 mV in the given times (ms), by the impedance there."""
        length = stimulus.numbers.get("duration", stimulus.numbers.get("width"))
        times = np.atleast_1d(np.asarray(length if duration is None else duration, dtype=float))
        return MOVES / impedance(self, times)


def impedance(subject: Subject, times: Floats) -> Floats:
    """How far a constant current moves the voltage where it goes in, about a time after its onset, MΩ, (times,).

    The impedance of the linearised cell at the real frequency 1/time: exact for a current that grows as exp(t/time).
    """
    dynamics = subject.dynamics
    point = point_of(dynamics, subject.start)
    node = subject.stimulated.compartment(dynamics.system.discretisation)
    _, linear = dynamics.linearise(point)
    right = np.zeros((dynamics.size, len(times)))
    right[node] = -1.0
    moved = np.abs(linear.solve(right, 1.0 / np.maximum(times, 1e-6))[node])
    return np.where(np.isfinite(moved) & (moved > 0.0), moved, 1.0)


def point_of(dynamics: Dynamics, state: State) -> Floats:
    """The point of a state, (size, 1)."""
    parts = [
        np.stack([state.arrays[name][kind.what.compartments] for name in kind.names])
        if kind.names else np.zeros((0, kind.count, 1)) for kind in dynamics.kinds
    ]  # fmt: skip
    return dynamics.join(state.arrays["v"], parts)


def prepared(
    cell: Cell, stimulated: Any, *, detect: Any = None, level: Any = LEVEL, after: Any = AFTER,
    start: State | None = None, dt: Any = None,
) -> Subject:  # fmt: skip
    """The subject of an experiment, at rest unless `start` says otherwise.

    Raises:
        RequestError: The cell has no stable resting state to begin from, or it begins above the level of a spike.
    """
    dynamics = dynamics_of(cell)
    place = as_location(stimulated)
    parts = dynamics.system.discretisation
    wait = to(after, "ms", what="the time after the stimulus")
    if wait <= 0.0:
        raise RequestError(f"after was given as {after!r}. A spike takes time to come. Write after='50 ms'.")
    subject = Subject(
        cell=cell,
        start=_rest_of(cell) if start is None else _single(start),
        stimulated=place,
        detected=place if detect is None else as_location(detect),
        level=to(level, "mV", what="the level of a spike"),
        after=wait,
        dt=dt,
        area=float(parts.area[0]) if len(parts) == 1 else None,
        dynamics=dynamics,
    )
    if subject.begins >= subject.level:
        raise RequestError(
            f"{cell.morphology.name!r} begins at {subject.begins:.2f} mV, above the level of a spike, "
            f"{subject.level:g} mV. A spike rises through that level. Write level= between the start and its peak."
        )
    return subject


def _rest_of(cell: Cell) -> State:
    found = rest(cell)
    if not found.stable:
        raise RequestError(
            f"{cell.morphology.name!r} does not rest: where its currents cancel, at {found.voltage:.3f} mV, it is an "
            f"{found.kind}, and the cell fires by itself. A response needs a cell that waits for its stimulus. "
            "Write start= with a state from which to begin, or make it rest, with more leak or less sodium."
        )
    return found.state


def _single(start: State) -> State:
    """The state from which every run begins, at time zero and with any step."""
    columns = start.arrays["v"].shape[1]
    if columns != 1:
        raise RequestError(
            f"The start holds {columns} cells. Every run of an experiment begins from one state. "
            "Write start=rest(cell).state, or the final state of a single run."
        )
    return State(start.arrays, {"steady": True, "step": 0, "time": 0.0})


def one_stimulus(stimulus: Any, *, parameter: str | None = "amplitude", verb: str) -> Stimulus:
    """The stimulus of an experiment, which has to be the same in every run.

    Raises:
        RequestError: It is no stimulus, has no such number, or is noise.
    """
    if not isinstance(stimulus, Stimulus):
        raise RequestError(
            f"{verb} was given {stimulus!r} as its stimulus. It varies the strength of one injected current. "
            "Write current_pulse(at=soma, amplitude=1, duration='1 ms')."
        )
    if stimulus.seed is not None:
        raise RequestError(
            f"{verb} was given the noise {stimulus.name!r}. Noise is another in every run, so that no strength is a "
            "threshold for all of them. Write a pulse, or sweep over seeds and count."
        )
    if parameter is not None and parameter not in stimulus.numbers:
        raise RequestError(
            f"{verb} was to vary {parameter!r} of {stimulus.name!r}, which has no such number. "
            f"{nearest(parameter, stimulus.numbers)} Write parameter={next(iter(stimulus.numbers))!r}."
        )
    return stimulus


def refuse_noise(protocol: Sequence[Any], verb: str) -> None:
    """Raise RequestError where a protocol holds noise, or what is no stimulus."""
    for item in protocol:
        one_stimulus(item, parameter=None, verb=verb)


def changed(stimulus: Stimulus, **numbers: float) -> Stimulus:
    """The stimulus with other numbers."""
    return Stimulus(**{**stimulus.__dict__, "numbers": {**stimulus.numbers, **numbers}})
