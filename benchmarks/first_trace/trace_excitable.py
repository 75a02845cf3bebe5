"""Fresh process to the first voltage trace in excitable: one squid compartment, 1 s; prints the peak in mV.

The first argument is the folder of its compiled-code cache: an empty one is a cold start.
"""

import os
import sys

if len(sys.argv) > 1:
    os.environ["EXCITABLE_CACHE"] = sys.argv[1]

import excitable as ex

cell = ex.Cell(ex.single_compartment(20, 20))
cell = ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
pulse = ex.current_pulse(at=ex.root, amplitude="0.1256637 nA", start=0, duration="1000 ms")
recording = ex.run(cell, "1000 ms", protocol=[pulse], record=[ex.voltage(at=ex.root)], dt="0.025 ms")
print(recording.signals["voltage at root"].values.max())
