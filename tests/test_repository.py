"""What users see is executed: the Python blocks of the README and of every page in docs/ run in order.

A page is one session: its ```python blocks share their names and run in a fresh folder. A block that cannot
run in a test (it needs a file or a machine of the reader's) opens with ```python no-run.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```python[ \t]*(?P<flags>[^\n]*)\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def blocks(text: str) -> list[tuple[int, str]]:
    """The Python blocks of a page that are to be run, each with the number of its first line."""
    found = (match for match in BLOCK.finditer(text) if "no-run" not in match["flags"].split())
    return [(text.count("\n", 0, match.start("code")) + 1, match["code"]) for match in found]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page.read_text("utf-8"))], ids=relative)
def test_code_on_the_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    session: dict[str, object] = {"__name__": "__page__"}
    for line, code in blocks(page.read_text("utf-8")):
        # Empty lines in front make the line numbers of a traceback those of the page.
        exec(compile("\n" * (line - 1) + code, str(page), "exec"), session)


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_runner_reads_blocks_and_skips_marked_ones() -> None:
    page = "# Title\n\n```python\nx = 1\n```\n\n```python no-run\nraise\n```\n\n"
    page += "```text\n```\n```python\ny = x\n```\n"
    assert blocks(page) == [(4, "x = 1\n"), (14, "y = x\n")]
