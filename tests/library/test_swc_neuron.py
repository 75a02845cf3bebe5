"""Any SWC file: it fires, and says what it is made of."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from excitable.cells import Cell, paint
from excitable.errors import MorphologyError, RequestError
from excitable.library import Drawing, Study, neuron_from_file, study
from excitable.library.swc_neuron import threshold_current
from excitable.mechanisms import Leak
from excitable.morphology import everywhere, single_compartment

SHAPES = Path(__file__).parents[3] / "shared" / "references" / "morphologies"

NEURON = "1 1 0 0 0 9 -1\n2 3 0 9 0 1.5 1\n3 4 0 300 0 1.0 2\n4 2 0 -9 0 0.6 1\n5 2 0 -200 0 0.5 4\n"
POINT = "1 1 0 0 0 9 -1\n"
NO_SOMA = "1 3 0 0 0 2 -1\n2 3 0 200 0 1 1\n"


def neuron(folder: Path, text: str, name: str = "neuron.swc") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def value(done: Study, quantity: str) -> float:
    return next(row.value for row in done.measured if row.quantity.startswith(quantity))


@pytest.mark.parametrize("text", [NEURON, POINT, NO_SOMA], ids=["whole", "point", "no soma"])
def test_a_neuron_fires(tmp_path: Path, text: str) -> None:
    done = study(neuron_from_file(neuron(tmp_path, text)))
    assert value(done, "spikes") >= 1
    assert value(done, "current injected") == pytest.approx(1.5 * value(done, "current at threshold"))
    assert value(done, "peak of the first spike") > 0.0
    assert value(done, "compartments") == np.atleast_2d(done.recordings["movie"]["voltage"].values).shape[0]
    assert all(row.holds is None for row in done.measured)
    drawing = next(figure for figure in done.figures if isinstance(figure, Drawing))
    assert math.isfinite(drawing.time)


def test_the_current_can_be_given(tmp_path: Path) -> None:
    done = study(neuron_from_file(neuron(tmp_path, POINT)), {"current": "1 pA"})
    assert value(done, "spikes") == 0.0
    assert value(done, "current injected") == 0.001
    assert math.isnan(value(done, "peak of the first spike"))


def test_a_passive_cell_has_no_threshold() -> None:
    passive = paint(Cell(single_compartment(20)), everywhere, Leak())
    with pytest.raises(RequestError, match=r"No current up to .* nA at the soma makes 'cell' fire.*Write\s+--set"):
        threshold_current(passive, {"pulse": 40.0})


def test_a_soma_too_small_to_fire_is_refused(tmp_path: Path) -> None:
    tiny = "1 1 0 0 0 0.1 -1\n2 3 0 0.1 0 1 1\n3 3 0 300 0 1 2\n"
    with pytest.raises(RequestError, match=r"makes 'neuron' fire, whose first branch has 0.126 µm²"):
        study(neuron_from_file(neuron(tmp_path, tiny)))


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(MorphologyError, match=r"nowhere\.swc"):
        neuron_from_file("nowhere.swc")


@pytest.mark.slow
@pytest.mark.skipif(not SHAPES.exists(), reason="the reference morphologies are not here")
@pytest.mark.parametrize("name", ["jaxley/morph_ca1_n120.swc", "arbor/single_cell_allen.swc"])
def test_reconstructed_neurons_fire(name: str) -> None:
    done = study(neuron_from_file(SHAPES / name))
    assert value(done, "spikes") >= 1
    assert 20.0 < value(done, "peak of the first spike") < 60.0
    assert 0.3 < value(done, "width at half amplitude") < 1.0
