"""Ions as matter: what one place loses another gains, in closed cells, shells, spaces, stores and buffers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
from scipy.special import jn_zeros

import excitable as ex
from excitable.mechanisms import (
    CalciumStore,
    PotassiumChlorideCotransporter,
    ReticulumCalciumPump,
    SodiumPotassiumPump,
    assemble,
)

FARADAY = 96485.33212
IONS = (
    ex.Ion("na", 1, inside=15.0, outside=140.0),
    ex.Ion("k", 1, inside=130.0, outside=4.0),
    ex.Ion("cl", -1, inside=10.0, outside=120.0),
)


class Sodium(ex.SquidSodium):
    """The squid sodium channel with the potential of its ion. Source: Hodgkin & Huxley 1952, made for this test."""

    def current(self, v: Any, e_na: Any) -> Any:
        return self.conductance * self.m**3 * self.h * (v - e_na)


class Potassium(ex.SquidPotassium):
    """The squid potassium channel with the potential of its ion. Source: Hodgkin & Huxley 1952, made for this test."""

    def current(self, v: Any, e_k: Any) -> Any:
        return self.conductance * self.n**4 * (v - e_k)


class Leaks(ex.Channel):
    """Leaks of three ions. Source: made for this test."""

    def current(self, v: Any, e_na: Any, e_k: Any, e_cl: Any) -> Mapping[str, Any]:
        return {"na": 1e-5 * (v - e_na), "k": 5e-5 * (v - e_k), "cl": 5e-5 * (v - e_cl)}


def closed_cell() -> ex.Cell:
    """A small cell in a small closed space: spikes, a pump and a neutral cotransporter move three ions."""
    cell = ex.Cell(ex.single_compartment(10), temperature=18.0, initial_voltage=-70.0)
    cell = ex.paint(cell, ex.everywhere, *IONS, Sodium(), Potassium(), Leaks())
    cell = ex.paint(cell, ex.everywhere, SodiumPotassiumPump(), PotassiumChlorideCotransporter())
    for symbol in ("na", "k", "cl"):
        cell = ex.paint(cell, ex.everywhere, ex.Cytosol(symbol), ex.ExtracellularSpace(symbol, ratio=0.15))
    return cell


@pytest.mark.parametrize("method", [ex.staggered, ex.backward_euler, ex.Adaptive(tolerance=1e-4)], ids=repr)
def test_a_closed_cell_keeps_every_species_to_rounding(method: Any) -> None:
    record = [ex.variable(f"{s}_{side}", at=ex.soma, label=f"{s} {side}") for s in ("na", "k", "cl") for side in SIDES]
    record += [ex.voltage(at=ex.soma, label="v"), ex.spikes(at=ex.soma, label="spikes")]
    push = ex.current_train(at=ex.soma, amplitude="80 pA", start="5 ms", period="14 ms", width="1 ms", count=20)
    made = ex.run(closed_cell(), "300 ms", protocol=[push], record=record, dt=0.01, every=20, method=method)
    assert len(made.spikes["spikes"][()]) > 10
    for symbol in ("na", "k", "cl"):
        inside, outside = (made[f"{symbol} {side}"].values for side in SIDES)
        total = inside + 0.15 * outside
        assert np.abs(inside - inside[0]).max() > 0.05, "it moved"
        # 30 000 steps: less than a unit in the last place each hundred.
        assert np.abs(total / total[0] - 1.0).max() < 1e-13, symbol


SIDES = ("inside", "outside")


def test_the_charge_that_moves_is_the_charge_of_the_membrane() -> None:
    """Without injected current, all ions together carry what charges the capacitance: C dV = -Σ z F dn, in the cell."""
    record = [ex.variable(f"{s}_inside", at=ex.soma, label=s) for s in ("na", "k", "cl")]
    record.append(ex.voltage(at=ex.soma, label="v"))
    cell = ex.paint(closed_cell(), ex.everywhere, ex.material(initial_voltage=-30.0))
    differences = []
    for dt in (0.01, 0.005):
        made = ex.run(cell, "20 ms", record=record, dt=dt, method=ex.staggered)
        moved = made["na"].values + made["k"].values - made["cl"].values
        # 1 µF/cm² over F, in mM µm/mV: 1e-2 F/m² / 96485 C/mol = 1.036e-7 mol/(m² V).
        charge = 1e-2 / FARADAY * (made["v"].values - made["v"].values[0]) * (4.0 / 10.0) * 1e3
        differences.append(np.abs((moved - moved[0]) - charge).max() / np.abs(charge).max())
    assert differences[0] < 3e-4
    assert differences[1] < 0.3 * differences[0], "second order"


def test_a_cotransporter_alone_brings_both_gradients_together() -> None:
    """K-Cl cotransport rests where both Nernst potentials are the same, and moves no charge."""
    cell = ex.Cell(ex.single_compartment(2), temperature=37.0, initial_voltage=-70.0)
    cell = ex.paint(cell, ex.everywhere, *IONS[1:], ex.Leak(reversal=-70.0), ex.Cytosol("k"), ex.Cytosol("cl"))
    cell = ex.paint(cell, ex.everywhere, PotassiumChlorideCotransporter())
    record = [ex.variable(name, at=ex.soma, label=name) for name in ("e_k", "e_cl", "flux_cl", "cl_inside")]
    record.append(ex.voltage(at=ex.soma, label="v"))
    made = ex.run(cell, "2 min", record=record, method=ex.Adaptive(), dt=100.0)
    assert made["flux_cl"].unit == "mM um/ms"
    assert made["cl_inside"].values[0] == 10.0
    assert made["e_k"].values[-1] == pytest.approx(made["e_cl"].values[-1], abs=1e-3)
    assert made["v"].values[-1] == pytest.approx(-70.0, abs=1e-9)


# ---------------------------------------------------------------- volumes
class Entry(ex.Channel):
    """A constant current of calcium. Source: made for this test."""

    ion = "ca"
    density = ex.parameter(-0.01, "mA/cm2", "outward current density")

    def current(self) -> Any:
        return 1.0 * self.density


CALCIUM = ex.Ion("ca", 2, inside=1e-4, outside=2.0)
COMING = 1e4 * 0.01 / (2 * FARADAY)  # mM µm/ms


def test_what_comes_in_over_the_volume() -> None:
    """A sphere's worth of cylinder, 20 µm across, half of it cytosol, which binds 99 of 100: in closed form."""
    cell = ex.paint(ex.Cell(ex.single_compartment(20)), ex.everywhere, Entry(), CALCIUM, ex.Leak())
    pool = ex.Cytosol("ca", fraction=0.5, binding_ratio=99.0)
    record = [ex.state("inside", of="ca_cytosol", at=ex.soma, label="ca"), ex.variable("e_ca", at=ex.soma, label="e")]
    made = ex.run(ex.paint(cell, ex.everywhere, pool), "50 ms", record=record, dt=0.025)
    wanted = 1e-4 + COMING * (4.0 / 20.0) / 0.5 / 100.0 * made.time
    np.testing.assert_allclose(made["ca"].values, wanted, rtol=1e-9)
    potential = ex.physics.nernst(wanted, 2.0, valence=2, temperature=6.3)
    np.testing.assert_allclose(made["e"].values, potential, rtol=1e-9)


def test_a_current_into_the_subspace_does_not_reach_the_cytosol() -> None:
    class Facing(Entry):
        """A calcium current into the narrow space under the membrane. Source: made for this test."""

        faces = "subspace"

    class Leaving(ex.Mechanism):
        """From the narrow space into the cell. Source: made for this test."""

        def flux(self, ca_inside: Any, ca_subspace: Any) -> Mapping[Any, Any]:
            return {("ca_subspace", "ca_inside"): 0.01 * (ca_subspace - ca_inside)}

    cell = ex.paint(ex.Cell(ex.single_compartment(20)), ex.everywhere, Facing(), CALCIUM, ex.Leak())
    cell = ex.paint(cell, ex.everywhere, ex.Cytosol("ca"), ex.Cytosol("ca", "subspace", fraction=0.01), Leaving())
    record = [ex.variable(f"ca_{place}", at=ex.soma, label=place) for place in ("inside", "subspace")]
    made = ex.run(cell, "50 ms", record=record, dt=0.025)
    inside, subspace = made["inside"].values, made["subspace"].values
    assert subspace[-1] > 2.5 * inside[-1], "the space is ahead"
    total = inside + 0.01 * subspace
    np.testing.assert_allclose(total, 1.01e-4 + COMING * 0.2 * made.time, rtol=1e-9)


def test_a_reticulum_and_the_cytosol_share_what_there_is() -> None:
    cell = ex.Cell(ex.single_compartment(10), temperature=37.0)
    cell = ex.paint(cell, ex.everywhere, ex.Ion("ca", 2, inside=2e-3, outside=2.0), ex.Leak(), ex.Cytosol("ca"))
    cell = ex.paint(cell, ex.everywhere, CalciumStore(), ReticulumCalciumPump())
    record = [ex.variable(name, at=ex.soma, label=name) for name in ("ca_inside", "ca_store")]
    made = ex.run(cell, "200 ms", record=record, dt=0.025)
    inside, store = made["ca_inside"].values, made["ca_store"].values
    assert inside[-1] < 0.3 * inside[0], "it was taken up"
    total = inside + 0.035 * store
    assert np.abs(total / total[0] - 1.0).max() < 2e-14


# ---------------------------------------------------------------- shells
def diffusing(number: int, **options: Any) -> ex.Cell:
    cell = ex.Cell(ex.single_compartment(20, 4.0))
    return ex.paint(cell, ex.everywhere, ex.Leak(), Entry(), CALCIUM, ex.Shells("ca", number=number, **options))


def shells_of(cell: ex.Cell) -> ex.Shells:
    return next(p.what for p in cell.paintings if isinstance(p.what, ex.Shells))


def profile(cell: ex.Cell, duration: str, **options: Any) -> tuple[Any, dict[str, Any]]:
    shells = shells_of(cell)
    record = [ex.state(name, of="ca_shells", at=ex.soma, label=name) for name in shells.states]
    made = ex.run(cell, duration, record=record, **options)
    return made.time, {name: made[name].values for name in shells.states}


def edges(cell: ex.Cell) -> np.ndarray[Any, Any]:
    """The borders of the shells as fractions of the radius."""
    return np.array([float(edge) for edge in shells_of(cell).edges(4.0)])


def parts(cell: ex.Cell) -> np.ndarray[Any, Any]:
    return -np.diff(edges(cell) ** 2)


@pytest.mark.parametrize("options", [{}, {"depth": "0.1 um"}], ids=["equal", "thin first shell"])
def test_a_constant_flux_makes_the_parabola_of_the_cylinder(options: dict[str, Any]) -> None:
    """Crank 1975, eq 5.40: c = c₀ + F R / D (2 D t / R² + r² / 2 R² - 1/4) once the beginning is forgotten."""
    cell = diffusing(8, **options)
    time, found = profile(cell, "300 ms", dt=0.05, every=6000)
    radius, borders = 2.0, edges(cell)
    # The mean of r²/2 over each shell.
    middle = (borders[:-1] ** 2 + borders[1:] ** 2) / 4.0
    flow = COMING * radius / 0.223
    wanted = 1e-4 + flow * (2.0 * 0.223 * time[-1] / radius**2 + middle - 0.25)
    last = np.array([found[f"shell{k + 1}"][-1] for k in range(8)])
    np.testing.assert_allclose(last, wanted, rtol=2e-3)
    np.testing.assert_allclose(parts(cell) @ last, 1e-4 + 2.0 * COMING / radius * time[-1], rtol=1e-9)


def test_what_entered_spreads_with_the_constant_of_the_bessel_function() -> None:
    """The slowest radial mode decays with j² D / R², j = 3.8317 the first zero of J₁ (Crank 1975, §5.3)."""

    class Puff(Entry):
        """Calcium for a millisecond. Source: made for this test."""

        def current(self, light: Any) -> Any:
            return 1.0 * light * self.density

    decay = jn_zeros(1, 1)[0] ** 2 * 0.223 / 2.0**2
    errors = []
    for number in (6, 12):
        cell = ex.paint(ex.Cell(ex.single_compartment(20, 4.0)), ex.everywhere, Puff(), CALCIUM, ex.Leak())
        cell = ex.paint(cell, ex.everywhere, ex.Shells("ca", number=number))
        cell = ex.paint(cell, ex.everywhere, ex.Condition("light", pulse=1.0, duration="1 ms"))
        _, found = profile(cell, "16 ms", dt=0.01, every=400)
        gap = found["shell1"] - found[f"shell{number}"]
        observed = np.log(gap[3] / gap[4]) / 4.0
        errors.append(abs(observed / decay - 1.0))
    assert errors[1] < 0.01
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.25)


def test_a_mobile_buffer_carries_what_a_fixed_one_holds_back() -> None:
    """Both keep the total; the gradient under a steady flux is flatter with the mobile one."""
    gaps = []
    for speed in (0.0, 0.1):
        buffer = ex.Buffer("ca", total=0.3, on=200.0, off=0.1, diffusion=speed, name="dye")
        cell = diffusing(6, buffers=(buffer,))
        time, found = profile(cell, "40 ms", dt=0.02, every=100)
        free = np.array([found[f"shell{k + 1}"] for k in range(6)])
        bound = np.array([found[f"dye_bound{k + 1}"] for k in range(6)])
        assert bound[:, 0] == pytest.approx(0.3 * 1e-4 / (1e-4 + 5e-4))
        total = parts(cell) @ (free + bound)
        np.testing.assert_allclose(total - total[0], 2.0 * COMING / 2.0 * time, rtol=1e-9, atol=1e-12)
        gaps.append(free[0, -1] - free[-1, -1])
    assert gaps[1] < 0.7 * gaps[0]


# ---------------------------------------------------------------- spaces
class Outflow(ex.Channel):
    """Potassium that leaves at a constant rate. Source: made for this test."""

    ion = "k"

    def current(self, light: Any) -> Any:
        return 0.1 * light


def test_potassium_gathers_in_the_narrow_space_and_leaves_through_its_barrier() -> None:
    """A space of 300 Å and 6e-5 cm/s: θ/P = 50 ms (Frankenhaeuser & Hodgkin 1956), in closed form."""
    axon = ex.Cell(ex.single_compartment("500 um"), initial_voltage=-60.0)
    axon = ex.paint(axon, ex.everywhere, ex.Ion("k", 1, inside=400.0, outside=10.0), Outflow(), ex.Leak())
    axon = ex.paint(axon, ex.everywhere, ex.FrankenhaeuserHodgkinSpace("k"))
    axon = ex.paint(axon, ex.everywhere, ex.Condition("light", pulse=1.0, start="10 ms", duration="20 ms"))
    record = [ex.variable("k_outside", at=ex.soma, label="k"), ex.variable("e_k", at=ex.soma, label="e")]
    made = ex.run(axon, "200 ms", record=record, dt=0.025)
    filling = 1e4 * 0.1 / FARADAY / 0.03  # mM/ms
    since, after = np.clip(made.time - 10.0, 0, 20.0), np.clip(made.time - 30.0, 0, None)
    wanted = 10.0 + filling * 50.0 * (1.0 - np.exp(-since / 50.0)) * np.exp(-after / 50.0)
    assert wanted.max() > 15.0
    np.testing.assert_allclose(made["k"].values, wanted, rtol=1e-7)
    np.testing.assert_allclose(
        made["e"].values, ex.physics.nernst(400.0, wanted, valence=1, temperature=6.3), rtol=1e-7
    )


def test_a_space_in_exchange_and_uptake_by_glia_come_to_rest() -> None:
    cell = ex.Cell(ex.single_compartment(10), initial_voltage=-60.0)
    cell = ex.paint(cell, ex.everywhere, ex.Ion("k", 1, inside=130.0, outside=4.0), ex.Leak())
    cell = ex.paint(cell, ex.everywhere, Outflow(), ex.Condition("light", 0.2))
    space = ex.ExtracellularSpace("k", ratio=0.2, exchange="2 1/s")
    uptake = ex.Uptake("k", "outside", maximum="20 mM/s", half=6.0, rest=4.0)
    cell = ex.paint(cell, ex.everywhere, space, uptake)
    record = [ex.variable("k_outside", at=ex.soma, label="k")]
    last = float(ex.run(cell, "10 s", record=record, dt=10.0, method=ex.Adaptive(tolerance=1e-7))["k"].values[-1])
    arriving = 1e4 * 0.1 * 0.2 / FARADAY * 0.4 / 0.2
    leaving = 0.002 * (last - 4.0) + 0.02 * (last / (last + 6.0) - 4.0 / 10.0)
    assert last > 4.5
    assert arriving == pytest.approx(leaving, rel=1e-4)


# ---------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ex.Cytosol("na+"), r"'na\+' was given as the ion of a Cytosol"),
        (lambda: ex.Cytosol("na", "nucleus"), "'nucleus' was given as the place of a Cytosol"),
        (lambda: ex.Cytosol("na", fraction=0.0), "fraction of na_cytosol was given as 0.*above 0"),
        (lambda: ex.ExtracellularSpace("k", ratio=-1.0), "ratio of k_space was given as -1.*above 0"),
        (lambda: ex.Shells("ca", number=1), r"number=1\. It is a whole number between 2 and 64"),
        (lambda: ex.Shells("ca", buffers=(ex.Buffer("mg", total=1, on=1, off=1),)), r"Buffer\('mg'.*same ion"),
        (lambda: ex.Buffer("ca", total=-1.0, on=1.0, off=1.0), "total of ca_buffer was given as -1"),
    ],
)  # fmt: skip
def test_a_pool_that_cannot_be(make: Any, message: str) -> None:
    with pytest.raises(ex.MechanismError, match=message):
        make()


class Moving(ex.Mechanism):
    """Moves what a test wants moved. Source: made for this test."""

    rate = ex.parameter(1.0, "mM um/ms", "flux")
    what: ClassVar[Any] = {}

    def flux(self) -> Mapping[Any, Any]:
        return {key: self.rate if factor == 1.0 else factor * self.rate for key, factor in self.what.items()}


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"k": 1.0}, "The flux of Made moves k, and their charges do not add up to nothing"),
        ({"k": 2.0, "na": -1.0}, "their charges do not add up"),
        ({("k_inside", "na_inside"): 1.0}, r"moves \('k_inside', 'na_inside'\)\. It is an ion"),
        ({("k_inside", "k_inside"): 1.0}, "It is an ion that leaves"),
        ({("k_inside", "k_outside", "k_store"): 1.0}, "It is an ion that leaves"),
        ({7: 1.0}, "Made.flux moves 7"),
    ],
)  # fmt: skip
def test_a_flux_that_cannot_be(what: Any, message: str) -> None:
    mechanism = type("Made", (Moving,), {"what": what})()
    with pytest.raises(ex.MechanismError, match=message):
        assemble([*IONS, mechanism])


def test_the_unit_of_a_flux_is_checked() -> None:
    mechanism = type("Made", (Moving,), {"what": {("k_inside", "k_store"): 1.0}})()
    with pytest.raises(
        ex.UnitError, match=r"the flux of Made for \('k_inside', 'k_store'\).* um/ms.*expected in mM/ms"
    ):
        assemble([*IONS, mechanism])


def test_an_ion_without_valence_cannot_be_counted() -> None:
    with pytest.raises(
        ex.MechanismError, match=r"nothing on this membrane states the valence of 'ca'.*Ion\('ca', valence"
    ):
        assemble([Entry(), ex.Cytosol("ca")])


def test_a_pool_starts_at_what_the_ion_states() -> None:
    with pytest.raises(ex.MechanismError, match=r"reads 'given_na_inside', and nothing on this membrane provides it"):
        assemble([ex.Ion("na", 1, outside=140.0), ex.Cytosol("na")])


def test_starts_name_states() -> None:
    class Wrong(ex.Mechanism):
        """A start for a state that is not there. Source: a mistake."""

        x = ex.state_variable("x", start=0.0)

        def rates(self) -> Mapping[str, Any]:
            return {"x": -1.0 * self.x}

        def starts(self) -> Mapping[str, Any]:
            return {"y": 1.0}

    with pytest.raises(ex.MechanismError, match=r"Wrong\.starts gives a value for 'y'"):
        assemble([Wrong()])


def test_concentrations_vary_in_a_sweep_and_along_a_cell() -> None:
    """Painted concentrations are parameters: no other kernel, and never zero."""
    cell = ex.paint(ex.Cell(ex.single_compartment(20)), ex.everywhere, *IONS, Potassium(), ex.Leak())
    record = [ex.variable("e_k", at=ex.soma, label="e")]
    made = ex.sweep(cell, "1 ms", ex.vary("ion_k", "outside", [2.0, 4.0, 8.0]), record=record, dt=0.025)
    steps = np.diff(made["e"].values[:, 0])
    assert steps == pytest.approx(ex.physics.thermal_voltage(6.3) * np.log(2.0))
    with pytest.raises(
        ex.MechanismError, match=r"ion_k\.outside, along the cell or in a sweep, was given as 0 mM.*above 0"
    ):
        ex.sweep(cell, "1 ms", ex.vary("ion_k", "outside", [4.0, 0.0]), record=record, dt=0.025)
    cable = ex.Cell(ex.cable("100 um", "2 um"), ex.per_branch(4))
    cable = ex.paint(cable, ex.everywhere, ex.Leak(), Potassium(), *IONS[::2])
    cable = ex.paint(
        cable, ex.everywhere, ex.Ion("k", 1, inside=130.0, outside=ex.along(lambda p: 3 + p.distance / 50))
    )
    found = ex.run(cable, "1 ms", record=[ex.variable("k_outside", at=ex.each(ex.everywhere), label="k")], dt=0.025)
    assert found["k"].values[:, 0] == pytest.approx([3.25, 3.75, 4.25, 4.75])


def test_the_step_is_chosen_at_the_calcium_that_a_cell_has() -> None:
    """A gate that calcium opens at 1000/(mM ms) is slow at 100 nM; it would be fast at half a millimolar."""

    class Opened(ex.Channel):
        """Opened by calcium. Source: made for this test."""

        q = ex.gate("activation")

        def rates(self, ca_inside: Any) -> Mapping[str, Any]:
            return {"q": ex.alpha_beta(1000.0 * ca_inside, 1.0)}

        def current(self, v: Any) -> Any:
            return 1e-4 * self.q * (v + 90.0)

    cell = ex.paint(ex.Cell(ex.single_compartment(20)), ex.everywhere, CALCIUM, ex.Cytosol("ca"), Opened(), ex.Leak())
    assert ex.run(cell, "1 ms").description["dt"] == 0.025
