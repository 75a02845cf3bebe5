"""Channels opened by light, transmitters, tension and cold: published numbers, and the equations integrated afresh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import excitable as ex
from excitable.expressions import evaluate
from excitable.mechanisms import (
    ChannelrhodopsinH134R,
    ColdTrpM8,
    GabaAReceptor,
    LaplaceTension,
    LargeMechanosensitiveChannel,
    NicotinicReceptor,
    Scheme,
    assemble,
)

Array = np.ndarray[Any, np.dtype[np.float64]]


def held(cell: ex.Cell, voltage: float, duration: str, record: list[Any], **options: Any) -> dict[str, Array]:
    clamp = ex.voltage_clamp(at=ex.soma, levels=[(1e9, voltage)])
    made = ex.run(cell, duration, protocol=[clamp], record=record, **options)
    return {"t": made.time, **{label: signal.values for label, signal in made.signals.items()}}


def patch(temperature: float, *painted: Any) -> ex.Cell:
    return ex.paint(ex.Cell(ex.single_compartment(20), temperature=temperature), ex.everywhere, ex.Leak(), *painted)


# ---------------------------------------------------------------- acetylcholine
def generator(scheme: Scheme, names: list[str], values: dict[str, float]) -> Array:
    """The matrix of transition rates, 1/ms: row from, column to. What a stochastic method would draw from."""
    made = np.zeros((len(names), len(names)))
    for reaction in scheme.transitions:
        (left, _), (right, _) = reaction.left[0], reaction.right[0]
        i, j = (names.index(name.split(".")[1]) for name in (left, right))
        made[i, j] += float(evaluate(reaction.forward, values))
        made[j, i] += float(evaluate(reaction.backward, values))
    return made - np.diag(made.sum(axis=1))


NAMES = ["ar_open", "a2r_open", "a2r", "ar", "r"]


def endplate(concentration: str) -> Array:
    ions = [ex.Ion("na", 1, inside=10.0, outside=115.0), ex.Ion("k", 1, inside=140.0, outside=2.5)]
    membrane = assemble([*ions, ex.Condition("acetylcholine_outside", concentration), NicotinicReceptor()])
    (scheme,) = membrane.schemes["NicotinicReceptor"]
    values = {"acetylcholine_outside.value": ex.Condition("acetylcholine_outside", concentration).value}
    return generator(scheme, NAMES, values)


def test_bursts_of_the_endplate_channel_are_those_of_its_paper() -> None:
    """Colquhoun & Hawkes 1982, the numerical example, at 0.1 µM: 3.82 openings in a burst of 7.33 ms."""
    rates = endplate("0.1 uM")
    open_, shut, outside = [0, 1], [2, 3], [4]
    to_shut = -np.linalg.solve(rates[np.ix_(open_, open_)], rates[np.ix_(open_, shut)])
    to_open = -np.linalg.solve(rates[np.ix_(shut, shut)], rates[np.ix_(shut, open_)])
    first = rates[np.ix_(outside, shut)] @ to_open
    first = (first / first.sum()).ravel()
    again = np.linalg.inv(np.eye(2) - to_shut @ to_open)
    assert (first @ again).sum() == pytest.approx(3.819, abs=5e-4)
    staying = -np.linalg.inv(rates[np.ix_(open_, open_)])
    gaps = -to_shut @ np.linalg.inv(rates[np.ix_(shut, shut)]) @ to_open
    assert (first @ again @ (staying + gaps)).sum() == pytest.approx(7.328, abs=5e-4)  # ms
    assert (first @ again @ staying).sum() == pytest.approx(7.166, abs=5e-4)  # ms of it open
    modes = np.sort(-np.linalg.eigvals(rates).real)[1:]
    assert modes * 1e3 == pytest.approx([101.82, 2022.1, 3093.5, 19408.2], rel=1e-4)  # 1/s


def test_the_endplate_rests_as_its_equilibria_say() -> None:
    """Microscopic reversibility: each occupancy is a product of ratios of rates."""
    concentration = 1e-4
    weights = {"r": 1.0, "ar": 100.0 * concentration / 2.0}
    weights["a2r"] = weights["ar"] * 500.0 * concentration / 4.0
    weights |= {"ar_open": weights["ar"] * 0.005, "a2r_open": weights["a2r"] * 30.0}
    whole = sum(weights.values())
    receptor = NicotinicReceptor()
    for name, weight in weights.items():
        found = float(receptor.steady_state(name, acetylcholine_outside=concentration))
        assert found == pytest.approx(weight / whole, rel=1e-13)


def test_an_endplate_current_follows_its_master_equation_and_reverses_where_permeabilities_say() -> None:
    ions = [ex.Ion("na", 1, inside=10.0, outside=115.0), ex.Ion("k", 1, inside=140.0, outside=2.5)]
    pulse = ex.Condition("acetylcholine_outside", pulse="0.3 mM", start=1.0, duration=1.0)
    record = [ex.state(name, of=NicotinicReceptor, at=ex.soma, label=name) for name in NAMES]
    record.append(ex.current(of=NicotinicReceptor, at=ex.soma, label="i"))
    cell = patch(20.0, *ions, NicotinicReceptor(), pulse)
    found = held(cell, -70.0, "6 ms", record, dt=0.002)
    both = {on: endplate(level) for on, level in ((True, "0.3 mM"), (False, "0 mM"))}
    state, wanted = np.array([0.0, 0.0, 0.0, 0.0, 1.0]), []
    for begin, end, on in ((0.0, 1.0, False), (1.0, 2.0, True), (2.0, 6.0, False)):
        times = found["t"][(found["t"] >= begin - 1e-9) & (found["t"] <= end + 1e-9)]
        solved = solve_ivp(
            lambda t, p, on=on: p @ both[on], (begin, max(end, times[-1])), state, "LSODA", times, rtol=1e-9, atol=1e-12
        )
        wanted.append(solved.y[:, : -1 if end < 6.0 else None])
        state = solved.y[:, -1]
    exact = np.concatenate(wanted, axis=1)
    for k, name in enumerate(NAMES):
        assert np.abs(found[name] - exact[k]).max() < 1e-3, name
    assert exact[1].max() > 0.9
    assert found["i"].min() < -1e-3, "inward at -70 mV"
    # Goldman: where 1 · Na and 1.11 · K balance.
    reversal = ex.physics.thermal_voltage(20.0) * np.log((115.0 + 1.11 * 2.5) / (10.0 + 1.11 * 140.0))
    bound = NicotinicReceptor().bind(ar_open=0.0, a2r_open=1.0)
    parts = bound.current(reversal, 20.0, 10.0, 115.0, 140.0, 2.5)
    assert sum(parts.values()) == pytest.approx(0.0, abs=1e-12)
    assert -10.0 < reversal < -5.0


# ---------------------------------------------------------------- GABA
def test_gaba_opens_chloride_channels_as_its_scheme_integrated_afresh() -> None:
    """1 mM for 1 ms, the pulse of Destexhe et al.: opening in a millisecond, then tens of milliseconds of decay."""
    ion = ex.Ion("cl", -1, reversal=-80.0)
    pulse = ex.Condition("gaba_outside", pulse=1.0, start=1.0, duration=1.0)
    record = [ex.state(name, of=GabaAReceptor, at=ex.soma, label=name) for name in ("o1", "o2")]
    found = held(patch(34.0, ion, GabaAReceptor(), pulse), -60.0, "30 ms", record, dt=0.01)

    def slope(t: float, p: Array, on: bool) -> list[float]:
        c0, c1, c2, o1, o2 = p
        bind = 1.0 if on else 0.0
        first, second = 20.0 * bind * c0 - 4.6 * c1, 10.0 * bind * c1 - 9.2 * c2
        third, fourth = 3.3 * c1 - 9.8 * o1, 10.6 * c2 - 0.41 * o2
        return [-first, first - second - third, second - fourth, third, fourth]

    pulse_end = solve_ivp(slope, (1.0, 2.0), [1, 0, 0, 0, 0], "LSODA", rtol=1e-10, atol=1e-12, args=(True,)).y[:, -1]
    after = found["t"] > 2.05
    exact = solve_ivp(
        slope, (2.0, 30.1), pulse_end, "LSODA", found["t"][after], rtol=1e-10, atol=1e-12, args=(False,)
    ).y  # fmt: skip
    assert np.abs(found["o2"][after] - exact[4]).max() < 1e-4
    assert np.abs(found["o1"][after] - exact[3]).max() < 1e-4
    assert 0.7 < found["o2"].max() < 0.9
    whole = found["o1"] + found["o2"]
    late = found["t"] > 10.0
    constant = -1.0 / np.polyfit(found["t"][late], np.log(whole[late]), 1)[0]
    assert 3.0 < constant < 15.0  # ms


# ---------------------------------------------------------------- light
def rhodopsin_slope(t: float, p: Array, v: float, light: float) -> list[float]:
    """The equations of Williams et al. 2013 as ModelDB 244414 writes them, at 22 °C."""
    c1, o1, o2, lag = p
    c2 = 1.0 - c1 - o1 - o2
    energy = 1e9 * 1.986446e-25 / 470.0
    photons = 1000.0 * light / energy * 12e-20 / (1.3 * 1000.0)
    e12, e21 = 0.011 + 0.005 * np.log(1.0 + light / 0.024), 0.008 + 0.004 * np.log(1.0 + light / 0.024)
    gd1 = 0.075 + 0.043 * np.tanh(-(v + 20.0) / 20.0)
    gr = 0.0000434587 * np.exp(-0.0211539274 * v)
    k1, k2 = 0.8535 * photons * lag, 0.14 * photons * lag
    return [
        -k1 * c1 + gd1 * o1 + gr * c2,
        -(gd1 + e12) * o1 + e21 * o2 + k1 * c1,
        -(0.05 + e21) * o2 + e12 * o1 + k2 * c2,
        (0.5 * (1.0 + np.tanh(120.0 * (100.0 * light - 0.1))) - lag) / 1.3,
    ]


@pytest.mark.parametrize("light", [0.34, 5.5])
def test_channelrhodopsin_follows_the_equations_of_its_deposit(light: float) -> None:
    flash = ex.Condition("light", pulse=light, start=10.0, duration=500.0)
    names = ("c1", "o1", "o2", "p")
    record = [ex.state(name, of=ChannelrhodopsinH134R, at=ex.soma, label=name) for name in names]
    record.append(ex.current(of=ChannelrhodopsinH134R, at=ex.soma, label="i"))
    found = held(patch(22.0, ChannelrhodopsinH134R(), flash), -80.0, "500 ms", record, dt=0.025, every=20)
    times = found["t"][found["t"] > 10.0]
    exact = solve_ivp(
        rhodopsin_slope, (10.0, 500.1), [1, 0, 0, 0], "LSODA", times, rtol=1e-9, atol=1e-11, args=(-80.0, light)
    )
    for k, name in enumerate(names):
        assert np.abs(found[name][found["t"] > 10.0] - exact.y[k]).max() < 1e-4, name
    # A peak, and a plateau below it: light adapts the channel.
    inward = -found["i"]
    assert inward.max() == pytest.approx(inward[found["t"] < 60.0].max())
    assert 0.2 < inward[-1] / inward.max() < 0.6


def test_channelrhodopsin_rectifies_and_is_quicker_when_warm() -> None:
    """The current vanishes at C ln(B/A) = 13.6 mV (eq 12); a Q10 of 1.97 quickens the closing of O1."""
    bound = ChannelrhodopsinH134R().bind(o1=1.0, o2=0.0)
    crossing = 42.7671 * np.log(14.6408 / 10.6408)
    assert bound.current(crossing) == pytest.approx(0.0, abs=1e-15)
    assert bound.current(-80.0) / bound.current(80.0) < -5.0, "inward rectification"
    closing = [
        float(ChannelrhodopsinH134R().bind(p=0.0).rates(-80.0, 0.0, warmth)["o1"].scheme.reactions[0].backward)
        for warmth in (22.0, 32.0)
    ]
    assert closing[0] == pytest.approx(0.075 + 0.043 * np.tanh(3.0))
    assert closing[1] / closing[0] == pytest.approx(1.97)


# ---------------------------------------------------------------- tension and pressure
def test_the_large_mechanosensitive_channel_opens_at_its_published_tension() -> None:
    """Sukharev et al. 1999: half open at 11.8 dyn/cm, 0.63 dyn/cm for an e-fold."""
    channel = LargeMechanosensitiveChannel()
    tension = np.linspace(0.0, 20.0, 20001)
    opening = channel.opening(tension, 22.0)
    half = tension[np.argmin(np.abs(opening - 0.5))]
    assert half == pytest.approx(11.8, rel=0.02)
    odds = np.log(opening / (1.0 - opening))
    assert 1.0 / np.gradient(odds, tension)[5000] == pytest.approx(0.63, abs=0.006)


def test_a_pressure_makes_tension_and_the_cell_depolarises() -> None:
    """Laplace: 2.5 kPa in a sphere of 20 µm is 12.5 mN/m, enough to open; 2.2 kPa is 11 and is not."""
    record = [ex.voltage(at=ex.soma, label="v"), ex.variable("tension", at=ex.soma, label="tension")]
    last = {}
    for pressure in (2.2, 2.5):
        push = ex.Condition("pressure", 0.0, pulse=pressure, start=5.0, duration=100.0)
        cell = patch(22.0, LargeMechanosensitiveChannel(), LaplaceTension(), push)
        made = ex.run(cell, "60 ms", record=record, dt=0.025)
        assert made["tension"].values[-1] == pytest.approx(pressure * 5.0)
        last[pressure] = made["v"].values[-1]
    opened = float(LargeMechanosensitiveChannel().opening(12.5, 22.0))
    assert opened > 0.75
    assert last[2.5] == pytest.approx(-70.0 * 1e-4 / (1e-4 + 1e-3 * opened), abs=0.01)
    assert last[2.2] < 0.5 * -70.0 * 0.5


# ---------------------------------------------------------------- cold
def test_cold_opens_trpm8_and_calcium_adapts_it() -> None:
    """Olivares et al. 2015, ModelDB 182988, set 185: half at 78.5 mV at 25 °C, 8.88 mV/°C; a step from 34 to 24 °C."""
    channel = ColdTrpM8()
    v = np.linspace(-300.0, 300.0, 60001)
    halves = [v[np.argmin(np.abs(channel.opening(v, t) - 0.5))] for t in (15.0, 25.0, 35.0)]
    assert halves[1] == pytest.approx(78.5, abs=0.1)
    assert np.diff(halves) == pytest.approx([88.8, 88.8], abs=0.1)

    def slope(t: float, p: Array, temperature: float) -> list[float]:
        calcium, shift = p
        half = (67.0 * 8.314 * temperature - 9000.0) / (0.65 * 96500.0) * 1000.0
        opening = 1.0 / (
            1.0 + np.exp(-0.65 * 96500.0 / (8.314 * (temperature + 273.15)) * (-60.0 - half - shift) / 1e3)
        )
        current = 4.4 * opening * -60.0  # µA/cm²
        steady = -220.0 + 470.0 * calcium / (calcium + 0.0005)
        return [-(0.00033 * 10.0 * current / (2 * 96500.0) + calcium / 39000.0), (steady - shift) / 9200.0]

    cold = ex.Condition("temperature", 34.0, pulse=24.0, start="5 s", duration="60 s")
    record = [
        ex.state("shift", of=ColdTrpM8, at=ex.soma, label="shift"),
        ex.current(of=ColdTrpM8, at=ex.soma, label="i"),
    ]
    record.append(ex.state("calcium", of=ColdTrpM8, at=ex.soma, label="calcium"))
    found = held(patch(34.0, ColdTrpM8(), cold), -60.0, "60 s", record, dt=5.0, every=20)
    start = [found["calcium"][0], found["shift"][0]]
    times = found["t"]
    warm = solve_ivp(slope, (0.0, 5000.0), start, "LSODA", rtol=1e-9, atol=1e-12, args=(34.0,)).y[:, -1]
    after = times > 5010.0
    exact = solve_ivp(slope, (5000.0, 60000.0), warm, "LSODA", times[after], rtol=1e-9, atol=1e-12, args=(24.0,)).y
    # The deposit rounds F and R: 96500 C/mol and 8.314 J/(mol K).
    np.testing.assert_allclose(found["shift"][after], exact[1], atol=0.2)
    np.testing.assert_allclose(found["calcium"][after], exact[0], rtol=2e-3)
    inward = -found["i"]
    peak = inward.max()
    assert peak > 3.0 * inward[times < 4900.0][-1], "the cold opens it"
    assert inward[-1] < 0.6 * peak, "and it adapts"
