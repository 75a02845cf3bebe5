"""Each preparation reproduces the numbers that it states, and says where they are from."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from excitable.errors import UnknownNameError
from excitable.frozen import replace
from excitable.library import PREPARATIONS, Interrupted, Preparation, Study, find, perform, study
from excitable.recordings import Recording
from excitable.runtime import run

STUDIES: dict[str, Study] = {}
every_preparation = pytest.mark.parametrize("preparation", PREPARATIONS, ids=lambda each: each.name)


def carried_out(preparation: Preparation) -> Study:
    """The study of a preparation with its published settings, done once for all tests."""
    if preparation.name not in STUDIES:
        STUDIES[preparation.name] = study(preparation)
    return STUDIES[preparation.name]


@every_preparation
def test_every_published_number_holds(preparation: Preparation) -> None:
    rows = carried_out(preparation).measured
    assert [(row.quantity, row.value, row.published) for row in rows if row.holds is False] == []
    assert any(row.holds for row in rows)
    assert carried_out(preparation).holds


@every_preparation
def test_every_published_number_says_where_it_is_from(preparation: Preparation) -> None:
    for row in carried_out(preparation).measured:
        assert (row.published is None) == (row.tolerance is None)
        assert row.published is None or row.source
        assert json.loads(json.dumps(row.as_dictionary(), allow_nan=False))["unit"]
    assert preparation.source
    assert preparation.summary.endswith(".")


@every_preparation
def test_settings_have_a_unit_and_a_meaning(preparation: Preparation) -> None:
    assert preparation.name.isidentifier()
    assert all(each.unit and each.meaning and math.isfinite(each.default) for each in preparation.settings)
    assert len(preparation.defaults) == len(preparation.settings)


@every_preparation
def test_figures_show_what_was_recorded(preparation: Preparation) -> None:
    done = carried_out(preparation)
    assert done.figures
    assert len({figure.name for figure in done.figures}) == len(done.figures)
    for figure in done.figures:
        experiment = getattr(figure, "experiment", None)
        assert experiment is None or experiment in done.recordings


def value(done: Study, quantity: str) -> float:
    return next(row.value for row in done.measured if row.quantity == quantity)


def test_squid_membrane_at_the_numbers_of_an_independent_integrator() -> None:
    done = carried_out(find("squid_membrane"))
    assert value(done, "rheobase of a 200 ms step") == pytest.approx(2.2362, abs=0.011)  # the grid is 0.01
    assert value(done, "period of sustained firing") == pytest.approx(14.622, abs=0.002)
    assert value(done, "width at half amplitude") == pytest.approx(1.48156, abs=0.0005)
    assert value(done, "threshold of an instantaneous shock") == pytest.approx(6.4898, abs=0.021)


def test_squid_giant_axon_at_the_velocity_of_the_paper() -> None:
    done = carried_out(find("squid_giant_axon"))
    # Hodgkin & Huxley 1952, part III: 18.8 m/s; converged in space and time, 18.730.
    assert value(done, "conduction velocity") == pytest.approx(18.730, abs=0.003)
    assert value(done, "amplitude of the action potential") == pytest.approx(90.5, abs=0.05)
    assert value(done, "velocity over that of a quarter of the diameter") == pytest.approx(2.0, abs=1e-6)


def test_passive_cable_against_closed_forms() -> None:
    done = carried_out(find("passive_cable"))
    assert value(done, "length constant") == pytest.approx(816.5, abs=0.1)
    assert value(done, "input resistance, endless both ways") == pytest.approx(194.92, abs=0.05)
    assert value(done, "input resistance, endless one way") == pytest.approx(389.85, rel=0.002)


def test_closed_forms_follow_the_settings() -> None:
    done = study(find("passive_cable"), {"diameter": "4 um", "electrotonic_length": 0.5})
    assert [row.holds for row in done.measured] == [True] * 6
    assert value(done, "length constant") == pytest.approx(1154.7, abs=0.5)


def test_a_changed_condition_leaves_the_published_number_out() -> None:
    done = study(find("squid_giant_axon"), {"temperature": 6.3}, dt="5 us")
    velocity = done.measured[0]
    assert (velocity.published, velocity.holds) == (None, None)
    assert velocity.value == pytest.approx(12.31, abs=0.01)  # NEURON 9.0.2 at 6.3 °C: 12.31
    assert [row.holds for row in done.measured if row.published is not None] == [True]  # the law of the diameter
    assert done.holds


def test_the_step_is_no_condition_of_the_paper() -> None:
    coarse = study(find("squid_membrane"), dt="0.1 ms")
    assert not coarse.holds


def test_what_cannot_be_measured_is_not_a_number() -> None:
    done = study(find("squid_membrane"), {"SquidSodium.conductance": 0.0})
    assert math.isnan(value(done, "period of sustained firing"))
    assert done.measured[5].as_dictionary()["value"] is None
    assert done.holds


def test_the_duration_is_that_of_the_first_experiment() -> None:
    done = study(find("squid_membrane"), duration="20 ms")
    assert done.recordings["pulse"].time[-1] == pytest.approx(20.0)
    assert done.recordings["step"].time[-1] == pytest.approx(205.0)


def test_an_experiment_can_be_carried_out_alone() -> None:
    squid = find("squid_membrane")
    first = squid.experiments(squid.cell(squid.defaults), squid.defaults)[0]
    assert perform(first, dt=0.01).description["dt"] == 0.01


def test_an_interrupted_study_keeps_what_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*arguments: Any, **request: Any) -> Recording:
        whole = run(*arguments, **request)
        return whole if whole.time[-1] < 100.0 else replace(whole, complete=False, stopped_at=4.0)

    monkeypatch.setitem(study.__globals__, "run", stopped)
    with pytest.raises(Interrupted, match="'step' was interrupted at 4 ms") as caught:
        study(find("squid_membrane"))
    assert list(caught.value.recordings) == ["pulse", "step"]


def test_misspelt_names_get_the_nearest() -> None:
    with pytest.raises(
        UnknownNameError, match=r"There is no preparation 'squid_axon'.*Did you mean 'squid_giant_axon'"
    ):
        find("squid_axon")
