"""The time at equal error, the converged solutions and the promised ratios, on curves whose answers are known."""

from __future__ import annotations

import math
from typing import Any

import pytest
from precision import Errors, Limit, Point, claims, curves_of, limits_of, ratio, reached, worst_of

TRUE_TIMES, TRUE_PEAKS = [10.0, 20.0], [40.0, 35.0]


def run(engine: str, value: float, order: int, seconds: float, turn: int = 0, scale: float = 1.0) -> dict[str, Any]:
    """A line of an engine whose last spike is `scale` * value^order ms late, and whose peaks err by a tenth of that."""
    error = scale * value**order
    return {"problem": "axon", "engine": engine, "value": value, "round": turn, "cpu": seconds, "wall": 2 * seconds,
            "spikes": [10.0, 20.0 + error], "peaks": [40.0, 35.0 - 0.1 * error],
            "durations": [1.0, 1.0 + 0.5 * error]}  # fmt: skip


def second_order(engine: str, cost: float) -> list[dict[str, Any]]:
    """Six halvings, three rounds on a machine that grows slower; time is inverse to the step."""
    return [run(engine, 0.1 / 2**k, 2, cost * 2**k * (1.0 + turn), turn) for k in range(6) for turn in range(3)]


def test_the_limit_of_a_second_order_method_is_extrapolated() -> None:
    limit = limits_of(second_order("excitable", 1.0), "axon")["excitable"]
    assert limit.times == pytest.approx(TRUE_TIMES, abs=1e-12)
    assert limit.peaks == pytest.approx(TRUE_PEAKS, abs=1e-12)


def test_the_limit_of_a_first_order_method_is_extrapolated() -> None:
    lines = [run("arbor", 0.025 / 2**k, 1, 2.0**k) for k in range(6)]
    assert limits_of(lines, "axon")["arbor"].times == pytest.approx(TRUE_TIMES, abs=1e-12)


def test_errors_are_the_largest_and_infinite_for_another_number_of_spikes() -> None:
    limit = Limit((10.0, 20.0), (40.0, 35.0), (1.0, 2.0))
    errors = limit.errors({"spikes": [10.001, 19.997], "peaks": [40.0, 35.05], "durations": [1.0, 1.9]})
    assert (errors.late, errors.high, errors.lasting) == pytest.approx((3.0, 0.05, 100.0))
    assert limit.errors(Limit((10.0,), (40.0,), (1.0,))) == Errors(math.inf, math.inf, math.inf)


def test_each_problem_says_what_counts() -> None:
    """Durations count for the cardiac cell; spikes of neurons are judged by time and peak."""
    assert worst_of(Errors(10.0, 0.05, 500.0), "axon") == pytest.approx(1.0)
    assert worst_of(Errors(1.0, 0.2, 0.0), "tree") == pytest.approx(2.0)
    assert worst_of(Errors(1.0, 0.01, 500.0), "heart") == pytest.approx(2.5)


def test_the_setting_that_suffices_lies_where_the_error_says() -> None:
    # An error of dt^2 ms is 10 us at dt = 0.1, 0.1 ms would be the peak's: times decide.
    points = curves_of(second_order("excitable", 1.0), "axon", "cpu")["excitable"]
    assert [point.value for point in points] == sorted(point.value for point in points)
    lines = [run("excitable", 0.2 / 2**k, 2, 2.0**k, scale=4.0) for k in range(6)]
    at = reached(curves_of(lines, "axon", "cpu")["excitable"])
    assert at is not None
    assert at.value == pytest.approx(0.05, rel=1e-6)
    assert at.seconds == pytest.approx(4.0, rel=1e-6)


def test_a_curve_that_comes_back_counts_from_its_fine_end() -> None:
    at = reached([point(0.01, 0.1), point(0.02, 5.0), point(0.04, 0.1)])
    assert at is not None
    assert 0.01 < at.value < 0.02
    assert reached([point(0.01, 1.1), point(0.02, 0.1)]) is None


def test_a_coarser_run_with_another_number_of_spikes_ends_the_curve() -> None:
    at = reached([point(0.01, 0.1), point(0.02, math.inf)])
    assert at is not None
    assert (at.value, at.seconds) == (0.01, 100.0)


def point(value: float, worst: float) -> Point:
    """A setting whose time is inverse to its value."""
    return Point(value, 1.0 / value, {0: 1.0 / value}, Errors(10.0 * worst, 0.0, 0.0), worst)


def test_ratios_are_taken_round_by_round() -> None:
    """All rounds slow both engines alike: the ratio stays 7 where the medians of mixed rounds would not."""
    lines = second_order("excitable", 1.0) + second_order("jaxley:second", 7.0)
    lines += second_order("neuron:second+exact", 12.0)
    lines += second_order("coreneuron:second+native", 3.0)
    promised = {claim.words: claim for claim in claims(lines, "cpu")}
    best, installed, adaptive = promised.values()
    assert best.measured == pytest.approx((3.0, 3.0, 3.0))
    assert "compiled here" in best.against
    assert not best.holds
    assert installed.measured == pytest.approx((7.0, 7.0, 7.0))
    assert installed.against == "Jaxley, Crank-Nicolson"
    assert installed.holds
    assert adaptive.measured is None
    assert not adaptive.holds


def test_a_promise_that_is_not_kept_is_not_kept() -> None:
    lines = second_order("excitable", 1.0) + second_order("jaxley:second", 5.9)
    assert [claim.holds for claim in claims(lines, "cpu")] == [False, False, False]


def test_the_clock_is_chosen() -> None:
    lines = second_order("excitable", 1.0)
    slow, fast = (reached(curves_of(lines, "axon", clock)["excitable"]) for clock in ("wall", "cpu"))
    assert slow is not None
    assert fast is not None
    assert ratio(slow, fast) == pytest.approx((2.0, 2.0, 2.0))
