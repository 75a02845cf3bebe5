"""What acts on a membrane from outside: light, temperature, ligands, constant or in pulses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import excitable as ex
from excitable.mechanisms import assemble
from excitable.mechanisms.condition import Course, edges_of


class Sensitive(ex.Channel):
    """A channel that light opens, of which light also carries a part at once. Source: made for this test."""

    closed, open = ex.gate("closed"), ex.gate("open")

    def rates(self, light: Any, temperature: Any) -> Any:
        return ex.physics.q10(2.0, temperature=temperature, reference=20.0) * ex.reactions(
            ("closed", "open", 0.5 * light, 0.2)
        )

    def current(self, v: Any, light: Any) -> Any:
        return 1e-4 * (self.open + 0.1 * light) * v


def cell(*conditions: ex.Condition) -> ex.Cell:
    made = ex.Cell(ex.single_compartment(20), temperature=20.0)
    return ex.paint(made, ex.everywhere, ex.Leak(), Sensitive(), *conditions)


RECORD = [
    ex.voltage(at=ex.soma, label="v"),
    ex.state("open", of=Sensitive, at=ex.soma, label="open"),
    ex.current(of=Sensitive, at=ex.soma, label="i"),
    ex.variable("light", at=ex.soma, label="light"),
]
# Edges that no step of a fixed length meets.
PULSES = ex.Condition("light", pulse=2.0, start=1.003, duration=3.0107, period=5.001, count=2)


def test_states_follow_the_closed_form_of_a_pulse() -> None:
    """Open = a/(a + b) (1 - exp(-(a + b) t)) in light, with a = 1/ms and b = 0.2/ms; the edges fall inside steps."""
    light = ex.Condition("light", pulse=2.0, start=1.003, duration=3.0)
    made = ex.run(cell(light), "8 ms", record=RECORD, dt=0.025)
    on, off = np.clip(made.time - 1.003, 0.0, 3.0), np.clip(made.time - 4.003, 0.0, None)
    wanted = 1.0 / 1.2 * (1.0 - np.exp(-1.2 * on)) * np.exp(-0.2 * off)
    assert np.abs(made["open"].values - wanted).max() < 2e-5
    np.testing.assert_array_equal(made["light"].values, np.where((made.time >= 1.003) & (made.time < 4.003), 2.0, 0.0))


@pytest.mark.parametrize("method", ex.methods.METHODS.values(), ids=repr)
def test_the_order_is_kept_wherever_the_edges_fall(method: ex.methods.Method) -> None:
    reference = ex.run(cell(PULSES), "12 ms", record=RECORD, dt=0.1, method=ex.Adaptive(tolerance=1e-10))
    errors = []
    for dt in (0.05, 0.0125):
        made = ex.run(cell(PULSES), "12 ms", record=RECORD, dt=dt, every=round(0.1 / dt), method=method)
        errors.append(np.sqrt(np.mean((made["v"].values - reference["v"].values) ** 2)))
    assert np.log(errors[0] / errors[1]) / np.log(4.0) == pytest.approx(method.order, abs=0.3)


def test_pulses_may_differ_from_cell_to_cell_and_along_a_cell() -> None:
    swept = ex.sweep(cell(PULSES), "12 ms", ex.vary("light", "pulse", [0.0, 1.0, 2.0]), record=RECORD, dt=0.025)
    for k, level in enumerate((0.0, 1.0, 2.0)):
        single = cell(ex.Condition("light", pulse=level, start=1.003, duration=3.0107, period=5.001, count=2))
        alone = ex.run(single, "12 ms", record=RECORD, dt=0.025)
        np.testing.assert_array_equal(swept["open"].values[k], alone["open"].values)
    cable = ex.Cell(ex.cable("100 um", "2 um"), ex.per_branch(4), temperature=20.0)
    spot = ex.Condition("light", ex.along(lambda place: np.exp(-place.distance / 50.0)))
    cable = ex.paint(cable, ex.everywhere, ex.Leak(), Sensitive(), spot)
    record = [ex.variable("light", at=ex.each(ex.everywhere), label="light")]
    found = ex.run(cable, "1 ms", record=record, dt=0.025)["light"].values[:, -1]
    assert found == pytest.approx(np.exp(-np.array([12.5, 37.5, 62.5, 87.5]) / 50.0))


def test_adaptive_steps_stop_at_edges_that_differ_from_cell_to_cell() -> None:
    swept = ex.sweep(
        cell(PULSES), "12 ms", ex.vary("light", "start", [0.5, 1.003]), record=RECORD, dt=0.1, method=ex.Adaptive(1e-7)
    )
    for k, start in enumerate((0.5, 1.003)):
        single = cell(ex.Condition("light", pulse=2.0, start=start, duration=3.0107, period=5.001, count=2))
        alone = ex.run(single, "12 ms", record=RECORD, dt=0.025, every=4)
        assert np.abs(swept["open"].values[k] - alone["open"].values).max() < 1e-4


def test_a_jump_of_the_temperature_quickens_what_follows_it() -> None:
    """Ten degrees for a while: the rates of a Q10 of 2 are twice as fast, and the Nernst potential follows."""
    warm = ex.Condition("temperature", 20.0, pulse=30.0, start=4.5, duration=100.0)
    ion = ex.Ion("k", 1, inside=140.0, outside=5.0)
    lit = ex.Condition("light", 0.0, pulse=2.0, start=5.0, duration=100.0)
    record = [*RECORD, ex.variable("e_k", at=ex.soma, label="e_k")]
    made = ex.run(ex.paint(cell(warm, lit), ex.everywhere, ion), "10 ms", record=record, dt=0.025)
    since = np.clip(made.time - 5.0, 0.0, None)
    assert np.abs(made["open"].values - 1.0 / 1.2 * (1.0 - np.exp(-2.4 * since))).max() < 1e-4
    for at, temperature in ((4.0, 20.0), (6.0, 30.0)):
        found = made["e_k"].values[np.argmin(np.abs(made.time - at))]
        assert found == pytest.approx(ex.physics.nernst(140.0, 5.0, valence=1, temperature=temperature))


def test_a_course_means_the_same_at_an_instant_and_over_a_moment() -> None:
    course = Course(1.0, 2.0, 5.0, 3.0)  # type: ignore[arg-type]  # numbers, as the laws of physics take them too
    times = np.array([0.0, 0.999, 1.0, 2.999, 3.0, 6.5, 11.0, 12.9, 13.1, 16.5])
    wanted = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    for time, value in zip(times, wanted, strict=True):
        assert float(course.at(time)) == value
        assert float(course.mean(time + 1e-6, 1e-9)) == pytest.approx(value, abs=1e-5)
    assert float(course.mean(8.0, 16.0)) == pytest.approx(6.0 / 16.0)
    numbers = {"start": 1.0, "duration": 2.0, "period": 5.0, "count": 3.0}
    assert sorted(edges_of(numbers, "light")) == [1.0, 3.0, 6.0, 8.0, 11.0, 13.0]
    with pytest.raises(ex.MechanismError, match="The condition 'light' has 2000000 pulses"):
        edges_of({**numbers, "count": 2e6}, "light")


def test_it_reads_as_it_is_written() -> None:
    assert repr(ex.Condition("light", 1.5)) == "Condition('light', 1.5)"
    assert repr(PULSES) == "Condition('light', 0.0, pulse=2.0, start=1.003, duration=3.0107, period=5.001, count=2.0)"
    assert ex.Condition("pressure", "10 mmHg").value == pytest.approx(1.3332237)
    assert ex.Condition("light", 1.0) == ex.Condition("light", "1000 uW/mm2")


# ---------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ex.Condition("sound", 1.0), "'sound' was given as a condition. Conditions are light"),
        (lambda: ex.Condition("e_na", 1.0), "'e_na' was given as a condition"),
        (lambda: ex.Condition("v", 1.0), "'v' was given as a condition"),
        (lambda: ex.Condition("light", -1.0), "value of light was given as -1 mW/mm2. It must be at least 0"),
        (lambda: ex.Condition("glutamate_outside", "-1 uM"), "value of glutamate_outside was given as -0.001 mM"),
        (lambda: ex.Condition("temperature", -3.0), "value of temperature was given as -3 degC.*between 0 and 60"),
        (lambda: ex.Condition("temperature", 20, pulse=80, duration=1), "pulse of temperature was given as 80 degC"),
        (lambda: ex.Condition("light", pulse=1.0), "was given a pulse and no duration"),
        (lambda: ex.Condition("light", duration=1.0), "was given a duration and no pulse"),
        (lambda: ex.Condition("light", pulse=1.0, duration=0.0), "duration of light was given as 0.*above 0"),
        (lambda: ex.Condition("light", pulse=1.0, duration=3, period=2, count=2), "2 pulses of 3 ms every 2 ms"),
        (lambda: ex.Condition("light", pulse=1.0, duration=1, period=2, count=1.5), "1.5 pulses of 1 ms"),
        (lambda: ex.Condition("light", "5 mV"), "'5 mV' is a voltage; value of light"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be(make: Any, message: str) -> None:
    with pytest.raises(ex.ExcitableError, match=message):
        make()


def test_a_stimulus_that_nobody_gives() -> None:
    with pytest.raises(ex.MechanismError, match=r"Sensitive\.current reads 'light'.*Condition\('light'"):
        assemble([Sensitive()])


def test_an_ion_whose_concentration_vanishes_has_no_potential() -> None:
    ion = ex.Ion("k", 1, inside=140.0)
    assemble([ion, ex.Condition("k_outside", 5.0)])
    for condition in (ex.Condition("k_outside", 0.0), ex.Condition("k_outside", 5.0, pulse=0.0, duration=1.0)):
        with pytest.raises(
            ex.MechanismError, match=r"gives the ion 'k' a concentration of 0 mM.*Write a small positive"
        ):
            assemble([ion, condition])


def test_the_temperature_of_a_cell_is_one_at_which_cells_live() -> None:
    with pytest.raises(ex.CellError, match=r"The temperature was given as -1\.0 °C"):
        ex.Cell(ex.single_compartment(20), temperature=-1.0)
    with pytest.raises(ex.CellError, match=r"The temperature was given as 61\.0 °C"):
        ex.material(temperature=61.0)


def test_a_q10_names_the_temperature_at_which_it_was_measured() -> None:
    class Warm(ex.Channel):
        """A Q10 of nothing in particular. Source: a mistake."""

        m = ex.gate("activation")

        def rates(self, temperature: Any) -> Any:
            return {"m": ex.physics.q10(3.0, temperature=temperature) * ex.relax(0.5, 1.0)}

    with pytest.raises(ex.RequestError, match="The reference temperature is missing"):
        assemble([Warm()])


def test_a_variable_that_is_none_cannot_be_recorded() -> None:
    with pytest.raises(ex.RequestError, match="'voltage' was asked for, which is no variable"):
        ex.variable("voltage", at=ex.soma)
    with pytest.raises(ex.UnknownNameError, match="provides the variable 'e_ca'"):
        ex.run(cell(PULSES), "1 ms", record=[ex.variable("e_ca", at=ex.soma)])
