"""Regions, locations and labels: what they select, and what they say when they cannot."""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excitable.errors import RequestError, UnknownNameError
from excitable.morphology import (
    Discretisation,
    Location,
    Morphology,
    Region,
    apical,
    as_location,
    as_region,
    at,
    axon,
    basal,
    branch,
    centre,
    dendrite,
    discretise,
    distal,
    distance_between,
    distance_greater_than,
    distance_less_than,
    each,
    everywhere,
    from_table,
    label,
    order_at_least,
    path_distance,
    per_branch,
    proximal,
    radius_greater_than,
    radius_less_than,
    region,
    root,
    select,
    soma,
    subtree,
    tag,
    terminals,
)


def stretch(start: float, length: float, diameter: float) -> list[list[float]]:
    return [[start, 0, 0, diameter], [start + length, 0, 0, diameter]]


@pytest.fixture
def cell() -> Morphology:
    return from_table(
        [
            ("soma[0]", "soma", None, 0, stretch(0, 20, 20)),
            ("axon[0]", "axon", "soma[0]", 0.5, stretch(0, 100, 1)),
            ("dend[0]", "basal", "soma[0]", 0.5, stretch(0, 40, 2)),
            ("dend[1]", "basal", "dend[0]", 1, stretch(40, 60, 1)),
            ("dend[2]", "basal", "dend[0]", 1, stretch(40, 80, 1)),
            ("apic[0]", "apical", "soma[0]", 1, stretch(20, 200, 4)),
        ]
    )


@pytest.fixture
def parts(cell: Morphology) -> Discretisation:
    return discretise(cell, per_branch(4))


def branches(where: Region, parts: Discretisation) -> list[int]:
    return sorted(set(parts.branch[where.mask(parts)].tolist()))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (soma, [0]),
        (axon, [1]),
        (basal, [2, 3, 4]),
        (apical, [5]),
        (dendrite, [2, 3, 4, 5]),
        (everywhere, [0, 1, 2, 3, 4, 5]),
        (region("custom5"), []),
        (tag(3), [2, 3, 4]),
        (tag(7), []),
        (branch("dend[1]"), [3]),
        (branch("dend"), [2, 3, 4]),
        (branch("dend[?]"), [2, 3, 4]),
        (branch("*[0]"), [0, 1, 2, 5]),
        (subtree("dend[0]"), [2, 3, 4]),
        (order_at_least(2), [3, 4]),
        (radius_less_than(1), [1, 3, 4]),
        (radius_greater_than("1 um"), [0, 5]),
        (soma | axon, [0, 1]),
        (dendrite & radius_less_than(1), [3, 4]),
        (dendrite - apical, [2, 3, 4]),
        (~dendrite, [0, 1]),
        (soma | "axon", [0, 1]),
    ],
    ids=repr,
)
def test_regions_select(where: Region, expected: list[int], parts: Discretisation) -> None:
    assert branches(where, parts) == expected
    assert hash(where) == hash(where)


def test_regions_read_as_they_are_written() -> None:
    assert repr(soma | axon | dendrite) == "soma | axon | dendrite"
    assert repr((soma | axon) & ~(dendrite - apical)) == "(soma | axon) & ~(dendrite - apical)"
    assert repr(everywhere - subtree("a") - order_at_least(2)) == "(everywhere - subtree('a')) - order_at_least(2)"
    assert repr(distance_greater_than(5) & tag(5)) == "distance_greater_than(5) & region('custom5')"
    assert repr(at(soma, 0.5) | centre("trunk")) == "at(soma, 0.5) | centre(region('trunk'))"
    assert len({soma | axon, soma | axon, axon | soma}) == 2


def test_distances_run_along_the_branches(parts: Discretisation) -> None:
    near = distance_less_than(50)
    assert branches(near, parts) == [0, 1, 2, 5]
    assert branches(distance_greater_than(100), parts) == [3, 4, 5]
    between = distance_between("10 um", "60 um") & branch("dend[0]")
    assert len(select(between, parts)) == 4


def test_distance_from_a_place_goes_up_and_down_the_tree(parts: Discretisation) -> None:
    away = path_distance(parts, at("dend[1]", 0.5))
    by_name = {
        name: away[select(branch(name), parts)].tolist()
        for name in ("dend[1]", "dend[2]", "dend[0]", "soma[0]", "axon[0]", "apic[0]")
    }
    assert by_name["dend[1]"] == [22.5, 7.5, 7.5, 22.5]
    assert by_name["dend[2]"] == [40, 60, 80, 100]
    assert by_name["dend[0]"] == [65, 55, 45, 35]
    assert by_name["soma[0]"] == [77.5, 72.5, 72.5, 77.5]
    assert by_name["axon[0]"] == [82.5, 107.5, 132.5, 157.5]
    assert by_name["apic[0]"] == [105, 155, 205, 255]
    close = distance_less_than(10, origin=at("dend[1]", 0.5))
    assert branches(close, parts) == [3]
    assert repr(close) == "distance_less_than(10, origin=at('dend[1]', 0.5))"
    assert repr(distance_between(1, 2, soma)) == "distance_between(1, 2, origin=centre(soma))"


def test_distance_from_the_root_is_the_distance_of_the_discretisation(parts: Discretisation) -> None:
    np.testing.assert_allclose(path_distance(parts), parts.distance)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (root, [(0, 0.0)]),
        (at("dend[1]", 0.3), [(3, 0.3)]),
        (at("dend", 1), [(2, 1), (3, 1), (4, 1)]),
        (at(apical, 0.25), [(5, 0.25)]),
        (centre(soma), [(0, 0.5)]),
        (centre(basal), [(4, 0.5)]),
        (centre(distance_less_than(70) & apical), [(5, 0.125)]),
        (distal(basal), [(4, 1)]),
        (distal(everywhere), [(5, 1)]),
        (proximal(apical), [(5, 0)]),
        (terminals(), [(1, 1), (3, 1), (4, 1), (5, 1)]),
        (terminals("axon"), [(1, 1)]),
        (each(soma), [(0, 0.125), (0, 0.375), (0, 0.625), (0, 0.875)]),
        (at("soma", 0.5) | root, [(0, 0.5), (0, 0)]),
        (as_location("axon"), [(1, 0.5)]),
    ],
    ids=repr,
)
def test_locations_find_places(where: Location, expected: list[object], parts: Discretisation) -> None:
    numbers, positions = where.places(parts)
    assert list(zip(numbers.tolist(), positions.tolist(), strict=True)) == expected
    found = parts.compartment_at(numbers, positions)
    assert where.compartments(parts).tolist() == found.tolist()
    assert hash(where) == hash(where)


def test_the_centre_of_a_region_with_a_gap_lies_in_the_region(cell: Morphology) -> None:
    parts = discretise(cell, per_branch(5))
    ends = apical - distance_between(60, 180)
    assert centre(ends).compartment(parts) in select(ends, parts)


@pytest.mark.parametrize(("position", "expected"), [(0, 0), (0.2499, 0), (0.25, 1), (0.5, 2), (0.99, 3), (1, 3)])
def test_a_place_lies_in_the_compartment_that_holds_it(position: float, expected: int, parts: Discretisation) -> None:
    assert at("soma[0]", position).compartment(parts) == expected


def test_labels_name_regions(cell: Morphology) -> None:
    named = label(label(cell, "trunk", "apic[0]"), "thin", radius_less_than(0.6))
    named = label(named, "both", region("trunk") | region("thin"))
    named = label(named, "listed", ["soma", "dend*"])
    parts = discretise(named, per_branch(2))
    assert branches(region("trunk"), parts) == [5]
    assert branches(region("both"), parts) == [1, 3, 4, 5]
    assert branches(region("listed"), parts) == [0, 2, 3, 4]
    assert cell.labels == {}


def test_labels_must_be_free_and_mean_something(cell: Morphology) -> None:
    with pytest.raises(RequestError, match=r"label 'axon' cannot be given.*Choose another.*'axon_2'"):
        label(cell, "axon", soma)
    with pytest.raises(RequestError, match=r"label '' cannot be given"):
        label(cell, "", soma)
    with pytest.raises(RequestError, match=r"label 'trunk' cannot be given"):
        label(label(cell, "trunk", soma), "trunk", axon)
    with pytest.raises(RequestError, match=r"label 'x' was given to no branch.*'dend\[0\]'"):
        label(cell, "x", [])
    with pytest.raises(UnknownNameError, match=r"no branch 'apik'.*Did you mean 'apic'"):
        label(cell, "x", "apik")
    with pytest.raises(UnknownNameError, match=r"no region 'x'"):
        label(cell, "x", region("x"))


def test_unknown_names_get_the_nearest(parts: Discretisation) -> None:
    with pytest.raises(UnknownNameError, match=r"no region 'dendrit'.*mean 'dendrite'.*Write label"):
        region("dendrit").mask(parts)
    with pytest.raises(UnknownNameError, match=r"no branch 'dend\[7\]'.*Did you mean"):
        at("dend[7]").places(parts)


def test_an_empty_region_says_what_the_cell_has(parts: Discretisation) -> None:
    with pytest.raises(RequestError, match=r"custom5.*holds none of the 24 compartments.*soma, axon, basal, api"):
        select(tag(5), parts)
    with pytest.raises(RequestError, match=r"holds none"):
        distal(radius_greater_than(100)).places(parts)


def test_regions_and_locations_refuse_what_they_are_not(parts: Discretisation) -> None:
    with pytest.raises(RequestError, match=r"region soma was used as true or false.*Write soma \| axon"):
        _ = soma or axon
    with pytest.raises(RequestError, match=r"3 is not a part of a cell.*region\('trunk'\)"):
        as_region(3)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match=r"3 is not a place on a cell.*at\('soma', 0.5\)"):
        as_location(3)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match=r"position on axon\[0\] is 1.5.*at\('axon\[0\]', 0.5\)"):
        at("axon[0]", 1.5)
    with pytest.raises(RequestError, match=r"terminals\(everywhere\) means 4 points.*One point is"):
        terminals().compartment(parts)
    with pytest.raises(RequestError, match=r"No branch of 'table' ends in the region soma"):
        terminals(soma).places(parts)
    with pytest.raises(RequestError, match=r"given 200 and 100 µm.*distance_between\(100, 200\)"):
        distance_between(200, 100)


LEAVES = st.sampled_from(
    [soma, axon, dendrite, everywhere, order_at_least(1), radius_less_than(1.5), distance_less_than(70)]
)


@given(first=LEAVES, second=LEAVES, third=LEAVES)
def test_regions_obey_the_laws_of_sets(first: Region, second: Region, third: Region) -> None:
    cell = from_table(
        [
            ("s", "soma", None, 0, stretch(0, 20, 20)),
            ("a", "axon", "s", 1, stretch(20, 100, 1)),
            ("d", "basal", "s", 0, stretch(0, 90, 3)),
        ]
    )
    parts = discretise(cell, per_branch(3))

    def same(one: Region, two: Region) -> bool:
        return bool((one.mask(parts) == two.mask(parts)).all())

    unite: Callable[[Region, Region], Region] = operator.or_
    assert same(~(unite(first, second)), ~first & ~second)
    assert same(first - second, first & ~second)
    assert same(first & (second | third), (first & second) | (first & third))
    assert same(~~first, first)
