"""The equations on the page of physics are the equations that run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "physics.md").read_text("utf-8")


def test_every_equation_on_the_page_is_what_its_function_returns() -> None:
    first = re.search(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert first is not None
    session: dict[str, Any] = {}
    exec(first[1], session)
    assert re.findall(r"^\$\$ (.*) \$\$$", PAGE, re.MULTILINE) == list(session["equations"].values())
