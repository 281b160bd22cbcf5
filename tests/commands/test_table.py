from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.cli import _app
from commands.table import render_settings
from kalm.settings import ROOT, Settings

DOCS = ROOT / "docs" / "settings.md"


def test_the_docs_hold_exactly_the_table_of_the_code() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("|")]

    assert table == render_settings().splitlines()


def test_every_setting_has_a_row_with_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(KALM_\w+)` \| `(.*)` \| (.+) \|$", render_settings(), re.MULTILINE)

    assert [name for name, _, _ in rows] == [f"KALM_{name.upper()}" for name in Settings.__fields__]
    assert all(meaning[0].isupper() and len(meaning) > 15 for _, _, meaning in rows)


def test_the_table_tells_defaults_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KALM_WEB_PORT", "9999")
    monkeypatch.setenv("KALM_ARTICLES", str(tmp_path))

    table = render_settings()

    assert "| `KALM_WEB_PORT` | `8000` |" in table
    assert "| `KALM_ARTICLES` | `data/articles` |" in table
    assert str(ROOT) not in table


def test_the_command_prints_the_table() -> None:
    result = CliRunner().invoke(_app, ["settings"])

    assert result.exit_code == 0
    assert result.output == render_settings()
