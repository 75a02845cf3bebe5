"""Noise makes a membrane fire that a steady current leaves silent: 32 trials, irregular, and the same every time."""

import math

import numpy as np

import excitable as ex

patch = ex.Cell(ex.single_compartment(100 / math.sqrt(math.pi)))
patch = ex.paint(patch, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())

noise = ex.current_noise(at=ex.soma, mean="0.2 nA", deviation="2 nA", seed=7)
request = {
    "over": ex.vary(noise, "mean", np.full(32, 0.2), name="trial"),
    "protocol": [noise],
    "record": [ex.spikes(at=ex.soma, threshold="-20 mV", label="spikes")],
    "dt": "0.02 ms",
}
first = ex.sweep(patch, "500 ms", **request)
again = ex.sweep(patch, "500 ms", threads=1, **request)

trials = first.spikes["spikes"]
counts = trials.count
intervals = np.concatenate([np.diff(times) for times in trials.times])
variation = intervals.std() / intervals.mean()
print(f"{counts.mean():.1f} ± {counts.std():.1f} spikes in 500 ms; intervals vary by {variation:.2f}")
assert counts.std() > 0, "each trial has noise of its own"
assert all(np.array_equal(a, b) for a, b in zip(trials.times, again.spikes["spikes"].times, strict=True))
assert 15 < counts.mean() < 23
