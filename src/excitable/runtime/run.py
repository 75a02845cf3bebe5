"""Run one cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..cells import Cell
from ..compiler.targets import Target, host
from ..methods import Adaptive, Method, staggered
from ..protocols import Clamp, Stimulus
from ..recordings import Recording, State
from ..recordings.probes import Probe
from .accuracy import run_within
from .request import Request, listed, perform


def run(
    cell: Cell,
    duration: Any,
    *,
    protocol: Sequence[Stimulus | Clamp] = (),
    record: Sequence[Probe] | None = None,
    dt: Any = None,
    tolerance: Any = None,
    space: bool = False,
    every: int = 1,
    method: Method | Adaptive = staggered,
    start: State | None = None,
    progress: bool | None = None,
    on: Target = host,
) -> Recording:
    """Simulate a cell and return what was recorded.

    Day to day
        duration: how long, ms.  protocol: stimuli and clamps.  record: probes; without it, the voltage at the root.
        dt: the step, ms; without it a sensible one is chosen, and `recording.description["dt"]` says which.
        tolerance: the error that is wanted, in place of dt: "0.1 mV" for voltages, "10 us" for spike times, or both
        in a list. The step is halved until the error that the recording states, `recording.error_estimate`, is
        within it; `every` then counts the first and coarsest step tried.  space: with a tolerance, cut the cell more
        finely too, three times as many compartments at a time.
        every: keep every k-th sample.
    Other
        method: `staggered` (second order), `backward_euler` (NEURON's default, first order), or `adaptive`
        (chooses its own steps); dt is then the time between samples, and a tolerance chooses the steps' own.
        start: the final state of an earlier recording, to go on as if it had never stopped.
        progress: show a progress line (default: on a terminal).
        on: where to run: `host`, or `interpreter` (slow; the definition that `host` is tested against).

    A step that is far too coarse for the model gives an AccuracyWarning. Ctrl-C returns what is computed, with
    `complete` False.

    Raises RequestError for a request that cannot be met, NumericalError (with the recording so far) where a variable
    ceases to be finite.

    >>> from excitable.mechanisms import Leak
    >>> from excitable.morphology import everywhere, single_compartment
    >>> from excitable.cells import paint
    >>> cell = paint(Cell(single_compartment(20, 20)), everywhere, Leak())
    >>> recording = run(cell, "10 ms")
    >>> recording.signals["voltage at root"].values[-1].round(3)
    np.float64(-68.161)
    """
    request = Request(
        cell, duration, listed(protocol, "protocol"), record, dt, every, method, start, progress, threads=1, on=on
    )
    return perform(request) if tolerance is None else run_within(request, tolerance, space=space)
