"""What the stand-in tells afterwards of what it took."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commands.whatsapp import statuses
from commands.whatsapp.serving import serving_app
from commands.whatsapp.stand_in import StandIn
from tests.commands.whatsapp.sending import ANNA, USER_ID, Call, send

Came = list[tuple[dict[str, Any], bool]]
"""Statuses, each with whether its signature was right."""


@pytest.fixture
def told() -> Iterator[tuple[str, Came]]:
    """The address of a webhook, and what came there."""
    came: Came = []

    async def take(request: Request) -> Response:
        body = await request.body()
        right = f"sha256={hmac.new(b'a secret', body, hashlib.sha256).hexdigest()}"
        value = json.loads(body)["entry"][0]["changes"][0]["value"]
        came.append((value["statuses"][0], request.headers["X-Hub-Signature-256"] == right))
        return Response()

    with serving_app(Starlette(routes=[Route("/webhook", take, methods=["POST"])])) as address:
        yield f"{address}/webhook", came


def test_statuses_are_signed_and_tell_whose_message_it_was(
    graph: StandIn, call: Call, told: tuple[str, Came]
) -> None:
    address, came = told
    reporter = graph.report_statuses(address, "a secret")
    send(call, tracker="spoor 1")
    send(call, to=USER_ID)
    graph.stop_reporting()
    assert reporter.answers == [200, 200, 200, 200]
    assert all(right for _, right in came)
    statuses = [status for status, _ in came]
    assert [status["status"] for status in statuses] == ["sent", "delivered"] * 2
    assert (statuses[0]["id"], statuses[0]["recipient_id"]) == (graph.sent[0].id, ANNA)
    assert statuses[0]["biz_opaque_callback_data"] == "spoor 1"
    assert (statuses[0]["conversation"]["origin"], statuses[0]["pricing"]["billable"]) == (
        {"type": "service"},
        False,
    )
    assert (statuses[2]["recipient_user_id"], "recipient_id" in statuses[2]) == (USER_ID, False)


def test_a_message_that_was_taken_may_fail_later(graph: StandIn, call: Call, told: tuple[str, Came]) -> None:
    address, came = told
    graph.report_statuses(address, "a secret")
    graph.late = True
    graph.not_on_whatsapp.add(ANNA)
    identity = send(call).id
    graph.stop_reporting()
    ((status, _),) = came
    assert (status["id"], status["status"], status["errors"][0]["code"]) == (identity, "failed", 131026)


def test_a_slow_webhook_does_not_hold_up_the_answer(graph: StandIn, call: Call) -> None:
    answered = Event()

    async def take(request: Request) -> Response:
        await asyncio.to_thread(answered.wait, 10)
        return Response()

    with serving_app(Starlette(routes=[Route("/webhook", take, methods=["POST"])])) as address:
        reporter = graph.report_statuses(f"{address}/webhook", "a secret")
        send(call, timeout=2)
        assert reporter.answers == []
        answered.set()
        graph.stop_reporting()
    assert reporter.answers == [200, 200]


def test_a_webhook_that_is_away_is_noted(graph: StandIn, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statuses, "_AGAIN_AFTER", 60.0)
    reporter = graph.report_statuses("http://127.0.0.1:1/webhook", "a secret")
    send(call)
    graph.stop_reporting()
    assert reporter.answers == [0, 0]
