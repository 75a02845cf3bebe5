"""Kernels on disk: whatever is there or not there, a run runs and gives the same numbers."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from compiler.models import Ran, advanced, engine, planned, squid

import excitable.compiler.build as building
from excitable.compiler import cache
from excitable.compiler.llvm import build as llvm_build
from excitable.compiler.llvm.build import Processor, compile_text, load
from excitable.compiler.llvm.kernel import Shape
from excitable.compiler.targets import host
from excitable.errors import InternalError

REFERENCE: list[Ran] = []


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty cache folder, and nothing kept in the process."""
    monkeypatch.setenv("EXCITABLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(building, "_ready", type(building._ready)())


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kernels that were compiled and not found, by name."""
    names: list[str] = []
    made = building._made
    monkeypatch.setattr(building, "_made", lambda key, *more: names.append(key) or made(key, *more))
    return names


def forget() -> None:
    """As a new process: only what is on disk remains."""
    building._ready.clear()


def simulated() -> Ran:
    return advanced(engine(planned(squid("cable")), host, Shape(1, (8,))), 20)


def same(found: Ran) -> bool:
    if not REFERENCE:
        REFERENCE.append(found)
    return found.samples.tobytes() == REFERENCE[0].samples.tobytes()


def entries() -> list[Path]:
    return sorted(cache.folder().iterdir()) if cache.folder().exists() else []


def test_cold_then_warm_then_in_the_process(built: list[str]) -> None:
    assert same(simulated())
    assert len(built) == len(entries()) == 1
    assert entries()[0].name == built[0]
    assert same(simulated())
    forget()
    assert same(simulated())
    assert len(built) == 1


def test_an_entry_is_private_to_the_user() -> None:
    simulated()
    if sys.platform != "win32":
        assert cache.folder().stat().st_mode & 0o077 == 0
        assert entries()[0].stat().st_mode & 0o077 == 0


# ---------------------------------------------------------------- damaged entries
def sealed(body: bytes) -> bytes:
    """A body with a right check sum."""
    return cache.MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def with_names(data: bytes, **changes: object) -> bytes:
    """The entry with other names in its head, and a right check sum."""
    head, _, code = data[len(cache.MAGIC) :].partition(b"\n")[2].partition(b"\n")
    names = {**json.loads(head), **changes}
    return sealed(json.dumps({k: v for k, v in names.items() if v is not None}).encode() + b"\n" + code)


def code_of(data: bytes, code: bytes) -> bytes:
    """The entry with other object code, and a right check sum."""
    head = data[len(cache.MAGIC) :].partition(b"\n")[2].partition(b"\n")[0]
    return sealed(head + b"\n" + code)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "one byte": lambda data: data[:1],
    "cut in the head": lambda data: data[:40],
    "cut in the code": lambda data: data[: len(data) // 2],
    "one byte short": lambda data: data[:-1],
    "one byte too many": lambda data: data + b"\0",
    "a bit flipped in the mark": lambda data: flipped(data, 3),
    "a bit flipped in the check sum": lambda data: flipped(data, 30),
    "a bit flipped in the names": lambda data: flipped(data, 120),
    "a bit flipped in the code": lambda data: flipped(data, len(data) - 500),
    "zeros": lambda data: bytes(len(data)),
    "another mark": lambda data: data.replace(b"kernel 1", b"kernel 0", 1),
    "not a kernel": lambda data: b"# Notes\nbuy milk\n" * 100,
    "not a kernel under a right check sum": lambda data: sealed(b"buy milk"),
    "names that are a list": lambda data: sealed(b"[1, 2]\n" + data[-100:]),
    "names that are a number": lambda data: sealed(b"7\n" + data[-100:]),
    "no name": lambda data: with_names(data, key=None),
    "the name of another kernel": lambda data: with_names(data, key=["0" * 64]),
    "no table of the layout": lambda data: with_names(data, layout=None),
    "a layout that is a number": lambda data: with_names(data, layout=3),
    "a layout of lists": lambda data: with_names(data, layout=[[1], [2]]),
    "code of another function": lambda data: code_of(data, compile_text("define void @walk() { ret void }")),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_entry_is_made_again(name: str, built: list[str]) -> None:
    assert same(simulated())
    (entry,) = entries()
    sound = entry.read_bytes()
    entry.write_bytes(DAMAGE[name](sound))
    forget()
    assert same(simulated())
    assert len(built) == 2
    assert entry.read_bytes() == sound
    forget()
    assert same(simulated())
    assert len(built) == 2


def test_an_entry_that_is_a_folder(built: list[str]) -> None:
    simulated()
    (entry,) = entries()
    entry.unlink()
    entry.mkdir()
    forget()
    assert same(simulated())
    assert len(built) == 2
    assert [path.name for path in entries()] == [entry.name], "nothing temporary is left behind"


# ---------------------------------------------------------------- another processor, another version
def test_another_processor_has_entries_of_its_own(built: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    simulated()
    here = llvm_build.processor()
    others = [Processor(here.triple, here.name, here.features + ",-avx512f"), Processor(here.triple, "generic", "")]
    for other in others:
        monkeypatch.setattr(building, "processor", lambda other=other: other)
        forget()
        simulated()
    assert len(set(built)) == 3
    assert len(entries()) == 3


def test_the_entry_of_another_processor_is_never_taken(built: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Even under the name that it should not have: the name inside tells."""
    simulated()
    here = llvm_build.processor()
    (ours,) = entries()
    monkeypatch.setattr(building, "processor", lambda: Processor(here.triple, here.name, here.features + ",+other"))
    forget()
    simulated()
    theirs = next(path for path in entries() if path != ours)
    theirs.replace(ours)
    monkeypatch.undo()
    monkeypatch.setenv("EXCITABLE_CACHE", str(ours.parents[1]))
    assert cache.look_up(ours.name) is None


def test_another_version_has_entries_of_its_own(built: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    simulated()
    monkeypatch.setattr(cache, "compiler_digest", lambda: "another version")
    forget()
    assert same(simulated())
    assert len(set(built)) == 2


def test_the_version_is_the_code_of_the_compiler() -> None:
    assert cache.compiler_digest() == cache.compiler_digest()
    assert len(cache.compiler_digest()) == 64


# ---------------------------------------------------------------- folders
def test_a_folder_that_cannot_be_made(built: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("EXCITABLE_CACHE", str(tmp_path / "file" / "deeper"))
    assert same(simulated())
    forget()
    assert same(simulated())
    assert len(built) == 2


@pytest.mark.parametrize("problem", [PermissionError, OSError])
def test_a_folder_that_cannot_be_written(
    problem: type[OSError], built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*more: object, **named: object) -> None:
        raise problem(28, "No space left on device")

    monkeypatch.setattr(cache.tempfile, "mkstemp", refuse)
    assert same(simulated())
    assert entries() == []
    monkeypatch.undo()


def test_a_disk_that_is_full_while_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.fdopen

    def full(handle: int, mode: str) -> object:
        opened(handle, mode).close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "fdopen", full)
    assert same(simulated())
    assert entries() == [], "nothing temporary is left behind"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be written by this user")
def test_a_folder_of_somebody_else(built: list[str]) -> None:
    cache.folder().mkdir(parents=True)
    cache.folder().chmod(0o500)
    assert same(simulated())
    cache.folder().chmod(0o700)
    assert entries() == []


def test_a_folder_that_disappears(built: list[str]) -> None:
    simulated()
    for entry in entries():
        entry.unlink()
    cache.folder().rmdir()
    forget()
    assert same(simulated())
    assert len(entries()) == 1


FOLDERS = {
    "linux": ("XDG_CACHE_HOME", "{0}/excitable/kernels"),
    "win32": ("LOCALAPPDATA", "{0}/excitable/kernels"),
}


@pytest.mark.parametrize("platform", FOLDERS)
def test_where_kernels_are_kept(platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    variable, expected = FOLDERS[platform]
    assert cache.folder() == tmp_path / "cache" / "kernels"
    monkeypatch.delenv("EXCITABLE_CACHE")
    monkeypatch.setattr(cache.sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert cache.folder() == Path(expected.format(tmp_path))
    monkeypatch.delenv(variable)
    monkeypatch.setattr(cache.Path, "home", lambda: tmp_path / "home")
    assert tmp_path / "home" in cache.folder().parents


def test_where_kernels_are_kept_on_a_mac(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("EXCITABLE_CACHE")
    monkeypatch.setattr(cache.sys, "platform", "darwin")
    monkeypatch.setattr(cache.Path, "home", lambda: tmp_path)
    assert cache.folder() == tmp_path / "Library" / "Caches" / "excitable" / "kernels"


def test_a_user_without_a_home(built: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("EXCITABLE_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(cache.Path, "home", homeless)
    assert same(simulated())
    assert len(built) == 1


# ---------------------------------------------------------------- several at once
PROGRAM = """
import sys
import numpy as np
import excitable as ex
cell = ex.paint(ex.Cell(ex.cable(200.0, 1.5), ex.per_branch(9)), ex.everywhere, ex.SquidSodium(), ex.Leak())
made = ex.run(cell, 5.0, dt=0.025, record=[ex.voltage(at=ex.root, label="v")])
sys.stdout.write(made.signals["v"].values.tobytes().hex())
"""


def test_several_processes_at_once(tmp_path: Path) -> None:
    environment = {**os.environ, "EXCITABLE_CACHE": str(tmp_path / "shared")}
    started = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(set(outputs)) == 1
    kept = list((tmp_path / "shared" / "kernels").iterdir())
    assert len(kept) == 1
    assert kept[0].read_bytes().startswith(cache.MAGIC)


def test_kernels_of_a_process_are_kept_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "KEPT", 2)
    made = planned(squid())
    kernels = [building.build(made.program, Shape(cells, (cells,))) for cells in (1, 2, 4)]
    assert list(building._ready.values()) == kernels[1:]
    assert building.build(made.program, Shape(2, (2,))) is kernels[1]
    assert building.build(made.program, Shape(1, (1,))) is not kernels[0]


# ---------------------------------------------------------------- LLVM
def test_text_that_llvm_refuses_is_our_bug() -> None:
    with pytest.raises(InternalError, match=r"(?s)LLVM refused a kernel: .*Please report this"):
        compile_text("define void @run() { return }")


def test_code_without_the_function_is_our_bug() -> None:
    with pytest.raises(InternalError, match="its function is not there"):
        load(compile_text("define void @walk() { ret void }"))


def test_a_kernel_can_be_read() -> None:
    text = building.assembly(planned(squid()).program, Shape(1, (1,)))
    assert "define void @run(" in text
    assert text.rstrip().endswith("}")
