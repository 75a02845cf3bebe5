"""Thresholds: published ones, closed forms, an independent integrator on both sides of each, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex
from excitable import experiments as do

from .cells import NANOAMPERE, PATCH, squid
from .integrated import peak

BRIEF = ex.current_pulse(at=ex.soma, amplitude=1, start="2 ms", duration="0.1 ms")


def leaky(conductance=1e-4):
    """A membrane with a time constant of 10 ms."""
    cell = ex.Cell(PATCH.morphology, initial_voltage=-70)
    return ex.paint(cell, ex.everywhere, ex.Leak(conductance=conductance, reversal=-70))


def test_the_rheobase_of_the_squid_membrane():
    # NEURON 9.0.2 with its first-order step gives 2.229 µA/cm², LSODA 2.236.
    found = do.threshold(squid(), ex.current_pulse(at=ex.soma, amplitude=1, duration="200 ms"))
    assert found.density == pytest.approx(2.236, abs=0.002)
    assert found.value - found.below < 1e-4 * found.value
    for strength, fires in ((0.999, False), (1.001, True)):
        top = peak(lambda t, s=strength: s * found.density if t < 200 else 0.0, [0, 60])
        assert (top > 0) == fires
    assert found.jumps
    assert found.runs < 200


def test_the_threshold_charge_of_a_brief_pulse():
    # 6.50 nC/cm² by NEURON 9.0.2 at 6.3 °C; Hodgkin & Huxley 1952, fig 12, between 6 and 7 mV on 1 µF/cm².
    found = do.threshold(squid(), BRIEF)
    assert found.density * 0.1 == pytest.approx(6.50, abs=0.005)
    for strength, fires in ((0.999, False), (1.001, True)):
        current = strength * found.density
        top = peak(lambda t, i=current: i if t < 0.1 else 0.0, [0, 0.1, 30])
        assert (top > 0) == fires
    assert found.latency == pytest.approx(7.9, abs=1.0)
    assert found.peak_below < -50
    assert found.peak_above > 20


def test_the_threshold_of_a_capacitor_is_the_closed_form():
    pulse = ex.current_pulse(at=ex.soma, amplitude=1, duration="5 ms")
    found = do.threshold(leaky(), pulse, level=-60, tolerance=1e-7)
    wanted = 10.0 / (100.0 * (1 - np.exp(-0.5)))  # 10 mV over R (1 - exp(-t/τ)), with R = 100 MΩ
    assert found.value == pytest.approx(wanted, rel=1e-5)
    assert not found.jumps
    assert "graded" in repr(found)


def test_it_is_what_a_fine_sweep_finds():
    found = do.threshold(squid(), BRIEF)
    amplitudes = np.linspace(0.9, 1.1, 401) * found.value
    made = ex.sweep(squid(), "52.1 ms", ex.vary(BRIEF, "amplitude", amplitudes), protocol=[BRIEF],
                    record=[ex.spikes(at=ex.soma, threshold=-20, label="s")], start=do.rest(squid()).state)  # fmt: skip
    fires = made.spikes["s"].count > 0
    first = int(np.argmax(fires))
    assert fires[first:].all()
    assert amplitudes[first - 1] <= found.value <= amplitudes[first]


def test_other_numbers_of_a_stimulus_have_a_threshold_too():
    pulse = ex.current_pulse(at=ex.soma, amplitude="1 nA", duration="1 ms")
    found = do.threshold(squid(), pulse, parameter="duration")
    again = do.threshold(squid(), ex.current_pulse(at=ex.soma, amplitude=1, duration=found.value))
    assert found.unit == "ms"
    assert again.value == pytest.approx(1.0, rel=3e-4)
    train = ex.current_train(at=ex.soma, amplitude=1, period="1 ms", width="0.1 ms", count=5)
    assert do.threshold(squid(), train).value < do.threshold(squid(), BRIEF).value


def test_a_negative_stimulus_keeps_its_sign():
    found = do.threshold(squid(), ex.current_pulse(at=ex.soma, amplitude=-0.1, duration="20 ms"))
    assert found.value < found.below < 0
    assert found.value == pytest.approx(-0.2784, abs=1e-3)
    assert found.jumps
    assert found.stimulus.numbers["amplitude"] == found.value


def test_a_subthreshold_current_beside_it_lowers_the_threshold():
    held = ex.current_pulse(at=ex.soma, amplitude=0.1, duration="100 ms", name="held")
    assert do.threshold(squid(), BRIEF, protocol=[held]).value < do.threshold(squid(), BRIEF).value


def test_an_axon_is_watched_at_its_other_end():
    axon = squid(temperature=18.5, on=ex.Cell(ex.cable("3 cm", "476 um"), ex.per_branch(60)))
    shock = ex.current_pulse(at=ex.root, amplitude=1, duration="0.2 ms")
    end = ex.distal(ex.everywhere)
    found = do.threshold(axon, shock, detect=end, after="15 ms")
    assert found.area is None
    assert np.isnan(found.density)
    assert found.jumps
    probe = [ex.spikes(at=end, threshold=-20, label="s")]
    for factor, count in ((0.99, 0), (1.01, 1)):
        shock = ex.current_pulse(at=ex.root, amplitude=factor * found.value, duration="0.2 ms")
        assert ex.run(axon, "15 ms", protocol=[shock], record=probe).spikes["s"].count == count


def test_all_or_none_for_the_squid_and_graded_for_a_capacitor():
    found = do.all_or_none(squid(), BRIEF)
    assert found.holds
    assert found.largest_below < 12
    assert found.smallest_above > 90
    assert found.spread < 0.15
    at = np.abs(found.strengths[:, None] - np.array([0.9999, 1.0001])).argmin(axis=0)
    assert np.diff(found.heights[at])[0] > 80  # a difference of two in ten thousand of the stimulus
    graded = do.all_or_none(leaky(), ex.current_pulse(at=ex.soma, amplitude=1, duration="5 ms"), level=-60)
    assert not graded.holds
    np.testing.assert_allclose(graded.heights / graded.heights[0], graded.strengths / graded.strengths[0], rtol=1e-6)
    assert repr(graded).startswith("Graded")


@pytest.mark.parametrize(
    ("stimulus", "options", "message"),
    [
        (BRIEF, {"most": "0.5 nA"}, r"0\.0156 to 0\.5 nA were tried, .* brought the voltage to -64\.[0-9] mV"),
        (BRIEF, {"level": -70}, r"begins at -64\.97 mV, above the level of a spike, -70 mV"),
        (BRIEF, {"parameter": "amplitud"}, "no such number. Did you mean 'amplitude'"),
        (BRIEF, {"after": 0}, "A spike takes time to come"),
        (ex.current_noise(at=ex.soma, deviation=1, seed=1), {}, "given the noise 'noise'"),
        (3, {}, "given 3 as its stimulus"),
        (BRIEF, {"protocol": [ex.current_noise(at=ex.soma, deviation=1, seed=1)]}, "given the noise 'noise'"),
        (
            BRIEF, {"protocol": [ex.current_pulse(at=ex.soma, amplitude=2, duration=60, name="held")]},
            "fires without 'pulse'",
        ),
    ],
)  # fmt: skip
def test_what_has_no_threshold_is_refused(stimulus, options, message):
    with pytest.raises(ex.RequestError, match=message):
        do.threshold(squid(), stimulus, **options)


def test_a_cell_that_fires_by_itself_is_refused():
    restless = squid(leak=-10)
    assert not do.rest(restless).stable
    with pytest.raises(ex.RequestError, match=r"does not rest.* unstable focus, and the cell fires by itself"):
        do.threshold(restless, BRIEF)


def test_a_start_of_many_cells_is_refused():
    swept = ex.sweep(squid(), "1 ms", ex.vary("cell", "temperature", [6.3, 10.0])).final_state
    with pytest.raises(ex.RequestError, match="The start holds 2 cells"):
        do.threshold(squid(), BRIEF, start=swept)


@pytest.mark.parametrize("strengths", [[0.5, 0.9], [1.1, 2.0], [-1.0, 2.0], [1.5]])
def test_strengths_lie_on_both_sides(strengths):
    with pytest.raises(ex.RequestError, match="some below 1 and some above"):
        do.all_or_none(squid(), BRIEF, strengths=strengths)


def test_strength_and_duration_of_a_capacitor():
    found = do.strength_duration(leaky(), at=ex.soma, durations=[0.5, 1, 5, 20, 100], level=-60, tolerance=1e-6)
    lapicque, weiss = found.fits
    wanted = 0.1 / (1 - np.exp(-found.durations / 10))
    np.testing.assert_allclose(found.thresholds, wanted, rtol=2e-5)
    assert found.chronaxie == pytest.approx(10 * np.log(2), rel=2e-3)
    assert (lapicque.rheobase, lapicque.chronaxie) == pytest.approx((0.1, 10 * np.log(2)), rel=1e-4)
    assert lapicque.error < 1e-5 < weiss.error
    np.testing.assert_allclose(lapicque.current(found.durations), wanted, rtol=1e-4)


def test_strength_and_duration_of_the_squid_membrane():
    found = do.strength_duration(squid(), at=ex.soma, durations=[0.05, 0.2, 1, 4, 20, 200])
    assert found.densities[-1] == pytest.approx(2.236, abs=0.002)
    # Charge is constant for short pulses, current for long ones.
    assert found.charges[0] / NANOAMPERE == pytest.approx(6.49, abs=0.01)
    assert found.chronaxie == pytest.approx(1.653, abs=0.003)
    # Twice the rheobase for the chronaxie is just enough, by the independent integrator.
    double = 2 * found.densities[-1]
    for share, fires in ((0.99, False), (1.01, True)):
        end = share * found.chronaxie
        assert (peak(lambda t, e=end: double if t < e else 0.0, [0, end, 40]) > 0) == fires
    anodal = do.strength_duration(squid(), at=ex.soma, durations=[2, 10, 50], anodal=True)
    assert (anodal.thresholds < 0).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"durations": [1, 2]}, "needs at least three, all positive"),
        ({"durations": [0, 1, 2]}, "needs at least three, all positive"),
        ({"durations": [1, 2, 3], "level": 1e5}, "No pulse of 1 ms makes"),
        ({"durations": [1, 2, 3], "level": -70}, "above the level of a spike"),
    ],
)
def test_curves_that_cannot_be_are_refused(options, message):
    with pytest.raises(ex.RequestError, match=message):
        do.strength_duration(squid(), at=ex.soma, **options)


def test_a_slow_ramp_never_fires_what_a_step_does():
    found = do.accommodation(squid(), at=ex.soma)
    assert found.accommodates
    assert found.rheobase / NANOAMPERE == pytest.approx(2.236, abs=0.002)
    assert found.traces[0].max() > 30
    assert found.traces[1].max() < -45
    # An independent integrator agrees on both sides of the slowest slope.
    top, slope = found.height / NANOAMPERE, found.slowest / NANOAMPERE
    for share, fires in ((0.995, False), (1.005, True)):
        rise = top / (share * slope)
        current = lambda t, r=rise: min(t / r, 1.0) * top  # noqa: E731
        assert (peak(current, [0, rise, rise + 50]) > -20) == fires
    # A ramp of 1 s has to rise beyond 9.75 µA/cm², where the rest becomes unstable.
    assert found.thresholds[-1] > 0.975
    assert found.thresholds[0] == pytest.approx(found.rheobase, rel=1e-3)
    assert (np.diff(found.thresholds[:10]) > 0).all()


def test_a_capacitor_does_not_accommodate():
    found = do.accommodation(leaky(), at=ex.soma, level=-60, longest="200 ms", after="100 ms")
    assert not found.accommodates
    np.testing.assert_allclose(found.thresholds, found.rheobase, rtol=1e-3)
    assert "nothing up to 200 ms" in repr(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"height": 0.1}, "rise beyond it"), ({"longest": 0.05}, "Ramps take more than 0.1 ms")],
)
def test_ramps_that_cannot_be_are_refused(options, message):
    with pytest.raises(ex.RequestError, match=message):
        do.accommodation(squid(), at=ex.soma, **options)


def test_anode_break():
    found = do.anode_break(squid(), at=ex.soma)
    assert found.amplitude / NANOAMPERE == pytest.approx(-2.781, abs=0.005)
    # Hodgkin & Huxley 1952, fig 22: released from 30 mV below rest, the membrane fires; less than that is enough.
    assert 2 < found.hyperpolarisation < 30
    for share, fires in ((0.998, False), (1.002, True)):
        current = share * found.amplitude / NANOAMPERE
        assert (peak(lambda t, i=current: i if t < 30 else 0.0, [0, 30, 80]) > 0) == fires


def test_no_anode_break_is_an_error_that_says_what_was_tried():
    with pytest.raises(ex.RequestError, match=r"when it ends: up to -[0-9.]+ nA were tried"):
        do.anode_break(leaky(), at=ex.soma)


def test_an_experiment_may_begin_where_a_run_ended():
    held = ex.current_pulse(at=ex.soma, amplitude=-0.2, duration="100 ms", name="held")
    ended = ex.run(squid(), "100 ms", protocol=[held], dt=0.0125).final_state
    found = do.threshold(squid(), BRIEF, start=ended)
    # Hyperpolarised until now, it needs less than rest: its channels are no longer inactivated. Time begins anew.
    assert found.time[0] == 0.0
    assert found.traces[0, 0] == ended.arrays["v"][0, 0]
    assert found.value < do.threshold(squid(), BRIEF).value
