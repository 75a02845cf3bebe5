"""From the raw lines of many processes to medians, ratios and tables."""

from __future__ import annotations

import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workloads import TITLES

Line = dict[str, Any]
Key = tuple[str, str, int]
AGREEMENT = 0.01
# What a reader calls each engine.
NAMES = {"excitable": "excitable", "neuron": "NEURON", "coreneuron": "CoreNEURON", "arbor": "Arbor",
         "jaxley": "Jaxley", "brian2": "Brian 2", "myokit": "Myokit", "ceiling": "bare kernel",
         "proof": "bare kernel of another hand"}  # fmt: skip


def key_of(line: Line) -> Key:
    return line["workload"], line["engine"], line["threads"]


def grouped(lines: Sequence[Line]) -> dict[Key, list[Line]]:
    groups: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        if "wall" in line:
            groups[key_of(line)].append(line)
    return groups


def summarise(lines: Sequence[Line], clock: str = "wall") -> list[Line]:
    """One line for each engine, workload and number of threads; times in ns per compartment-step.

    `faster_than` holds, for each other engine on the same workload with as many threads, its time over
    ours: the median of the rounds, the smallest and the largest.
    """
    groups = grouped(lines)
    summaries = []
    for key, members in groups.items():
        times = [value for line in members for value in line[clock]]
        last = members[-1]
        summary = {"workload": key[0], "engine": key[1], "threads": key[2], "version": last["version"]}
        summary |= {"ns": statistics.median(times), "min": min(times), "max": max(times), "clock": clock}
        summary |= {"processes": len(members), "repeats": len(times), "compartments": last["compartments"]}
        summary |= {name: last[name] for name in ("spikes", "first", "velocity") if name in last}
        summary["memory_mb"] = max(line["peak_memory_mb"] for line in members)
        for name in ("import_s", "build_s", "warm_s", "call_s"):
            if name in last:
                summary[name] = statistics.median(line[name] for line in members)
        summary["load"] = max(line["load"] for line in members)
        others = [other for other in groups if other != key and (other[0], other[2]) == (key[0], key[2])]
        summary["faster_than"] = {other[1]: ratios(groups[other], members, clock) for other in others}
        summaries.append(summary)
    mark_disagreement(summaries)
    return sorted(summaries, key=lambda line: (line["workload"], line["threads"], line["ns"]))


def ratios(theirs: list[Line], ours: list[Line], clock: str) -> list[float]:
    """[median, smallest, largest] of their time over ours, round by round."""
    by_round = {line["round"]: statistics.median(line[clock]) for line in ours}
    found = [statistics.median(line[clock]) / by_round[line["round"]] for line in theirs if line["round"] in by_round]
    if not found:
        return []
    return [round(value, 3) for value in (statistics.median(found), min(found), max(found))]


def mark_disagreement(summaries: list[Line]) -> None:
    """`agrees`: whether the spikes of an engine lie within 1 % (or one spike) of the median of all."""
    by_workload: dict[str, list[Line]] = defaultdict(list)
    for line in summaries:
        if "spikes" in line:
            by_workload[line["workload"]].append(line)
    for members in by_workload.values():
        middle = statistics.median(line["spikes"] for line in members)
        for line in members:
            line["agrees"] = abs(line["spikes"] - middle) <= max(1.0, AGREEMENT * middle)


def speed_table(summaries: Sequence[Line]) -> str:
    """A block for each workload, fastest first; times in ns per compartment-step."""
    blocks = []
    for name in dict.fromkeys(line["workload"] for line in summaries):
        members = [line for line in summaries if line["workload"] == name]
        rows: list[tuple[str, ...]] = [
            (
                "engine",
                "threads",
                "ns",
                "min",
                "max",
                "spikes",
                "first ms",
                "build s",
                "warm s",
                "MB",
                "to fastest",
            )
        ]
        fastest = min(line["ns"] for line in members)
        for line in members:
            spikes = str(line.get("spikes", "-")) + ("" if line.get("agrees", True) else " differs")
            cells: tuple[str, ...] = (
                line["engine"],
                str(line["threads"]),
                number(line["ns"]),
                number(line["min"]),
                number(line["max"]),
            )
            cells += (spikes, number(line.get("first"), 4), number(line["build_s"]), number(line["warm_s"]))
            rows.append((*cells, number(line["memory_mb"]), number(line["ns"] / fastest)))
        blocks.append(f"{name}: {TITLES.get(name, 'squid cable')}\n{aligned(rows)}")
    return "\n\n".join(blocks)


def failures(lines: Sequence[Line]) -> str:
    found = {
        f"{line['engine']} {line['workload']}: {line.get('failed', line.get('unsupported'))}"
        for line in lines
        if "wall" not in line
    }
    return "\n".join(sorted(found))


def thread_table(summaries: Sequence[Line]) -> str:
    """How many times faster each engine is with more threads than with one."""
    single = {(line["workload"], line["engine"]): line["ns"] for line in summaries if line["threads"] == 1}
    rows = [("workload", "engine", "threads", "ns", "times faster than 1")]
    for line in summaries:
        alone = single.get((line["workload"], line["engine"]))
        if line["threads"] > 1 and alone:
            faster = number(alone / line["ns"])
            rows.append((line["workload"], line["engine"], str(line["threads"]), number(line["ns"]), faster))
    return aligned(rows)


def number(value: float | None, digits: int = 2) -> str:
    """Short, and no false precision: three figures above ten."""
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.{1 if abs(value) >= 100 and digits == 2 else digits}f}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join((first.strip().ljust(widths[0]), *rest)))
    return "\n".join(lines)


def machine() -> Line:
    """What the numbers were measured on."""
    processor = platform.processor()
    table = Path("/proc/cpuinfo")
    if table.is_file():
        names = [
            line.partition(":")[2].strip() for line in table.read_text().splitlines() if line.startswith("model name")
        ]
        processor = names[0] if names else processor
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": [round(value, 2) for value in os.getloadavg()],
    }
