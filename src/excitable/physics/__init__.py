"""Which laws hold: functions that work on numbers, arrays and expressions alike."""

from __future__ import annotations

from .cable import (
    d_lambda_compartments,
    input_resistance_finite,
    input_resistance_infinite,
    input_resistance_semi_infinite,
    input_resistance_sphere,
    length_constant,
    length_constant_at,
    rall_diameter,
    time_constant,
)
from .cable_solutions import impulse_infinite, steady_finite, steady_infinite, step_finite, step_infinite
from .goldman import Permeant, ghk_current, goldman
from .nernst import kelvin, nernst, thermal_voltage
from .rates import boltzmann, exponential, linoid, sigmoid
from .temperature import activation_energy, arrhenius, eyring, q10

__all__ = [
    "Permeant",
    "activation_energy",
    "arrhenius",
    "boltzmann",
    "d_lambda_compartments",
    "exponential",
    "eyring",
    "ghk_current",
    "goldman",
    "impulse_infinite",
    "input_resistance_finite",
    "input_resistance_infinite",
    "input_resistance_semi_infinite",
    "input_resistance_sphere",
    "kelvin",
    "length_constant",
    "length_constant_at",
    "linoid",
    "nernst",
    "q10",
    "rall_diameter",
    "sigmoid",
    "steady_finite",
    "steady_infinite",
    "step_finite",
    "step_infinite",
    "thermal_voltage",
    "time_constant",
]
