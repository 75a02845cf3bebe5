"""What does a cell do when it is asked? Experiments that run it: rest, threshold, refractoriness, firing, bifurcations.

A measurement reads a trace; an experiment makes the runs that it needs, many at once, and returns a frozen result with
units, a readable text and a picture (`plot(result)`).
"""

from __future__ import annotations

from .rest import Rest, rest
from .threshold import AllOrNone, Threshold, all_or_none, threshold

__all__ = ["AllOrNone", "Rest", "Threshold", "all_or_none", "rest", "threshold"]
