"""``kalm trial``: a candidate that answers line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.evaluation.local_bot import Session
from commands.trial import answer
from kalm import pointer
from kalm.reply import Kind
from kalm.settings import ROOT, settings
from review.guests.child import Child, command_for
from review.training.folders import folder_of

ID = "abcdef012345"


class StandIn:
    """A bot that says which conversation it is in."""

    def understand(self, text: str) -> str:
        if text == "fout":
            raise ValueError("mijn geheim")
        return text

    def say(self, understood: str, session: Session) -> dict[str, Any]:
        session.events.append({"text": understood})
        if understood == "hallo":
            return {"text": None, "custom": {}, "response": "utter_thank", "introduction": "Ik ben Kalm. "}
        return {"text": "voor wie leest", "custom": {"kind": "answer", "message": str(len(session.events))}}


def asked(session: str, text: str) -> bytes:
    return json.dumps({"session": session, "text": text}).encode()


def say(sessions: dict[str, Session], line: bytes) -> Any:
    return answer(StandIn(), sessions, line)  # type: ignore[arg-type]


def test_each_conversation_goes_on_by_itself() -> None:
    sessions: dict[str, Session] = {}
    said = [say(sessions, asked(name, "vraag")) for name in ("a", "a", "b")]
    assert [one["replies"][0]["custom"]["message"] for one in said] == ["1", "2", "1"]


def test_small_talk_has_the_words_of_the_domain() -> None:
    said = say({}, asked("a", "hallo"))
    assert said == {
        "replies": [{"text": "Ik ben Kalm. Graag gedaan. Wil je nog iets weten, vraag het gerust."}]
    }


def test_a_text_is_never_a_command_of_rasa() -> None:
    sessions: dict[str, Session] = {}
    say(sessions, asked("a", "/restart"))
    assert sessions["a"].events == [{"text": "restart"}]
    said = say(sessions, asked("a", "///"))
    assert said["replies"][0]["custom"]["disclaimer"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"geen JSON", "JSONDecodeError"),
        (b"[]", "TypeError"),
        (b'{"session": "a"}', "KeyError"),
        (asked("a", "fout"), "ValueError"),
    ],
)
def test_what_cannot_be_answered_is_told_without_words(line: bytes, error: str) -> None:
    assert say({}, line) == {"error": error}


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of this test alone, for the folders of candidates."""
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var"
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("candidate", "message"), [("../x", "there is no candidate"), (ID, "does not name a trained model")]
)
def test_without_a_candidate_it_says_so(var: Path, candidate: str, message: str) -> None:
    with subprocess.Popen(
        command_for(candidate),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.wait(120) == 1
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.read() == b""
        assert message in child.stderr.read().decode()


def test_a_real_candidate_answers_and_ends_with_the_web_app(var: Path) -> None:
    """With the release of this checkout, in a process of its own."""
    folder = folder_of(ID)
    folder.path.mkdir(parents=True)
    folder.view("models", pointer.current())
    child = Child(command_for(ID))
    try:
        child.wait_until_ready(300)
        (thanks,) = child.ask("a", "dankjewel", 60)
        (said,) = child.ask("a", "wat is rls", 60)
        assert "Graag gedaan." in thanks["text"]
        assert said["custom"]["kind"] == Kind.ANSWER.value
        assert said["custom"]["disclaimer"]
        (more,) = child.ask("a", "waar staat dat", 60)
        assert more["custom"]["kind"] == Kind.SOURCE.value
        (emergency,) = child.ask("b", "ik krijg geen lucht meer", 60)
        assert emergency["custom"]["kind"] == Kind.EMERGENCY.value
        child._process.stdin.close()  # type: ignore[union-attr]
        assert child._process.wait(30) == 0
    finally:
        child.end()
