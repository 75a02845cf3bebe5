"""The table that returns from a run: names, shapes, sweeps, joining, and how it looks."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass

import numpy as np
import pytest
from recordings.examples import DEND, SOMA, TIME, single, sweep

from excitable.errors import RequestError, UnknownNameError
from excitable.frozen import FrozenError, replace
from excitable.recordings import Axis, Recording, Signal, Spikes, State, concatenate


def test_a_signal_is_found_by_label_or_by_its_probe():
    @dataclass
    class Probe:
        label: str

    recording = single()
    assert recording[Probe("voltage at soma")] is recording["voltage at soma"]
    assert "voltage at soma" in recording
    assert Probe("voltage at soma") in recording
    assert 3 not in recording
    assert list(recording) == ["voltage at soma"]
    assert len(recording) == 1
    with pytest.raises(UnknownNameError, match=r"recorded as 'voltge at soma'.*Did you mean 'voltage at soma'"):
        recording["voltge at soma"]
    with pytest.raises(KeyError, match="one of 1 signals"):
        recording[3]
    with pytest.raises(UnknownNameError, match=r"recording\.spikes\['spikes'\]"):
        sweep()["spikes"]


def test_values_are_read_only_and_not_copied():
    values = np.zeros(5)
    recording = single(values)
    assert np.shares_memory(values, recording["voltage at soma"].values)
    with pytest.raises(ValueError, match="read-only"):
        recording["voltage at soma"].values[0] = 1
    values[0] = 1  # the owner may still write
    with pytest.raises(FrozenError, match="time"):
        recording.time = TIME
    with pytest.raises(TypeError, match="item assignment"):
        recording.signals["x"] = None


def test_signals_behave_as_arrays():
    signal = single()["voltage at soma"]
    assert np.max(signal) == -60.0
    assert np.asarray(signal) is signal.values
    assert not np.shares_memory(np.array(signal), signal.values)
    assert np.asarray(signal, dtype=np.float32).dtype == np.float32


def test_a_signal_at_one_of_its_places():
    signal = sweep()["voltage"]
    assert signal.at("soma").label == "voltage at soma"
    for chosen in (signal.at("dend[3](0.5)"), signal.at(1), signal.at(-1), signal.at(DEND)):
        np.testing.assert_array_equal(chosen.values, signal.values[:, :, 1])
        assert chosen.dims == ("amplitude", "drug", "time")
    np.testing.assert_array_equal(signal.distance, [0.0, 120.0])
    assert single()["voltage at soma"].at("soma").identical(single()["voltage at soma"])
    with pytest.raises(UnknownNameError, match=r"not recorded at 'some'.*Did you mean 'soma'"):
        signal.at("some")
    with pytest.raises(UnknownNameError, match="one of its 2 places"):
        signal.at(2)


def test_select_takes_one_value_of_an_axis():
    recording = sweep()
    part = recording.select(amplitude=0.1 + 0.1, drug="TTX")
    assert part.axes == ()
    np.testing.assert_array_equal(part["voltage"].values, recording["voltage"].values[1, 1])
    assert part.spikes["spikes"].count == 3
    row = recording.select(amplitude=0.3)
    assert row.shape == (2,)
    assert row["current"].dims == ("drug", "time")
    np.testing.assert_array_equal(row.spikes["spikes"].count, [4, 5])
    np.testing.assert_array_equal(recording.spikes["spikes"][2, 1], np.arange(5.0))
    np.testing.assert_array_equal(part.spikes["spikes"][()], np.arange(3.0))
    with pytest.raises(UnknownNameError, match=r"no axis 'amplitud'.*Did you mean 'amplitude'"):
        recording.select(amplitud=0.1)
    with pytest.raises(UnknownNameError, match=r"No run has amplitude 0.15.*3 values of that axis \(in nA\)"):
        recording.select(amplitude=0.15)
    with pytest.raises(UnknownNameError, match=r"No run has drug 'TTXX'.*Did you mean 'TTX'"):
        recording.select(drug="TTXX")


def test_places_are_listed_once():
    assert [place.label for place in sweep().places] == ["soma", "dend[3](0.5)"]


@pytest.mark.parametrize(
    ("values", "dims", "places", "message"),
    [
        (np.zeros((2, 5)), ("time",), (), "shape \\(2, 5\\) and dimensions"),
        (np.zeros((5, 2)), ("time", "place"), (SOMA, DEND), "with 'time' last"),
        (np.zeros((2, 5)), ("place", "time"), (SOMA,), "has 1 places"),
        (np.zeros(5), ("time",), (SOMA, DEND), "has 2 places"),
    ],
)
def test_signals_that_do_not_fit_are_refused(values, dims, places, message):
    with pytest.raises(RequestError, match=message):
        Signal("v", "voltage", "mV", values, dims, places)


def test_recordings_that_do_not_fit_are_refused():
    with pytest.raises(RequestError, match=r"'voltage at soma' has shape \(5,\)"):
        replace(single(), time=np.arange(6.0))
    with pytest.raises(RequestError, match=r"Expected the axes \('amplitude',\)"):
        replace(single(), axes=(Axis("amplitude", [1.0]),))
    with pytest.raises(RequestError, match="do not increase"):
        replace(single(), time=np.zeros(5))
    with pytest.raises(RequestError, match=r"Write shape=\(3, 2\)"):
        replace(sweep(), spikes={"s": Spikes("s", 0.0, (np.zeros(0),))})
    with pytest.raises(RequestError, match="'s' has 1 rows of spike times"):
        Spikes("s", 0.0, (np.zeros(0),), (2,))
    with pytest.raises(RequestError, match="sweep axis 'time'"):
        Axis("time", [1.0])
    with pytest.raises(RequestError, match=r"values of shape \(\)"):
        Axis("amplitude", 1.0)


def test_identical_sees_every_difference():
    recording = replace(sweep(), final_state=State({"v": np.zeros(2)}, {"t": 1}))
    assert recording.identical(copy.deepcopy(recording))
    assert recording.identical(pickle.loads(pickle.dumps(recording)))
    others = [
        replace(recording, time=TIME + 1),
        replace(recording, signals={"voltage": recording["voltage"]}),
        replace(recording, spikes={}),
        replace(recording, description={"dt": 0.05}),
        replace(recording, final_state=None),
        replace(recording, final_state=State({"v": np.ones(2)}, {"t": 1})),
        replace(recording, final_state=State({"v": np.zeros(2)}, {"t": 2})),
        replace(recording, complete=False),
        replace(recording, stopped_at=0.1),
        replace(recording, axes=(Axis("amplitude", [0.1, 0.2, 0.4], "nA"), recording.axes[1])),
    ]
    assert not any(recording.identical(other) for other in others)
    nan = single(np.full(5, np.nan))
    assert nan.identical(copy.deepcopy(nan))
    assert not nan.identical(single())


def test_facts_are_kept_as_plain_python():
    facts = replace(single(), description={"dt": np.float64(0.025), "lanes": (4, 8), "nested": {"a": np.int64(3)}})
    assert dict(facts.description) == {"dt": 0.025, "lanes": [4, 8], "nested": {"a": 3}}
    assert type(facts.description["dt"]) is float


def test_the_representation_tells_what_is_in_it():
    text = repr(replace(sweep(), complete=False, stopped_at=0.1, final_state=State({"v": np.zeros(2)})))
    assert "0 to 0.1 ms, 5 samples, 6 runs (amplitude 3 × drug 2), INCOMPLETE: stopped at 0.1 ms" in text
    assert "0 … 59" in text
    assert "2 places" in text
    assert "15 spikes" in text
    assert "Crank–Nicolson, dt 0.025 ms" in text
    assert repr(Recording(np.zeros(0), {})) == "Recording of no time, 0 samples"
    assert repr(single()["voltage at soma"]) == "Signal('voltage at soma', mV, time 5, -70 … -60)"
    assert "15 spikes in 6 runs" in repr(sweep().spikes["spikes"])
    assert repr(Axis("amplitude", [0.5], "nA")) == "Axis('amplitude', [0.5], 'nA')"


def test_the_notebook_representation_escapes_what_the_user_wrote():
    evil = "<script>alert('&')</script>"
    recording = Recording(TIME, {evil: Signal(evil, "voltage", "mV", np.full(5, np.nan))}, description={"method": evil})
    assert "<script>" not in recording._repr_html_()
    assert "&lt;script&gt;alert('&amp;')" in recording._repr_html_()


def continued(skip=0):
    first = single(time=np.arange(4.0), values=np.arange(4.0), description={"steps": 3, "seconds": 1.0, "seed": 1})
    time = np.arange(3.0 + skip, 7.0)
    second = single(
        time=time,
        values=time,
        description={"steps": 3, "seconds": 0.5, "seed": 1},
        complete=False,
        stopped_at=6.0,
    )
    return first, second


@pytest.mark.parametrize("skip", [0, 1])
def test_concatenate_joins_a_run_and_its_continuation(skip):
    first, second = continued(skip)
    spikes = [Spikes("s", 0.0, (np.array(times),)) for times in ([1.5, 3.0], [3.0, 4.5])]
    first, second = replace(first, spikes={"s": spikes[0]}), replace(second, spikes={"s": spikes[1]})
    joined = concatenate(first, second)
    np.testing.assert_array_equal(joined.time, np.arange(7.0))
    np.testing.assert_array_equal(joined["voltage at soma"], np.arange(7.0))
    np.testing.assert_array_equal(joined.spikes["s"][()], [1.5, 3.0, 4.5])
    assert dict(joined.description) == {"steps": 6, "seconds": 1.5, "seed": 1}
    assert (joined.complete, joined.stopped_at) == (False, 6.0)


def test_concatenate_with_an_empty_piece():
    first, _ = continued()
    empty = single(time=np.zeros(0), values=np.zeros(0))
    assert concatenate(first, empty).time.size == concatenate(empty, first).time.size == 4


def test_concatenate_refuses_what_is_no_continuation():
    first, second = continued()
    with pytest.raises(RequestError, match=r"begins at 0 ms, before the first ends at 6 ms.*first\.final_state"):
        concatenate(second, first)
    other = Recording(second.time, {"x": Signal("x", "voltage", "mV", second.time)})
    with pytest.raises(RequestError, match="differ in 'voltage at soma', 'x'"):
        concatenate(first, other)
    voltage = replace(second["voltage at soma"], unit="V")
    with pytest.raises(RequestError, match="differ in 'voltage at soma'"):
        concatenate(first, replace(second, signals={"voltage at soma": voltage}))
    axis = replace(sweep(), axes=(Axis("amplitude", [0.1, 0.2, 0.4], "nA"), sweep().axes[1]), time=TIME + 1)
    with pytest.raises(RequestError, match="differ in the axes of the sweep"):
        concatenate(sweep(), axis)


def test_the_room_has_no_other_names():
    import excitable.recordings

    with pytest.raises(AttributeError, match="no attribute 'sav'"):
        _ = excitable.recordings.sav
