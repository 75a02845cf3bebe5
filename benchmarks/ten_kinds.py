"""The cost of compiling: a cell with ten kinds of channel from an empty cache; prints one JSON line.

    python benchmarks/ten_kinds.py

Squid-like channels of two gates each, with ten sets of constants, on a soma and a dendrite. No two share an
expression but the voltage: the constants stand in the equations and are not parameters. `cold_s` and `warm_s` are
the first and the second run of one step: tracing, deriving, compiling, loading.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from typing import Any

KINDS = 10


def make_channel(number: int) -> Any:
    """A class of its own, as a user would write it."""
    import excitable as ex

    shift, width = 2.0 * number, 1.0 + 0.05 * number

    def rates(self: Any, v: Any, temperature: Any) -> dict[str, Any]:
        faster = (2.0 + 0.1 * number) ** ((temperature - 6.3) / 10.0)
        opening = ex.linoid(-(v + 40.0 - shift) / (10.0 * width))
        closing = 4.0 * ex.exp(-(v + 65.0 - shift) / (18.0 * width))
        slow_opening = 0.07 * ex.exp(-(v + 65.0 - shift) / (20.0 * width))
        slow_closing = 1.0 / (1.0 + ex.exp(-(v + 35.0 - shift) / (10.0 * width)))
        return {
            "m": faster * ex.alpha_beta(opening, closing),
            "h": faster * ex.alpha_beta(slow_opening, slow_closing),
        }

    def current(self: Any, v: Any) -> Any:
        return self.conductance * self.m**3 * self.h * (v - self.reversal)

    members = {
        "__doc__": "A made-up channel.\n\nSource: none; it is here to be compiled.",
        "__module__": __name__,
        "conductance": ex.parameter(1e-3, "S/cm2", "maximal conductance"),
        "reversal": ex.parameter(-77.0 + 12.0 * number, "mV", "reversal potential"),
        "m": ex.gate("activation"),
        "h": ex.gate("inactivation"),
        "rates": rates,
        "current": current,
    }
    return type(f"Channel{number}", (ex.Channel,), members)


def seconds_of_first_step(ex: Any, cell: Any) -> float:
    start = time.perf_counter()
    pulse = ex.current_pulse(at=ex.root, amplitude="0.1 nA", start=0, duration="1 ms")
    ex.run(cell, "0.025 ms", protocol=[pulse], record=[ex.voltage(at=ex.root)], dt="0.025 ms", progress=False)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        os.environ["EXCITABLE_CACHE"] = cache
        import excitable as ex

        start = time.perf_counter()
        channels = [make_channel(number)() for number in range(KINDS)]
        cell = ex.Cell(ex.ball_and_stick(), ex.per_branch(10))
        cell = ex.paint(cell, ex.everywhere, ex.Leak(), *channels[: KINDS // 2])
        cell = ex.paint(cell, ex.soma, *channels[KINDS // 2 :])
        described = time.perf_counter() - start
        cold, warm = seconds_of_first_step(ex, cell), seconds_of_first_step(ex, cell)
    line = {"kinds": KINDS, "describe_s": described, "cold_s": cold, "warm_s": warm}
    print(json.dumps({key: round(value, 4) for key, value in line.items()}))


if __name__ == "__main__":
    main()
