"""The page of truth is what its generator makes of the published results, and it hides nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from results import FOLDER, Published, published
from truth_page import page
from truth_promises import losses, promises

PAGE = Path(__file__).resolve().parents[2] / "docs" / "truth.md"
PLANS = ("precision", "speed", "threads", "start", "growth", "honesty", "references", "library")
HEAD = {"time": "2000-01-01 00:00", "clock": "cpu", "machine": {"processor": "P", "cores": 1, "python": "3"}}


def test_the_page_is_what_the_published_results_make() -> None:
    made = page({plan: published(plan) for plan in PLANS})
    assert made == PAGE.read_text("utf-8"), "write `python benchmarks/truth.py --page`"


def test_every_published_file_has_one_plan_and_is_on_the_page() -> None:
    found = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
    assert set(found) <= set(PLANS)
    assert PAGE.read_text("utf-8").count("Not measured yet.") == len(PLANS) - len(found)
    for plan in found:
        file = published(plan)
        assert file is not None
        assert file.head["plan"] == plan


def test_every_picture_of_the_page_is_there() -> None:
    for name in re.findall(r"\]\((images/[^)]*)\)", PAGE.read_text("utf-8")):
        assert (PAGE.parent / name).read_bytes().startswith(b"\x89PNG")


def test_a_page_without_results_says_so() -> None:
    made = page(dict.fromkeys(PLANS))
    assert made.count("Not measured yet.") == 8
    assert "**no**" not in made


def speed_lines(ours: float, theirs: float) -> list[dict[str, Any]]:
    common = {"workload": "W3", "threads": 1, "compartments": 1000, "peak_memory_mb": 1.0, "load": 1.0, "round": 0}
    lines = [common | {"engine": engine, "version": "1", "wall": [ns], "cpu": [ns]}
             for engine, ns in (("excitable", ours), ("arbor", theirs))]  # fmt: skip
    return [*lines, {"engine": "excitable", "workload": "W5", "unsupported": "no synapses", "threads": 1}]


def results(**found: list[dict[str, Any]]) -> dict[str, Published | None]:
    return {plan: Published(HEAD, found[plan]) if plan in found else None for plan in PLANS}


def test_a_faster_peer_and_a_workload_that_is_not_reached_are_told() -> None:
    told = losses(results(speed=speed_lines(20.0, 10.0)))
    assert any("Arbor is 2.00 × as fast as excitable" in loss for loss in told)
    assert any(loss.startswith("W5") and "no synapses" in loss for loss in told)
    assert not any("Arbor" in loss for loss in losses(results(speed=speed_lines(10.0, 20.0))))
    made = page(results(speed=speed_lines(20.0, 10.0)))
    assert "10.0 (0.50 ×)" in made
    assert "not reached" in made


REFERENCE = {"suite": "Rallpack 1", "quantity": "voltage at the end", "value": 1.25, "unit": "mV", "reference": 1.0,
             "tolerance": 0.1, "agrees": False, "source": "Bhalla 1992"}  # fmt: skip


def test_a_difference_is_told_wherever_it_is() -> None:
    found = results(references=[REFERENCE])
    made = page(found)
    assert "| voltage at the end | 1.25 mV | 1.00 | 0.1 mV | **no** | Bhalla 1992 |" in made
    assert "Rallpack 1, voltage at the end: 1.25 mV beside 1.0." in made
    assert [each.holds for each in promises(found) if "reference" in each.words] == [False]
    agreeing = page(results(references=[REFERENCE | {"agrees": True}]))
    assert "| the reference suite agrees | all | 1 of 1 | yes |" in agreeing


@pytest.mark.parametrize(("share", "holds"), [(0.951, True), (0.949, False)])
def test_shares_of_honest_statements_are_judged(share: float, holds: bool) -> None:
    part = {"numbers": 10, "honest": share, "within": 0.99, "stated over true": [1.0, 2.0, 3.0]}
    line = {"cases": 10, "seed": 1, "refused": 0, "honest": share, "within": 0.99, "mV": part, "us": part,
            "stated over true": [1.0, 2.0, 3.0], "numbers": 20}  # fmt: skip
    kept = {each.words: each.holds for each in promises(results(honesty=[line]))}
    assert kept["a true error is not above the stated one"] is holds
