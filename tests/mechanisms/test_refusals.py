"""A mechanism that is not well posed is refused when it is declared, made, or brought together with others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import excitable as ex
from excitable.mechanisms import Mechanism, assemble


class Plain(ex.Channel):
    """A channel with a parameter, a gate and a current."""

    conductance = ex.parameter(1e-3, "S/cm2", "conductance")
    m = ex.gate("activation")

    def rates(self, v: Any) -> Mapping[str, Any]:
        return {"m": ex.relax(0.5, 1.0)}

    def current(self, v: Any) -> Any:
        return self.conductance * self.m * (v + 70.0)


def with_rates(rates: Any, **fields: Any) -> Mechanism:
    """A channel with one gate and these rates."""
    body = {"m": ex.gate("activation"), "rates": rates, **fields}
    return type("Made", (ex.Channel,), body)()


def with_current(current: Any, **fields: Any) -> Mechanism:
    """A channel with a conductance and this current."""
    body = {"conductance": ex.parameter(1e-3, "S/cm2", "conductance"), "current": current, **fields}
    return type("Made", (ex.Channel,), body)()


# ---------------------------------------------------------------- declaring
@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: ex.parameter("1 mV", "S/cm2", "conductance"), "'1 mV' is a voltage; the default of the parameter"),
        (lambda: ex.parameter(float("nan"), "mV", "reversal"), "the default of the parameter 'reversal'"),
        (lambda: ex.parameter(1.0, "S/cm7x", "conductance"), "S/cm7x|cm7x"),
        (lambda: ex.state_variable("concentration", "mM", start="2 mV"), "the start of the state 'concentration'"),
        (lambda: ex.gate("activation", start=1.5), r"declared to start at 1\.5"),
        (lambda: type("Bad", (ex.Channel,), {"v": ex.gate("activation")}), "declares 'v', a name with a meaning"),
        (lambda: type("Bad", (ex.Channel,), {"name": ex.parameter(1.0, "1", "x")}), "declares 'name'"),
        (lambda: type("Bad", (ex.Channel,), {"_x": ex.parameter(1.0, "1", "x")}), "declares '_x'"),
    ],
)  # fmt: skip
def test_a_bad_declaration(declare: Any, message: str) -> None:
    with pytest.raises(ex.ExcitableError, match=message):
        declare()


# ---------------------------------------------------------------- making
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Plain(conductence=1.0), r"Plain has no parameter 'conductence'. Did you mean 'conductance'\?"),
        (lambda: Plain(m=0.5), "Plain has no parameter 'm'"),
        (lambda: Plain(conductance="5 mV"), "conductance of Plain"),
        (lambda: Plain(conductance="five"), "conductance of Plain"),
        (lambda: Plain(conductance=float("nan")), "conductance of Plain"),
        (lambda: Plain(conductance=[1.0, 2.0]), "conductance of Plain"),
        (lambda: Plain(name="fast channel"), "was given as the name of a Plain"),
        (lambda: Plain(name=3), "3 was given as the name of a Plain"),
        (lambda: Plain().bind(n=1.0), r"Plain has no parameter or state 'n'"),
        (lambda: Plain().steady_state("n", v=0.0), "Plain has no state 'n'"),
        (lambda: Plain().time_constant("n", v=0.0), "Plain has no state 'n'"),
        (lambda: ex.SquidSodium().steady_state("m", v="1 nA", temperature=6.3), "v"),
        (lambda: ex.Ion("na+", 1), "was given as the symbol of an ion"),
        (lambda: ex.Ion("na", 0), "the valence 0"),
        (lambda: ex.Ion("na", 1.0), r"the valence 1\.0"),
        (lambda: ex.Ion("na", 1, inside=-1.0), r"na inside was given as -1 mM. It must be above 0"),
        (lambda: ex.Ion("na", 1, outside="5 mV"), "the concentration of na outside"),
        (lambda: ex.Ion("na", 1, reversal="5 mM"), "the reversal potential of na"),
    ],
)  # fmt: skip
def test_a_bad_instance(make: Any, message: str) -> None:
    with pytest.raises(ex.ExcitableError, match=message):
        make()


def test_a_mechanism_does_not_change() -> None:
    with pytest.raises(ex.MechanismError, match=r"Write Plain\(conductance=2\.0\) to make another"):
        Plain().conductance = 2.0


# ---------------------------------------------------------------- brought together
def curved(self: Any, v: Any) -> Any:
    return {"m": self.pace * (1.0 - self.m**2)}


class Provider(Mechanism):
    """Provides the reversal potential of sodium."""

    def provides(self) -> Mapping[str, Any]:
        return {"e_na": 50.0}


class Circular(Mechanism):
    """A reversal potential that is made of itself."""

    def provides(self, e_na: Any) -> Mapping[str, Any]:
        return {"e_na": 0.5 * e_na}


NAMED = ex.parameter(1.0, "1/ms", "pace")
ILL_POSED = {
    "two of one name": ([Plain(), Plain()], r"Two mechanisms on one membrane are called 'Plain'.*Write Plain\(name="),
    "a state that nobody advances": (
        [with_rates(lambda self, v: {})],
        "Nothing advances the state 'm' of Made",
    ),
    "no rates at all": ([type("Made", (ex.Channel,), {"m": ex.gate("x")})()], "Nothing advances the state 'm' of Made"),
    "a law for another state": (
        [with_rates(lambda self, v: {"m": ex.relax(0.5, 1.0), "mm": ex.relax(0.5, 1.0)})],
        r"Made\.rates gives a law for 'mm'.*Did you mean 'm'\?",
    ),
    "rates that are not a mapping": ([with_rates(lambda self, v: ex.relax(0.5, 1.0))], r"Made\.rates returned"),
    "rates that return nothing": ([with_rates(lambda self, v: None)], r"Made\.rates returned None"),
    "an argument that is not a variable": (
        [with_rates(lambda self, voltage: {"m": ex.relax(0.5, 1.0)})],
        "asks for 'voltage', which is not a variable of the membrane",
    ),
    "a state asked for as an argument": (
        [with_rates(lambda self, m: {"m": ex.relax(0.5, 1.0)})],
        r"write self\.m if it is one",
    ),
    "a branch on the voltage": (
        [with_rates(lambda self, v: {"m": ex.relax(1.0 if v > 0 else 0.0, 1.0)})],
        "where",
    ),
    "a loop until the voltage": ([with_rates(lambda self, v: {"m": ex.relax(max(v, 0.0), 1.0)})], "where|maximum"),
    "a rate of the wrong unit": (
        [with_rates(lambda self, v: {"m": v}, pace=NAMED)],
        "the rate of m of Made comes out in",
    ),
    "a sum of different units": (
        [with_current(lambda self, v: self.conductance + v)],
        "S/cm2|S/cm²|conductance",
    ),
    "the exponential of a voltage with a unit": (
        [with_current(lambda self, v: self.conductance * ex.exp(v + self.shift), shift=ex.parameter(1.0, "mM", "s"))],
        "mM",
    ),
    "a current that is a conductance": (
        [with_current(lambda self, v: self.conductance * self.conductance)],
        "the current of Made comes out in",
    ),
    "a reversal that nobody provides": (
        [with_current(lambda self, v, e_na: self.conductance * (v - e_na))],
        r"Made\.current reads 'e_na', and nothing on this membrane provides it.*Ion\('na'",
    ),
    "a concentration that nobody provides": (
        [with_current(lambda self, ca_inside: self.conductance * ca_inside)],
        r"reads 'ca_inside', and nothing.*inside=",
    ),
    "a variable that two provide": (
        [Provider(), ex.Ion("na", 1, reversal=50.0)],
        "Both Provider and ion_na provide 'e_na' on one membrane",
    ),
    "a variable made of itself": ([Circular()], "The variable 'e_na' depends on itself: e_na → e_na"),
    "a curved state without a start": (
        [type("Made", (Mechanism,), {"m": ex.state_variable("x"), "pace": NAMED, "rates": curved})()],
        r"'Made\.m' has no steady value to start from",
    ),
    "a name that nobody may provide": (
        [type("Made", (Mechanism,), {"provides": lambda self: {"i_na": 1.0}})()],
        "Made provides 'i_na', which is not a variable",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ILL_POSED)
def test_an_ill_posed_membrane(name: str) -> None:
    mechanisms, message = ILL_POSED[name]
    with pytest.raises(ex.ExcitableError, match=f"(?s){message}"):
        assemble(mechanisms)


@pytest.mark.parametrize("name", ILL_POSED)
def test_the_same_is_refused_by_a_run(name: str) -> None:
    """Two strokes of one name take each other's place on a cell; all else is refused as well."""
    if name == "two of one name":
        return
    mechanisms, message = ILL_POSED[name]
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, *mechanisms)
    with pytest.raises(ex.ExcitableError, match=f"(?s){message}"):
        ex.run(cell, 1.0)


def test_two_different_mechanisms_of_one_name() -> None:
    cell = ex.Cell(ex.single_compartment(20.0))
    cell = ex.paint(cell, ex.everywhere, ex.SquidSodium(name="channel"), ex.SquidPotassium(name="channel"))
    with pytest.raises(ex.CellError, match="are different mechanisms with one name, 'channel'"):
        ex.run(cell, 1.0)


def test_states_that_start_from_each_other_in_a_circle() -> None:
    class Pair(Mechanism):
        """Two states, each at rest where the other says."""

        a = ex.state_variable("one")
        b = ex.state_variable("other")

        def rates(self) -> Mapping[str, Any]:
            return {"a": ex.relax(0.5 * self.b, 1.0), "b": ex.relax(1.0 - 0.5 * self.a, 1.0)}

    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, Pair())
    with pytest.raises(ex.MechanismError, match=r"Pair\.a, Pair\.b depend on each other in a circle"):
        ex.run(cell, 1.0)


def test_a_steady_value_that_is_not_a_number() -> None:
    def rates(self: Any, v: Any) -> Mapping[str, Any]:
        return {"m": ex.relax(ex.log(0.1 * v), 1.0)}

    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, with_rates(rates))
    with pytest.raises(ex.MechanismError, match=r"The state 'Made\.m' starts at nan with v = -65\.0 mV"):
        ex.run(cell, 1.0)


def test_a_curved_state_has_no_closed_steady_state() -> None:
    body = {"m": ex.state_variable("x", start=0.1), "pace": NAMED, "rates": curved}
    with pytest.raises(ex.MechanismError, match="its rate is curved in the state itself"):
        type("Made", (Mechanism,), body)().steady_state("m", v=0.0)


@pytest.mark.parametrize("size", [(3,), (2, 2)])
def test_a_parameter_along_the_cell_of_the_wrong_shape(size: tuple[int, ...]) -> None:
    leak = ex.Leak(conductance=ex.along(lambda place: np.full(size, 1e-4)))
    cell = ex.paint(ex.Cell(ex.cable(100.0, 1.0), ex.per_branch(5)), ex.everywhere, leak)
    with pytest.raises(ex.MechanismError, match="for 5 compartments"):
        ex.run(cell, 1.0)


def test_a_parameter_along_the_cell_of_the_wrong_unit() -> None:
    leak = ex.Leak(conductance=ex.along(lambda place: "3 mV"))
    cell = ex.paint(ex.Cell(ex.cable(100.0, 1.0), ex.per_branch(5)), ex.everywhere, leak)
    with pytest.raises(ex.UnitError, match="conductance of Leak, along the cell"):
        ex.run(cell, 1.0)
