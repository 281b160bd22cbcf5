from __future__ import annotations

import ast

from channels.whatsapp.inbound.kinds import Kind
from kalm.settings import ROOT

PAGE = (ROOT / "docs" / "whatsapp.md").read_text(encoding="utf-8")


def test_each_line_that_the_channel_logs_is_explained() -> None:
    events = [
        call.args[0].value
        for path in (ROOT / "channels" / "whatsapp").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).startswith("logs.")
        and isinstance(call.args[0], ast.Constant)
    ]
    assert len(events) > 15
    assert [event for event in events if f"`{event}`" not in PAGE] == []


def test_each_kind_of_message_is_in_the_table() -> None:
    table = PAGE.partition("## Kinds of messages")[2].partition("\n## ")[0]
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in table] == []
