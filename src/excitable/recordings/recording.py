"""The table that returns from a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import RequestError, UnknownNameError, nearest
from ..frozen import field, frozen, replace
from .error_statement import ErrorStatement, from_facts
from .show import html, text
from .signal import Axis, Place, Signal, Spikes, read_only, same_numbers
from .state import State, plain
from .tables import to_dataframe, to_xarray


@frozen(eq=False, repr=False)
class Recording:
    """What a run, or a sweep of runs, recorded.

    Attributes:
        time: Sample times, ms, shape (n,).
        signals: Label to `Signal`, in the order they were asked for.
        spikes: Label to `Spikes`, for the places where spikes were asked for.
        axes: The axes of the sweep, in the order of the leading dimensions; () for a single run.
        description: Plain facts about the run. `run` writes "dt" (ms), "method", "order", "steps",
            "compartments", "temperature" (°C), "seed", "seconds" (how long it took), "excitable" (version).
        final_state: What `run` continues from.
        complete: False when the run was interrupted or its numbers blew up.
        stopped_at: The last computed time of an incomplete run, ms.

    Raises:
        RequestError: The shape of a signal does not fit the time and the axes.

    >>> import numpy as np
    >>> time = np.arange(5) * 0.025
    >>> voltage = Signal("voltage at soma", "voltage", "mV", np.full(5, -65.0), places=(Place("soma"),))
    >>> recording = Recording(time, {"voltage at soma": voltage})
    >>> recording["voltage at soma"].values[0]
    np.float64(-65.0)
    """

    time: NDArray[np.float64]
    signals: Mapping[str, Signal]
    spikes: Mapping[str, Spikes] = field(default_factory=dict)
    axes: tuple[Axis, ...] = ()
    description: Mapping[str, Any] = field(default_factory=dict)
    final_state: State | None = None
    complete: bool = True
    stopped_at: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "time", read_only(self.time))
        object.__setattr__(self, "axes", tuple(self.axes))
        for name in ("signals", "spikes"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "description", MappingProxyType(plain(self.description)))
        _check(self)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place where something was recorded, each once, in the order of the signals."""
        found = {repr(place): place for signal in self.signals.values() for place in signal.places}
        found |= {repr(each.place): each.place for each in self.spikes.values() if each.place is not None}
        return tuple(found.values())

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the sweep, () for a single run."""
        return tuple(axis.size for axis in self.axes)

    def __getitem__(self, key: Any) -> Signal:
        """The signal under a label, or of the probe that asked for it (anything with a `label`).

        Raises:
            UnknownNameError: Nothing was recorded under that name.
        """
        label = key if isinstance(key, str) else getattr(key, "label", key)
        if isinstance(label, str) and label in self.signals:
            return self.signals[label]
        if isinstance(label, str) and label in self.spikes:
            raise UnknownNameError(
                f"{label!r} is a list of spike times. Expected the label of a signal. "
                f"Write recording.spikes[{label!r}]."
            )
        raise UnknownNameError(
            f"Nothing was recorded as {label!r}. Expected the label of one of {len(self.signals)} signals. "
            f"{nearest(str(label), self.signals)}"
        )

    def __contains__(self, key: object) -> bool:
        label = key if isinstance(key, str) else getattr(key, "label", None)
        return label in self.signals

    def __iter__(self) -> Iterator[str]:
        return iter(self.signals)

    def __len__(self) -> int:
        return len(self.signals)

    def select(self, **wanted: float | str) -> Recording:
        """The part of a sweep with these values, without the axes that were named.

        `recording.select(amplitude=0.2)` is the run, or the smaller sweep, with that amplitude. The final
        state belongs to the whole sweep and is left out.

        Raises:
            UnknownNameError: There is no such axis, or no run with that value.
        """
        names = [axis.name for axis in self.axes]
        for name in wanted:
            if name not in names:
                raise UnknownNameError(
                    f"The recording has no axis {name!r}. Expected one of its {len(names)} axes. {nearest(name, names)}"
                )
        index = tuple(axis.position(wanted[axis.name]) if axis.name in wanted else slice(None) for axis in self.axes)
        kept = tuple(axis for axis in self.axes if axis.name not in wanted)
        shape = tuple(axis.size for axis in kept)
        signals = {
            label: replace(each, values=each.values[index], dims=tuple(d for d in each.dims if d not in wanted))
            for label, each in self.signals.items()
        }
        spikes = {}
        for label, each in self.spikes.items():
            chosen = np.arange(len(each.times)).reshape(each.shape)[index].ravel()
            spikes[label] = replace(each, times=tuple(each.times[i] for i in chosen), shape=shape)
        return replace(self, signals=signals, spikes=spikes, axes=kept, final_state=None)

    def identical(self, other: Recording) -> bool:
        """Whether two recordings hold the same numbers under the same names (NaN equals NaN)."""
        return (
            same_numbers(self.time, other.time)
            and _same_items(self.signals, other.signals)
            and _same_items(self.spikes, other.spikes)
            and len(self.axes) == len(other.axes)
            and all(a.identical(b) for a, b in zip(self.axes, other.axes, strict=True))
            and repr(dict(self.description)) == repr(dict(other.description))
            and (self.complete, self.stopped_at) == (other.complete, other.stopped_at)
            and _same_state(self.final_state, other.final_state)
        )

    @property
    def error_estimate(self) -> ErrorStatement | None:
        """What the run states of its own error; None where no `tolerance` was asked for."""
        facts = self.description.get("error")
        return None if facts is None else from_facts(facts)

    def to_xarray(self) -> Any:
        """The recording as an `xarray.Dataset`; see `recordings.tables`."""
        return to_xarray(self)

    def to_dataframe(self) -> Any:
        """The recording as a `pandas.DataFrame`; see `recordings.tables`."""
        return to_dataframe(self)

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only mappings cannot be pickled; the plain ones rebuild them (worker processes need this).
        plain = dict(self.signals), dict(self.spikes), self.axes, dict(self.description)
        return Recording, (self.time, *plain, self.final_state, self.complete, self.stopped_at)

    def __repr__(self) -> str:
        return text(self)

    def _repr_html_(self) -> str:
        return html(self)


def _same_items(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    return list(first) == list(second) and all(first[label].identical(second[label]) for label in first)


def _same_state(first: State | None, second: State | None) -> bool:
    if first is None or second is None:
        return first is second
    return first.identical(second)


def _check(recording: Recording) -> None:
    """Refuse signals that do not fit the time and the axes, by name."""
    time = recording.time
    if time.ndim != 1 or not np.all(np.diff(time) > 0):
        raise RequestError(
            f"The times of a recording have shape {time.shape} or do not increase. Expected one row of "
            "increasing times in ms. Write time=dt * np.arange(n)."
        )
    names = tuple(axis.name for axis in recording.axes)
    for label, signal in recording.signals.items():
        leading = tuple(name for name in signal.dims[:-1] if name != "place")
        sizes = tuple(n for name, n in zip(signal.dims, signal.shape, strict=True) if name in leading)
        if leading != names or sizes != recording.shape or signal.shape[-1] != time.size:
            raise RequestError(
                f"The signal {label!r} has shape {signal.shape} over {signal.dims}. Expected the axes "
                f"{names} of sizes {recording.shape}, then {time.size} samples. Write values in that order."
            )
    for label, spikes in recording.spikes.items():
        if spikes.shape != recording.shape:
            raise RequestError(
                f"{label!r} has shape {spikes.shape} in a sweep of shape {recording.shape}. Expected one row "
                f"of times per run. Write shape={recording.shape}."
            )
