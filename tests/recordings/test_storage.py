"""Recordings on disk: exact, whole or not at all, and never code."""

from __future__ import annotations

import errno
import json
import os
import pickle
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from recordings.examples import single, sweep

from excitable.errors import RequestError, StorageError
from excitable.frozen import replace
from excitable.recordings import Axis, Place, Recording, Signal, Spikes, State, load, save, storage

PACKAGES = {".npz": "numpy", ".nc": "h5py", ".zarr": "zarr"}
ENDINGS = list(PACKAGES)


@pytest.fixture(params=ENDINGS)
def ending(request):
    pytest.importorskip(PACKAGES[request.param])
    return request.param


def names(folder):
    return [each.name for each in folder.iterdir()]


NUMBERS = st.floats(width=64)
NAMES = st.text(min_size=1, max_size=8).filter(lambda name: name not in ("time", "place"))
FACTS = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers() | NUMBERS | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=4,
    ),
    max_size=4,
)
KINDS = ["f8", "f4", "f2", "i8", "i4", "u8", "u1", "?", "c16", ">f8", ">i4"]
PLACES = st.builds(Place, st.text(max_size=6), st.text(max_size=4), NUMBERS, NUMBERS, compartment=st.integers(-1, 9))


@st.composite
def states(draw):
    made = {}
    for name in draw(st.lists(st.text(max_size=6), unique=True, max_size=3)):
        shape = draw(arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
        made[name] = draw(arrays.arrays(draw(st.sampled_from(KINDS)), shape))
    return State(made, draw(FACTS))


@st.composite
def recordings(draw):
    time = np.cumsum(np.full(draw(st.integers(0, 4)), 0.025))
    axes = []
    for name in draw(st.lists(NAMES, unique=True, max_size=2)):
        values = draw(
            st.lists(NUMBERS, min_size=1, max_size=3)
            | st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=3)
        )
        axes.append(
            Axis(
                name,
                np.array([v.rstrip("\0") for v in values]) if isinstance(values[0], str) else values,
                draw(st.text(max_size=3)),
            )
        )
    shape = tuple(axis.size for axis in axes)
    signals, leading = {}, tuple(axis.name for axis in axes)
    for label in draw(st.lists(st.text(max_size=8), unique=True, max_size=3)):
        places = tuple(draw(st.lists(PLACES, max_size=3)))
        several = len(places) > 1
        full = (*shape, *([len(places)] if several else []), time.size)
        values = draw(arrays.arrays(np.float64, full, elements=NUMBERS))
        dims = (*leading, *(["place"] if several else []), "time")
        signals[label] = Signal(label, draw(st.text(max_size=5)), draw(st.text(max_size=5)), values, dims, places)
    runs = int(np.prod(shape))
    rows = tuple(np.array(draw(st.lists(NUMBERS, max_size=3))) for _ in range(runs))
    spikes = {"s": Spikes("s", draw(NUMBERS), rows, shape, draw(st.none() | PLACES))} if draw(st.booleans()) else {}
    ending = (
        draw(st.none() | states()),
        draw(st.booleans()),
        draw(st.none() | NUMBERS.filter(lambda x: x == x)),
    )
    return Recording(time, signals, spikes, tuple(axes), draw(FACTS), *ending)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(recording=recordings())
def test_what_is_saved_comes_back_exactly(ending, recording):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"run{ending}"
        assert save(recording, path) == path.resolve()
        assert load(path).identical(recording)
        assert names(Path(folder)) == [path.name]


def test_saving_again_replaces_the_old_recording(tmp_path, ending):
    path = tmp_path / f"run{ending}"
    save(single(), path)
    save(sweep(), path)
    assert load(path).identical(sweep())
    assert names(tmp_path) == [path.name]


def test_other_programs_can_read_the_files(tmp_path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5py")
    with xarray.open_dataset(save(sweep(), tmp_path / "run.nc"), engine="h5netcdf") as data:
        assert data["voltage"].dims == (
            "amplitude",
            "n_drug" if "n_drug" in data.dims else "drug",
            "place",
            "time",
        )
        assert data["voltage"].attrs["units"] == "mV"
        np.testing.assert_array_equal(data["voltage"], sweep()["voltage"])
        np.testing.assert_array_equal(data["distance"], [0.0, 120.0])
    with np.load(save(sweep(), tmp_path / "run.npz")) as data:
        np.testing.assert_array_equal(data["voltage"], sweep()["voltage"])


@pytest.mark.parametrize("fail", ["write", "flush", "rename"])
@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EACCES])
def test_a_failure_leaves_the_old_recording_and_nothing_else(tmp_path, ending, monkeypatch, fail, problem):
    path = tmp_path / f"run{ending}"
    save(single(), path)

    def refuse(*anything):
        raise OSError(problem, os.strerror(problem))

    if fail == "write":
        write = storage.CONTAINERS[ending].write

        def halfway(columns, part):
            write(dict(list(columns.items())[:1]), part)
            refuse()

        monkeypatch.setitem(storage.CONTAINERS, ending, storage.CONTAINERS[ending]._replace(write=halfway))
    elif fail == "flush":
        monkeypatch.setattr(os, "fsync", refuse)
    else:
        replace_file = Path.replace
        # A folder that is already there steps aside first; it must come back.
        monkeypatch.setattr(Path, "replace", lambda a, b: refuse() if a.suffix == ".part" else replace_file(a, b))
    with pytest.raises(StorageError, match=rf"{os.strerror(problem)}.*still in memory.*Write save\(recording, path\)"):
        save(sweep(), path)
    monkeypatch.undo()
    assert load(path).identical(single())
    assert names(tmp_path) == [path.name]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="file size limits are a POSIX thing")
def test_a_disk_that_fills_while_writing(tmp_path, ending):
    script = """
    import resource, signal, sys
    import numpy as np
    from excitable.errors import StorageError
    from excitable.recordings import Recording, Signal, load, save
    small = Recording(np.arange(5.0), {"v": Signal("v", "voltage", "mV", np.zeros(5))})
    large = Recording(np.arange(5e5), {"v": Signal("v", "voltage", "mV", np.random.random(500_000))})
    save(small, sys.argv[1])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        save(large, sys.argv[1])
    except StorageError as error:
        assert "still in memory" in str(error), error
        assert load(sys.argv[1]).identical(small)
        print("refused")
    """
    path = tmp_path / f"run{ending}"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stdout) == (0, "refused\n"), done.stderr
    assert names(tmp_path) == [path.name]


def test_too_little_room_is_seen_before_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 100})())
    with pytest.raises(StorageError, match=r"it needs 0.0 MB and the disk has 0.0 MB left"):
        save(single(), tmp_path / "run.npz")


def test_an_interrupted_save_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(columns, part):
        part.write_bytes(b"half")
        raise KeyboardInterrupt("stop")

    monkeypatch.setitem(storage.CONTAINERS, ".npz", storage.CONTAINERS[".npz"]._replace(write=interrupt))
    with pytest.raises(KeyboardInterrupt, match="stop"):
        save(single(), tmp_path / "run.npz")
    assert names(tmp_path) == []


def test_places_that_cannot_be_written(tmp_path, ending):
    with pytest.raises(StorageError, match="there is no folder"):
        save(single(), tmp_path / "missing" / f"run{ending}")
    (tmp_path / f"mine{ending}").mkdir()
    (tmp_path / f"mine{ending}" / "thesis.tex").write_text("do not delete")
    with pytest.raises(StorageError, match="a folder that is not a recording has that name"):
        save(single(), tmp_path / f"mine{ending}")
    assert (tmp_path / f"mine{ending}" / "thesis.tex").exists()
    (tmp_path / "file.zarr").write_text("")
    with pytest.raises(StorageError, match="a file has that name"):
        save(single(), tmp_path / "file.zarr")
    with pytest.raises(RequestError, match=r"The ending '.mat' .*Expected one of .nc, .zarr, .npz.*'run.npz'"):
        save(single(), tmp_path / "run.mat")


def test_facts_that_no_file_can_hold(tmp_path):
    with pytest.raises(StorageError, match=r"holds <object .*Write it as one of these"):
        save(replace(single(), description={"thing": object()}), tmp_path / "run.npz")
    with pytest.raises(StorageError, match=r"'state_names' holds <U2"):
        save(replace(single(), final_state=State({"names": np.array(["ab"])})), tmp_path / "run.npz")


def test_files_that_are_not_recordings(tmp_path, ending):
    (tmp_path / f"rum{ending}").mkdir()
    with pytest.raises(StorageError, match=r"There is no file .*Did you mean 'rum.*'"):
        load(tmp_path / f"run{ending}")
    with pytest.raises(StorageError, match="There is no file"):
        load(tmp_path / "missing" / f"run{ending}")
    with pytest.raises(RequestError, match="says no kind of file"):
        load(tmp_path / "run")
    whole = save(sweep(), tmp_path / f"whole{ending}")
    for file in [whole] if whole.is_file() else [each for each in whole.rglob("*") if each.is_file()]:
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])
        with pytest.raises(StorageError, match="could not be read as a recording"):
            load(whole)
        file.write_bytes(content)
    assert load(whole).identical(sweep())


def test_a_later_version_of_the_format(tmp_path, monkeypatch):
    from excitable.recordings import pack

    monkeypatch.setattr(pack, "VERSION", 2)
    path = save(single(), tmp_path / "run.npz")
    monkeypatch.undo()
    with pytest.raises(StorageError, match=r"has version 2 .*Write pip install --upgrade excitable"):
        load(path)
    monkeypatch.setattr(pack, "FORMAT", "something else")
    save(single(), path)
    monkeypatch.undo()
    with pytest.raises(StorageError, match="in the format 'something else'"):
        load(path)


class Bomb:
    def __reduce__(self):
        return os.system, ("touch exploded",)


def test_reading_never_runs_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez(tmp_path / "run.npz", recording=np.array([Bomb()], dtype=object))
    with pytest.raises(StorageError, match="allow_pickle"):
        load(tmp_path / "run.npz")
    (tmp_path / "pickled.npz").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(StorageError, match="could not be read"):
        load(tmp_path / "pickled.npz")
    assert not (tmp_path / "exploded").exists()


def test_zarr_codecs_are_only_those_that_move_bytes(tmp_path):
    pytest.importorskip("zarr")
    path = save(single(), tmp_path / "run.zarr")
    facts = json.loads((path / "time" / "zarr.json").read_text())
    facts["codecs"].append({"name": "numcodecs.pickle", "configuration": {}})
    (path / "time" / "zarr.json").write_text(json.dumps(facts))
    with pytest.raises(StorageError, match=r"asks for the codec 'numcodecs\.pickle'"):
        load(path)


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(RequestError, match=r"h5py is needed for saving to .nc.*'excitable\[tables\]'"):
        save(single(), tmp_path / "run.nc")
    assert names(tmp_path) == []


def test_a_link_keeps_pointing(tmp_path):
    save(single(), tmp_path / "real.npz")
    (tmp_path / "link.npz").symlink_to("real.npz")
    save(sweep(), tmp_path / "link.npz")
    assert (tmp_path / "link.npz").is_symlink()
    assert load(tmp_path / "real.npz").identical(sweep())
