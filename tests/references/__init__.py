"""Independent answers that excitable is held against: closed forms, other simulators, published curves.

Cells that the benchmarks time are judged here too, so their modules can be imported from here on. Their
folder stands behind everything else: no test can take one of them for its own.
"""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
if str(BENCHMARKS) not in sys.path:
    sys.path.append(str(BENCHMARKS))
