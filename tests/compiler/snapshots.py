"""Kernels of a dozen models as snapshots: what LLVM text each makes, in short.

`python tests/compiler/snapshots.py` renews snapshots.json after a change that is meant to alter kernels; the
difference of that file then shows which kernels changed, and by how many instructions. `python
tests/compiler/snapshots.py FOLDER` writes the texts themselves, to compare two versions line by line.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("snapshots.json")
if __name__ == "__main__":
    sys.path.insert(0, str(FILE.parents[1]))

import numpy as np  # noqa: E402
from compiler.models import FORMS, MECHANISMS, STIMULI, clamp, planned, squid, squid_probes, with_ions  # noqa: E402

import excitable as ex  # noqa: E402
from excitable.compiler.llvm.kernel import Kernel, Shape  # noqa: E402
from excitable.compiler.passes import prepared  # noqa: E402
from excitable.compiler.plan import Plan  # noqa: E402
from excitable.expressions import walk  # noqa: E402

CALCIUM = ("PyramidalCalciumPool", "PyramidalHighThresholdCalcium", "PyramidalCalciumPotassium")


def leaky(form: str) -> ex.Cell:
    return ex.paint(FORMS[form](), ex.everywhere, ex.Leak())


def ten_kinds() -> ex.Cell:
    """Every mechanism of the layer-5 pyramidal cell on one compartment."""
    names = [name for name in MECHANISMS if name.startswith("Pyramidal")]
    return ex.paint(FORMS["compartment"](), ex.everywhere, *with_ions(*(MECHANISMS[name]() for name in names)))


def calcium() -> ex.Cell:
    return ex.paint(FORMS["cable"](), ex.everywhere, *with_ions(*(MECHANISMS[name]() for name in CALCIUM)))


def swept(form: str, **more: Any) -> Plan:
    over = {("SquidSodium", "conductance"): np.linspace(0.1, 0.12, 5), ("cell", "temperature"): np.linspace(5, 9, 5)}
    return planned(squid(form), overrides=over, cells=5, **more)


def clamps() -> Plan:
    protocol = [clamp(), clamp("other", ex.distal(ex.axon))]
    record = [ex.voltage(at=ex.root), ex.clamp_current(), ex.clamp_current("other")]
    return planned(squid("tree"), protocol, record)


MODELS: Mapping[str, tuple[Callable[[], Plan], Callable[[int], Shape]]] = {
    "leak, one compartment": (lambda: planned(leaky("compartment")), lambda kinds: Shape(1, (1,) * kinds)),
    "leak, cable": (lambda: planned(leaky("cable")), lambda kinds: Shape(1, (8,) * kinds)),
    "squid, one compartment": (lambda: planned(squid()), lambda kinds: Shape(1, (1,) * kinds)),
    "squid, 32 cells": (lambda: swept("compartment"), lambda kinds: Shape(32, (32,) * kinds)),
    "squid, backward Euler": (lambda: planned(squid(), method=ex.backward_euler), lambda kinds: Shape(1, (1,) * kinds)),
    "squid, cable": (lambda: planned(squid("cable")), lambda kinds: Shape(1, (16,) * kinds)),
    "squid, tree": (lambda: planned(squid("tree")), lambda kinds: Shape(1, (8, 16)[:kinds])),
    "squid, 8 trees": (lambda: swept("tree"), lambda kinds: Shape(8, (8,) * kinds)),
    "squid, every probe": (
        lambda: planned(squid("tree"), [STIMULI["pulse"]()], squid_probes()), lambda kinds: Shape(4, (4,) * kinds),
    ),
    "squid, every stimulus": (
        lambda: planned(squid("cable"), [make() for make in STIMULI.values()]), lambda kinds: Shape(1, (8,) * kinds),
    ),
    "squid, two clamps": (clamps, lambda kinds: Shape(2, (2,) * kinds)),
    "calcium pool, cable": (lambda: planned(calcium()), lambda kinds: Shape(1, (8,) * kinds)),
    "pyramidal cell, every mechanism": (lambda: planned(ten_kinds()), lambda kinds: Shape(1, (1,) * kinds)),
}  # fmt: skip


def kernel(name: str) -> tuple[Plan, str]:
    """The plan of a model, and its kernel as LLVM text for a processor with fused multiply-add."""
    make, shape = MODELS[name]
    made = make()
    return made, Kernel(made.program, shape(len(made.system.kinds)), fused=True).write()


def described(name: str) -> dict[str, Any]:
    """A kernel in short: the hash of its text, its instructions by kind, and the nodes of each pass."""
    made, text = kernel(name)
    program = made.program
    nodes = {part.name: operations(e for _, e in part.writes) for part in (*program.membranes, *program.points)}
    nodes |= {f"observer{k}": operations(each.values) for k, each in enumerate(program.observers)}
    return {
        "text": hashlib.sha256(rounded(text).encode()).hexdigest()[:16],
        "instructions": dict(sorted(instructions(text).items())),
        "operations": nodes,
    }


def rounded(text: str) -> str:
    """The text with its constants to 12 digits: the last digit is that of the mathematical library."""

    def short(found: re.Match[str]) -> str:
        return f"{struct.unpack('>d', bytes.fromhex(found[1]))[0]:.12g}"

    return re.sub(r"\b0x([0-9A-F]{16})\b", short, text)


def operations(expressions: Any) -> int:
    """How many operations are left of expressions after every pass."""
    return sum(1 for x in walk(prepared(expressions)) if x.arguments)


def instructions(text: str) -> Counter[str]:
    """How often each instruction stands in a kernel."""
    body = text[text.index("entry:") :]
    return Counter(re.findall(r"^  (?:%\S+ = )?([a-z]+)", body, re.MULTILINE))


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What changed between two descriptions of one kernel, in words."""
    found = []
    for table in ("operations", "instructions"):
        old, new = before.get(table, {}), after[table]
        found += [
            f"{table[:-1]} count of {key}: {old.get(key, 0)} before, {new.get(key, 0)} now"
            for key in sorted({*old, *new})
            if old.get(key, 0) != new.get(key, 0)
        ]
    if before.get("text") != after["text"] and not found:
        found.append("the text changed, and no count")
    return found


if __name__ == "__main__":
    if sys.argv[1:]:
        for model in MODELS:
            path = Path(sys.argv[1], f"{model.replace(', ', '_').replace(' ', '_')}.ll")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(kernel(model)[1], encoding="utf-8")
    else:
        FILE.write_text(json.dumps({model: described(model) for model in MODELS}, indent=1) + "\n", encoding="utf-8")
