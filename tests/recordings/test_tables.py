"""Recordings as xarray datasets and pandas frames."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from recordings.examples import DEND, SOMA, TIME, single, sweep

from excitable.errors import RequestError
from excitable.frozen import replace
from excitable.recordings import Signal


def test_a_dataset_has_units_places_and_axes():
    pytest.importorskip("xarray")
    data = sweep().to_xarray()
    assert data["voltage"].dims == ("amplitude", "drug", "place", "time")
    assert data["voltage"].attrs == {"units": "mV", "quantity": "voltage"}
    assert data["current"].attrs["place"] == "soma"
    assert data["amplitude"].attrs["units"] == "nA"
    assert data["time"].attrs["units"] == "ms"
    assert data["distance"].sel(place="dend[3](0.5)") == 120.0
    assert data.attrs["method"] == "Crank–Nicolson"
    chosen = data["voltage"].sel(amplitude=0.2, drug="TTX", place="soma")
    np.testing.assert_array_equal(chosen, sweep()["voltage"].values[1, 1, 0])


def test_signals_at_other_places_get_a_dimension_of_their_own():
    pytest.importorskip("xarray")
    both = Signal("v", "voltage", "mV", np.zeros((2, 5)), ("place", "time"), (SOMA, DEND))
    same = Signal("m", "state m", "1", np.ones((2, 5)), ("place", "time"), (SOMA, DEND))
    other = Signal("w", "voltage", "mV", np.zeros((3, 5)), ("place", "time"), (SOMA, DEND, SOMA))
    data = replace(single(), signals={"v": both, "m": same, "w": other}).to_xarray()
    assert data["v"].dims == data["m"].dims == ("place", "time")
    assert data["w"].dims == ("place_2", "time")
    assert data["distance_2"].dims == ("place_2",)


def test_a_frame_has_a_row_per_sample():
    pytest.importorskip("pandas")
    frame = single().to_dataframe()
    assert list(frame.columns) == ["voltage at soma"]
    np.testing.assert_array_equal(frame.index, TIME)
    assert frame.attrs["units"] == {"voltage at soma": "mV"}
    wide = sweep().to_dataframe()
    assert list(wide.columns) == ["voltage @ soma", "voltage @ dend[3](0.5)", "current"]
    assert wide.index.names == ["amplitude", "drug", "time"]
    chosen = wide.xs((0.2, "TTX"), level=("amplitude", "drug"))["voltage @ dend[3](0.5)"]
    np.testing.assert_array_equal(chosen, sweep()["voltage"].values[1, 1, 1])


@pytest.mark.parametrize(("package", "verb"), [("xarray", "to_xarray"), ("pandas", "to_dataframe")])
def test_a_missing_package_is_named_with_what_to_install(monkeypatch, package, verb):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RequestError, match=rf"{package} is needed for {verb}.*pip install 'excitable\[tables\]'"):
        getattr(single(), verb)()
