"""Small articles as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = {
    "title": "Over RLS",
    "slug": "over-rls",
    "url": "/artikelen/over-rls",
    "published": "2024-01-02",
    "updated": "2024-09-06",
    "evidence": "officieel",
    "topics": "[rls, slaap]",
}
BODY = """
## Wat RLS is {#wat-is-rls}

RLS is een aandoening.

- een
- twee

bewijs: onderzoek
bron: Folder RLS, Ziekenhuis, 2024 https://voorbeeld.nl/rls
bron: Tweede folder https://voorbeeld.nl/twee
knop: RLS, wat is dat?
vragen:
- Wat is RLS?
- rls uitleg

## Wie RLS krijgt {#wie}

Iedereen kan RLS krijgen.

status: concept
"""


@pytest.fixture
def write_article(tmp_path: Path) -> Callable[..., Path]:
    """Write over-rls.md: a good head where only the given lines differ (None: left out), and a body."""

    def write(body: str = BODY, **changes: str | None) -> Path:
        head = [f"{name}: {value}" for name, value in {**HEAD, **changes}.items() if value is not None]
        path = tmp_path / "over-rls.md"
        path.write_text("\n".join(["---", *head, "---", body]), encoding="utf-8")
        return path

    return write
