"""Every method on every model of the library: errors shrink as its order says.

Each cell starts 20 mV above where it usually does and is left to itself for 4 ms: the way back is smooth, and no edge
of a stimulus stands in the way of the order.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import excitable as ex
from excitable.compiler.gather import gather
from excitable.library import PREPARATIONS, Preparation
from references.figures import figure

DURATION, SAMPLES, RAISED = 4.0, 20, 20.0
# Cells that 20 mV bring near a threshold need smaller steps before the order shows.
FINER = {"noble_1962": 8, "bonhoeffer_van_der_pol": 8}
# Models without units swing over a few units only.
SMALL = {"fitzhugh_nagumo": 0.5, "bonhoeffer_van_der_pol": 0.5, "hindmarsh_rose": 0.5}
SUITE = "Observed order on every model of the library"
SOURCE = "differences of runs with steps in the ratio of two"


def relaxation(preparation: Preparation, steps: int, method: Any) -> np.ndarray:
    """The voltage at the root, at samples of the way back, with so many steps."""
    cell = preparation.cell(preparation.defaults)
    start = float(np.ravel(gather(cell, (), [ex.voltage(at=ex.root)]).voltage)[0])
    raised = ex.vary("cell", "initial_voltage", [start + SMALL.get(preparation.name, RAISED)])
    made = ex.sweep(cell, DURATION, raised, record=[ex.voltage(at=ex.root, label="v")], dt=DURATION / steps,
                    every=steps // SAMPLES, method=method)  # fmt: skip
    return np.asarray(made["v"].values[0])


def first_steps(preparation: Preparation) -> int:
    """A number of steps at which the error is past its beginnings: a multiple of the samples."""
    sensible = ex.run(preparation.cell(preparation.defaults), 0.1).description["dt"]
    return SAMPLES * math.ceil(DURATION / min(0.02, sensible) / SAMPLES) * FINER.get(preparation.name, 1)


@pytest.mark.filterwarnings("ignore::excitable.errors.AccuracyWarning")
@pytest.mark.parametrize("preparation", PREPARATIONS, ids=lambda p: p.name)
def test_the_order_is_the_declared_one(preparation: Preparation) -> None:
    steps = first_steps(preparation)
    for method in (ex.staggered, ex.backward_euler):
        runs = [relaxation(preparation, steps * 2**k, method) for k in range(3)]
        differences = [float(np.abs(a - b)[2:].max()) for a, b in pairwise(runs)]
        slope = math.log2(differences[0] / differences[1])
        figure(SUITE, f"{preparation.name}, {method.name}", slope, method.order, 0.1, source=SOURCE)


@pytest.mark.parametrize("preparation", PREPARATIONS, ids=lambda p: p.name)
def test_the_adaptive_method_finds_the_same(preparation: Preparation) -> None:
    """Prediction: at a tolerance of 1e-6 within 2 µV of the extrapolated runs of the default method."""
    steps = first_steps(preparation)
    coarse, fine = (relaxation(preparation, steps * 2**k, ex.staggered) for k in (1, 2))
    extrapolated = fine + (fine - coarse) / 3.0
    found = relaxation(preparation, SAMPLES, ex.Adaptive(tolerance=1e-6))
    off = 1e3 * float(np.abs(found - extrapolated)[2:].max())
    figure(SUITE, f"{preparation.name}, adaptive at 1e-6 beside the default extrapolated", off, 0.0, 20.0, unit="uV",
           source="Richardson extrapolation of the default method")  # fmt: skip
