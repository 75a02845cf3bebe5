"""The pancreatic beta cell: glucose closes K(ATP) channels, the cell bursts, calcium rises, insulin leaves.

The cell is the calcium-based phantom burster of Bertram & Sherman 2004, in which calcium of the cytosol, calcium of the
reticulum and the share of open K(ATP) channels turn bursts on and off, fast or slowly, by how many channels calcium
opens. Granules are those of Chen, Wang & Sherman 2008. Insulin is given for an islet of 1000 such cells.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell, paint
from ..experiments import rest
from ..mechanisms import (
    BetaCellAtpPotassium,
    BetaCellCalcium,
    BetaCellCalciumPotassium,
    BetaCellCalciumStore,
    BetaCellGranules,
    BetaCellPotassium,
)
from ..morphology import everywhere, single_compartment, soma
from ..recordings import Recording
from ..recordings.probes import spikes, state, voltage
from ..runtime import vary
from .figures import Chart, Figure, Line, Stack
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values
from .readings import at, counts, spike_times

PAPER = "Bertram & Sherman 2004, Bull Math Biol 66:1313"
RELEASE = "Chen, Wang & Sherman 2008, Biophys J 95:2226"
GLUCOSE = "Marinelli et al. 2022, Biophys J 121:1449"
DEPOSIT = "the authors' biophan.ode"
LSODA = "the same equations by LSODA, tolerance 1e-9"

AREA = 530.0
SECOND, MINUTE = 1e3, 6e4
# A cell of 9 fg a granule, 1000 to the islet: granules per ms to pg per minute.
PICOGRAM = 9.0 * MINUTE
# Before the glucose comes, and after it, ms.
BEFORE, AFTER = 2.0 * MINUTE, 20.0 * MINUTE
# Spikes of one burst lie closer than this, ms.
PAUSE = SECOND
DOSES = np.arange(2.0, 22.1, 1.0)

SETTINGS = (
    Setting("low", 3.0, "mM", "glucose before the step"),
    Setting("glucose", 9.87, "mM", "glucose after it; the 0.14 µM of the paper"),
    Setting("medium", 700.0, "pS", "K(Ca) conductance of the glucose step"),
    Setting("slow", 100.0, "pS", "K(Ca) conductance of slow bursts"),
    Setting("fast", 1000.0, "pS", "K(Ca) conductance of fast bursts"),
)


def threshold(glucose: Any) -> Any:
    """Calcium at which half of the K(ATP) channels are open, mM, by glucose, mM (Marinelli et al. 2022)."""
    return 1e-3 * (glucose - 1.75) / 58.0


def cell(values: Values) -> Cell:
    """A cell of 530 µm² in low glucose, whose reticulum pumps little and whose granules are slowly replaced."""
    made = Cell(
        single_compartment(math.sqrt(AREA / math.pi), name="beta cell"), temperature=37.0, initial_voltage=-66.0
    )
    return paint(
        made,
        everywhere,
        BetaCellCalcium(),
        BetaCellPotassium(),
        BetaCellCalciumPotassium(conductance=values["medium"] * 1e-4 / AREA),
        BetaCellAtpPotassium(threshold=threshold(values["low"])),
        BetaCellCalciumStore(uptake=0.05),
        BetaCellGranules(amplification=1.0),
    )


def fed(made: Cell, threshold_of_channels: float, conductance: float | None = None) -> Cell:
    """The cell in glucose: K(ATP) channels close, the reticulum pumps, granules arrive three times as fast."""
    made = paint(made, everywhere, BetaCellAtpPotassium(threshold=threshold_of_channels),
                 BetaCellCalciumStore(uptake=0.4), BetaCellGranules(amplification=3.0))  # fmt: skip
    if conductance is None:
        return made
    return paint(made, everywhere, BetaCellCalciumPotassium(conductance=conductance * 1e-4 / AREA))


def experiments(made: Cell, values: Values) -> tuple[Experiment, ...]:
    """A step of glucose, the three kinds of bursts, and many concentrations of glucose."""
    quiet = rest(made, near=-68.0).state
    fired = spikes(at=soma, label="spikes", threshold=-30.0)
    calcium = state("calcium", of=BetaCellCalciumStore, at=soma, label="calcium")
    granules = state("released", of=BetaCellGranules, at=soma, label="released")
    open_share = state("a", of=BetaCellAtpPotassium, at=soma, label="a")
    look = (voltage(at=soma, label="voltage"), fired, calcium, open_share, granules)
    high, paper = fed(made, threshold(values["glucose"])), 1.4e-4
    doses = vary(BetaCellAtpPotassium, "threshold", threshold(DOSES), name="threshold")
    return (
        Experiment("low", made, BEFORE, (), look, dt=0.5, every=40, coarse=True, start=quiet),
        Experiment("high", high, AFTER, (), look, dt=0.5, every=40, coarse=True, start="low"),
        Experiment("fast", fed(made, paper, values["fast"]), 300 * SECOND, (), look, dt=0.25, every=40, coarse=True),
        Experiment("medium", fed(made, paper), 400 * SECOND, (), look, dt=0.25, every=40, coarse=True),
        Experiment("slow", fed(made, paper, values["slow"]), 1500 * SECOND, (), look, dt=0.5, every=40, coarse=True),
        Experiment("doses", high, 900 * SECOND, (), (calcium, granules, fired), over=(doses,), dt=1.0, every=100,
                   coarse=True, start=quiet),
    )  # fmt: skip


def burst_starts(recording: Recording) -> NDArray[np.float64]:
    """When bursts begin, ms: the spikes that follow a pause."""
    times = spike_times(recording)
    return times[np.concatenate([[True], np.diff(times) > PAUSE])] if times.size else times


def period(recording: Recording) -> float:
    """The time from burst to burst, s: from the second to the last, over their number."""
    starts = burst_starts(recording)[1:]
    return float(np.diff(starts).mean()) / SECOND if starts.size > 1 else math.nan


def insulin(recording: Recording) -> NDArray[np.float64]:
    """The release of an islet, pg/min."""
    factor: float = PICOGRAM * BetaCellGranules().emptying
    return factor * np.asarray(recording["released"].values, dtype=np.float64)


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """Periods of the three kinds of bursts, and what a step of glucose does."""
    low, high, slow, doses = (recordings[name] for name in ("low", "high", "slow", "doses"))
    release, minutes = insulin(high), (high.time - BEFORE) / MINUTE
    first = int(np.argmax(release[minutes < 6.0]))
    trough = first + int(np.argmin(release[first : int(np.searchsorted(minutes, 12.0))]))
    late = minutes > minutes[-1] - 5.0
    late_doses = doses.time > 0.5 * doses.time[-1]
    silent = counts(doses) < 100
    return (
        Measured("period of slow bursts", period(slow), "s", 275.0, 10.0, f"{PAPER}, fig 13A; note in {DEPOSIT}"),
        Measured("period of medium bursts", period(recordings["medium"]), "s"),
        Measured("period of fast bursts", period(recordings["fast"]), "s", 3.5, 1.5, f"{PAPER}: 2 to 5 s"),
        Measured("share of a slow burst that is active", active(slow), "1"),
        Measured("voltage in low glucose", at(low["voltage"].values, -1), "mV"),
        Measured("open K(ATP) channels in low glucose", at(low["a"].values, -1), "1"),
        Measured("insulin in low glucose", at(insulin(low), -1), "pg/min"),
        Measured("delay of the first spike after the glucose", (at(spike_times(high), 0) - BEFORE) / SECOND, "s",
                 112.86, 0.05, LSODA),
        Measured("first phase of insulin, peak", float(release[first]), "pg/min", 292.39, 0.3, LSODA),
        Measured("when it peaks", float(minutes[first]), "min", 1.977, 0.002, LSODA),
        Measured("between the phases, lowest", float(release[trough]), "pg/min"),
        Measured("second phase, mean of the last 5 min", float(release[late].mean()), "pg/min"),
        Measured("highest glucose at which the cell is silent", float(DOSES[silent].max()), "mM"),
        Measured("insulin at 20 over 10 mM", float(
            np.divide(*(insulin(doses)[int(np.argmin(np.abs(DOSES - g))), late_doses].mean() for g in (20.0, 10.0)))),
            "1"),
    )  # fmt: skip


def active(recording: Recording) -> float:
    """The share of the time from burst to burst in which the cell spikes."""
    times, starts = spike_times(recording), burst_starts(recording)
    if starts.size < 3:
        return math.nan
    inside = np.diff(times[(times >= starts[1]) & (times < starts[2])])
    return float(inside[inside <= PAUSE].sum() / (starts[2] - starts[1]))


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The step of glucose from voltage to insulin, the three kinds of bursts, and release against glucose."""
    doses = recordings["doses"]
    late = doses.time > 0.5 * doses.time[-1]
    rows = (("voltage", "Voltage (mV)", 1.0), ("a", "K(ATP) open", 1.0), ("calcium", "Calcium (µM)", 1e3))
    whole = [*(joined(recordings, name, words, factor) for name, words, factor in rows),
             joined(recordings, "released", "Insulin (pg/min)", PICOGRAM * BetaCellGranules().emptying)]  # fmt: skip
    kinds = (("fast", 12.0), ("medium", 240.0), ("slow", 900.0))
    return (
        Stack("glucose", f"Glucose rises from {values['low']:g} to {values['glucose']:g} mM after 2 min",
              "Time (min)", tuple(whole)),
        *(last(recordings[name], name, seconds) for name, seconds in kinds),
        Stack("doses", "What glucose does through K(ATP), mean of minutes 8 to 15", "Glucose (mM)", (
            Chart("calcium", "", "", "Calcium (µM)",
                  (Line("mean", DOSES, 1e3 * doses["calcium"].values[:, late].mean(axis=1)),)),
            Chart("insulin", "", "", "Insulin (pg/min)", (Line("mean", DOSES, insulin(doses)[:, late].mean(axis=1)),)),
        )),
    )  # fmt: skip


def joined(recordings: Recordings, name: str, words: str, factor: float) -> Chart:
    """One signal before and after the glucose, against minutes."""
    parts = [recordings[part] for part in ("low", "high")]
    time = np.concatenate([part.time for part in parts]) / MINUTE
    values = np.concatenate([factor * part[name].values for part in parts])
    return Chart(name, "", "", words, (Line(name, time, values),))


def last(recording: Recording, name: str, seconds: float) -> Stack:
    """The end of a run, with its calcium, against seconds."""
    time = recording.time / SECOND
    shown = time > time[-1] - seconds
    charts = (
        Chart("voltage", "", "", "Voltage (mV)", (Line("voltage", time[shown], recording["voltage"].values[shown]),)),
        Chart("calcium", "", "", "Calcium (µM)", (Line("c", time[shown], 1e3 * recording["calcium"].values[shown]),)),
    )
    title = f"{name.capitalize()} bursts: one every {period(recording):.3g} s"
    return Stack(name, title, "Time (s)", charts)


beta_cell = Preparation(
    name="beta_cell",
    summary="A pancreatic beta cell: glucose through K(ATP) to bursts, calcium and insulin in two phases.",
    source=f"{PAPER}; {RELEASE}",
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        f"Glucose sets the K(ATP) threshold by {GLUCOSE}: (glucose - 1.75 mM) / 58, in µM; 0.14 µM is 9.9 mM.",
        "With glucose the pumps of the reticulum and the supply of granules quicken too, as in both papers.",
        "Low glucose in the step is the paper's cell without glucose in its reticulum (uptake 0.05/ms).",
    ),
)
