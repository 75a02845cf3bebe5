"""The references hold against each other: two sums, a Laplace transform, published curves, an integrator."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from references import rallpack, squid_axon
from references.rallpack import CABLE, TREE, SealedCable, deviation, sample_times


@pytest.mark.parametrize("part", [0.0, 0.25, 0.5, 1.0])
def test_modes_and_images_are_one_function(part: float) -> None:
    times = np.linspace(0.05, 3.0, 60) * CABLE.time_constant * CABLE.electrotonic_length**2
    modes = rallpack.step_by_modes(CABLE, part * CABLE.length, times)
    images = rallpack.step_by_images(CABLE, part * CABLE.length, times)
    np.testing.assert_allclose(modes, images, rtol=0, atol=1e-11)


@pytest.mark.parametrize("cable", [CABLE, TREE.equivalent_cylinder, SealedCable(2500.0, 1.0)])
@pytest.mark.parametrize("part", [0.0, 0.6, 1.0])
def test_step_response_is_the_inverse_laplace_transform(cable: SealedCable, part: float) -> None:
    length, x = cable.electrotonic_length, part * cable.electrotonic_length

    def transform(s: mpmath.mpc) -> mpmath.mpc:
        root = mpmath.sqrt(1 + s)
        return mpmath.cosh((length - x) * root) / (s * root * mpmath.sinh(length * root))

    for t in (0.01, 0.3, 2.0):
        exact = float(mpmath.invertlaplace(transform, t, method="talbot"))
        found = rallpack.step_response(cable, part * cable.length, np.array([t * cable.time_constant]))[0]
        assert found == pytest.approx(rallpack.CURRENT * cable.infinite_resistance * exact, rel=1e-10, abs=1e-9)


def test_step_response_starts_at_zero_and_ends_at_the_steady_state() -> None:
    start, end = rallpack.step_response(CABLE, 0.0, [0.0, 100.0 * CABLE.time_constant])
    assert start == 0.0
    assert end == pytest.approx(rallpack.steady_step(CABLE, 0.0), rel=1e-12)


def test_tree_obeys_the_three_halves_rule() -> None:
    assert TREE.equivalent_cylinder.electrotonic_length == pytest.approx(0.08)
    for level in range(TREE.levels - 1):
        length, diameter = TREE.branch(level)
        next_length, next_diameter = TREE.branch(level + 1)
        assert 2.0 * next_diameter**1.5 == pytest.approx(diameter**1.5)
        constant = SealedCable(length, diameter).length_constant
        assert next_length / SealedCable(1.0, next_diameter).length_constant == pytest.approx(length / constant)


@pytest.mark.parametrize("end", ["0", "x"])
@pytest.mark.parametrize(
    ("name", "curve"), [("cable", rallpack.passive_cable_curve), ("branch", rallpack.passive_tree_curve)]
)
def test_closed_forms_are_the_published_curves(name: str, curve: object, end: str) -> None:
    published = rallpack.published_curve(name, end)
    if published is None:
        pytest.skip("the published curves come with Brian 2, which is not installed")
    times, voltage = published
    assert callable(curve)
    assert deviation(curve(end, times), voltage).worst < 1e-4


def test_axon_without_channels_is_the_closed_form() -> None:
    """Second order in space, to the last compartment: errors at 25 and 50 compartments are as 4 to 1."""
    times = np.linspace(0.0, 60.0, 61)
    passive = squid_axon.Membrane(sodium=0.0, potassium=0.0)
    errors = []
    for count in (25, 50):
        first, last = squid_axon.Axon(compartments=count, membrane=passive).end_voltages(times, 1e-10)
        # The first sample after the switch is left out: there the step in current has not yet spread over a
        # compartment.
        at_end = np.abs(first - rallpack.passive_cable_curve("0", times))[2:].max()
        far = np.abs(last - rallpack.passive_cable_curve("x", times))[2:].max()
        errors.append((at_end, far))
    for coarse, fine in zip(*errors, strict=True):
        assert np.log2(coarse / fine) == pytest.approx(2.0, abs=0.1)


def test_stored_axon_is_what_the_module_computes() -> None:
    times = sample_times(6.0)
    _, first, last = squid_axon.stored_curves("compartments")
    again = squid_axon.Axon(compartments=1000).centre_voltages(times)
    np.testing.assert_allclose(again[0], first[: len(times)], rtol=0, atol=2e-4)
    np.testing.assert_allclose(again[1], last[: len(times)], rtol=0, atol=2e-4)


def test_stored_axon_is_nearly_the_continuum() -> None:
    times, grid_first, grid_last = squid_axon.stored_curves("compartments")
    _, first, last = squid_axon.stored_curves("continuum")
    assert np.abs(rallpack.spike_time_errors(times, grid_last, last)).max() < 1e-3
    assert deviation(rallpack.end_voltage(grid_first, 1000)[1:], first[1:]).rms < 0.05


def test_published_axon_is_late_by_what_its_first_order_scheme_costs() -> None:
    published = rallpack.published_curve("axon", "x")
    if published is None:
        pytest.skip("the published curves come with Brian 2, which is not installed")
    times, voltage = published
    _, _, last = squid_axon.stored_curves("compartments")
    late = rallpack.spike_time_errors(times, voltage, last)
    assert 0.040 < late[-1] < 0.060
    assert rallpack.spike_shape_deviation(times, voltage, last).rms < 0.1


def test_deviation_counts_in_percent_of_the_swing() -> None:
    reference = np.array([0.0, 50.0, 100.0, 50.0])
    found = deviation(reference + np.array([1.0, -1.0, 1.0, -1.0]), reference)
    assert found == rallpack.Deviation(rms=1.0, worst=1.0)
    assert not found.within()
    assert deviation(reference, reference).within()


def test_traces_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"4,.* samples and its reference .*3,"):
        deviation(np.zeros(4), np.zeros(3))


def test_spikes_are_paired_only_when_they_are_as_many() -> None:
    times = np.arange(40) * 1.0
    wave = np.sin(times)
    with pytest.raises(ValueError, match="6 spikes and its reference 0"):
        rallpack.spike_time_errors(times, wave, wave - 2.0)
    np.testing.assert_allclose(rallpack.spike_time_errors(times, wave, wave), 0.0)
