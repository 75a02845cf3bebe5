#!/usr/bin/env python3
"""Make the page of truth, docs/truth.md, and its figures.

    python benchmarks/truth.py                # run the reference suite and the library, then write the page
    python benchmarks/truth.py --honesty      # and judge the error statements of 200 random cells: some minutes
    python benchmarks/truth.py --page         # the page and figures from the published results alone

The benchmarks on it are measured by `python benchmarks/run.py PLAN --publish`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from report import Line
from results import keep, published
from schedule import HERE
from truth_figures import growth_figure, precision_figure, speed_figure
from truth_page import SPEED, Results, page

ROOT = HERE.parent
PAGE = ROOT / "docs" / "truth.md"
PICTURES = ROOT / "docs" / "images"
PLANS = ("precision", "speed", "threads", "start", "growth", "honesty", "references", "library")
# Tests that write a line for every figure they compare do so into the file that this variable names.
FIGURES = "EXCITABLE_FIGURES"
SUITES = ("tests/references", "tests/methods", "tests/runtime")


def references() -> Iterator[Line]:
    """A line for every figure that the tests compare with something outside the engine."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.jsonl"
        suites = [suite for suite in SUITES if (ROOT / suite).is_dir()]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *suites]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, FIGURES: str(path)}, check=False)
        print(f"pytest ended with {done.returncode}", file=sys.stderr)
        found = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    yield from sorted(map(json.loads, found), key=lambda line: (str(line["suite"]), str(line["quantity"])))


def library() -> Iterator[Line]:
    """Each preparation of the library, carried out, beside what its paper says."""
    for preparation in json.loads(command_line("list", "--json")):
        with tempfile.TemporaryDirectory() as folder:
            said = json.loads(command_line("run", preparation["name"], "--json", "--out", folder))
        yield preparation | {"measured": said["measured"]}


def command_line(*arguments: str) -> str:
    """What `excitable` prints."""
    command = [sys.executable, "-m", "excitable", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def honesty() -> Iterator[Line]:
    """The first line that benchmarks/honesty.py prints."""
    command = [sys.executable, str(HERE / "honesty.py")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    yield json.loads(said.splitlines()[0])


def write(results: Results) -> None:
    """The page and its figures."""
    for name, draw in (("precision", precision_figure), ("growth", growth_figure)):
        if (found := results[name]) is not None:
            draw(found, PICTURES / f"truth-{name}.png")
    if (found := results["speed"]) is not None:
        speed_figure(found, PICTURES / "truth-speed.png", SPEED)
    PAGE.write_text(page(results), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="measure nothing")
    parser.add_argument("--honesty", action="store_true", help="judge the error statements too")
    arguments = parser.parse_args()
    if not arguments.page:
        keep("references", references(), publish=True)
        keep("library", library(), publish=True)
    if arguments.honesty:
        keep("honesty", honesty(), publish=True)
    write({plan: published(plan) for plan in PLANS})
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
