"""Branches, trees and builders: closed forms, and what is refused."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from excitable.errors import MorphologyError, RequestError, UnknownNameError
from excitable.morphology import (
    Branch,
    Morphology,
    balanced_tree,
    ball_and_stick,
    cable,
    from_points,
    from_table,
    frustum,
    sholl,
    single_compartment,
    summary,
)

LINE = [[0.0, 0, 0, 2], [10, 0, 0, 2]]


def test_cylinder_has_the_area_and_volume_of_a_cylinder() -> None:
    shape = cable("1 mm", "2 um")
    assert shape.length == 1000.0
    assert math.isclose(shape.area, 2000 * math.pi)
    assert math.isclose(shape.volume, 1000 * math.pi)


def test_frustum_has_the_area_and_volume_of_a_cone() -> None:
    shape = frustum(10, 6, 2)
    assert math.isclose(shape.area, math.pi * (3 + 1) * math.hypot(10, 2))
    assert math.isclose(shape.volume, math.pi * 10 / 3 * (9 + 3 + 1))


def test_one_compartment_has_the_area_of_a_sphere() -> None:
    assert math.isclose(single_compartment(30).area, math.pi * 900)
    assert math.isclose(single_compartment(10, 4).area, math.pi * 40)


def test_tree_obeys_the_three_halves_power() -> None:
    tree = balanced_tree(4, diameter=3)
    diameters = np.array([branch.points[0, 3] for branch in tree])
    for generation in range(5):
        inside = diameters[tree.orders == generation]
        assert len(inside) == 2**generation
        assert math.isclose((inside**1.5).sum(), 3**1.5)


def test_tree_takes_a_length_for_each_generation() -> None:
    assert balanced_tree(1, length=["100 um", "50 um"], children=3).lengths.tolist() == [100, 50, 50, 50]
    assert len(balanced_tree(2, children=1)) == 3


def test_starts_and_orders_follow_the_attachments() -> None:
    tree = from_table(
        [
            ("a", "dendrite", None, 0, LINE),
            ("b", "dendrite", "a", 0.5, LINE),
            ("c", "axon", "b", 1.0, LINE),
            ("d", "custom7", "a", 0.0, LINE),
        ]
    )
    assert tree.starts.tolist() == [0, 5, 15, 0]
    assert tree.orders.tolist() == [0, 1, 2, 1]
    assert tree["c"].kind == "axon"
    assert tree[-1].name == "d"


def test_coordinates_lie_on_the_branches() -> None:
    bent = from_points([[0, 0, 0, 1], [3, 0, 0, 1], [3, 0, 0, 2], [3, 4, 0, 1]])
    found = bent.coordinates([0, 0, 0, 0], [0, 3 / 7, 5 / 7, 1])
    np.testing.assert_allclose(found, [[0, 0, 0], [3, 0, 0], [3, 2, 0], [3, 4, 0]], atol=1e-12)


def test_shapes_are_frozen_compared_by_identity_and_pickled() -> None:
    shape = ball_and_stick()
    assert shape != ball_and_stick()
    with pytest.raises(AttributeError, match="cannot be changed"):
        shape.name = "other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        shape.branches[0].points[0, 0] = 1.0
    again = pickle.loads(pickle.dumps(shape))
    assert repr(again) == repr(shape)
    assert again.area == shape.area


def test_repr_is_a_summary() -> None:
    expected = "Morphology('ball and stick': 1 soma, 1 dendrite; 220 µm long, 1885 µm²)"
    assert repr(ball_and_stick()) == expected
    assert "remarks" in repr(Morphology(ball_and_stick().branches, report=("odd",)))


def test_measures() -> None:
    numbers = summary(ball_and_stick(10, 100, 1))
    assert numbers["branches"] == {"soma": 1, "dendrite": 1}
    assert numbers["tips"] == 1
    assert numbers["reach"] == 110
    assert numbers["extent"] == (110, 0, 0)


def test_sholl_counts_crossings_of_neurites_only() -> None:
    assert sholl(ball_and_stick(10, 100, 1), [2, 50, "90 um", 200]).tolist() == [0, 1, 1, 0]
    with pytest.raises(RequestError, match=r"the shape \(2,\).*Write centre=\(0, 0, 0\)"):
        sholl(cable(10, 1), 5, centre=[0, 0])


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[0, 0, 0, 1]], r"branch 'b' have the shape \(1, 4\).*two points or more.*Write points="),
        ("nonsense", r"branch 'b' have the shape"),
        ([[0, 0, 0], [1, 0, 0]], r"the shape \(2, 3\)"),
        ([[0, 0, 0, 1], [1, 0, math.nan, 1]], r"Point 1 of branch 'b' is \[1.0, 0.0, nan, 1.0\].*Replace"),
        ([[0, 0, 0, 1], [1, 0, 0, -2]], r"Point 1 of branch 'b' has the diameter -2.0.*larger than 0.*Write"),
        ([[5, 0, 0, 1], [5, 0, 0, 2]], r"Branch 'b' has length 0: all its 2 points.*Move its end"),
    ],
)
def test_bad_points_are_refused(points: object, message: str) -> None:
    with pytest.raises(MorphologyError, match=message):
        Branch("b", "axon", -1, 0.0, points)  # type: ignore[arg-type]


def test_bad_branches_are_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown kind 'axn'.*Did you mean 'axon'"):
        Branch("b", "axn", -1, 0.0, np.array(LINE))
    with pytest.raises(MorphologyError, match=r"attached at 1.5 of its parent.*attachment=1.0"):
        Branch("b", "axon", 0, 1.5, np.array(LINE))


def test_what_is_no_tree_is_refused() -> None:
    def branch(name: str, parent: int) -> Branch:
        return Branch(name, "axon", parent, 1.0, np.array(LINE))

    with pytest.raises(MorphologyError, match=r"'none' has no branches.*single_compartment"):
        Morphology((), "none")
    with pytest.raises(MorphologyError, match=r"two branches called 'a'.*Call the second"):
        Morphology((branch("a", -1), branch("a", 0)))
    with pytest.raises(MorphologyError, match=r"first branch 'a' of 'cell' has the parent 1.*root first"):
        Morphology((branch("a", 1), branch("b", -1)))
    with pytest.raises(MorphologyError, match=r"'b' of 'cell' is a second root beside 'a'"):
        Morphology((branch("a", -1), branch("b", -1)))
    with pytest.raises(MorphologyError, match=r"'b', number 1 of 'cell', has the parent 1.*its own ancestor"):
        Morphology((branch("a", -1), branch("b", 1)))


def test_unknown_branches_get_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match=r"no branch 'soma\[1\]'.*Did you mean 'soma\[0\]'"):
        ball_and_stick()["soma[1]"]


def test_sizes_must_be_positive() -> None:
    with pytest.raises(MorphologyError, match=r"The length of cable is -1 µm.*larger than 0.*'20 um'"):
        cable(-1, 2)
    with pytest.raises(MorphologyError, match=r"The soma diameter of ball and stick is 0 µm"):
        ball_and_stick(0)


def test_trees_need_whole_numbers() -> None:
    with pytest.raises(RequestError, match=r"depth -1, children 2.*Write balanced_tree\(3\)"):
        balanced_tree(-1)
    with pytest.raises(RequestError, match=r"lengths of the shape \(2,\).*each of its 4 generations"):
        balanced_tree(3, length=[1, 2])


def test_tables_need_five_entries_and_earlier_parents() -> None:
    with pytest.raises(MorphologyError, match=r"Row 0 of 'table' has 2 entries.*A row is"):
        from_table([("a", "axon")])
    with pytest.raises(MorphologyError, match=r"grows from 'somma'.*Did you mean 'soma'"):
        from_table([("soma", "soma", None, 0, LINE), ("b", "axon", "somma", 1, LINE)])
