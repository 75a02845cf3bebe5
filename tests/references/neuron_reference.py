"""Live NEURON as the reference: the squid cable and the branched cell of the benchmarks, every step.

NEURON runs in this interpreter; where it is not installed, the calling test is skipped. Rates are evaluated
exactly (`usetable_hh` 0), gates advance by the exact exponential. `second_order=0` is NEURON's default
scheme: backward Euler for the voltage, gates at the new voltage. `second_order=2` is the staggered
Crank-Nicolson scheme: its gates live half a step later than its voltage.

The cells are built by the benchmarks' own builder from the benchmarks' own numbers, so that a truth test
and a speed measurement are about the same cell.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from workloads import START, WORKLOADS, Cable, Membranes, Trees, Workload, with_step

SQUID_CABLE = WORKLOADS["W3"]
BRANCHED_CELL = WORKLOADS["W4"]
SQUID_MEMBRANE = WORKLOADS["W1"]


@dataclass(frozen=True)
class Traces:
    """`voltage[k]` (mV) belongs to `times[k]` (ms), a column for each compartment; row 0 is the start."""

    times: NDArray[np.float64]
    voltage: NDArray[np.float64]


def neuron_or_skip() -> Any:
    """The interpreter object `h`; skips the calling test where NEURON is not installed."""
    os.environ.setdefault("NEURON_MODULE_OPTIONS", "-nogui")
    return pytest.importorskip("neuron", reason="NEURON is not installed in this interpreter").h


def neuron_traces(
    workload: Workload,
    compartments: list[int],
    *,
    duration: float | None = None,
    dt: float | None = None,
    second_order: int = 0,
) -> Traces:
    """Run one cell in NEURON and return its every step.

    Compartments are numbered in the order of the description: along the cable from the injected end; for a
    tree section by section, parents first, each from its near to its far end.
    """
    h = neuron_or_skip()
    from engine_neuron import build
    from measure import Settings

    cell = with_step(workload, dt)
    model = build(cell, Settings("neuron", "exact"))
    try:
        segments = segments_in_order(cell, model)
        recorders = [h.Vector().record(segments[place]._ref_v) for place in compartments]
        clock = h.Vector().record(h._ref_t)
        h.secondorder = second_order
        h.finitialize(START)
        model.parallel.psolve(cell.duration if duration is None else duration)
        voltage = np.array([np.array(recorder) for recorder in recorders]).T
        return Traces(np.array(clock), voltage)
    finally:
        # NEURON is one global model: what is not deleted takes part in the next run.
        h.secondorder = 0
        model.kept.clear()


def segments_in_order(cell: Workload, model: Any) -> list[Any]:
    """All segments of the (first) cell, in the order of the description."""
    if isinstance(cell, Membranes | Cable):
        sections = [item for item in model.kept if hasattr(item, "nseg")]
    elif isinstance(cell, Trees):
        sections = next(item for item in model.kept if isinstance(item, list))
    return [segment for section in sections for segment in section]
