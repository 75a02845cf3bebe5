"""What does a cell do when it is asked? Experiments that run it: rest, threshold, refractoriness, firing, bifurcations.

A measurement reads a trace; an experiment makes the runs that it needs, many at once, and returns a frozen result with
units, a readable text and a picture (`plot(result)`).
"""

from __future__ import annotations

from .accommodation import Accommodation, accommodation
from .anode_break import AnodeBreak, anode_break
from .bifurcation import Bifurcation, Branch, Turning, bifurcation
from .cycles import Cycles
from .firing import FiringCurve, firing_curve
from .ions import IonsMoved, ions_moved
from .phase_plane import FixedPoint, PhasePlane, phase_plane
from .refractory import RefractoryPeriod, refractory
from .rest import Rest, rest
from .spike import Spike, spike
from .strength_duration import Fit, StrengthDuration, strength_duration
from .threshold import AllOrNone, Threshold, all_or_none, threshold

__all__ = [
    "Accommodation",
    "AllOrNone",
    "AnodeBreak",
    "Bifurcation",
    "Branch",
    "Cycles",
    "FiringCurve",
    "Fit",
    "FixedPoint",
    "IonsMoved",
    "PhasePlane",
    "RefractoryPeriod",
    "Rest",
    "Spike",
    "StrengthDuration",
    "Threshold",
    "Turning",
    "accommodation",
    "all_or_none",
    "anode_break",
    "bifurcation",
    "firing_curve",
    "ions_moved",
    "phase_plane",
    "refractory",
    "rest",
    "spike",
    "strength_duration",
    "threshold",
]
