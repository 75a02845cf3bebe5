"""The squid membrane and a squid cable against Arbor (Abi Akar et al. 2019), run live: as it comes, and converged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import excitable as ex
from references.figures import figure

arbor = pytest.importorskip("arbor", reason="arbor is one of the simulators that tests compare with")
from arbor import units  # noqa: E402

SUITE = "Arbor, run live"
SOURCE = f"Arbor {arbor.__version__}, steps of 0.005 and 0.0025 ms extrapolated to none"
DURATION = 20.0


class Recipe(arbor.recipe):  # type: ignore[misc]
    """One squid cylinder with a current at one end from the start."""

    def __init__(self, length: float, diameter: float, count: int, current: float) -> None:
        arbor.recipe.__init__(self)
        self.size = length, diameter, count, current
        self.properties = arbor.neuron_cable_properties()
        self.properties.catalogue = arbor.default_catalogue()
        self.properties.set_property(Vm=-65.0 * units.mV, cm=0.01 * units.F / units.m2, tempK=279.45 * units.Kelvin)
        self.properties.set_ion("na", rev_pot=50.0 * units.mV)
        self.properties.set_ion("k", rev_pot=-77.0 * units.mV)

    def num_cells(self) -> int:
        return 1

    def cell_kind(self, gid: int) -> Any:
        return arbor.cell_kind.cable

    def global_properties(self, kind: Any) -> Any:
        return self.properties

    def cell_description(self, gid: int) -> Any:
        length, diameter, count, current = self.size
        shape = arbor.segment_tree()
        shape.append(arbor.mnpos, arbor.mpoint(0, 0, 0, diameter / 2), arbor.mpoint(length, 0, 0, diameter / 2), tag=1)
        decor = arbor.decor().set_property(rL=35.4 * units.Ohm * units.cm)
        squid = {"gnabar": 0.12, "gkbar": 0.036, "gl": 0.0003, "el": -54.3}
        decor.paint("(all)", arbor.density("hh", squid))
        decor.place(f"(location 0 {0.5 / count})", arbor.i_clamp(0 * units.ms, 1e3 * units.ms, current * units.nA))
        decor.place(f"(location 0 {1.0 - 0.5 / count})", arbor.threshold_detector(0.0 * units.mV), "spikes")
        return arbor.cable_cell(shape, decor, arbor.label_dict(), arbor.cv_policy_fixed_per_branch(count))

    def probes(self, gid: int) -> list[Any]:
        return [arbor.cable_probe_membrane_voltage(f"(location 0 {1.0 - 0.5 / self.size[2]})", "v")]


def run_arbor(size: tuple[float, float, int, float], dt: float) -> tuple[np.ndarray, float]:
    """Spike times at the far end (ms), and the highest voltage of any sample there (mV)."""
    simulation = arbor.simulation(Recipe(*size))
    # `all` stays empty in a model without connections.
    simulation.record(arbor.spike_recording.local)
    handle = simulation.sample((0, "v"), arbor.regular_schedule(0.005 * units.ms))
    simulation.run(DURATION * units.ms, dt * units.ms)
    samples = simulation.samples(handle)[0][0]
    times = np.array([time for _, time in simulation.spikes().tolist()])
    return times, float(samples[:, 1].max())


def run_ours(size: tuple[float, float, int, float], method: Any, dt: float) -> tuple[np.ndarray, float]:
    """The same of excitable."""
    length, diameter, count, current = size
    cell = ex.Cell(ex.cable(length, diameter), ex.per_branch(count), axial_resistivity=35.4, initial_voltage=-65.0)
    cell = ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak(reversal=-54.3))
    near, far = ex.at("dend", 0.0), ex.at("dend", 1.0)
    made = ex.run(cell, DURATION, protocol=[ex.current_pulse(at=near, amplitude=current, duration=1e3)], dt=dt,
                  record=[ex.voltage(at=far, label="v"), ex.spikes(at=far, label="s")], method=method)  # fmt: skip
    return made.spikes["s"].times[0], float(made["v"].values.max())


SIZES = {"squid membrane": (20.0, 20.0, 1, 0.15), "squid cable of 50 compartments": (5000.0, 50.0, 50, 60.0)}


@pytest.mark.parametrize("name", SIZES)
def test_both_converge_to_one_solution(name: str) -> None:
    size = SIZES[name]
    ours, peak = run_ours(size, ex.Adaptive(tolerance=1e-8), 0.005)
    (coarse, high), (fine, higher) = (run_arbor(size, dt) for dt in (0.005, 0.0025))
    assert coarse.size == fine.size == ours.size >= 1
    off = 1e3 * float(np.abs(2.0 * fine - coarse - ours).max())
    figure(SUITE, f"{name}: spike times", off, 0.0, 2.0, unit="us", source=SOURCE)
    figure(SUITE, f"{name}: peak", 2.0 * higher - high, peak, 0.05, unit="mV", source=SOURCE)


@pytest.mark.parametrize("name", SIZES)
def test_what_arbor_gives_with_its_usual_step(name: str) -> None:
    """At 0.025 ms Arbor is of first order in time: its spikes come late, ours of the same step are nearer."""
    size = SIZES[name]
    exact, _ = run_ours(size, ex.Adaptive(tolerance=1e-8), 0.025)
    theirs, _ = run_arbor(size, 0.025)
    ours, _ = run_ours(size, ex.staggered, 0.025)
    assert theirs.size == ours.size == exact.size
    arbor_off, our_off = (1e3 * float(np.abs(found - exact).max()) for found in (theirs, ours))
    figure(SUITE, f"{name}: spike times of Arbor at 0.025 ms", arbor_off, 0.0, 500.0, unit="us",
           source="the converged solution")  # fmt: skip
    assert our_off < 0.5 * arbor_off
