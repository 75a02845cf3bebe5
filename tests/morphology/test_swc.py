"""SWC files: what is understood, what is reported, what is refused and how."""

from __future__ import annotations

import math
import os
import re
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excitable.errors import MorphologyError, RequestError
from excitable.morphology import Morphology, read, read_swc

FOLDER = Path(__file__).parents[3] / "shared/references/morphologies"
FILES = sorted(FOLDER.glob("*/*.swc")) if FOLDER.is_dir() else []

NEURITE = "2 3 10 0 0 1 1\n3 3 110 0 0 1 2\n"


@pytest.fixture
def swc(tmp_path: Path) -> Path:
    return tmp_path / "cell.swc"


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def said(shape: Morphology, pattern: str) -> bool:
    return any(re.search(pattern, remark) for remark in shape.report)


def test_a_soma_of_one_point_has_the_area_of_a_sphere(swc: Path) -> None:
    shape = read_swc(written(swc, "1 1 0 0 0 10 -1\n" + NEURITE))
    assert math.isclose(shape.areas[0], 4 * math.pi * 100)
    assert shape["soma[0]"].points.tolist() == [[-10, 0, 0, 20], [0, 0, 0, 20], [10, 0, 0, 20]]
    assert shape["dend[0]"].points.tolist() == [[10, 0, 0, 2], [110, 0, 0, 2]]
    assert shape["dend[0]"].attachment == 0.5
    assert said(shape, r"one point \(line 1\).*20 µm.*sphere")
    assert said(shape, r"begin at their own first point, not inside the soma: 1")


def test_three_points_of_a_round_soma_mean_one(swc: Path) -> None:
    text = "1 1 0 0 0 10 -1\n2 1 0 -10 0 10 1\n3 1 0 10 0 10 1\n4 3 10 0 0 1 1\n5 3 110 0 0 1 4\n"
    shape = read_swc(written(swc, text))
    assert [branch.name for branch in shape] == ["soma[0]", "dend[0]"]
    assert math.isclose(shape.areas[0], 4 * math.pi * 100)
    assert said(shape, "soma of three points")


def test_a_soma_of_several_points_keeps_its_shape(swc: Path) -> None:
    soma = "1 1 0 0 0 5 -1\n2 1 10 0 0 8 1\n3 1 20 0 0 4 2\n"
    text = soma + "4 3 30 0 0 1 3\n5 3 40 0 0 1 4\n6 2 10 9 0 1 2\n7 2 10 99 0 1 6\n"
    shape = read_swc(written(swc, text))
    assert len(shape["soma[0]"].points) == 3
    # A dendrite at the last point starts on it with its own diameter; an axon in the middle starts outside.
    assert shape["dend[0]"].points[0].tolist() == [20, 0, 0, 2]
    assert shape["dend[0]"].attachment == 1.0
    assert shape["axon[0]"].points[0].tolist() == [10, 9, 0, 2]
    assert shape["axon[0]"].attachment == 0.5


def test_branches_split_where_they_fork_and_where_the_type_changes(swc: Path) -> None:
    text = "1 3 0 0 0 1 -1\n2 3 10 0 0 1 1\n3 3 20 0 0 1 2\n4 3 20 9 0 1 2\n5 2 30 0 0 1 3\n6 2 40 0 0 1 5\n"
    shape = read_swc(written(swc, text))
    assert [(b.name, b.parent) for b in shape] == [
        ("dend[0]", -1),
        ("dend[1]", 0),
        ("dend[2]", 0),
        ("axon[0]", 1),
    ]
    assert shape["axon[0]"].points[0].tolist() == [20, 0, 0, 2]
    assert said(shape, "There is no soma; the root is point 1")


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("# SCALE 1.13 1.13 4.0\n1 1 0 0 0 5 -1\n", "SCALE 1.13 1.13 4.0; it is not applied"),
        ("1 1 0 0 0 5 -1 7 8\n", "1 lines have more than seven columns"),
        ("1 1 0 0 0 5 -1\n1 1 0 0 0 5 -1\n", r"Lines written twice are read once \(lines 2\)"),
        ("2 3 9 0 0 1 1\n1 1 0 0 0 5 -1\n3 3 99 0 0 1 2\n", "not in the order of their numbers"),
        ("5 1 0 0 0 5 -1\n3 3 9 0 0 1 5\n4 3 99 0 0 1 3\n", r"Children stand before .* point 3 \(line 2\)"),
        ("1 1 0 0 0 5 -1\n2 7 9 0 0 1 1\n3 7 99 0 0 1 2\n", r"neither soma.*7 \(custom7\)"),
        ("1 1 0 0 0 5 -1\n2 0 9 0 0 1 1\n3 0 99 0 0 1 2\n", r"0 \(custom0\)"),
        ("1 1 0 0 0 5 -1\n2 -3 9 0 0 1 1\n3 -3 99 0 0 1 2\n", r"-3 \(custom-3\)"),
        ("1 3 0 0 0 1 -1\n2 3 9 0 0 1 1\n3 1 12 0 0 5 2\n", "root, point 1 .* not part of the soma"),
        ("1 1 0 0 0 5 -1\n2 3 0 0 0 1 1\n", "without length, removed: 1"),
        ("1 1 0 0 0 5 -1\n2 1 9 0 0 5 1\n3 1 0 9 0 5 1\n", "Branches of the soma: 2"),
        (
            "1 1 0 0 0 5 -1\n2 1 9 0 0 5 1\n3 3 20 0 0 1 2\n4 3 30 0 0 1 3\n5 3 20 9 0 1 3\n6 3 20 19 0 1 5",
            r"joined to its start as in NEURON: 1 \(lines 5\)",
        ),
        (
            "1 3 0 0 0 1 -1\n2 1 9 0 0 1 1\n3 3 0 9 0 1 1\n",
            r"NEURON would run on .*: 1 \(lines 1\)",
        ),
        ("1 1 0 0 0 5 0\n", "one point"),
    ],
)
def test_odd_things_are_reported(text: str, pattern: str, swc: Path) -> None:
    shape = read_swc(written(swc, text))
    assert said(shape, pattern), shape.report


def test_types_make_names_and_kinds(swc: Path) -> None:
    rows = ["1 1 0 0 0 5 -1"]
    for index, kind in enumerate((2, 3, 4, 5, 0, -2)):
        rows += [
            f"{2 * index + 2} {kind} 9 {index} 0 1 1",
            f"{2 * index + 3} {kind} 99 {index} 0 1 {2 * index + 2}",
        ]
    shape = read_swc(written(swc, "\n".join(rows)))
    assert [(branch.name, branch.kind) for branch in shape][1:] == [
        ("axon[0]", "axon"),
        ("dend[0]", "basal"),
        ("apic[0]", "apical"),
        ("dend_5[0]", "custom5"),
        ("dend_0[0]", "custom0"),
        ("minus_2[0]", "custom-2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        ("1 1 0 0 0 10 -1\n" + NEURITE).replace("\n", "\r\n"),
        ("1 1 0 0 0 10 -1\n" + NEURITE).replace("\n", "\r"),
        "\ufeff1 1 0 0 0 10 -1\n" + NEURITE,
        "# größe in µm\n\n  1\t1 0 0 0 1e1 -1  # soma\n" + NEURITE.rstrip(),
        b"# \xff\xfe not utf-8\n1 1 0 0 0 10 -1\n" + NEURITE.encode() + b"\x1a",
        "1.0 1.0 0 0 0 10 -1.0\n" + NEURITE,
    ],
    ids=["windows", "old mac", "byte order mark", "comments", "binary comment", "decimal"],
)
def test_ways_of_writing_do_not_matter(text: str | bytes, swc: Path) -> None:
    shape = read_swc(written(swc, text))
    assert [branch.name for branch in shape] == ["soma[0]", "dend[0]"]
    assert math.isclose(shape.area, math.pi * (400 + 200))


REFUSED = [
    ("", r"holds no points \(0 bytes\).*Write '1 1 0 0 0 10 -1'"),
    ("# only\n# comments\n", r"holds no points"),
    (b"\x89PNG\0\0", r"null characters.*plain text"),
    ("1 1 0 0 0 5 -1\n2 3 9 0 0\n3 3 9 0 0 1 2\n", r"line 2: '2 3 9 0 0' has 5 columns.*seven.*Complete"),
    ("1 1 0 0 0 5 -1\n2 3 9 0 0\n", r"line 2: '2 3 9 0 0' has 5 columns.*cut off: fetch it again"),
    ("1 1 0 0 0 5 -1\n2 3 x 0 0 1 1\n", r"line 2, point 2: the x is 'x'.*decimal point.*Replace it"),
    ("1 1 0 0 0 5,5 -1\n", r"line 1, point 1: the radius is '5,5'"),
    ("1 1 0 0 nan 5 -1\n", r"line 1, point 1: the z is 'nan'"),
    ("1 1 1e308 0 0 5 -1\n", r"the x is '1e308'.*below 2\^53"),
    ("1.5 1 0 0 0 5 -1\n", r"line 1, point 1.5: the number is 1.5.*whole number"),
    ("1 1.5 0 0 0 5 -1\n", r"line 1, point 1: the type is 1.5"),
    ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n2 3 8 0 0 1 1\n", r"point 2 \(line 3\) repeats the number of line 2"),
    (
        "1 1 0 0 0 5 -1\n2 3 9 0 0 1 7\n3 3 9 0 0 1 8\n",
        r"point 2 \(line 2\) has the parent 7.*1 more.*tree=0",
    ),
    ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 -1\n", r"2 roots: point 1 .line 1., point 2 .line 2..*tree=0"),
    (
        "1 1 0 0 0 5 2\n2 3 9 0 0 1 1\n",
        r"line 1\) is its own ancestor \(1 → 2 → 1\).*another parent",
    ),
    ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 2\n", r"point 2 \(line 2\) is its own ancestor \(2 → 2\)"),
    ("1 1 0 0 0 -5 -1\n", r"point 1 \(line 1\) has the radius -5 µm.*Write the measured radius"),
    (
        "1 1 0 0 0 0 -1\n2 3 9 0 0 0 1\n",
        r"line 1\) has the radius 0, and 1 more.*minimum_diameter=0.1",
    ),
    ("1 3 0 0 0 5 -1\n2 3 0 0 0 5 1\n", r"lines 1 to 2: the first branch has length 0.*Leave one"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_cell_is_refused(text: str | bytes, message: str, swc: Path) -> None:
    with pytest.raises(MorphologyError, match=message):
        read_swc(written(swc, text))


def test_files_that_cannot_be_read_are_refused(swc: Path, tmp_path: Path) -> None:
    with pytest.raises(MorphologyError, match=r"is a folder.*Name a file in it"):
        read_swc(tmp_path)
    with pytest.raises(MorphologyError, match=r"cell.swc does not exist.*Look in"):
        read_swc(swc)
    written(swc, "")
    with pytest.raises(MorphologyError, match=r"sell.swc does not exist.*Did you mean 'cell.swc'"):
        read_swc(tmp_path / "sell.swc")
    with pytest.raises(MorphologyError, match=r"cannot be read \(.*null.*Give yourself the right"):
        read_swc("a\0b.swc")
    with pytest.raises(RequestError, match=r"ends in '.scw', which is no known format.*Did you mean '.swc'"):
        read("cell.scw")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are Unix")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.swc")
    with pytest.raises(MorphologyError, match=r"not a regular file.*Copy what it holds"):
        read_swc(tmp_path / "pipe.swc")


def test_a_huge_file_is_refused_at_once(swc: Path) -> None:
    with swc.open("wb") as file:
        file.truncate(5 * 2**30)
    begin = time.perf_counter()
    with pytest.raises(MorphologyError, match=r"has 5,120 MiB.*at most 256 MiB"):
        read_swc(swc)
    assert time.perf_counter() - begin < 1


def test_thin_points_can_be_given_a_diameter(swc: Path) -> None:
    written(swc, "1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n3 3 99 0 0 0 2\n")
    shape = read_swc(swc, minimum_diameter="0.2 um")
    assert shape["dend[0]"].points[-1, 3] == 0.2
    assert said(shape, "1 points thinner than 0.2 µm")
    assert not said(read_swc(swc, minimum_diameter=1e-9), "2 points")
    with pytest.raises(MorphologyError, match=r"minimum diameter is 0 µm.*'0.1 um'"):
        read_swc(swc, minimum_diameter=0)


def test_one_of_several_pieces_can_be_chosen(swc: Path) -> None:
    pieces = "1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n3 3 99 0 0 1 2\n10 2 0 0 0 1 -1\n11 2 9 0 0 1 10\n"
    written(swc, pieces + "20 4 0 0 0 1 19\n21 4 7 0 0 1 20\n")
    assert [branch.kind for branch in read_swc(swc, tree=0)] == ["soma", "basal"]
    second = read_swc(swc, tree=1, name="axon")
    assert (second.name, [branch.kind for branch in second]) == ("axon", ["axon"])
    assert said(second, "5 points of 2 other connected pieces are left out")
    assert [branch.kind for branch in read_swc(swc, tree=2)] == ["apical"]
    with pytest.raises(MorphologyError, match=r"tree 3 was asked for, of 3.*numbered from 0 to 2"):
        read_swc(swc, tree=3)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reference_files_load_or_say_line_and_remedy(path: Path) -> None:
    choices: dict[str, float] = {}
    for _ in range(3):
        try:
            shape = read(path, **choices)
        except MorphologyError as error:
            message = str(error)
            complete = re.search(r"point \d+ \(line \d+\).*(Write|Correct|Give)", message)
            choices |= {"minimum_diameter": 0.1} if "radius 0" in message else {"tree": 0}
            if not complete or path.name == "morph_multiple_roots.swc":
                break  # one number for two points: no choice makes it a tree
        else:
            assert shape.area > 0
            assert all(remark.endswith(".") for remark in shape.report)
            return
    assert complete
    assert "repeats the number" in message


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[int, ...]]:
    """Random rows of a one-point soma and one dendrite, each parent before its child.

    The dendrite forks only after its second point: what becomes of its first depends on the order in NEURON.
    """
    size = draw(st.integers(4, 25))
    rows = [(1, 1, 0, 0, 0, 5, -1), (2, 3, 5, 0, 0, 1, 1), (3, 3, 15, 0, 0, 1, 2)]
    for index in range(4, size + 1):
        parent = draw(st.integers(3, index - 1))
        place = [draw(st.integers(-100, 100)) for _ in range(3)]
        rows.append((index, 3, *place, draw(st.integers(1, 3)), parent))
    return rows


def lines(rows: list[tuple[int, ...]]) -> str:
    return "".join(" ".join(map(str, row)) + "\n" for row in rows)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=trees(), data=st.data())
def test_the_order_of_lines_does_not_matter(rows: list[tuple[int, ...]], data: st.DataObject, swc: Path) -> None:
    straight = read_swc(written(swc, lines(rows)))
    mixed = read_swc(written(swc, lines(data.draw(st.permutations(rows)))))
    assert [branch.name for branch in mixed] == [branch.name for branch in straight]
    assert mixed.area == straight.area


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=trees())
def test_numbers_from_the_tips_give_the_same_area(rows: list[tuple[int, ...]], swc: Path) -> None:
    straight = read_swc(written(swc, lines(rows)))
    size = len(rows)
    turned = [(size + 1 - n, *rest, size + 1 - p if p > 0 else p) for n, *rest, p in rows]
    back = read_swc(written(swc, lines(turned)))
    assert back.area == pytest.approx(straight.area)
    assert back.length == pytest.approx(straight.length)


def test_five_thousand_points_are_read_in_milliseconds(swc: Path) -> None:
    rng = np.random.default_rng(1)
    rows = ["1 1 0 0 0 5 -1"]
    for index in range(2, 5001):
        parent = index - 1 if index % 20 else int(rng.integers(2, index))
        x, y, z = rng.normal(size=3) * 100 + 10
        rows.append(f"{index} 3 {x:.3f} {y:.3f} {z:.3f} 0.5 {max(parent, 1)}")
    written(swc, "\n".join(rows))
    best = math.inf
    for _ in range(5):
        begin = time.perf_counter()
        read_swc(swc)
        best = min(best, time.perf_counter() - begin)
    assert best < 0.2  # 15 ms on a quiet core
