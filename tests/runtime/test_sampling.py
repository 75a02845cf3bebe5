"""What is recorded does not change what happens: every k-th sample, other probes, chunks of any length."""

from __future__ import annotations

import numpy as np
import pytest
from runtime.cells import AMPLITUDE, SHAPES, compartment, probes, pulse, same

import excitable as ex
import excitable.runtime.simulate as loop

DT = 0.025


def simulated(shape: str, **more: object) -> ex.Recording:
    arguments = {"protocol": [pulse(AMPLITUDE[shape])], "record": probes(shape), "dt": DT}
    return ex.run(SHAPES[shape](), 8.0, **{**arguments, **more})


@pytest.mark.parametrize("method", [ex.staggered, ex.backward_euler], ids=repr)
@pytest.mark.parametrize("every", [2, 3, 7, 64, 100, 320])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_kth_sample_is_that_sample(shape: str, every: int, method: ex.methods.Method) -> None:
    all_samples, some = simulated(shape, method=method), simulated(shape, method=method, every=every)
    assert some.time.tobytes() == all_samples.time[::every].tobytes()
    for label, signal in some.signals.items():
        assert signal.values.tobytes() == all_samples.signals[label].values[..., ::every].tobytes(), label
    assert some.spikes["spikes"].times[0].tobytes() == all_samples.spikes["spikes"].times[0].tobytes()
    assert some.final_state.identical(all_samples.final_state)


@pytest.mark.parametrize("shape", SHAPES)
def test_probes_do_not_disturb(shape: str) -> None:
    full = simulated(shape)
    alone = simulated(shape, record=[ex.voltage(at=ex.each(ex.everywhere), label="v")])
    assert same(alone, full) == []
    assert simulated(shape, record=[]).final_state.identical(full.final_state)


@pytest.mark.parametrize("pause", [1e-9, 10.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_length_of_chunks_changes_nothing(shape: str, pause: float, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = ex.current_noise(at=ex.root, deviation=2.0 * AMPLITUDE[shape], seed=3)
    usual = simulated(shape, protocol=[noise], every=3)
    monkeypatch.setattr(loop, "PAUSE", pause)
    assert same(simulated(shape, protocol=[noise], every=3), usual) == []


def test_samples_and_times() -> None:
    made = simulated("compartment")
    np.testing.assert_allclose(made.time, DT * np.arange(321), rtol=0, atol=1e-12)
    assert made.complete
    assert made.stopped_at is None


def test_one_probe_at_many_places_is_many_probes_at_one() -> None:
    cell, where = SHAPES["tree"](), ex.each(ex.dendrite)
    every = ex.run(
        cell, 3.0, protocol=[pulse(0.5)], record=[ex.state("n", of=ex.SquidPotassium, at=where, label="n")], dt=DT
    ).signals["n"]
    for number, place in enumerate(every.places):
        probe = ex.state("n", of=ex.SquidPotassium, at=ex.at(place.branch, place.position), label="n")
        single = ex.run(cell, 3.0, protocol=[pulse(0.5)], record=[probe], dt=DT).signals["n"]
        assert single.places[0] == place
        assert single.values.tobytes() == every.values[number].tobytes()


def test_a_probe_across_two_kinds_of_membrane() -> None:
    """The potassium gate in soma, axon and dendrite, which are two kinds: rows in the order of the places."""
    cell = SHAPES["tree"]()
    record = [
        ex.state("n", of=ex.SquidPotassium, at=ex.each(ex.everywhere), label="all"),
        ex.state("n", of=ex.SquidPotassium, at=ex.each(ex.dendrite), label="dendrite"),
        ex.state("n", of=ex.SquidPotassium, at=ex.each(ex.axon), label="axon"),
    ]
    made = ex.run(cell, 3.0, protocol=[pulse(0.5)], record=record, dt=DT).signals
    for label in ("dendrite", "axon"):
        for row, place in zip(made[label].values, made[label].places, strict=True):
            assert row.tobytes() == made["all"].at(place).values.tobytes()


def test_currents_add_up() -> None:
    """By mechanism, by ion and in all; and each from the recorded gates and voltage."""
    root = ex.root
    record = [ex.current(at=root, label="all")]
    record += [
        ex.current(at=root, of=of, label=of.__name__) for of in (ex.SquidSodium, ex.SquidPotassium, ex.SquidLeak)
    ]
    record += [ex.current(at=root, ion=ion, label=ion) for ion in ("na", "k")]
    record += [ex.voltage(at=root, label="v"), ex.state("n", of=ex.SquidPotassium, at=root, label="n")]
    made = {k: s.values for k, s in simulated("compartment", record=record).signals.items()}
    parts = made["SquidSodium"] + made["SquidPotassium"] + made["SquidLeak"]
    np.testing.assert_allclose(made["all"], parts, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(made["na"], made["SquidSodium"], rtol=1e-14)
    np.testing.assert_allclose(made["k"], 0.036 * made["n"] ** 4 * (made["v"] + 77.0), rtol=1e-12)


@pytest.mark.parametrize(("method", "order"), [(ex.staggered, 2), (ex.backward_euler, 1)], ids=repr)
def test_spike_times_converge_with_the_order_of_the_method(method: ex.methods.Method, order: int) -> None:
    """Four spikes in 50 ms. The published figures of the design: 8 µs and 221 µs late at 0.025 ms."""

    def times(dt: float, method: ex.methods.Method) -> np.ndarray:
        probe = ex.spikes(at=ex.root, label="s")
        stimulus = pulse(0.12566370614359174, start=0.0)
        return (
            ex.run(compartment(), 50.0, protocol=[stimulus], record=[probe], dt=dt, method=method, every=100)
            .spikes["s"]
            .times[0]
        )

    exact = times(0.0005, ex.staggered)
    assert exact.size == 4
    errors = [np.abs(times(dt, method) - exact)[-1] for dt in (0.025, 0.0125, 0.00625)]
    slopes = np.log2(np.array(errors[:-1]) / errors[1:])
    assert slopes[-1] == pytest.approx(order, abs=0.1)
    assert errors[0] == pytest.approx(0.0081 if order == 2 else 0.221, rel=0.02)


def test_each_threshold_has_its_own_crossings() -> None:
    record = [ex.spikes(at=ex.root, threshold=level, label=str(level)) for level in (-40.0, 0.0, 30.0, 60.0)]
    record.append(ex.voltage(at=ex.root, label="v"))
    made = simulated("compartment", record=record)
    time, v = made.time, made.signals["v"].values
    for level in (-40.0, 0.0, 30.0, 60.0):
        before = np.flatnonzero((v[:-1] < level) & (v[1:] >= level))
        expected = time[before] + DT * (level - v[before]) / (v[before + 1] - v[before])
        np.testing.assert_allclose(made.spikes[str(level)].times[0], expected, atol=1e-12)
    assert made.spikes["60.0"].times[0].size == 0
