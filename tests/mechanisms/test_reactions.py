"""Kinetic schemes written as reactions: what they mean, where they rest, what they conserve, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import excitable as ex
from excitable.expressions import evaluate, symbol
from excitable.library import equations
from excitable.mechanisms import Mechanism, assemble

EDGE = 100.0 / np.sqrt(np.pi)  # µm: 1e-4 cm²


class SodiumScheme(ex.Channel):
    """The sodium channel of the squid axon as eight states in place of m³h.

    Source: Hodgkin & Huxley 1952, J Physiol 117:500, eqs 20, 21, 23, 24; the states after Hille 2001, chapter 18.
    """

    ion = "na"
    conductance = ex.parameter(0.12, "S/cm2", "maximal conductance")
    c0, c1, c2, o = ex.gate("none"), ex.gate("one"), ex.gate("two"), ex.gate("open")
    i0, i1, i2, i3 = ex.gate("none"), ex.gate("one"), ex.gate("two"), ex.gate("three, inactivated")

    def rates(self, v: Any, temperature: Any) -> Any:
        a, b = ex.linoid(-(v + 40.0) / 10.0), 4.0 * ex.exp(-(v + 65.0) / 18.0)
        up, down = 0.07 * ex.exp(-(v + 65.0) / 20.0), 1.0 / (1.0 + ex.exp(-(v + 35.0) / 10.0))
        return 3.0 ** ((temperature - 6.3) / 10.0) * ex.reactions(
            ("c0", "c1", 3.0 * a, b), ("c1", "c2", 2.0 * a, 2.0 * b), ("c2", "o", a, 3.0 * b),
            ("i0", "i1", 3.0 * a, b), ("i1", "i2", 2.0 * a, 2.0 * b), ("i2", "i3", a, 3.0 * b),
            ("c0", "i0", down, up), ("c1", "i1", down, up), ("c2", "i2", down, up), ("o", "i3", down, up),
        )  # fmt: skip

    def current(self, v: Any) -> Any:
        return self.conductance * self.o * (v - 50.0)


def squid(sodium: ex.Channel) -> ex.Cell:
    cell = ex.Cell(ex.single_compartment(EDGE))
    return ex.paint(cell, ex.everywhere, sodium, ex.SquidPotassium(), ex.SquidLeak())


DRIVE = ex.current_pulse(at=ex.soma, amplitude="1 nA", duration="1 s")
RECORD = [ex.voltage(at=ex.soma, label="v"), ex.current(ion="na", at=ex.soma, label="i")]


def traces(sodium: ex.Channel, **options: Any) -> dict[str, Any]:
    made = ex.run(squid(sodium), "20 ms", protocol=[DRIVE], record=RECORD, **options)
    return {name: made[name].values for name in ("v", "i")}


# ---------------------------------------------------------------- the same channel, written twice
def test_a_scheme_equal_to_m3h_rests_where_m3h_rests() -> None:
    v = np.linspace(-120.0, 60.0, 181)
    gates = ex.SquidSodium()
    m, h = (gates.steady_state(name, v=v, temperature=6.3) for name in "mh")
    found = SodiumScheme()
    # Nothing is subtracted in the elimination: rare states are as right as frequent ones.
    for name, wanted in (("o", m**3 * h), ("i1", 3 * m * (1 - m) ** 2 * (1 - h))):
        np.testing.assert_allclose(found.steady_state(name, v=v, temperature=6.3), wanted, rtol=1e-12)


def test_a_scheme_equal_to_m3h_carries_the_same_current() -> None:
    """Both converged: through two spikes of an adaptive run they agree to nine digits."""
    method = ex.Adaptive(tolerance=1e-11)
    scheme, gates = (traces(kind(), method=method, dt=0.05) for kind in (SodiumScheme, ex.SquidSodium))
    assert gates["v"].max() > 30.0
    for name, scale in (("v", 100.0), ("i", np.abs(gates["i"]).max())):
        assert np.abs(scheme[name] - gates[name]).max() < 2e-9 * scale


def test_the_difference_to_m3h_shrinks_with_the_square_of_the_step() -> None:
    """At a held voltage gates take exact steps, so that the difference is the error of the scheme."""
    clamp = ex.voltage_clamp(at=ex.soma, levels=[("0.5 ms", "-80 mV"), ("5 ms", "0 mV")])
    record = [ex.current(ion="na", at=ex.soma, label="i")]

    def difference(dt: float) -> float:
        found = []
        for kind in (ex.SquidSodium, SodiumScheme):
            cell = ex.paint(ex.Cell(ex.single_compartment(EDGE)), ex.everywhere, kind())
            found.append(ex.run(cell, "5 ms", protocol=[clamp], record=record, dt=dt)["i"].values)
        return float(np.abs(found[0] - found[1]).max() / np.abs(found[0]).max())

    errors = [difference(dt) for dt in (0.02, 0.01, 0.005)]
    assert errors[0] < 2e-3
    assert abs(np.log2(errors[1] / errors[2]) - 2.0) < 0.1


def test_two_states_are_stepped_exactly_like_a_gate() -> None:
    class Pair(ex.Channel):
        """Closed and open. Source: made for this test."""

        closed, open = ex.gate("closed"), ex.gate("open")

        def rates(self, v: Any) -> Any:
            return ex.reactions(("closed", "open", 0.1 * ex.linoid(-(v + 55) / 10), 0.125 * ex.exp(-(v + 65) / 80)))

        def current(self, v: Any) -> Any:
            return 1e-3 * self.open * (v + 77.0)

    class Gate(ex.Channel):
        """The same as a gate. Source: made for this test."""

        n = ex.gate("open")

        def rates(self, v: Any) -> Any:
            return {"n": ex.alpha_beta(0.1 * ex.linoid(-(v + 55) / 10), 0.125 * ex.exp(-(v + 65) / 80))}

        def current(self, v: Any) -> Any:
            return 1e-3 * self.n * (v + 77.0)

    drive = ex.current_sine(at=ex.soma, amplitude="1 nA", frequency=100)
    found = []
    for kind in (Pair, Gate):
        cell = ex.paint(ex.Cell(ex.single_compartment(EDGE)), ex.everywhere, kind(), ex.Leak())
        found.append(ex.run(cell, "30 ms", protocol=[drive], record=[RECORD[0]], dt=0.025)["v"].values)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


# ---------------------------------------------------------------- what is kept
def test_a_total_is_kept_to_rounding_over_a_million_steps() -> None:
    """The first state takes what the others leave: one rounding of the sum, whatever the number of steps."""
    cell = squid(SodiumScheme())
    record = [ex.state(name, of=SodiumScheme, at=ex.soma, label=name) for name in SodiumScheme.states]
    made = ex.run(cell, "12.5 s", protocol=[DRIVE], record=record, dt=0.0125, every=1000)
    total = sum(made[name].values for name in SodiumScheme.states)
    assert np.abs(total - 1.0).max() < 5e-16
    assert min(made[name].values.min() for name in SodiumScheme.states) >= 0.0


class WrittenOut(ex.Channel):
    """Three states whose rates are written out: nothing tells that their sum is kept. Source: made for this test."""

    closed, open = ex.state_variable("closed", start=1.0), ex.state_variable("open", start=0.0)
    inactivated = ex.state_variable("inactivated", start=0.0)

    def rates(self, v: Any) -> Any:
        pace = ex.exp(v / 25.0)
        first = pace * self.closed - 0.5 / pace * self.open
        second = 2.0 * self.open - 1.0 * self.inactivated
        return {"closed": -first, "open": first - second, "inactivated": second}


@pytest.mark.parametrize("method", ex.methods.METHODS.values(), ids=repr)
def test_a_sum_that_nobody_declares_drifts_by_rounding_only(method: ex.methods.Method) -> None:
    cell = ex.Cell(ex.single_compartment(EDGE))
    cell = ex.paint(cell, ex.everywhere, WrittenOut(), ex.SquidPotassium(), ex.SquidLeak())
    record = [ex.state(name, of=WrittenOut, at=ex.soma, label=name) for name in WrittenOut.states]
    drive = ex.current_sine(at=ex.soma, amplitude="1 nA", frequency=50)
    made = ex.run(cell, "25 s", protocol=[drive], record=record, dt=0.025, every=1000, method=method)
    drift = np.abs(sum(made[name].values for name in WrittenOut.states) - 1.0).max()
    assert drift < 2e-12  # 1e6 steps: at most 2e-18 a step


def test_very_fast_reactions_neither_ring_nor_overshoot() -> None:
    """Rates of 1000/ms at 0.025 ms: after a jump of the voltage every state goes straight to where it belongs."""

    class Flicker(ex.Channel):
        """A closed state in fast exchange with another, and slow opening. Source: made for this test."""

        far, near, open = ex.gate("far"), ex.gate("near"), ex.gate("open")

        def rates(self, v: Any) -> Any:
            pace = ex.exp(v / 40.0)
            return ex.reactions(("far", "near", 1e3 * pace, 1e3 / pace), ("near", "open", 0.5 * pace, 0.5))

        def current(self, v: Any) -> Any:
            return 1e-3 * self.open * (v - 50.0)

    clamp = ex.voltage_clamp(at=ex.soma, levels=[("1 ms", "-60 mV"), ("5 ms", "20 mV")])
    record = [ex.state(name, of=Flicker, at=ex.soma, label=name) for name in Flicker.states]
    cell = ex.paint(ex.Cell(ex.single_compartment(EDGE)), ex.everywhere, Flicker())
    coarse, fine = (ex.run(cell, "6 ms", protocol=[clamp], record=record, dt=dt, every=every)
                    for dt, every in ((0.025, 1), (0.0005, 50)))  # fmt: skip
    for name in Flicker.states:
        assert coarse[name].values.min() >= 0.0
        assert coarse[name].values.max() <= 1.0
    opening = np.diff(coarse["open"].values[coarse.time > 1.05])
    assert (opening > 0.0).all(), "no ringing"
    late = coarse.time > 1.1
    for name in Flicker.states:
        # Two samples after the jump; the clamp is seen half a step early (docs/numerics.md), which is most of this.
        assert np.abs(coarse[name].values - fine[name].values)[late].max() < 7e-3


def test_the_transitions_are_kept_with_their_rates() -> None:
    """What a stochastic method needs: from where, to where, how fast each way."""
    membrane = assemble([SodiumScheme()])
    (scheme,) = membrane.schemes["SodiumScheme"]
    assert scheme.states[0] == "SodiumScheme.c0"
    assert (len(scheme.states), len(scheme.transitions)) == (8, 10)
    first = scheme.transitions[0]
    assert (first.left, first.right) == ((("SodiumScheme.c0", 1),), (("SodiumScheme.c1", 1),))
    at_rest = {"v": -65.0, "temperature": 6.3}
    assert evaluate(first.forward, at_rest) == pytest.approx(3 * 2.5 / (np.exp(2.5) - 1))
    assert evaluate(first.backward, at_rest) == 4.0


# ---------------------------------------------------------------- sub-conductance, mass action
def test_a_current_may_be_a_sum_over_states() -> None:
    class Levels(ex.Channel):
        """A pore with a level of 40 % before it opens fully. Source: made for this test."""

        full = ex.parameter(1e-3, "S/cm2", "conductance when fully open")
        closed, partly, open = ex.gate("closed"), ex.gate("sub-conductance"), ex.gate("fully open")

        def rates(self, v: Any) -> Any:
            return ex.reactions(("closed", "partly", 1.0, 2.0), ("partly", "open", 3.0, 1.0))

        def current(self, v: Any) -> Any:
            return self.full * (0.4 * self.partly + self.open) * v

    weights = np.array([1.0, 0.5, 1.5])
    weights /= weights.sum()
    cell = ex.paint(ex.Cell(ex.single_compartment(20), initial_voltage="10 mV"), ex.everywhere, Levels())
    start = ex.run(cell, "1 ms", record=[ex.current(of=Levels, at=ex.soma, label="i")])["i"].values[0]
    assert start == pytest.approx(1e-3 * (0.4 * weights[1] + weights[2]) * 10.0, rel=1e-14)


class Buffer(ex.Mechanism):
    """A buffer of calcium with one site. Source: made for this test."""

    on = ex.parameter(100.0, "1/(mM ms)", "binding")
    off = ex.parameter(0.03, "1/ms", "unbinding")
    all = ex.parameter(0.1, "mM", "free and bound together")
    free, bound = ex.state_variable("free buffer", "mM"), ex.state_variable("bound buffer", "mM")

    def rates(self, ca_inside: Any) -> Any:
        return ex.reactions(("ca_inside + free", "bound", self.on, self.off), total=self.all)


class Entry(ex.Channel):
    """A constant inward current of calcium for a while. Source: made for this test."""

    ion = "ca"
    density = ex.parameter(-0.01, "mA/cm2", "current while it lasts")

    def current(self, t: Any) -> Any:
        return ex.where(t < 5.0125, 1.0, 0.0) * self.density


def buffered(**values: float) -> ex.Cell:
    cell = ex.Cell(ex.single_compartment(10), temperature=20)
    ion = ex.Ion("ca", 2, inside=1e-4, outside=2.0)
    return ex.paint(cell, ex.everywhere, ion, ex.Cytosol("ca"), Buffer(**values), Entry(), ex.Leak())


CALCIUM = [ex.state("inside", of="ca_cytosol", at=ex.soma, label="ca")]
CALCIUM += [ex.state(name, of=Buffer, at=ex.soma, label=name) for name in ("free", "bound")]


def test_a_buffer_takes_what_it_binds_from_the_cell() -> None:
    made = ex.run(buffered(), "20 ms", record=CALCIUM, dt=0.025)
    ca, free, bound = (made[name].values for name in ("ca", "free", "bound"))
    start = 0.1 * 1e-4 / (1e-4 + 0.03 / 100)
    assert bound[0] == pytest.approx(start, rel=1e-14), "at rest with the calcium that is there"
    np.testing.assert_allclose(free + bound, 0.1, rtol=2e-15)
    # 10 µm across: 1e4 · 0.01 mA/cm² / (2 F) · area / volume, for 5.0125 ms: states stand at halves of steps.
    brought = 5.0125 * 1e4 * 0.01 / (2 * 96485.33212) * 4.0 / 10.0
    after = made.time > 5.1
    np.testing.assert_allclose((ca + bound)[after], 1e-4 + start + brought, rtol=1e-11)
    assert ca[-1] == pytest.approx(0.03 / 100 * bound[-1] / free[-1], rel=1e-6), "in equilibrium at the end"


def test_an_instantaneous_buffer_needs_no_smaller_step() -> None:
    """A buffer 10⁴ times faster than the step is in equilibrium all the time, and calcium is still conserved."""
    made = ex.run(buffered(on=1e7, off=3e3), "20 ms", record=CALCIUM, dt=0.025)
    ca, free, bound = (made[name].values for name in ("ca", "free", "bound"))
    assert (ca > 0.0).all()
    settled = made.time > 0.1
    np.testing.assert_allclose(ca[settled], (3e-4 * bound / free)[settled], rtol=2e-3)
    assert (ca + bound)[-1] - (ca + bound)[0] == pytest.approx(5.0125 * 1e4 * 0.01 / (2 * 96485.33212) * 0.4, rel=1e-10)


def test_reactions_of_higher_order_keep_what_is_left_of_them() -> None:
    """Two of one bind to one of the other: 2 a + b <-> c keeps a + 2 c and b + c."""

    class Pairing(ex.Mechanism):
        """Two of a bind to b. Source: made for this test."""

        a, b, c = (ex.state_variable(name, "mM", start=start) for name, start in (("a", 1.0), ("b", 0.4), ("c", 0.0)))

        def rates(self) -> Any:
            return ex.reactions(("2 a + b", "c", 5.0, 0.5))

    cell = ex.paint(ex.Cell(ex.single_compartment(20)), ex.everywhere, Pairing(), ex.Leak())
    record = [ex.state(name, of=Pairing, at=ex.soma, label=name) for name in "abc"]
    made = ex.run(cell, "50 ms", record=record, dt=0.025)
    a, b, c = (made[name].values for name in "abc")
    np.testing.assert_allclose(a + 2 * c, 1.0, atol=1e-14)
    np.testing.assert_allclose(b + c, 0.4, atol=1e-14)
    assert 5.0 * a[-1] ** 2 * b[-1] == pytest.approx(0.5 * c[-1], rel=1e-6)


# ---------------------------------------------------------------- looking at them
def test_a_scheme_is_shown_as_reactions() -> None:
    shown = equations(Buffer())
    assert [each.text for each in shown] == ["ca_inside + free <-> bound, forward = on, backward = off"]
    assert r"\underset{\mathrm{off}}{\overset{\mathrm{on}}{\rightleftharpoons}}" in shown[0].latex
    assert [each.unit for each in equations(SodiumScheme())][-1] == "1/ms"


def test_laws_of_a_scheme_work_on_numbers_and_stand_beside_others() -> None:
    scheme = ex.reactions(("closed", "open", 1.0, 3.0), ("open", "blocked", 2.0, 1.0))
    assert list(scheme) == ["closed", "open", "blocked"]
    assert len(scheme) == 3
    at = {"closed": 0.5, "open": 0.3, "blocked": 0.2}
    rates = {name: law.rate(at) for name, law in scheme.items()}
    assert rates == pytest.approx({"closed": 0.4, "open": -0.8, "blocked": 0.4})
    assert sum(rates.values()) == pytest.approx(0.0, abs=1e-16)
    assert (2.0 * scheme)["blocked"].rate(at) == pytest.approx(0.8)
    law = ex.relax(0.5, 1.0)
    assert (scheme | {"h": law})["h"] is law
    assert ({"h": law} | scheme)["h"] is law
    forward = np.array([0.0, 1.0, 2.0])
    rest = ex.reactions(("closed", "open", forward, 2.0)).steady()
    np.testing.assert_allclose(rest["open"], forward / (forward + 2.0))
    with pytest.raises(KeyError, match="opne"):
        scheme["opne"]


# ---------------------------------------------------------------- refused
def made(rates: Any, **fields: Any) -> Mechanism:
    states = fields or {"closed": ex.gate("closed"), "open": ex.gate("open")}
    return type("Made", (ex.Channel,), {**states, "rates": rates})()


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ((), "A scheme without reactions"),
        ((("closed", "open", 1.0),), r"\('closed', 'open', 1.0\) stands in a list of reactions"),
        ((("closed", 1.0, 2.0, 3.0),), "stands in a list of reactions"),
        ((("closed", "open!", 1.0, 1.0),), r"The side 'open!' of a reaction cannot be read at 'open!'"),
        ((("0 closed", "open", 1.0, 1.0),), "cannot be read at '0 closed'"),
        ((("closed", "closed", 1.0, 1.0),), "The reaction closed <-> closed changes nothing"),
        ((("closed", "open", -1.0, 1.0),), r"A rate of the reaction closed <-> open was given as -1\.0"),
        ((("closed", "open", 1.0, np.array([1.0, -2.0])),), "A rate is never negative"),
    ],
)  # fmt: skip
def test_a_list_of_reactions_that_cannot_be(listed: Any, message: str) -> None:
    with pytest.raises(ex.MechanismError, match=message):
        ex.reactions(*listed)


def state(start: float | None = None, unit: str = "mM") -> Any:
    return ex.state_variable("amount", unit, start=start)


@pytest.mark.parametrize(
    ("mechanism", "message"),
    [
        (made(lambda self: ex.reactions(("closed", "opne", 1.0, 1.0))), "names 'opne', which is neither one of"),
        (made(lambda self: ex.reactions(("closed + ca_inside", "open", 1.0, 1.0))), "names 'ca_inside'.*or read it"),
        (made(lambda self, v: ex.reactions(("closed", "open", 0.1 * v, 1.0))), "open of Made is -12 at -120 mV"),
        (made(lambda self: ex.reactions(("2 closed", "open", 1.0, 1.0))), "makes 1 of 2 states, so that their total"),
        (made(lambda self: ex.reactions(("a", "2 b", 1.0, 1.0), total=1.0), a=state(0.5), b=state(0.5)), "2 of 1"),
        (
            made(lambda self: {**ex.reactions(("closed", "open", 1.0, 1.0)), "open": ex.relax(0.5, 1.0)}),
            "The state 'open' of Made takes part in reactions and has another law",
        ),
        (
            made(
                lambda self: ex.reactions(("a", "b", 1.0, 1.0), ("c", "d", 1.0, 1.0), total=1.0),
                a=state(), b=state(), c=state(), d=state(),
            ),
            "fall into 2 schemes that share no state: a and c",
        ),
        (made(lambda self: ex.reactions(("a", "b", 1.0, 1.0)), a=state(), b=state()), "neither their total nor"),
        (
            made(lambda self: ex.reactions(("a", "b", 1.0, 1.0)), a=ex.gate("a", start=0.5), b=ex.gate("b")),
            "Of the states of Made that turn into each other, Made.b have no start",
        ),
        (
            made(lambda self: ex.reactions(("a", "b", 1.0, 1.0)), a=ex.gate("a", start=0.5), b=ex.gate("b", start=0.4)),
            "start at values that add up to 0.9, and their total is 1",
        ),
        (made(lambda self: ex.reactions(("closed", "open", 1.0, 0.0))), "from 'open' none of closed|no single steady"),
        (
            made(lambda self: ex.reactions(("2 a", "b + c", 1.0, 1.0), total=1.0), a=state(), b=state(), c=state()),
            "is not linear in its states",
        ),
    ],
)  # fmt: skip
def test_a_scheme_that_is_not_well_posed(mechanism: Mechanism, message: str) -> None:
    with pytest.raises(ex.MechanismError, match=message):
        assemble([mechanism, ex.Ion("ca", 2, inside=1e-4, outside=2.0)])


def test_units_of_a_reaction_are_checked() -> None:
    class Wrong(Buffer):
        """Binding without a concentration in its unit. Source: a mistake."""

        on = ex.parameter(100.0, "1/ms", "binding")

    with pytest.raises(ex.UnitError, match=r"In the rate of free of Wrong, .* brings together .* and mM/ms"):
        assemble([Wrong(), ex.Ion("ca", 2, inside=1e-4, outside=2.0)])


def test_a_law_of_a_scheme_traces() -> None:
    scheme = ex.reactions(("closed", "open", symbol("a"), symbol("b")))
    assert ex.as_text(scheme.steady()["open"]) == "1 / (1 + a / b) * (a / b)"
