"""A recording as the labelled tables that other packages understand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .optional import need
from .signal import Signal, same_places

if TYPE_CHECKING:
    from .recording import Recording


def place_dimensions(recording: Recording) -> dict[str, str]:
    """Label of each signal with several places -> the name of its place dimension.

    Signals recorded at the same places share one dimension; the first set is "place", the next "place_2" ...
    """
    sets: list[Signal] = []
    names = {}
    for label, signal in recording.signals.items():
        if "place" not in signal.dims:
            continue
        same = [i for i, known in enumerate(sets) if same_places(known.places, signal.places)]
        if not same:
            same = [len(sets)]
            sets.append(signal)
        names[label] = f"place_{same[0] + 1}" if same[0] else "place"
    return names


def to_xarray(recording: Recording) -> Any:
    """The signals as an `xarray.Dataset` with units, the places as coordinates.

    Dimensions are the axes of the sweep, "place" (then "place_2" ... for signals recorded at other places)
    and "time" (ms). Along "place" lie the coordinates place (label), distance, x, y, z, diameter (µm),
    branch.
    Attributes of the dataset are the facts of the run that are numbers or text.

    Raises:
        RequestError: xarray is not installed.
    """
    xarray = need("xarray", "to_xarray", "tables")
    coordinates: dict[str, Any] = {"time": ("time", recording.time, {"units": "ms", "long_name": "time"})}
    for axis in recording.axes:
        coordinates[axis.name] = (axis.name, axis.values, {"units": axis.unit} if axis.unit else {})
    dimensions = place_dimensions(recording)
    variables = {}
    for label, signal in recording.signals.items():
        dimension = dimensions.get(label, "place")
        dims = tuple(dimension if name == "place" else name for name in signal.dims)
        attributes = {"units": signal.unit, "quantity": signal.quantity}
        if label in dimensions:
            coordinates |= _place_coordinates(signal, dimension)
        elif signal.places:
            attributes["place"] = signal.places[0].label
        variables[label] = (dims, signal.values, attributes)
    facts = {name: fact for name, fact in recording.description.items() if isinstance(fact, (str, int, float))}
    return xarray.Dataset(variables, coordinates, facts)


def _place_coordinates(signal: Signal, dimension: str) -> dict[str, Any]:
    suffix = dimension.removeprefix("place")
    coordinates: dict[str, Any] = {
        dimension: (dimension, [place.label for place in signal.places]),
        f"branch{suffix}": (dimension, [place.branch for place in signal.places]),
    }
    for name in ("distance", "x", "y", "z", "diameter"):
        values = np.array([getattr(place, name) for place in signal.places], dtype=np.float64)
        coordinates[f"{name}{suffix}"] = (dimension, values, {"units": "µm"})
    return coordinates


def to_dataframe(recording: Recording) -> Any:
    """The signals as a wide `pandas.DataFrame`: a row per sample, a column per signal.

    The index is the time in ms, under the values of the axes for a sweep. A signal with several places has a
    column for each, "label @ place". Units are in `frame.attrs["units"]`, column to unit. For the long form
    write `recording.to_dataframe().melt(ignore_index=False)`.

    Raises:
        RequestError: pandas is not installed.
    """
    pandas = need("pandas", "to_dataframe", "tables")
    columns: dict[str, Any] = {}
    units: dict[str, str] = {}
    for label, signal in recording.signals.items():
        if "place" not in signal.dims:
            columns[label] = signal.values.reshape(-1)
            units[label] = signal.unit
            continue
        rows = np.moveaxis(signal.values, signal.dims.index("place"), 0).reshape(len(signal.places), -1)
        for place, row in zip(signal.places, rows, strict=True):
            columns[f"{label} @ {place.label}"] = row
            units[f"{label} @ {place.label}"] = signal.unit
    time = pandas.Index(recording.time, name="time")
    levels = [*(axis.values for axis in recording.axes), recording.time]
    names = [*(axis.name for axis in recording.axes), "time"]
    index = pandas.MultiIndex.from_product(levels, names=names) if recording.axes else time
    frame = pandas.DataFrame(columns, index=index)
    frame.attrs["units"] = units
    return frame
