"""The demo's made-up team and conversations, without the model: a stand-in answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from commands.demo import filling
from commands.demo.filling import CONVERSATIONS, DEMO_TEAM, PASSWORD
from commands.evaluation.local_bot import Understood
from kalm.settings import ROOT, settings
from review.access import members
from storage.database import Database
from storage.migrate import migrate
from storage.schema import feedback, messages

RunApp = Callable[..., tuple[int, str, str]]


class StandIn:
    """Understands everything as one question, and answers it."""

    def understand(self, text: str) -> Understood:
        ranking = [{"name": "ask_rls", "confidence": 0.8}, {"name": "ask_treatment", "confidence": 0.1}]
        message = {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": []}
        return Understood("ask_rls", {"ask_rls": 0.8}, message)

    def say(self, understood: Understood, session: object) -> dict[str, Any]:
        if understood.message["text"] == "dankjewel":
            return {"response": "utter_thank"}
        return {"custom": {"kind": "answer", "passages": []}}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path))
    monkeypatch.delenv("KALM_DATABASE", raising=False)
    settings.cache_clear()
    migrate(settings().database_url)
    database = Database(settings().database_url)
    yield database
    database.close()
    settings.cache_clear()


def said() -> list[str]:
    return [
        line["text"] if isinstance(line, dict) else line
        for conversation in yaml.safe_load(CONVERSATIONS.read_text(encoding="utf-8"))
        for line in conversation["said"]
    ]


def normalised(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def test_nothing_is_taken_from_what_kalm_is_measured_on() -> None:
    measured = {
        normalised(text)
        for path in (ROOT / "tests" / "data").rglob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        for text in [json.loads(line).get("text", "")]
    }
    assert len(measured) > 500
    # Greetings and thanks are short enough to be typed by everybody.
    assert {text for text in said() if normalised(text) in measured and len(text.split()) > 3} == set()


def test_the_demo_has_a_team_and_conversations_and_is_filled_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.evaluation.local_bot.LocalBot", StandIn)
    filling.fill()
    filling.fill()
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(messages)) == len(said())
        assert connection.scalar(sa.select(sa.func.count()).select_from(feedback)) > 5
        thanked = connection.execute(messages.select().where(messages.c.text == "dankjewel")).one()
        first = connection.execute(messages.select().where(messages.c.text == "helpen steunkousen")).one()
    assert thanked.reply == [{"text": "Graag gedaan. Wil je nog iets weten, vraag het gerust."}]
    assert first.understood["ranking"][0] == ["ask_rls", 0.8]
    for name in DEMO_TEAM:
        assert members.log_in(database, name, PASSWORD, 1).member is not None


@pytest.mark.parametrize(
    ("name", "value"), [("KALM_HOST", "0.0.0.0"), ("KALM_DATABASE", "postgresql://localhost/kalm")]
)
def test_nobody_elsewhere_gets_in_and_no_real_database_is_filled(
    run_app: RunApp, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    code, _, complaint = run_app("demo")
    settings.cache_clear()
    assert code == 1
    assert name in complaint
