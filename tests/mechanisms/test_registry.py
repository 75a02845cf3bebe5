"""Every channel of the package: its source, units, rates, steady values and derivatives."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import excitable as ex
import excitable.mechanisms as registry
from excitable.compiler.gather import gather
from excitable.expressions import derivative, evaluate, symbols_of
from excitable.mechanisms import Channel, Condition, Ion, Mechanism, assemble
from excitable.mechanisms.mechanism import METHODS
from excitable.mechanisms.transport import CalciumStore
from excitable.mechanisms.variables import ion_of, may_be_provided, place_of, unit_of_variable

EVERY = {
    name: thing
    for name, thing in ((name, getattr(registry, name)) for name in registry.__all__)
    if inspect.isclass(thing) and issubclass(thing, Mechanism) and thing not in (Mechanism, Channel)
}
# What is made for an ion that the user names (Ion, Cytosol) has tests of its own.
EVERY = {name: thing for name, thing in EVERY.items() if thing.__init__ is Mechanism.__init__}
CHANNELS = {name: thing for name, thing in EVERY.items() if issubclass(thing, Channel)}
VOLTAGE = np.union1d(np.linspace(-150.0, 100.0, 2501), np.arange(-150.0, 101.0))
TEMPERATURES = (6.3, 20.0, 37.0)
# Where a removable singularity of the x/(exp(x) - 1) kind sits, naive arithmetic fails within this of it.
CLOSE = np.array([-1e-6, -1e-9, -1e-12, 0.0, 1e-12, 1e-9, 1e-6])


def ions_for(mechanism: Mechanism, provided: set[str]) -> list[Mechanism]:
    """Plausible numbers for each ion, stimulus and ligand that the mechanism reads and does not provide."""
    read = {name for method in METHODS for name in mechanism.reads(method)}
    symbols = sorted({ion_of(name) for name in read if ion_of(name)})
    known = {"na": (1, 10.0, 140.0), "k": (1, 140.0, 5.0), "ca": (2, 1e-4, 2.0), "cl": (-1, 10.0, 120.0)}
    made: list[Mechanism] = []
    for name in sorted(read - provided - {"ca_store", "temperature"}):
        stated = ion_of(name) in known and place_of(name) in ("", "inside", "outside")
        if may_be_provided(name) and not stated:
            made.append(Condition(name, 1e-3))
    for symbol in symbols:
        if symbol not in known:
            continue
        valence, inside, outside = known[symbol]
        sides = {"inside": inside, "outside": outside}
        made.append(Ion(symbol, valence, **{k: v for k, v in sides.items() if f"{symbol}_{k}" not in provided}))
    return made


def membrane_of(kind: type[Mechanism]) -> registry.Membrane:
    mechanism = kind()
    provided = (
        set(mechanism.provides(*(1.0 for _ in mechanism.reads("provides")))) if mechanism.has("provides") else set()
    )
    store = [CalciumStore()] if "ca_store" in mechanism.reads("flux") else []
    return assemble([*ions_for(mechanism, provided), *store, mechanism])


def point(membrane: registry.Membrane, temperature: float, voltage: np.ndarray) -> dict[str, object]:
    """Numbers for every symbol, with states at their start."""
    values: dict[str, object] = {"v": voltage, "temperature": temperature, "diameter": 2.0, "t": 0.0}
    values |= {"area": 600.0, "volume": 1000.0, "capacitance": 1.0}
    for mechanism in membrane.mechanisms:
        for name in mechanism.parameters:
            value = getattr(mechanism, name)
            values[f"{mechanism.name}.{name}"] = value if isinstance(value, float) else 1.0
    waiting = dict(membrane.starts)
    while waiting:
        ready = [name for name, start in waiting.items() if not symbols_of(start) & set(waiting)]
        assert ready
        for name in ready:
            values[name] = evaluate(waiting.pop(name), values)
    return values


def test_the_registry_holds_what_the_package_exports() -> None:
    assert {"Leak", "SquidSodium", "SquidPotassium", "SquidLeak"} <= set(CHANNELS)


@pytest.mark.parametrize("name", EVERY)
def test_it_names_its_source(name: str) -> None:
    text = inspect.getdoc(EVERY[name]) or ""
    assert "Source:" in text
    source = text.split("Source:", 1)[1]
    assert any(year in source for year in map(str, range(1880, 2035))), "a source has a year"
    assert text.splitlines()[0].endswith("."), "the first line is a sentence"


@pytest.mark.parametrize("name", EVERY)
def test_parameters_and_states_say_what_they_are(name: str) -> None:
    kind = EVERY[name]
    for declared in (*kind.parameters.values(), *kind.states.values()):
        assert declared.meaning, declared.name
        assert np.isfinite(getattr(declared, "default", 0.0))


@pytest.mark.parametrize("name", EVERY)
def test_units_check_and_states_have_a_start(name: str) -> None:
    membrane = membrane_of(EVERY[name])
    assert set(membrane.motions) == set(membrane.states) == set(membrane.starts)


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("name", EVERY)
def test_rates_and_currents_are_numbers_everywhere(name: str, temperature: float) -> None:
    membrane = membrane_of(EVERY[name])
    voltage = np.unique(np.add.outer(np.arange(-150.0, 100.1, 0.5), CLOSE))
    values = point(membrane, temperature, voltage)
    for state, motion in membrane.motions.items():
        for what in (motion.rate, motion.slope, *([motion.steady] if motion.steady is not None else [])):
            assert np.isfinite(evaluate(what, values)).all(), f"{state}: {what}"
        assert (np.asarray(evaluate(motion.slope, values)) <= 0.0).all(), f"{state} runs away"
    assert np.isfinite(evaluate(membrane.current, values)).all()


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("name", EVERY)
def test_gates_rest_between_nothing_and_all(name: str, temperature: float) -> None:
    membrane = membrane_of(EVERY[name])
    values = point(membrane, temperature, VOLTAGE)
    for state, declared in membrane.states.items():
        if declared.lowest is None:
            continue
        rest = np.asarray(values[state])
        assert rest.min() >= declared.lowest, state
        assert rest.max() <= declared.highest, state
        steady = membrane.motions[state].steady
        if steady is not None:
            at_rest = evaluate(membrane.motions[state].rate, {**values, state: evaluate(steady, values)})
            pace = np.abs(np.asarray(evaluate(membrane.motions[state].slope, values))).max()
            np.testing.assert_allclose(at_rest, 0.0, atol=1e-14 * max(pace, 1.0))


@pytest.mark.parametrize("name", EVERY)
def test_slopes_are_derivatives(name: str) -> None:
    """The slope of each law in its state, and of rates and current in the voltage, against central differences."""
    membrane = membrane_of(EVERY[name])
    voltage = np.linspace(-149.3, 99.1, 400)
    values = point(membrane, 20.0, voltage)
    # At rest, opening and closing cancel, and differences of them are rounding.
    values |= {name: 0.37 for name, declared in membrane.states.items() if declared.highest == 1.0}
    for state, motion in membrane.motions.items():
        size = np.abs(np.asarray(values[state]))
        own = 1e-5 * np.where(size > 0.0, size, 1.0)
        check_slope(motion.rate, motion.slope, values, state, own)
        # At its steady value the two halves of a rate cancel, and rounding is all that a difference shows.
        away = {**values, state: 0.5 * np.asarray(values[state])}
        check_slope(motion.rate, derivative(motion.rate, "v"), away, "v", 1e-4)
    check_slope(membrane.current, derivative(membrane.current, "v"), values, "v", 1e-4)


def check_slope(value: object, slope: object, values: dict[str, object], name: str, step: object) -> None:
    up, down = ({**values, name: np.asarray(values[name]) + sign * step} for sign in (1.0, -1.0))
    expected = (np.asarray(evaluate(value, up)) - evaluate(value, down)) / (2.0 * step)
    found = np.broadcast_to(evaluate(slope, values), expected.shape)
    scale = np.abs(expected).max() + np.abs(np.asarray(evaluate(value, values))).max()
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7 * scale)


@pytest.mark.filterwarnings("ignore:The step dt = 0.5 ms is coarse")
@pytest.mark.parametrize("name", CHANNELS)
def test_a_steady_state_looked_at_alone_is_where_a_clamped_cell_rests(name: str) -> None:
    """`steady_state` on arrays, and a cell held for long, agree: one graph, two ways."""
    kind = CHANNELS[name]
    channel = kind()
    affine = {s for s, m in membrane_of(kind).motions.items() if m.steady is not None}
    ions = ions_for(channel, set())
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0), temperature=20.0), ex.everywhere, *ions, channel)
    for state in kind.states:
        if f"{channel.name}.{state}" not in affine or set(channel.reads("rates")) - {"v", "temperature"}:
            continue
        if symbols_of(channel._traced_law(state)[0]) & set(channel.states):
            continue
        clamp = ex.voltage_clamp(at=ex.soma, levels=[(1.0, -70.0), (1.0, -20.0)])
        record = [ex.state(state, of=channel, at=ex.soma, label="x")]
        made = ex.run(cell, 4000.0, protocol=[clamp], record=record, dt=0.5, every=8000).signals["x"].values
        arguments = {"v": -20.0, "temperature": 20.0}
        wanted = channel.steady_state(state, **{k: arguments[k] for k in channel.reads("rates")})
        slowest = channel.time_constant(state, **{k: arguments[k] for k in channel.reads("rates")})
        assert made[-1] == pytest.approx(wanted, abs=1e-9 + np.exp(-3990.0 / slowest))


def test_variables_have_units() -> None:
    for kind in EVERY.values():
        for method in METHODS:
            assert all(unit_of_variable(name) for name in kind().reads(method))


@pytest.mark.parametrize("name", CHANNELS)
def test_it_can_be_painted_with_its_defaults(name: str) -> None:
    channel = CHANNELS[name]()
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, *ions_for(channel, set()), channel)
    (kind,) = gather(cell, [], []).kinds
    assert channel in kind.membrane.mechanisms
    assert np.isfinite(ex.run(cell, 1.0).signals["voltage at root"].values).all()
