"""From turns of a pump to its current.

>>> round(1e3 * PER_TURN, 4)  # µA/cm2 that 1 pmol/(cm2 s) of charges makes
0.0965
"""

from __future__ import annotations

from typing import Final

from ...constants import FARADAY

PER_TURN: Final = 1e-9 * FARADAY
"""mA/cm2 that one pmol/(cm2 s) of charges is."""
