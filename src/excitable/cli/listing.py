"""`excitable list`: which preparations there are."""

from __future__ import annotations

import json

from ..library import PREPARATIONS
from .terminal import folded, say


def list_preparations(as_json: bool) -> int:
    """Print every preparation with its sentence and its paper."""
    if as_json:
        rows = [{"name": each.name, "summary": each.summary, "source": each.source} for each in PREPARATIONS]
        say(json.dumps(rows, ensure_ascii=True, indent=2))
        return 0
    for each in PREPARATIONS:
        say(each.name)
        say(folded(each.summary, "    "))
        say(folded(each.source, "    "))
        say()
    say(folded("Write 'excitable show NAME' for its equations, 'excitable run NAME' to carry it out, or "
               "'excitable run FILE.swc' for a neuron of your own."))  # fmt: skip
    return 0
