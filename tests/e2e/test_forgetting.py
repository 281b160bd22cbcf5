"""Forgetting a conversation over REST: nothing of it is left in any table, file or log within a minute."""

from __future__ import annotations

import os
import re
import secrets
import string
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from commands.environment import rasa_environment
from kalm.privacy.receipts import RECEIPT
from kalm.sentences import sentences
from kalm.settings import ROOT
from storage.schema import erasures, metadata
from tests.e2e.conftest import Servers, Visitor
from tests.e2e.test_storage import own_settings, rows

__all__ = ["own_settings"]  # the fixture
pytestmark = pytest.mark.e2e
A_MINUTE = 60


class Canary:
    """Someone who tells something that can be found again."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        # Without digits: among those of a random number may be a burgerservicenummer, which is masked.
        self.word = "kanarie" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))
        self.visitor = Visitor(servers, sender=f"afzender-{self.word}")

    def talk(self) -> None:
        """An answer, a judgement, a person, and small talk: a row in each table."""
        self.visitor.say(f"mijn {self.word} heeft rusteloze benen, wat is dat?")
        for question in ("wat is ferritine?", "is rls erfelijk", "waar zit ijzer in"):
            if self.visitor.ask(question)["question"]:
                break
        self.visitor.say("ja")
        self.visitor.say("ik wil een medewerker spreken")

    def places(self) -> list[str]:
        """Tables and files in which the canary is found."""
        tables = [
            table.name
            for table in metadata.sorted_tables
            if any(self.word in repr(tuple(row)) for row in rows(table.select()))
        ]
        files = [
            str(path)
            for path in (*self.servers.logs.rglob("*"), *(ROOT / "var").rglob("*"))
            if path.is_file() and self.word.encode() in path.read_bytes()
        ]
        return tables + files

    def wait_until_gone(self) -> None:
        deadline = time.monotonic() + A_MINUTE
        while self.places() and time.monotonic() < deadline:
            time.sleep(1)
        assert self.places() == []


@pytest.fixture
def canary(servers: Servers) -> Canary:
    found = Canary(servers)
    found.talk()
    places = found.places()
    assert {"events", "messages"} <= set(places)
    assert any("kalm.db" in place for place in places), "it is in no file, so nothing is proven"
    return found


@pytest.fixture
def bystander(servers: Servers) -> Iterator[Canary]:
    found = Canary(servers)
    found.talk()
    before = found.places()
    yield found
    # The inbox of the team may have taken it in meanwhile.
    assert {place for place in before if "/" not in place} <= {
        place for place in found.places() if "/" not in place
    }


def test_forget_me_asks_once_and_then_nothing_is_left(canary: Canary, bystander: Canary) -> None:
    asked = canary.visitor.ask("vergeet mij")
    assert asked["kind"] == "privacy"
    assert asked["message"] == sentences().forget
    assert [offer["payload"] for offer in asked["suggestions"]] == [
        sentences().forget_yes,
        sentences().forget_no,
    ]
    erased = canary.visitor.ask(asked["suggestions"][0]["payload"])
    receipt = RECEIPT.search(erased["text"])
    assert receipt is not None
    canary.wait_until_gone()
    deadline = time.monotonic() + A_MINUTE
    while True:
        (row,) = rows(sa.select(erasures).where(erasures.c.receipt == receipt[0]))
        if row.cleaned_at is not None:  # noted just after the files are clean
            break
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert row.asked_by == "visitor"
    assert canary.places() == []
    assert canary.visitor.ask("waar hadden we het over?")["kind"] != "failure"


def test_a_no_keeps_everything(servers: Servers, bystander: Canary) -> None:
    bystander.visitor.ask("wis mijn gegevens")
    assert bystander.visitor.ask("nee")["message"] == sentences().forget_kept


@pytest.mark.parametrize("by", ["number", "sender"])
def test_the_shop_can_forget_a_conversation_while_kalm_runs(
    servers: Servers, canary: Canary, bystander: Canary, by: str
) -> None:
    conversation_id = next(
        row.conversation_id for row in rows(metadata.tables["messages"].select()) if canary.word in row.text
    )
    how = {
        "number": [conversation_id[:16]],
        "sender": ["--kanaal", "rest", "--afzender", canary.visitor.sender],
    }
    done = subprocess.run(
        [sys.executable, "-m", "kalm", "forget", *how[by], "--ja"],
        cwd=ROOT,
        env={**os.environ, **rasa_environment()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(RECEIPT, done.stdout)
    canary.wait_until_gone()
    canary.visitor.say("ben ik er nog?")
    assert canary.places() == []
