"""Branches, areas and resistances, section by section and segment by segment, against a running NEURON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excitable.errors import MorphologyError
from excitable.frozen import replace
from excitable.morphology import Morphology, d_lambda, discretise, per_branch, read_swc

neuron = pytest.importorskip("neuron")
h = neuron.h

FOLDER = Path(__file__).parents[3] / "shared/references/morphologies"
FILES = sorted(FOLDER.glob("*/*.swc")) if FOLDER.is_dir() else []
RESISTIVITY = 100.0
SOLVED = (
    "pyramidal.swc",
    "single_cell_allen.swc",
    "morph_ca1_n120.swc",
    "three_point_soma.swc",
    "Neuron.swc",
)
GRID_LOW = np.array([-np.inf, -np.inf, -np.inf, 1 / 64])
NEURON_CANNOT = "before their parents|order of their numbers|written twice"


class Cell:
    """A bare object that Import3d hangs its sections on."""

    all: list[Any]


def instantiate(path: Path) -> Cell:
    h.load_file("import3d.hoc")
    reader = h.Import3d_SWC_read()
    reader.quiet = 1
    reader.input(str(path))
    cell = Cell()
    h.Import3d_GUI(reader, False).instantiate(cell)
    for section in cell.all:
        section.Ra = RESISTIVITY
    return cell


def on_grid(morphology: Morphology) -> Morphology:
    """NEURON holds points, and subtracts them, as 32-bit floats: a grid keeps both exact."""
    rounded = [replace(b, points=np.maximum(np.round(b.points * 64) / 64, GRID_LOW)) for b in morphology.branches]
    return replace(morphology, branches=tuple(rounded))


def short_name(section: Any) -> str:
    return str(section.name()).rpartition(".")[2]


def compare(path: Path, counts: tuple[int, ...] = (1, 4, 7)) -> None:
    cell = instantiate(path)
    if any(section.n3d() > 2 and section.L < 1e-6 for section in cell.all):
        return  # we remove branches without length, whatever their number of points
    ours = read_swc(path)
    sections = {short_name(section): section for section in cell.all}
    assert set(sections) == set(ours.index)
    theirs = []
    for branch in ours:
        section = sections[branch.name]
        points = np.array(
            [[section.x3d(i), section.y3d(i), section.z3d(i), section.diam3d(i)] for i in range(section.n3d())]
        )
        # Import3d passes points on as text with eight digits, and keeps them as 32-bit floats.
        np.testing.assert_allclose(branch.points, points, rtol=2e-7, atol=1e-9, err_msg=branch.name)
        above = section.parentseg()
        if branch.parent < 0:
            assert above is None
        else:
            assert short_name(above.sec) == ours.branches[branch.parent].name
            assert above.x == branch.attachment
        theirs.append(replace(branch, points=points))
    # A stretch is measured from a 32-bit point to a 64-bit one, before that is rounded too.
    compare_segments(replace(ours, branches=tuple(theirs)), sections, counts, rtol=1e-6)


def compare_segments(
    ours: Morphology, sections: dict[str, Any], counts: tuple[int, ...] = (1, 4, 7), rtol: float = 1e-9
) -> None:
    for count in counts:
        for section in sections.values():
            section.nseg = count
        parts = discretise(ours, per_branch(count))
        area, left, diameter, distance = [], [], [], []
        h.distance(0, sections[ours.branches[0].name](0))
        for branch in ours:
            for segment in sections[branch.name]:
                area.append(segment.area())
                left.append(segment.ri())
                diameter.append(segment.diam)
                distance.append(h.distance(segment))
        np.testing.assert_allclose(parts.area, area, rtol=rtol)
        np.testing.assert_allclose(parts.diameter, diameter, rtol=rtol)
        if count % 2:  # with an even count NEURON moves a child at 0.5 to the centre of the segment there
            np.testing.assert_allclose(parts.distance, distance, rtol=rtol)
        half = parts.half_factors * 1e-2 * RESISTIVITY
        behind = np.roll(half[:, 1], 1)
        behind[parts.first[:-1]] = 0.0  # ri of the first segment holds its own half only
        np.testing.assert_allclose(half[:, 0] + behind, left, rtol=rtol)


def rebuilt(ours: Morphology) -> dict[str, Any]:
    """Our branches made as NEURON sections point by point, to compare without text in between."""
    sections: dict[str, Any] = {}
    for branch in ours:
        section = h.Section(name=re.sub(r"\W", "_", branch.name))
        for x, y, z, d in branch.points.tolist():
            section.pt3dadd(x, y, z, d)
        section.Ra = RESISTIVITY
        if branch.parent >= 0:
            section.connect(sections[ours.branches[branch.parent].name](branch.attachment))
        sections[branch.name] = section
    return sections


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    for section in list(h.allsec()):
        h.delete_section(sec=section)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reference_file(path: Path, tmp_path: Path) -> None:
    try:
        read_swc(path)
    except MorphologyError as error:
        if "radius 0" not in str(error):
            pytest.skip("no single tree")
        path = without_zero_radii(path, tmp_path / path.name)
    if any(re.search(NEURON_CANNOT, remark) for remark in read_swc(path).report):
        pytest.skip("NEURON refuses children before parents, and crashes on numbers repeated or out of order")
    compare(path)


def without_zero_radii(path: Path, copy: Path) -> Path:
    lines = []
    for line in path.read_text(errors="replace").splitlines():
        fields = line.partition("#")[0].split()
        if len(fields) >= 7:
            fields[5] = str(max(float(fields[5]), 0.05))
            lines.append(" ".join(fields[:7]))
    copy.write_text("\n".join(lines) + "\n")
    return copy


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_segments_to_nine_digits(path: Path) -> None:
    try:
        ours = on_grid(read_swc(path))
    except MorphologyError:
        pytest.skip("refused")
    compare_segments(ours, rebuilt(ours))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_d_lambda_counts(path: Path) -> None:
    try:
        ours = on_grid(read_swc(path))
    except MorphologyError:
        pytest.skip("refused")
    h.load_file("stdlib.hoc")
    counts = d_lambda(0.1, "100 Hz", RESISTIVITY, 1.0).counts(ours)
    for (name, section), count in zip(rebuilt(ours).items(), counts.tolist(), strict=True):
        section.cm = 1.0
        expected = int((section.L / (0.1 * h.lambda_f(100, sec=section)) + 0.9) / 2) * 2 + 1
        assert count == expected, name


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("path", [p for p in FILES if p.name in SOLVED], ids=lambda path: path.name)
def test_resistances_between_places(path: Path, count: int) -> None:
    """Transfer resistances see every edge and junction."""
    ours = on_grid(read_swc(path))
    sections = rebuilt(ours)
    for section in sections.values():
        section.nseg = count
        section.insert("pas")
        section.g_pas, section.e_pas = 1e-4, 0.0
    parts = discretise(ours, per_branch(count))
    conductance = np.zeros((parts.node_count, parts.node_count))
    conductance[np.arange(len(parts)), np.arange(len(parts))] = 1e-4 * parts.area * 1e-2  # µS
    coupling = 1.0 / (1e-2 * RESISTIVITY * parts.edge_factors.sum(axis=1))
    for (one, two), g in zip(parts.edges.tolist(), coupling.tolist(), strict=True):
        conductance[[one, two], [one, two]] += g
        conductance[[one, two], [two, one]] -= g
    centre = parts.compartment_at(0, 0.5)
    response = np.linalg.inv(conductance)[centre, : len(parts)]

    impedance = h.Impedance()
    impedance.loc(0.5, sec=sections[ours.branches[0].name])
    h.finitialize(0)
    impedance.compute(0)
    theirs = [impedance.transfer(segment.x, sec=segment.sec) for b in ours for segment in sections[b.name]]
    np.testing.assert_allclose(response, theirs, rtol=1e-8)


@st.composite
def trees(draw: Any) -> list[tuple[int, int, float, float, float, float, int]]:
    """Random SWC points, every parent before its child."""
    size = draw(st.integers(1, 14))
    kinds = st.sampled_from([1, 1, 2, 3, 3])
    rows = []
    for index in range(size):
        parent = -1 if index == 0 else draw(st.one_of(st.just(index - 1), st.integers(0, index - 1)))
        x, y, z = (draw(st.integers(-20, 20)) for _ in range(3))
        radius = draw(st.sampled_from([0.5, 1.0, 2.0]))
        rows.append((index + 1, draw(kinds), x, y, z, radius, parent + 1 if parent >= 0 else -1))
    return rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=trees())
def test_random_tree(rows: list[Any], tmp_path: Path) -> None:
    for section in list(h.allsec()):
        h.delete_section(sec=section)
    path = tmp_path / "cell.swc"
    path.write_text("".join(" ".join(map(str, row)) + "\n" for row in rows))
    try:
        ours = read_swc(path)
    except MorphologyError:
        return
    if any("would run on" in remark for remark in ours.report):
        return
    compare(path, counts=(1,))
