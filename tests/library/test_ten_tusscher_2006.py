"""The ventricular cell against its equations written a second time, and against the length of its action potential."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import excitable as ex
from excitable.compiler.gather import gather
from excitable.expressions import evaluate
from excitable.library import study, ten_tusscher_2006

Values = dict[str, Any]
GATES = {
    "m": "VentricularSodium.m", "h": "VentricularSodium.h", "j": "VentricularSodium.j", "d": "VentricularCalcium.d",
    "f": "VentricularCalcium.f", "f2": "VentricularCalcium.f2", "fc": "VentricularCalcium.f_calcium",
    "r": "VentricularTransientOutward.r", "s": "VentricularTransientOutward.s", "xs": "VentricularSlowPotassium.x",
    "x1": "VentricularRapidPotassium.x1", "x2": "VentricularRapidPotassium.x2", "rr": "VentricularCalciumCycle.ready",
    "cai": "VentricularCalciumCycle.calcium", "sr": "VentricularCalciumCycle.stored",
    "ss": "VentricularCalciumCycle.subspace", "nai": "VentricularIons.na", "ki": "VentricularIons.k",
}  # fmt: skip
# The constants of the authors' program.
R, F, T = 8314.472, 96485.3415, 310.0
C, V_C, V_SR, V_SS = 0.185, 0.016404, 0.001094, 0.00005468
NA_O, K_O, CA_O = 140.0, 5.4, 2.0


def written_again(v: Any, y: Values) -> tuple[Any, Values]:
    """The total current (pA/pF) and the rates of the epicardial cell (1/ms, mM/ms), from the papers."""
    e = np.exp
    rtf = R * T / F
    ena, ek, eca = rtf * np.log(NA_O / y["nai"]), rtf * np.log(K_O / y["ki"]), 0.5 * rtf * np.log(CA_O / y["cai"])
    eks = rtf * np.log((K_O + 0.03 * NA_O) / (y["ki"] + 0.03 * y["nai"]))
    low = v < -40.0
    ah = np.where(low, 0.057 * e(-(v + 80) / 6.8), 0.0)
    bh = np.where(low, 2.7 * e(0.079 * v) + 3.1e5 * e(0.3485 * v), 0.77 / (0.13 * (1 + e((v + 10.66) / -11.1))))
    aj = np.where(low, (-2.5428e4 * e(0.2444 * v) - 6.948e-6 * e(-0.04391 * v)) * (v + 37.78)
                  / (1 + e(0.311 * (v + 79.23))), 0.0)  # fmt: skip
    bj = np.where(low, 0.02424 * e(-0.01052 * v) / (1 + e(-0.1378 * (v + 40.14))),
                  0.6 * e(0.057 * v) / (1 + e(-0.1 * (v + 32))))  # fmt: skip
    hinf = 1 / (1 + e((v + 71.55) / 7.43)) ** 2
    am, bm = 1 / (1 + e((-60 - v) / 5)), 0.1 / (1 + e((v + 35) / 5)) + 0.1 / (1 + e((v - 50) / 200))
    q = 1 + (y["ss"] / 0.05) ** 2
    ad, bd, cd = 1.4 / (1 + e((-35 - v) / 13)) + 0.25, 1.4 / (1 + e((v + 5) / 5)), 1 / (1 + e((50 - v) / 20))
    tf = 1102.5 * e(-((v + 27) ** 2) / 225) + 200 / (1 + e((13 - v) / 10)) + 180 / (1 + e((v + 30) / 10)) + 20
    tf2 = 562 * e(-((v + 27) ** 2) / 240) + 31 / (1 + e((25 - v) / 10)) + 80 / (1 + e((v + 30) / 10))
    ts = 85 * e(-((v + 45) ** 2) / 320) + 5 / (1 + e((v - 20) / 5)) + 3
    txs = 1400 / np.sqrt(1 + e((5 - v) / 6)) / (1 + e((v - 35) / 15)) + 80
    gates = {
        "m": (1 / (1 + e((-56.86 - v) / 9.03)) ** 2, am * bm), "h": (hinf, 1 / (ah + bh)), "j": (hinf, 1 / (aj + bj)),
        "d": (1 / (1 + e((-8 - v) / 7.5)), ad * bd + cd), "f": (1 / (1 + e((v + 20) / 7)), tf),
        "f2": (0.67 / (1 + e((v + 35) / 7)) + 0.33, tf2), "fc": (0.6 / q + 0.4, 80 / q + 2),
        "r": (1 / (1 + e((20 - v) / 6)), 9.5 * e(-((v + 40) ** 2) / 1800) + 0.8),
        "s": (1 / (1 + e((v + 20) / 5)), ts), "xs": (1 / (1 + e((-5 - v) / 14)), txs),
        "x1": (1 / (1 + e((-26 - v) / 7)), 450 / (1 + e((-45 - v) / 10)) * 6 / (1 + e((v + 30) / 11.5))),
        "x2": (1 / (1 + e((v + 88) / 24)), 3 / (1 + e((-60 - v) / 20)) * 1.12 / (1 + e((v - 60) / 20))),
    }  # fmt: skip
    rates = {name: (steady - y[name]) / tau for name, (steady, tau) in gates.items()}
    ina = 14.838 * y["m"] ** 3 * y["h"] * y["j"] * (v - ena)
    z = 2 * (v - 15) * F / (R * T)
    ical = (3.98e-5 * y["d"] * y["f"] * y["f2"] * y["fc"] * 4 * (v - 15) * F**2 / (R * T)
            * (0.25 * y["ss"] * e(z) - CA_O) / (e(z) - 1))  # fmt: skip
    u = v - ek
    ak1 = 0.1 / (1 + e(0.06 * (u - 200)))
    bk1 = (3 * e(0.0002 * (u + 100)) + e(0.1 * (u - 10))) / (1 + e(-0.5 * u))
    w = v * F / (R * T)
    naca = 1000 * (e(0.35 * w) * y["nai"] ** 3 * CA_O - e(-0.65 * w) * NA_O**3 * y["cai"] * 2.5)
    naca = naca / ((87.5**3 + NA_O**3) * (1.38 + CA_O) * (1 + 0.1 * e(-0.65 * w)))
    nak = 2.724 * K_O * y["nai"] / ((K_O + 1) * (y["nai"] + 40) * (1 + 0.1245 * e(-0.1 * w) + 0.0353 * e(-w)))
    pca, bna, bca = 0.1238 * y["cai"] / (0.0005 + y["cai"]), 0.00029 * (v - ena), 0.000592 * (v - eca)
    ik = (5.405 * ak1 / (ak1 + bk1) * u + 0.294 * y["r"] * y["s"] * u + 0.153 * y["x1"] * y["x2"] * u
          + 0.392 * y["xs"] ** 2 * (v - eks) + 0.0146 * u / (1 + e((25 - v) / 5.98)))  # fmt: skip
    kcasr = 2.5 - 1.5 / (1 + (1.5 / y["sr"]) ** 2)
    k1, k2 = 0.15 / kcasr, 0.045 * kcasr
    rel = 0.102 * k1 * y["ss"] ** 2 * y["rr"] / (0.06 + k1 * y["ss"] ** 2) * (y["sr"] - y["ss"])
    leak, up = 0.00036 * (y["sr"] - y["cai"]), 0.006375 / (1 + 0.00025**2 / y["cai"] ** 2)
    xfer = 0.0038 * (y["ss"] - y["cai"])
    rates["rr"] = -k2 * y["ss"] * y["rr"] + 0.005 * (1 - y["rr"])
    rates["cai"] = ((leak - up) * V_SR / V_C + xfer - (bca + pca - 2 * naca) * C / (2 * V_C * F)) / (
        1 + 0.2 * 0.001 / (y["cai"] + 0.001) ** 2)  # fmt: skip
    rates["sr"] = (up - rel - leak) / (1 + 10 * 0.3 / (y["sr"] + 0.3) ** 2)
    rates["ss"] = (-ical * C / (2 * V_SS * F) + rel * V_SR / V_SS - xfer * V_C / V_SS) / (
        1 + 0.4 * 0.00025 / (y["ss"] + 0.00025) ** 2)  # fmt: skip
    rates["nai"] = -(ina + bna + 3 * nak + 3 * naca) * C / (V_C * F)
    rates["ki"] = -(ik - 2 * nak - 0.052) * C / (V_C * F)
    return ina + ical + ik + naca + nak + pca + bna + bca, rates


def test_every_rate_and_the_current_are_those_of_the_papers() -> None:
    """At 200 random states. Prediction: 1e-5, since the papers' gas constant differs from ours in the seventh digit."""
    cell = ten_tusscher_2006.cell(ten_tusscher_2006.defaults)
    (kind,) = gather(cell, (), [ex.voltage(at=ex.root)]).kinds
    random = np.random.default_rng(3)
    y = {name: random.uniform(0.02, 0.98, 200) for name in GATES}
    y |= {"cai": random.uniform(5e-5, 1e-3, 200), "sr": random.uniform(1.0, 4.0, 200)}
    y |= {
        "ss": random.uniform(1e-4, 2e-2, 200),
        "nai": random.uniform(7.0, 12.0, 200),
        "ki": random.uniform(130, 140, 200),
    }
    v = random.uniform(-95.0, 45.0, 200)
    values = {**kind.values, **{GATES[name]: value for name, value in y.items()}, "v": v, "t": 0.0}
    total, rates = written_again(v, y)
    np.testing.assert_allclose(evaluate(kind.membrane.current, values), 1e-3 * total, rtol=1e-5, atol=1e-6)
    for name, full in GATES.items():
        found = np.broadcast_to(evaluate(kind.membrane.motions[full].rate, values), (200,))
        np.testing.assert_allclose(found, rates[name], rtol=2e-5, atol=1e-5 * np.abs(rates[name]).max(), err_msg=name)


@pytest.fixture(scope="module")
def settled() -> Any:
    """The whole study, after 1000 beats."""
    return study(ten_tusscher_2006)


def test_action_potentials_last_as_long_as_published(settled: Any) -> None:
    rows = {row.quantity: row for row in settled.measured}
    assert rows["APD90, epicardium"].value == pytest.approx(301.0, abs=3.0)
    assert rows["APD90, endocardium"].value == pytest.approx(301.0, abs=3.0)
    assert rows["APD90, middle"].value > 380.0
    assert all(row.holds is not False for row in settled.measured)


def test_a_second_beat_shortens_with_the_pause_before_it(settled: Any) -> None:
    from excitable.library.ten_tusscher_2006 import restitution

    rest, lengths = restitution(settled.recordings, ten_tusscher_2006.defaults)
    later = rest > 60.0
    assert np.all(np.diff(lengths[later]) > 0.0)
    assert lengths[-1] == pytest.approx(301.0, abs=3.0)


def test_a_smaller_tolerance_changes_nothing_that_is_said() -> None:
    """Prediction: the action potential after ten beats is within 0.05 ms of one at a tolerance a thousandth of it."""
    from excitable.library.readings import action_potential_duration
    from excitable.library.ten_tusscher_2006 import METHOD, paced

    values = ten_tusscher_2006.defaults
    cell = ten_tusscher_2006.cell(values)
    found = []
    for method in (METHOD, ex.Adaptive(tolerance=1e-8)):
        made = ex.run(cell, 10_000.0, protocol=[paced(values, 10)], record=[ex.voltage(at=ex.root, label="v")], dt=0.1,
                      method=method)  # fmt: skip
        last = made.time >= 9000.0
        found.append(action_potential_duration(made["v"].values[last], made.time[last]))
    assert found[0] == pytest.approx(found[1], abs=0.05)
