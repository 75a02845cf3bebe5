"""Two chambers: exact solutions, equilibria, conservation, charge; and the stiff integrator by itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import scipy.integrate

from excitable.errors import NumericalError, RequestError
from excitable.physics import (
    Chambers,
    Permeant,
    charging_ions,
    electrodiffuse,
    electrodiffusion_equilibrium,
    ghk_current,
    goldman,
    nernst,
    thermal_voltage,
)
from excitable.physics.stiff import integrate_stiff

CELL = [
    Permeant(1e-5, 140.0, 5.0, 1, "potassium"),
    Permeant(4e-7, 12.0, 145.0, 1, "sodium"),
    Permeant(4.5e-6, 4.0, 110.0, -1, "chloride"),
    Permeant(1e-8, 1e-4, 2.0, 2, "calcium"),
]


def salt(cation: float, anion: float, inside: float = 30.0, outside: float = 20.0) -> list[Permeant]:
    return [Permeant(cation, inside, outside, 1, "sodium"), Permeant(anion, inside, outside, -1, "chloride")]


def test_through_an_open_barrier_30_and_20_become_25_and_25() -> None:
    # Ions that pass alike never part: the difference decays with the rate P A (1/V + 1/V).
    times = np.array([0.0, 1e3, 3e4, 1e5, 2e6])
    found = electrodiffuse(salt(1e-5, 1e-5), Chambers(), times=times)
    exact = 25.0 + 5.0 * np.exp(-2e-5 * times)
    assert found.inside[0] == pytest.approx(exact, rel=1e-8)
    assert found.outside[1] == pytest.approx(50.0 - exact, rel=1e-8)
    assert np.abs(found.voltage).max() < 1e-9
    assert found.inside[:, -1] == pytest.approx([25.0, 25.0], rel=1e-9)
    assert found.moved[0, -1] == pytest.approx(5000.0, rel=1e-9)  # nmol: 5 mM in 1 cm³


def test_unequal_volumes_mix_to_the_mean() -> None:
    chambers = Chambers(volume_inside="2 cm3", volume_outside="500 mm3", area=3.0)
    times = [2e4, 5e5]
    found = electrodiffuse(salt(1e-5, 1e-5), chambers, times=times)
    exact = 28.0 + 2.0 * np.exp(-1e-5 * 3.0 * (1.0 / 2.0 + 1.0 / 0.5) * np.array(times))
    assert found.inside[0] == pytest.approx(exact, rel=1e-8)


def test_where_only_sodium_passes_its_equilibrium_potential_appears() -> None:
    found = electrodiffuse(salt(1e-5, 0.0), Chambers())
    assert found.voltage[-1] == pytest.approx(nernst(30.0, 20.0, temperature=20.0), abs=1e-5)
    rest = nernst(found.inside[0, -1], found.outside[0, -1], temperature=20.0)
    assert found.voltage[-1] == pytest.approx(rest, abs=1e-6)
    # The charge is capacitance times voltage, 10 nC, that of 0.106 pmol of sodium; no balance would notice.
    assert found.charge[-1] == pytest.approx(-10.243, abs=5e-4)
    expected = 1e-3 * charging_ions(-found.voltage[-1])
    assert found.moved[0, -1] == pytest.approx(expected, rel=1e-9)
    assert expected == pytest.approx(1.0616e-4, rel=1e-4)
    assert found.inside[0, -1] == pytest.approx(30.0, abs=2e-7)
    assert (found.moved[1] == 0.0).all()


def test_charging_follows_the_equation_of_one_ion() -> None:
    # In an endless supply only the voltage moves: C dv/dt = -I(v), with I by Goldman, Hodgkin & Katz.
    ion = {"permeability": 1e-5, "inside": 30.0, "outside": 20.0, "temperature": 20.0}
    times = np.array([1e-5, 1e-4, 3e-4, 1e-3, 1e-2])
    found = electrodiffuse(salt(1e-5, 0.0), Chambers(), times=times)
    # mA/cm² on 1 µF/cm² is 1e6 mV/s.
    reference = scipy.integrate.solve_ivp(
        lambda _, v: -1e6 * ghk_current(v, **ion), (0.0, 1e-2), [0.0], "LSODA", times, rtol=1e-11, atol=1e-12
    )
    assert found.voltage == pytest.approx(reference.y[0], rel=1e-6)


def test_a_diffusion_potential_comes_and_goes() -> None:
    ions = salt(1e-5, 3e-5)
    found = electrodiffuse(ions, Chambers())
    # Charged long before anything has mixed: the voltage of no current.
    early = goldman(ions, temperature=20.0)
    assert np.max(found.voltage) == pytest.approx(early, rel=1e-4)
    assert found.voltage[-1] == pytest.approx(0.0, abs=1e-6)
    assert found.inside[:, -1] == pytest.approx([25.0, 25.0], abs=1e-6)


@pytest.mark.parametrize("ions", [CELL, salt(1e-5, 3e-5), salt(1e-5, 0.0), salt(1e-4, 1e-7, 30.0, 0.0)])
@pytest.mark.parametrize("chambers", [Chambers(), Chambers(1e-3, 4.0, 0.1, 2.0, -60.0, 37.0)], ids=["alike", "cell"])
def test_every_ion_and_the_charge_are_conserved(ions: list[Permeant], chambers: Chambers) -> None:
    found = electrodiffuse(ions, chambers)
    ratio = chambers.volume_outside / chambers.volume_inside
    totals = found.inside + ratio * found.outside
    assert totals == pytest.approx(np.broadcast_to(totals[:, :1], totals.shape), rel=1e-14)
    valences = np.array([ion.valence for ion in ions])
    # nmol of charges times the Faraday constant is 1e-4 C: the charge inside is what has not crossed.
    crossed = 96485.33212 * (valences @ found.moved)
    assert crossed == pytest.approx(-found.charge, abs=1e-13 * 96485.0 * np.abs(found.moved).max(), rel=1e-8)
    end = electrodiffusion_equilibrium(ions, chambers)
    assert found.voltage[-1] == pytest.approx(end.voltage, abs=1e-5)
    assert found.inside[:, -1] == pytest.approx(end.inside, abs=1e-5)
    assert found.outside[:, -1] == pytest.approx(end.outside, abs=1e-5)


def test_what_is_asked_for_at_times_is_what_the_steps_pass_through() -> None:
    whole = electrodiffuse(CELL, Chambers())
    some = slice(40, 400, 60)
    again = electrodiffuse(CELL, Chambers(), times=whole.time[some])
    assert again.voltage == pytest.approx(whole.voltage[some], abs=1e-6)
    between = 0.5 * (whole.time[200] + whole.time[201])
    exact = electrodiffuse(CELL, Chambers(), times=[between])
    assert whole.inside[0, 200] >= exact.inside[0, 0] >= whole.inside[0, 201]


def test_an_endless_bath_does_not_change() -> None:
    found = electrodiffuse(salt(1e-5, 1e-5), Chambers(volume_outside=math.inf))
    assert (found.outside == 20.0).all()
    assert found.inside[:, -1] == pytest.approx([20.0, 20.0], abs=1e-6)


def test_at_equilibrium_every_ion_has_one_potential() -> None:
    end = electrodiffusion_equilibrium(CELL, Chambers(temperature=37.0))
    for ion, inside, outside in zip(CELL, end.inside, end.outside, strict=True):
        assert nernst(inside, outside, valence=ion.valence, temperature=37.0) == pytest.approx(end.voltage, abs=1e-9)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"area": 0.0}, r"the area is 0 cm2. A value above zero was expected. Write '1 cm2'"),
        ({"volume_inside": -1.0}, r"the volume inside is -1 cm3"),
        ({"volume_inside": [1.0, 2.0]}, r"The volume inside is \[1.0, 2.0\]. One number.*Write volume_inside=1.0"),
        ({"capacitance": 0.0}, r"the capacitance is 0 uF/cm2"),
    ],
)
def test_chambers_are_given_with_sizes(given: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        Chambers(**given)


def test_wrong_ions_and_times_are_refused() -> None:
    with pytest.raises(RequestError, match=r"No ions were given"):
        electrodiffuse([], Chambers())
    with pytest.raises(RequestError, match=r"No ion passes the membrane.*Write Permeant"):
        electrodiffuse(salt(0.0, 0.0), Chambers())
    with pytest.raises(RequestError, match=r"concentration of sodium inside is -30 mM. A value of zero or more"):
        electrodiffuse(salt(1e-5, 1e-5, inside=-30.0), Chambers())
    with pytest.raises(RequestError, match=r"holds more than one number. One number.*Write a loop"):
        electrodiffuse([Permeant(1e-5, np.array([1.0, 2.0]), 3.0)], Chambers())
    for times in ([1.0, 0.5], [-1.0]):
        with pytest.raises(RequestError, match=r"The times are .*that rise from zero.*Write times="):
            electrodiffuse(salt(1e-5, 1e-5), Chambers(), times=times)
    with pytest.raises(RequestError, match=r"The temperature is 310.15 degC. From 0 to 60 degC"):
        electrodiffuse(salt(1e-5, 1e-5), Chambers(temperature=310.15))


def robertson(y: np.ndarray) -> np.ndarray:
    slow, fast = 0.04 * y[0], 1e4 * y[1] * y[2]
    return np.array([fast - slow, slow - fast - 3e7 * y[1] ** 2, 3e7 * y[1] ** 2])


def robertson_slopes(y: np.ndarray) -> np.ndarray:
    a, b, c = 1e4 * y[2], 1e4 * y[1], 6e7 * y[1]
    return np.array([[-0.04, a, b], [0.04, -a - c, -b], [0.0, c, 0.0]])


def test_the_integrator_on_the_reactions_of_robertson() -> None:
    # Hairer & Wanner 1996, section IV.10: the state at 40 s, and at 4e5 s.
    times, size = np.array([40.0, 4e5]), np.array([1.0, 1e-4, 1.0])
    _, states = integrate_stiff(
        robertson, robertson_slopes, np.array([1.0, 0.0, 0.0]), size=size, settled=lambda _: False, times=times
    )
    reference = scipy.integrate.solve_ivp(
        lambda _, y: robertson(y), (0.0, 4e5), [1.0, 0.0, 0.0], "Radau", times, jac=lambda _, y: robertson_slopes(y),
        rtol=1e-11, atol=1e-16,
    )  # fmt: skip
    assert states == pytest.approx(reference.y.T, rel=1e-6)
    assert states[0] == pytest.approx([0.7158271, 9.1855e-6, 0.2841637], rel=1e-4)
    assert states.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-14)


def test_the_integrator_is_of_high_order() -> None:
    errors = []
    for tolerance in (1e-4, 1e-6, 1e-8, 1e-10):
        _, states = integrate_stiff(
            lambda y: np.array([-y[1], y[0]]), lambda _: np.array([[0.0, -1.0], [1.0, 0.0]]), np.array([1.0, 0.0]),
            size=np.ones(2), settled=lambda _: False, times=np.array([10.0]), tolerance=tolerance,
        )  # fmt: skip
        errors.append(abs(states[0] - [math.cos(10.0), math.sin(10.0)]).max())
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-9


def test_a_system_that_blows_up_is_an_error() -> None:
    with pytest.raises(
        NumericalError,
        match=r"beyond (1|0.9999\d*) s: .*stays finite was expected. Look for .* write '1e-6 cm/s'",
    ):
        integrate_stiff(
            lambda y: y**2, lambda y: np.array([[2.0 * y[0]]]), np.ones(1), size=np.ones(1), settled=lambda _: False,
            times=np.array([2.0]),
        )  # fmt: skip


def test_a_system_that_never_settles_is_an_error() -> None:
    with pytest.raises(NumericalError, match=r"could not be followed beyond [1-9.]*e\+2[5-9] s: .*stays finite"):
        integrate_stiff(lambda y: -y, lambda _: -np.eye(1), np.ones(1), size=np.ones(1), settled=lambda _: False)


def test_the_thermal_voltage_of_the_chambers() -> None:
    assert Chambers(temperature="37 degC").thermal == thermal_voltage(37.0)
