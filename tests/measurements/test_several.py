"""A recording of several voltages: spikes of each, by label."""

from __future__ import annotations

import numpy as np

import excitable as ex


def test_spikes_of_every_voltage_where_none_is_named():
    cell = ex.Cell(ex.cable("2 mm", "10 um", kind="axon"), axial_resistivity=35.4)
    cell = ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
    places = [ex.voltage(at=ex.root), ex.voltage(at=ex.distal(ex.axon))]
    pulse = ex.current_pulse(at=ex.root, amplitude="20 nA", duration="0.5 ms")
    recording = ex.run(cell, "6 ms", protocol=[pulse], record=places)
    found = ex.measure.spikes(recording)
    assert list(found) == [probe.label for probe in places]
    for probe in places:
        np.testing.assert_array_equal(found[probe.label], ex.measure.spikes(recording, probe=probe))
    near, far = (found[probe.label] for probe in places)
    assert near.size == far.size == 1
    assert far[0] > near[0]
