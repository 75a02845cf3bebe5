"""Every method against CVODE on the same equations: what is left is the error of our time integration."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest

import excitable as ex
from references.cvode_cases import CASES, RECORD, converged
from references.figures import figure

pytest.importorskip("sksundae", reason="CVODE comes with scikit-sundae")

SUITE = "Time integration against SUNDIALS CVODE"
SOURCE = "CVODE at a relative tolerance of 1e-11 (Hindmarsh et al. 2005), run live"


@pytest.fixture(scope="module")
def reference() -> Iterator[Any]:
    """Solves a case, once, in a process of its own: NEURON brings another CVODE, and the two do not share a process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:

        @cache
        def solved(name: str) -> tuple[np.ndarray, np.ndarray]:
            return pool.submit(converged, name).result()

        yield solved


@pytest.mark.parametrize("name", CASES)
def test_the_adaptive_method_converges_to_it(name: str, reference: Any) -> None:
    """Prediction: below 1e-5 mV at a tolerance of 1e-9, and within a few mV·tolerance·1000 at 1e-5."""
    make, protocol, duration = CASES[name]
    times, exact = reference(name)
    for tolerance, allowed in ((1e-5, 0.5), (1e-9, 1e-4)):
        method = ex.Adaptive(tolerance=tolerance)
        made = ex.run(make(), duration, protocol=protocol, record=RECORD, dt=0.05, method=method)
        error = float(np.abs(np.atleast_2d(made.signals["v"].values)[:, : times.size] - exact).max())
        figure(SUITE, f"{name}, adaptive, tolerance {tolerance:g}: largest difference", error, 0.0, allowed, unit="mV",
               source=SOURCE)  # fmt: skip


@pytest.mark.parametrize("name", ["squid membrane", "squid axon", "branched cell"])
def test_the_default_method_converges_to_it_at_its_order(name: str, reference: Any) -> None:
    """Between the edges of the pulse, a while after the first: where current enters a fine cable, the method rings."""
    make, protocol, duration = CASES[name]
    _, exact = reference(name)
    errors = []
    for dt in (0.003125, 0.0015625):
        made = ex.run(make(), duration, protocol=protocol, record=RECORD, dt=dt, every=round(0.05 / dt))
        errors.append(float(np.abs(np.atleast_2d(made.signals["v"].values)[:, 20:120] - exact[:, 20:120]).max()))
    slope = float(np.log2(errors[0] / errors[1]))
    figure(SUITE, f"{name}, staggered: observed order", slope, 2.0, 0.1, source=SOURCE)
