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
from .constant_field import ghk_chord_conductance, ghk_current, ghk_slope_conductance, ghk_tangent
from .donnan import Equilibrium, donnan, donnan_potential
from .electrodiffusion import Chambers, Electrodiffusion, electrodiffuse, electrodiffusion_equilibrium
from .energy import atp_energy, ion_energy, pump_energy, pump_reversal
from .goldman import goldman
from .membrane import (
    charging_ions,
    debye_length,
    ionic_strength,
    membrane_capacitance,
    membrane_thickness,
    specific_capacitance,
    water_permittivity,
)
from .nernst import kelvin, nernst, thermal_voltage
from .osmosis import osmotic_pressure, water_flux
from .permeant import Permeant
from .rates import boltzmann, exponential, exponential_linear, sigmoid
from .temperature import activation_energy, arrhenius, eyring, q10

__all__ = [
    "Chambers",
    "Electrodiffusion",
    "Equilibrium",
    "Permeant",
    "activation_energy",
    "arrhenius",
    "atp_energy",
    "boltzmann",
    "charging_ions",
    "d_lambda_compartments",
    "debye_length",
    "donnan",
    "donnan_potential",
    "electrodiffuse",
    "electrodiffusion_equilibrium",
    "exponential",
    "exponential_linear",
    "eyring",
    "ghk_chord_conductance",
    "ghk_current",
    "ghk_slope_conductance",
    "ghk_tangent",
    "goldman",
    "impulse_infinite",
    "input_resistance_finite",
    "input_resistance_infinite",
    "input_resistance_semi_infinite",
    "input_resistance_sphere",
    "ion_energy",
    "ionic_strength",
    "kelvin",
    "length_constant",
    "length_constant_at",
    "membrane_capacitance",
    "membrane_thickness",
    "nernst",
    "osmotic_pressure",
    "pump_energy",
    "pump_reversal",
    "q10",
    "rall_diameter",
    "sigmoid",
    "specific_capacitance",
    "steady_finite",
    "steady_infinite",
    "step_finite",
    "step_infinite",
    "thermal_voltage",
    "time_constant",
    "water_flux",
    "water_permittivity",
]
