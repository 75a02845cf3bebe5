"""The elimination of a tree against dense linear algebra, for any tree in any numbering."""

from __future__ import annotations

import numpy as np
import pytest
from compiler.models import engine, planned

import excitable as ex
from excitable.compiler.system import Tree
from excitable.compiler.targets import host, interpreter
from excitable.compiler.tree import elimination
from excitable.errors import MorphologyError
from excitable.runtime.engine import Shape


def random_tree(nodes: int, dice: np.random.Generator, bushy: float = 0.5) -> np.ndarray:
    """Edges that join each node to an earlier one: to any of them, or to the last."""
    parents = [int(dice.integers(k)) if dice.random() < bushy else k - 1 for k in range(1, nodes)]
    edges = np.array([[k, parent] for k, parent in enumerate(parents, start=1)], dtype=np.int64).reshape(-1, 2)
    swapped = dice.random(len(edges)) < 0.5
    edges[swapped] = edges[swapped][:, ::-1]
    return edges[dice.permutation(len(edges))]


def chain(nodes: int) -> np.ndarray:
    return np.stack([np.arange(nodes - 1), np.arange(1, nodes)], axis=1)


def star(nodes: int) -> np.ndarray:
    return np.stack([np.zeros(nodes - 1, dtype=np.int64), np.arange(1, nodes)], axis=1)


def depth(tree: Tree, nodes: int) -> int:
    """The longest way from a node to the root."""
    above = dict(zip(tree.child.tolist(), tree.parent.tolist(), strict=True))
    longest = 0
    for node in range(nodes):
        steps = 0
        while node != tree.root:
            node, steps = above[node], steps + 1
        longest = max(longest, steps)
    return longest


def solved(tree: Tree, diagonal: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Elimination in the order of the tree, as every target does it."""
    d, r = diagonal.copy(), right.copy()
    order = list(zip(tree.child.tolist(), tree.parent.tolist(), tree.coupling.tolist(), strict=True))
    for child, parent, u in order:
        d[parent] -= u * u / d[child]
        r[parent] += u * r[child] / d[child]
    x = np.empty_like(r)
    x[tree.root] = r[tree.root] / d[tree.root]
    for child, parent, u in reversed(order):
        x[child] = (r[child] + u * x[parent]) / d[child]
    return x


def dense(edges: np.ndarray, conductance: np.ndarray, diagonal: np.ndarray) -> np.ndarray:
    matrix = np.diag(diagonal)
    for (a, b), u in zip(edges, conductance, strict=True):
        matrix[a, b] -= u
        matrix[b, a] -= u
    return matrix


TREES = {
    "a node": (1, np.zeros((0, 2), dtype=np.int64)),
    "two nodes": (2, chain(2)),
    "a chain": (101, chain(101)),
    "a star": (60, star(60)),
    **{f"random {seed}": (n := 2 + 17 * seed, random_tree(n, np.random.default_rng(seed), 0.1 * (seed % 10)))
       for seed in range(12)},
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_elimination_is_the_solution(name: str) -> None:
    nodes, edges = TREES[name]
    dice = np.random.default_rng(5)
    conductance = dice.uniform(0.1, 30.0, len(edges))
    tree = elimination(nodes, edges, conductance)
    diagonal = tree.axial(nodes) + dice.uniform(0.01, 1.0, nodes)
    right = dice.normal(size=nodes)
    expected = np.linalg.solve(dense(edges, conductance, diagonal), right)
    np.testing.assert_allclose(solved(tree, diagonal, right), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", TREES)
def test_children_come_before_their_parents_and_every_edge_once(name: str) -> None:
    nodes, edges = TREES[name]
    conductance = np.arange(1.0, len(edges) + 1.0)
    tree = elimination(nodes, edges, conductance)
    gone: set[int] = set()
    for child, parent in zip(tree.child.tolist(), tree.parent.tolist(), strict=True):
        assert parent not in gone
        assert child not in gone
        gone.add(child)
    assert gone == set(range(nodes)) - {tree.root}
    given = {(min(a, b), max(a, b)): u for (a, b), u in zip(edges.tolist(), conductance.tolist(), strict=True)}
    found = zip(tree.child.tolist(), tree.parent.tolist(), tree.coupling.tolist(), strict=True)
    assert {(min(a, b), max(a, b)): u for a, b, u in found} == given


@pytest.mark.parametrize("name", TREES)
def test_the_root_is_in_the_middle(name: str) -> None:
    """No root has a shorter longest branch, to one node."""
    nodes, edges = TREES[name]
    tree = elimination(nodes, edges, np.ones(len(edges)))
    joined: list[list[int]] = [[] for _ in range(nodes)]
    for a, b in edges.tolist():
        joined[a].append(b)
        joined[b].append(a)

    def height(root: int) -> int:
        far, level = {root}, [root]
        steps = -1
        while level:
            steps += 1
            level = [b for a in level for b in joined[a] if b not in far]
            far.update(level)
        return steps

    assert depth(tree, nodes) == height(tree.root) == min(height(node) for node in range(nodes))


def test_a_chain_is_rooted_in_its_middle_and_a_star_in_its_centre() -> None:
    assert elimination(101, chain(101), np.ones(100)).root == 50
    assert elimination(60, star(60), np.ones(59)).root == 0


def test_levels_are_eliminated_from_the_outside() -> None:
    """Nodes of one level do not depend on each other, and follow one another."""
    nodes, edges = TREES["random 7"]
    tree = elimination(nodes, edges, np.ones(len(edges)))
    above = dict(zip(tree.child.tolist(), tree.parent.tolist(), strict=True))
    levels = []
    for node in tree.child.tolist():
        steps = 0
        while node != tree.root:
            node, steps = above[node], steps + 1
        levels.append(steps)
    assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize("seed", range(6))
def test_another_numbering_gives_the_same_solution(seed: int) -> None:
    dice = np.random.default_rng(seed)
    nodes = 80
    edges = random_tree(nodes, dice, 0.4)
    conductance = dice.uniform(0.1, 9.0, len(edges))
    diagonal = elimination(nodes, edges, conductance).axial(nodes) + dice.uniform(0.1, 1.0, nodes)
    right = dice.normal(size=nodes)
    straight = solved(elimination(nodes, edges, conductance), diagonal, right)
    new = dice.permutation(nodes)
    moved = elimination(nodes, new[edges], conductance)
    permuted = np.empty(nodes), np.empty(nodes)
    permuted[0][new], permuted[1][new] = diagonal, right
    np.testing.assert_allclose(solved(moved, *permuted)[new], straight, rtol=1e-11, atol=1e-14)


def test_a_long_chain_needs_no_recursion() -> None:
    nodes = 200_000
    tree = elimination(nodes, chain(nodes), np.ones(nodes - 1))
    assert tree.root == nodes // 2


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        (3, [[0, 1], [1, 2], [2, 0]], "3 connections join 3 points"),
        (4, [[0, 1], [1, 2]], "2 connections join 4 points"),
        (4, [[0, 1], [1, 0], [2, 3]], "Only 2 of 4 points can be reached"),
        (4, [[0, 0], [1, 2], [2, 3]], "Only 1 of 4 points can be reached"),
    ],
)
def test_what_is_not_a_tree_is_refused(nodes: int, edges: list[list[int]], message: str) -> None:
    with pytest.raises(MorphologyError, match=message):
        elimination(nodes, np.array(edges), np.ones(len(edges)))


# ---------------------------------------------------------------- the targets solve it
def leafy(seed: int, branches: int = 9) -> ex.Cell:
    """A random passive cell, branches attached anywhere along earlier ones."""
    dice = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = [("soma[0]", "soma", None, 0.0, [[0, 0, 0, 15], [15, 0, 0, 15]])]
    for k in range(branches):
        parent = rows[int(dice.integers(len(rows)))]
        at = float(dice.choice([0.0, 0.3, 0.5, 1.0]))
        first, last = (np.array(p, dtype=float) for p in (parent[4][0], parent[4][-1]))
        start = (first + at * (last - first))[:3]
        end = start + dice.normal(size=3) * 80.0
        radius = dice.uniform(0.4, 3.0)
        rows.append((f"dend[{k}]", "dendrite", parent[0], at, [[*start, radius], [*end, radius]]))
    return ex.paint(ex.Cell(ex.from_table(rows), ex.max_length(30.0)), ex.everywhere, ex.Leak(conductance=1e-3))


@pytest.mark.parametrize("target", [host, interpreter], ids=repr)
@pytest.mark.parametrize("cells", [1, 4])
@pytest.mark.parametrize("seed", range(5))
def test_a_step_of_a_passive_cell_is_the_dense_solution(seed: int, cells: int, target: object) -> None:
    """One step of backward Euler: (C/dt + g + axial) x - Σ coupling x' = C/dt v + g E, for every node."""
    made = planned(leafy(seed), method=ex.backward_euler)
    system = made.system
    running = engine(made, target, Shape(cells, (cells,)))
    memory = running.memory
    start = np.random.default_rng(seed).uniform(-90.0, 0.0, (system.nodes, 1))
    memory.put("v", start[memory.source])
    running.advance(0, 1, 1, 0.025)
    parts, tree = system.discretisation, system.tree
    inertia, leak = np.zeros(system.nodes), np.zeros(system.nodes)
    inertia[: len(parts)] = 1e-5 * parts.area / 0.025
    leak[: len(parts)] = 1e-2 * parts.area * 1e-3
    matrix = dense(np.stack([tree.child, tree.parent], 1), tree.coupling, tree.axial(system.nodes) + inertia + leak)
    expected = np.linalg.solve(matrix, inertia * start[:, 0] + leak * ex.Leak().reversal)
    np.testing.assert_allclose(memory.get("v")[memory.node][:, 0], expected, rtol=1e-11)
