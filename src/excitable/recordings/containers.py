"""Three kinds of file for columns of numbers: NumPy's archive, NetCDF and Zarr. None of them holds code."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import StorageError
from .optional import need
from .pack import Column

# Other codecs exist that would run code while reading (pickle); these only move bytes.
CODECS = frozenset(["bytes", "zstd", "gzip", "blosc", "crc32c", "transpose", "sharding_indexed"])
TITLE = "Recording written by excitable"


def write_npz(columns: Mapping[str, Column], path: Path) -> None:
    """NumPy's own archive: `numpy.load(path)["voltage_at_soma"]` reads it without excitable."""
    with path.open("wb") as stream, zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        for name, column in columns.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(column.values), allow_pickle=False)


def read_npz(path: Path) -> dict[str, NDArray[Any]]:
    """Every column; pickled objects are refused by NumPy."""
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


class _Stream(io.RawIOBase):
    """A file that remembers the first failure to write and then pretends, until `check` tells.

    HDF5 crashes the whole process, some time later, when a write below it fails; so it never learns of it.
    """

    def __init__(self, path: Path) -> None:
        self.file = path.open("w+b", buffering=0)
        self.failure: OSError | None = None

    def write(self, data: Any) -> int:
        rest = memoryview(data).cast("B")
        size = len(rest)
        try:
            while self.failure is None and len(rest):
                rest = rest[self.file.write(rest) :]
        except OSError as error:
            self.failure = error
        return size

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        count = self.file.readinto(view) or 0
        view[count:] = bytes(len(view) - count)
        return len(view)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def truncate(self, size: int | None = None) -> int:
        try:
            return self.file.truncate(size)
        except OSError as error:
            self.failure = self.failure or error
            return size or 0

    def close(self) -> None:
        self.file.close()
        super().close()

    def check(self) -> None:
        """Raise what went wrong."""
        if self.failure is not None:
            raise self.failure


def write_netcdf(columns: Mapping[str, Column], path: Path) -> None:
    """NetCDF 4, with named dimensions, units and long names."""
    need("h5py", "saving to .nc", "tables")  # h5netcdf comes without it
    netcdf = need("h5netcdf", "saving to .nc", "tables")
    stream = _Stream(path)
    with contextlib.closing(stream), netcdf.File(stream, "w") as file:
        file.attrs["title"] = TITLE
        for name, column in columns.items():
            for dimension, size in zip(column.dims, column.values.shape, strict=True):
                if dimension not in file.dimensions:
                    file.dimensions[dimension] = size
            variable = file.create_variable(name, column.dims, column.values.dtype)
            variable[...] = column.values
            for key, words in column.attributes.items():
                variable.attrs[key] = words
    stream.check()


def read_netcdf(path: Path) -> dict[str, NDArray[Any]]:
    """Every variable of the file."""
    need("h5py", "loading .nc", "tables")
    netcdf = need("h5netcdf", "loading .nc", "tables")
    with netcdf.File(path, "r") as file:
        return {name: np.asarray(variable[...]) for name, variable in file.variables.items()}


def write_zarr(columns: Mapping[str, Column], path: Path) -> None:
    """A Zarr folder (format 3), with named dimensions, units and long names."""
    zarr = need("zarr", "saving to .zarr", "tables")
    # Zarr's own writers go on in the background when one of them fails; here they only fill this mapping.
    made: dict[str, Any] = {}
    store = zarr.storage.MemoryStore(made)
    group = zarr.open_group(store, mode="w", zarr_format=3, attributes={"title": TITLE})
    path.mkdir()
    for name, column in columns.items():
        group.create_array(
            name,
            data=np.ascontiguousarray(column.values),
            dimension_names=column.dims,
            attributes=dict(column.attributes),
        )
        while made:
            key, content = made.popitem()
            (path / key).parent.mkdir(parents=True, exist_ok=True)
            (path / key).write_bytes(content.to_bytes())


def read_zarr(path: Path) -> dict[str, NDArray[Any]]:
    """Every array of the folder.

    Raises:
        StorageError: A file in it asks for a codec that is not on the list.
    """
    zarr = need("zarr", "loading .zarr", "tables")
    for facts in path.rglob("zarr.json"):
        _check_codecs(json.loads(facts.read_text()).get("codecs", []), facts)
    group = zarr.open_group(str(path), mode="r", zarr_format=3)
    return {name: np.asarray(array[...]) for name, array in group.arrays()}


def _check_codecs(codecs: Any, facts: Path) -> None:
    for codec in codecs:
        inner = codec.get("configuration", {})
        if codec["name"] not in CODECS:
            raise StorageError(
                f"{str(facts)!r} asks for the codec {codec['name']!r}, which could run code. Expected one of "
                f"{', '.join(sorted(CODECS))}. Write load(path) with a folder that save wrote."
            )
        _check_codecs([*inner.get("codecs", []), *inner.get("index_codecs", [])], facts)
