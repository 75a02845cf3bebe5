"""Units multiply, divide, take powers and compare; their symbols are read in every usual spelling."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excitable.errors import UnitError
from excitable.units import ONE, Unit, parse
from excitable.units.algebra import _from_pint, _tokens
from excitable.units.symbols import KINDS, PREFIXED, PREFIXES

SPELLINGS = [
    ("mS/cm2", ["mS/cm^2", "mS/cm**2", "mS/cm²", "mS cm-2", "mS·cm⁻²", "mS*cm**-2", "mS / cm ** 2",
                "mmho/cm2"]),
    ("ohm cm", ["Ω·cm", "Ω cm", "ohm*cm", "ohm-cm", "Ohm cm", "ohm.cm"]),
    ("1/ms", ["/ms", "ms-1", "ms^-1", "ms**-1", "kHz", "ms⁻¹"]),
    ("uF/cm2", ["µF/cm2", "μF/cm²"]),
    ("Mohm", ["MΩ", "1/uS", "MOhm"]),
    ("mM", ["mol/m3", "mmol/L", "mmolar"]),
    ("m/s", ["mm/ms", "um/us", "m s-1"]),
    ("degC", ["°C", "celsius", "Celsius"]),
    ("J/(mol K)", ["J/mol/K", "J mol-1 K-1", "J / (mol * K)"]),
    ("m^(1/2)", ["m**0.5", "m**(1/2)"]),
    ("1", ["", " ", "rad"]),
    ("C", ["A s", "F V"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "others"), SPELLINGS, ids=[text for text, _ in SPELLINGS])
def test_spellings_of_one_unit_are_equal(text: str, others: list[str]) -> None:
    assert [other for other in others if parse(other) != parse(text) or hash(parse(other)) != hash(parse(text))] == []


@pytest.mark.parametrize(
    ("text", "dimensions", "scale"),
    [
        ("mV", (2, -3, -1, 1, 0, 0), 1e-3),
        ("um", (1, 0, 0, 0, 0, 0), 1e-6),
        ("nA", (0, 0, 1, 0, 0, 0), 1e-9),
        ("uS", (-2, 3, 2, -1, 0, 0), 1e-6),
        ("S/cm2", (-4, 3, 2, -1, 0, 0), 1e4),
        ("uF/cm2", (-4, 4, 2, -1, 0, 0), 1e-2),
        ("ohm cm", (3, -3, -2, 1, 0, 0), 1e-2),
        ("M", (-3, 0, 0, 0, 1, 0), 1e3),
        ("min", (0, 1, 0, 0, 0, 0), 60.0),
        ("h", (0, 1, 0, 0, 0, 0), 3600.0),
        ("kg", (0, 0, 0, 1, 0, 0), 1.0),
        ("%", (0, 0, 0, 0, 0, 0), 0.01),
    ],
)
def test_units_have_si_dimensions_and_scale(text: str, dimensions: tuple[int, ...], scale: float) -> None:
    assert parse(text).dimensions == dimensions
    assert parse(text).scale == pytest.approx(scale, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("J/mol K", r"'J/mol K' is ambiguous after '/'.*Write it like"),
        ("cm2/", "ends too early"),
        ("2 mV", "stumbles at '2'"),
        ("mV 2", "stumbles at '2'"),
        ("((m)", "ends too early|stumbles at"),
        ("m)", r"stumbles at '\)'"),
        ("m**(1/0)", "power that is not a number"),
        ("m**(1", "power that is not a number"),
        ("(m", "ends too early|stumbles at"),
        ("m**x", "power that is not a number"),
        ("m$", r"stumbles at '\$'"),
        ("bogus_unit", "'bogus_unit' that is not known"),
        ("mv", r"'mv' that is not known.*Did you mean"),
        ("kqqq", "'kqqq' that is not known"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str, problem: str) -> None:
    with pytest.raises(UnitError, match=problem):
        parse(text)


def test_a_unit_is_text() -> None:
    with pytest.raises(UnitError, match="The unit 5 is not text"):
        parse(5)  # type: ignore[arg-type]


def test_products_of_internal_units_fit_together() -> None:
    assert parse("S/cm2") * parse("mV") == parse("mA/cm2")
    assert parse("uS") * parse("mV") == parse("nA")
    assert parse("nA") * parse("Mohm") == parse("mV")
    assert parse("Mohm") * parse("uS") == ONE
    assert (parse("uF/cm2") * parse("mV") / parse("ms")).name == "uA/cm2"
    assert parse("mV") != parse("V")
    assert parse("mV") != "mV"
    assert parse("degC") != parse("K")
    assert parse("mV") / parse("degC") == parse("mV/K")


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_named_and_distinct(kind: str) -> None:
    units = [parse(text) for text in KINDS[kind].split(", ")]
    assert {unit.kind for unit in units} == {kind}
    for unit in units:
        assert (Unit(unit.dimensions, unit.scale, unit.offset)).name in KINDS[kind].split(", ")


def test_unusual_units_have_a_name_too() -> None:
    assert (parse("V") ** 2).name == "m**4*s**-6*A**-2*kg**2"
    assert (parse("mV") ** 2).name.startswith("1e-06 m**4")
    assert "quantity in m**0.5" in parse("m^0.5").kind
    assert str(parse("mS/cm²")) == "mS/cm²"
    assert not parse("mV").dimensionless
    assert (parse("mV") / parse("V")).dimensionless


units = st.builds(
    lambda prefix, symbol: parse(prefix + symbol),
    st.sampled_from(["", *PREFIXES]),
    st.sampled_from(sorted(set(PREFIXED) - {"m", "g", "l"})),
)


@given(units, units, units)
def test_units_form_a_group(a: Unit, b: Unit, c: Unit) -> None:
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert a / a == ONE
    assert (a / b) * b == a
    assert hash(a * b) == hash(b * a)


@given(units, st.fractions(min_value=-4, max_value=4, max_denominator=6).filter(bool))
def test_powers_are_undone_by_their_inverse(unit: Unit, power: Fraction) -> None:
    assert (unit**power) ** (1 / power) == unit


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse(text).name
    except UnitError as problem:
        read = str(problem)
    assert read


def test_odd_exponents_are_kept() -> None:
    assert parse("m^0.123").dimensions[0] == 0.123


def test_other_names_come_from_pint() -> None:
    assert parse("inch").scale == pytest.approx(0.0254)
    assert parse("mmHg").kind == "pressure"


def test_without_pint_other_names_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pint", None)
    assert _from_pint.__wrapped__("inch") is None


def test_dimensions_outside_our_six_are_unknown() -> None:
    assert _from_pint("candela") is None


def test_a_number_that_touches_a_name_is_its_exponent() -> None:
    assert _tokens("cm2") == [("name", "cm"), ("exponent", "2")]
