"""The workloads in Jaxley: float64, one compiled function. Variant `second`: Crank-Nicolson for the voltage.

It keeps every recorded voltage, so spikes are counted afterwards.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"

import jax
import jax.numpy as jnp
import jaxley
import numpy as np
from jaxley.channels import HH, Leak
from measure import Outcome, Settings, UnsupportedError, cable_summary, crossings, summary
from workloads import (
    CAPACITANCE,
    LEAK,
    LEAK_REVERSAL,
    POTASSIUM,
    POTASSIUM_REVERSAL,
    SODIUM,
    SODIUM_REVERSAL,
    START,
    Cable,
    Cells,
    Heart,
    Membranes,
    Ring,
    Trees,
    Workload,
    steps,
)

jax.config.update("jax_enable_x64", True)


def version() -> str:
    return str(jaxley.__version__)


def squid(module: Any) -> None:
    module.insert(HH())
    conductances = {"HH_gNa": SODIUM, "HH_gK": POTASSIUM, "HH_gLeak": LEAK}
    reversals = {"HH_eNa": SODIUM_REVERSAL, "HH_eK": POTASSIUM_REVERSAL, "HH_eLeak": LEAK_REVERSAL}
    for name, value in (conductances | reversals).items():
        module.set(name, value)
    module.set("capacitance", CAPACITANCE)
    module.set("v", START)


def membranes(workload: Membranes) -> tuple[Any, Any]:
    cell = jaxley.Compartment()
    squid(cell)
    cell.set("length", workload.size)
    cell.set("radius", workload.size / 2.0)
    cell.init_states(delta_t=workload.dt)
    cell.record("v", verbose=False)
    return cell, cell


def cable(workload: Cable) -> tuple[Any, Any]:
    cell = jaxley.Cell(jaxley.Branch(jaxley.Compartment(), ncomp=workload.compartments), parents=[-1])
    squid(cell)
    cell.set("length", workload.compartment_length)
    cell.set("radius", workload.diameter / 2.0)
    cell.set("axial_resistivity", workload.resistivity)
    cell.init_states(delta_t=workload.dt)
    for probe in workload.probes:
        cell.branch(0).comp(probe).record("v", verbose=False)
    return cell, cell.branch(0).comp(0)


def tree(workload: Trees) -> tuple[Any, Any]:
    count = workload.compartments_per_section
    branch = jaxley.Branch(jaxley.Compartment(), ncomp=count)
    cell = jaxley.Cell(branch, parents=[parent for parent, _ in workload.sections])
    squid(cell)
    cell.set("axial_resistivity", workload.resistivity)
    levels = np.repeat([level for _, level in workload.sections], count)

    def along(name: str, value: Callable[[int], float]) -> None:
        # One array for the whole cell: setting branch by branch takes minutes.
        cell.set(name, np.asarray([value(int(level)) for level in levels]))

    along("length", lambda level: workload.size(level)[0] / count)
    along("radius", lambda level: workload.size(level)[1] / 2.0)
    along("HH_gNa", lambda level: workload.conductances(level)[0])
    along("HH_gK", lambda level: workload.conductances(level)[1])
    along("HH_gLeak", lambda level: workload.conductances(level)[2])
    dendrites = list(range(1, len(workload.sections)))
    cell.branch(dendrites).insert(Leak())
    # A fresh view: the one above does not know the channel that it has just inserted.
    cell.branch(dendrites).set("Leak_gLeak", workload.dendrite_passive)
    cell.branch(dendrites).set("Leak_eLeak", workload.dendrite_passive_reversal)
    cell.init_states(delta_t=workload.dt)
    soma = cell.branch(0).comp(count // 2)
    soma.record("v", verbose=False)
    return cell, soma


class JaxleyModel:
    """A compiled function of the injected currents; a batch of cells is a `vmap`."""

    def __init__(self, workload: Cells, settings: Settings) -> None:
        self.workload = workload
        solver = "crank_nicolson" if settings.variant == "second" else "bwd_euler"
        if isinstance(workload, Membranes):
            (cell, place), amplitudes = membranes(workload), workload.amplitudes
        elif isinstance(workload, Cable):
            (cell, place), amplitudes = cable(workload), (workload.amplitude,)
        else:
            (cell, place), amplitudes = tree(workload), workload.amplitudes
        count = steps(workload)

        def simulate(amplitude: Any) -> Any:
            stimuli = place.data_stimulate(amplitude * jnp.ones(count))
            return jaxley.integrate(cell, data_stimuli=stimuli, delta_t=workload.dt, solver=solver)

        many = len(amplitudes) > 1
        self.function = jax.jit(jax.vmap(simulate) if many else simulate)
        self.amplitudes = jnp.asarray(amplitudes if many else amplitudes[0])
        self.voltage: Any = None

    def warm(self) -> None:
        self.function = self.function.lower(self.amplitudes).compile()
        self.advance()

    def reset(self) -> None:
        self.voltage = None

    def advance(self) -> None:
        self.voltage = jax.block_until_ready(self.function(self.amplitudes))

    def samples(self) -> tuple[Any, Any]:
        voltage = np.asarray(self.voltage)[-1]
        return np.arange(len(voltage)) * self.workload.dt, voltage

    def outcome(self) -> Outcome:
        voltage = np.asarray(self.voltage)
        traces = voltage.reshape(-1, voltage.shape[-1])
        times = np.arange(traces.shape[-1]) * self.workload.dt
        found = [crossings_of(trace, times) for trace in traces]
        if isinstance(self.workload, Cable):
            return cable_summary(self.workload, found[0], found[1])
        return summary(time for cell in found for time in cell)


def crossings_of(trace: Any, times: Any) -> list[float]:
    """Only the samples around a change of sign go through the slow loop."""
    places = np.flatnonzero((trace[:-1] < 0.0) & (trace[1:] >= 0.0))
    pairs = ((trace[k : k + 2].tolist(), times[k : k + 2].tolist()) for k in places)
    return [time for voltage, when in pairs for time in crossings(voltage, when)]


def build(workload: Workload, settings: Settings) -> JaxleyModel:
    if isinstance(workload, Heart):
        raise UnsupportedError("the cardiac cell is not written for it")
    if settings.threads != 1:
        raise UnsupportedError("Jaxley's compiled function gains nothing from more threads unless split by hand")
    if isinstance(workload, Ring):
        raise UnsupportedError("Jaxley has no delayed spikes")
    if isinstance(workload, Cable) and workload.compartments > 20_000:
        raise UnsupportedError("building a cable of this size in Jaxley takes many minutes")
    # Jaxley prints what it does; our output is one JSON line.
    with contextlib.redirect_stdout(sys.stderr):
        return JaxleyModel(workload, settings)
