"""The pictures of experiments: what is on them, in which unit, and that they leave matplotlib as it was."""

from __future__ import annotations

import math

import numpy as np
import pytest

import excitable as ex
from excitable import experiments as do
from excitable.errors import RequestError
from excitable.plots import plot
from excitable.plots.results import DRAWN

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
pyplot = pytest.importorskip("matplotlib.pyplot")

PATCH = ex.Cell(ex.single_compartment(100 / math.sqrt(math.pi)), ex.per_branch(1))
PATCH = ex.paint(PATCH, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
PULSE = ex.current_pulse(at=ex.soma, amplitude="5 nA", start="1 ms", duration="0.2 ms")
HOLD = {"SquidSodium.h": 0.595, "SquidPotassium.n": 0.318}

MADE = {
    "accommodation": lambda: do.accommodation(PATCH, at=ex.soma, longest="50 ms"),
    "all_or_none": lambda: do.all_or_none(PATCH, PULSE, strengths=[0.5, 0.99, 1.01, 2]),
    "anode_break": lambda: do.anode_break(PATCH, at=ex.soma),
    "bifurcation": lambda: do.bifurcation(PATCH, at=ex.soma, between=(0, 2), currents=12, duration="200 ms"),
    "firing_curve": lambda: do.firing_curve(PATCH, at=ex.soma, currents=np.linspace(0, 2, 9), duration="200 ms"),
    "ions_moved": lambda: do.ions_moved(PATCH, PULSE, after="15 ms"),
    "phase_plane": lambda: do.phase_plane(PATCH, hold=HOLD, starts=[(-60, 0.1)], duration=5),
    "refractory": lambda: do.refractory(PATCH, PULSE, intervals=[10, 15, 20]),
    "rest": lambda: do.rest(PATCH),
    "spike": lambda: do.spike(PATCH, PULSE),
    "strength_duration": lambda: do.strength_duration(PATCH, at=ex.soma, durations=[0.1, 1, 10, 100]),
    "threshold": lambda: do.threshold(PATCH, PULSE),
}
WORDS = {
    "accommodation": {"Time (ms)", "Voltage (mV)", "Time of rise (ms)", "Threshold current density (µA/cm²)"},
    "all_or_none": {"Time (ms)", "Voltage (mV)", "Strength (× threshold)", "Height of the response (mV)"},
    "anode_break": {"Time (ms)", "Voltage (mV)"},
    "bifurcation": {"Current density (µA/cm²)", "Voltage (mV)"},
    "firing_curve": {"Current density (µA/cm²)", "Firing rate (Hz)"},
    "ions_moved": {"Time (ms)", "Voltage (mV)", "Current (mA/cm²)", "Entered (pmol/cm²)"},
    "phase_plane": {"Voltage (mV)", "m"},
    "refractory": {"Interval between two stimuli (ms)", "Threshold of the second (× rest)"},
    "rest": {"Growth (1/ms)", "Rotation (rad/ms)"},
    "spike": {"Time (ms)", "Voltage (mV)"},
    "strength_duration": {"Duration (ms)", "Current density (µA/cm²)"},
    "threshold": {"Time (ms)", "Voltage (mV)"},
}


@pytest.fixture(autouse=True)
def _house_rules():
    before = dict(matplotlib.rcParams)
    yield
    assert dict(matplotlib.rcParams) == before
    pyplot.close("all")


@pytest.fixture(scope="module", params=list(MADE))
def result(request):
    return request.param, MADE[request.param]()


def test_every_result_has_a_picture_and_a_text(result):
    name, made = result
    assert type(made) in DRAWN
    assert len(MADE) == len(DRAWN)
    axes = list(np.ravel(plot(made)))
    shown = {words for each in axes for words in (each.get_xlabel(), each.get_ylabel())} - {""}
    assert shown == WORDS[name]
    assert all(not each.spines["top"].get_visible() for each in axes)
    assert any(np.isfinite(np.asarray(line.get_ydata(), dtype=float)).any() for line in axes[-1].lines)
    axes[0].figure.canvas.draw()
    assert "\n" in repr(made)
    assert all(len(line) <= 120 for line in repr(made).splitlines())


def test_a_picture_goes_on_given_axes(result):
    name, made = result
    _, given = pyplot.subplots()
    if name in ("accommodation", "all_or_none", "ions_moved"):
        with pytest.raises(RequestError, match="has no such choice"):
            plot(made, axes=given)
    else:
        assert plot(made, axes=given) is given
    with pytest.raises(RequestError, match=r"was given start= for a "):
        plot(made, start=3)


def test_what_the_bifurcation_diagram_shows():
    found = MADE["bifurcation"]()
    axes = plot(found)
    lines = {line.get_label(): line for line in axes.lines}
    assert {"stable rest", "unstable rest", "extremes of firing", "Hopf"} <= set(lines)
    assert lines["Hopf"].get_xdata()[0] == pytest.approx(9.749, abs=1e-3)
    stable, unstable = lines["stable rest"].get_xdata(), lines["unstable rest"].get_xdata()
    assert stable.max() == pytest.approx(unstable.min(), abs=1e-9)
    assert unstable.max() >= 20


def test_what_has_no_picture():
    with pytest.raises(RequestError, match="plot was given a int, 3"):
        plot(3)
