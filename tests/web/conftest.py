"""The web app without the other servers, with and without a chat element."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from kalm.settings import settings
from web import create_app

SCRIPT = "customElements.define('kalm-chat', class extends HTMLElement {});\n" * 50


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("gone", request=request)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(httpx.AsyncClient(transport=httpx.MockTransport(refuse)))) as client:
        yield client


@pytest.fixture
def no_element(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the chat element would be; it is not, as on a machine without Node."""
    path = tmp_path / "dist" / "kalm.js"
    monkeypatch.setattr("web.chat_element.BUILT", path)
    return path


@pytest.fixture
def element(no_element: Path) -> Path:
    """A chat element that was built."""
    no_element.parent.mkdir()
    no_element.write_text(SCRIPT, encoding="utf-8")
    return no_element


@pytest.fixture
def no_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of articles that holds one which cannot be read."""
    (tmp_path / "kapot.md").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("KALM_ARTICLES", str(tmp_path))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
