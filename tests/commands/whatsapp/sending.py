"""Sends with pywa's client, with as many buttons and rows as a test wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pywa.types import Button, Section, SectionList, SectionRow

ANNA, BERT, USER_ID = "31600000001", "31600000002", "NL.1234567890"

Call = Callable[..., Any]


def send(call: Call, text: str = "hallo", to: str = ANNA, timeout: float = 5, **others: Any) -> Any:
    return call(lambda client: client.send_message(to=to, text=text, **others), timeout=timeout)


def buttons(*titles: str) -> list[Button]:
    return [Button(title=title, callback_data=f"id {number}") for number, title in enumerate(titles)]


def rows(count: int, title: str = "Rij", identity: str = "r", **others: str) -> list[SectionRow]:
    return [SectionRow(title=title, callback_data=f"{identity}{n}", **others) for n in range(count)]


def listing(*sections: Section, button: str = "Kies") -> SectionList:
    return SectionList(button_title=button, sections=sections)


def one_row(**fields: str) -> SectionList:
    return listing(Section("", [SectionRow(**{"title": "Rij", "callback_data": "r", **fields})]))
