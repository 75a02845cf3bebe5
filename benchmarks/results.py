"""Where results are kept: raw JSON lines below a head that says what, when and where; one published file a plan."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report import Line, machine

FOLDER = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True)
class Published:
    """The head of a file of results and its lines."""

    head: Line
    lines: list[Line]

    @property
    def clock(self) -> str:
        return str(self.head.get("clock", "wall"))


def published(plan: str) -> Published | None:
    """The published results of a plan, if there are any."""
    path = FOLDER / f"{plan}.jsonl"
    return read(path) if path.is_file() else None


def read(path: Path) -> Published:
    """A file of results."""
    head, *lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return Published(head, lines)


def keep(plan: str, lines: Iterable[Line], publish: bool, **about: Any) -> tuple[Path, list[Line]]:
    """Write lines as they come, and return them with the path of the file. An interrupt ends it and keeps what came.

    What is published appears only when it is whole.
    """
    now = datetime.datetime.now()
    folder = FOLDER if publish else FOLDER / "local"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (f"{plan}.jsonl" if publish else f"{now:%Y%m%d-%H%M%S}-{plan}.jsonl")
    growing = path.with_suffix(".part")
    kept: list[Line] = []
    with growing.open("w", encoding="utf-8") as file, contextlib.suppress(KeyboardInterrupt):
        for line in heading({"plan": plan, "time": f"{now:%Y-%m-%d %H:%M}", **about, "machine": machine()}, lines):
            print(json.dumps(line), file=file, flush=True)
            kept.append(line)
    growing.replace(path)
    return path, kept[1:]


def heading(head: Line, lines: Iterable[Line]) -> Iterator[Line]:
    yield head
    yield from lines
