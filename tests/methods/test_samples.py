"""What is recorded stands level with its time, from the first sample on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from methods.observed import METHODS

import excitable as ex


class Decay(ex.Channel):
    """A state that dies away and carries a current without a voltage. Source: made for this test."""

    x = ex.state_variable("what is left", start=1.0)
    pace = ex.parameter(0.2, "1/ms", "how fast")
    scale = ex.parameter(1e-6, "mA/cm2", "current at the start")

    def rates(self) -> Mapping[str, Any]:
        return {"x": -self.pace * self.x}

    def current(self) -> Any:
        return self.scale * self.x


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_a_decay_is_exact_at_every_sample(method: ex.methods.Method, every: int) -> None:
    cell = ex.paint(ex.Cell(ex.single_compartment(20, 20)), ex.everywhere, Decay())
    record = [ex.state("x", of=Decay, at=ex.soma, label="x"), ex.current(at=ex.soma, label="current")]
    made = ex.run(cell, 12.0, record=record, dt=0.1, every=every, method=method)
    exact = np.exp(-0.2 * made.time)
    np.testing.assert_allclose(made.signals["x"].values, exact, rtol=1e-13)
    np.testing.assert_allclose(made.signals["current"].values, 1e-6 * exact, rtol=1e-13)


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_the_first_sample_of_a_continued_run_is_the_last_of_the_run_before(method: ex.methods.Method) -> None:
    cell = ex.paint(ex.Cell(ex.single_compartment(20, 20)), ex.everywhere, Decay())
    record = [ex.state("x", of=Decay, at=ex.soma, label="x"), ex.voltage(at=ex.soma, label="v")]
    first = ex.run(cell, 3.0, record=record, dt=0.1, method=method)
    second = ex.run(cell, 3.0, record=record, dt=0.1, method=method, start=first.final_state)
    for label in ("x", "v"):
        assert second.signals[label].values[0] == first.signals[label].values[-1]
    assert second.time[0] == first.time[-1]
