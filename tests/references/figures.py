"""A figure that a test compares with something outside the engine: asserted, and kept where it is asked for.

Where the environment variable EXCITABLE_FIGURES names a file, each figure adds one JSON object to it, a line each:
suite, quantity, value, unit, reference, tolerance, agrees, source. The page of truth is made of them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

ENVIRONMENT = "EXCITABLE_FIGURES"


def figure(
    suite: str, quantity: str, value: float, reference: float, tolerance: float, *, unit: str = "1", source: str
) -> None:
    """Assert that a value lies within a tolerance (absolute, in its unit) of a reference, and keep the line.

    suite: the heading under which it is shown.  source: paper with equation or table, closed form, or simulator.
    """
    agrees = bool(abs(value - reference) <= tolerance)
    path = os.environ.get(ENVIRONMENT)
    if path:
        line = {
            "suite": suite, "quantity": quantity, "value": float(value), "unit": unit, "reference": float(reference),
            "tolerance": float(tolerance), "agrees": agrees, "source": source,
        }  # fmt: skip
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    assert agrees, f"{quantity}: {value!r} {unit}, expected {reference!r} within {tolerance!r} ({source})"
