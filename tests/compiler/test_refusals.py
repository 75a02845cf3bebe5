"""What other tests do not reach: models and requests that are refused, and bugs of our own that are named."""

from __future__ import annotations

from concurrent.futures import wait
from typing import Any

import numpy as np
import pytest
from compiler.models import SQUID, advanced, engine, planned, squid, squid_probes

import excitable as ex
import excitable.runtime.engine as engines
from excitable.compiler.llvm.text import Text
from excitable.compiler.llvm.values import Values
from excitable.compiler.targets import host, interpreter
from excitable.errors import CellError, InternalError, RequestError, UnknownNameError
from excitable.expressions.node import node, symbol
from excitable.runtime.engine import Shape


class Silent(ex.Mechanism):
    """A state and no current. Source: made for this test."""

    w = ex.gate("a gate", start=0.5)

    def rates(self, v: Any) -> Any:
        return {"w": ex.relax(0.5, 1.0)}


def test_an_axial_resistance_of_nothing_is_refused() -> None:
    cell = ex.paint(ex.Cell(ex.cable(100.0, 1.0), ex.per_branch(4), axial_resistivity=1e-320), ex.everywhere, ex.Leak())
    with pytest.raises(
        CellError, match=r"The axial resistance between points \[\d, \d\] .* must be positive and finite"
    ):
        ex.run(cell, 1.0)


def test_the_current_of_what_carries_none_is_refused() -> None:
    cell = ex.paint(squid("cable"), ex.everywhere, Silent())
    with pytest.raises(UnknownNameError, match=r"Silent carries no current\. .*SquidSodium"):
        ex.run(cell, 1.0, record=[ex.current(of=Silent, at=ex.root)])


def test_a_target_given_by_name_is_refused() -> None:
    with pytest.raises(RequestError, match=r"on was given as 'host'.*Write on=host or on=interpreter"):
        ex.run(squid(), 1.0, on="host")


def test_a_state_of_another_painting_is_refused() -> None:
    rows = [
        ("a", "axon", None, 0.0, [[0, 0, 0, 1], [100, 0, 0, 1]]),
        ("b", "basal", "a", 1.0, [[100, 0, 0, 1], [200, 0, 0, 1]]),
    ]
    bare = ex.paint(ex.Cell(ex.from_table(rows), ex.per_branch(4)), ex.everywhere, *SQUID[1:])
    before = ex.run(ex.paint(bare, ex.axon, SQUID[0]), 1.0, dt=0.025)
    with pytest.raises(
        RequestError, match=r"no 'SquidSodium\.m' in some compartments.*Continue with the same painting"
    ):
        ex.run(ex.paint(bare, ex.everywhere, SQUID[0]), 1.0, dt=0.025, start=before.final_state)


def test_an_operation_without_spelling_is_our_bug() -> None:
    with pytest.raises(InternalError, match="'gamma' has no spelling in vector code"):
        Values(Text(), 4, str).write([node("gamma", (symbol("x"),))])


def test_a_sample_that_does_not_fit_is_our_bug() -> None:
    running = engine(planned(squid("cable"), record=squid_probes()), interpreter, Shape(1, (8,)))
    running.memory.width += 1
    with pytest.raises(InternalError, match=r"A sample has \d+ values and room for \d+"):
        running.advance(0, 1, 1, 0.025)


@pytest.mark.parametrize("impatience", [1, 3])
def test_an_interrupt_waits_for_the_threads(impatience: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is pressed: threads write to the memory until they are done."""
    over = {("SquidSodium", "conductance"): np.linspace(0.1, 0.12, 64)}
    running = engine(planned(squid(), overrides=over, cells=64), host, Shape(8, (8,)), threads=2)
    whole = advanced(engine(planned(squid(), overrides=over, cells=64), host, Shape(8, (8,))), 40)
    left = [impatience]

    def interrupted(waiting: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise KeyboardInterrupt
        return wait(waiting)

    monkeypatch.setattr(engines, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        running.advance(0, 40, 1, 0.5 * 0.025)
    assert left == [0]
    np.testing.assert_array_equal(running.memory.get("v")[running.memory.node], whole.arrays["v"])
    running.close()
