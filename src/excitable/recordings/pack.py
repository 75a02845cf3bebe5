"""A recording as plain columns of numbers and one text of facts, and back: what every file format stores.

Nothing here can run code: columns are numeric, and the facts are JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import StorageError
from .recording import Recording
from .signal import Axis, Place, Signal, Spikes
from .state import State
from .tables import place_dimensions

FORMAT = "excitable recording"
VERSION = 1
# The kinds of number that NetCDF, Zarr and NumPy all have.
DIRECT = frozenset(["f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"])
FACTS = "recording"
PLACE = ("label", "branch", "position", "distance", "x", "y", "z", "diameter", "compartment")


class Column(NamedTuple):
    """One named array of a file: its dimensions, its numbers, and what other readers should be told."""

    dims: tuple[str, ...]
    values: NDArray[Any]
    attributes: Mapping[str, str]


class Columns:
    """Columns in the making, under names that every format allows, each name once."""

    def __init__(self, taken: set[str]) -> None:
        self.made: dict[str, Column] = {}
        self.kinds: dict[str, Any] = {}
        self.taken = taken

    def name(self, label: str) -> str:
        """A new name made of the letters and digits of `label`."""
        base = re.sub(r"\W+", "_", label, flags=re.ASCII).strip("_")
        base = base if base[:1].isalpha() else f"n_{base}"
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name

    def add(self, name: str, values: NDArray[Any], told: Mapping[str, str], dims: Sequence[str] | None = None) -> str:
        """Keep `values` under `name`; arrays without named dimensions share one per length."""
        if values.dtype.kind not in "biufc":
            raise StorageError(
                f"The array {name!r} holds {values.dtype}, which no file of numbers can. Expected a numeric "
                "array. Write it as numbers, or leave it out of the state."
            )
        self.kinds[name] = {"dtype": values.dtype.str, "shape": list(values.shape)}
        if values.dtype.str[1:] not in DIRECT:
            # Truth values, complex and half precision travel as bytes: not every format has them.
            values, dims = np.ascontiguousarray(values).reshape(-1).view(np.uint8), None
        if values.ndim == 0:
            values = values.reshape(1)
        if values.size:
            words = {key: "".join(c if c.isprintable() else "?" for c in text) for key, text in told.items()}
            self.made[name] = Column(tuple(dims or (f"n{size}" for size in values.shape)), values, words)
        return name


def pack(recording: Recording) -> dict[str, Column]:
    """The columns of a recording; the one called `FACTS` is the JSON text, as bytes.

    Raises:
        StorageError: A fact is not something JSON can hold, or a state array is not numeric.
    """
    dimensions = place_dimensions(recording)
    columns = Columns({"time", "byte", FACTS, *dimensions.values()})
    columns.add("time", recording.time, {"units": "ms", "long_name": "time"}, ("time",))
    axes = [_pack_axis(columns, axis) for axis in recording.axes]
    names = {axis.name: entry["column"] for axis, entry in zip(recording.axes, axes, strict=True)}
    # Signals at the same places share one set, so that a thousand places are written once.
    sets: dict[str, list[Any]] = {}
    signals = []
    for key, signal in recording.signals.items():
        dimension = dimensions.get(key, f"one place {signal.places!r}")
        if dimension not in sets and key in dimensions:
            _pack_coordinates(columns, signal, dimension)
        sets.setdefault(dimension, [_pack_place(place) for place in signal.places])
        dims = [names.get(name, dimension if name == "place" else name) for name in signal.dims]
        told = {"units": signal.unit, "long_name": signal.label, "quantity": signal.quantity}
        column = columns.add(columns.name(key), signal.values, told, dims)
        entry = {"label": signal.label, "quantity": signal.quantity, "unit": signal.unit}
        entry |= {"key": key, "column": column}
        signals.append(entry | {"dims": list(signal.dims), "places": list(sets).index(dimension)})
    facts = {
        "format": FORMAT,
        "version": VERSION,
        "axes": axes,
        "signals": signals,
        "spikes": [_pack_spikes(columns, key, spikes) for key, spikes in recording.spikes.items()],
        "description": dict(recording.description),
        "state": _pack_state(columns, recording.final_state),
        "complete": recording.complete,
        "stopped_at": recording.stopped_at,
        "place_sets": list(sets.values()),
        "columns": columns.kinds,
    }
    text = np.frombuffer(_json(facts).encode(), dtype=np.uint8)
    told = {"long_name": "facts of the recording, JSON text"}
    return columns.made | {FACTS: Column(("byte",), text, told)}


def unpack(columns: Mapping[str, NDArray[Any]]) -> Recording:
    """The recording that `pack` laid out.

    Raises:
        StorageError: Another program, or a later version of the format, wrote it.
        KeyError, TypeError, ValueError: It is damaged; the caller knows the file and says so.
    """
    facts = json.loads(bytes(np.asarray(columns[FACTS], dtype=np.uint8)).decode())
    if facts["format"] != FORMAT:
        raise StorageError(
            f"The file is in the format {facts['format']!r}. Expected {FORMAT!r}. "
            "Write load(path) with a file that save wrote."
        )
    if facts["version"] > VERSION:
        raise StorageError(
            f"The file has version {facts['version']} of the format. Expected version {VERSION} or older. "
            "Write pip install --upgrade excitable."
        )

    def read(name: str) -> NDArray[Any]:
        kind = np.dtype(facts["columns"][name]["dtype"])
        shape = tuple(facts["columns"][name]["shape"])
        if 0 in shape:
            return np.empty(shape, kind)
        stored = np.ascontiguousarray(columns[name])
        values = stored if kind.str[1:] in DIRECT else stored.view(kind)
        return values.reshape(shape).astype(kind, copy=False)

    sets = [tuple(Place(*place) for place in places) for places in facts["place_sets"]]
    signals = {}
    for entry in facts["signals"]:
        named = entry["label"], entry["quantity"], entry["unit"]
        values, dims = read(entry["column"]), tuple(entry["dims"])
        signals[entry["key"]] = Signal(*named, values, dims, sets[entry["places"]])
    state = facts["state"]
    return Recording(
        time=read("time"),
        signals=signals,
        spikes={entry["key"]: _unpack_spikes(entry, read) for entry in facts["spikes"]},
        axes=tuple(_unpack_axis(entry, read) for entry in facts["axes"]),
        description=facts["description"],
        final_state=state and State({k: read(v) for k, v in state["arrays"].items()}, state["description"]),
        complete=facts["complete"],
        stopped_at=facts["stopped_at"],
    )


def _pack_axis(columns: Columns, axis: Axis) -> dict[str, Any]:
    name = columns.name(axis.name)
    words = axis.values.tolist() if axis.values.dtype.kind == "U" else None
    if words is None:
        columns.add(name, axis.values, {"units": axis.unit, "long_name": axis.name}, (name,))
    return {"name": axis.name, "unit": axis.unit, "column": name, "words": words}


def _unpack_axis(entry: Mapping[str, Any], read: Callable[[str], NDArray[Any]]) -> Axis:
    words = entry["words"]
    values = read(entry["column"]) if words is None else np.array(words, dtype=np.str_)
    return Axis(entry["name"], values, entry["unit"])


def _pack_place(place: Place) -> list[Any]:
    return [getattr(place, name) for name in PLACE]


def _pack_coordinates(columns: Columns, signal: Signal, dimension: str) -> None:
    """The numbers of the places once more, as coordinates for other readers of the file."""
    for name in ("distance", "x", "y", "z", "diameter"):
        values = np.array([getattr(place, name) for place in signal.places], dtype=np.float64)
        label = columns.name(f"{name}{dimension.removeprefix('place')}")
        columns.add(label, values, {"units": "um", "long_name": f"{name} of the place"}, (dimension,))


def _pack_spikes(columns: Columns, key: str, spikes: Spikes) -> dict[str, Any]:
    times = np.concatenate([np.empty(0), *spikes.times])
    told = {"units": "ms", "long_name": f"{spikes.label}, the runs in a row"}
    entry = {"key": key, "label": spikes.label, "threshold": float(spikes.threshold)}
    entry |= {"shape": list(spikes.shape), "counts": [each.size for each in spikes.times]}
    place = spikes.place and _pack_place(spikes.place)
    return entry | {"place": place, "column": columns.add(columns.name(f"times of {key}"), times, told)}


def _unpack_spikes(entry: Mapping[str, Any], read: Callable[[str], NDArray[Any]]) -> Spikes:
    ends = np.cumsum([0, *entry["counts"]])
    times = read(entry["column"])
    rows = tuple(times[start:stop] for start, stop in pairwise(ends))
    place = entry["place"] and Place(*entry["place"])
    return Spikes(entry["label"], entry["threshold"], rows, tuple(entry["shape"]), place)


def _pack_state(columns: Columns, state: State | None) -> dict[str, Any] | None:
    if state is None:
        return None
    arrays = {
        name: columns.add(columns.name(f"state {name}"), values, {"long_name": f"{name} at the end"})
        for name, values in state.arrays.items()
    }
    return {"arrays": arrays, "description": dict(state.description)}


def _json(facts: Mapping[str, Any]) -> str:
    def refuse(thing: Any) -> Any:
        raise StorageError(
            f"The description holds {thing!r}, a {type(thing).__name__}, which a file cannot. "
            "Expected numbers, text, lists and mappings of them. "
            "Write it as one of these (an array as array.tolist())."
        )

    return json.dumps(facts, default=refuse)
