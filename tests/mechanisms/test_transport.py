"""Pumps, exchangers and cotransporters: stoichiometry, saturation, where they stand still, what blocks them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import excitable as ex
from excitable.constants import FARADAY
from excitable.mechanisms import Channel
from excitable.mechanisms.channels import ConstantFieldLeak
from excitable.mechanisms.transport import (
    CalciumStore,
    CardiacSodiumPotassiumPump,
    PlasmaMembraneCalciumPump,
    PotassiumChlorideCotransporter,
    ProtonPump,
    PurkinjeSodiumCalciumExchanger,
    ReticulumCalciumPump,
    SodiumCalciumExchanger,
    SodiumPotassiumChlorideCotransporter,
    SodiumPotassiumPump,
    SquidSodiumPotassiumPump,
)
from excitable.physics import atp_energy, ghk_current, nernst, pump_reversal, thermal_voltage

GIVEN = {
    "v": -70.0, "na_inside": 15.0, "na_outside": 145.0, "k_inside": 140.0, "k_outside": 4.0, "ca_inside": 1e-4,
    "ca_outside": 2.0, "cl_inside": 8.0, "cl_outside": 120.0, "temperature": 37.0,
}  # fmt: skip


def current(channel: Channel, **values: float) -> Any:
    """The currents of a transporter for a cell of a mammal, with some values changed."""
    given = {**GIVEN, **values}
    return channel.current(*(given[name] for name in channel.reads("current")))


def net(channel: Channel, **values: float) -> float:
    return float(sum(current(channel, **values).values()))


# ---------------------------------------------------------------- the sodium pump
PUMPS = (SodiumPotassiumPump, CardiacSodiumPotassiumPump, SquidSodiumPotassiumPump)


@pytest.mark.parametrize("kind", PUMPS, ids=lambda kind: kind.__name__)
def test_three_sodium_leave_for_two_potassium_at_any_voltage(kind: type[Channel]) -> None:
    for v in (-150.0, -70.0, 0.0, 100.0):
        parts = current(kind(), v=v)
        assert set(parts) == {"na", "k"}
        assert parts["na"] / parts["k"] == pytest.approx(-1.5)
        assert net(kind(), v=v) == pytest.approx(parts["na"] / 3.0)
        assert net(kind(), v=v) > 0.0


@pytest.mark.parametrize("kind", PUMPS, ids=lambda kind: kind.__name__)
def test_ouabain_and_a_lack_of_atp_stop_the_pump(kind: type[Channel]) -> None:
    whole, pump = net(kind(atp=1e6)), kind()
    assert net(kind(atp=1e6, ouabain=pump.ouabain_half)) / whole == pytest.approx(0.5)
    assert net(kind(atp=1e6, ouabain=99.0 * pump.ouabain_half)) / whole == pytest.approx(0.01)
    assert net(kind(atp=pump.atp_half)) / whole == pytest.approx(0.5)
    assert net(kind(atp=0.0)) == 0.0


@pytest.mark.parametrize("kind", PUMPS, ids=lambda kind: kind.__name__)
def test_the_pump_saturates(kind: type[Channel]) -> None:
    """More of an ion than can bind changes nothing; half of the rate is where the equations have it."""
    cube, square = 2.0 ** (1.0 / 3.0) - 1.0, 2.0**0.5 - 1.0
    halves = {
        SodiumPotassiumPump: (13.0 / cube, 1.0 / square),
        CardiacSodiumPotassiumPump: (10.0, 1.5),
        SquidSodiumPotassiumPump: (7.0, 3.92),
    }
    for name, half in zip(("na_inside", "k_outside"), halves[kind], strict=True):
        most = net(kind(), **{name: 1e9})
        assert net(kind(), **{name: half}) / most == pytest.approx(0.5, rel=1e-6)
        assert net(kind(), **{name: 1e6}) / most == pytest.approx(1.0, rel=1e-4)


def test_the_pumps_of_muscle_and_heart_by_their_equations() -> None:
    """Shorten et al. 2007 and Luo & Rudy 1994, written out again in their own units (µA/cm², µmol/(cm² s))."""
    for v in (-90.0, 0.0, 40.0):
        u, sigma = v / float(thermal_voltage(20.0)), (math.exp(145.0 / 67.3) - 1.0) / 7.0
        most = FARADAY * 0.000621 / ((1.0 + 1.0 / 4.0) ** 2 * (1.0 + 13.0 / 15.0) ** 3)
        voltage = 1.0 / (1.0 + 0.12 * math.exp(-0.1 * u) + 0.04 * sigma * math.exp(-u))
        assert 1e3 * net(SodiumPotassiumPump(atp=1e9), v=v, temperature=20.0) == pytest.approx(most * voltage)
        u = v / float(thermal_voltage(37.0))
        voltage = 1.0 / (1.0 + 0.1245 * math.exp(-0.1 * u) + 0.0365 * sigma * math.exp(-u))
        heart = 1.5 * voltage / (1.0 + (10.0 / 15.0) ** 1.5) * 4.0 / 5.5
        assert 1e3 * net(CardiacSodiumPotassiumPump(atp=1e9), v=v) == pytest.approx(heart)


def test_the_pump_of_the_squid_moves_what_was_measured() -> None:
    """13 of 19 pmol/(cm² s) of potassium are the pump's at 80 mM Na, 4 mM ATP, 16 °C (Mullins & Brinley 1969)."""

    def entering(sodium: float, atp: float, potassium: float = 10.0) -> float:
        parts = current(SquidSodiumPotassiumPump(atp=atp), na_inside=sodium, k_outside=potassium, temperature=16.0)
        return float(-parts["k"] / (1e-9 * FARADAY))

    assert entering(80.0, 4.0) == pytest.approx(13.0, abs=0.05)
    assert entering(80.0, 0.03) / entering(80.0, 4.0) == pytest.approx(0.5, abs=0.01)
    assert entering(7.0, 4.0) / entering(80.0, 4.0) == pytest.approx(0.5, abs=0.05)
    # Rakowski, Gadsby & De Weer 1989: half by 3.92 mM, power 1.53.
    assert entering(80.0, 4.0, 3.92) / entering(80.0, 4.0, 1e9) == pytest.approx(0.5)
    assert entering(80.0, 4.0, 3.92 * 9.0 ** (1.0 / 1.53)) / entering(80.0, 4.0, 1e9) == pytest.approx(0.9)
    # De Weer & Rakowski 1984, Nature 309:450: the net current is of the order of a microampere for each cm².
    assert 0.5 < 1e3 * net(SquidSodiumPotassiumPump(), na_inside=80.0, k_outside=10.0, temperature=18.0) < 5.0


def test_no_pump_works_where_atp_cannot_pay() -> None:
    """The pumps here do not reverse: where they are used, the voltage is above the one at which ATP breaks even."""
    energy = float(atp_energy(atp=5.0, adp=0.05, phosphate=2.0, temperature=37.0))
    still = float(pump_reversal(energy, sodium=(15.0, 145.0), potassium=(140.0, 4.0), temperature=37.0))
    assert still < -150.0


# ---------------------------------------------------------------- sodium and calcium
EXCHANGERS = (SodiumCalciumExchanger, PurkinjeSodiumCalciumExchanger)


@pytest.mark.parametrize("kind", EXCHANGERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("sodium", [5.0, 15.0, 30.0])
@pytest.mark.parametrize("calcium", [5e-5, 1e-3])
def test_the_exchanger_turns_where_three_sodium_pay_for_one_calcium(
    kind: type[Channel], sodium: float, calcium: float
) -> None:
    e_na = float(nernst(sodium, 145.0, temperature=37.0))
    e_ca = float(nernst(calcium, 2.0, valence=2, temperature=37.0))
    still = 3.0 * e_na - 2.0 * e_ca
    sides = {"na_inside": sodium, "ca_inside": calcium}
    assert brentq(lambda v: net(kind(), v=v, **sides), -200.0, 200.0) == pytest.approx(still, abs=1e-9)
    # Below it, sodium enters and calcium leaves.
    parts = current(kind(), v=still - 20.0, **sides)
    assert parts["na"] < 0.0 < parts["ca"]
    assert parts["na"] / parts["ca"] == pytest.approx(-1.5)


def test_the_exchanger_of_the_heart_saturates_and_that_of_purkinje_fibres_by_its_own_term() -> None:
    heart, fibre = SodiumCalciumExchanger(), PurkinjeSodiumCalciumExchanger()
    assert net(heart, v=-80.0, ca_outside=1.38) != 0.0
    inward = [net(heart, v=-120.0, ca_inside=ca, ca_outside=1e-9) / ca for ca in (1e-4, 1e-3)]
    assert inward[0] == pytest.approx(inward[1])  # linear in what it carries out
    u = -80.0 / float(thermal_voltage(37.0))
    given = (15.0**3 * 2.0, 145.0**3 * 1e-4)
    expected = 0.02 * (math.exp(0.5 * u) * given[0] - math.exp(-0.5 * u) * given[1]) / (1.0 + 0.001 * sum(given))
    # 0.02 nA on 0.075 cm², in mA/cm2.
    assert net(fibre, v=-80.0) == pytest.approx(expected * 1e-6 / 0.075, rel=2e-3)


# ---------------------------------------------------------------- calcium pumps
def test_the_pump_of_the_plasma_membrane() -> None:
    pump = PlasmaMembraneCalciumPump()
    most = current(pump, ca_inside=1e6)["ca"]
    assert 1e3 * most == pytest.approx(1.15)
    assert current(pump, ca_inside=5e-4)["ca"] / most == pytest.approx(0.5)
    steep = PlasmaMembraneCalciumPump(power=2.0)
    assert current(steep, ca_inside=1.5e-3)["ca"] / most == pytest.approx(0.9)
    for protons in (0.0, 1.0, 2.0):
        charge = net(PlasmaMembraneCalciumPump(protons=protons)) / current(pump)["ca"]
        assert charge == pytest.approx(1.0 - 0.5 * protons)


def test_the_pump_of_the_reticulum_stands_still_where_its_store_is_full() -> None:
    """1.7 mM over 0.246 µM: 6911 times the calcium of the cell (Shannon et al. 2004)."""
    pump, way = ReticulumCalciumPump(), ("ca_inside", "ca_store")
    assert pump.flux(1e-4, 1e-4 * 1.7 / 0.246e-3, 37.0)[way] == pytest.approx(0.0, abs=1e-18)
    assert pump.flux(1e-4, 0.5, 37.0)[way] > 0.0 > pump.flux(1e-4, 1.0, 37.0)[way]
    assert pump.flux(1.0, 1e-9, 37.0)[way] == pytest.approx(2.86e-4, rel=1e-5)
    assert pump.flux(0.246e-3, 1e-9, 37.0)[way] == pytest.approx(1.43e-4)
    assert pump.flux(1.0, 1e-9, 27.0)[way] == pytest.approx(2.86e-4 / 2.6, rel=1e-5)


def test_what_the_reticulum_takes_the_cell_has_lost() -> None:
    cell = ex.Cell(ex.single_compartment(20.0, 20.0), temperature=37.0, initial_voltage=-70.0)
    cell = ex.paint(cell, ex.everywhere, ex.Leak(), ReticulumCalciumPump(), CalciumStore(), ex.Cytosol("ca"))
    cell = ex.paint(cell, ex.everywhere, ex.Ion("ca", 2, inside=2e-3, outside=2.0))
    record = [
        ex.state("inside", of="ca_cytosol", at=ex.soma, label="cell"),
        ex.state("calcium", of=CalciumStore, at=ex.soma, label="store"),
    ]
    made = ex.run(cell, 2000.0, record=record, dt=0.1)
    inside, store = made["cell"].values, made["store"].values
    np.testing.assert_allclose(inside + 0.035 * store, 2e-3 + 0.035 * 0.5, rtol=1e-12)
    assert inside[-1] < 1e-4 < 2e-3 == inside[0]
    assert store[-1] / inside[-1] == pytest.approx(1.7 / 0.246e-3, rel=0.05)


# ---------------------------------------------------------------- chloride
def flux(transporter: ex.Mechanism, **values: float) -> Any:
    given = {**GIVEN, **values}
    return transporter.flux(*(given[name] for name in transporter.reads("flux")))


def test_potassium_chloride_cotransport_rests_where_both_have_one_potential() -> None:
    resting = 4.0 * 120.0 / 140.0
    e_k = float(nernst(140.0, 4.0, temperature=37.0))
    assert float(nernst(resting, 120.0, valence=-1, temperature=37.0)) == pytest.approx(e_k)
    assert flux(PotassiumChlorideCotransporter(), cl_inside=resting)["cl"] == pytest.approx(0.0, abs=1e-18)
    for chloride, sign in ((2.0 * resting, 1.0), (0.5 * resting, -1.0)):
        moved = flux(PotassiumChlorideCotransporter(), cl_inside=chloride)
        assert moved["k"] == moved["cl"]
        assert sign * moved["cl"] == pytest.approx(7e-4 * math.log(2.0))
    # 0.3 mM/s in a sphere of 7 µm radius, whose volume is 7/3 µm times its surface.
    assert pytest.approx(0.3) == 1e3 * 7e-4 / (7.0 / 3.0)


def test_sodium_potassium_chloride_cotransport_rests_where_the_gradients_cancel() -> None:
    transporter = SodiumPotassiumChlorideCotransporter()
    resting = 120.0 * math.sqrt(145.0 * 4.0 / (15.0 * 140.0))
    assert flux(transporter, cl_inside=resting)["cl"] == pytest.approx(0.0, abs=1e-18)
    entering = flux(transporter, cl_inside=8.0, k_outside=16.0)
    assert entering["na"] < 0.0
    assert (entering["k"], entering["cl"]) == (entering["na"], 2.0 * entering["na"])
    gradient = math.log(15.0 * 140.0 * 64.0 / (145.0 * 16.0 * 120.0**2))
    assert entering["na"] == pytest.approx(0.5 * 2.333e-4 * gradient)
    # e_na + e_k - 2 e_cl is the free energy of a turn, in RT/F.
    parts = [
        float(nernst(*s, valence=z, temperature=37.0)) for s, z in (((15, 145), 1), ((140, 16), 1), ((8, 120), -1))
    ]
    assert -(parts[0] + parts[1] - 2.0 * parts[2]) / float(thermal_voltage(37.0)) == pytest.approx(gradient)


def test_chloride_follows_its_cotransporter_and_nothing_is_made() -> None:
    """KCC2 alone takes chloride down to where e_cl meets e_k, with as much potassium; the voltage does not notice."""
    cell = ex.Cell(ex.single_compartment(10.0, 10.0), temperature=37.0, initial_voltage=-70.0)
    cell = ex.paint(cell, ex.everywhere, ex.Leak(), PotassiumChlorideCotransporter(), ex.Cytosol("k"), ex.Cytosol("cl"))
    cell = ex.paint(
        cell, ex.everywhere, ex.Ion("k", 1, inside=140, outside=4), ex.Ion("cl", -1, inside=20, outside=120)
    )
    record = [ex.state("inside", of=f"{symbol}_cytosol", at=ex.soma, label=symbol) for symbol in ("k", "cl")]
    record.append(ex.voltage(at=ex.soma, label="v"))
    made = ex.run(cell, 600e3, record=record, dt=20.0, every=100)
    k, cl = made["k"].values, made["cl"].values
    np.testing.assert_allclose(k - cl, 120.0, rtol=1e-12)
    assert (np.diff(cl) < 1e-12).all()
    assert k[-1] * cl[-1] == pytest.approx(4.0 * 120.0, rel=1e-3)
    np.testing.assert_allclose(made["v"].values, -70.0, atol=1e-9)


# ---------------------------------------------------------------- protons
def test_the_proton_pump_has_the_currents_of_a_two_state_carrier() -> None:
    pump, v = ProtonPump(), np.linspace(-600.0, 200.0, 80001)
    made = pump.current(v, 20.0)
    still = v[np.abs(made).argmin()]
    energy = -still * FARADAY * 1e-6  # kJ/mol for one proton
    assert still == pytest.approx(-454.0, abs=1.0)
    assert 40.0 < energy < 50.0  # what one ATP pays in a living cell
    assert (np.diff(made) > 0.0).all()
    slope = np.gradient(made, v)
    assert 1e4 * slope.max() == pytest.approx(0.8455, abs=0.001)  # S/m2
    assert v[slope.argmax()] == pytest.approx(-234.1, abs=0.5)
    most = 1e-9 * FARADAY * 2.0 * 80.0
    assert made[-1] == pytest.approx(most, rel=0.02)
    assert pump.current(-2000.0, 20.0) == pytest.approx(-most * 0.1 / 80.0, rel=1e-6)
    assert (made[v < still - 1.0] < 0.0).all()


def test_the_proton_pump_holds_a_plant_cell_below_its_potassium_potential() -> None:
    cell = ex.Cell(ex.single_compartment(100.0, 100.0), temperature=20.0, initial_voltage=-150.0)
    cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=5e-5, reversal=-110.0))
    alone = ex.run(cell, 500.0, dt=1.0).signals["voltage at root"].values[-1]
    pumped = ex.run(ex.paint(cell, ex.everywhere, ProtonPump()), 500.0, dt=1.0).signals["voltage at root"].values[-1]
    assert alone == pytest.approx(-110.0, abs=0.01)
    assert -260.0 < pumped < -200.0  # Chara in its pump state: as low as -250 mV


# ---------------------------------------------------------------- a cell that lives by its pump
IONS = (
    ex.Ion("na", 1, inside=15, outside=145),
    ex.Ion("k", 1, inside=140, outside=4),
    ex.Ion("cl", -1, inside=9, outside=120),
)


def living(ouabain: float) -> tuple[ex.Recording, ex.Cell]:
    """Fifty minutes of a cell with constant-field leaks and a sodium pump, all three ions free to change."""
    cell = ex.Cell(ex.single_compartment(20.0, 20.0), temperature=37.0, initial_voltage=-74.0)
    leak = ConstantFieldLeak(potassium=1e-6, sodium=0.05, chloride=0.2)
    pump = SodiumPotassiumPump(turnover=45.0, ouabain=ouabain)
    cell = ex.paint(cell, ex.everywhere, leak, pump, *(ex.Cytosol(ion) for ion in ("na", "k", "cl")), *IONS)
    record: list[Any] = [ex.state("inside", of=f"{ion}_cytosol", at=ex.soma, label=ion) for ion in ("na", "k", "cl")]
    record += [ex.voltage(at=ex.soma, label="v"), ex.current(of=SodiumPotassiumPump, at=ex.soma, label="pump")]
    return ex.run(cell, 3e6, record=record, dt=20.0, every=1000), cell


def test_the_pump_holds_the_gradients() -> None:
    made, _ = living(ouabain=0.0)
    na, k = made["na"].values, made["k"].values
    assert np.abs(na - 14.3).max() < 0.8
    assert np.abs(k - 140.0).max() < 1.5
    assert abs(na[-1] - na[-20]) < 5e-3  # steady: what leaks in is pumped out
    assert made["v"].values[-1] == pytest.approx(-73.8, abs=0.5)
    # Three sodium leak in for each ATP: 7 pmol/(cm² s) of it.
    spent = made["pump"].values[-1] / (1e-9 * FARADAY)
    leak = ghk_current(made["v"].values[-1], permeability=5e-8, inside=na[-1], outside=145.0, temperature=37.0)
    assert spent == pytest.approx(-float(leak) / 3.0 / (1e-9 * FARADAY), rel=1e-3)
    assert spent == pytest.approx(7.08, abs=0.01)


def test_ouabain_runs_the_cell_down_slowly_and_charge_is_conserved() -> None:
    made, cell = living(ouabain=0.1)
    na, k, cl, v = (made[name].values for name in ("na", "k", "cl", "v"))
    assert abs(v[1] - living(0.0)[0]["v"].values[1]) < 7.0  # the pump's own share of the resting potential is small
    assert (np.diff(na) > 0.0).all()
    assert (np.diff(k) < 0.0).all()
    minutes = made.time / 6e4
    assert 5.0 < minutes[na > 30.0][0] < 15.0
    assert na[-1] > 100.0
    assert k[-1] < 60.0
    assert v[-1] > -50.0
    # The charge of the three ions is what the membrane's capacitance holds, and nothing else.
    charge = (na + k - cl) - (na[0] + k[0] - cl[0])  # mM
    volume, area = np.pi * 20.0**3 / 4.0, np.pi * 20.0**2
    held = cell.capacitance * area * 1e-8 * (v - v[0]) * 1e-9 / FARADAY / (volume * 1e-15) * 1e3
    np.testing.assert_allclose(charge, held, atol=2e-6 * na.max())
