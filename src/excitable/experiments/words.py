"""How results read: a title and aligned lines, with numbers as a person would write them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import numpy as np

# 1 µm² is 1e-8 cm²; 1 nA on 1 µm² is 1e5 µA/cm².
PER_AREA = 1e5
# Columns of a readable text, without what stands in front of a value.
WIDTH = 110
# 1/ms: slower than three years is not at all.
NOTHING = 1e-11


def lines(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A title, and below it what is known, in two columns."""
    known = list(rows)
    width = max((len(name) for name, _ in known), default=0)
    written = [title]
    for name, value in known:
        for k, part in enumerate(textwrap.wrap(value, WIDTH - width) or [""]):
            written.append(f"  {(name if k == 0 else '').ljust(width)}  {part}".rstrip())
    return "\n".join(written)


def number(value: float, digits: int = 4) -> str:
    """A number with so many significant digits, without an exponent where it is not needed.

    >>> number(1234.567), number(0.00012), number(2.0)
    ('1235', '0.00012', '2')
    """
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"


def amount(current: float, area: float | None) -> str:
    """A current, and its density where the area (µm²) of a membrane at one voltage is known.

    >>> amount(0.2236, 10000.0)
    '0.2236 nA (2.236 µA/cm²)'
    """
    density = "" if area is None else f" ({number(PER_AREA * current / area)} µA/cm²)"
    return f"{number(current)} nA{density}"


def mode(value: complex) -> str:
    """An eigenvalue (1/ms) in words: how it decays or grows, and how fast it turns.

    >>> mode(-0.1 + 0.4j), mode(0.5)
    ('decays in 10 ms, turns at 63.66 Hz', 'grows in 2 ms')
    """
    real, turn = float(np.real(value)), abs(float(np.imag(value)))
    slow = abs(real) < NOTHING
    pace = "stays" if slow else f"{'grows' if real > 0 else 'decays'} in {number(1.0 / abs(real))} ms"
    return pace + (f", turns at {number(1e3 * turn / (2.0 * np.pi))} Hz" if turn > 0.0 else "")


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names joined by commas, the first few of many."""
    known = list(names)
    return ", ".join(known[:most]) + (f" … ({len(known)} in all)" if len(known) > most else "")
