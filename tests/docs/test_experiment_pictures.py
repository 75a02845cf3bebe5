"""The pictures of the page of experiments are made by a script that still runs."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def test_the_pictures_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setattr(sys, "argv", ["experiments.py", str(tmp_path)])
    runpy.run_path(str(IMAGES / "experiments.py"), run_name="__main__")
    made = {path.name for path in tmp_path.glob("*.png")}
    assert made == {path.name for path in IMAGES.glob("experiments_*.png")}
