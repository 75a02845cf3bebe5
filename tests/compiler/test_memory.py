"""Where arrays lie: alignment, bases that do not compete for cache lines, and padding that nobody sees."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from compiler.models import STIMULI, advanced, cable, clamp, compartment, disturb, engine, planned, squid, squid_probes

import excitable as ex
from excitable.compiler.memory import Memory
from excitable.compiler.plan import Plan
from excitable.compiler.targets import host, interpreter
from excitable.runtime.engine import Shape, choose_shape

SIZES = (512, 1000, 1024, 4096)
PAGE = 4096


def long_cable(count: int) -> Plan:
    cell = ex.paint(cable(count), ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    return planned(cell, [STIMULI["pulse"]()], [ex.voltage(at=ex.root), ex.spikes(at=ex.root)])


def many_cells(count: int) -> Plan:
    cell = ex.paint(compartment(), ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    overrides = {("SquidSodium", "conductance"): np.linspace(0.1, 0.13, count),
                 ("pulse", "amplitude"): np.linspace(0.0, 1.0, count)}  # fmt: skip
    return planned(cell, [STIMULI["pulse"]()], [ex.voltage(at=ex.root)], overrides=overrides, cells=count)


def layouts(count: int) -> list[Memory]:
    along, across = long_cable(count), many_cells(count)
    found = [Memory(along, Shape(cells, (max(cells, width),)), 0) for cells, width in ((1, 16), (1, 8), (8, 8))]
    found += [Memory(across, Shape(cells, (cells,)), 0) for cells in (1, 8, 32)]
    return [*found, Memory(across, choose_shape(across.system, 4), 0)]


@pytest.mark.parametrize("count", SIZES)
def test_no_two_large_arrays_of_a_block_begin_at_one_place_of_a_page(count: int) -> None:
    """Addresses a multiple of 4096 bytes apart would share a set of the first-level cache."""
    for memory in layouts(count):
        large = {
            name: 8 * memory.layout[name] for name, size in memory.sizes.items() if size * memory.shape.cells >= 512
        }
        for first, second in itertools.combinations(large, 2):
            assert (large[first] - large[second]) % PAGE != 0, f"{first} and {second}, {memory.shape}"
        assert 8 * memory.layout["block_stride"] % PAGE != 0


@pytest.mark.parametrize("count", SIZES)
def test_every_array_begins_at_a_cache_line(count: int) -> None:
    for memory in layouts(count):
        assert memory.arena.ctypes.data % 64 == 0
        assert memory.layout["block_stride"] % 8 == 0
        assert all(memory.layout[name] % 8 == 0 for name in memory.sizes)


@pytest.mark.parametrize("count", SIZES)
def test_arrays_do_not_overlap_and_stay_inside_the_block(count: int) -> None:
    for memory in layouts(count):
        taken = sorted((memory.layout[n], memory.layout[n] + s * memory.shape.cells) for n, s in memory.sizes.items())
        for (_, end), (start, _) in itertools.pairwise(taken):
            assert end <= start
        assert taken[-1][1] <= memory.layout["block_stride"] == memory.arena.shape[1]


@pytest.mark.parametrize("cells", [1, 2, 8])
@pytest.mark.parametrize("count", [1, 3, 5, 9])
def test_what_is_put_is_got(count: int, cells: int) -> None:
    made = planned(squid("tree"), overrides={("SquidPotassium", "conductance"): np.arange(1.0, count + 1)}, cells=count)
    memory = Memory(made, Shape(cells, (cells,) * 2), 0)
    rows = memory.sizes["v"]
    for shape in ((1, 1), (rows, 1), (1, count), (rows, count)):
        values = np.random.default_rng(0).normal(size=shape)
        memory.put("v", values)
        np.testing.assert_array_equal(memory.get("v"), np.broadcast_to(values, (rows, count)))
    # Padding repeats the last cell.
    flat = memory.view("v").transpose(1, 0, 2).reshape(rows, -1)
    np.testing.assert_array_equal(flat[:, count:], np.repeat(flat[:, [count - 1]], flat.shape[1] - count, axis=1))


def test_nodes_are_numbered_by_kind_each_padded_to_whole_vectors() -> None:
    made = planned(squid("tree"))
    memory = Memory(made, Shape(1, (8, 16)), 0)
    counts = [len(kind.compartments) for kind in made.system.kinds]
    assert memory.padded == [-(-counts[0] // 8) * 8, -(-counts[1] // 16) * 16]
    assert [memory.layout[f"kind{k}.count"] for k in range(2)] == memory.padded
    assert memory.layout["kind1.first"] == memory.padded[0]
    assert memory.layout["junctions.first"] == sum(memory.padded)
    assert len(set(memory.node.tolist())) == made.system.nodes
    for k, kind in enumerate(made.system.kinds):
        first = memory.layout[f"kind{k}.first"]
        np.testing.assert_array_equal(memory.node[kind.compartments], first + np.arange(counts[k]))


@pytest.mark.parametrize("target", [host, interpreter], ids=repr)
@pytest.mark.parametrize(("count", "shape"), [(3, Shape(8, (8, 8))), (1, Shape(1, (16, 16))), (5, Shape(4, (4, 4)))])
def test_padding_never_reaches_a_result(count: int, shape: Shape, target: object) -> None:
    """Not a number in every padded element, every padded cell and every gap: the results keep their bits."""
    protocol = [STIMULI["pulse"](), clamp(at=ex.distal(ex.axon))]
    overrides = {("SquidPotassium", "conductance"): np.linspace(0.03, 0.04, count)}
    made = planned(squid("tree"), protocol, squid_probes(), overrides=overrides, cells=count)
    results = []
    for spoiled in (False, True):
        running = engine(made, target, shape)
        disturb(running)
        if spoiled:
            _spoil(running.memory)
        results.append(advanced(running, 30, every=3))
    clean, dirty = results
    assert np.isfinite(clean.samples).all()
    assert clean.samples.tobytes() == dirty.samples.tobytes()
    assert clean.crossings == dirty.crossings
    for name, values in clean.arrays.items():
        assert values.tobytes() == dirty.arrays[name].tobytes(), name


def _spoil(memory: Memory) -> None:
    """Not a number in everything that no cell and no compartment owns."""
    owned = np.zeros(memory.arena.shape, dtype=bool)
    for name, size in memory.sizes.items():
        kind = next((k for k in range(len(memory.padded)) if name.startswith(f"kind{k}.")), None)
        rows = np.arange(size)
        if name in ("v", "diagonal", "right", "point_current"):
            rows = memory.node
        elif kind is not None and size == memory.padded[kind]:
            rows = rows[: len(memory.plan.system.kinds[kind].compartments)]
        for cell in range(memory.cells):
            block, lane = divmod(cell, memory.shape.cells)
            owned[block, memory.layout[name] + rows * memory.shape.cells + lane] = True
    memory.arena[~owned] = np.nan
    assert np.isnan(memory.arena).any()


def test_untouched_memory_is_zero() -> None:
    """Nothing that a run may read is left as it was found."""
    memory = Memory(planned(squid("tree"), [STIMULI["noise"]()]), Shape(8, (8, 8)), 64)
    assert np.isfinite(memory.arena).all()
    assert np.isfinite(memory.shared).all()
