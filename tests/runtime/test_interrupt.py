"""Ctrl-C in a long run returns what is computed, and it is what a shorter run computes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import excitable as ex
import excitable.runtime.simulate as loop

TESTS = Path(__file__).resolve().parents[1]
SOURCE = Path(ex.__file__).resolve().parents[1]
PROGRAM = """
import sys
import numpy as np
import excitable as ex
from runtime.cells import compartment, pulse
record = [ex.voltage(at=ex.root, label="v"), ex.spikes(at=ex.root, label="s")]
# The kernel is made before the interrupt can come: there is nothing to return from making it.
over = ex.vary("pulse", "amplitude", np.linspace(0.1, 0.2, 500))
if {threads} == 1:
    ex.run(compartment(), 1.0, protocol=[pulse(0.12)], record=record, dt=0.025, every=10)
else:
    ex.sweep(compartment(), 1.0, over, protocol=[pulse(0.12)], record=record, dt=0.025, every=10, threads=2)
sys.stdout.write("ready\\n")
sys.stdout.flush()
if {threads} == 1:
    made = ex.run(compartment(), 1e7, protocol=[pulse(0.12)], record=record, dt=0.025, every=1000)
else:
    made = ex.sweep(compartment(), 1e5, over, protocol=[pulse(0.12)], record=record, dt=0.025, every=1000, threads=2)
np.savez({file!r}, time=made.time, v=made.signals["v"].values, stopped=made.stopped_at, complete=made.complete,
         step=made.final_state.description["step"], spikes=made.spikes["s"].times[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to one process on Windows")
@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupted_run_returns_what_it_has(threads: int, tmp_path: Path) -> None:
    file = str(tmp_path / "kept.npz")
    path = os.pathsep.join([str(SOURCE), str(TESTS)])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(threads=threads, file=file)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    with np.load(file) as kept:
        assert not kept["complete"]
        assert 0.0 < kept["stopped"] < 9e4 if threads == 2 else 9e6
        assert kept["v"].shape[-1] == kept["time"].size > 2
        assert kept["time"][-1] <= kept["stopped"]
        assert kept["step"] * 0.025 == pytest.approx(kept["stopped"])
        assert np.isfinite(kept["v"]).all()
        assert kept["spikes"].size > 1


class Interrupting:
    """Progress that interrupts when it has been shown a number of times."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, what: str, wanted: bool | None) -> Interrupting:
        return self

    def show(self, fraction: float) -> None:
        self.after -= 1
        if self.after == 0:
            raise KeyboardInterrupt

    def done(self) -> None:
        pass


@pytest.mark.parametrize("every", [1, 5])
@pytest.mark.parametrize("after", [1, 2, 4])
def test_what_is_kept_is_the_beginning_of_the_whole(after: int, every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from runtime.cells import probes, pulse, tree

    import excitable.runtime.request as request

    arguments = {"protocol": [pulse(0.5)], "record": probes("tree"), "dt": 0.025, "every": every}
    whole = ex.run(tree(), 20.0, **arguments)
    monkeypatch.setattr(loop, "PAUSE", 1e-9)
    monkeypatch.setattr(request, "Progress", Interrupting(after))
    kept = ex.run(tree(), 20.0, **arguments)
    assert not kept.complete
    assert kept.stopped_at is not None
    assert 0.0 < kept.stopped_at < 20.0
    count = kept.time.size
    assert count == round(kept.stopped_at / 0.025) // every or count == round(kept.stopped_at / 0.025) // every + 1
    assert kept.time.tobytes() == whole.time[:count].tobytes()
    for label, signals in kept.signals.items():
        assert signals.values.tobytes() == np.ascontiguousarray(whole.signals[label].values[..., :count]).tobytes()
    early = whole.spikes["spikes"].times[0]
    np.testing.assert_array_equal(kept.spikes["spikes"].times[0], early[early <= kept.stopped_at])
    monkeypatch.undo()
    rest = ex.run(tree(), 20.0 - kept.stopped_at, start=kept.final_state, **arguments)
    assert rest.final_state.identical(whole.final_state)
