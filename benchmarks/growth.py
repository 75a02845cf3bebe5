"""How cost grows with size: the slope from a thousand compartments on, and what happens near powers of two."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence

from report import Line, aligned, number, summarise

LINEAR_FROM = 1000
# The slope of log time on log size that is promised, and how far from it may be measured.
SLOPE_WANTED, SLOPE_WITHIN = 1.0, 0.05
# Sizes that differ by little are compared with each other: a power of two among them must not stand out.
NEAR = 0.03
KINDS = {"cable": "cable", "tree": "branched cell", "cells": "cells of one compartment"}


def kind_of(workload: str) -> str:
    return re.sub(r"[0-9]+$", "", workload)


def growth_rows(lines: Sequence[Line], clock: str) -> list[Line]:
    """For each kind of cell and engine: ns by size, the slope, and the worst ratio near a power of two."""
    summaries = summarise(lines, clock)
    rows: list[Line] = []
    for kind in KINDS:
        members = [line for line in summaries if kind_of(line["workload"]) == kind]
        for engine in sorted({line["engine"] for line in members}):
            cost = {line["compartments"]: line["ns"] for line in members if line["engine"] == engine}
            large = [(size, ns) for size, ns in sorted(cost.items()) if size >= LINEAR_FROM]
            spans = len(large) > 1 and large[-1][0] >= 10 * large[0][0]
            row: Line = {"kind": kind, "engine": engine, "ns": dict(sorted(cost.items()))}
            rows.append(row | {"slope": slope(large) if spans else None} | cliff(cost))
    return rows


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Least squares of log(size * cost) on log(size)."""
    sizes = [math.log(size) for size, _ in points]
    return statistics.linear_regression(sizes, [math.log(size * cost) for size, cost in points]).slope


def cliff(cost: dict[int, float]) -> Line:
    """The largest cost over the smallest among sizes around a power of two, and which power that is."""
    found: list[tuple[float, int]] = []
    for power in (2**k for k in range(8, 21)):
        near = [ns for size, ns in cost.items() if abs(size - power) <= NEAR * power]
        if power in cost and len(near) > 1:
            found.append((max(near) / min(near), power))
    worst, power = max(found, default=(None, None))
    return {"cliff": worst, "at": power}


def growth_table(lines: Sequence[Line], clock: str) -> str:
    """A block for each kind of cell: ns per compartment-step by size, slope, worst ratio."""
    rows, blocks = growth_rows(lines, clock), []
    for kind, words in KINDS.items():
        members = [row for row in rows if row["kind"] == kind]
        if not members:
            continue
        sizes = sorted({size for row in members for size in row["ns"]})
        table = [("compartments", *(row["engine"] for row in members))]
        table += [(str(size), *(number(row["ns"].get(size)) for row in members)) for size in sizes]
        table.append((f"slope from {LINEAR_FROM}", *(number(row["slope"], 3) for row in members)))
        table.append(("near powers of two", *(near_powers(row) for row in members)))
        blocks.append(f"{words}, ns per compartment-step\n{aligned(table)}")
    return "\n\n".join(blocks)


def near_powers(row: Line) -> str:
    return "-" if row["cliff"] is None else f"{number(row['cliff'])} at {row['at']}"
