"""A sweep that begins where one run has settled."""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex


def squid() -> ex.Cell:
    """One squid compartment."""
    return ex.paint(
        ex.Cell(ex.single_compartment(20, 20)), ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    )


def test_every_run_begins_where_the_cell_has_settled():
    cell, record = squid(), [ex.voltage(at=ex.root, label="v"), ex.state("m", of=ex.SquidSodium, at=ex.root, label="m")]
    settled = ex.run(cell, 20, dt=0.025).final_state
    pulse = ex.current_pulse(at=ex.root, amplitude=0.1, start=21, duration=5)
    amplitudes = [0.0, 0.05, 0.2]
    swept = ex.sweep(cell, 10, ex.vary(pulse, "amplitude", amplitudes), protocol=[pulse], record=record, start=settled)
    for k, amplitude in enumerate(amplitudes):
        alone = ex.current_pulse(at=ex.root, amplitude=amplitude, start=21, duration=5)
        single = ex.run(cell, 10, protocol=[alone], record=record, start=settled)
        for label in ("v", "m"):
            np.testing.assert_array_equal(swept[label].values[k], single[label].values)


def test_a_state_of_another_sweep_is_refused():
    cell = squid()
    over = ex.vary("SquidLeak", "conductance", [1e-4, 3e-4])
    state = ex.sweep(cell, 5, over, dt=0.025).final_state
    with pytest.raises(ex.RequestError, match=r"needs it with shape \(1, 3\)"):
        ex.sweep(cell, 5, ex.vary("SquidLeak", "conductance", [1e-4, 2e-4, 3e-4]), start=state)
