"""Kernels on disk, in the user's own cache folder, found by the content of their program.

An entry that is damaged, from another processor or from another version is ignored and made again; a folder that cannot
be written is done without. An entry is machine code of this user's own programs: only the user can read or write the
folder, and a check sum finds accidents.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

MAGIC = b"excitable kernel 1\n"


def folder() -> Path:
    """Where kernels are kept: EXCITABLE_CACHE, or the place that the operating system has for caches.

    Raises RuntimeError where the user has no home; kernels are then not kept.
    """
    given = os.environ.get("EXCITABLE_CACHE")
    if given:
        return Path(given) / "kernels"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "excitable" / "kernels"
    variable, usual = ("LOCALAPPDATA", "AppData/Local") if sys.platform == "win32" else ("XDG_CACHE_HOME", ".cache")
    base = os.environ.get(variable)
    return (Path(base) if base else Path.home() / usual) / "excitable" / "kernels"


@cache
def compiler_digest() -> str:
    """Changes whenever the code that writes kernels does, so that no old kernel is taken for a new one."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def key(*parts: str) -> str:
    """The name of an entry."""
    return hashlib.sha256("\n".join((compiler_digest(), *parts)).encode()).hexdigest()


def look_up(name: str) -> tuple[bytes, dict[str, list[str]]] | None:
    """Object code and names of the table entries of a kernel, or None where there is no sound entry."""
    try:
        data = (folder() / name).read_bytes()
        if not data.startswith(MAGIC):
            return None
        digest, _, rest = data[len(MAGIC) :].partition(b"\n")
        if hashlib.sha256(rest).hexdigest().encode() != digest:
            return None
        head, _, code = rest.partition(b"\n")
        names = json.loads(head)
        return (code, names) if names.pop("key", "") == [name] else None
    except (OSError, ValueError, AttributeError, TypeError, RuntimeError):
        return None


def store(name: str, code: bytes, names: dict[str, list[str]]) -> None:
    """Keep a kernel. Written beside its place and moved there, so that a reader never meets half of it."""
    body = json.dumps({**names, "key": [name]}).encode() + b"\n" + code
    digest = hashlib.sha256(body).hexdigest().encode()
    with contextlib.suppress(OSError, RuntimeError):
        where = folder()
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=where)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(MAGIC + digest + b"\n" + body)
            Path(temporary).replace(where / name)
        except BaseException:
            Path(temporary).unlink()
            raise
