"""What Prometheus reads of the real servers, while visitors and strangers ask and the database goes."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from storage.database import Database
from storage.inbox import Received, State, insert
from tests.e2e.conftest import Servers, Visitor, running_servers

pytestmark = pytest.mark.e2e

TOKEN = "een-lang-geheim-van-de-proef"

SCRAPE_TIMEOUT = 10.0
"""Seconds after which Prometheus gives up, unless it is told otherwise."""

WHATSAPP = {
    "KALM_WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
    "KALM_WHATSAPP_ACCESS_TOKEN": "proef",
    "KALM_WHATSAPP_APP_SECRET": "proef",
    "KALM_WHATSAPP_VERIFY_TOKEN": "proef",
    "KALM_WHATSAPP_GRAPH_URL": "http://127.0.0.1:9",  # nothing is sent
}


@pytest.fixture(scope="module")
def metered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    environment = {"KALM_METRICS_TOKEN": TOKEN, **WHATSAPP}
    with running_servers(tmp_path_factory.mktemp("metered"), environment) as running:
        yield running


def samples(url: str) -> dict[str, float]:
    answer = httpx.get(f"{url}/metrics", timeout=30)
    assert answer.status_code == 200, answer.text
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def moved(url: str, do: Callable[[], object]) -> dict[str, float]:
    """What do() added to the counters of a server."""
    before = samples(url)
    do()
    after = samples(url)
    return {
        name: value - before.get(name, 0)
        for name, value in after.items()
        if value != before.get(name, 0) and name.startswith(("kalm_", "process_cpu"))
    }


def urls(servers: Servers) -> tuple[str, ...]:
    return servers.bot_url, servers.actions_url, servers.web_url


def test_an_answer_counts_at_the_bot_and_at_the_action_server(metered: Servers) -> None:
    acted: dict[str, float] = {}

    def ask() -> None:
        acted.update(moved(metered.actions_url, lambda: Visitor(metered).ask("Wat zijn rusteloze benen?")))

    told = moved(metered.bot_url, ask)
    assert told["kalm_replies_total rest answer"] == 1
    assert told["kalm_answer_seconds_count rest"] == 1
    assert 0 < told["kalm_answer_seconds_sum rest"] < 30
    assert acted["kalm_action_seconds_count action_answer_question"] == 1
    assert 0 < acted["kalm_action_seconds_sum action_answer_question"] < told["kalm_answer_seconds_sum rest"]


def test_danger_and_small_talk_are_kinds_of_their_own(metered: Servers) -> None:
    visitor = Visitor(metered)
    told = moved(metered.bot_url, lambda: [visitor.say("hoi"), visitor.ask("ik heb ineens pijn op de borst")])
    assert told["kalm_replies_total rest small_talk"] == 1
    assert told["kalm_replies_total rest emergency"] == 1


def test_each_refusal_counts(metered: Servers) -> None:
    bot = metered.bot_url

    def be_refused() -> None:
        large = {"sender": "a", "message": "a" * 20_000}
        assert httpx.post(f"{bot}/webhooks/rest/webhook", json=large, timeout=30).status_code == 413
        assert httpx.get(f"{bot}/webhooks/website/messages", timeout=30).status_code == 401
        stranger = {"Origin": "https://elders.example"}
        assert (
            httpx.get(f"{bot}/webhooks/website/configuration", headers=stranger, timeout=30).status_code
            == 403
        )
        assert httpx.post(f"{bot}/webhooks/whatsapp/webhook", json={}, timeout=30).status_code == 401

    told = moved(bot, be_refused)
    assert {name: told.get(name) for name in told if name.startswith("kalm_refusals")} == {
        "kalm_refusals_total rest too_large": 1,
        "kalm_refusals_total website token": 1,
        "kalm_refusals_total website origin": 1,
        "kalm_refusals_total whatsapp signature": 1,
    }


def test_a_visitor_who_floods_is_counted(metered: Servers) -> None:
    def flood() -> None:
        statuses = [
            httpx.post(
                f"{metered.bot_url}/webhooks/website/session", json={"consent": "x"}, timeout=30
            ).status_code
            for _ in range(80)
        ]
        assert 429 in statuses

    assert moved(metered.bot_url, flood)["kalm_refusals_total website rate"] > 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_stranger_behind_a_proxy_reads_nothing_without_the_token(metered: Servers, header: str) -> None:
    for url in urls(metered):
        for forged in ("203.0.113.7", "127.0.0.1"):
            refused = httpx.get(f"{url}/metrics", headers={header: forged}, timeout=30)
            assert (refused.status_code, "kalm_" in refused.text) == (401, False)
            wrong = {header: forged, "Authorization": f"Bearer {TOKEN}x"}
            assert httpx.get(f"{url}/metrics", headers=wrong, timeout=30).status_code == 401
            right = {header: forged, "Authorization": f"Bearer {TOKEN}"}
            assert "process_cpu_seconds_total" in httpx.get(f"{url}/metrics", headers=right, timeout=30).text


def test_a_page_of_another_site_reads_nothing(metered: Servers) -> None:
    for url in urls(metered):
        answer = httpx.get(f"{url}/metrics", headers={"Origin": "https://elders.example"}, timeout=30)
        assert (answer.status_code, "kalm_" in answer.text) == (401, False)


def test_each_server_tells_of_itself_and_of_the_release(metered: Servers) -> None:
    for url in urls(metered):
        found = samples(url)
        assert found["process_resident_memory_bytes"] > 20e6
        assert any(name.startswith("kalm_release_info index-") for name in found)
        assert 0 < found["kalm_release_live_timestamp_seconds"] <= time.time()


def test_what_waits_on_whatsapp_is_told(metered: Servers) -> None:
    address = f"sqlite:///{metered.var / 'kalm.db'}"
    database = Database(address)
    message = Received(
        f"wamid.{uuid.uuid4().hex}",
        "a" * 64,
        {"phone": "31600000001"},
        time.time() - 90,
        "text",
        "x",
        "",
        False,
    )
    before = samples(metered.bot_url)["kalm_whatsapp_messages held"]
    with database.writing() as connection:
        insert(connection, message, State.HELD)
    database.close()
    for url in (metered.bot_url, metered.web_url):
        found = samples(url)
        assert found["kalm_store_up"] == 1
        assert found["kalm_whatsapp_messages held"] == before + 1
        assert 90 <= found["kalm_whatsapp_oldest_seconds held"] < 150


def test_a_database_that_is_gone_is_told_quickly_and_its_errors_count(metered: Servers) -> None:
    path = metered.var / "kalm.db"
    away = path.with_name("away.db")
    before = samples(metered.bot_url)
    path.rename(away)
    try:
        assert Visitor(metered).ask("Wat zijn rusteloze benen?")["kind"] == "failure"
        for url in (metered.bot_url, metered.web_url):
            began = time.monotonic()
            found = samples(url)
            assert time.monotonic() - began < SCRAPE_TIMEOUT
            assert found["kalm_store_up"] == 0
            assert not any(name.startswith("kalm_whatsapp") for name in found)
        found = samples(metered.bot_url)
        assert found["kalm_replies_total rest failure"] == before["kalm_replies_total rest failure"] + 1
        assert found["kalm_store_errors_total"] > before["kalm_store_errors_total"]
        assert "kalm_store_up" not in samples(metered.actions_url)
    finally:
        away.rename(path)
    assert samples(metered.bot_url)["kalm_store_up"] == 1


def test_nothing_that_a_visitor_types_or_sends_is_told(metered: Servers) -> None:
    visitor = Visitor(metered, "kanariepiet-afzender")
    visitor.ask("kanariepiet heeft kriebels, wat is ferritine?")
    httpx.post(f"{metered.bot_url}/webhooks/kanariepiet/webhook", json={"x": "kanariepiet"}, timeout=30)
    httpx.get(f"{metered.web_url}/kanariepiet", timeout=30)
    httpx.post(f"{metered.actions_url}/webhook", json={"next_action": "kanariepiet"}, timeout=30)
    for url in urls(metered):
        assert "kanariepiet" not in httpx.get(f"{url}/metrics", timeout=30).text.lower()
