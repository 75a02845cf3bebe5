"""Slopes and cliffs are found where they are, and not where they are not."""

from __future__ import annotations

from typing import Any

import pytest
from growth import growth_rows, growth_table


def lines(cost: dict[int, float], kind: str = "cable") -> list[dict[str, Any]]:
    return [{"workload": f"{kind}{size}", "engine": "excitable", "threads": 1, "version": "1", "compartments": size,
             "wall": [ns], "cpu": [ns], "peak_memory_mb": 1.0, "load": 0.0, "round": 0}
            for size, ns in cost.items()]  # fmt: skip


def test_level_cost_is_linear_growth() -> None:
    (row,) = growth_rows(lines({10: 30.0, 1000: 10.0, 10_000: 10.0, 1_000_000: 10.0}), "cpu")
    assert row["slope"] == pytest.approx(1.0)
    assert row["cliff"] is None


def test_cost_that_grows_with_the_square_root_has_slope_one_and_a_half() -> None:
    (row,) = growth_rows(lines({n: n**0.5 for n in (1000, 10_000, 100_000)}), "cpu")
    assert row["slope"] == pytest.approx(1.5)


def test_a_power_of_two_that_stands_out_is_named() -> None:
    cost = {1000: 63.0, 1023: 60.0, 1024: 204.0, 1025: 61.0, 4095: 60.0, 4096: 61.0}
    (row,) = growth_rows(lines(cost, "cells"), "cpu")
    assert (row["cliff"], row["at"]) == (pytest.approx(3.4), 1024)
    assert row["slope"] is None
    assert "3.40 at 1024" in growth_table(lines(cost, "cells"), "cpu")
