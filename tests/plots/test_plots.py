"""Figures: what is on them, in which unit, and that they leave matplotlib as it was."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from excitable.cells import Cell
from excitable.errors import RequestError, UnknownNameError
from excitable.morphology import ball_and_stick, cable, dendrite, discretise, from_points, per_branch, root, soma
from excitable.plots import draw, fi_curve, kymograph, plot, plot_states, raster
from excitable.protocols import current_noise, current_pulse, current_waveform, voltage_clamp
from excitable.recordings import Axis, Place, Recording, Signal, Spikes

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
pyplot = pytest.importorskip("matplotlib.pyplot")

TIME = np.arange(0.0, 20.0, 0.05)
PULSE = current_pulse(at=root, amplitude="0.1 nA", start="5 ms", duration="10 ms")


@pytest.fixture(autouse=True)
def _house_rules():
    before = dict(matplotlib.rcParams)
    yield
    assert dict(matplotlib.rcParams) == before
    pyplot.close("all")


def spike(at, height=100.0):
    return -70.0 + height * np.exp(-(((TIME - at) / 0.5) ** 2))


def single():
    gate = 1 / (1 + np.exp(-(spike(10.0) + 40) / 9))
    signals = [
        Signal("voltage at soma", "voltage", "mV", spike(10.0), places=(Place("soma"),)),
        Signal("m of SquidSodium at soma", "state m of SquidSodium", "1", gate),
        Signal("h of SquidSodium at soma", "state h of SquidSodium", "1", 1 - gate),
        Signal("SquidSodium current at soma", "current", "mA/cm2", -gate),
        Signal("SquidPotassium current at soma", "current", "mA/cm2", gate),
    ]
    return Recording(TIME, {each.label: each for each in signals})


def movie(count=30, step=100.0):
    distance = step * np.arange(count)
    values = np.array([spike(5.0 + x / 1000) for x in distance])
    places = tuple(Place(f"axon({k})", "axon", distance=x) for k, x in enumerate(distance))
    signal = Signal("voltage", "voltage", "mV", values, ("place", "time"), places)
    return Recording(TIME, {"voltage": signal})


def sweep(values=(0.1, 0.2, 0.3, 0.4), name="pulse.amplitude", unit="nA"):
    rows = np.array([spike(5.0) + sum(spike(5.0 + 2 * k) + 70 for k in range(1, n + 1)) for n in range(len(values))])
    signal = Signal("voltage at soma", "voltage", "mV", rows, ("swept", "time"), (Place("soma"),))
    signal = Signal(signal.label, "voltage", "mV", rows, (name, "time"), signal.places)
    return Recording(TIME, {signal.label: signal}, axes=(Axis(name, np.array(values), unit),))


def words(axes):
    return [each.get_ylabel() for each in np.ravel(axes)]


def test_a_panel_for_each_kind_of_signal_with_the_stimulus_below():
    axes = plot(single(), protocol=[PULSE, voltage_clamp(at=root, levels=[(10, -65), (10, 0)])])
    assert words(axes) == ["Voltage (mV)", "Gating", "Current (mA/cm²)", "Injected (nA)", "Clamp (mV)"]
    assert axes[-1].get_xlabel() == "Time (ms)"
    assert [text.get_text() for text in axes[1].get_legend().get_texts()] == ["m", "h"]
    assert [text.get_text() for text in axes[2].get_legend().get_texts()] == ["SquidSodium", "SquidPotassium"]
    np.testing.assert_array_equal(axes[0].lines[0].get_ydata(), spike(10.0))
    injected = axes[3].lines[0].get_ydata()
    assert (injected[TIME < 4.9].max(), injected[(TIME > 5) & (TIME < 14.9)].min()) == pytest.approx((0.0, 0.1))
    assert set(axes[4].lines[0].get_ydata()) == {-65.0, 0.0}
    assert not axes[0].spines["top"].get_visible()
    assert axes[0].get_xlim() == (0.0, TIME[-1])


def test_other_stimuli_are_drawn_too():
    wave = current_waveform(at=root, times=[0, 10, 20], samples=[0, 1, 0])
    noise = current_noise(at=root, deviation=0.1, mean=0.2, start=0, duration=20, seed=1)
    axes = plot(single(), probe="voltage at soma", protocol=[wave])
    assert axes[1].lines[0].get_ydata().max() == pytest.approx(1.0, abs=0.01)
    axes = plot(single(), probe="voltage at soma", protocol=noise)
    assert axes[1].lines[0].get_ydata()[100] == pytest.approx(0.2)


def test_parts_of_a_recording():
    axes = plot(single(), probe=["voltage at soma"], start=5, stop=15)
    assert len(axes) == 1
    assert axes[0].get_xlim() == (5, 15)
    own = pyplot.figure().add_subplot()
    assert plot(single(), probe="voltage at soma", axes=own) is own
    assert own.get_ylabel() == "Voltage (mV)"
    with pytest.raises(RequestError, match="One pair of axes was given for 3 kinds of signal"):
        plot(single(), axes=own)
    with pytest.raises(RequestError, match="has 0 signals of 400 samples"):
        plot(Recording(TIME, {}))


def test_many_lines_are_shades_with_a_colour_bar():
    axes = plot(sweep())
    assert len(axes[0].lines) == 4
    bar = axes[0].figure.axes[-1]
    assert bar.get_ylabel() == "Pulse amplitude (nA)"
    axes = plot(movie())
    assert len(axes[0].lines) == 20  # of 30: the eye follows no more
    assert axes[0].figure.axes[-1].get_ylabel() == "Distance (µm)"
    axes = plot(movie(step=1000.0))
    assert axes[0].figure.axes[-1].get_ylabel() == "Distance (mm)"
    axes = plot(sweep(("none", "TTX", "TEA"), "drug", ""))
    assert len(axes[0].get_legend().get_texts()) == 3
    axes = plot(sweep(tuple(f"toxin {k}" for k in range(9)), "drug", ""))
    assert axes[0].get_legend().get_texts()[-1].get_text().endswith("(of 9)")


def test_gating_variables():
    assert words(plot_states(single())) == ["Voltage (mV)", "Gating"]
    with pytest.raises(RequestError, match=r"holds 'voltage', and no state.*Write record=\[state"):
        plot_states(movie())


def test_names_that_repeat_are_told_apart():
    both = {
        f"m of A at {place}": Signal(f"m of A at {place}", "state m of A", "1", TIME / 20) for place in ("soma", "axon")
    }
    axes = plot(Recording(TIME, both))
    assert [text.get_text() for text in axes[0].get_legend().get_texts()] == ["m of A at soma", "m of A at axon"]
    other = Signal("calcium", "calcium concentration", "mM", TIME)
    assert words(plot(Recording(TIME, {"calcium": other}))) == ["Calcium concentration (mM)"]


def test_a_kymograph_has_distance_upwards():
    axes = kymograph(movie(), velocity=True, start=2)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Time (ms)", "Distance (µm)")
    assert axes.get_title(loc="right") == "Conduction velocity 1.00 m/s"
    assert axes.figure.axes[-1].get_ylabel() == "Voltage (mV)"
    mesh = axes.collections[0].get_array()
    assert mesh.shape == (30, np.sum(TIME >= 2))
    assert mesh[0].argmax() < mesh[-1].argmax()
    assert kymograph(movie(step=1000.0)).get_ylabel() == "Distance (mm)"
    one = Recording(
        TIME, {"voltage": Signal("v", "voltage", "mV", spike(5)[None], ("place", "time"), (Place("a", distance=3.0),))}
    )
    assert kymograph(one).get_ylim() == (2.5, 3.5)
    with pytest.raises(RequestError, match=r"has the dimensions \('time',\).*at=each\(axon\)"):
        kymograph(single())
    with pytest.raises(RequestError, match="two share a distance"):
        kymograph(movie(step=0.0))


def test_rasters():
    axes = raster(sweep(), stop=19)
    assert axes.get_ylabel() == "Pulse amplitude (nA)"
    assert [len(each.get_positions()) for each in axes.collections] == [1, 2, 3, 4]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["0.1", "0.2", "0.3", "0.4"]
    assert axes.get_xlim() == (0, 19)
    assert raster(single(), probe="voltage at soma").get_yticks().size == 0
    kept = Spikes("spikes", 0.0, (np.array([1.0]), np.array([])) * 2, (2, 2))
    both = Recording(TIME, {}, {"spikes": kept}, axes=(Axis("a", [1.0, 2.0]), Axis("b", [1.0, 2.0])))
    assert raster(both).get_ylabel() == "Run"


def test_rate_against_current():
    axes = fi_curve(sweep(), start=0, stop=20)
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [50, 100, 150, 200], rtol=0.01)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Pulse amplitude (nA)", "Firing rate (Hz)")
    rows = np.broadcast_to(spike(5.0), (2, 3, TIME.size))

    def crossed(second):
        signal = Signal("v", "voltage", "mV", rows, ("amplitude", second.name, "time"))
        return Recording(TIME, {"v": signal}, axes=(Axis("amplitude", [0.1, 0.2], "nA"), second))

    assert len(fi_curve(crossed(Axis("temperature", [6.3, 12.0, 18.5], "degC"))).lines) == 3
    named = fi_curve(crossed(Axis("drug", ["none", "TTX", "TEA"])))
    assert [text.get_text() for text in named.get_legend().get_texts()] == ["none", "TTX", "TEA"]
    with pytest.raises(RequestError, match=r"has the axes \[\]. Expected a sweep"):
        fi_curve(single())


PARTS = discretise(ball_and_stick(), per_branch(4))


def test_a_cell_is_drawn_with_its_key_and_a_scale_bar():
    axes = draw(ball_and_stick())
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["soma", "dendrite"]
    assert any(text.get_text() == "50 µm" for text in axes.texts)
    assert axes.get_aspect() == 1.0
    assert axes.patches[0].radius == pytest.approx(10.0)  # a ball of the surface of the cylinder
    assert draw(cable("20 mm", 500)).texts[0].get_text().endswith("mm")


def test_values_are_colours_with_a_colour_bar():
    axes = draw(PARTS, np.linspace(-70, 30, len(PARTS)), limits=(-80, 40))
    assert axes.figure.axes[-1].get_ylabel() == "Voltage (mV)"
    assert axes.figure.axes[-1].get_ylim() == (-80, 40)
    stick = axes.collections[0]
    assert len(np.unique(np.round(stick.get_edgecolor(), 6), axis=0)) == 4
    cell = Cell(ball_and_stick(), compartments=per_branch(4))
    assert draw(cell, np.zeros(len(PARTS)), words="Calcium (µM)").figure.axes[-1].get_ylabel() == "Calcium (µM)"


def test_regions_have_colours_of_their_own():
    axes = draw(PARTS, regions={"soma": soma, "stick": dendrite})
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["soma", "stick"]


def test_a_traced_soma_and_other_planes():
    traced = from_points([[0, 0, 0, 10], [0, 0, 5, 14], [0, 0, 10, 14], [0, 0, 15, 10]], kind="soma")
    assert not draw(traced, plane="xz").patches
    assert np.ptp(draw(traced, plane="xz").get_ylim()) > np.ptp(draw(traced, plane="xy").get_ylim())


def test_drawings_that_cannot_be_made():
    with pytest.raises(UnknownNameError, match="no plane 'xw'"):
        draw(PARTS, plane="xw")
    with pytest.raises(RequestError, match=r"Values of shape \(3,\) were given for .* which has 8 compartments"):
        draw(PARTS, np.zeros(3))
    with pytest.raises(RequestError, match="which has no compartments"):
        draw(ball_and_stick(), np.zeros(2))
    with pytest.raises(RequestError, match="and regions"):
        draw(PARTS, np.zeros(8), regions={"soma": soma})
    with pytest.raises(RequestError, match="not cut into compartments"):
        draw(ball_and_stick(), regions={"soma": soma})
    with pytest.raises(RequestError, match="The value of compartment 2 is nan"):
        draw(PARTS, [0, 0, np.nan, 0, 0, 0, 0, 0])


def test_matplotlib_is_loaded_on_use_and_missed_politely(monkeypatch):
    script = "import sys, excitable.plots; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout == "False\n"
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(RequestError, match=r"matplotlib is needed for plot .*pip install 'excitable\[plot\]'"):
        plot(single())
