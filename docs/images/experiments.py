"""The pictures of docs/experiments.md: python docs/images/experiments.py [FOLDER]"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

import excitable as ex
from excitable import experiments as do


class Calcium(ex.Channel):
    """Instantaneous calcium current. Source: Rinzel & Ermentrout 1989, appendix A, parameters of figure 4."""

    def current(self, v: Any) -> Any:
        return 0.004 * 0.5 * (1 + ex.tanh((v + 1.2) / 18)) * (v - 120)


class Potassium(ex.Channel):
    """Potassium current of the barnacle muscle. Source: as for the calcium current."""

    w = ex.gate("activation")

    def rates(self, v: Any) -> dict[str, Any]:
        x = (v - 12) / 17.4
        return {"w": ex.relax(0.5 * (1 + ex.tanh(x)), 15 / (0.5 * (ex.exp(x / 2) + ex.exp(-x / 2))))}

    def current(self, v: Any) -> Any:
        return 0.008 * self.w * (v + 84)


def cells() -> tuple[ex.Cell, ex.Cell]:
    """The squid membrane and the barnacle muscle, each on 1e-4 cm²."""
    shape = ex.single_compartment(100 / math.sqrt(math.pi))
    squid = ex.paint(ex.Cell(shape), ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    bare = ex.Cell(shape, ex.per_branch(1), capacitance=20, initial_voltage=-60)
    leak = ex.Leak(conductance=0.002, reversal=-60)
    return squid, ex.paint(bare, ex.everywhere, Calcium(), Potassium(), leak)


def beside(*results: Any, titles: tuple[str, ...], rows: int = 1) -> Any:
    """Results beside each other, under titles that leave room for so many rows of a legend."""
    figure, axes = plt.subplots(1, len(results), figsize=(6.6 * len(results), 4.6), layout="constrained")
    for result, one, title in zip(results, axes, titles, strict=True):
        ex.plot(result, axes=one)
        one.set_title(title, loc="left", fontsize=12.5, pad=8 + 20 * rows)
    return figure


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    squid, muscle = cells()
    pulse = ex.current_pulse(at=ex.soma, amplitude="5 nA", start="2 ms", duration="0.2 ms")
    names = ("squid membrane", "barnacle muscle")
    plane = do.phase_plane(
        muscle, current="3 nA", starts=[(-20, 0.0), (-18, 0.0)], voltages=(-75, 50), values=(-0.05, 0.7)
    )
    pictures = {
        "spike": ex.plot(do.spike(squid, pulse)).figure,
        "strength": beside(do.strength_duration(squid, at=ex.soma), do.refractory(squid, pulse),
                           titles=("Threshold by duration", "Threshold after a spike")),
        "firing": beside(do.firing_curve(squid, at=ex.soma),
                         do.firing_curve(muscle, at=ex.soma, level=0, duration="1 s"), titles=names),
        "plane": ex.plot(plane).figure,
        "bifurcation": beside(do.bifurcation(squid, at=ex.soma, between=(0, 18)),
                              do.bifurcation(muscle, at=ex.soma, between=(-2, 14), duration="1.5 s", currents=40),
                              titles=names, rows=2),
    }  # fmt: skip
    for name, figure in pictures.items():
        figure.savefig(folder / f"experiments_{name}.png", dpi=90)
        sys.stdout.write(f"experiments_{name}.png\n")


if __name__ == "__main__":
    main()
