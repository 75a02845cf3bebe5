"""What a recording is made of: axes of a sweep, places on the cell, signals and spikes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RequestError, UnknownNameError, nearest
from ..frozen import frozen

NAN = float("nan")


def read_only(values: ArrayLike, kind: type | None = np.float64) -> NDArray[Any]:
    """A read-only view of `values`; what the caller holds stays writeable, and nothing is copied."""
    view = np.asarray(values, dtype=kind).view()
    view.flags.writeable = False
    return view


def same_numbers(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Whether two arrays agree in type, shape and every value, where NaN equals NaN."""
    if first.dtype != second.dtype or first.shape != second.shape:
        return False
    return bool(np.array_equal(first, second, equal_nan=first.dtype.kind in "fc"))


@frozen(eq=False, repr=False)
class Axis:
    """One axis of a sweep: what was varied, over which values.

    Attributes:
        name: What was varied, for example "amplitude".
        values: One number or one name per run along the axis, shape (n,).
        unit: The unit of the values, "" when they are pure numbers or names.

    Raises:
        RequestError: The values are not one-dimensional, or the name is taken by "time" or "place".

    >>> Axis("amplitude", [0.1, 0.2], "nA").size
    2
    """

    name: str
    values: NDArray[Any]
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _axis_values(self.name, self.values))

    def __repr__(self) -> str:
        return f"Axis({self.name!r}, {self.values}, {self.unit!r})"

    @property
    def size(self) -> int:
        """The number of runs along the axis."""
        return int(self.values.size)

    def identical(self, other: Axis) -> bool:
        """Whether name, unit and every value agree."""
        return (self.name, self.unit) == (other.name, other.unit) and same_numbers(self.values, other.values)

    def position(self, value: float | str) -> int:
        """The index of `value` on the axis (numbers agree when they do to 9 digits).

        Raises:
            UnknownNameError: No run has this value.
        """
        if self.values.dtype.kind == "U" or isinstance(value, str):
            found = np.flatnonzero(self.values == value)
        else:
            found = np.flatnonzero(np.isclose(self.values, value, rtol=1e-9, atol=0.0))
        if found.size:
            return int(found[0])
        known = [f"{each:g}" if not isinstance(each, str) else each for each in self.values.tolist()]
        raise UnknownNameError(
            f"No run has {self.name} {value!r}. Expected one of the {self.size} values of that axis"
            f"{f' (in {self.unit})' if self.unit else ''}. {nearest(str(value), known)}"
        )


def _axis_values(name: str, values: ArrayLike) -> NDArray[Any]:
    array = np.asarray(values)
    if array.dtype.kind != "U":
        array = np.asarray(array, dtype=np.float64)
    if array.ndim != 1 or name in ("", "time", "place"):
        raise RequestError(
            f"The sweep axis {name!r} has values of shape {array.shape}. Expected a row of values under "
            "a name that is neither empty nor 'time' or 'place'. Write Axis('amplitude', [0.1, 0.2], 'nA')."
        )
    return read_only(array, None)


@frozen()
class Place:
    """Where on the cell something was recorded: the centre of one compartment.

    Attributes:
        label: The name used in tables and legends, for example "soma" or "dend[3](0.5)".
        branch: The name of the branch.
        position: Where along the branch, 0 at its start and 1 at its end.
        distance: Path distance from the root of the cell, µm.
        x, y, z: Position of the centre, µm.
        diameter: Diameter of the compartment, µm.
        compartment: Index of the compartment in the discretisation, -1 when there is none.

    >>> Place("soma").label
    'soma'
    """

    label: str
    branch: str = ""
    position: float = NAN
    distance: float = NAN
    x: float = NAN
    y: float = NAN
    z: float = NAN
    diameter: float = NAN
    compartment: int = -1


def same_places(first: Sequence[Place], second: Sequence[Place]) -> bool:
    """Whether two rows of places agree; unlike `==`, an unknown (NaN) distance agrees with another."""
    return repr(tuple(first)) == repr(tuple(second))


@frozen(eq=False, repr=False)
class Signal:
    """One recorded quantity against time, at one place or several, for one run or a sweep.

    Attributes:
        label: The name in the recording, for example "voltage at soma".
        quantity: What it is: "voltage", "current", "state m of SquidSodium", "stimulus" ...
        unit: The unit of the values, for example "mV".
        values: float64, one dimension per name in `dims`.
        dims: Names of the dimensions: the axes of the sweep, then "place" if there are several, then "time".
        places: The recorded places, in the order of the dimension "place"; one, or none, without it.

    Raises:
        RequestError: The values, the dimensions and the places do not fit together.

    >>> import numpy as np
    >>> Signal("voltage at soma", "voltage", "mV", np.zeros(5)).shape
    (5,)
    """

    label: str
    quantity: str
    unit: str
    values: NDArray[np.float64]
    dims: tuple[str, ...] = ("time",)
    places: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", read_only(self.values))
        object.__setattr__(self, "dims", tuple(self.dims))
        object.__setattr__(self, "places", tuple(self.places))
        _check_signal(self)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the dimensions."""
        return self.values.shape

    @property
    def distance(self) -> NDArray[np.float64]:
        """Path distance of each place from the root, µm, shape (places,)."""
        return np.array([place.distance for place in self.places], dtype=np.float64)

    def at(self, place: str | int | Place) -> Signal:
        """The signal at one of its places, given by label, by index or as the place itself.

        Raises:
            UnknownNameError: The signal was not recorded there.
        """
        labels = [each.label for each in self.places]
        wanted = place.label if isinstance(place, Place) else place
        index = labels.index(wanted) if wanted in labels else wanted
        if not isinstance(index, int) or not -len(labels) <= index < len(labels):
            raise UnknownNameError(
                f"{self.label!r} was not recorded at {wanted!r}. Expected one of its {len(labels)} places. "
                f"{nearest(str(wanted), labels)}"
            )
        chosen = self.places[index]
        if "place" not in self.dims:
            return self
        values = np.take(self.values, index, axis=self.dims.index("place"))
        dims = tuple(name for name in self.dims if name != "place")
        return Signal(f"{self.quantity} at {chosen.label}", self.quantity, self.unit, values, dims, (chosen,))

    def identical(self, other: Signal) -> bool:
        """Whether names, places and every value agree."""
        mine = (self.label, self.quantity, self.unit, self.dims)
        return (
            mine == (other.label, other.quantity, other.unit, other.dims)
            and same_places(self.places, other.places)
            and same_numbers(self.values, other.values)
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype) if copy else np.asarray(self.values, dtype=dtype)

    def __repr__(self) -> str:
        sizes = " × ".join(f"{name} {size}" for name, size in zip(self.dims, self.shape, strict=True))
        return f"Signal({self.label!r}, {self.unit}, {sizes}{extent(self.values)})"


def extent(values: NDArray[np.float64]) -> str:
    """The smallest and the largest value as text; "" when there are none, or too many to look at."""
    if not 0 < values.size <= 20_000_000 or np.isnan(values).all():
        return ""
    return f", {np.nanmin(values):.5g} … {np.nanmax(values):.5g}"


def _check_signal(signal: Signal) -> None:
    shape, dims = signal.values.shape, signal.dims
    if len(shape) != len(dims) or dims[-1:] != ("time",) or len(set(dims)) != len(dims):
        raise RequestError(
            f"The signal {signal.label!r} has values of shape {shape} and dimensions {dims}. Expected one "
            "name per dimension, each once, with 'time' last. Write dims=('amplitude', 'place', 'time')."
        )
    expected = shape[dims.index("place")] if "place" in dims else None
    found = len(signal.places)
    if (expected is None and found > 1) or (expected is not None and found != expected):
        raise RequestError(
            f"The signal {signal.label!r} has {found} places and values of shape {shape} over {dims}. "
            "Expected one place per value along 'place'. Write places=(Place('soma'), ...)."
        )


@frozen(eq=False, repr=False)
class Spikes:
    """The times at which the voltage at one place rose through a threshold, in each run of a sweep.

    Attributes:
        label: The name in the recording, for example "spikes at soma".
        threshold: The level, mV.
        times: One array of times (ms) per run, in C order of `shape`; exactly one for a single run.
        shape: The shape of the sweep, () for a single run.
        place: Where, when known.

    Raises:
        RequestError: There are not as many arrays as runs.

    >>> import numpy as np
    >>> Spikes("spikes at soma", 0.0, (np.array([1.5, 9.0]),)).count
    array(2)
    """

    label: str
    threshold: float
    times: tuple[NDArray[np.float64], ...]
    shape: tuple[int, ...] = ()
    place: Place | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", tuple(read_only(each) for each in self.times))
        object.__setattr__(self, "shape", tuple(int(size) for size in self.shape))
        if len(self.times) != int(np.prod(self.shape)) or any(each.ndim != 1 for each in self.times):
            raise RequestError(
                f"{self.label!r} has {len(self.times)} rows of spike times for runs of shape {self.shape}. "
                "Expected one row of times per run. Write times=(row,) and shape=() for a single run."
            )

    @property
    def count(self) -> NDArray[np.int64]:
        """The number of spikes in each run, in the shape of the sweep."""
        return np.array([each.size for each in self.times], dtype=np.int64).reshape(self.shape)

    def __getitem__(self, index: int | tuple[int, ...]) -> NDArray[np.float64]:
        """The times (ms) of the run at `index` of the sweep, or of the only run at `()`."""
        return self.times[int(np.arange(len(self.times)).reshape(self.shape)[index])]

    def identical(self, other: Spikes) -> bool:
        """Whether label, threshold, place and every time agree."""
        mine = (self.label, repr(float(self.threshold)), self.shape, repr(self.place))
        theirs = (other.label, repr(float(other.threshold)), other.shape, repr(other.place))
        return mine == theirs and all(same_numbers(a, b) for a, b in zip(self.times, other.times, strict=True))

    def __repr__(self) -> str:
        runs = f" in {len(self.times)} runs" if self.shape else ""
        return f"Spikes({self.label!r}, {int(self.count.sum())} spikes{runs}, threshold {self.threshold:g} mV)"
