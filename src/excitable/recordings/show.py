"""How a recording looks at the prompt and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .signal import Signal, extent

if TYPE_CHECKING:
    from .recording import Recording

FACTS = (
    ("method", "{}"),
    ("dt", "dt {:g} ms"),
    ("compartments", "{} compartments"),
    ("temperature", "{:g} °C"),
    ("seconds", "took {:.3g} s"),
)


def escape(words: str) -> str:
    """`words` without anything that a browser takes for a tag (the standard one loads slowly)."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        words = words.replace(sign, entity)
    return words


def text(recording: Recording) -> str:
    """A few lines: how long, what is in it, how it was made, and whether it is whole."""
    rows = _rows(recording)
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    lines = [_headline(recording)]
    lines += ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
              + (f"  {row[3]}" if row[3] else "") for row in rows]  # fmt: skip
    if facts := _facts(recording):
        lines.append(f"  {facts}")
    return "\n".join(lines)


def html(recording: Recording) -> str:
    """The same lines as a table for a notebook; every text of the user is escaped."""
    head = "".join(f"<th style='text-align:left'>{name}</th>" for name in ("label", "unit", "range", "shape"))
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in _rows(recording)
    )
    return (
        f"<div><b>{escape(_headline(recording))}</b><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<small>{escape(_facts(recording))}</small></div>"
    )


def _headline(recording: Recording) -> str:
    time = recording.time
    span = f"{time[0]:g} to {time[-1]:g} ms" if time.size else "no time"
    parts = [f"Recording of {span}", f"{time.size} samples"]
    if recording.axes:
        sweep = " × ".join(f"{axis.name} {axis.size}" for axis in recording.axes)
        parts.append(f"{int(np.prod(recording.shape))} runs ({sweep})")
    if not recording.complete:
        stopped = "" if recording.stopped_at is None else f" at {recording.stopped_at:g} ms"
        parts.append(f"INCOMPLETE: stopped{stopped}")
    return ", ".join(parts)


def _rows(recording: Recording) -> list[tuple[str, str, str, str]]:
    rows = [
        (label, signal.unit, extent(signal.values).removeprefix(", "), _sizes(signal))
        for label, signal in recording.signals.items()
    ]
    for label, spikes in recording.spikes.items():
        total = int(spikes.count.sum())
        rows.append((label, "ms", f"{total} spike{'' if total == 1 else 's'}", ""))
    return rows


def _sizes(signal: Signal) -> str:
    if "place" not in signal.dims:
        return ""
    return f"{len(signal.places)} places"


def _facts(recording: Recording) -> str:
    known = recording.description
    words = [form.format(known[name]) for name, form in FACTS if known.get(name) is not None]
    return ", ".join("1 compartment" if each == "1 compartments" else each for each in words)
