"""The text of an SWC file, checked line by line and turned into points in order.

Each line of the file is `number type x y z radius parent`, lengths in µm, the parent of the first being -1.
Format: Cannon, Turner, Pyapali and Wheal, J. Neurosci. Methods 84:49 (1998).
"""

from __future__ import annotations

import re
import stat
from itertools import chain
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from ..errors import MorphologyError, nearest
from ..frozen import frozen, replace
from .frusta import Floats, Integers

LARGEST_FILE = 256 * 2**20
LARGEST_NUMBER = 2.0**53  # up to which floats hold every whole number
_SCALE = re.compile(rb"^\s*#\s*SCALE\s+([-+.\deE]+)\s+([-+.\deE]+)\s+([-+.\deE]+)", re.MULTILINE)


@frozen(eq=False)
class Points:
    """The points of one tree, each after its parent; `parent` is an index, -1 for the root."""

    number: Integers  # as in the file
    type: Integers
    position: Floats  # (points, 4) x, y, z, diameter, µm
    parent: Integers
    line: Integers
    source: str
    report: tuple[str, ...]


@frozen(eq=False)
class _Table:
    values: Floats  # (points, 7) as in the file
    line: Integers
    source: str
    report: tuple[str, ...]

    def take(self, chosen: NDArray[np.bool_] | Integers) -> _Table:
        return replace(self, values=self.values[chosen], line=self.line[chosen])

    def remark(self, sentence: str) -> _Table:
        return replace(self, report=(*self.report, sentence))

    def point(self, index: int) -> str:
        return f"point {self.values[index, 0]:.0f} (line {self.line[index]})"

    def refuse(self, what: str, expected: str, remedy: str) -> NoReturn:
        raise MorphologyError(f"{self.source}: {what}. {expected}. {remedy}.")


def read_points(path: str | Path, minimum_diameter: float | None = None, tree: int | None = None) -> Points:
    """The points of an SWC file, in an order with parents first.

    Raises MorphologyError, naming line, point and remedy, for whatever is not one tree of frusta.
    """
    path = Path(path)
    table = _parse(_load(path), path.name)
    table = _whole_numbers(table)
    table = _without_repeats(table)
    parent = _parent_index(table, allow_missing=tree is not None)
    table, parent = _one_tree(table, parent, tree)
    table, parent = _in_order(table, parent)
    table = _with_diameters(table, minimum_diameter)
    position = table.values[:, 2:6].copy()
    position[:, 3] *= 2.0
    whole = table.values[:, :2].astype(np.int64)
    return Points(whole[:, 0], whole[:, 1], position, parent, table.line, table.source, table.report)


def _load(path: Path) -> bytes:
    def refuse(what: str, remedy: str, cause: Exception | None = None) -> NoReturn:
        expected = "An SWC file is a text file with one point per line"
        raise MorphologyError(f"{path} {what}. {expected}. {remedy}.") from cause

    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            refuse("is a folder", "Name a file in it, such as " + repr(str(path / "cell.swc")))
        if not stat.S_ISREG(status.st_mode):
            refuse("is not a regular file", "Copy what it holds to a file first")
        if status.st_size > LARGEST_FILE:
            size = status.st_size / 2**20
            refuse(f"has {size:,.0f} MiB", f"Read one cell of at most {LARGEST_FILE // 2**20} MiB at a time")
        data = path.read_bytes()
    except FileNotFoundError as cause:
        folder = path.parent
        beside = sorted(p.name for p in folder.glob("*.swc"))[:1000] if folder.is_dir() else []
        hint = nearest(path.name, beside) if beside else f"Look in {str(folder)!r} for the right name."
        refuse("does not exist", hint.rstrip("."), cause)
    except (OSError, ValueError) as cause:  # ValueError: a path with a null character
        refuse(f"cannot be read ({cause})", "Give yourself the right to read it, or copy it", cause)
    if b"\0" in data:
        what = "holds null characters: it is not text, or text in UTF-16"
        refuse(what, "Save it as plain text (UTF-8), or decompress it")
    return data.removeprefix(b"\xef\xbb\xbf")


def _parse(data: bytes, source: str) -> _Table:
    """Seven numbers a line; whatever follows a # is a comment, blank lines are nothing."""
    rows: list[list[bytes]] = []
    lines: list[int] = []
    for number, line in enumerate(data.rstrip(b"\x1a").splitlines(), 1):
        fields = (line.partition(b"#")[0] if b"#" in line else line).split()
        if fields:
            rows.append(fields)
            lines.append(number)
    if not rows:
        raise MorphologyError(
            f"{source} holds no points ({len(data)} bytes). An SWC file has one line 'number type x y z "
            "radius parent' for each point. Write '1 1 0 0 0 10 -1' for a round soma of 20 µm."
        )
    widths = set(map(len, rows))
    report: list[str] = []
    if min(widths) < 7:
        _refuse_short(rows, lines, source)
    if max(widths) > 7:
        wide = sum(len(row) > 7 for row in rows)
        report.append(f"{wide} lines have more than seven columns; the columns after the seventh are ignored.")
        rows = [row[:7] for row in rows]
    scale = _SCALE.search(data[:16384])
    if scale and any(field not in (b"1", b"1.0", b"1.00") for field in scale.groups()):
        text = " ".join(field.decode() for field in scale.groups())
        report.append(f"The header says SCALE {text}; it is not applied, as in NEURON.")
    try:
        values = np.array(list(map(float, chain.from_iterable(rows)))).reshape(-1, 7)
    except ValueError:
        values = np.full((len(rows), 7), np.nan)
    if not np.abs(values).max() < LARGEST_NUMBER:  # nor when one is not a number
        _refuse_words(rows, lines, source)
    return _Table(values, np.array(lines), source, tuple(report))


def _refuse_short(rows: list[list[bytes]], lines: list[int], source: str) -> NoReturn:
    at = next(index for index, row in enumerate(rows) if len(row) < 7)
    text = b" ".join(rows[at]).decode(errors="replace")[:60]
    remedy = "Complete the line, or put a # before it"
    if at == len(rows) - 1 and at > 0:
        remedy = "The file seems to be cut off: fetch it again, or complete the line"
    raise MorphologyError(
        f"{source}, line {lines[at]}: {text!r} has {len(rows[at])} columns. A line has seven: number, type, "
        f"x, y, z, radius and parent. {remedy}."
    )


def _refuse_words(rows: list[list[bytes]], lines: list[int], source: str) -> NoReturn:
    columns = ("number", "type", "x", "y", "z", "radius", "parent")
    fields = (
        (line, row[0], what) for row, line in zip(rows, lines, strict=True) for what in zip(columns, row, strict=True)
    )
    line, name, (column, text) = next(field for field in fields if not _is_number(field[2][1]))
    shown = text.decode(errors="replace")[:40]
    raise MorphologyError(
        f"{source}, line {line}, point {name.decode(errors='replace')[:20]}: the {column} is {shown!r}. It "
        "is a finite number, with a decimal point and below 2^53. Replace it, or put a # before the line."
    )


def _is_number(text: bytes) -> bool:
    try:
        return abs(float(text)) < LARGEST_NUMBER
    except ValueError:
        return False


def _whole_numbers(table: _Table) -> _Table:
    for column, what in ((0, "number"), (1, "type"), (6, "parent")):
        values = table.values[:, column]
        odd = np.flatnonzero(values != np.rint(values))
        if len(odd):
            index = int(odd[0])
            table.refuse(
                f"line {table.line[index]}, point {table.values[index, 0]:g}: the {what} is {values[index]:g}",
                "It is a whole number",
                "Replace it; the columns are number, type, x, y, z, radius and parent",
            )
    return table


def _without_repeats(table: _Table) -> _Table:
    """Refuse a number used twice, but for a line written twice."""
    number = table.values[:, 0]
    order = np.argsort(number, kind="stable")
    later = order[1:][number[order][1:] == number[order][:-1]]
    if not len(later):
        return table
    first = order[np.searchsorted(number[order], number[later])]
    for one, two in zip(first.tolist(), later.tolist(), strict=True):
        if (table.values[one] != table.values[two]).any():
            table.refuse(
                f"{table.point(two)} repeats the number of line {table.line[one]} with other values",
                "Each point has a number of its own",
                f"Give line {table.line[two]} a new number, and its children that number as parent",
            )
    keep = np.ones(len(number), dtype=bool)
    keep[later] = False
    lines = ", ".join(map(str, table.line[later][:8].tolist()))
    return table.take(keep).remark(f"Lines written twice are read once (lines {lines}).")


def _parent_index(table: _Table, allow_missing: bool) -> Integers:
    """The index of each point's parent; -1 where there is none."""
    number, parent = table.values[:, 0], table.values[:, 6]
    order = np.argsort(number, kind="stable")
    slot = np.minimum(np.searchsorted(number[order], parent), len(number) - 1)
    found = np.where(number[order][slot] == parent, order[slot], -1)
    found[parent < 0] = -1
    missing = (found < 0) & (parent >= 0)
    if missing.sum() == 1 and not (parent < 0).any() and parent[missing][0] == 0:
        return found  # some programs write 0 for "no parent"
    if missing.any() and not allow_missing:
        index = int(np.flatnonzero(missing)[0])
        more = f", and {missing.sum() - 1} more such points" if missing.sum() > 1 else ""
        table.refuse(
            f"{table.point(index)} has the parent {parent[index]:.0f}, which is not in the file{more}",
            "The parent of a point is another point, or -1 for the root",
            "Correct the parent, or write read_swc(path, tree=0) to read only the first connected piece",
        )
    return found


def _one_tree(table: _Table, parent: Integers, tree: int | None) -> tuple[_Table, Integers]:
    """The points of one connected piece, and their parents among them."""
    roots = np.flatnonzero(parent < 0)
    if len(roots) == 1 and tree in (None, 0):
        return table, parent
    if not len(roots):
        _refuse_cycle(table, parent, np.arange(len(parent)))
    if tree is None:
        listed = ", ".join(table.point(int(root)) for root in roots[:4]) + (" …" if len(roots) > 4 else "")
        table.refuse(
            f"there are {len(roots)} roots: {listed}",
            "A cell is one tree, with one point whose parent is -1",
            "Give the others a parent, or write read_swc(path, tree=0) to read only the first connected piece",
        )
    if not 0 <= tree < len(roots):
        table.refuse(
            f"tree {tree} was asked for, of {len(roots)}",
            f"The connected pieces are numbered from 0 to {len(roots) - 1}, in the order of their roots",
            "Write read_swc(path, tree=0)",
        )
    # Pointer doubling: after k rounds every point knows its ancestor 2^k steps up, or its root.
    top = np.where(parent < 0, np.arange(len(parent)), parent)
    for _ in range(len(parent).bit_length()):
        top = top[top]
    inside = top == roots[tree]
    new = np.cumsum(inside) - 1
    left_out = len(parent) - int(inside.sum())
    kept = np.where(parent[inside] < 0, -1, new[parent[inside]])
    remark = f"{left_out} points of {len(roots) - 1} other connected pieces are left out."
    return table.take(inside).remark(remark), kept


def _in_order(table: _Table, parent: Integers) -> tuple[_Table, Integers]:
    """Points by number; where that puts a child before its parent, each followed by its descendants."""
    number = table.values[:, 0]
    if (np.diff(number) <= 0).any():
        table, parent = _permuted(table, parent, np.argsort(number, kind="stable"))
        table = table.remark("The points are not in the order of their numbers; they are sorted.")
    if (parent < np.arange(len(parent))).all():
        return table, parent
    children: list[list[int]] = [[] for _ in range(len(parent))]
    roots: list[int] = []
    for index, above in enumerate(parent.tolist()):
        (children[above] if above >= 0 else roots).append(index)
    order: list[int] = []
    waiting = roots[::-1]
    while waiting:
        order.append(waiting.pop())
        waiting.extend(reversed(children[order[-1]]))
    if len(order) < len(parent):
        _refuse_cycle(table, parent, np.setdiff1d(np.arange(len(parent)), order))
    early = int(np.flatnonzero(parent >= np.arange(len(parent)))[0])
    remark = f"Children stand before their parents, first at {table.point(early)}; the points are put in order."
    table, parent = _permuted(table, parent, np.array(order))
    return table.remark(remark), parent


def _permuted(table: _Table, parent: Integers, order: Integers) -> tuple[_Table, Integers]:
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return table.take(order), np.where(parent[order] < 0, -1, place[parent[order]])


def _refuse_cycle(table: _Table, parent: Integers, stuck: Integers) -> NoReturn:
    seen: list[int] = []
    index = int(stuck[0])
    while index not in seen:
        seen.append(index)
        index = int(parent[index])
    ring = seen[seen.index(index) :]
    names = " → ".join(f"{table.values[i, 0]:.0f}" for i in [*ring[:6], index])
    table.refuse(
        f"{table.point(index)} is its own ancestor ({names})",
        "Following the parents of any point leads to the root",
        f"Give the point on line {table.line[index]} another parent, or -1 if it is the root",
    )


def _with_diameters(table: _Table, minimum: float | None) -> _Table:
    radius = table.values[:, 5]
    if (radius < 0).any():
        index = int(np.flatnonzero(radius < 0)[0])
        table.refuse(
            f"{table.point(index)} has the radius {radius[index]:g} µm",
            "A radius is larger than 0",
            "Write the measured radius",
        )
    if minimum is not None:
        thin = radius < 0.5 * minimum
        values = table.values.copy()
        values[thin, 5] = 0.5 * minimum
        remark = f"{thin.sum()} points thinner than {minimum:g} µm are given that diameter."
        table = replace(table, values=values)
        return table.remark(remark) if thin.any() else table
    if (radius == 0).any():
        index = int(np.flatnonzero(radius == 0)[0])
        others = int((radius == 0).sum()) - 1
        more = f", and {others} more such points" if others else ""
        table.refuse(
            f"{table.point(index)} has the radius 0{more}",
            "A radius is larger than 0, or no current could pass",
            "Write the measured radius, or read_swc(path, minimum_diameter=0.1) for the least to be assumed",
        )
    return table
