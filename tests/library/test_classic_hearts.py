"""Noble 1962, Beeler & Reuter 1977, Luo & Rudy 1991 against their equations written a second time, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import excitable as ex
from excitable.compiler.gather import gather
from excitable.expressions import evaluate
from excitable.library import Preparation, beeler_reuter_1977, luo_rudy_1991, noble_1962, study

Values = dict[str, Any]
e = np.exp


def gate(x: Any, alpha: Any, beta: Any) -> Any:
    return alpha * (1 - x) - beta * x


def noble(v: Any, y: Values) -> tuple[Any, Values]:
    """µA/cm² and 1/ms."""
    i = (400 * y["m"] ** 3 * y["h"] + 0.14) * (v - 40) + 0.075 * (v + 60)
    i = i + (1.2 * e((-v - 90) / 50) + 0.015 * e((v + 90) / 60) + 1.2 * y["n"] ** 4) * (v + 100)
    return i, {
        "m": gate(y["m"], 0.1 * (-v - 48) / (e((-v - 48) / 15) - 1), 0.12 * (v + 8) / (e((v + 8) / 5) - 1)),
        "h": gate(y["h"], 0.17 * e((-v - 90) / 20), 1 / (e((-v - 42) / 10) + 1)),
        "n": gate(y["n"], 0.0001 * (-v - 50) / (e((-v - 50) / 10) - 1), 0.002 * e((-v - 90) / 80)),
    }


def slow_gates(v: Any, y: Values) -> Values:
    """d, f and x of Beeler & Reuter, which Luo & Rudy took over."""
    return {
        "d": gate(y["d"], 0.095 * e(-0.01 * (v - 5)) / (1 + e(-0.072 * (v - 5))),
                  0.07 * e(-0.017 * (v + 44)) / (1 + e(0.05 * (v + 44)))),
        "f": gate(y["f"], 0.012 * e(-0.008 * (v + 28)) / (1 + e(0.15 * (v + 28))),
                  0.0065 * e(-0.02 * (v + 30)) / (1 + e(-0.2 * (v + 30)))),
        "x": gate(y["x"], 0.0005 * e(0.083 * (v + 50)) / (1 + e(0.057 * (v + 50))),
                  0.0013 * e(-0.06 * (v + 20)) / (1 + e(-0.04 * (v + 20)))),
    }  # fmt: skip


def beeler_reuter(v: Any, y: Values) -> tuple[Any, Values]:
    """µA/cm², 1/ms and mM/ms."""
    slow = 0.09 * y["d"] * y["f"] * (v + 82.3 + 13.0287 * np.log(1e-3 * y["ca"]))
    k1 = 0.35 * (4 * (e(0.04 * (v + 85)) - 1) / (e(0.08 * (v + 53)) + e(0.04 * (v + 53)))
                 + 0.2 * (v + 23) / (1 - e(-0.04 * (v + 23))))  # fmt: skip
    x1 = 0.8 * y["x"] * (e(0.04 * (v + 77)) - 1) / e(0.04 * (v + 35))
    i = (4 * y["m"] ** 3 * y["h"] * y["j"] + 0.003) * (v - 50) + slow + k1 + x1
    return i, slow_gates(v, y) | {
        "m": gate(y["m"], (v + 47) / (1 - e(-0.1 * (v + 47))), 40 * e(-0.056 * (v + 72))),
        "h": gate(y["h"], 0.126 * e(-0.25 * (v + 77)), 1.7 / (e(-0.082 * (v + 22.5)) + 1)),
        "j": gate(y["j"], 0.055 * e(-0.25 * (v + 78)) / (e(-0.2 * (v + 78)) + 1), 0.3 / (e(-0.1 * (v + 32)) + 1)),
        "ca": -1e-4 * slow + 0.07 * (1e-4 - y["ca"]),
    }


def luo_rudy(v: Any, y: Values) -> tuple[Any, Values]:
    """µA/cm², 1/ms and mM/ms."""
    rtf = 8314 * 310 / 96484.6
    ena, ek1 = rtf * np.log(140 / 18), rtf * np.log(5.4 / 145)
    ek = rtf * np.log((5.4 + 0.01833 * 140) / (145 + 0.01833 * 18))
    low = v < -40
    slow = 0.09 * y["d"] * y["f"] * (v - 7.7 + 13.0287 * np.log(y["ca"]))
    xi = 2.837 * (e(0.04 * (v + 77)) - 1) / ((v + 77) * e(0.04 * (v + 35)))
    a = 1.02 / (1 + e(0.2385 * (v - ek1 - 59.215)))
    b = (0.49124 * e(0.08032 * (v - ek1 + 5.476)) + e(0.06175 * (v - ek1 - 594.31))) / (
        1 + e(-0.5143 * (v - ek1 + 4.753))
    )
    i = 23 * y["m"] ** 3 * y["h"] * y["j"] * (v - ena) + slow + 0.282 * y["x"] * xi * (v - ek)
    i = i + 0.6047 * a / (a + b) * (v - ek1) + 0.0183 * (v - ek1) / (1 + e((7.488 - v) / 5.98)) + 0.03921 * (v + 59.87)
    ah, bh = 0.135 * e((80 + v) / -6.8), 3.56 * e(0.079 * v) + 3.1e5 * e(0.35 * v)
    aj = (-1.2714e5 * e(0.2444 * v) - 3.474e-5 * e(-0.04391 * v)) * (v + 37.78) / (1 + e(0.311 * (v + 79.23)))
    bj = 0.1212 * e(-0.01052 * v) / (1 + e(-0.1378 * (v + 40.14)))
    return i, slow_gates(v, y) | {
        "m": gate(y["m"], 0.32 * (v + 47.13) / (1 - e(-0.1 * (v + 47.13))), 0.08 * e(-v / 11)),
        "h": gate(y["h"], np.where(low, ah, 0.0), np.where(low, bh, 1 / (0.13 * (1 + e((v + 10.66) / -11.1))))),
        "j": gate(y["j"], np.where(low, aj, 0.0),
                  np.where(low, bj, 0.3 * e(-2.535e-7 * v) / (1 + e(-0.1 * (v + 32))))),
        "ca": -1e-4 * slow + 0.07 * (1e-4 - y["ca"]),
    }  # fmt: skip


CASES: dict[str, tuple[Preparation, Callable[[Any, Values], tuple[Any, Values]], dict[str, str]]] = {
    "Noble": (noble_1962, noble, {"m": "PurkinjeSodium.m", "h": "PurkinjeSodium.h", "n": "PurkinjePotassium.n"}),
    "Beeler & Reuter": (beeler_reuter_1977, beeler_reuter, {
        **{name: f"BeelerReuterSodium.{name}" for name in "mhj"}, "d": "BeelerReuterSlowInward.d",
        "f": "BeelerReuterSlowInward.f", "ca": "BeelerReuterSlowInward.calcium", "x": "BeelerReuterPotassium.x"}),
    "Luo & Rudy": (luo_rudy_1991, luo_rudy, {
        **{name: f"GuineaPigSodium.{name}" for name in "mhj"}, "d": "GuineaPigSlowInward.d",
        "f": "GuineaPigSlowInward.f", "ca": "GuineaPigSlowInward.calcium", "x": "GuineaPigPotassium.x"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_rate_and_the_current_are_those_of_the_paper(name: str) -> None:
    preparation, again, names = CASES[name]
    (kind,) = gather(preparation.cell(preparation.defaults), (), [ex.voltage(at=ex.root)]).kinds
    assert set(kind.membrane.states) == set(names.values())
    random = np.random.default_rng(11)
    v = random.uniform(-95.0, 45.0, 300)
    y = {key: random.uniform(1e-4, 5e-3 if key == "ca" else 1.0, 300) for key in names}
    values = {**kind.values, **{names[key]: value for key, value in y.items()}, "v": v, "t": 0.0}
    total, rates = again(v, y)
    np.testing.assert_allclose(evaluate(kind.membrane.current, values), 1e-3 * total, rtol=2e-5, atol=5e-5)
    for key, full in names.items():
        found = np.broadcast_to(evaluate(kind.membrane.motions[full].rate, values), (300,))
        np.testing.assert_allclose(found, rates[key], rtol=1e-9, atol=1e-12, err_msg=key)


@pytest.mark.parametrize("preparation", [luo_rudy_1991, beeler_reuter_1977], ids=lambda p: p.name)
def test_a_beat_has_a_plateau(preparation: Preparation) -> None:
    rows = {row.quantity: row for row in study(preparation).measured}
    assert all(row.holds is not False for row in rows.values())
    assert rows["APD90"].value > 200.0
    assert rows["resting potential"].value == pytest.approx(-84.4, abs=0.3)


def test_the_upstroke_of_luo_and_rudy_is_that_of_their_abstract() -> None:
    rows = {row.quantity: row for row in study(luo_rudy_1991).measured}
    assert rows["fastest rise"].value == pytest.approx(400.0, abs=20.0)


def test_the_fibre_of_noble_beats_by_itself_at_a_steady_pace() -> None:
    found = study(noble_1962)
    beats = found.recordings["rhythm"].spikes["spikes"].times[0]
    assert beats.size >= 9
    assert np.ptp(np.diff(beats)[3:]) < 0.1
