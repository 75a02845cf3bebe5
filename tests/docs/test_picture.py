"""The picture at the top of the README is made by a script that still runs."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "images" / "make.py"


def test_the_picture_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(tmp_path)])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    said = capsys.readouterr().out
    assert "1 soma, 90 basal, 7 axon, 51 apical" in said
    assert "3 spikes at the soma" in said
    assert (tmp_path / "neuron.png").read_bytes().startswith(b"\x89PNG")
