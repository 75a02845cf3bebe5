"""Rosenbrock tables by their order on a stiff problem in closed form; elimination of states by dense algebra."""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex
from excitable.expressions import evaluate, symbol
from excitable.mechanisms import assemble
from excitable.methods.local_system import VOLTAGE, eliminate, jacobian
from excitable.methods.rosenbrock import TABLEAUX, Adaptive, Tableau


def step(table: Tableau, y: np.ndarray, t: float, h: float) -> np.ndarray:
    """One step of the problem of Prothero & Robinson (1974, Math Comput 28:145) beside a gentle one."""
    stiff = -1000.0
    matrix = np.array([[stiff, 0.0], [0.0, 0.0]])

    def rate(t: float, y: np.ndarray) -> np.ndarray:
        return np.array([stiff * (y[0] - np.cos(t)) - np.sin(t), -(y[1] ** 2) * np.cos(t)])

    matrix[1, 1] = -2.0 * y[1] * np.cos(t)
    in_time = np.array([stiff * np.sin(t) - np.cos(t), y[1] ** 2 * np.sin(t)])
    system = np.eye(2) / (table.gamma * h) - matrix
    u: list[np.ndarray] = []
    for k in range(table.stages):
        there = y + sum((a * x for a, x in zip(table.a[k], u, strict=False)), np.zeros(2))
        right = rate(t + table.alpha[k] * h, there) + table.gammas[k] * h * in_time
        right = right + sum((c * x for c, x in zip(table.c[k], u, strict=False)), np.zeros(2)) / h
        u.append(np.linalg.solve(system, right))
    return y + sum((m * x for m, x in zip(table.m, u, strict=True)), np.zeros(2))


@pytest.mark.parametrize("name", TABLEAUX)
def test_errors_shrink_as_the_order_says(name: str) -> None:
    table, errors = TABLEAUX[name], []
    for count in (40, 80, 160):
        y, h = np.array([1.0, 1.0]), 1.0 / count
        for k in range(count):
            y = step(table, y, k * h, h)
        errors.append(abs(y[1] - 1.0 / (1.0 + np.sin(1.0))))
        assert abs(y[0] - np.cos(1.0)) < 5e-3 / count
    slopes = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert slopes[-1] == pytest.approx(table.order, abs=0.15)


@pytest.mark.parametrize("name", TABLEAUX)
def test_the_stability_function_vanishes_for_infinite_stiffness(name: str) -> None:
    """L-stability: u = 1 after a step of y' = z y with z → −∞ is zero."""
    table, z = TABLEAUX[name], -1e12
    u: list[float] = []
    for k in range(table.stages):
        there = 1.0 + sum(a * x for a, x in zip(table.a[k], u, strict=False))
        right = z * there + sum(c * x for c, x in zip(table.c[k], u, strict=False))
        u.append(right / (1.0 / table.gamma - z))
    assert abs(1.0 + sum(m * x for m, x in zip(table.m, u, strict=True))) < 1e-6


def test_elimination_agrees_with_dense_algebra() -> None:
    """The states of a squid membrane and its voltage, against numpy.linalg.solve."""
    membrane = assemble([ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()])
    rates = {name: motion.rate for name, motion in membrane.motions.items()}
    rates[VOLTAGE] = -1.0 * membrane.current
    names = [*membrane.motions, VOLTAGE]
    slopes = jacobian(rates)
    matrix = {key: -1.0 * value for key, value in slopes.items()}
    for name in names:
        matrix[name, name] = symbol("w") + matrix.get((name, name), symbol("w") * 0.0)
    factors = eliminate(matrix, list(membrane.motions))
    point = {"v": -20.0, "temperature": 6.3, "w": 3.0, "t": 0.0, "diameter": 1.0}
    point |= {f"{m.name}.{key}": getattr(m, key) for m in membrane.mechanisms for key in m.parameters}
    point |= dict.fromkeys(membrane.motions, 0.3)
    dense = np.array(
        [[float(evaluate(matrix[r, c], point)) if (r, c) in matrix else 0.0 for c in names] for r in names]
    )
    right = {name: symbol(f"r{k}") for k, name in enumerate(names)}
    numbers = point | {f"r{k}": float(k + 1) for k in range(len(names))}
    done = factors.forward(right)
    voltage = done[VOLTAGE] / factors.corner
    found = factors.backward(done, voltage)
    expected = np.linalg.solve(dense, np.arange(1.0, len(names) + 1.0))
    got = [float(evaluate(found[name], numbers)) for name in membrane.motions] + [float(evaluate(voltage, numbers))]
    np.testing.assert_allclose(got, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"tolerance": 0.0}, "between 1e-12 and 0.1"),
        ({"tolerance": "0.1 mV"}, "between 1e-12 and 0.1"),
        ({"tolerance": float("nan")}, "between 1e-12 and 0.1"),
        ({"largest": 0.0}, "longest step"),
        ({"tableau": "Euler"}, "The tableaux are ROS3, RODAS4"),
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ex.RequestError, match=says):
        Adaptive(**wrong)  # type: ignore[arg-type]
