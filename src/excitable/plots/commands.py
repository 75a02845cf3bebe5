"""What was done to the cell, as curves: the current of each stimulus, the potential of each clamp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..protocols import Clamp, Stimulus
from ..protocols.clamp import command
from ..protocols.stimuli import SAMPLED, SHAPES


class Command(NamedTuple):
    """One curve below a figure: its values at the times of the figure, and the words of its axis."""

    values: NDArray[np.float64]
    words: str


def commanded(protocol: Sequence[Stimulus | Clamp] | Stimulus | Clamp, time: NDArray[np.float64]) -> list[Command]:
    """The curves of a protocol: the sum of the injected currents, then each clamp.

    Noise is drawn as its mean: its samples belong to the run.
    """
    given = [protocol] if isinstance(protocol, Stimulus | Clamp) else list(protocol)
    step = float(np.diff(time).min()) if time.size > 1 else 1.0
    made = []
    currents = [_current(each, time, step) for each in given if isinstance(each, Stimulus)]
    if currents:
        made.append(Command(np.sum(currents, axis=0), "Injected (nA)"))
    for each in given:
        if isinstance(each, Clamp):
            level: Any = command(each, each.numbers, time)
            made.append(Command(np.broadcast_to(np.asarray(level, dtype=np.float64), time.shape), "Clamp (mV)"))
    return made


def _current(stimulus: Stimulus, time: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    sample: Any = 0.0
    if stimulus.kind in SAMPLED and stimulus.times is not None and stimulus.samples is not None:
        sample = np.interp(time, stimulus.times, stimulus.samples, left=0.0, right=0.0)
    found: Any = SHAPES[stimulus.kind](stimulus.numbers, time, step, sample)
    return np.broadcast_to(np.asarray(found, dtype=np.float64), time.shape)
