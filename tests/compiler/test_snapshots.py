"""Kernels do not change unnoticed: what each of a dozen models makes is kept in snapshots.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from compiler.snapshots import FILE, MODELS, described, difference, instructions, kernel, rounded

from excitable.compiler.llvm.build import compile_text

RENEW = "If that is meant, run `python tests/compiler/snapshots.py` and commit snapshots.json with the change."
KEPT = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", MODELS)
def test_the_kernel_is_the_one_that_was_kept(name: str) -> None:
    changes = difference(KEPT.get(name, {}), described(name))
    if changes:
        pytest.fail(f"The kernel of {name!r} changed: {'; '.join(changes)}. {RENEW}", pytrace=False)


def test_nothing_is_kept_of_models_that_are_gone() -> None:
    assert list(KEPT) == list(MODELS), RENEW


@pytest.mark.parametrize("name", MODELS)
def test_the_text_of_another_processor_compiles(name: str) -> None:
    """Every snapshot is code that LLVM takes, and it has no instruction that nothing needs: no store is missing."""
    _, text = kernel(name)
    assert len(compile_text(text)) > 1000
    assert instructions(text)["store"] > 0


def test_the_text_does_not_depend_on_the_order_of_hashes(tmp_path: Path) -> None:
    script = Path(FILE).with_name("snapshots.py")
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, str(script), str(tmp_path / seed)], check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        )
    texts = [{path.name: path.read_text("utf-8") for path in (tmp_path / seed).iterdir()} for seed in ("1", "2")]
    assert len(texts[0]) == len(MODELS)
    assert texts[0] == texts[1]


def test_a_difference_says_what_changed() -> None:
    before = {"text": "a", "operations": {"kind0": 3}, "instructions": {"fadd": 2}}
    assert difference(before, before) == []
    after = {"text": "b", "operations": {"kind0": 4}, "instructions": {"fadd": 2, "fmul": 1}}
    assert difference(before, after) == [
        "operation count of kind0: 3 before, 4 now",
        "instruction count of fmul: 0 before, 1 now",
    ]
    assert difference(before, {**before, "text": "b"}) == ["the text changed, and no count"]


def test_constants_are_compared_to_twelve_digits() -> None:
    assert rounded("fadd double 0x3FF0000000000000, 0x3FF0000000000001") == "fadd double 1, 1"
    assert rounded("fadd double 0x3FF0000000100000, %x0") != rounded("fadd double 0x3FF0000000000000, %x0")
