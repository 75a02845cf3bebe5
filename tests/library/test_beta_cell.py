"""The beta cell: granules against the counting of the paper, calcium that is conserved, K(ATP) channels in command."""

from __future__ import annotations

import numpy as np
import pytest
from library.integrated import Patch
from scipy.integrate import solve_ivp

import excitable as ex
from excitable.library import find, perform
from excitable.library.beta_cell import cell, fed, threshold
from excitable.mechanisms import (
    BetaCellAtpPotassium,
    BetaCellCalcium,
    BetaCellCalciumStore,
    BetaCellGranules,
    Ion,
)

BETA = find("beta_cell")
QUIET = pytest.mark.filterwarnings("ignore:The step dt")


def release_of_the_paper(v: float, calcium: float, seconds: np.ndarray) -> np.ndarray:
    """Granules about to release after a step to `v` (mV) at a calcium (µM): Chen et al. 2008 in µM and s."""

    def slope(_: float, y: np.ndarray) -> list[float]:
        domain, n6, n5, n1, n2, n3, n4, fused, released = y
        flux = 5.18e-15 * 250.0 / (1.0 + np.exp((-20.0 - v) / 5.0)) * (v - 25.0) / 4.2e-15
        r2, r3 = 0.006 * calcium / (calcium + 2.3), 3.0 * 1.205 * calcium / (calcium + 2.3)
        on, off = 20.0 * domain, 100.0
        return [
            -0.01 * flux - 0.01 * 200.0 * (domain - calcium),
            r3 + 0.001 * n5 - (0.0001 + r2) * n6,
            1.0 * n1 - (0.6 + 0.001) * n5 + r2 * n6,
            -(3 * on + 1.0) * n1 + off * n2 + 0.6 * n5,
            3 * on * n1 - (2 * on + off) * n2 + 2 * off * n3,
            2 * on * n2 - (2 * off + on) * n3 + 3 * off * n4,
            on * n3 - (3 * off + 2000.0) * n4,
            2000.0 * n4 - 3.0 * fused,
            3.0 * fused - 0.02 * released,
        ]

    start = [0.0674, 218.017777, 24.539936, 14.71376, 0.612519, 0.0084499, 5.098857e-6, 0.003399, 0.50988575]
    found = solve_ivp(slope, (0.0, seconds[-1]), start, "LSODA", seconds, rtol=1e-9, atol=1e-12)
    return np.asarray(found.y[-1])


@QUIET
@pytest.mark.parametrize("v", [-20.0, -35.0])
def test_granules_leave_as_in_the_paper(v: float) -> None:
    held = ex.paint(ex.Cell(ex.single_compartment(13.0)), ex.everywhere, BetaCellGranules(), Ion("ca", 2, inside=2e-4))
    clamp = ex.voltage_clamp(at=ex.soma, levels=[(3e5, v)])
    released = ex.state("released", of=BetaCellGranules, at=ex.soma, label="released")
    made = ex.run(held, "60 s", protocol=[clamp], record=[released], dt=0.25, every=2000)
    wanted = release_of_the_paper(v, 0.2, made.time / 1e3)
    np.testing.assert_allclose(made["released"].values, wanted, rtol=2e-3)
    assert wanted.max() > 10.0 * wanted[0]


def test_a_femtoampere_brings_the_calcium_of_the_paper() -> None:
    """4.5e-6 µM per ms and fA of the whole cell."""
    law = BetaCellCalciumStore(extrusion=0.0, uptake=0.0, leak=0.0, free=1.0).bind(calcium=0.0, store=0.0)
    density = -1e-12 / 5.3e-6  # mA/cm2
    assert 1e3 * law.rates(density)["calcium"] == pytest.approx(4.5e-6, rel=1e-4)


@QUIET
def test_a_closed_cell_keeps_its_calcium() -> None:
    """Nothing in, nothing out: cytosol plus a fifth of the store is constant."""
    closed = ex.paint(
        ex.Cell(ex.single_compartment(13.0)), ex.everywhere, BetaCellCalciumStore(extrusion=0.0, uptake=0.04)
    )
    closed = ex.paint(closed, ex.everywhere, BetaCellCalcium(conductance=0.0))
    record = [ex.state(name, of=BetaCellCalciumStore, at=ex.soma, label=name) for name in ("calcium", "store")]
    made = ex.run(closed, "20 s", record=record, dt=0.5, every=100)
    total = made["calcium"].values + made["store"].values / 5.0
    assert np.ptp(made["store"].values) > 1e-4
    np.testing.assert_allclose(total, total[0], rtol=1e-6)


@QUIET
@pytest.mark.parametrize(("factor", "spiking"), [(0.5, True), (1.0, True), (1.6, False)])
def test_katp_channels_are_in_command(factor: float, spiking: bool) -> None:
    """In 10 mM glucose: closed by tolbutamide the cell never rests, opened by diazoxide it never spikes."""
    made = fed(cell(BETA.defaults), float(threshold(10.0)))
    drug = BetaCellAtpPotassium(
        conductance=factor * BetaCellAtpPotassium().conductance, threshold=float(threshold(10.0))
    )
    look = [ex.voltage(at=ex.soma, label="v")]
    made = ex.run(ex.paint(made, ex.everywhere, drug), "120 s", record=look, dt=0.5, every=20)
    trace = made["v"].values[made.time > 3e4]
    assert bool(trace.max() > -30.0) is spiking
    if factor == 0.5:
        assert trace.min() > -55.0


def test_the_first_spike_comes_when_lsoda_has_it() -> None:
    """The same step of glucose, from rest, by an integrator with a variable step."""
    low, high = BETA.experiments(BETA.cell(BETA.defaults), BETA.defaults)[:2]
    quiet = ex.experiments.rest(low.cell, near=-68.0)
    patch = Patch(high.cell)
    patch.initial = [quiet.voltage, *(float(quiet.states[name][0]) for name in patch.names)]
    time = np.arange(0.0, 1.14e5, 10.0)
    spikes = time[np.flatnonzero(patch.run(time)["v"] > -30.0)]
    assert spikes[0] / 1e3 == pytest.approx(112.86, abs=0.02)


def test_an_experiment_that_goes_on_is_not_carried_out_alone() -> None:
    high = BETA.experiments(BETA.cell(BETA.defaults), BETA.defaults)[1]
    with pytest.raises(ex.RequestError, match=r"'high' goes on where 'low' ended.*It needs that state"):
        perform(high)
