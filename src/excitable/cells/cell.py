"""A cell: a shape, how finely it is cut, and what is painted on it. Frozen; verbs return a new cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import CellError
from ..frozen import frozen, replace
from ..mechanisms import Mechanism
from ..morphology import Discretisation, Morphology, Region, Rule, d_lambda, discretise, everywhere, select
from ..morphology.regions import as_region
from ..units import to


@frozen()
class Material:
    """Passive properties of a region; None leaves what was there. See `material`."""

    axial_resistivity: float | None = None
    capacitance: float | None = None
    temperature: float | None = None
    initial_voltage: float | None = None

    def items(self) -> Iterator[tuple[str, float]]:
        """The properties that are given."""
        for name in ("axial_resistivity", "capacitance", "temperature", "initial_voltage"):
            value = getattr(self, name)
            if value is not None:
                yield name, value


@frozen()
class Painting:
    """One stroke: what was painted on which region."""

    region: Region
    what: Mechanism | Material


@frozen(eq=False, repr=False)
class Cell:
    """A shape on which mechanisms are painted. Make it with `Cell(morphology, …)`, then `paint`.

    compartments: the rule that cuts the shape (`per_branch(n)`, `max_length("20 um")`, `d_lambda(0.1)`); without it,
    a tenth of the length constant at 100 Hz.  axial_resistivity: Ω·cm.  capacitance: µF/cm².  temperature: °C.
    initial_voltage: mV.

    >>> from excitable.morphology import single_compartment
    >>> Cell(single_compartment(20, 20)).temperature
    6.3

    Raises CellError for a shape that is not a morphology, or a value out of range; UnitError for a wrong dimension.
    """

    morphology: Morphology
    compartments: Rule | None = None
    axial_resistivity: Any = 100.0
    capacitance: Any = 1.0
    temperature: Any = 6.3
    initial_voltage: Any = -65.0
    paintings: tuple[Painting, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.morphology, Morphology):
            raise CellError(
                f"Cell was given {self.morphology!r} as its shape. A shape is a morphology. "
                "Write Cell(read('neuron.swc')), or Cell(cable(length, diameter))."
            )
        checked = material(
            axial_resistivity=self.axial_resistivity,
            capacitance=self.capacitance,
            temperature=self.temperature,
            initial_voltage=self.initial_voltage,
        )
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def rule(self) -> Rule:
        """How the shape is cut: as asked, or a tenth of the length constant at 100 Hz."""
        if self.compartments is not None:
            return self.compartments
        return d_lambda(0.1, axial_resistivity=self.axial_resistivity, capacitance=self.capacitance)

    def discretise(self) -> Discretisation:
        """The compartments of this cell."""
        return discretise(self.morphology, self.rule)

    def __repr__(self) -> str:
        painted = "".join(f"\n  {p.region!r}: {p.what!r}" for p in self.paintings)
        return f"Cell({self.morphology.name!r}, {self.rule!r}){painted}"


def paint(cell: Cell, region: Region | str, *what: Mechanism | Material) -> Cell:
    """The cell with mechanisms or materials on every compartment of a region.

    Painting a mechanism again under the same name takes the place of the earlier one where both reach.

    >>> from excitable.mechanisms import Leak
    >>> from excitable.morphology import everywhere, single_compartment
    >>> cell = paint(Cell(single_compartment(20, 20)), everywhere, Leak())

    Raises CellError for what is not a mechanism or material, RequestError for a region that is empty on this cell.
    """
    if not isinstance(cell, Cell):
        raise CellError(
            f"paint was given {cell!r}. The first argument is a Cell. Write paint(cell, region, mechanism)."
        )
    for thing in what:
        if isinstance(thing, type) and issubclass(thing, Mechanism):
            raise CellError(
                f"The class {thing.__name__} was painted. A mechanism is an instance of its class. "
                f"Write paint(cell, region, {thing.__name__}())."
            )
        if not isinstance(thing, (Mechanism, Material)):
            raise CellError(
                f"{thing!r} was painted. Mechanisms and materials can be painted. "
                "Write paint(cell, everywhere, Leak()), or paint(cell, axon, material(capacitance='0.5 uF/cm2'))."
            )
    where = as_region(region)
    if where != everywhere:
        select(where, cell.discretise())
    return replace(cell, paintings=(*cell.paintings, *(Painting(where, thing) for thing in what)))


def material(
    *,
    axial_resistivity: Any = None,
    capacitance: Any = None,
    temperature: Any = None,
    initial_voltage: Any = None,
) -> Material:
    """Passive properties to paint on a region: Ω·cm, µF/cm², °C and mV.

    >>> material(capacitance="2 uF/cm2")
    Material(axial_resistivity=None, capacitance=2.0, temperature=None, initial_voltage=None)

    Raises CellError where a resistivity or a capacitance is not positive, or a temperature is outside 0–60 °C.
    """
    values = {}
    for name, given, unit in (
        ("axial_resistivity", axial_resistivity, "ohm cm"),
        ("capacitance", capacitance, "uF/cm2"),
        ("temperature", temperature, "degC"),
        ("initial_voltage", initial_voltage, "mV"),
    ):
        if given is None:
            continue
        value = to(given, unit, what=f"the {name.replace('_', ' ')}")
        if name in ("axial_resistivity", "capacitance") and value <= 0.0:
            raise CellError(
                f"The {name.replace('_', ' ')} was given as {value} {unit}. It must be positive. Write {name}='1 "
                f"{unit}'."
            )
        if name == "temperature" and not 0.0 <= value <= 60.0:
            raise CellError(
                f"The temperature was given as {value} °C. Living membrane works between 0 and 60 °C. "
                "Write temperature='37 degC' (a bare number is in °C)."
            )
        values[name] = value
    return Material(**values)
