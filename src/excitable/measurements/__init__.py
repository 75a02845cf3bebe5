"""What did we learn? Numbers from traces: functions of arrays, so that they serve laboratory data too.

Every function takes voltages in mV and their times in ms, the time along the last axis, or a recording. A
sweep gives
one value per run, NaN where a run has none; a single trace that cannot be measured is an error that says why.
"""

from __future__ import annotations

from .cable import length_constant
from .conduction import conduction_velocity
from .detection import Halfway, Level, Steepness, spikes
from .exponentials import Decay
from .features import FEATURES, features
from .firing import adaptation_index, firing_rate, interspike_intervals, latency
from .passive import decay, input_resistance, resting_potential, sag_ratio, time_constant
from .phases import Phases, phases
from .shapes import ActionPotentials
from .waveform import (
    action_potentials,
    after_hyperpolarisation,
    amplitude,
    downstroke,
    half_width,
    peak,
    peak_time,
    threshold,
    upstroke,
)

__all__ = [
    "FEATURES",
    "ActionPotentials",
    "Decay",
    "Halfway",
    "Level",
    "Phases",
    "Steepness",
    "action_potentials",
    "adaptation_index",
    "after_hyperpolarisation",
    "amplitude",
    "conduction_velocity",
    "decay",
    "downstroke",
    "features",
    "firing_rate",
    "half_width",
    "input_resistance",
    "interspike_intervals",
    "latency",
    "length_constant",
    "peak",
    "peak_time",
    "phases",
    "resting_potential",
    "sag_ratio",
    "spikes",
    "threshold",
    "time_constant",
    "upstroke",
]
