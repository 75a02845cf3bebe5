"""What is done to the cell? Injected currents and voltage clamps, as frozen descriptions."""

from .clamp import Clamp, voltage_clamp
from .stimuli import (
    Stimulus,
    current_noise,
    current_pulse,
    current_ramp,
    current_sine,
    current_train,
    current_waveform,
)

__all__ = [
    "Clamp",
    "Stimulus",
    "current_noise",
    "current_pulse",
    "current_ramp",
    "current_sine",
    "current_train",
    "current_waveform",
    "voltage_clamp",
]
