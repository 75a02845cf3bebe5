"""Features under eFEL's names, against eFEL 5.7.34 on the same trace (its sampling step is 0.05 ms)."""

from __future__ import annotations

import numpy as np
import pytest

from excitable.errors import RequestError, UnknownNameError
from excitable.measurements import FEATURES, features

TIME = np.arange(0, 500, 0.05)
PEAKS = np.array([120, 150, 190, 240, 300, 370])


def train():
    on, off = np.clip(TIME - 100, 0, None), np.clip(TIME - 400, 0, None)
    trace = -70 + 8 * np.where(TIME < 400, 1 - np.exp(-on / 10), np.exp(-off / 10))
    for peak in PEAKS:
        trace += 95 * np.exp(-(((TIME - peak) / 0.6) ** 2)) - 10 * np.exp(-(((TIME - peak - 5) / 3) ** 2))
    return trace


# What efel.get_feature_values gave (interp_step 0.05, stimulus 100 to 400 ms, 0.2 nA), first three values.
EFEL = {
    "AHP_depth": [-2.6572, -2.0327, -2.0006],
    "AHP_depth_abs": [-72.6572, -72.0327, -72.0006],
    "AP_height": [31.2956, 32.3243, 32.3772],
    "AP_peak_downstroke": [-135.6473, -135.7456, -135.7507],
    "AP_peak_upstroke": [134.4037, 134.2961, 134.2906],
    "ISI_CV": 0.2347,
    "ISI_values": [40.0, 50.0, 60.0],
    "Spikecount": 6,
    "adaptation_index2": 0.093,
    "all_ISI_values": [30.0, 40.0, 50.0],
    "doublet_ISI": 30.0,
    "inv_first_ISI": 33.3333,
    "maximum_voltage": 32.3782,
    "mean_frequency": 22.2222,
    "min_AHP_values": [-72.6572, -72.0327, -72.0006],
    "minimum_voltage": -72.6572,
    "ohmic_input_resistance_vb_ssse": 40.0318,
    "peak_time": [120.0, 150.0, 190.0],
    "peak_voltage": [31.2956, 32.3243, 32.3772],
    "sag_ratio2": -3.0131,
    "spike_count": 6,
    "steady_state_voltage_stimend": -61.9936,
    "time_to_first_spike": 20.0,
    "time_to_last_spike": 270.0,
    "voltage_base": -70.0,
}
# Here eFEL takes the sample before the crossing, a full step (0.05 ms; 0.5 mV at 10 mV/ms) early or late.
SAMPLED = {
    "AP1_amp": (92.916, 0.5),
    "AP2_amp": (92.7848, 0.5),
    "APlast_amp": (92.7779, 0.5),
    "AP_amplitude": ([92.916, 92.7848, 92.778], 0.5),
    "AP_begin_time": ([118.8, 148.8, 188.8], 0.05),
    "AP_begin_voltage": ([-61.6204, -60.4605, -60.4008], 0.5),
    "AP_duration_half_width": ([1.0, 1.0, 1.0], 0.05),
    "AP_rise_time": ([1.2, 1.2, 1.2], 0.05),
}


@pytest.mark.parametrize("name", FEATURES)
def test_the_names_mean_what_they_mean_in_efel(name):
    found = features(train(), TIME, stimulus=(100, 400), current="0.2 nA")[name]
    if name == "sag_ratio1":
        assert np.isnan(found)  # eFEL has none either: the trace was not hyperpolarised
        return
    expected, tolerance = SAMPLED[name] if name in SAMPLED else (EFEL[name], 2e-3)
    shown = found[:3] if np.ndim(expected) else found
    np.testing.assert_allclose(shown, expected, atol=tolerance)


def test_every_name_has_a_unit_and_words():
    assert all(feature.unit and feature.words for feature in FEATURES.values())


def test_a_silent_trace_has_empty_and_undefined_features():
    found = features(np.full(TIME.size, -70.0), TIME, stimulus=(100, 400))
    assert found["Spikecount"] == 0
    assert found["AP_amplitude"].size == 0
    undefined = ["AP1_amp", "ISI_CV", "inv_first_ISI", "time_to_first_spike", "mean_frequency", "sag_ratio1"]
    assert all(np.isnan(found[name]) for name in [*undefined, "ohmic_input_resistance_vb_ssse"])
    assert found["voltage_base"] == -70.0


def test_only_what_is_asked_for_and_only_what_exists():
    assert set(features(train(), TIME, ["Spikecount"], stimulus=(100, 400))) == {"Spikecount"}
    with pytest.raises(UnknownNameError, match=r"no feature 'AP_amplitud'.*Did you mean 'AP_amplitude'"):
        features(train(), TIME, ["AP_amplitud"], stimulus=(100, 400))
    with pytest.raises(RequestError, match="holds 2 traces"):
        features(np.array([train(), train()]), TIME, stimulus=(100, 400))
