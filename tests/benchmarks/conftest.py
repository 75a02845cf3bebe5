"""Lets tests import the benchmarks' modules. Their folder stands behind all else: none is taken for a test's own."""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
if str(BENCHMARKS) not in sys.path:
    sys.path.append(str(BENCHMARKS))
