"""`excitable show`: settings, equations as they run, parameters and states of a preparation."""

from __future__ import annotations

import json
from typing import Any

from ..cells import Cell
from ..library import Choice, Painted, Preparation, choose, equations, override, painted
from ..mechanisms import Mechanism
from .tables import LEFT, RIGHT, number, table
from .terminal import folded, say

NOTES = {
    "linoid(": "linoid(x) = x / (exp(x) - 1), 1 at x = 0",
    "exprel(": "exprel(x) = (exp(x) - 1) / x, 1 at x = 0",
}


def show(preparation: Preparation, settings: dict[str, str], form: str) -> int:
    """Print a preparation as "text", "latex" or "json".

    Raises:
        UnknownNameError: There is no such setting.
    """
    choice = choose(preparation, settings)
    cell = override(preparation.cell(choice.values), choice.parameters)
    if form == "json":
        say(json.dumps(as_dictionary(preparation, choice, cell), ensure_ascii=True, indent=2))
    elif form == "latex":
        say(as_latex_text(preparation, cell))
    else:
        _text(preparation, choice, cell)
    return 0


# ---------------------------------------------------------------- text
def _text(preparation: Preparation, choice: Choice, cell: Cell) -> None:
    say(preparation.name)
    say(folded(preparation.summary, "  "))
    say(folded(f"Source: {preparation.source}", "  "))
    for remark in preparation.remarks:
        say(folded(remark, "  - ", "    "))
    say()
    say("Settings, changed with --set name=value")
    rows = [
        (each.name, number(choice.values[each.name]), _unit(each.unit), each.meaning) for each in preparation.settings
    ]
    table(("name", "value", "unit", "meaning"), rows, (LEFT, RIGHT, LEFT, LEFT))
    say("Cell")
    for line in _cell_lines(cell):
        say(folded(line, "  "))
    notes: list[str] = []
    for each in painted(cell):
        say()
        _mechanism(each, notes)
    if notes:
        say()
        say("where " + "; ".join(notes))


def _cell_lines(cell: Cell) -> list[str]:
    passive = f"axial resistivity {cell.axial_resistivity:g} Ω·cm, capacitance {cell.capacitance:g} µF/cm²"
    return [
        repr(cell.morphology),
        f"cut by {cell.rule!r} into {len(cell.discretise())} compartments",
        f"{passive}, {cell.temperature:g} °C, begins at {cell.initial_voltage:g} mV",
    ]


def _mechanism(each: Painted, notes: list[str]) -> None:
    mechanism = each.mechanism
    say(f"{mechanism.name}, painted on {', '.join(each.regions)}")
    say(folded(each.words, "  "))
    if each.source:
        say(folded(f"Source: {each.source}", "  "))
    say()
    for equation in equations(mechanism):
        unit = f"   [{equation.unit}]" if equation.unit not in ("", "1") else ""
        say(folded(equation.text + unit, "    ", "        "))
        notes.extend(note for mark, note in NOTES.items() if mark in equation.text and note not in notes)
    say()
    rows = [(name, _value(mechanism, name), _unit(declared.unit), declared.meaning)
            for name, declared in mechanism.parameters.items()]  # fmt: skip
    rows += [(name, "state", _unit(declared.unit), declared.meaning) for name, declared in mechanism.states.items()]
    if rows:
        table(("name", "value", "unit", "meaning"), rows, (LEFT, RIGHT, LEFT, LEFT))


def _value(mechanism: Mechanism, name: str) -> str:
    value = getattr(mechanism, name)
    return f"{value:g}" if isinstance(value, float) else "varies along the cell"


def _unit(unit: str) -> str:
    """The unit as it is printed.

    >>> _unit("uA/cm2"), _unit("ohm cm")
    ('µA/cm²', 'Ω·cm')
    """
    spelt = {"ohm cm": "Ω·cm", "ohm cm2": "Ω·cm²", "um": "µm", "degC": "°C", "1": ""}
    return spelt.get(unit, unit.replace("uA", "µA").replace("uF", "µF").replace("cm2", "cm²").replace("cm3", "cm³"))


# ---------------------------------------------------------------- LaTeX and JSON
def as_latex_text(preparation: Preparation, cell: Cell) -> str:
    """The equations as LaTeX, one align environment for each mechanism."""
    lines = [rf"% {preparation.name}: {preparation.source}"]
    for each in painted(cell):
        lines += [f"% {each.mechanism.name}: {each.words}", r"\begin{align}"]
        rows = [equation.latex.replace(" = ", " &= ", 1) for equation in equations(each.mechanism)]
        lines += [row + r" \\" for row in rows[:-1]] + rows[-1:] + [r"\end{align}"]
    return "\n".join(lines)


def as_dictionary(preparation: Preparation, choice: Choice, cell: Cell) -> dict[str, Any]:
    """The description as plain data."""
    return {
        "name": preparation.name,
        "summary": preparation.summary,
        "source": preparation.source,
        "remarks": list(preparation.remarks),
        "settings": [
            {"name": each.name, "value": choice.values[each.name], "default": each.default, "unit": each.unit,
             "meaning": each.meaning}
            for each in preparation.settings
        ],
        "mechanisms": [_mechanism_dictionary(each) for each in painted(cell)],
    }  # fmt: skip


def _mechanism_dictionary(each: Painted) -> dict[str, Any]:
    mechanism = each.mechanism
    values = {name: getattr(mechanism, name) for name in mechanism.parameters}
    return {
        "name": mechanism.name,
        "summary": each.words,
        "source": each.source,
        "regions": list(each.regions),
        "equations": [{"text": e.text, "latex": e.latex, "unit": e.unit} for e in equations(mechanism)],
        "parameters": [
            {"name": name, "value": values[name] if isinstance(values[name], float) else None, "unit": declared.unit,
             "meaning": declared.meaning}
            for name, declared in mechanism.parameters.items()
        ],
        "states": [
            {"name": name, "unit": declared.unit, "meaning": declared.meaning, "start": declared.start}
            for name, declared in mechanism.states.items()
        ],
    }  # fmt: skip
