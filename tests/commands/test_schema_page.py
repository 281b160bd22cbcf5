from __future__ import annotations

import re

from typer.testing import CliRunner

from commands.cli import _app
from commands.schema_page import render_schema
from kalm.settings import ROOT
from storage.schema import metadata

DOCS = ROOT / "docs" / "storage.md"


def test_the_docs_hold_exactly_what_the_code_says() -> None:
    found = re.search(r"<!-- schema -->\n(.*)<!-- /schema -->", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert found[1] == render_schema(), "run 'python -m kalm schema' and paste what it prints"


def test_each_column_is_in_the_picture_and_in_a_table() -> None:
    page = render_schema()
    for table in metadata.sorted_tables:
        assert f"    {table.name} {{" in page
        for column in table.c:
            assert page.count(f"| `{column.name}` |") >= 1
            assert re.search(rf"^        \w+ {column.name}\b", page, re.MULTILINE)


def test_the_command_prints_the_page() -> None:
    result = CliRunner().invoke(_app, ["schema"])
    assert (result.exit_code, result.output) == (0, render_schema())
