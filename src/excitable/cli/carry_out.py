"""`excitable run` and `excitable demo`: carry out, print measured beside published, leave figures and data."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import Any

from ..errors import RequestError, StorageError
from ..library import PREPARATIONS, Interrupted, Preparation, Study, find, neuron_from_file, study
from ..recordings import Recording
from ..recordings.storage import save
from .pictures import save_figures
from .tables import measured_table
from .terminal import Status, folded, say

SHOWCASE = ("squid_giant_axon", "layer5_pyramidal")


def choose_preparation(name: str) -> Preparation:
    """The preparation of that name, or of the neuron in that file.

    Raises:
        UnknownNameError: There is no such preparation.
        MorphologyError: The file is not the shape of a cell.
    """
    return neuron_from_file(name) if Path(name).suffix.lower() == ".swc" else find(name)


def carry_out(preparation: Preparation, settings: dict[str, str], out: Path, as_json: bool, **request: Any) -> bool:
    """Carry out one preparation, print its table and leave its files; whether every number holds.

    Raises:
        StorageError: The folder cannot be made, or a file cannot be written.
    """
    folder = make_folder(out)
    status, began = Status(preparation.name, quiet=as_json), time.perf_counter()
    try:
        done = study(preparation, settings, tell=status, progress=False if as_json else None, **request)
        seconds = time.perf_counter() - began
        status("figures and data")
        files, problem = _files(done, folder)
    except Interrupted as stopped:
        save_data(preparation.name, stopped.recordings, folder)
        raise
    finally:
        status.done()
    (_print_json if as_json else _print_text)(done, files, seconds)
    if isinstance(problem, StorageError):
        raise problem
    if problem is not None:
        print(f"No figures: {problem}", file=sys.stderr)
    return done.holds


def _files(done: Study, folder: Path) -> tuple[list[Path], RequestError | None]:
    """The data and figures that could be written, and what stood in the way of the rest.

    The numbers are printed whatever happens here.
    """
    files: list[Path] = []
    try:
        files += save_data(done.preparation.name, done.recordings, folder)
        files += save_figures(done, folder)
    except RequestError as problem:
        return files, problem
    return files, None


def demonstrate(out: Path) -> bool:
    """Carry out the showcase; whether every number of it holds."""
    known = {each.name for each in PREPARATIONS}
    results = []
    for name in SHOWCASE:
        if name in known:
            results.append(carry_out(find(name), {}, out, as_json=False))
            say()
    return all(results)


def make_folder(out: Path) -> Path:
    """The folder for the results, before anything is computed.

    Raises:
        StorageError: It cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {str(out)!r} could not be made: {error}. Expected a folder that can be written to. "
            "Write --out with another one."
        ) from error
    return out


def save_data(name: str, recordings: dict[str, Recording] | Any, folder: Path) -> list[Path]:
    """Each recording as NetCDF, or as npz where no NetCDF package is installed."""
    whole = all(importlib.util.find_spec(package) is not None for package in ("h5netcdf", "h5py"))
    ending = "nc" if whole else "npz"
    return [save(recording, folder / f"{name}_{experiment}.{ending}") for experiment, recording in recordings.items()]


def _print_json(done: Study, files: list[Path], seconds: float) -> None:
    result = {
        "name": done.preparation.name,
        "measured": [row.as_dictionary() for row in done.measured],
        "files": [str(path) for path in files],
    }
    say(json.dumps(result, ensure_ascii=True, indent=2, allow_nan=False))


def _print_text(done: Study, files: list[Path], seconds: float) -> None:
    preparation = done.preparation
    say(preparation.name)
    say(folded(preparation.summary, "  "))
    if done.choice.changed:
        note = f"Changed: {', '.join(done.choice.changed)}. Published numbers are for the conditions of the paper; "
        say(folded(note + "only those that follow from a formula are shown.", "  "))
    measured_table(done.measured)
    for remark in preparation.remarks:
        say(folded(remark, "  - ", "    "))
    compared = [row.holds for row in done.measured if row.holds is not None]
    verdict = f"{sum(compared)} of {len(compared)} published numbers hold; " if compared else ""
    say(folded(f"{verdict}simulated in {seconds:.2g} s.", "  "))
    say(f"  {len(files)} files in" if files else "  no files")
    for path in files:
        say(f"    {path}")
