"""What loads on use does not load on import."""

from __future__ import annotations

import subprocess
import sys

from test_layers import OPTIONAL


def test_importing_excitable_imports_nothing_optional() -> None:
    script = "import sys, excitable.units; print(' '.join({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & OPTIONAL == set()
