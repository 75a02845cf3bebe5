"""Tables on a terminal: with rich where it is installed, in aligned text elsewhere."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Sequence

from ..library import Measured
from .terminal import fitting, folded, say, width

Row = Sequence[str]
LEFT, RIGHT, CENTRE = "left", "right", "center"


def number(value: float, tolerance: float | None = None) -> str:
    """A value with one digit more than its tolerance, or with four.

    >>> number(18.7288, 0.1), number(722.0), number(0.23148), number(float("nan"))
    ('18.73', '722', '0.2315', 'none')
    """
    if not math.isfinite(value):
        return "none"
    if tolerance is not None and tolerance > 0.0:
        return f"{value:.{max(0, 1 - math.floor(math.log10(tolerance)))}f}"
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 1e4 else f"{value:.4g}"


def expected(row: Measured) -> str:
    """The published number with its tolerance, or nothing."""
    if row.published is None or row.tolerance is None:
        return ""
    if row.tolerance == 0.0:
        return number(row.published)
    digits = max(0, 1 - math.floor(math.log10(row.tolerance)))
    return f"{row.published:.{digits}f} ± {row.tolerance:.{digits}f}"


def measured_table(rows: Sequence[Measured]) -> None:
    """Measured numbers beside the published ones; the sources follow as notes."""
    sources = list(dict.fromkeys(row.source for row in rows if row.source and row.published is not None))
    compared = any(row.published is not None for row in rows)
    lines = []
    for row in rows:
        unit = "" if row.unit == "1" else row.unit
        line = [row.quantity, number(row.value, row.tolerance), unit]
        if compared:
            mark = {True: "✓", False: "✗", None: ""}[row.holds]
            note = f"[{sources.index(row.source) + 1}]" if row.source in sources else ""
            line += [expected(row), mark, note]
        lines.append(line)
    heads = ["quantity", "measured", "unit"] + (["published", "", "ref"] if compared else [])
    table(heads, lines, [LEFT, RIGHT, LEFT, RIGHT, CENTRE, LEFT][: len(heads)])
    for index, source in enumerate(sources, start=1):
        say(folded(f"[{index}] {source}", "  ", "      "))


def table(heads: Row, rows: Sequence[Row], sides: Sequence[str]) -> None:
    """Rows under their heads, each column as wide as it needs to be."""
    if _rich():
        _with_rich(heads, rows, sides)
        return
    texts = [[fitting(cell, sys.stdout.encoding) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[k]) for row in texts) for k in range(len(heads))]
    # The first column gives way where the terminal is narrow.
    widths[0] = max(12, min(widths[0], width() - sum(widths[1:]) - 2 * len(widths)))
    rule = "  " + "  ".join("-" * size for size in widths)
    for index, row in enumerate(texts):
        first, *more = _pieces(row[0], widths[0])
        cells = [_set(cell, size, side) for cell, size, side in zip([first, *row[1:]], widths, sides, strict=True)]
        say(("  " + "  ".join(cells)).rstrip())
        for piece in more:
            say("    " + piece)
        if index == 0:
            say(rule)


def _pieces(text: str, size: int) -> list[str]:
    if len(text) <= size:
        return [text]
    cut = text.rfind(" ", 0, size + 1)
    cut = cut if cut > 0 else size
    return [text[:cut], *_pieces(text[cut:].strip(), size)]


def _set(text: str, size: int, side: str) -> str:
    return text.rjust(size) if side == RIGHT else text.center(size) if side == CENTRE else text.ljust(size)


def _rich() -> bool:
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    return encoding == "utf8" and importlib.util.find_spec("rich") is not None


def _with_rich(heads: Row, rows: Sequence[Row], sides: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, show_edge=False, header_style="bold")
    for index, (head, side) in enumerate(zip(heads, sides, strict=True)):
        made.add_column(head, justify=side, no_wrap=index != 0)  # type: ignore[arg-type]
    colours = {"✓": "green", "✗": "bold red"}
    for row in rows:
        made.add_row(*(Text(cell, style=colours.get(cell, "")) for cell in row))
    Console(file=sys.stdout, width=width()).print(made)
