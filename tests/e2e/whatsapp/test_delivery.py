"""What becomes of a reply when Meta, the network or the bot does not do what it should."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from commands.whatsapp import faults, webhooks
from kalm.sentences import sentences
from storage.schema import whatsapp_inbox, whatsapp_sent
from tests.channels.whatsapp.payloads import signed, webhook
from tests.e2e.conftest import free_ports, wait_for_bot
from tests.e2e.whatsapp.phone import HEADING, QUESTION, SECRET, Meta, Phone

pytestmark = pytest.mark.e2e

UNSURE = 22.0
"""Seconds after which a reply that may have been sent is sent again."""


def reason(meta: Meta) -> set[tuple[str, str]]:
    """State and reason of what is left in the inbox."""
    with meta.database.reading() as connection:
        return {
            tuple(row)
            for row in connection.execute(sa.select(whatsapp_inbox.c.state, whatsapp_inbox.c.reason))
        }


def statuses(meta: Meta, sent: Any) -> list[tuple[str, int]]:
    """What is known of a message that was sent."""
    with meta.database.reading() as connection:
        rows = connection.execute(
            sa.select(whatsapp_sent.c.status, whatsapp_sent.c.error).where(
                whatsapp_sent.c.reply_id == sent.tracker
            )
        )
        return [tuple(row) for row in rows]


def eventually(holds: Callable[[], bool], patience: float = 20.0) -> bool:
    deadline = time.monotonic() + patience
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    return holds()


@pytest.mark.parametrize(
    "fault",
    [
        faults.error(131056),
        faults.error(130429),
        faults.error(131000),
        faults.error(131016, status=503),
    ],
    ids=["pair limit", "number limit", "server error", "server error 503"],
)
def test_what_passes_is_waited_for_and_then_sent_once(visitor: Phone, fault: faults.Fault) -> None:
    visitor.meta.graph.faults.append(fault)
    assert HEADING in visitor.say(QUESTION).text
    visitor.silence()


def test_danger_does_not_wait_for_what_waits_for_meta(visitor: Phone) -> None:
    before = len(visitor.meta.to(visitor.address))
    visitor.meta.graph.faults.append(faults.error(131056))
    visitor.send(QUESTION)
    assert eventually(lambda: ("answered", "pair_limit") in reason(visitor.meta))
    assert "*112*" in visitor.say("ik heb ineens pijn op mijn borst").text
    assert HEADING in visitor.meta.wait_for(visitor.address, before + 2)[-1].text


@pytest.mark.parametrize(
    ("code", "name"), [(131047, "window_closed"), (131026, "not_on_whatsapp"), (131009, "malformed")]
)
def test_what_does_not_pass_is_set_aside_with_its_reason_and_blocks_nobody(
    visitor: Phone, code: int, name: str
) -> None:
    visitor.meta.graph.faults.append(faults.error(code))
    visitor.send(QUESTION)
    assert eventually(lambda: ("aside", name) in reason(visitor.meta))
    assert f"reason={name}" in visitor.meta.log
    assert HEADING in visitor.say(QUESTION).text


def test_with_a_token_that_ended_everybody_waits_and_somebody_is_called(visitor: Phone) -> None:
    visitor.meta.graph.faults.append(faults.error(190))
    visitor.send(QUESTION)
    assert eventually(lambda: "reason=access_token code=190" in visitor.meta.log)
    assert eventually(lambda: ("answered", "access_token") in reason(visitor.meta))
    visitor.meta.servers.kill("bot")  # a token is a setting: with the new one the bot starts anew
    restart(visitor.meta)
    assert HEADING in visitor.meta.wait_for(visitor.address, 2)[-1].text


def test_what_may_have_been_sent_is_sent_again_only_when_meta_tells_nothing_of_it(meta: Meta) -> None:
    meta.graph.report_statuses(meta.address, SECRET)
    phones = [Phone(meta) for _ in range(4)]
    for phone in phones:
        phone.agree()
    cut, garbage, page, lost = phones
    meta.graph.faults.extend(
        (
            faults.cut(recipient=cut.address),
            faults.garbage("{}", recipient=garbage.address),
            faults.page(502, accepted=True, recipient=page.address),
            faults.lost(recipient=lost.address),
        )
    )
    for phone in phones:
        phone.send(QUESTION)
    for phone in (cut, garbage, page):
        reply = meta.wait_for(phone.address, 2)[-1]
        assert eventually(lambda reply=reply: statuses(meta, reply) == [("delivered", 0)])  # type: ignore[misc]
    assert len(meta.to(lost.address)) == 1
    assert HEADING in meta.wait_for(lost.address, 2, patience=UNSURE + 5)[-1].text
    lost.silence()
    assert [len(meta.to(phone.address)) for phone in phones] == [2, 2, 2, 2]


def test_what_becomes_of_a_reply_is_kept(visitor: Phone) -> None:
    graph = visitor.meta.graph
    graph.report_statuses(visitor.meta.address, SECRET)
    reply = visitor.say(QUESTION)
    assert eventually(lambda: statuses(visitor.meta, reply) == [("delivered", 0)])
    graph.late = True
    graph.not_on_whatsapp.add(visitor.address)
    failed = visitor.say("en wat helpt?")
    assert eventually(lambda: statuses(visitor.meta, failed) == [("failed", 131026)])
    assert "a reply was not delivered" in visitor.meta.log
    graph.clear()  # it counts such a failure as a refusal


def test_when_the_actions_hang_an_apology_comes_within_ten_seconds(visitor: Phone) -> None:
    started = time.monotonic()
    with paused("actions", visitor.meta):
        reply = visitor.say(QUESTION)
        assert sentences().failure.split(".")[0] in reply.text
        assert time.monotonic() - started < 10
        assert "*112*" in visitor.say("ik heb ineens pijn op mijn borst").text
    visitor.silence()  # the late answer does not come after the apology
    assert HEADING in visitor.say(QUESTION).text


def test_what_was_taken_before_a_crash_is_answered_after_it(visitor: Phone) -> None:
    meta = visitor.meta
    with paused("actions", meta):
        visitor.send(QUESTION)
        time.sleep(0.5)
        meta.servers.kill("bot")
    restart(meta)
    assert HEADING in meta.wait_for(visitor.address, 2, patience=40)[-1].text
    visitor.silence()


def test_a_second_bot_on_the_same_database_doubles_nothing_and_takes_over(visitor: Phone) -> None:
    meta = visitor.meta
    port = free_ports(1)[0]
    meta.servers.start("second bot", {"KALM_BOT_PORT": str(port)}, beside="bot")
    second = replace(meta.servers, bot_url=f"http://127.0.0.1:{port}")
    try:
        wait_for_bot(second)
        for _ in range(5):
            assert HEADING in visitor.say(QUESTION).text
        visitor.silence()
        with paused("bot", meta):  # the first one has the webhook and answers nothing any more
            body, headers = signed(webhook([visitor.message(QUESTION)]), SECRET)
            address = f"{second.bot_url}{webhooks.PATH}"
            assert httpx.post(address, content=body, headers=headers, timeout=20).status_code == 200
            assert HEADING in meta.wait_for(visitor.address, 7, patience=40)[-1].text
        visitor.silence()
    finally:
        meta.servers.kill("second bot")
        del meta.servers.processes["second bot"]


@contextmanager
def paused(name: str, meta: Meta) -> Iterator[None]:
    """A server that does not move; one that was killed meanwhile stays away."""
    process = meta.servers.processes[name]
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)


def restart(meta: Meta) -> None:
    """Start the bot again, and wait until it is ready."""
    meta.servers.start("bot")
    wait_for_bot(meta.servers)
