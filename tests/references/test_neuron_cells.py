"""Cells read from SWC files, cut by d_lambda and painted by region, against a running NEURON, in both schemes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import excitable as ex
from references.neuron_reference import neuron_or_skip

DT, DURATION, START = 0.025, 60.0, -65.0
SCHEMES = [pytest.param(ex.backward_euler, 0, id="backward_euler"), pytest.param(ex.staggered, 2, id="staggered")]
# Lengths are sums of halves and quarters: NEURON keeps points as 32-bit numbers, and these are exact.
POINTS = """\
1 1 0 0 0 8 -1
2 1 0 -8 0 8 1
3 1 0 8 0 8 1
4 2 0 -12 0 1 1
5 2 0 -60 0 0.75 4
6 2 12 -160 5 0.5 5
7 2 40 -250 5 0.5 6
8 2 -50 -230 5 0.5 6
9 3 10 2 0 1.5 1
10 3 60 12 8 1.25 9
11 3 110 40 16 0.75 10
12 3 120 -20 16 0.5 10
13 3 -10 2 0 1.25 1
14 3 -70 -10 4 0.75 13
15 4 0 10 0 2.5 1
16 4 2 120 0 2 15
17 4 10 220 8 1.5 16
18 4 60 320 16 0.75 17
19 4 -40 330 16 0.75 17
20 4 -80 380 16 0.5 19
21 4 -20 400 16 0.5 19
"""
REAL = Path(__file__).parents[3] / "shared/references/morphologies/jaxley/morph_ca1_n120.swc"


@pytest.fixture(params=["drawn", "real"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "real":
        if not REAL.is_file():
            pytest.skip("the collection of morphologies is not here")
        return REAL
    path = tmp_path / "drawn.swc"
    path.write_text(POINTS)
    return path


class Imported:
    """A bare object that NEURON hangs its sections on."""

    all: list[Any]


def kind_of(section: Any) -> str:
    return str(section.name()).rpartition(".")[2].partition("[")[0]


def neuron_cell(h: Any, path: Path, resistivity: float, capacitance: float) -> Imported:
    h.load_file("stdrun.hoc")
    h.load_file("import3d.hoc")
    reader = h.Import3d_SWC_read()
    reader.quiet = 1
    reader.input(str(path))
    cell = Imported()
    h.Import3d_GUI(reader, False).instantiate(cell)
    for section in cell.all:
        section.Ra, section.cm = resistivity, capacitance
        section.nseg = int((section.L / (0.1 * h.lambda_f(100.0, sec=section)) + 0.9) / 2.0) * 2 + 1
    return cell


def neuron_passive(section: Any) -> None:
    section.insert("pas")
    section.g_pas, section.e_pas = (3e-4, -70.0) if kind_of(section) == "soma" else (1e-4, -68.0)


def neuron_active(section: Any) -> None:
    kind = kind_of(section)
    if kind in ("soma", "axon"):
        section.insert("hh")
        section.gnabar_hh = 0.12 if kind == "soma" else 0.2
        section.gkbar_hh, section.gl_hh, section.el_hh = 0.036, 0.0003, -54.3
        section.ena, section.ek = 50.0, -77.0
    elif kind == "apic":
        section.insert("hh")
        section.gnabar_hh, section.gkbar_hh, section.gl_hh = 0.03, 0.008, 0.0
        section.ena, section.ek = 50.0, -77.0
    if kind in ("dend", "apic"):
        section.insert("pas")
        section.g_pas, section.e_pas = 2e-4, -65.0


def our_passive(cell: ex.Cell) -> ex.Cell:
    cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=1e-4, reversal=-68.0))
    return ex.paint(cell, ex.soma, ex.Leak(conductance=3e-4, reversal=-70.0))


def our_active(cell: ex.Cell) -> ex.Cell:
    potassium, leak = ex.SquidPotassium(), ex.SquidLeak(reversal=-54.3)
    cell = ex.paint(cell, ex.soma, ex.SquidSodium(), potassium, leak)
    if any(branch.kind == "axon" for branch in cell.morphology):
        cell = ex.paint(cell, ex.axon, ex.SquidSodium(conductance=0.2), potassium, leak)
    cell = ex.paint(cell, ex.basal | ex.apical, ex.Leak(conductance=2e-4, reversal=-65.0))
    return ex.paint(cell, ex.apical, ex.SquidSodium(conductance=0.03), ex.SquidPotassium(conductance=0.008))


def neuron_voltages(
    path: Path, dress: Callable[[Any], None], order: int, amplitude: float, celsius: float
) -> dict[tuple[str, int], np.ndarray]:
    """The voltage of every segment, by the name of its section and its number there."""
    h = neuron_or_skip()
    cell = neuron_cell(h, path, 120.0, 0.9)
    try:
        for section in cell.all:
            dress(section)
        soma = next(section for section in cell.all if kind_of(section) == "soma")
        clamp = h.IClamp(soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 2.0, 40.0, amplitude
        found = {}
        for section in cell.all:
            short = str(section.name()).rpartition(".")[2]
            for number, segment in enumerate(section):
                found[short, number] = h.Vector().record(segment._ref_v)
        h.celsius, h.dt, h.steps_per_ms, h.secondorder = celsius, DT, 1.0 / DT, order
        if hasattr(h, "usetable_hh"):
            h.usetable_hh = 0
        h.finitialize(START)
        for _ in range(round(DURATION / DT)):
            h.fadvance()
        return {key: np.array(trace) for key, trace in found.items()}
    finally:
        h.secondorder = 0
        cell.all.clear()


def our_voltages(
    path: Path, dress: Callable[[ex.Cell], ex.Cell], method: ex.methods.Method, amplitude: float, celsius: float
) -> dict[tuple[str, int], np.ndarray]:
    rule = ex.d_lambda(0.1, axial_resistivity=120.0, capacitance=0.9)
    cell = ex.Cell(
        ex.read(path), rule, axial_resistivity=120.0, capacitance=0.9, temperature=celsius, initial_voltage=START
    )
    pulse = ex.current_pulse(at=ex.soma, amplitude=amplitude, start=2.0, duration=40.0)
    record = [ex.voltage(at=ex.each(ex.everywhere), label="v")]
    signal = ex.run(dress(cell), DURATION, protocol=[pulse], record=record, dt=DT, method=method).signals["v"]
    numbers: dict[str, int] = {}
    found = {}
    for place, row in zip(signal.places, signal.values, strict=True):
        number = numbers.get(place.branch, 0)
        numbers[place.branch] = number + 1
        found[place.branch, number] = row
    return found


def worst(ours: dict[tuple[str, int], np.ndarray], theirs: dict[tuple[str, int], np.ndarray]) -> float:
    assert set(ours) == set(theirs)
    return max(float(np.abs(ours[key] - theirs[key]).max()) for key in ours)


@pytest.mark.parametrize(("method", "order"), SCHEMES)
def test_passive_cell(file: Path, method: ex.methods.Method, order: int) -> None:
    theirs = neuron_voltages(file, neuron_passive, order, 0.1, 6.3)
    ours = our_voltages(file, our_passive, method, 0.1, 6.3)
    assert max(np.ptp(trace) for trace in theirs.values()) > 5.0
    found = worst(ours, theirs)
    assert found < 1e-4, f"{found} mV apart"


@pytest.mark.parametrize(("method", "order"), SCHEMES)
def test_active_cell(file: Path, method: ex.methods.Method, order: int) -> None:
    """Squid channels of unlike density in soma, axon and apical dendrite, at 12 °C."""
    theirs = neuron_voltages(file, neuron_active, order, 0.6, 12.0)
    ours = our_voltages(file, our_active, method, 0.6, 12.0)
    soma = theirs["soma[0]", 0]
    assert np.count_nonzero((soma[:-1] < 0.0) & (soma[1:] >= 0.0)) >= (4 if file.stem == "drawn" else 1)
    found = worst(ours, theirs)
    assert found < 1e-3, f"{found} mV apart"
