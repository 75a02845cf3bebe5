"""The resting state: where it is, whether it is stable, and what is said where there is none or several."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

import excitable as ex
from excitable.constants import FARADAY
from excitable.library import find
from excitable.mechanisms.channels import ConstantFieldLeak
from excitable.mechanisms.pools.buffers import Buffer
from excitable.mechanisms.pools.shells import Shells
from excitable.mechanisms.transport import SodiumPotassiumPump

from .cells import PATCH, Scheme, morris_lecar_circle, squid

rest = ex.experiments.rest


def steady_density(v, leak):
    """The steady current of the squid membrane at one voltage, mA/cm2, from the rates themselves."""
    sodium, potassium = ex.SquidSodium(), ex.SquidPotassium()
    m, h = (sodium.steady_state(name, v=v, temperature=6.3) for name in "mh")
    n = potassium.steady_state("n", v=v, temperature=6.3)
    return 0.12 * m**3 * h * (v - 50) + 0.036 * n**4 * (v + 77) + 0.0003 * (v - leak)


def test_the_squid_membrane_rests_where_its_steady_current_is_zero():
    found = rest(squid())
    wanted = brentq(lambda v: steady_density(v, -54.3), -80, -50, xtol=1e-13)
    assert found.voltage == pytest.approx(wanted, abs=1e-10)
    assert found.residual < 1e-11
    assert found.others == ()


def test_the_leak_that_makes_the_rest_exactly_zero():
    # Hendrick 2026, computer-assisted proofs for the 1952 constants: the leak potential at which the resting current
    # is zero is 10.59892096939… mV above rest; table 3 of Hodgkin & Huxley prints 10.613.
    assert rest(squid(leak=-65 + 10.5989209693916785)).voltage == pytest.approx(-65.0, abs=1e-11)


def test_eigenvalues_are_how_the_membrane_rings():
    found = rest(squid())
    pair = found.eigenvalues[1]
    assert found.kind == "stable node"
    assert found.eigenvalues[0].real == pytest.approx(-0.1207, abs=1e-4)
    # A tiny shock, and what is left of it once the fast mode has gone: a sum of the slow modes alone.
    shock = ex.current_pulse(at=ex.soma, amplitude="0.001 nA", duration="0.1 ms")
    made = ex.run(squid(), "40 ms", protocol=[shock], start=found.state, dt=0.005)
    late = made.time > 3.0
    time, moved = made.time[late], made["voltage at root"].values[late] - found.voltage
    modes = [np.exp(found.eigenvalues[0].real * time)]
    modes += [f(pair.imag * time) * np.exp(pair.real * time) for f in (np.cos, np.sin)]
    left = moved - np.stack(modes, axis=1) @ np.linalg.lstsq(np.stack(modes, axis=1), moved, rcond=None)[0]
    assert np.abs(left).max() < 2e-3 * np.abs(moved).max()


@pytest.mark.parametrize("method", [ex.staggered, ex.backward_euler])
def test_a_run_from_rest_stays_with_any_step_and_method(method):
    cell = ex.paint(squid(on=ex.Cell(ex.ball_and_stick(), ex.per_branch(5))), ex.everywhere, Scheme())
    found = rest(cell)
    probes = [ex.voltage(at=ex.each(ex.everywhere), label="v"), ex.state("open", of=Scheme, at=ex.soma, label="open")]
    for dt in (0.025, 0.01):
        made = ex.run(cell, "50 ms", record=probes, dt=dt, method=method, start=found.state)
        assert np.abs(made["v"].values - found.voltages[:, None]).max() < 1e-9
        assert np.abs(made["open"].values - found.states["Scheme.open"][0]).max() < 1e-9


def test_a_sweep_may_start_from_one_rest():
    pulse = ex.current_pulse(at=ex.soma, amplitude=0, start="1 ms", duration="1 ms")
    found = rest(squid())
    made = ex.sweep(squid(), "5 ms", ex.vary(pulse, "amplitude", [0.0, 1.0]), protocol=[pulse], start=found.state)
    assert np.abs(made["voltage at root"].values[0] - found.voltage).max() < 1e-9
    assert made["voltage at root"].values[1].max() > -58


def test_a_constant_current_moves_the_rest():
    found = rest(squid(), current="0.5 nA")
    wanted = brentq(lambda v: steady_density(v, -54.3) - 5e-3, -80, -40, xtol=1e-13)
    assert found.voltage == pytest.approx(wanted, abs=1e-9)
    assert (found.current, found.stable) == (0.5, True)


def test_a_cell_that_fires_by_itself_rests_on_an_unstable_focus():
    found = rest(squid(), current="2 nA")
    assert found.kind == "unstable focus"
    assert found.growing == 2
    assert not found.stable
    assert "grows in" in repr(found)


def test_all_three_rests_of_morris_and_lecar():
    # Rinzel & Ermentrout 1989, figure 4 and its text: rest R at (-41.84, 0.002), the saddle T, the unstable spiral U.
    found = rest(morris_lecar_circle(), current="3 nA")  # 30 µA/cm2
    assert (found.voltage, found.kind) == (pytest.approx(-41.84, abs=0.01), "stable node")
    assert found.states["MorrisLecarPotassium.w"][0] == pytest.approx(0.002, abs=1e-4)
    saddle, spiral = found.others
    assert (saddle.kind, spiral.kind) == ("saddle", "unstable focus")
    assert saddle.growing == 1
    assert "also" in repr(found)
    assert rest(morris_lecar_circle(), current="3 nA", near=saddle.voltage).kind == "saddle"


def two_rests():
    """An instantaneous inward rectifier that holds the cell either up or down."""

    class Upward(ex.Channel):
        """Opens at once. Source: made for this test."""

        def current(self, v):
            return 1e-3 / (1 + ex.exp(-(v + 40) / 2)) * (v - 0)

    return ex.paint(PATCH, ex.everywhere, ex.Leak(conductance=2e-4, reversal=-70), Upward())


def test_two_stable_rests_are_an_error_that_names_both():
    with pytest.raises(
        ex.RequestError, match=r"2 stable resting states.*-70\.000 mV \(stable node\).*unstable node.*near="
    ):
        rest(two_rests())
    upper = rest(two_rests(), near="-10 mV")
    assert upper.voltage == pytest.approx(-70 * 2 / 12, abs=0.01)
    assert [other.kind for other in upper.others] == ["stable node", "unstable node"]


def test_no_rest_is_an_error_that_says_what_was_tried():
    class Pump(ex.Channel):
        """A constant inward current. Source: made for this test."""

        def current(self, v):
            return -1e-3 + 0 * v

    with pytest.raises(ex.RequestError, match=r"No resting state of 'cell'.*following the cell.*between -150 and 100"):
        rest(ex.paint(PATCH, ex.everywhere, Pump()))


def test_what_depends_on_time_has_no_rest():
    class Dose(ex.Mechanism):
        """Rises for ever. Source: made for this test."""

        x = ex.state_variable("dose", "mM", start=0.0)

        def rates(self, t):
            return {"x": 0.1 * t - 0.2 * self.x}

    with pytest.raises(ex.RequestError, match=r"Dose\.x of a membrane with .* depends on the time t"):
        rest(ex.paint(squid(), ex.everywhere, Dose()))


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"between": (100, -100)}, "Expected two voltages, the lower one first"),
        ({"between": 3}, "Expected two voltages"),
        ({"near": "3 nA"}, "the voltage near which to rest"),
        ({"current": "3 mV"}, "the constant current"),
    ],
)
def test_wrong_wishes_are_refused(request_, message):
    with pytest.raises(ex.RequestError, match=message):
        rest(squid(), **request_)


def test_what_is_no_cell_is_refused():
    with pytest.raises(ex.RequestError, match="where a cell is meant"):
        rest("squid")


def test_the_rest_of_a_neuron_with_calcium_and_many_kinds_of_membrane():
    preparation = find("layer5_pyramidal")
    cell = preparation.cell(preparation.defaults)
    found = rest(cell)
    assert found.stable
    assert found.residual < 1e-9
    assert found.voltages.max() - found.voltages.min() > 5
    made = ex.run(
        cell, "200 ms", record=[ex.voltage(at=ex.each(ex.everywhere), label="v")], start=found.state, every=100
    )
    assert np.abs(made["v"].values - found.voltages[:, None]).max() < 1e-6


def test_a_long_axon_rests_as_its_membrane_does():
    axon = squid(temperature=18.5, on=ex.Cell(ex.cable("6 cm", "476 um"), ex.per_branch(300)))
    found = rest(axon)
    assert np.abs(found.voltages - rest(squid(temperature=18.5)).voltage).max() < 1e-9
    assert found.stable
    # Along a closed cable each cosine is a mode; to each the membrane is one with so much more leak.
    part = axon.discretise()
    coupling = 1.0 / (1e-2 * 100.0 * part.edge_factors.sum(axis=1)[0])  # µS
    leaks = 2e2 * coupling * (1 - np.cos(np.pi * np.arange(300) / 300)) / part.area[0]  # S/cm2
    modes = [np.linalg.eigvals(jacobian(found, leak)) for leak in leaks]
    for each in found.eigenvalues:
        assert np.abs(np.concatenate(modes) - each).min() < 1e-7


def jacobian(found, leak):
    """The Jacobian of the squid membrane at its rest, with a leak more, by hand."""
    q, v = 3 ** ((18.5 - 6.3) / 10), found.voltage
    m, h, n = (found.states[name][0] for name in ("SquidSodium.m", "SquidSodium.h", "SquidPotassium.n"))

    def laws(v):
        sodium, potassium = ex.SquidSodium(), ex.SquidPotassium()
        pairs = [(sodium, "m"), (sodium, "h"), (potassium, "n")]
        return [(c.steady_state(x, v=v, temperature=6.3), c.time_constant(x, v=v, temperature=6.3)) for c, x in pairs]

    def rates(v):
        return np.array([q * (steady - x) / tau for (steady, tau), x in zip(laws(v), (m, h, n), strict=True)])

    table = np.diag([0.0, *(-q / tau for _, tau in laws(v))])
    table[1:, 0] = (rates(v + 1e-5) - rates(v - 1e-5)) / 2e-5
    table[0, 0] = -1e3 * (0.12 * m**3 * h + 0.036 * n**4 + 0.0003 + leak)
    table[0, 1:] = -1e3 * np.array([
        0.36 * m**2 * h * (v - 50), 0.12 * m**3 * (v - 50), 0.144 * n**3 * (v + 77)
    ])  # fmt: skip
    return table


def test_a_cell_that_lives_by_its_pump_rests_where_its_charge_allows():
    ions = (ex.Ion("na", 1, inside=15, outside=145), ex.Ion("k", 1, inside=140, outside=4))
    ions = (*ions, ex.Ion("cl", -1, inside=9, outside=120))
    cell = ex.Cell(ex.single_compartment(20.0, 20.0), temperature=37.0, initial_voltage=-74.0)
    leak = ConstantFieldLeak(potassium=1e-6, sodium=0.05, chloride=0.2)
    pools = (ex.Cytosol(ion.symbol) for ion in ions)
    cell = ex.paint(cell, ex.everywhere, leak, SodiumPotassiumPump(turnover=45.0), *pools, *ions)
    found = rest(cell)
    inside = {name: found.states[f"{name}_cytosol.inside"][0] for name in ("na", "k", "cl")}
    # What is inside carries the charge of the membrane: sodium and potassium less chloride follow the voltage.
    per_mv = 1e-5 * 1.0 / (FARADAY * 1e-6 * cell.discretise().volume[0] / cell.discretise().area[0])
    change = (inside["na"] - 15) + (inside["k"] - 140) - (inside["cl"] - 9)
    assert change == pytest.approx(per_mv * (found.voltage + 74.0), rel=1e-6)
    (word,) = found.conserved
    assert word.endswith("na_cytosol.inside + k_cytosol.inside - cl_cytosol.inside")
    # Chloride is not pumped: at rest it stands at its equilibrium. Three sodium ions leave for two of potassium.
    assert found.voltage == pytest.approx(ex.physics.nernst(inside["cl"], 120, valence=-1, temperature=37), abs=1e-6)
    currents = [ex.current(ion=name, at=ex.soma, label=name) for name in ("na", "k")]
    made = ex.run(cell, "1 s", record=currents, dt=1.0, start=found.state)
    assert np.abs(made["na"].values).max() < 1e-12
    assert np.abs(made["k"].values).max() < 1e-12
    # Twenty minutes bring the cell closer by what the slowest eigenvalue says.
    away = [ex.run(cell, minutes * 6e4, dt=20.0, every=1000)["voltage at root"].values[-1] - found.voltage
            for minutes in (30, 50)]  # fmt: skip
    assert away[1] / away[0] == pytest.approx(np.exp(found.eigenvalues[0].real * 20 * 6e4), rel=0.01)


def test_a_closed_cell_keeps_its_calcium_by_volume():
    shells = Shells("ca", number=4, depth=0.2, buffers=(Buffer("ca", total=0.1, on=100, off=0.1),))
    cell = ex.paint(ex.Cell(ex.single_compartment(20)), ex.everywhere, ex.Leak(), shells,
                    ex.Ion("ca", 2, inside=1e-4, outside=2))  # fmt: skip
    found = rest(cell)
    (word,) = found.conserved
    shares = {name: found.states[f"ca_shells.{name}"][0] for name in ("shell1", "shell4", "ca_buffer_bound1")}
    assert all(f"ca_shells.{name}" in word for name in shares)
    # Evenly spread, and bound as free calcium and its affinity say: 100 · 1e-4 · (0.1 - x) = 0.1 x.
    assert shares["shell1"] == pytest.approx(shares["shell4"], rel=1e-9)
    free = shares["shell1"]
    assert shares["ca_buffer_bound1"] == pytest.approx(0.1 * 100 * free / (100 * free + 0.1), rel=1e-9)


def test_a_scheme_of_reactions_rests_at_its_exact_steady_state():
    class Gate(ex.Channel):
        """Three states in a row, as reactions. Source: made for this test."""

        closed = ex.gate("closed")
        open = ex.gate("open")
        asleep = ex.gate("asleep")

        def rates(self, v):
            opening = ex.exp((v + 50) / 10)
            return ex.reactions(("closed", "open", opening, 0.5), ("open", "asleep", 2.0, 1.0))

        def current(self, v):
            return 1e-4 * self.open * (v - 50)

    reacting, plain = (rest(ex.paint(squid(), ex.everywhere, made)) for made in (Gate(), Scheme()))
    assert reacting.voltage == pytest.approx(plain.voltage, abs=1e-9)
    np.testing.assert_allclose(reacting.eigenvalues, plain.eigenvalues, rtol=1e-8)
    assert reacting.conserved == ("Gate.closed + Gate.open + Gate.asleep",)


def test_a_law_that_is_no_sum_leaves_a_marginal_rest_where_the_cell_comes_in_time():
    class Exchange(ex.Mechanism):
        """Two stores that exchange through one of which a part is bound at once. Source: made for this test."""

        free = ex.state_variable("free", "mM", start=1.0)
        stored = ex.state_variable("stored", "mM", start=0.1)

        def rates(self):
            # A total of free + free/(1 + free) + stored: the derivative of the bound part is 1/(1 + free)².
            flux = 0.1 * (self.free - 2.0 * self.stored)
            return {"free": -flux / (1 + 1 / (1 + self.free) ** 2), "stored": flux}

    found = rest(ex.paint(squid(), ex.everywhere, Exchange()))
    assert found.kind == "marginal node"
    assert found.conserved == ()
    assert "marginal" in repr(found)
    free = brentq(lambda x: x + x / (1 + x) + x / 2 - 1.6, 0, 2, xtol=1e-14)  # 1 + 1/2 + 0.1 in all
    assert found.states["Exchange.free"][0] == pytest.approx(free, rel=1e-5)
    assert found.states["Exchange.stored"][0] == pytest.approx(free / 2, rel=1e-5)
    assert found.voltage == pytest.approx(-64.974, abs=1e-3)


def test_what_runs_away_is_named():
    class Trickle(ex.Mechanism):
        """A concentration that rises for ever. Source: made for this test."""

        inside = ex.state_variable("amount", "mM", start=1.0)
        inflow = ex.parameter(1e-5, "mM/ms", "what comes in")

        def rates(self):
            return {"inside": self.inflow}

    with pytest.raises(
        ex.RequestError, match=r"calmest at -64\.97 mV, where its Trickle\.inside of compartment 0 still"
    ):
        rest(ex.paint(squid(), ex.everywhere, Trickle()))
