"""Each of Meta's limits on a message: what just fits, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from pywa.errors import InvalidParameter
from pywa.types import Button, Section

from commands.whatsapp.stand_in import StandIn
from tests.commands.whatsapp.sending import Call, buttons, listing, one_row, rows, send

ACTION = "interactive.action"


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("x" * 4096, {}),
        ("x" * 1024, {"buttons": buttons("x" * 20, "y" * 20, "z" * 20)}),
        ("x", {"buttons": [Button("Ja", "i" * 256)], "header": "h" * 60, "footer": "f" * 60}),
        ("x" * 4096, {"buttons": listing(Section("s" * 24, rows(5)), Section("t", rows(5, identity="o")))}),
        ("x", {"buttons": one_row(title="t" * 24, description="d" * 72, callback_data="i" * 200)}),
        ("x", {"buttons": listing(Section("", rows(1)), button="k" * 20)}),
        ("x", {"tracker": "t" * 512}),
    ],
)
def test_what_just_fits_is_taken(graph: StandIn, call: Call, text: str, others: dict[str, Any]) -> None:
    send(call, text, **others)
    assert len(graph.sent) == 1
    assert graph.refusals == []


@pytest.mark.parametrize(
    ("field", "text", "others"),
    [
        ("text.body", "x" * 4097, {}),
        ("text.body", " ", {}),
        ("interactive.body.text", "x" * 1025, {"buttons": buttons("Ja")}),
        ("interactive.body.text", "x" * 4097, {"buttons": listing(Section("", rows(1)))}),
        (f"{ACTION}.buttons", "x", {"buttons": buttons("1", "2", "3", "4")}),
        (f"{ACTION}.buttons[0].reply.title", "x", {"buttons": buttons("x" * 21)}),
        (f"{ACTION}.buttons[1].reply.title", "x", {"buttons": buttons("Ja", "")}),
        (f"{ACTION}.buttons.reply.title", "x", {"buttons": buttons("Ja", "Ja")}),
        (f"{ACTION}.buttons.reply.id", "x", {"buttons": [Button("Ja", "i"), Button("Nee", "i")]}),
        (f"{ACTION}.buttons[0].reply.id", "x", {"buttons": [Button("Ja", "i" * 257)]}),
        (f"{ACTION}.buttons[0].reply.id", "x", {"buttons": [Button("Ja", " i")]}),
        (f"{ACTION}.button", "x", {"buttons": listing(Section("", rows(1)), button="k" * 21)}),
        (f"{ACTION}.sections", "x", {"buttons": listing()}),
        (
            f"{ACTION}.sections",
            "x",
            {"buttons": listing(Section("a", rows(6)), Section("b", rows(5, identity="o")))},
        ),
        (
            f"{ACTION}.sections",
            "x",
            {"buttons": listing(*[Section("a", rows(1, identity=f"{n}")) for n in range(11)])},
        ),
        (f"{ACTION}.sections[0].rows", "x", {"buttons": listing(Section("", rows(11)))}),
        (
            f"{ACTION}.sections[0].title",
            "x",
            {"buttons": listing(Section("", rows(1)), Section("b", rows(1, identity="o")))},
        ),
        (f"{ACTION}.sections[0].title", "x", {"buttons": listing(Section("s" * 25, rows(1)))}),
        (f"{ACTION}.sections[0].rows[0].title", "x", {"buttons": one_row(title="t" * 25)}),
        (
            f"{ACTION}.sections[0].rows[0].description",
            "x",
            {"buttons": one_row(description="d" * 73)},
        ),
        (f"{ACTION}.sections[0].rows[0].id", "x", {"buttons": one_row(callback_data="i" * 201)}),
        (
            f"{ACTION}.sections.rows.id",
            "x",
            {"buttons": listing(Section("a", rows(1)), Section("b", rows(1)))},
        ),
        ("interactive.header.text", "x", {"buttons": buttons("Ja"), "header": "h" * 61}),
        ("interactive.footer.text", "x", {"buttons": buttons("Ja"), "footer": "f" * 61}),
        ("biz_opaque_callback_data", "x", {"tracker": "t" * 513}),
    ],
)
def test_what_breaks_a_limit_is_refused(
    graph: StandIn, call: Call, field: str, text: str, others: dict[str, Any]
) -> None:
    with pytest.raises(InvalidParameter) as caught:
        send(call, text, **others)
    assert caught.value.status_code == 400
    assert caught.value.details is not None
    assert caught.value.details.startswith(f"{field} ")
    assert [refusal.details for refusal in graph.refusals] == [caught.value.details]
    assert graph.sent == []
