"""The stand-in through pywa's real client: what it takes, refuses and spoils."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from pywa.errors import (
    ExpiredAccessToken,
    InvalidParameter,
    MessageUndeliverable,
    RateLimitHit,
    ReEngagementMessage,
    TooManyMessages,
    WhatsAppError,
)
from pywa.types import Section
from pywa_async import WhatsApp
from pywa_async.types.sent_update import SentMessage

from commands.whatsapp import faults
from commands.whatsapp.faults import Fault
from commands.whatsapp.rates import Rates
from commands.whatsapp.stand_in import WINDOW, StandIn
from tests.commands.whatsapp.sending import ANNA, BERT, USER_ID, Call, buttons, listing, rows, send


def test_a_text_is_taken_and_kept_whole(graph: StandIn, call: Call) -> None:
    answer = send(call, "Een *vet* woord", tracker="spoor 1")
    (sent,) = graph.wait_for(1, timeout=5)
    assert (answer.id, answer.chat.id) == (sent.id, ANNA)
    assert (sent.to, sent.text, sent.buttons, sent.tracker) == (ANNA, "Een *vet* woord", [], "spoor 1")


def test_each_of_many_at_once_gets_an_id_of_its_own(graph: StandIn, call: Call) -> None:
    async def send_many(client: WhatsApp) -> list[SentMessage]:
        return await asyncio.gather(*(client.send_message(to=ANNA, text=f"{n}") for n in range(50)))

    ids = {answer.id for answer in call(send_many)}
    assert len(ids) == 50
    assert ids == {sent.id for sent in graph.sent}


def test_a_user_id_gets_a_message_without_a_number(graph: StandIn, call: Call) -> None:
    assert send(call, to=USER_ID).chat.id == USER_ID
    assert graph.sent[0].to == USER_ID
    assert "to" not in graph.sent[0].body


def test_buttons_and_rows_are_told_apart_from_the_text(graph: StandIn, call: Call) -> None:
    send(call, "Kies maar", buttons=buttons("Ja", "Nee"), header="Kop", footer="Voet")
    send(
        call, "Kies maar", buttons=listing(Section("Een", rows(2)), Section("Twee", rows(1, "Laatste", "s")))
    )
    assert [sent.text for sent in graph.sent] == ["Kies maar", "Kies maar"]
    assert graph.sent[0].buttons == [("id 0", "Ja"), ("id 1", "Nee")]
    assert graph.sent[1].buttons == [("r0", "Rij"), ("r1", "Rij"), ("s0", "Laatste")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"not json", 100),
        (b"[]", 100),
        ({"tpye": "text"}, 100),
        ({"messaging_product": "sms"}, 100),
        ({"to": None}, 131008),
        ({"to": "de buurman"}, 131009),
        ({"to": None, "recipient": "1234"}, 131009),
        ({"recipient_type": "group"}, 131009),
        ({"text": None}, 131009),
        ({"type": "image"}, 131051),
        ({"type": "interactive", "interactive": {"type": "flow"}}, 131051),
        ({"status": "read"}, 131009),
    ],
)
def test_what_is_no_message_is_refused(
    graph: StandIn, served: tuple[StandIn, str], body: Any, code: int
) -> None:
    good = {"messaging_product": "whatsapp", "to": ANNA, "type": "text", "text": {"body": "hallo"}}
    content = body if isinstance(body, bytes) else json.dumps({**good, **body}).encode()
    headers = {"Authorization": "Bearer a token"}
    address = f"{served[1]}/v26.0/100000000000001/messages"
    answer = httpx.post(address, content=content, headers=headers, verify=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert [refusal.code for refusal in graph.refusals] == [code]


def test_a_wrong_token_is_refused(graph: StandIn, call: Call) -> None:
    with pytest.raises(ExpiredAccessToken) as caught:
        call(lambda client: client.send_message(to=ANNA, text="hallo"), token="another")
    assert caught.value.status_code == 401
    assert [refusal.code for refusal in graph.refusals] == [190]


def test_another_number_of_the_shop_is_unknown(graph: StandIn, call: Call) -> None:
    with pytest.raises(WhatsAppError) as caught:
        call(lambda client: client.send_message(to=ANNA, text="hallo"), number_id="200")
    assert (caught.value.status_code, caught.value.code, caught.value.subcode) == (400, 100, 33)


def test_read_marks_are_kept_apart_from_messages(graph: StandIn, call: Call) -> None:
    assert call(lambda client: client.indicate_typing("wamid.1")).success
    assert call(lambda client: client.mark_message_as_read("wamid.2")).success
    assert [(mark.message_id, mark.typing) for mark in graph.marks] == [("wamid.1", True), ("wamid.2", False)]
    assert graph.sent == []


def test_a_read_mark_can_fail_too(graph: StandIn, call: Call) -> None:
    graph.mark_faults.append(faults.error(131009))
    with pytest.raises(InvalidParameter):
        call(lambda client: client.indicate_typing("wamid.1"))
    assert graph.marks == []


def test_a_number_that_sends_too_fast_must_wait(graph: StandIn, call: Call, clock: Any) -> None:
    graph.rates = Rates(messages_per_second=2)
    send(call, to=ANNA)
    send(call, to=BERT)
    with pytest.raises(RateLimitHit) as caught:
        send(call)
    assert caught.value.status_code == 400
    clock.now += 1
    send(call)
    assert len(graph.sent) == 3


def test_a_burst_to_one_person_is_borrowed_from_later(graph: StandIn, call: Call, clock: Any) -> None:
    graph.rates = Rates(pair_burst=2, status=429)
    send(call)
    send(call)
    with pytest.raises(TooManyMessages) as caught:
        send(call)
    assert caught.value.status_code == 429
    send(call, to=BERT)
    clock.now += 6
    send(call)
    with pytest.raises(TooManyMessages):
        send(call)
    assert len(graph.sent) == 4


def test_who_wrote_long_ago_cannot_be_answered_freely(graph: StandIn, call: Call, clock: Any) -> None:
    graph.last_wrote = {ANNA: clock.now - WINDOW, BERT: clock.now - WINDOW - 1}
    send(call)
    with pytest.raises(ReEngagementMessage):
        send(call, to=BERT)


def test_who_has_no_whatsapp_gets_nothing(graph: StandIn, call: Call) -> None:
    graph.not_on_whatsapp.add(BERT)
    send(call)
    with pytest.raises(MessageUndeliverable):
        send(call, to=BERT)


@pytest.mark.parametrize(
    ("code", "status"), [(131056, 400), (190, 401), (131016, 500), (2, 503), (4711, 400)]
)
def test_an_error_on_order_comes_once_and_is_no_refusal(
    graph: StandIn, call: Call, code: int, status: int
) -> None:
    graph.faults.append(faults.error(code))
    with pytest.raises(WhatsAppError) as caught:
        send(call)
    assert (caught.value.code, caught.value.status_code) == (code, status)
    send(call)
    assert (len(graph.sent), graph.refusals) == (1, [])


def test_a_fault_waits_for_its_recipient(graph: StandIn, call: Call) -> None:
    graph.faults.append(faults.error(131026, recipient=BERT))
    send(call)
    with pytest.raises(MessageUndeliverable):
        send(call, to=BERT)


def test_a_page_of_html_is_no_error_of_the_graph(graph: StandIn, call: Call) -> None:
    graph.faults.append(faults.page(502))
    with pytest.raises(WhatsAppError) as caught:
        send(call)
    assert (caught.value.code, caught.value.status_code) == (502, 502)
    assert graph.sent == []


@pytest.mark.parametrize(("body", "error"), [("not json", ValueError), ("{}", KeyError)])
def test_an_answer_may_be_garbage(graph: StandIn, call: Call, body: str, error: type[Exception]) -> None:
    graph.faults.append(faults.garbage(body))
    with pytest.raises(error):
        send(call)
    assert len(graph.sent) == 1


@pytest.mark.parametrize(("fault", "taken"), [(faults.cut(), 1), (faults.lost(), 0)])
def test_a_broken_connection_does_not_tell_what_happened(
    graph: StandIn, call: Call, fault: Fault, taken: int
) -> None:
    graph.faults.append(fault)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        send(call)
    assert len(graph.sent) == taken
    send(call)
    assert len(graph.sent) == taken + 1


def test_an_answer_may_come_too_late(graph: StandIn, call: Call) -> None:
    graph.faults.append(faults.slow(0.3))
    with pytest.raises(httpx.ReadTimeout):
        send(call, timeout=0.1)
    assert len(graph.sent) == 1


def test_waiting_for_more_than_comes_ends(graph: StandIn) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        graph.wait_for(1, timeout=0.01)
