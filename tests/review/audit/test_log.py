from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from kalm.settings import ROOT
from review.audit.actions import ACTIONS, READING
from review.audit.details import NAMES, in_words
from review.audit.log import note
from review.audit.pages import AT_ONCE
from tests.review.conftest import Enter, Shop


def keep(shop: Shop, *lines: tuple[str, str, str]) -> None:
    with shop.database.writing() as connection:
        for member, action, subject in lines:
            note(connection, member, action, subject, time.time())


def test_one_can_leave_out_who_read_what_or_see_only_that(enter: Enter, shop: Shop) -> None:
    keep(shop, ("bea", "item.read", "11"), ("bea", "item.judge", "22"), ("bram", "case.read", "33"))
    hans = enter("hans")

    def shown(query: str) -> list[str]:
        page = hans.get(f"/logboek?{query}").text
        return [subject for subject in ("11", "22", "33") if f"<td>{subject}</td>" in page]

    assert shown("") == ["11", "22", "33"]
    assert shown("soort=gelezen") == ["11", "33"]
    assert shown("soort=gedaan") == ["22"]
    assert shown("soort=gelezen&wie=bram") == ["33"]
    assert shown("soort=onzin") == ["11", "22", "33"]


def test_older_lines_are_a_page_further_and_none_is_left_out(enter: Enter, shop: Shop) -> None:
    keep(shop, *(("bea", "item.read", f"nummer-{number}") for number in range(AT_ONCE + 20)))
    hans = enter("hans")
    page = hans.get("/logboek?wie=bea&soort=gelezen").text
    older = page.split('<a href="?')[1].split('"')[0].replace("&amp;", "&")
    following = hans.get(f"/logboek?{older}").text
    assert page.count("nummer-") == AT_ONCE
    assert following.count("nummer-") == 20
    assert "Ouder" not in following


@pytest.mark.parametrize("query", ["wie=%00", "voor=%00", "voor=²", "voor=" + "9" * 50, "wie=<script>"])
def test_nonsense_in_the_address_breaks_nothing(enter: Enter, query: str) -> None:
    answer = enter("hans").get(f"/logboek?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.split("<main")[1]


def test_details_are_told_in_dutch() -> None:
    said = in_words({"intent": "ask_product", "state": "judged", "number": 3, "version": 2})
    assert (
        said
        == "bedoeling: vraag over magnesium of een product, stand: wacht op tweede blik, aantal: 3, versie: 2"
    )


def test_every_detail_and_action_in_the_code_has_a_dutch_name() -> None:
    names: set[str] = set()
    for folder in ("review", "commands"):
        for path in (ROOT / folder).rglob("*.py"):
            names |= _details_in(path)
    assert names, "otherwise nothing was looked at"
    assert names <= NAMES.keys()
    assert set(READING) <= ACTIONS.keys()


def _details_in(path: Path) -> set[str]:
    """Names of keyword arguments with which something is kept in the audit log."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {
        keyword.arg
        for call in calls
        if _name(call) == "note" and _of_a_connection(call)
        for keyword in call.keywords
        if keyword.arg
    }


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _of_a_connection(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == "connection"
