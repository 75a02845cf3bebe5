"""Save a recording and load it again: NetCDF, Zarr or NumPy's own format, exactly, and all or nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from numpy.typing import NDArray

from ..errors import RequestError, StorageError, nearest
from .containers import read_netcdf, read_npz, read_zarr, write_netcdf, write_npz, write_zarr
from .pack import Column, pack, unpack
from .recording import Recording


class Container(NamedTuple):
    """How one kind of file is written and read."""

    write: Callable[[Mapping[str, Column], Path], None]
    read: Callable[[Path], Mapping[str, NDArray[Any]]]


CONTAINERS = {
    ".nc": Container(write_netcdf, read_netcdf),
    ".zarr": Container(write_zarr, read_zarr),
    ".npz": Container(write_npz, read_npz),
}
# What is added to the columns: names, attributes, headers; generous, for the check of the free space.
OVERHEAD = 1 << 18


def save(recording: Recording, path: str | os.PathLike[str]) -> Path:
    """Write a recording to `path`, ".nc" (NetCDF), ".zarr" or ".npz", and return where it lies.

    Numbers, labels, units, facts and the final state come back exactly. The file appears whole or not at
    all: it is written beside its place under another name, flushed to the disk, and renamed. An older
    file under that name stays as it was until then. ".npz" needs nothing but NumPy; the others
    need the extra "tables".

    Raises:
        RequestError: The ending is not one of the three, or a package is missing.
        StorageError: It could not be written, for example because the disk is full.
    """
    container, target = _container(path, "save"), Path(path).resolve()
    columns = pack(recording)
    part = target.with_name(f".{target.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    if problem := _obstacle(target, sum(column.values.nbytes for column in columns.values())):
        raise _refusal(target, problem)
    try:
        container.write(columns, part)
        _flush(part)
        _replace(part, target)
    except (OSError, RuntimeError) as error:
        raise _refusal(target, str(error)) from error
    finally:
        _remove(part)
    return target


def load(path: str | os.PathLike[str]) -> Recording:
    """Read a recording that `save` wrote. Nothing in the file is executed.

    Raises:
        RequestError: The ending is not one of the three, or a package is missing.
        StorageError: There is no such file, it is damaged, or it is not a recording.
    """
    container, source = _container(path, "load"), Path(path)
    if not source.exists():
        folder = source.parent
        others = [each.name for each in folder.iterdir()] if folder.is_dir() else []
        raise StorageError(
            f"There is no file {str(source)!r}. Expected a recording written by save. {nearest(source.name, others)}"
        )
    try:
        return unpack(container.read(source))
    except RequestError:
        raise
    except Exception as error:  # a damaged file can fail anywhere inside its reader
        raise StorageError(
            f"{str(source)!r} could not be read as a recording: {type(error).__name__}: {error}. Expected a "
            f"whole file that save wrote. Write load(path) with such a file."
        ) from error


def _container(path: str | os.PathLike[str], verb: str) -> Container:
    ending = Path(path).suffix.lower()
    if ending in CONTAINERS:
        return CONTAINERS[ending]
    raise RequestError(
        f"The ending {ending!r} of {os.fspath(path)!r} says no kind of file. Expected one of "
        f"{', '.join(CONTAINERS)}. Write {verb}(..., {Path(path).stem + '.npz'!r})."
    )


def _refusal(target: Path, problem: str) -> StorageError:
    return StorageError(
        f"{str(target)!r} could not be written: {problem}. The recording is still in memory, and no file was "
        "changed. Expected a folder that can be written to, with room. Write save(recording, path) with "
        "another path."
    )


def _obstacle(target: Path, size: int) -> str:
    """What cannot end well, before anything is written: no folder, something in the way, too little room."""
    if not target.parent.is_dir():
        return f"there is no folder {str(target.parent)!r}"
    if target.is_dir() and not (target.suffix.lower() == ".zarr" and (target / "zarr.json").is_file()):
        return "a folder that is not a recording has that name"
    if target.is_file() and target.suffix.lower() == ".zarr":
        return "a file has that name, and .zarr is a folder"
    free = shutil.disk_usage(target.parent).free
    if free < size + OVERHEAD:
        return f"it needs {size / 1e6:.1f} MB and the disk has {free / 1e6:.1f} MB left"
    return ""


def _flush(part: Path) -> None:
    """Wait until all of `part` lies on the disk: the rename must not come before the content."""
    for file in [part] if part.is_file() else sorted(part.rglob("*")):
        if file.is_file():
            with file.open("rb+") as stream:
                os.fsync(stream.fileno())


def _replace(part: Path, target: Path) -> None:
    """Put `part` in the place of `target`; a folder cannot replace a folder, so the old one steps aside."""
    aside = part.with_suffix(".old")
    if target.is_dir():
        target.replace(aside)
    try:
        part.replace(target)
    except OSError:
        if aside.is_dir():
            aside.replace(target)
        raise
    _remove(aside)
    with contextlib.suppress(OSError):  # Windows does not open folders; there the rename is enough
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
