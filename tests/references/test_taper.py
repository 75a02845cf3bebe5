"""A cone: the one tapered cable whose membrane and resistance are both exact, with its closed form.

With diameter d = α x at the distance x from the tip, lateral area π d s dx (s² = 1 + α²/4) and a sealed far end, the
steady voltage obeys x v'' + 2 v' = B v with B = 4 R g s / α, so that v = (c₁ I₁(2√(B x)) + c₂ K₁(2√(B x))) / √x: the
equation of Rall 1962 (Ann NY Acad Sci 96:1071) for tapering branches; Bessel functions of Abramowitz & Stegun 1964,
§9.6.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ive, kve

import excitable as ex
from references.figures import figure

SUITE = "Cable theory, tapered"
LENGTH, THICK, THIN = 500.0, 8.0, 1.0  # µm
RESISTIVITY, LEAK = 100.0, 1e-4  # Ω cm, S/cm²
ALPHA = (THICK - THIN) / LENGTH
SLANT = math.sqrt(1.0 + 0.25 * ALPHA**2)


def bessel(x: float, far: float) -> tuple[float, float]:
    """The voltage and its slope at x (µm from the tip) of the solution that is flat at `far`, up to a factor."""
    factor = 4.0 * (RESISTIVITY * 1e4) * (LEAK * 1e-8) * SLANT / ALPHA  # 1/µm

    def parts(x: float) -> tuple[np.ndarray, np.ndarray]:
        z = 2.0 * math.sqrt(factor * x)
        # v = f(z)/√x; with f' from I₁' = I₀ - I₁/z, K₁' = -K₀ - K₁/z (A&S 9.6.26), each scaled by e^∓z.
        value = np.array([ive(1, z) * math.exp(z), kve(1, z) * math.exp(-z)])
        change = np.array([ive(0, z) * math.exp(z), -kve(0, z) * math.exp(-z)]) - value / z
        slope = change * math.sqrt(factor / x) / math.sqrt(x) - 0.5 * value / x**1.5
        return value / math.sqrt(x), slope

    _, at_far = parts(far)
    weights = np.array([at_far[1], -at_far[0]])
    value, slope = parts(x)
    return float(weights @ value), float(weights @ slope)


def input_resistance(near: float, far: float) -> float:
    """MΩ, where current enters at `near` and the other end is sealed; distances from the tip, µm."""
    value, slope = bessel(near, far)
    section = math.pi * (ALPHA * near) ** 2 / 4.0
    axial = section / (RESISTIVITY * 1e4)  # µm²/(Ω µm)
    inward = -axial * slope if far > near else axial * slope
    return value / inward * 1e-6


def measured(count: int, thick_end: bool) -> float:
    """The steady depolarisation at the stimulated end over the current, MΩ, extrapolated from compartment to end."""
    points = [[0.0, 0.0, 0.0, THICK], [LENGTH, 0.0, 0.0, THIN]]
    cell = ex.Cell(ex.from_table([("cone", "dendrite", None, 0.0, points)]), ex.per_branch(count),
                   axial_resistivity=RESISTIVITY, initial_voltage=-65.0)  # fmt: skip
    cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=LEAK, reversal=-65.0))
    end = ex.at("cone", 0.0 if thick_end else 1.0)
    made = ex.run(cell, 300.0, protocol=[ex.current_pulse(at=end, amplitude=0.01, duration=1000.0)],
                  record=[ex.voltage(at=end, label="v")], dt=300.0, method=ex.Adaptive(tolerance=1e-8))  # fmt: skip
    resistance = (made.signals["v"].values[-1] + 65.0) / 0.01
    # Current enters at the centre of the end compartment; from the end itself it would pass half of it more.
    half = 0.5 * LENGTH / count
    first = THICK if thick_end else THIN
    last = first - ALPHA * half if thick_end else first + ALPHA * half
    return float(resistance + 4.0 * RESISTIVITY * half / (math.pi * first * last) * 1e-2)


@pytest.mark.parametrize("thick_end", [True, False])
def test_the_input_resistance_of_a_cone_converges_to_the_closed_form(thick_end: bool) -> None:
    tip, base = THIN / ALPHA, THICK / ALPHA
    exact = input_resistance(base, tip) if thick_end else input_resistance(tip, base)
    errors = [abs(measured(count, thick_end) - exact) / exact for count in (20, 40)]
    where = "thick" if thick_end else "thin"
    found = measured(160, thick_end)
    figure(SUITE, f"input resistance at the {where} end of a cone, 160 compartments", found, exact, 2e-4 * exact,
           unit="MΩ", source="Bessel functions, after Rall 1962")  # fmt: skip
    figure(SUITE, f"input resistance at the {where} end: observed order in space", math.log2(errors[0] / errors[1]),
           2.0, 0.2, source="Bessel functions, after Rall 1962")  # fmt: skip
