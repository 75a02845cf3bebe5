"""Long work shows how far it is, on a terminal and nowhere else."""

from __future__ import annotations

import sys
import time


class Progress:
    """One line on the error stream that is rewritten; silent for the first second and where nobody looks."""

    def __init__(self, what: str, wanted: bool | None) -> None:
        self.what = what
        self.on = sys.stderr is not None and sys.stderr.isatty() if wanted is None else wanted
        self.started = self.last = time.perf_counter()
        self.shown = False

    def show(self, fraction: float) -> None:
        """Say that `fraction` of the work is done."""
        now = time.perf_counter()
        if not self.on or now - self.started < 1.0 or now - self.last < 0.2:
            return
        self.last, self.shown = now, True
        left = (now - self.started) * (1.0 - fraction) / max(fraction, 1e-9)
        bar = ("█" * round(20 * fraction)).ljust(20, "·")
        encoding = getattr(sys.stderr, "encoding", None) or "ascii"
        line = f"\r{self.what} {bar} {100 * fraction:3.0f} %, {left:.0f} s left "
        sys.stderr.write(line.encode(encoding, "replace").decode(encoding))
        sys.stderr.flush()

    def done(self) -> None:
        """Clear the line."""
        if self.shown:
            sys.stderr.write("\r" + " " * (len(self.what) + 50) + "\r")
            sys.stderr.flush()
