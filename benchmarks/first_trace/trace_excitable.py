"""Fresh process to the first voltage trace in excitable: one squid compartment, 1 s; prints the peak in mV.

The first argument is the folder of its compiled-code cache: an empty one is a cold start.
"""

import os
import sys

if len(sys.argv) > 1:
    os.environ["EXCITABLE_CACHE"] = sys.argv[1]

from excitable.cells import Cell, paint
from excitable.mechanisms import SquidLeak, SquidPotassium, SquidSodium
from excitable.morphology import everywhere, root, single_compartment
from excitable.protocols import current_pulse
from excitable.recordings.probes import voltage
from excitable.runtime import run

cell = paint(Cell(single_compartment(20, 20)), everywhere, SquidSodium(), SquidPotassium(), SquidLeak())
pulse = current_pulse(at=root, amplitude="0.1256637 nA", start=0, duration="1000 ms")
recording = run(cell, "1000 ms", protocol=[pulse], record=[voltage(at=root)], dt="0.025 ms")
print(recording.signals["voltage at root"].values.max())
