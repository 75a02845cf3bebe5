"""Points of a reconstruction joined into branches, as NEURON's Import3d does for SWC files.

Source: `Import3d_SWC_read` and `Import3d_GUI.instantiate` of NEURON 9 (read_swc.hoc, import3d_gui.hoc). The
rules, with the points in order of their numbers:

1. A branch is a run of consecutive points, each the only child of the one before and of its type.
2. Within the soma, a point with one soma child does not end a branch, whatever else grows from it.
3. A branch begins with a copy of the point it grows from. Where a neurite leaves a soma, that copy takes
   the diameter of the neurite; it is left out ("wire") where the neurite grows from a soma of one point,
   from the inside of a soma, or from a soma point that also has two soma children.
4. A branch grows from the end of its parent; from the middle for a soma of one point or the inside of
   a soma; from the start for the first point of the root.
5. A soma of one point is a cylinder as long as wide. Three soma points, the first in the middle and the
   others one radius away on both sides, mean the same.
6. Branches of one point or no length are removed, and what grew from them grows from their parents.
7. Where the first point of a neurite on the soma has more children, these join the start of the neurite.

Where rules 1 and 7 would let NEURON run a branch on into a point that is not its continuation, the branch
ends instead, and its children join its end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import MorphologyError
from ..frozen import frozen
from .build import family
from .frusta import Floats
from .swc import Points
from .tree import KINDS, Branch, Morphology

_SOMA = 1


@dataclass
class _Section:
    """A branch in the making; `parent` is the section it grows from."""

    first: int
    type: int
    points: Floats
    parent: _Section | None
    attachment: float
    wire: bool
    last: int

    @property
    def shown(self) -> Floats:
        return self.points[1:] if self.wire else self.points


@frozen(eq=False)
class _Layout:
    """What is known of each point before sections are made."""

    ends: NDArray[np.bool_]  # the point is the last of its section
    joins_start: NDArray[np.bool_]  # the point joins the start of its parent's section (rule 7)
    soma_children: NDArray[np.int64]
    three_point: bool
    stopped: NDArray[np.int64]  # points that end a section where NEURON would run on


def join(points: Points, name: str) -> Morphology:
    """The morphology that NEURON would make of these points, with a report of what was odd."""
    layout = _lay_out(points)
    sections, removed = _remove_empty(_sections(points, layout))
    root = sections[0]
    remarks = [*points.report, *_soma_remarks(points, sections, layout), *removed]
    if len(root.shown) == 1:
        x, y, z, d = root.points[0].tolist()
        root.points = np.array([[x + shift, y, z, d] for shift in (-d / 2, 0.0, d / 2)])
    elif not (root.points[1:, :3] != root.points[:-1, :3]).any():
        raise MorphologyError(
            f"{points.source}, lines {points.line[0]} to {points.line[root.last]}: the first branch has "
            "length 0, as all its points lie at one place. A branch is longer than 0 µm. Leave one of the "
            "points for a round soma."
        )
    remarks += _branch_remarks(points, sections, layout)
    return Morphology(_branches(sections), name, tuple(remarks))


def _lay_out(points: Points) -> _Layout:
    kind, parent = points.type, points.parent.copy()
    size = len(parent)
    child = np.arange(1, size)
    above = parent[1:]
    apart = above != child - 1
    changes = kind[above] != kind[child]

    children = np.bincount(above, minlength=size)
    broken = np.bincount(above, weights=apart | changes, minlength=size) > 0
    ends = (children != 1) | broken
    joins_start = np.zeros(size, dtype=bool)
    on_soma = (kind != _SOMA) & (np.where(parent >= 0, kind[parent], _SOMA) == _SOMA)
    on_soma[1:2] = False  # NEURON's own exception
    joins_start[1:] = apart & on_soma[above]
    # The last such child of a point decides whether the section goes on through the point.
    for index in np.flatnonzero(joins_start).tolist():
        ends[parent[index]] = kind[parent[index]] != kind[index]

    is_soma = kind == _SOMA
    soma_child = is_soma[child] & is_soma[above]
    soma_children = np.bincount(above[soma_child], minlength=size)
    three_point = bool(is_soma.sum() == 3) and _is_three_point(points, children)
    if three_point:
        parent[2] = 1
    follows = (parent[1:] == child - 1) & is_soma[1:] & is_soma[:-1]
    ends[:-1][follows & ((soma_children[:-1] <= 1) | (child == 1))] = False

    # A section never runs on into a point that does not continue it.
    forced = ~ends[:-1] & ((parent[1:] != child - 1) | (kind[1:] != kind[:-1]))
    ends[:-1][forced] = True
    joins_start[1:] &= ~forced[above]
    ends[-1] = True
    return _Layout(ends, joins_start, soma_children, three_point, np.flatnonzero(forced))


def _is_three_point(points: Points, children: NDArray[np.int64]) -> bool:
    """Whether the first three points are a round soma in the manner of NeuroMorpho.org."""
    at, d = points.position[:3, :3], points.position[:3, 3]
    if len(at) < 3 or points.parent[1] != 0 or points.parent[2] != 0 or children[1] or children[2]:
        return False
    span = float(np.sqrt(((at[1:] - at[0]) ** 2).sum(axis=1)).sum())
    return bool(np.abs(d - d[0]).max() <= 1e-11 and abs(span / d[0] - 1.0) < 0.01)


def _sections(points: Points, layout: _Layout) -> list[_Section]:
    lasts = np.flatnonzero(layout.ends)
    section_of = np.repeat(np.arange(len(lasts)), np.diff(lasts, prepend=-1)).tolist()
    kind, parent = points.type.tolist(), points.parent.tolist()
    sections: list[_Section] = []
    first = 0
    for last in lasts.tolist():
        own = points.position[first : last + 1]
        if not sections:
            shown = own[:1] if layout.three_point else own
            sections.append(_Section(0, kind[0], shown.copy(), None, 0.0, False, last))
        else:
            above = sections[section_of[parent[first]]]
            section = _Section(
                first, kind[first], np.vstack([points.position[parent[first]], own]), above, 1.0, False, last
            )
            _attach(section, above, parent[first], sections[0], int(layout.soma_children[parent[first]]))
            if layout.joins_start[first]:
                section.attachment = 0.0
            sections.append(section)
        first = last + 1
    return sections


def _attach(section: _Section, above: _Section, point: int, root: _Section, soma_children: int) -> None:
    """Rules 3 and 4: where on its parent a section begins, and whether by a wire."""
    neurite_on_soma = above.type == _SOMA and section.type != _SOMA
    several = len(section.points) > 2
    if neurite_on_soma:
        section.points[0, 3] = section.points[1, 3]
    if above is root and neurite_on_soma and len(root.points) == 1:
        section.attachment, section.wire = 0.5, several
    elif above is root and point == 0:
        section.attachment, section.wire = 0.0, section.type != _SOMA and soma_children > 1
    elif above.type == _SOMA:
        # NEURON counts the copied point of a section, and none for the root.
        end = above.first + len(above.points) - (1 if above is root or above.first == 0 else 2)
        if point < end:
            section.attachment, section.wire = 0.5, neurite_on_soma and several
        elif neurite_on_soma:
            section.wire = several and soma_children > 1


def _remove_empty(sections: list[_Section]) -> tuple[list[_Section], list[str]]:
    """Rule 6, from the last section to the first."""
    empty: dict[int, _Section] = {}
    kept: list[_Section] = []
    children: defaultdict[int, list[_Section]] = defaultdict(list)
    for section in sections:
        if section.parent is not None:
            children[id(section.parent)].append(section)
    for section in reversed(sections):
        shown = section.shown
        still = len(shown) <= 1 or not (shown[1:, :3] != shown[:-1, :3]).any()
        if section.parent is None or not still:
            kept.append(section)
            continue
        empty[id(section)] = section
        for below in children.pop(id(section), []):
            below.parent, below.attachment = section.parent, section.attachment
            children[id(section.parent)].append(below)
    if not empty:
        return sections, []
    return kept[::-1], [f"Branches of one point or without length, removed: {len(empty)}."]


def _branches(sections: list[_Section]) -> tuple[Branch, ...]:
    number = {id(section): index for index, section in enumerate(sections)}
    used: Counter[str] = Counter()
    branches = []
    for section in sections:
        kind = _kind(section.type)
        stem = family(kind)
        parent = -1 if section.parent is None else number[id(section.parent)]
        label = f"{stem}[{used[stem]}]"
        branches.append(Branch(label, kind, parent, section.attachment, section.shown))
        used[stem] += 1
    return tuple(branches)


def _kind(number: int) -> str:
    return KINDS[number - 1] if 1 <= number <= 4 else f"custom{number}"


def _soma_remarks(points: Points, sections: list[_Section], layout: _Layout) -> list[str]:
    soma = np.flatnonzero(points.type == _SOMA)
    if not len(soma):
        return [f"There is no soma; the root is point {points.number[0]} (line {points.line[0]})."]
    remarks = []
    if points.type[0] != _SOMA:
        remarks.append(f"The root, point {points.number[0]} (line {points.line[0]}), is not part of the soma.")
    if layout.three_point:
        remarks.append("The soma of three points, one in the middle, is a cylinder as long as it is wide.")
    elif len(sections[0].points) == 1:
        remarks.append(
            f"The first branch is one point (line {points.line[0]}); it is a cylinder as long as it is wide "
            f"({points.position[0, 3]:g} µm), with the area of the sphere."
        )
    return remarks


def _branch_remarks(points: Points, sections: list[_Section], layout: _Layout) -> list[str]:
    remarks = []
    somas = sum(section.type == _SOMA for section in sections)
    wires = sum(section.wire for section in sections)
    at_start = [s for s in sections[1:] if layout.joins_start[s.first]]
    other = sorted({s.type for s in sections} - {1, 2, 3, 4})
    if somas > 1:
        remarks.append(f"Branches of the soma: {somas}.")
    if wires:
        remarks.append(f"Neurites that begin at their own first point, not inside the soma: {wires}.")
    if at_start:
        lines = ", ".join(str(points.line[s.first]) for s in at_start[:8])
        remarks.append(
            "Branches that grow from the first point of another, and are joined to its start as in NEURON: "
            f"{len(at_start)} (lines {lines})."
        )
    if len(layout.stopped):
        lines = ", ".join(map(str, points.line[layout.stopped][:8].tolist()))
        remarks.append(
            "Branches that end where NEURON would run on into a point of another type or another branch: "
            f"{len(layout.stopped)} (lines {lines})."
        )
    if other:
        names = ", ".join(f"{number} ({_kind(number)})" for number in other)
        remarks.append(f"Types that are neither soma, axon, basal nor apical dendrite: {names}.")
    return remarks
