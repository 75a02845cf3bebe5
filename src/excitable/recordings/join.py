"""A run and its continuation as one recording."""

from __future__ import annotations

import numpy as np

from ..errors import RequestError
from ..frozen import replace
from .recording import Recording
from .signal import Signal, Spikes, same_places

# Facts that add up when two runs follow each other; all others are those of the second run.
ADDED = ("steps", "seconds")


def concatenate(first: Recording, second: Recording) -> Recording:
    """One recording of a run and the run that continued it.

    The second may begin at the last sample of the first, which is then kept once, or after it.
    Facts are those of the second run, where "steps" and "seconds" are sums; the final state, and
    whether the whole is complete, come from the second.

    Raises:
        RequestError: The second begins before the first ends, or records something else.

    >>> import numpy as np
    >>> def piece(start):
    ...     time = start + np.arange(3.0)
    ...     return Recording(time, {"v": Signal("v", "voltage", "mV", 10 * time)})
    >>> concatenate(piece(0.0), piece(2.0)).time
    array([0., 1., 2., 3., 4.])
    """
    _check(first, second)
    shared = first.time.size and second.time.size and second.time[0] == first.time[-1]
    skip = 1 if shared else 0
    signals = {
        label: replace(signal, values=np.concatenate([signal.values, second[label].values[..., skip:]], axis=-1))
        for label, signal in first.signals.items()
    }
    spikes = {label: _join_spikes(each, second.spikes[label]) for label, each in first.spikes.items()}
    facts = {**first.description, **second.description}
    for name in ADDED:
        if name in first.description and name in second.description:
            facts[name] = first.description[name] + second.description[name]
    time = np.concatenate([first.time, second.time[skip:]])
    return replace(second, time=time, signals=signals, spikes=spikes, description=facts)


def _join_spikes(first: Spikes, second: Spikes) -> Spikes:
    rows = []
    for before, after in zip(first.times, second.times, strict=True):
        # A crossing exactly on the shared sample is seen by both runs.
        again = before.size and after.size and after[0] <= before[-1]
        rows.append(np.concatenate([before, after[1:] if again else after]))
    return replace(first, times=tuple(rows))


def _check(first: Recording, second: Recording) -> None:
    if first.time.size and second.time.size and second.time[0] < first.time[-1]:
        raise RequestError(
            f"The second recording begins at {second.time[0]:g} ms, before the first "
            f"ends at {first.time[-1]:g} ms. Expected its continuation. "
            "Write concatenate(first, second), where second was started from first.final_state."
        )
    different = [label for label in first.signals if not _alike(first.signals[label], second.signals.get(label))]
    different += [label for label in second.signals if label not in first.signals]
    different += sorted(first.spikes.keys() ^ second.spikes.keys())
    axes = len(first.axes) == len(second.axes) and all(map(lambda a, b: a.identical(b), first.axes, second.axes))
    if different or not axes:
        which = ", ".join(repr(label) for label in different) or "the axes of the sweep"
        raise RequestError(
            f"The two recordings differ in {which}. Expected the same in both. "
            "Write the same record=[...] and the same sweep for the continuation."
        )


def _alike(first: Signal, second: Signal | None) -> bool:
    return (
        second is not None
        and (first.unit, first.dims) == (second.unit, second.dims)
        and same_places(first.places, second.places)
    )
