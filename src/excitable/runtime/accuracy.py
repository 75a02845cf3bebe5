"""Results that state their own error, and steps chosen for a wanted accuracy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..cells import Cell
from ..compiler.gather import gather
from ..compiler.targets import host
from ..errors import RequestError, UnitError
from ..frozen import frozen, replace
from ..methods import Adaptive, Method, staggered
from ..morphology import Morphology, Rule, root
from ..protocols import Clamp, Stimulus
from ..recordings import Recording
from ..recordings.error_statement import ErrorStatement, compare, doubted
from ..recordings.probes import Probe, voltage
from ..units import to
from .adaptive import within as adaptive
from .request import Request, perform
from .step_size import SMALLEST, choose_step

ROUNDS = 12
# Three compartments in the place of one keep its centre, so that recorded places stay where they are.
FINER = 3
REFINEMENTS = 5


@frozen()
class _Finer:
    """A rule that cuts every branch into three times as many compartments as another."""

    rule: Rule

    def counts(self, morphology: Morphology) -> Any:
        """Three times the counts of the rule."""
        return FINER * self.rule.counts(morphology)


def accuracy(
    cell: Cell,
    duration: Any,
    *,
    protocol: Sequence[Stimulus | Clamp] = (),
    record: Sequence[Probe] | None = None,
    dt: Any = None,
    method: Method | Adaptive = staggered,
    space: bool = False,
) -> ErrorStatement:
    """The error of `run` with the same arguments, from a second run with half the step.

    For each signal the largest error of a sample, for each spike time its error in µs; both are estimates times a
    safety factor of 2. Voltages are recorded with their spikes. With `space`, a third run has three times as many
    compartments, and its difference is added.

    >>> from excitable.mechanisms import Leak
    >>> from excitable.morphology import everywhere, single_compartment
    >>> from excitable.cells import paint
    >>> cell = paint(Cell(single_compartment(20, 20)), everywhere, Leak())
    >>> accuracy(cell, "10 ms").signals["voltage at root"] < 1e-4
    True

    Raises RequestError for noise, which is another noise with every step.
    """
    probes = with_spikes(record)
    if isinstance(method, Adaptive):
        coarse, fine = (_once(cell, duration, protocol, probes, dt, 1, m) for m in (method, adaptive.finer(method)))
        statement = adaptive.state(coarse, fine, of_fine=False)
    else:
        coarse, fine = _pair(cell, duration, protocol, probes, dt, method)
        statement = compare(coarse, fine, order=method.order, ratio=2, of_fine=False)
    seconds = coarse.description["seconds"] + fine.description["seconds"]
    if space:
        dense = replace(cell, compartments=_Finer(cell.rule))
        finer = _once(dense, duration, protocol, probes, coarse.description["dt"], 1, method)
        added = compare(coarse, finer, order=2, ratio=FINER, of_fine=False)
        statement = _sum(statement, added)
        seconds += finer.description["seconds"]
    return replace(statement, cost=seconds / max(coarse.description["seconds"], 1e-9))


def run_within(request: Request, tolerance: Any, *, space: bool = False) -> Recording:
    """The run of a request with the step halved until the stated error is within the tolerance.

    tolerance: a voltage ("0.1 mV"), a time for spikes ("10 us"), or several of them.  space: cut the cell more finely
    too, until the error of its compartments and of the step together is within it.

    Raises RequestError where no step meets the tolerance; UnitError for a tolerance that is neither.
    """
    limits = _limits(tolerance)
    if not isinstance(request.method, Adaptive) and (request.dt is not None or request.start is not None):
        raise RequestError(
            f"Both the tolerance {tolerance!r} and {'dt' if request.dt is not None else 'start'} were given. A "
            "tolerance "
            "chooses the step from the start of a run. Leave one of them out."
        )
    _refuse_noise(request.protocol)
    wanted = replace(request, record=with_spikes(request.record))
    made, statement, spent = _in_space(wanted, limits) if space else _in_time(wanted, limits)
    if statement is None:
        return made
    return _stated(made, replace(statement, cost=spent / max(made.description["seconds"], 1e-9)), request.record)


Found = tuple[Recording, ErrorStatement | None, float]


def _in_time(request: Request, limits: Mapping[str, float]) -> Found:
    """A run whose step is fine enough, its statement (none where it was interrupted), and the seconds it took."""
    if isinstance(request.method, Adaptive):
        made, stated, spent = adaptive.within(request, limits)
        return made, stated if made.complete else None, spent
    system = gather(request.cell, request.protocol, request.record or (), request.overrides, request.cells)
    dt = 2.0 * choose_step(system)
    spent, coarse, before = 0.0, None, None
    for round_ in range(ROUNDS):
        fine = perform(replace(request, dt=dt, every=request.every * 2**round_))
        spent += fine.description["seconds"]
        if not fine.complete:
            return fine, None, spent
        if coarse is not None:
            found = compare(coarse, fine, order=request.method.order, ratio=2, of_fine=True)
            statement = found if before is None else doubted(found, before, order=request.method.order)
            before = found
            if statement.within(limits):
                return fine, statement, spent
        coarse, dt = fine, dt / 2.0
        if dt < SMALLEST / 100.0:
            break
    raise RequestError(
        f"The tolerance was not met with dt = {2 * dt:.3g} ms: {compare_text(statement, limits)}. "
        "It lies below what steps of this size can reach. Write a larger tolerance, or look for a threshold that the "
        "stimulus only just reaches."
    )


def _in_space(request: Request, limits: Mapping[str, float]) -> Found:
    """A run whose step and compartments are fine enough, judged by one with three times as many compartments."""
    half = {unit: 0.5 * limit for unit, limit in limits.items()}
    coarse, in_time, spent = _in_time(request, half)
    for _ in range(REFINEMENTS):
        dense = replace(request, cell=replace(request.cell, compartments=_Finer(request.cell.rule)))
        fine, finer_in_time, seconds = _in_time(dense, half)
        spent += seconds
        if in_time is None or finer_in_time is None:
            return coarse, None, spent
        statement = _sum(in_time, compare(coarse, fine, order=2, ratio=FINER, of_fine=False))
        if statement.within(limits):
            return coarse, statement, spent
        request, coarse, in_time = dense, fine, finer_in_time
    raise RequestError(
        f"The tolerance was not met with {coarse.description['compartments']} compartments: "
        f"{compare_text(statement, limits)}. Write a larger tolerance, or a cell whose parts differ less."
    )


def compare_text(statement: ErrorStatement, limits: Mapping[str, float]) -> str:
    """The worst error of a statement beside the limits, in words."""
    worst = max((e for label, e in statement.signals.items() if statement.units[label] == "mV"), default=0.0)
    late = max(statement.spike_times.values(), default=0.0)
    return f"the stated error is {worst:.3g} mV and {late:.3g} µs, the limits are {dict(limits)}"


def with_spikes(record: Sequence[Probe] | None) -> tuple[Probe, ...]:
    """The probes, with spikes at every place where a voltage but no spike is recorded."""
    probes = (voltage(at=root),) if record is None else tuple(record)
    there = {probe.at for probe in probes if probe.quantity == "spikes"}
    added = [
        Probe("spikes", probe.at, f"spikes of {probe.label}")
        for probe in probes
        if isinstance(probe, Probe) and probe.quantity == "voltage" and probe.at not in there
    ]
    return (*probes, *added)


def _stated(recording: Recording, statement: ErrorStatement, record: Sequence[Probe] | None) -> Recording:
    """The recording with its statement, and without spikes that nobody asked for."""
    asked = {probe.label for probe in record or ()}
    spikes = {
        label: each for label, each in recording.spikes.items() if not label.startswith("spikes of ") or label in asked
    }
    return replace(recording, spikes=spikes, description={**recording.description, "error": statement.facts()})


def _pair(
    cell: Cell, duration: Any, protocol: Any, probes: Any, dt: Any, method: Method
) -> tuple[Recording, Recording]:
    _refuse_noise(protocol)
    coarse = _once(cell, duration, protocol, probes, dt, 1, method)
    dt = coarse.description["dt"]
    fine = _once(cell, coarse.description["steps"] * dt, protocol, probes, dt / 2.0, 2, method)
    return coarse, fine


def _once(
    cell: Cell, duration: Any, protocol: Any, probes: Any, dt: Any, every: int, method: Method | Adaptive
) -> Recording:
    request = Request(cell, duration, tuple(protocol), probes, dt, every, method, None, None, 1, host)
    return perform(request)


def _sum(first: ErrorStatement, second: ErrorStatement) -> ErrorStatement:
    signals = {label: error + second.signals[label] for label, error in first.signals.items()}
    times = {label: error + second.spike_times[label] for label, error in first.spike_times.items()}
    return replace(first, signals=signals, spike_times=times, refined="step and space")


def _limits(tolerance: Any) -> dict[str, float]:
    limits: dict[str, float] = {}
    for each in tolerance if isinstance(tolerance, (tuple, list)) else (tolerance,):
        try:
            unit, value = "mV", to(each, "mV", what="the tolerance")
        except UnitError:
            unit, value = "us", to(each, "us", what="the tolerance, a voltage or a time,")
        if value <= 0.0:
            raise RequestError(
                f"The tolerance was given as {each!r}. An error is never zero or less. Write tolerance='0.1 mV'."
            )
        limits[unit] = value
    return limits


def _refuse_noise(protocol: Sequence[Stimulus | Clamp]) -> None:
    for item in protocol:
        if isinstance(item, Stimulus) and item.seed is not None:
            raise RequestError(
                f"The error of a run with the noise {item.name!r} was asked for. White noise is another noise with "
                "every step, so that runs with different steps cannot be compared. Give the noise as a "
                "current_waveform, or leave tolerance out."
            )
