"""Tables without rich, numbers with the right digits, letters for any terminal."""

from __future__ import annotations

import pytest

from excitable.cli.tables import expected, measured_table, number, table
from excitable.cli.terminal import fitting, folded
from excitable.library import Measured

ROWS = (
    Measured("conduction velocity of a rather long name", 18.7288, "m/s", 18.8, 0.1, "a paper"),
    Measured("spikes", 3.0, "1", 2.0, 0.0, "another paper"),
    Measured("width", float("nan"), "ms"),
)


def test_numbers_have_one_digit_more_than_their_tolerance() -> None:
    assert number(18.7288, 0.1) == "18.73"
    assert number(-64.97409, 0.001) == "-64.9741"
    assert number(816.478, 1.6) == "816.5"
    assert number(194.92, 25.0) == "195"
    assert expected(ROWS[0]) == "18.80 ± 0.10"
    assert expected(ROWS[1]) == "2"
    assert expected(ROWS[2]) == ""


def test_plain_tables_are_aligned(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("COLUMNS", "60")
    measured_table(ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[0].split() == ["quantity", "measured", "unit", "published", "ref"]
    assert lines[2].split()[-2:] == ["✓", "[1]"]
    assert any(line.split()[-2:] == ["✗", "[2]"] for line in lines)
    assert lines[-2:] == ["  [1] a paper", "  [2] another paper"]


def test_rich_tables_hold_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rich")
    table(("name", "value"), [("a", "1"), ("b", "22")], ("left", "right"))
    assert [line.split() for line in capsys.readouterr().out.splitlines() if line.split()[:1] in (["a"], ["b"])] == [
        ["a", "1"], ["b", "22"],
    ]  # fmt: skip


def test_letters_are_spelt_out_where_they_are_missing() -> None:
    assert fitting("194.9 MΩ ± 0.6 ✗", "ascii") == "194.9 MOhm +/- 0.6 NO"
    assert fitting("194.9 MΩ", "utf-8") == "194.9 MΩ"
    assert fitting("µ", "no such encoding") == "u"
    assert fitting("中", "ascii") == "?"


def test_long_lines_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert all(len(line) <= 40 for line in folded("word " * 30, "  ").splitlines())
