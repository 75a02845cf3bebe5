"""From descriptions to a system: every region, place, name and parameter is looked up once, here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..cells import Cell
from ..errors import CellError, MechanismError, RequestError, UnknownNameError, nearest
from ..mechanisms import Along, Mechanism, assemble
from ..mechanisms.declare import check_limits
from ..morphology import Discretisation
from ..protocols import Clamp, Stimulus
from ..recordings.probes import OBSERVED, Probe
from ..units import to_array
from .place import PlaceOfCompartments
from .system import Floats, Integers, Item, Kind, Placed, System, Tree, Watch
from .tree import elimination

PROPERTIES = ("axial_resistivity", "capacitance", "temperature", "initial_voltage")
Overrides = Mapping[tuple[str, str], Floats]


def gather(
    cell: Cell,
    protocol: Sequence[Stimulus | Clamp],
    record: Sequence[Probe],
    overrides: Overrides | None = None,
    cells: int = 1,
) -> System:
    """The system of a cell, or of many that differ in the overridden numbers.

    `overrides` maps (owner, parameter) to one value a cell (cells,); an owner is the name of a mechanism, of a stimulus
    or clamp, or "cell".
    """
    overrides = dict(overrides or {})
    parts = cell.discretise()
    properties, painted = _strokes(cell, parts)
    kinds = _kinds(parts, properties, painted, overrides)
    if ("cell", "axial_resistivity") in overrides:
        raise RequestError(
            "A sweep was asked over the axial resistivity. The tree is shared by all cells of a sweep. "
            "Write one run for each resistivity."
        )
    tree = _tree(parts, properties["axial_resistivity"])
    _refuse_strangers(protocol)
    clamps = tuple(_placed(item, parts, overrides) for item in protocol if isinstance(item, Clamp))
    _refuse_twins(protocol, clamps)
    watches = tuple(_watch(probe, parts, kinds) for probe in record)
    _refuse_unused(overrides, kinds, protocol)
    return System(
        discretisation=parts,
        kinds=kinds,
        tree=tree,
        voltage=overrides.get(("cell", "initial_voltage"), properties["initial_voltage"][:, None]),
        placed=tuple(_placed(item, parts, overrides) for item in protocol if isinstance(item, Stimulus)),
        clamps=clamps,
        watches=watches,
        cells=cells,
    )


# ---------------------------------------------------------------- painting
def _strokes(
    cell: Cell, parts: Discretisation
) -> tuple[dict[str, Floats], list[tuple[Mechanism, np.ndarray[Any, Any]]]]:
    """Properties of each compartment, and each mechanism with the compartments that remain to it."""
    properties = {name: np.full(len(parts), float(getattr(cell, name))) for name in PROPERTIES}
    painted: list[tuple[Mechanism, np.ndarray[Any, Any]]] = []
    for stroke in cell.paintings:
        mask = stroke.region.mask(parts)
        if isinstance(stroke.what, Mechanism):
            for other, where in painted:
                if other.name == stroke.what.name:
                    if type(other) is not type(stroke.what):
                        raise CellError(
                            f"{other!r} and {stroke.what!r} are different mechanisms with one name, {other.name!r}. "
                            "Names tell mechanisms of a cell apart. "
                            f"Write {type(stroke.what).__name__}(name='another_name')."
                        )
                    where &= ~mask
            painted.append((stroke.what, mask.copy()))
        else:
            for name, value in stroke.what.items():
                properties[name][mask] = value
    return properties, [(mechanism, where) for mechanism, where in painted if where.any()]


def _kinds(
    parts: Discretisation,
    properties: Mapping[str, Floats],
    painted: Sequence[tuple[Mechanism, np.ndarray[Any, Any]]],
    overrides: Mapping[tuple[str, str], Floats],
) -> tuple[Kind, ...]:
    """Compartments with the same set of mechanisms make a kind; numbers may differ inside it."""
    names = list(dict.fromkeys(mechanism.name for mechanism, _ in painted))
    present = np.zeros((len(parts), len(names)), dtype=bool)
    for mechanism, where in painted:
        present[:, names.index(mechanism.name)] |= where
    # Mechanisms that differ in more than numbers (an ion's valence, say) may not share a kind.
    shape = np.zeros((len(parts), len(names)), dtype=np.int64)
    shapes: dict[Any, int] = {}
    for mechanism, where in painted:
        key = shapes.setdefault(_structure(mechanism), len(shapes) + 1)
        shape[where, names.index(mechanism.name)] = key
    groups, which = np.unique(shape, axis=0, return_inverse=True) if names else (shape[:1], np.zeros(len(parts), int))
    kinds = []
    for number in range(len(groups)):
        compartments = np.flatnonzero(which.ravel() == number)
        here = [(m, where[compartments]) for m, where in painted if where[compartments].any()]
        kinds.append(_kind(parts, properties, compartments, here, names, overrides))
    return tuple(kinds)


def _structure(mechanism: Mechanism) -> Any:
    """What of a mechanism is built into its equations: everything but its declared parameters."""
    declared = (*mechanism.parameters, "parameters", "states")
    fixed = {k: v for k, v in vars(mechanism).items() if k not in declared}
    return (type(mechanism), tuple(sorted(fixed.items(), key=lambda item: item[0])))


def _kind(
    parts: Discretisation,
    properties: Mapping[str, Floats],
    compartments: Integers,
    here: Sequence[tuple[Mechanism, np.ndarray[Any, Any]]],
    names: Sequence[str],
    overrides: Mapping[tuple[str, str], Floats],
) -> Kind:
    first = {mechanism.name: mechanism for mechanism, _ in here}
    membrane = assemble([first[name] for name in names if name in first])
    values: dict[str, Any] = {
        "area": _varied(parts.area[compartments]),
        "volume": _varied(parts.volume[compartments]),
        "diameter": _varied(parts.diameter[compartments]),
        "capacitance": _varied(properties["capacitance"][compartments]),
        "temperature": _varied(properties["temperature"][compartments]),
    }
    for full in membrane.parameters:
        owner, key = full.split(".")
        along = np.empty(len(compartments))
        for mechanism, where in here:
            if mechanism.name == owner:
                along[where] = _parameter(mechanism, key, parts, compartments[where])
        values[full] = _varied(along)
    for (owner, key), given in overrides.items():
        full = key if owner == "cell" else f"{owner}.{key}"
        if full in values:
            values[full] = given[None, :]
    for full, declared in membrane.parameters.items():
        check_limits(declared, values[full], f"{full}, along the cell or in a sweep,")
    return Kind(membrane, compartments, values)


def _parameter(mechanism: Mechanism, key: str, parts: Discretisation, compartments: Integers) -> Any:
    value = getattr(mechanism, key)
    if not isinstance(value, Along):
        return value
    given = value.function(PlaceOfCompartments(parts, compartments))
    what = f"{key} of {mechanism.name}, along the cell"
    numbers = to_array(given, mechanism.parameters[key].unit, what=what)
    if numbers.ndim > 1 or numbers.size not in (1, len(compartments)):
        raise MechanismError(
            f"The function for {what} returned an array of shape {numbers.shape} for {len(compartments)} compartments. "
            "It must return one number a compartment. Write along(lambda place: 0.1 * place.distance)."
        )
    return numbers


def _varied(along: Floats) -> Any:
    """A number where all compartments agree, else a column (n, 1)."""
    return float(along[0]) if np.all(along == along[0]) else along[:, None].copy()


# ---------------------------------------------------------------- tree and places
def _tree(parts: Discretisation, resistivity: Floats) -> Tree:
    along = np.concatenate([resistivity, np.zeros(len(parts.junctions))])
    resistance = 1e-2 * (along[parts.edges] * parts.edge_factors).sum(axis=1)
    with np.errstate(divide="ignore", over="ignore"):
        conductance = 1.0 / resistance
    if not np.all(np.isfinite(conductance)):
        bad = int(np.flatnonzero(~np.isfinite(conductance))[0])
        raise CellError(
            f"The axial resistance between points {parts.edges[bad].tolist()} of the cell is {resistance[bad]} MΩ. "
            "It must be positive and finite. Check the lengths and diameters there."
        )
    return elimination(parts.node_count, parts.edges, conductance)


def _refuse_strangers(protocol: Sequence[Any]) -> None:
    for item in protocol:
        if not isinstance(item, (Stimulus, Clamp)):
            raise RequestError(
                f"{item!r} stands in the protocol. A protocol is a list of stimuli and clamps. "
                "Write protocol=[current_pulse(at=soma, amplitude='0.5 nA', duration='5 ms')]."
            )


def _placed(item: Item, parts: Discretisation, overrides: Mapping[tuple[str, str], Floats]) -> Placed[Item]:
    values: dict[str, Any] = dict(item.numbers)
    for (owner, key), given in overrides.items():
        if owner == item.name and key in values:
            values[key] = given
    return Placed(item, item.at.compartment(parts), values)


def _refuse_twins(protocol: Sequence[Stimulus | Clamp], clamps: Sequence[Placed[Clamp]]) -> None:
    seen: dict[int, str] = {}
    for item in clamps:
        if item.node in seen:
            raise RequestError(
                f"The clamps {seen[item.node]!r} and {item.what.name!r} hold the same compartment. "
                "A potential has one command. Leave one of them out, or cut the cell more finely."
            )
        seen[item.node] = item.what.name
    names = [item.name for item in protocol]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise RequestError(
            f"Two items of the protocol are called {twice!r}. Names tell them apart in sweeps and recordings. "
            "Write name='…' for one of them."
        )


def _watch(probe: Any, parts: Discretisation, kinds: Sequence[Kind]) -> Watch:
    if not isinstance(probe, Probe):
        raise RequestError(
            f"{probe!r} stands in the list of what to record. Probes are voltage, state, current, variable, "
            "spikes, clamp_current. "
            "Write record=[voltage(at=soma)]."
        )
    if probe.quantity == "clamp":
        return Watch(probe, np.zeros(0, dtype=np.int64))
    compartments = probe.at.compartments(parts)
    if probe.quantity in OBSERVED:
        for compartment in compartments.tolist():
            _refuse_absent(probe, compartment, kinds, parts)
    return Watch(probe, compartments)


def _refuse_absent(probe: Probe, compartment: int, kinds: Sequence[Kind], parts: Discretisation) -> None:
    kind = next(k for k in kinds if compartment in k.compartments)
    membrane = kind.membrane
    owners = {mechanism.name for mechanism in membrane.mechanisms}
    where = f"at compartment {compartment} ({parts.morphology.branches[parts.branch[compartment]].name})"
    if probe.of and probe.of not in owners:
        raise UnknownNameError(
            f"{probe.label!r} asks for {probe.of!r} {where}, and it is not painted there. {nearest(probe.of, owners)} "
            "Record where the mechanism is, or paint it there."
        )
    if probe.quantity == "state" and f"{probe.of}.{probe.name}" not in membrane.states:
        own = [name.split(".")[1] for name in membrane.states if name.startswith(probe.of + ".")]
        raise UnknownNameError(
            f"{probe.of} has no state {probe.name!r}. {nearest(probe.name, own)} Write one of its declared states."
        )
    if probe.quantity == "variable" and probe.name not in membrane.variables:
        raise UnknownNameError(
            f"Nothing {where} provides the variable {probe.name!r}. {nearest(probe.name, membrane.variables)} "
            "Record what a mechanism there reads or provides, or paint what provides it."
        )
    if probe.quantity == "current" and probe.of and probe.of not in membrane.currents:
        raise UnknownNameError(
            f"{probe.of} carries no current. {nearest(probe.of, membrane.currents)} Write of=… of a channel."
        )
    if probe.quantity == "current" and probe.name and probe.name not in membrane.ion_currents:
        raise UnknownNameError(
            f"No mechanism {where} carries {probe.name!r}. {nearest(probe.name, membrane.ion_currents)} "
            "Write ion=… of an ion that a channel there names."
        )


def _refuse_unused(
    overrides: Mapping[tuple[str, str], Floats], kinds: Sequence[Kind], protocol: Sequence[Stimulus | Clamp]
) -> None:
    owners: dict[str, set[str]] = {"cell": {"capacitance", "temperature", "initial_voltage"}}
    for kind in kinds:
        for full in kind.membrane.parameters:
            owners.setdefault(full.split(".")[0], set()).add(full.split(".")[1])
    for item in protocol:
        owners.setdefault(item.name, set()).update(item.numbers)
    for owner, key in overrides:
        if owner not in owners:
            raise UnknownNameError(
                f"The sweep varies {key!r} of {owner!r}, and there is no such mechanism or stimulus here. "
                f"{nearest(owner, owners)} Name a painted mechanism, a stimulus by its name, or 'cell'."
            )
        if key not in owners[owner]:
            raise UnknownNameError(
                f"The sweep varies {key!r} of {owner!r}, which has no such number. {nearest(key, owners[owner])} "
                "Name one of its parameters."
            )
