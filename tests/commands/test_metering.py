"""Counting on a real Sanic, in a process of its own: the log cannot be set up in that of the tests."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kalm.settings import ROOT
from storage.migrate import migrate

SERVER = """
import socket, sys
from sanic import Sanic, response
from sanic.exceptions import SanicException
from commands.metering import meter_actions, meter_bot
from kalm import logs
from storage.database import Database

kind, address, descriptor = sys.argv[1:]
logs.configure(kind)
app = Sanic("metered", configure_logging=False)
meter_bot(app, Database(address)) if kind == "bot" else meter_actions(app)

@app.route("/webhooks/<channel>/<path:path>", methods=["GET", "POST", "DELETE"])
async def refuse(request, channel, path):
    return response.text("no", status=int(request.args["status"][0]))

@app.post("/webhook")
async def act(request):
    return response.json({})

@app.get("/raised")
async def raised(request):
    raise SanicException("no", status_code=429)

@app.listener("after_server_start")
async def ready(app, loop):
    print("open", flush=True)

app.run(sock=socket.socket(fileno=int(descriptor)), access_log=False, motd=False)
"""


def serve(kind: str, folder: Path) -> Iterator[str]:
    address = f"sqlite:///{folder / 'kalm.db'}"
    migrate(address)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, kind, address, str(listening.fileno())],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[listening.fileno()],
            text=True,
        )
        try:
            assert process.stdout is not None
            assert any(line == "open\n" for line in process.stdout)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve("bot", tmp_path_factory.mktemp("bot"))


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve("actions", tmp_path_factory.mktemp("actions"))


def samples(url: str) -> dict[str, float]:
    answer = httpx.get(f"{url}/metrics")
    assert answer.status_code == 200, answer.text
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "counted"),
    [
        ("POST", "/webhooks/rest/webhook", 413, "rest too_large"),
        ("POST", "/webhooks/rest/webhook", 400, "rest malformed"),
        ("POST", "/webhooks/rest/webhook", 401, "rest token"),
        ("POST", "/webhooks/rest/webhook", 403, "rest token"),
        ("POST", "/webhooks/website/messages", 429, "website rate"),
        ("POST", "/webhooks/website/messages", 401, "website token"),
        ("POST", "/webhooks/website/messages", 403, "website origin"),
        ("POST", "/webhooks/website/messages", 422, "website malformed"),
        ("POST", "/webhooks/whatsapp/webhook", 401, "whatsapp signature"),
        ("POST", "/webhooks/whatsapp/webhook", 403, "whatsapp signature"),
        ("GET", "/webhooks/whatsapp/webhook", 403, "whatsapp token"),
        ("POST", "/webhooks/kriebels%20in%20mijn%20been/x", 413, "other too_large"),
        ("POST", "/webhooks/%F0%9F%98%80/x", 413, "other too_large"),
    ],
)
def test_each_refusal_counts_by_channel_and_reason(
    bot: str, method: str, path: str, status: int, counted: str
) -> None:
    name = f"kalm_refusals_total {counted}"
    before = samples(bot)[name]
    assert httpx.request(method, f"{bot}{path}?status={status}").status_code == status
    after = samples(bot)
    assert after[name] == before + 1
    assert "kriebels" not in json.dumps(after)


@pytest.mark.parametrize("status", [200, 204, 404, 409, 500, 503])
def test_what_is_no_refusal_counts_for_none(bot: str, status: int) -> None:
    before = refusals(bot)
    httpx.post(f"{bot}/webhooks/rest/webhook?status={status}")
    assert refusals(bot) == before


def test_what_an_error_refuses_counts_too(bot: str) -> None:
    before = samples(bot)["kalm_refusals_total other rate"]
    assert httpx.get(f"{bot}/raised").status_code == 429
    assert samples(bot)["kalm_refusals_total other rate"] == before + 1


def test_who_may_not_read_the_metrics_is_counted(bot: str) -> None:
    before = samples(bot)["kalm_refusals_total metrics token"]
    answer = httpx.get(f"{bot}/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert (answer.status_code, "kalm_" in answer.text) == (401, False)
    assert samples(bot)["kalm_refusals_total metrics token"] == before + 1


def test_the_metrics_are_read_and_nothing_else(bot: str) -> None:
    assert httpx.post(f"{bot}/metrics").status_code == 405
    assert httpx.get(f"{bot}/metrics").headers["cache-control"] == "no-store"


def refusals(url: str) -> dict[str, float]:
    return {name: value for name, value in samples(url).items() if name.startswith("kalm_refusals")}


def test_an_action_counts_by_its_name_and_time(actions: str) -> None:
    httpx.post(f"{actions}/webhook", json={"next_action": "action_answer_question"})
    found = samples(actions)
    assert found["kalm_action_seconds_count action_answer_question"] == 1
    assert 0 < found["kalm_action_seconds_sum action_answer_question"] < 5


@pytest.mark.parametrize(
    "body", [b'{"next_action": "kriebels"}', b"[1]", b"", b"geen json", b"\xff", b'{"a": 1}']
)
def test_an_action_that_nobody_knows_counts_as_other(actions: str, body: bytes) -> None:
    before = samples(actions).get("kalm_action_seconds_count other", 0)
    assert httpx.post(f"{actions}/webhook", content=body).status_code == 200
    after = samples(actions)
    assert after["kalm_action_seconds_count other"] == before + 1
    assert "kriebels" not in json.dumps(after)
