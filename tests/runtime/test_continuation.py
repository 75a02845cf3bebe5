"""A run that goes on from a final state is, bit for bit, the run that never stopped."""

from __future__ import annotations

import numpy as np
import pytest
from runtime.cells import AMPLITUDE, SHAPES, probes, pulse

import excitable as ex

DT = 0.025
METHODS = [ex.staggered, ex.backward_euler]
SEED = 11


def stimuli(shape: str) -> dict[str, list[ex.protocols.Stimulus]]:
    """Protocols of every kind, each without an end before the last piece."""
    amplitude = AMPLITUDE[shape]
    wave = np.sin(np.linspace(0.0, 9.0, 40))
    return {
        "pulse": [pulse(amplitude)],
        "noise": [ex.current_noise(at=ex.root, mean=amplitude, deviation=2.0 * amplitude, seed=SEED)],
        "waveform": [
            ex.current_waveform(at=ex.root, times=np.linspace(0.0, 20.0, 40), samples=amplitude * (1.0 + wave))
        ],
        "train and sine": [
            ex.current_train(at=ex.root, amplitude=2.0 * amplitude, start=0.3, period=2.7, width=0.9, count=9),
            ex.current_sine(at=ex.root, amplitude=0.3 * amplitude, frequency=150.0),
        ],
    }


def pieces(cell: ex.Cell, durations: list[float], **more: object) -> list[ex.Recording]:
    made: list[ex.Recording] = []
    for duration in durations:
        start = made[-1].final_state if made else None
        made.append(ex.run(cell, duration, dt=DT, start=start, **more))
    return made


def different(whole: ex.Recording, parts: list[ex.Recording]) -> list[str]:
    """The labels that differ in any bit between a run and its pieces, which share their border samples."""
    wrong = []
    for label, signal in whole.signals.items():
        rows = [parts[0].signals[label].values] + [p.signals[label].values[..., 1:] for p in parts[1:]]
        if np.concatenate(rows, axis=-1).tobytes() != signal.values.tobytes():
            wrong.append(label)
    for label, spikes in whole.spikes.items():
        for run in range(len(spikes.times)):
            if np.concatenate([p.spikes[label].times[run] for p in parts]).tobytes() != spikes.times[run].tobytes():
                wrong.append(label)
    if np.concatenate([parts[0].time] + [p.time[1:] for p in parts[1:]]).tobytes() != whole.time.tobytes():
        wrong.append("time")
    if not parts[-1].final_state.identical(whole.final_state):
        wrong.append("final state")
    return wrong


@pytest.mark.parametrize("every", [1, 4])
@pytest.mark.parametrize("method", METHODS, ids=repr)
@pytest.mark.parametrize("kind", ["pulse", "noise", "waveform", "train and sine"])
@pytest.mark.parametrize("shape", SHAPES)
def test_pieces_make_the_whole(shape: str, kind: str, method: ex.methods.Method, every: int) -> None:
    arguments = {
        "protocol": stimuli(shape)[kind], "record": probes(shape), "method": method, "every": every,
    }  # fmt: skip
    cell = SHAPES[shape]()
    whole = ex.run(cell, 12.0, dt=DT, **arguments)
    assert whole.spikes["spikes"].times[0].size > 0
    assert different(whole, pieces(cell, [0.8, 4.0, 7.2], **arguments)) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sweep_goes_on(shape: str) -> None:
    cell = SHAPES[shape]()
    over = ex.vary("noise", "mean", AMPLITUDE[shape] * np.array([0.5, 1.0, 1.5, 2.0, 2.5]))
    noise = ex.current_noise(at=ex.root, mean=0.0, deviation=AMPLITUDE[shape], seed=SEED)
    arguments = {"protocol": [noise], "record": probes(shape), "dt": DT}
    whole = ex.sweep(cell, 8.0, over, threads=1, **arguments)
    first = ex.sweep(cell, 3.3, over, threads=3, **arguments)
    second = ex.sweep(cell, 4.7, over, threads=2, start=first.final_state, **arguments)
    assert different(whole, [first, second]) == []


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_a_clamped_run_goes_on(method: ex.methods.Method) -> None:
    clamp = ex.voltage_clamp(at=ex.root, levels=[(1.0, -65.0), (4.0, -10.0), (1.0, -80.0)])
    arguments = {"protocol": [clamp], "record": [*probes("tree"), ex.clamp_current()], "method": method}
    cell = SHAPES["tree"]()
    whole = ex.run(cell, 8.0, dt=DT, **arguments)
    assert different(whole, pieces(cell, [1.0, 4.0, 3.0], **arguments)) == []


def test_time_goes_on_and_a_step_is_remembered() -> None:
    cell = SHAPES["compartment"]()
    first = ex.run(cell, 3.0, dt=0.02)
    second = ex.run(cell, 2.0, start=first.final_state)
    assert second.description["dt"] == 0.02
    assert second.time[0] == pytest.approx(3.0)
    assert second.time[-1] == pytest.approx(5.0)


def test_a_duration_that_every_does_not_divide_still_ends_where_it_should() -> None:
    cell, arguments = SHAPES["cable"](), {"protocol": [pulse(0.3)], "dt": DT}
    whole = ex.run(cell, 5.0, **arguments)
    thinned = ex.run(cell, 5.0, every=7, **arguments)
    assert thinned.final_state.identical(whole.final_state)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dt": 0.05}, r"had dt = 0\.025, and this one has 0\.05"),
        ({"method": ex.backward_euler}, "had method = 'staggered', and this one has 'backward_euler'"),
        ({"start": 3.0}, "start was given as float"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    cell = SHAPES["compartment"]()
    state = ex.run(cell, 1.0, dt=DT).final_state
    with pytest.raises(ex.RequestError, match=message):
        ex.run(cell, 1.0, **{"start": state, **change})


def test_a_state_of_another_model_is_refused() -> None:
    state = ex.run(SHAPES["compartment"](), 1.0, dt=DT).final_state
    with pytest.raises(ex.RequestError, match=r"has 'v' of shape \(1, 1\); this model needs it with shape \(23, 1\)"):
        ex.run(SHAPES["cable"](), 1.0, start=state)
    other = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, ex.SquidSodium(name="other"))
    with pytest.raises(ex.RequestError, match=r"has no 'other\.m'"):
        ex.run(other, 1.0, start=state)
