"""How the servers are started by themselves, as in containers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from commands import serve
from kalm import logs
from kalm.embedding import EmbedderError
from kalm.settings import ROOT, settings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KALM_MODELS", str(tmp_path))
    monkeypatch.setattr(logs, "configure", lambda name: None)
    # What a server puts into its environment must not stay for other tests.
    monkeypatch.setattr(serve, "rasa_environment", dict)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def start(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["serve", *arguments])
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    serve.main()


def test_the_bot_takes_the_current_model(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(serve, "serve_bot", lambda *arguments: started.append(arguments))
    (here / "kalm-1.tar.gz").touch()
    (here / "index-1").mkdir()
    (here / "release.json").write_text(json.dumps({"model": "kalm-1.tar.gz", "index": "index-1"}))

    start(monkeypatch, "bot")
    start(monkeypatch, "bot", "--model", "another.tar.gz")

    assert started == [(here / "kalm-1.tar.gz", None, None), (Path("another.tar.gz"), None, None)]


def test_without_a_model_the_bot_says_what_to_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="make train"):
        start(monkeypatch, "bot")


@pytest.mark.parametrize("server", ["bot", "actions"])
def test_no_server_opens_with_a_sentence_model_that_does_not_work(
    here: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    def broken() -> None:
        raise EmbedderError(RuntimeError("no such instruction"))

    monkeypatch.setattr(serve, "embed_once", broken)
    monkeypatch.setattr(serve, "_refuse_without_database", lambda: None)
    monkeypatch.setattr(serve, "_serve", pytest.fail)
    (here / "kalm-1.tar.gz").touch()
    more = ["--model", str(here / "kalm-1.tar.gz")] if server == "bot" else []
    with pytest.raises(SystemExit, match="sentence model cannot be used"):
        start(monkeypatch, server, *more)


def test_the_action_server_listens_where_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    listens: list[tuple[Any, ...]] = []
    monkeypatch.setattr(serve, "_serve", lambda app, *where: listens.append(where))
    monkeypatch.setattr("rasa_sdk.endpoint.create_app", MagicMock())
    monkeypatch.setattr("commands.metering.meter_actions", MagicMock())
    for host in (None, "actions"):
        if host:
            monkeypatch.setenv("KALM_ACTIONS_HOST", host)
        settings.cache_clear()
        serve.serve_actions()
    settings.cache_clear()

    assert [where[:2] for where in listens] == [("127.0.0.1", 5055), ("actions", 5055)]


def test_the_bot_asks_the_action_server_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.utils import AvailableEndpoints

    monkeypatch.setenv("KALM_ACTIONS_HOST", "actions")
    settings.cache_clear()
    for name, value in settings().environment().items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()

    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))

    assert endpoints.action.url == "http://actions:5055/webhook"


def test_a_server_opens_once_what_it_loaded_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(serve, "pass_over_what_is_loaded", lambda: done.append("passed over"))
    monkeypatch.setattr(serve, "forget_texts_often", lambda: done.append("forgets"))
    monkeypatch.setattr(logs, "open_for_visitors", lambda port: done.append(f"open at {port}"))
    asyncio.run(serve._open(5005, MagicMock(), MagicMock()))
    assert done == ["passed over", "forgets", "open at 5005"]
