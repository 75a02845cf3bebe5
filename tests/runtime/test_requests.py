"""What cannot be done is refused before anything runs, in words that say what to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from runtime.cells import cable, compartment, pulse, tree

import excitable as ex
import excitable.runtime.room as room

AT = ex.root
RUNS: dict[str, tuple[Callable[[], Any], str]] = {
    "not a cell": (lambda: ex.run(ex.cable(100.0, 1.0), 1.0), "run was given Morphology.*argument is a Cell"),
    "a dt of zero": (lambda: ex.run(compartment(), 1.0, dt=0.0), r"The step dt was given as 0\.0 ms.*must be positive"),
    "a negative dt": (lambda: ex.run(compartment(), 1.0, dt=-0.1), r"The step dt was given as -0\.1 ms"),
    "a dt that is not a number": (lambda: ex.run(compartment(), 1.0, dt=float("nan")), "the step dt"),
    "an endless dt": (lambda: ex.run(compartment(), 1.0, dt=float("inf")), "the step dt"),
    "a dt in mV": (lambda: ex.run(compartment(), 1.0, dt="0.1 mV"), "the step dt is expected in ms"),
    "a duration of zero": (lambda: ex.run(compartment(), 0.0), r"The duration of the run was given as 0\.0 ms"),
    "a negative duration": (lambda: ex.run(compartment(), -5.0), r"was given as -5\.0 ms. It must be positive"),
    "an endless duration": (lambda: ex.run(compartment(), float("inf")), "the duration of the run"),
    "a duration in mV": (lambda: ex.run(compartment(), "10 mV"), "the duration of the run is expected in ms"),
    "a duration that is a word": (lambda: ex.run(compartment(), "long"), "the duration of the run"),
    "too many steps": (lambda: ex.run(compartment(), 1e300, dt=1e-3), "That is more than can be counted exactly"),
    "every zero": (lambda: ex.run(compartment(), 1.0, every=0), "every was given as 0"),
    "every a fraction": (lambda: ex.run(compartment(), 1.0, every=1.5), r"every was given as 1\.5"),
    "every True": (lambda: ex.run(compartment(), 1.0, every=True), "every was given as True"),
    "a method by name": (lambda: ex.run(compartment(), 1.0, method="euler"), "method was given as 'euler'.*an object"),
    "an unknown argument": (lambda: ex.run(compartment(), 1.0, protcol=[]), "unexpected keyword argument 'protcol'"),
    "a stimulus that is not in a list": (
        lambda: ex.run(compartment(), 1.0, protocol=pulse(1.0)), r"It is a list. Write protocol=\[",
    ),
    "a probe that is not in a list": (
        lambda: ex.run(compartment(), 1.0, record=ex.voltage(at=AT)), r"It is a list. Write record=\[",
    ),
    "a number in the protocol": (lambda: ex.run(compartment(), 1.0, protocol=[3]), "3 stands in the protocol"),
    "a word among the probes": (lambda: ex.run(compartment(), 1.0, record=["v"]), "'v' stands in the list"),
    "a stimulus after the run": (
        lambda: ex.run(compartment(), 10.0, protocol=[pulse(1.0, start=20.0)]),
        "The stimulus 'pulse' begins at 20 ms, and the run ends at 10 ms",
    ),
    "a waveform after the run": (
        lambda: ex.run(
            compartment(), 10.0, protocol=[ex.current_waveform(at=AT, times=[20.0, 21.0], samples=[0.0, 1.0])]
        ),
        "The stimulus 'waveform' begins at 20 ms",
    ),
    "two stimuli of one name": (
        lambda: ex.run(compartment(), 1.0, protocol=[pulse(1.0), pulse(2.0)]),
        "Two items of the protocol are called 'pulse'",
    ),
    "two probes of one label": (
        lambda: ex.run(compartment(), 1.0, record=[ex.voltage(at=AT), ex.voltage(at=AT)]),
        "Two probes are called 'voltage at root'",
    ),
    "a mechanism that is not there": (
        lambda: ex.run(compartment(), 1.0, record=[ex.state("m", of="SquidSodum", at=AT)]),
        r"asks for 'SquidSodum'.*not painted there. Did you mean 'SquidSodium'",
    ),
    "a mechanism that is elsewhere": (
        lambda: ex.run(tree(), 1.0, record=[ex.state("m", of=ex.SquidSodium, at=ex.distal(ex.dendrite))]),
        r"at compartment \d+ \(dend\[\d\]\), and it is not painted there",
    ),
    "a state that it does not have": (
        lambda: ex.run(compartment(), 1.0, record=[ex.state("n", of=ex.SquidSodium, at=AT)]),
        "SquidSodium has no state 'n'",
    ),
    "the current of an ion that nobody carries": (
        lambda: ex.run(compartment(), 1.0, record=[ex.current(ion="ca", at=AT)]),
        "carries 'ca'",
    ),
    "a mechanism and an ion at once": (
        lambda: ex.current(of=ex.SquidSodium, ion="na", at=AT),
        "and of the ion 'na' at once",
    ),
    "a number for a mechanism": (lambda: ex.state("m", of=3, at=AT), "3 was given where a mechanism is meant"),
    "a threshold in nA": (lambda: ex.spikes(at=AT, threshold="1 nA"), "the threshold of the spikes is expected in mV"),
    "a start that is not a state": (lambda: ex.run(compartment(), 1.0, start={}), "start was given as dict"),
    "a region that is empty here": (
        lambda: ex.run(cable(), 1.0, record=[ex.voltage(at=ex.soma)]), "(?i)soma",
    ),
    "a stimulus on a region that is empty here": (
        lambda: ex.run(cable(), 1.0, protocol=[ex.current_pulse(at=ex.apical, amplitude=1.0, duration=1.0)]), "apical",
    ),
    "a branch that is not there": (
        lambda: ex.run(tree(), 1.0, record=[ex.voltage(at=ex.at("dend[33]", 0.5))]), r"dend\[33\]",
    ),
    "a place beyond the end": (lambda: ex.at("dend[0]", 1.5), r"1\.5"),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_cannot_be_done(name: str) -> None:
    attempt, message = RUNS[name]
    with pytest.raises((ex.ExcitableError, TypeError), match=f"(?s){message}"):
        attempt()


def swept(*over: object, **more: object) -> ex.Recording:
    return ex.sweep(compartment(), 1.0, *over, **{"protocol": [pulse(0.1)], **more})


SWEEPS: dict[str, tuple[Callable[[], Any], str]] = {
    "no axis": (lambda: swept([]), "It needs at least one axis"),
    "not an axis": (lambda: swept([3]), "It needs at least one axis"),
    "no values": (lambda: ex.vary(ex.Leak, "conductance", []), r"have the shape \(0,\)"),
    "a table of values": (lambda: ex.vary(ex.Leak, "conductance", [[1.0], [2.0]]), r"have the shape \(2, 1\)"),
    "values of the wrong unit": (lambda: ex.vary(ex.Leak, "conductance", ["1 mV"]), "values of conductance of Leak"),
    "values that are not numbers": (lambda: ex.vary(ex.Leak, "conductance", [1.0, float("nan")]), "of Leak"),
    "a parameter that the class does not have": (
        lambda: swept(ex.vary(ex.SquidSodium, "conductence", [1.0])),
        r"'conductence' of 'SquidSodium'.*Did you mean 'conductance'\?",
    ),
    "a mechanism that is not painted": (
        lambda: swept(ex.vary(ex.Leak, "conductance", [1.0])),
        "varies 'conductance' of 'Leak', and there is no such mechanism or stimulus here",
    ),
    "a stimulus that is not there": (lambda: swept(ex.vary("puls", "amplitude", [1.0])), r"Did you mean 'pulse'\?"),
    "a number that the stimulus does not have": (lambda: swept(ex.vary("pulse", "amplitud", [1.0])), "'amplitude'"),
    "a property that cells do not have": (lambda: swept(ex.vary("cell", "colour", [1.0])), "'colour' of 'cell'"),
    "the axial resistivity": (
        lambda: swept(ex.vary("cell", "axial_resistivity", [100.0])), "The tree is shared by all cells of a sweep",
    ),
    "two axes of one name": (
        lambda: swept([ex.vary("pulse", "amplitude", [1.0]), ex.vary("pulse", "amplitude", [2.0])]), "Two axes",
    ),
    "one number on two axes": (
        lambda: swept([ex.vary("pulse", "amplitude", [1.0]), ex.vary("pulse", "amplitude", [2.0], name="other")]),
        "'amplitude' of 'pulse' is varied by two axes",
    ),
    "unlike lengths together": (
        lambda: ex.together(ex.vary("pulse", "amplitude", [1.0]), ex.vary("pulse", "start", [1.0, 2.0])),
        "The variations have different lengths",
    ),
    "nothing together": (lambda: ex.together(), "(?i)variation|axis"),
    "no thread": (lambda: swept(ex.vary("pulse", "start", [1.0]), threads=0), "threads was given as 0"),
    "half a thread": (lambda: swept(ex.vary("pulse", "start", [1.0]), threads=1.5), r"threads was given as 1\.5"),
    "a capacitance of zero": (lambda: swept(ex.vary("cell", "capacitance", [1.0, 0.0])), "capacitance.*positive"),
    "a temperature of 100 °C": (lambda: swept(ex.vary("cell", "temperature", [20.0, 100.0])), "temperature"),
    "a duration of a stimulus that is negative": (lambda: swept(ex.vary("pulse", "duration", [1.0, -1.0])), "duration"),
    "every start after the run": (lambda: swept(ex.vary("pulse", "start", [50.0, 60.0])), "begins at"),
}  # fmt: skip


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_that_cannot_be_done(name: str) -> None:
    attempt, message = SWEEPS[name]
    with pytest.raises(ex.ExcitableError, match=f"(?s){message}"):
        attempt()


def test_more_than_memory_holds() -> None:
    """Ten million cells at a million samples: refused at once, with what to write."""
    with pytest.raises(ex.RequestError, match=r"The recording would take \d+\.\d GB: 1 values of 1 runs.*Write every="):
        ex.run(compartment(), 1e9, dt=0.001)
    over = ex.vary("pulse", "amplitude", np.zeros(100_000))
    with pytest.raises(ex.RequestError, match=r"1 values of 100000 runs, 40001 times"):
        ex.sweep(compartment(), 1e3, over, protocol=[pulse(0.1)], dt=0.025)


def test_the_limit_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.os, "sysconf", lambda name: 1000)
    with pytest.raises(ex.RequestError, match="Write every=") as refused:
        ex.run(compartment(), 5000.0, dt=0.025)
    every = int(str(refused.value).split("every=")[1].split(",")[0])
    assert ex.run(compartment(), 5000.0, dt=0.025, every=every).complete


STIMULI: dict[str, tuple[Callable[[], Any], str]] = {
    "an amplitude in mV": (lambda: pulse("5 mV"), "the amplitude of pulse is expected in nA"),
    "an amplitude that is not a number": (lambda: pulse(float("nan")), "the amplitude of pulse"),
    "an amplitude without end": (lambda: pulse(float("inf")), "the amplitude of pulse"),
    "a negative start": (lambda: pulse(1.0, start=-1.0), r"The start of 'pulse' was given as -1\.0 ms"),
    "a duration of zero": (lambda: pulse(1.0, duration=0.0), r"The duration of 'pulse' was given as 0\.0 ms"),
    "a place that is a number": (lambda: ex.current_pulse(at=3, amplitude=1.0, duration=1.0), "3"),
    "a period of zero": (
        lambda: ex.current_train(at=AT, amplitude=1.0, period=0.0, width=1.0, count=3), "The period of 'train'",
    ),
    "a count of zero": (
        lambda: ex.current_train(at=AT, amplitude=1.0, period=5.0, width=1.0, count=0), "The count of 'train'",
    ),
    "a count of two and a half": (
        lambda: ex.current_train(at=AT, amplitude=1.0, period=5.0, width=1.0, count=2.5), "count.*whole",
    ),
    "pulses longer than the period": (
        lambda: ex.current_train(at=AT, amplitude=1.0, period=5.0, width=6.0, count=2), r"pulses of 6\.0 ms every 5",
    ),
    "a frequency of zero": (lambda: ex.current_sine(at=AT, amplitude=1.0, frequency=0.0), "The frequency of 'sine'"),
    "a negative deviation": (lambda: ex.current_noise(at=AT, deviation=-1.0, seed=1), "The deviation of 'noise'"),
    "times that go back": (
        lambda: ex.current_waveform(at=AT, times=[0.0, 2.0, 1.0], samples=[0.0, 1.0, 2.0]), "times that increase",
    ),
    "as many times as samples": (
        lambda: ex.current_waveform(at=AT, times=[0.0, 1.0], samples=[0.0, 1.0, 2.0]), r"\(2,\) and samples.*\(3,\)",
    ),
    "one sample": (lambda: ex.current_waveform(at=AT, times=[0.0], samples=[1.0]), "n at least 2"),
    "a sample that is not a number": (
        lambda: ex.current_waveform(at=AT, times=[0.0, 1.0], samples=[0.0, float("nan")]), "the samples of waveform",
    ),
    "samples in mV": (
        lambda: ex.current_waveform(at=AT, times=[0.0, 1.0], samples=["1 mV", "2 mV"]), "the samples of waveform",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STIMULI)
def test_a_stimulus_that_makes_no_sense(name: str) -> None:
    attempt, message = STIMULI[name]
    with pytest.raises(ex.ExcitableError, match=f"(?s){message}"):
        attempt()
