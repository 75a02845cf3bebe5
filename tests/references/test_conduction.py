"""The speed of the squid action potential, converged in step and compartment, beside the number of the paper.

Hodgkin & Huxley 1952, J Physiol 117:500, p 527: 18.8 m/s computed by hand at 18.5 °C for a diameter of 476 µm and
35.4 Ω·cm. Converged, the same equations give 18.74 m/s.
"""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex

LENGTH = 60_000.0


def speed(diameter: float, spacing: float, dt: float, length: float = LENGTH) -> float:
    """In m/s, between one and three quarters of the axon; spacing in µm, step in ms."""
    count = round(length / spacing)
    cell = ex.Cell(
        ex.cable(length, diameter, kind="axon"), ex.per_branch(count), axial_resistivity=35.4, temperature=18.5
    )
    cell = ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    strength = 4000.0 * (diameter / 476.0) ** 1.5
    pulse = ex.current_pulse(at=ex.at("axon[0]", 0.0), amplitude=strength, duration=0.5)
    record = [ex.spikes(at=ex.at("axon[0]", where), label=str(where)) for where in (0.25, 0.75)]
    made = ex.run(cell, 5.0, protocol=[pulse], record=record, dt=dt, every=1000)
    (first,), (second,) = (made.spikes[label].times[0] for label in ("0.25", "0.75"))
    places = [made.spikes[label].place.distance for label in ("0.25", "0.75")]
    return float((places[1] - places[0]) / (second - first) * 1e-3)


def test_speed_of_the_giant_axon() -> None:
    """Halving step and compartment together quarters the error, so that two runs give the limit."""
    found = [speed(476.0, 600.0 / 2**k, 0.008 / 2**k) for k in range(3)]
    errors = np.diff(found)
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.1)
    converged = found[2] + (found[2] - found[1]) / 3.0
    assert converged == pytest.approx(18.74, abs=0.01)
    assert found[2] == pytest.approx(converged, abs=0.05)


def test_speed_grows_with_the_root_of_the_diameter() -> None:
    """On the same grid for all, coarse against none of them."""
    diameters = np.array([119.0, 238.0, 476.0, 952.0])
    speeds = [speed(d, 100.0, 0.004, length=40_000.0) for d in diameters]
    np.testing.assert_allclose(speeds / np.sqrt(diameters), speeds[2] / np.sqrt(476.0), rtol=3e-3)


def test_scaled_axons_have_scaled_speeds() -> None:
    """Four times the diameter with compartments twice as long is the same electrotonic axon: twice the speed."""
    thin, thick = speed(119.0, 200.0, 0.01, length=30_000.0), speed(476.0, 400.0, 0.01, length=60_000.0)
    assert thick / thin == pytest.approx(2.0, rel=1e-8)
