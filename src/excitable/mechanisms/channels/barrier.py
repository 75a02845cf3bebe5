"""A gate that crosses one energy barrier: the form in which the channels of hippocampal neurons are written.

Source: Borg-Graham 1991, in Cellular and Molecular Neurobiology: Introduction to Computational Neuroscience; Jack,
Noble & Tsien 1975, Electric Current Flow in Excitable Cells, chapter 8.
"""

from __future__ import annotations

from typing import Any

from ...expressions import exp
from ...physics import thermal_voltage


def barrier(v: Any, temperature: Any, *, half: float, charge: float, part: float, rate: Any) -> tuple[Any, Any]:
    """The steady value of a gate and its time constant, ms.

    Args:
        v: Membrane voltage, mV.
        temperature: °C.
        half: The voltage at which the gate is half open, mV.
        charge: Elementary charges that cross the field; negative for a gate that opens with depolarisation.
        part: Which part of the field lies before the barrier, 0 to 1.
        rate: The rate of either direction at `half`, 1/ms.

    >>> steady, time_constant = barrier(-20.0, 20.0, half=-20.0, charge=-3.0, part=0.7, rate=0.05)
    >>> float(steady), float(time_constant)
    (0.5, 10.0)
    """
    distance = charge * (v - half) / thermal_voltage(temperature)
    return 1.0 / (1.0 + exp(distance)), exp(part * distance) / (rate * (1.0 + exp(distance)))
