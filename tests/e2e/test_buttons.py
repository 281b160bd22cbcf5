"""Every question Kalm may put on a button is answered by the passage it belongs to."""

from __future__ import annotations

import pytest

from kalm.articles import passages, read_articles
from kalm.sentences import sentences
from kalm.settings import ROOT
from tests.e2e.conftest import Servers, Visitor

pytestmark = pytest.mark.e2e


def test_every_button_leads_to_its_passage(servers: Servers) -> None:
    wrong = {}
    for passage in passages(read_articles(ROOT / "data" / "articles")):
        replies = Visitor(servers).say(passage.questions[0])
        payload = replies[-1].get("custom", {})
        shown = [found["id"] for found in payload.get("passages", [])]
        if payload.get("kind") != "answer" or shown[:1] != [passage.id]:
            wrong[passage.questions[0]] = (passage.id, payload.get("kind"), shown)
    assert wrong == {}


def test_the_starters_are_answered(servers: Servers) -> None:
    for starter in sentences().starters:
        assert Visitor(servers).ask(starter)["kind"] == "answer"
