"""The command line: what it prints, the codes it returns, the files it leaves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from excitable.cli import main
from excitable.frozen import replace
from excitable.library import PREPARATIONS, Interrupted, find, perform
from excitable.recordings import load

POINT = "1 1 0 0 0 9 -1\n2 3 0 9 0 1 1\n3 3 0 200 0 1 2\n"

Captured = pytest.CaptureFixture[str]


def command(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "excitable", *arguments], capture_output=True, text=True, **options)  # type: ignore[call-overload,no-any-return]


def test_list_names_every_preparation(capsys: Captured) -> None:
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert all(each.name in text for each in PREPARATIONS)


def test_list_as_json_has_three_fields(capsys: Captured) -> None:
    assert main(["list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [set(row) for row in rows] == [{"name", "summary", "source"}] * len(PREPARATIONS)


def test_show_prints_equations_parameters_and_source(capsys: Captured) -> None:
    assert main(["show", "squid_membrane"]) == 0
    text = capsys.readouterr().out
    assert "alpha_m = 3**((temperature - 6.3) / 10) * linoid(-(v + 40) / 10)" in text
    assert "Source: Hodgkin & Huxley 1952" in text
    assert "linoid(x) = x / (exp(x) - 1)" in text
    assert "S/cm²" in text


def test_show_as_latex_is_an_environment_for_each_mechanism(capsys: Captured) -> None:
    assert main(["show", "squid_membrane", "--latex"]) == 0
    text = capsys.readouterr().out
    assert text.count(r"\begin{align}") == text.count(r"\end{align}") == 3
    assert text.count("{") == text.count("}")


def test_show_as_json_follows_the_settings(capsys: Captured) -> None:
    assert main(["show", "squid_membrane", "--json", "--set", "SquidLeak.reversal=-60"]) == 0
    found = json.loads(capsys.readouterr().out)
    leak = next(each for each in found["mechanisms"] if each["name"] == "SquidLeak")
    assert {"name": "reversal", "value": -60.0, "unit": "mV", "meaning": "leak reversal potential"} in leak[
        "parameters"
    ]
    assert leak["equations"][0]["text"] == "i = conductance * (v - reversal)"


def test_run_prints_measured_beside_published_and_leaves_files(tmp_path: Path, capsys: Captured) -> None:
    assert main(["run", "squid_membrane", "--out", str(tmp_path / "new" / "folder")]) == 0
    text = capsys.readouterr().out
    assert "✓" in text
    assert "✗" not in text
    assert "6.50 ± 0.50" in text
    names = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    assert {"squid_membrane_action_potential.png", "squid_membrane_firing_curve.png"} <= names
    data = next(path for path in (tmp_path / "new" / "folder").iterdir() if path.stem == "squid_membrane_pulse")
    assert load(data)["voltage"].values.max() == pytest.approx(40.82, abs=0.01)


def test_run_as_json_follows_the_schema(tmp_path: Path, capsys: Captured) -> None:
    assert main(["run", "squid_giant_axon", "--out", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"name", "measured", "files"}
    first = found["measured"][0]
    assert set(first) == {"quantity", "value", "unit", "published", "tolerance", "holds", "source"}
    assert (first["quantity"], first["unit"], first["published"], first["tolerance"]) == (
        "conduction velocity",
        "m/s",
        18.8,
        0.1,
    )
    assert first["holds"] is True
    assert abs(first["value"] - 18.8) <= 0.1
    assert all(Path(path).is_file() for path in found["files"])


def test_a_neuron_from_a_file(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "cell.swc"
    file.write_text(POINT)
    assert main(["run", str(file), "--out", str(tmp_path / "out")]) == 0
    text = capsys.readouterr().out
    assert "current at threshold" in text
    assert "The first branch is one point" in " ".join(text.split())
    assert {"cell_traces.png", "cell_cell.png"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_a_number_that_does_not_hold_is_code_1(tmp_path: Path, capsys: Captured) -> None:
    assert main(["run", "squid_membrane", "--dt", "0.1", "--out", str(tmp_path)]) == 1
    assert "✗" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "squid_axon"], "Did you mean 'squid_giant_axon'"),
        (["run", "nowhere.swc"], "nowhere.swc"),
        (["run", "squid_giant_axon", "--set", "diameter"], "an equals sign"),
        (["run", "squid_giant_axon", "--set", "diametre=5"], "Did you mean 'diameter'"),
        (["run", "squid_giant_axon", "--set", "diameter=5 mV"], "the setting diameter"),
        (["run", "squid_giant_axon", "--dt", "-1"], "must be positive"),
        (["run", "squid_giant_axon", "--dt", "fast"], "the step dt"),
        (["run", "squid_membrane", "--duration", "0 ms"], "must be positive"),
        (["show", "nothing"], "There is no preparation 'nothing'"),
    ],
)
def test_a_wrong_request_is_code_2_and_no_traceback(
    arguments: list[str], message: str, tmp_path: Path, capsys: Captured
) -> None:
    extra = ["--out", str(tmp_path)] if arguments[0] == "run" else []
    assert main([*arguments, *extra]) == 2
    captured = capsys.readouterr()
    assert message in " ".join(captured.err.split())
    assert captured.out == ""
    assert "Traceback" not in captured.err


def test_a_folder_that_cannot_be_made_is_refused_before_anything_runs(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("")
    began = time.perf_counter()
    assert main(["run", "squid_giant_axon", "--out", str(tmp_path / "file" / "folder")]) == 2
    assert time.perf_counter() - began < 0.3
    assert "could not be made" in capsys.readouterr().err


def test_unknown_arguments_are_code_2(capsys: Captured) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["fly"])
    assert "invalid choice" in capsys.readouterr().err


def test_an_interrupt_is_code_130(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("excitable.cli.carry_out.study", interrupted)
    assert main(["run", "squid_membrane", "--out", str(tmp_path)]) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_an_interrupted_run_leaves_the_data_that_it_has(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    squid = find("squid_membrane")
    first = squid.experiments(squid.cell(squid.defaults), squid.defaults)[0]
    part = replace(perform(first, duration="10 ms"), complete=False, stopped_at=4.0)

    def interrupted(*_: object, **__: object) -> None:
        raise Interrupted("pulse", {"pulse": part})

    monkeypatch.setattr("excitable.cli.carry_out.study", interrupted)
    assert main(["run", "squid_membrane", "--out", str(tmp_path)]) == 130
    assert "'pulse' was interrupted at 4 ms" in " ".join(capsys.readouterr().err.split())
    (data,) = tmp_path.iterdir()
    assert load(data).stopped_at == 4.0


def test_a_figure_that_cannot_be_written_is_code_2(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "squid_membrane_train.png").mkdir()
    assert main(["run", "squid_membrane", "--out", str(tmp_path)]) == 2
    assert "squid_membrane_train.png' could not be written" in " ".join(capsys.readouterr().err.split())


def test_numbers_that_blow_up_are_code_1(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "cell.swc").write_text(POINT)
    wild = ["--set", "current=1 uA", "--out", str(tmp_path)]
    assert main(["run", str(tmp_path / "cell.swc"), *wild]) == 1
    assert "ceased to be a finite number" in " ".join(capsys.readouterr().err.split())


def test_the_demonstration_shows_its_preparations(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("excitable.cli.carry_out.SHOWCASE", ("squid_giant_axon", "passive_cable", "not yet written"))
    assert main(["demo", "--out", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "conduction velocity" in text
    assert "length constant" in text
    assert (tmp_path / "squid_giant_axon_propagation.png").stat().st_size > 10_000


def test_the_list_answers_at_once() -> None:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        assert command("list").returncode == 0
        times.append(time.perf_counter() - began)
    assert min(times) < 1.0  # 0.3 s on an idle machine


def test_a_terminal_without_the_letters_of_the_field(tmp_path: Path) -> None:
    done = command(
        "run", "passive_cable", "--out", str(tmp_path), env={"PYTHONIOENCODING": "ascii", "PATH": "", "COLUMNS": "60"}
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "MOhm" in done.stdout
    assert "yes" in done.stdout


@pytest.mark.parametrize("columns", [80, 100])
def test_tables_fit_the_terminal(
    columns: int, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["run", "squid_membrane", "--out", str(tmp_path)]) == 0
    assert main(["show", "squid_membrane"]) == 0
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    # Paths are never broken.
    assert [line for line in lines if len(line) > columns and str(tmp_path) not in line] == []
