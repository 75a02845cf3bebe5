"""Signs and scales that would give wrong numbers without a word are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import excitable as ex


class Milli(ex.Channel):
    """A leak whose conductance is declared in mS/cm2. Source: made for this test."""

    g = ex.parameter(0.1, "mS/cm2", "conductance")

    def current(self, v: Any) -> Any:
        """Outward current density, µA/cm², converted by its unit."""
        return self.g * (v + 70.0)


class Bare(Milli):
    """The same with a factor whose meaning cannot be told. Source: made for this test."""

    def current(self, v: Any) -> Any:
        """Outward current density, in one unit or another."""
        return 1.0 * (2.0 * self.g * (v + 70.0) / 2.0)


def compartment(*mechanisms: ex.Mechanism) -> ex.Cell:
    """One compartment of 20 by 20 µm."""
    return ex.paint(ex.Cell(ex.single_compartment(20, 20)), ex.everywhere, *mechanisms)


def test_a_declared_scale_is_converted():
    record = [ex.current(at=ex.root, label="i")]
    found = ex.run(compartment(Milli()), 1, record=record)["i"].values[0]
    assert found == pytest.approx(1e-4 * 5.0, rel=1e-12)


def test_a_scale_that_bare_numbers_hide_is_refused():
    with pytest.raises(ex.UnitError, match=r"current of Bare is a bare number times a quantity in .*S/cm2 with mV"):
        ex.run(compartment(Bare()), 1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ex.Leak(conductance=-1e-4),
        lambda: ex.run(compartment(ex.Leak(conductance=ex.along(lambda place: -0.0 * place.distance - 1.0))), 1),
        lambda: ex.sweep(compartment(ex.Leak()), 1, ex.vary(ex.Leak, "conductance", [1e-4, -1e-4])),
    ],
)
def test_a_conductance_below_zero_is_refused(make: Any):
    with pytest.raises(ex.MechanismError, match=r"conductance.*was given as -.*at least 0 S/cm2"):
        make()


def test_limits_of_ones_own():
    class Bounded(ex.Channel):
        """A fraction. Source: made for this test."""

        part = ex.parameter(0.5, "1", "a fraction", lowest=0.0, highest=1.0)

    assert Bounded(part=1.0).part == 1.0
    with pytest.raises(ex.MechanismError, match="between 0 and 1"):
        Bounded(part=1.5)


def test_a_whole_power_of_a_negative_number_in_both_targets():
    class Powered(ex.Channel):
        """A current with an exponent that is a parameter. Source: made for this test."""

        k = ex.parameter(3.0, "1", "exponent")

        def current(self, v: Any) -> Any:
            """Outward current density, mA/cm²."""
            return 1e-3 * (v / 100.0) ** self.k

    for exponent in (2.0, 3.0):
        runs = [
            ex.run(compartment(Powered(k=exponent)), 2, on=target).signals["voltage at root"].values
            for target in (ex.host, ex.interpreter)
        ]
        np.testing.assert_allclose(runs[0], runs[1], rtol=1e-12)
        assert np.isfinite(runs[0]).all()


def test_values_with_units_need_the_class():
    assert ex.vary(ex.Leak, "conductance", ["0.1 mS/cm2"]).values == pytest.approx([1e-4])
    with pytest.raises(ex.RequestError, match=r"named by text.*vary\(TheClass"):
        ex.vary("Leak", "conductance", ["0.1 mS/cm2"])
