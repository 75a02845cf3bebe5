"""`excitable rest` on the command line."""

from __future__ import annotations

import json

import pytest

from excitable.cli.main import main


def test_the_resting_state_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rest", "squid_membrane"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("squid_membrane\nRest at -64.974 mV, stable node\n")
    assert "turns at 61.15 Hz" in said


def test_the_resting_state_as_json_with_another_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rest", "squid_membrane", "--json", "--set", "SquidLeak.reversal=-10"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["name"], found["kind"], found["stable"], found["growing"]) == (
        "squid_membrane", "unstable focus", False, 2,
    )  # fmt: skip
    assert len(found["eigenvalues"]) == 4
    assert set(found["states"]) == {"SquidSodium.m", "SquidSodium.h", "SquidPotassium.n"}


def test_a_wrong_name_is_a_wrong_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rest", "squid_membran"]) == 2
    assert "squid_membrane" in capsys.readouterr().err
