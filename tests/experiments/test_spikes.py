"""A spike and what follows it: phases, the refractory period, the ions that cross, and how often spikes come."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import excitable as ex
from excitable import experiments as do
from excitable.constants import FARADAY

from .cells import NANOAMPERE, PATCH, morris_lecar_circle, squid
from .integrated import derivative

# The membrane action potential of the reference: 100 µA/cm² for 0.2 ms.
SHOCK = ex.current_pulse(at=ex.soma, amplitude=100 * NANOAMPERE, duration="0.2 ms")


def test_the_five_phases_of_the_membrane_action_potential():
    found = do.spike(squid(), SHOCK, dt=0.01)
    seen = found.phases
    # NEURON 9.0.2: peak +40.7 mV, trough -76.2 mV, half width 1.48 ms above half amplitude from rest.
    assert seen.peak == pytest.approx(40.7, abs=0.15)
    assert seen.trough == pytest.approx(-76.2, abs=0.05)
    assert seen.rest == pytest.approx(-64.974, abs=1e-3)
    assert seen.overshoot == seen.peak
    assert seen.height == pytest.approx(105.7, abs=0.2)
    assert seen.onset_time < seen.peak_time < seen.fall_end < seen.trough_time < seen.undershoot_end
    assert (seen.rise, seen.fall) == pytest.approx((0.64, 2.22), abs=0.03)
    assert seen.undershoot == pytest.approx(seen.rest - seen.trough)
    # The fifth phase: a second shock is not answered during the fall, nor in the first part of the undershoot.
    after = found.refractory
    assert seen.trough_time < after.absolute < after.relative < seen.undershoot_end + 1
    assert found.voltage[np.argmin(np.abs(found.time - after.absolute))] < seen.rest - 5
    words = repr(found)
    assert all(phase in words for phase in ("rise", "peak", "fall", "undershoot", "refractory"))


def test_a_stimulus_that_is_too_weak_makes_no_spike():
    weak = ex.current_pulse(at=ex.soma, amplitude=1, duration="0.2 ms")
    with pytest.raises(ex.RequestError, match=r"does not fire 'cell': the voltage reaches -63\.1 mV"):
        do.spike(squid(), weak)
    with pytest.raises(ex.RequestError, match="does not fire 'cell'"):
        do.ions_moved(squid(), weak)


def second_peak(interval, multiple, threshold):
    """A pair of shocks of 0.2 ms by LSODA: the highest voltage after the second, and where that one leaves it."""
    y, top = [do.rest(squid()).voltage], -np.inf
    state = do.rest(squid()).states
    y = [*y, *(state[name][0] for name in ("SquidSodium.m", "SquidSodium.h", "SquidPotassium.n"))]
    current = {0: 1.5 * threshold, 1: 0.0, 2: multiple * threshold, 3: 0.0}
    corners = [0.0, 0.2, interval, interval + 0.2, interval + 30]
    for k, (begin, end) in enumerate(pairwise(corners)):
        made = solve_ivp(lambda t, y, i=current[k]: derivative(y, i), (begin, end), y, method="LSODA", rtol=1e-9,
                         atol=1e-11, max_step=0.2)  # fmt: skip
        y, left = made.y[:, -1], made.y[0, 0]
        top = made.y[0].max()
    return top, left


def test_the_refractory_period_is_that_of_an_independent_integrator():
    pulse = ex.current_pulse(at=ex.soma, amplitude=1, duration="0.2 ms")
    found = do.refractory(squid(), pulse, intervals=[11, 14, 20])
    assert found.threshold.density == pytest.approx(32.58, abs=0.02)
    assert found.thresholds[0] > found.thresholds[1] > 1.0 > found.thresholds[2]
    assert found.supernormal == found.thresholds[2]
    for interval, multiple in zip(found.intervals, found.thresholds, strict=True):
        for share, fires in ((0.99, False), (1.01, True)):
            top, left = second_peak(interval, share * multiple, found.threshold.density)
            assert (top >= -20 and top > left) == fires
    for share, fires in ((0.99, False), (1.01, True)):
        top, left = second_peak(share * found.absolute, 5.0, found.threshold.density)
        assert (top >= -20 and top > left) == fires
    assert found.absolute < 11 < found.relative < 20


def test_a_stronger_second_stimulus_is_answered_earlier():
    pulse = ex.current_pulse(at=ex.soma, amplitude=1, duration="0.2 ms")
    earliest = [do.refractory(squid(), pulse, intervals=[15], strongest=most).absolute for most in (2, 5, 10)]
    assert earliest[0] > earliest[1] > earliest[2]


def test_a_second_impulse_has_to_arrive():
    axon = squid(temperature=18.5, on=ex.Cell(ex.cable("3 cm", "476 um"), ex.per_branch(40)))
    shock = ex.current_pulse(at=ex.root, amplitude=1, duration="0.2 ms")
    end = ex.distal(ex.everywhere)
    found = do.refractory(axon, shock, detect=end, after="12 ms", intervals=[4, 5, 8], tolerance=0.01)
    assert 2 < found.absolute < 4
    probe = [ex.spikes(at=end, threshold=-20, label="s")]
    first = ex.current_pulse(at=ex.root, amplitude=1.5 * found.threshold.value, duration="0.2 ms", name="first")
    for share, count in ((0.95, 1), (1.05, 2)):
        second = ex.current_pulse(at=ex.root, amplitude=share * found.thresholds[0] * found.threshold.value, start=4,
                                  duration="0.2 ms")  # fmt: skip
        made = ex.run(axon, "15 ms", protocol=[first, second], record=probe, start=do.rest(axon).state)
        assert made.spikes["s"].count == count


@pytest.mark.parametrize(
    ("pulse", "options", "message"),
    [
        (ex.current_ramp(at=ex.soma, last=1, duration=1), {}, "no such number"),
        (ex.current_sine(at=ex.soma, amplitude=1, frequency=100), {}, "a sine. Pairs of one rectangular pulse"),
        (ex.current_pulse(at=ex.soma, amplitude=1, duration="30 ms"), {}, "the first spike peaks"),
        (SHOCK, {"strongest": 20}, "An answer must stand out of that"),
        (SHOCK, {"intervals": [-1, 2]}, "all positive"),
        (SHOCK, {"after": "6 ms"}, "does not answer a second stimulus"),
    ],
)
def test_pairs_that_cannot_be_are_refused(pulse, options, message):
    with pytest.raises(ex.RequestError, match=message):
        do.refractory(squid(), pulse, **options)


def test_the_charge_of_all_ions_is_what_was_injected():
    found = do.ions_moved(squid(), SHOCK, after="60 ms", dt=0.005)
    leak = do.ions_moved(squid(), SHOCK, after="60 ms", dt=0.005, valences={"na": 1})
    assert found.entered == leak.entered
    # Sodium and potassium carry the spike; the leak carries the rest of the charge, and the capacitance is as before.
    charge = sum(found.moles[ion] for ion in found.ions) * 1e-3 * FARADAY  # fmol to pC
    probe = [ex.current(of=ex.SquidLeak, at=ex.soma, label="leak")]
    made = ex.run(squid(), "60.2 ms", protocol=[SHOCK], record=probe, dt=0.005, start=do.rest(squid()).state)
    leaked = -np.trapezoid(made["leak"].values - made["leak"].values[0], made.time) * 1e-4 * 1e6  # mA/cm² ms to pC
    assert charge + leaked == pytest.approx(-100 * NANOAMPERE * 0.2, abs=5e-3)


def test_sodium_and_potassium_of_one_impulse():
    # Hodgkin & Huxley 1952, "Ionic movements": 4.33 pmol/cm² of sodium enter and 4.26 of potassium leave at 18.5 °C.
    axon = squid(temperature=18.5, on=ex.Cell(ex.cable("4 cm", "476 um"), ex.per_branch(150), axial_resistivity=35.4))
    shock = ex.current_pulse(at=ex.root, amplitude="20 uA", duration="0.2 ms")
    found = do.ions_moved(axon, shock, detect=ex.distal(ex.everywhere), after="20 ms")
    assert found.entered["na"] == pytest.approx(4.33, abs=0.05)
    assert found.entered["k"] == pytest.approx(-4.26, abs=0.06)
    # The patch at 6.3 °C: 14.5 pmol/cm² by NEURON 9.0.2.
    patch = do.ions_moved(squid(), SHOCK)
    assert patch.entered["na"] == pytest.approx(14.5, abs=0.1)
    assert patch.excess > 10
    # One ATP for three sodium ions.
    assert patch.atp_density == pytest.approx(patch.entered["na"] / 3)
    assert patch.atp == pytest.approx(patch.moles["na"] * 1e-15 * 6.02214076e23 / 3)
    assert patch.moles["na"] == pytest.approx(patch.entered["na"] * 1e-4 * 1e3)  # 1e-4 cm²


def test_ions_need_a_name_and_a_charge():
    class Nameless(ex.Channel):
        """Carries an ion that nobody knows. Source: made for this test."""

        ion = "xe"

        def current(self, v):
            return 1e-6 * (v + 65)

    with pytest.raises(ex.RequestError, match="charge of the ion 'xe' is not known"):
        do.ions_moved(ex.paint(squid(), ex.everywhere, Nameless()), SHOCK)
    found = do.ions_moved(ex.paint(squid(), ex.everywhere, Nameless()), SHOCK, valences={"xe": 2})
    assert found.ions == ("na", "k", "xe")
    single = do.ions_moved(ex.paint(squid(), ex.everywhere, Nameless()), SHOCK, valences={"xe": 1})
    assert found.entered["xe"] == pytest.approx(single.entered["xe"] / 2)
    leak = ex.paint(ex.Cell(PATCH.morphology, initial_voltage=-70), ex.everywhere, ex.Leak())
    with pytest.raises(ex.RequestError, match="says which ion it carries"):
        do.ions_moved(leak, SHOCK)


def test_the_squid_membrane_is_of_class_2():
    found = do.firing_curve(squid(), at=ex.soma, currents=np.linspace(0, 2, 11))
    assert found.rheobase / NANOAMPERE == pytest.approx(2.236, abs=0.003)
    assert found.sustained / NANOAMPERE == pytest.approx(6.25, abs=0.05)  # the fold of cycles lies at 6.26
    assert found.excitability == 2
    assert 45 < found.slowest < 60
    assert found.slowest_longer > 0.9 * found.slowest
    lasts = found.rates > 0
    assert (np.diff(found.rates[lasts]) > 0).all()
    np.testing.assert_array_equal(found.counts[found.currents < found.rheobase], 0)
    plain = ex.run(squid(), "501 ms", protocol=[ex.current_pulse(at=ex.soma, amplitude=1, start=1, duration=500)],
                   record=[ex.spikes(at=ex.soma, threshold=-20, label="s")], start=do.rest(squid()).state)  # fmt: skip
    np.testing.assert_array_equal(found.times[5], plain.spikes["s"].times[0] - 1)
    assert found.latencies[5] == pytest.approx(plain.spikes["s"].times[0][0] - 1)


def test_the_period_of_the_proven_train():
    # Hendrick 2026, computer-assisted proof: at 8 µA/cm² the equations of 1952 have a stable train with a period
    # between 16.0058 and 16.0140 ms, for every leak potential from 10.59 to 10.62 mV above rest.
    found = do.firing_curve(squid(leak=-65 + 10.605), at=ex.soma, currents=[0.8], dt=0.005)
    assert 16.0058 < 1e3 / found.rates[0] < 16.0140


def test_the_barnacle_muscle_with_a_saddle_node_is_of_class_1():
    found = do.firing_curve(morris_lecar_circle(), at=ex.soma, currents=[4.01, 4.02, 4.04], level=0, duration="2 s")
    assert found.excitability == 1
    assert found.slowest_longer < 0.3 * found.slowest
    # Rinzel & Ermentrout 1989: rates grow with the square root of the distance from the saddle-node.
    squares = np.polyfit(found.currents, found.rates**2, 1)
    assert -squares[1] / squares[0] == pytest.approx(3.9963, abs=0.002)


def test_a_cell_that_fires_once_is_of_class_3():
    phasic = ex.paint(squid(), ex.everywhere, ex.SquidPotassium(conductance=0.06))
    found = do.firing_curve(phasic, at=ex.soma, currents=[0.5, 1.0, 2.0])
    assert found.excitability == 3
    assert np.isnan(found.sustained)
    assert (found.rates == 0).all()
    assert "class 3" in repr(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"duration": -1}, "Trains take time"),
        ({"currents": [[1, 2]]}, "Expected a row"),
        ({"level": 1e6}, "No constant current of 500 ms makes"),
    ],
)
def test_currents_that_cannot_be_are_refused(options, message):
    with pytest.raises(ex.RequestError, match=message):
        do.firing_curve(squid(), at=ex.soma, **options)
