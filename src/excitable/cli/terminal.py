"""Text for any terminal: wide or narrow, UTF-8 or not."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TextIO

# What a terminal without the letters of the field gets in their place.
PLAIN = {
    "µ": "u", "μ": "u", "Ω": "Ohm", "°": "deg", "²": "2", "³": "3", "·": "*", "×": "x", "−": "-", "–": "-", "±": "+/-",
    "✓": "yes", "✗": "NO", "…": "...", "λ": "lambda", "τ": "tau", "π": "pi", "∞": "inf", "√": "sqrt", "—": "-",
    "█": "#", "ö": "oe", "ä": "ae", "ü": "ue", "é": "e",
}  # fmt: skip
NARROWEST, WIDEST = 40, 110


def fitting(text: str, encoding: str | None) -> str:
    """The text in letters that the encoding has.

    >>> fitting("2.24 µA/cm² ✓", "ascii")
    '2.24 uA/cm2 yes'
    """
    name = encoding or "ascii"
    try:
        text.encode(name)
        return text
    except (UnicodeEncodeError, LookupError):
        for letter, plain in PLAIN.items():
            text = text.replace(letter, plain)
        return text.encode("ascii", "replace").decode("ascii")


def say(text: str = "", stream: TextIO | None = None) -> None:
    """Write one text with its line end, by default to the output."""
    out = sys.stdout if stream is None else stream
    out.write(fitting(text, getattr(out, "encoding", None)) + "\n")
    out.flush()


def width() -> int:
    """How many columns to use."""
    return max(NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, WIDEST))


def folded(text: str, indent: str = "", later: str | None = None) -> str:
    """The text in lines of the width of the terminal, each after `indent`; the later ones after `later`.

    >>> folded("a short line", "  ")
    '  a short line'
    """
    return textwrap.fill(
        text,
        width(),
        initial_indent=indent,
        subsequent_indent=indent if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )


class Status:
    """What is being done now, on one line of the error stream that is rewritten; nothing where nobody looks."""

    def __init__(self, name: str, quiet: bool = False) -> None:
        self.name = name
        self.on = not quiet and sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, what: str) -> None:
        """Say what has begun."""
        if self.on:
            sys.stderr.write(fitting(f"\r\x1b[K{self.name}: {what} …", getattr(sys.stderr, "encoding", None)))
            sys.stderr.flush()

    def done(self) -> None:
        """Clear the line."""
        if self.on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
