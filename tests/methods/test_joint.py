"""The step of states that depend on each other, against other methods of its kind and in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from excitable.expressions import evaluate_all, simplify_all, symbol
from excitable.methods.joint import advance_jointly

Array = np.ndarray[Any, np.dtype[np.float64]]
ONE = np.eye


def joint(jacobian: Array, order: int = 2) -> Array:
    """What `advance_jointly` does to the linear system x' = A x in one step of 1: a matrix."""
    size = len(jacobian)
    names = [f"x{k}" for k in range(size)]
    rates = {
        name: sum((float(a) * symbol(other) for a, other in zip(row, names, strict=True)), symbol(name) * 0.0)
        for name, row in zip(names, jacobian, strict=True)
    }
    steps = simplify_all(advance_jointly(rates, symbol("dt"), order).values())
    columns = [evaluate_all(steps, {**dict(zip(names, unit, strict=True)), "dt": 1.0}) for unit in ONE(size)]
    return np.array(columns, dtype=float).T


def padé(z: Array) -> Array:
    return np.linalg.inv(ONE(len(z)) - z + z @ z / 2.0)


def crank_nicolson(z: Array) -> Array:
    return np.linalg.solve(ONE(len(z)) - z / 2.0, ONE(len(z)) + z / 2.0)


def two_stages(z: Array) -> Array:
    """ROS2 with γ = 1 - 1/√2; TR-BDF2 has the same stability function."""
    gamma = 1.0 - np.sqrt(0.5)
    inverse = np.linalg.inv(ONE(len(z)) - gamma * z)
    return inverse @ (ONE(len(z)) + (1.0 - 2.0 * gamma) * z) @ inverse


def implicit_euler(z: Array) -> Array:
    return np.linalg.inv(ONE(len(z)) - z)


def chain(up: list[float], down: list[float]) -> Array:
    """The generator of a row of states."""
    made = np.zeros((len(up) + 1, len(up) + 1))
    for k, (forward, backward) in enumerate(zip(up, down, strict=True)):
        made[k : k + 2, k] += (-forward, forward)
        made[k : k + 2, k + 1] += (backward, -backward)
    return made


def sodium(v: float) -> Array:
    """The squid sodium channel as eight states."""
    a = 0.1 * (v + 40.0) / -np.expm1(-(v + 40.0) / 10.0)
    b, up = 4.0 * np.exp(-(v + 65.0) / 18.0), 0.07 * np.exp(-(v + 65.0) / 20.0)
    down = 1.0 / (1.0 + np.exp(-(v + 35.0) / 10.0))
    row = chain([3 * a, 2 * a, a], [b, 2 * b, 3 * b])
    return np.block([[row - down * ONE(4), up * ONE(4)], [down * ONE(4), row - up * ONE(4)]])


def fast(v: float) -> Array:
    """Three states, of which two exchange at 1000/ms."""
    return chain([1e3 * np.exp(v / 25.0), 2.0 * np.exp(v / 40.0)], [800.0 * np.exp(-v / 30.0), 1.0])


def spike(t: float) -> float:
    return float(-65.0 + 105.0 * np.exp(-(((t - 2.0) / 0.35) ** 2)) + 10.0 * np.sin(t))


def rest(generator: Array) -> Array:
    rows = generator.copy()
    rows[0] = 1.0
    return np.linalg.solve(rows, ONE(len(rows))[0])


def largest_errors(scheme: Callable[[float], Array], dt: float = 0.025) -> dict[str, float]:
    """Over a spike, with half a step at the voltage of each end: the splitting in which states are stepped."""
    times = dt * np.arange(round(5.0 / dt) + 1)
    start = rest(scheme(spike(0.0)))
    exact = solve_ivp(
        lambda t, x: scheme(spike(t)) @ x, (0, 5), start, "LSODA", times, rtol=1e-9, atol=1e-12, max_step=0.05
    ).y
    worst = {}
    for name, step in METHODS.items():
        state, worst[name] = start, 0.0
        for k in range(len(times) - 1):
            for t in times[k : k + 2]:
                state = step(0.5 * dt * scheme(spike(t))) @ state
            worst[name] = max(worst[name], float(np.abs(state - exact[:, k + 1]).max()))
    return worst


METHODS: dict[str, Callable[[Array], Array]] = {
    "exact": expm, "joint": padé, "trapezium": crank_nicolson, "two": two_stages, "euler": implicit_euler,
}  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_linear_group_is_multiplied_by_the_rational_function(size: int) -> None:
    jacobian = np.random.default_rng(size).normal(size=(size, size)) - 2.0 * ONE(size)
    np.testing.assert_allclose(joint(jacobian), padé(jacobian), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(joint(jacobian, order=1), implicit_euler(jacobian), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("scheme", [sodium, fast])
@pytest.mark.parametrize("v", [-90.0, 0.0, 40.0])
def test_a_scheme_is_what_the_compiled_step_does(scheme: Callable[[float], Array], v: float) -> None:
    generator = 0.025 * scheme(v)
    step = joint(generator)
    np.testing.assert_allclose(step, padé(generator), atol=2e-13)
    np.testing.assert_allclose(step.sum(axis=0), 1.0, atol=2e-13)


def test_the_table_of_methods_in_the_documentation() -> None:
    """Largest errors at 0.025 ms, as docs/numerics.md gives them."""
    smooth = {"exact": 7.3e-4, "joint": 7.6e-4, "trapezium": 7.1e-4, "two": 7.2e-4, "euler": 8.9e-3}
    assert largest_errors(sodium) == pytest.approx(smooth, rel=0.02)
    stiff = {"exact": 2.7e-3, "joint": 2.3e-3, "trapezium": 0.25, "two": 1.8e-2, "euler": 1.0e-2}
    assert largest_errors(fast) == pytest.approx(stiff, rel=0.05)


def test_a_jump_of_the_voltage_does_not_ring() -> None:
    start, generator = rest(fast(-80.0)), 0.025 * fast(20.0)
    exact = expm(generator) @ start
    errors = {
        step.__name__: np.abs(step(generator) @ start - exact).max() for step in (padé, crank_nicolson, two_stages)
    }
    assert errors == pytest.approx({"padé": 3.9e-4, "crank_nicolson": 0.79, "two_stages": 5.4e-2}, rel=0.02)
    state = start
    for _ in range(200):
        state = padé(generator) @ state
        assert state.min() >= 0.0


def test_second_order_where_rates_are_curved() -> None:
    """The predator and its prey of Lotka: a group that is not linear."""
    a, b, dt = (symbol(name) for name in ("a", "b", "dt"))
    step = simplify_all(advance_jointly({"a": a - a * b, "b": a * b - b}, dt, 2).values())
    exact = solve_ivp(
        lambda t, y: [y[0] - y[0] * y[1], y[0] * y[1] - y[1]], (0, 2), [1.5, 0.5], rtol=1e-11, atol=1e-12
    ).y[:, -1]
    errors = []
    for count in (100, 200):
        state = [1.5, 0.5]
        for _ in range(count):
            state = evaluate_all(step, {"a": state[0], "b": state[1], "dt": 2.0 / count})
        errors.append(float(np.abs(np.array(state) - exact).max()))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.05)
