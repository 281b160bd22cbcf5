"""Who may write in, and that what Meta handed over is answered once and in order."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.whatsapp.channel import LONGEST_POST
from commands.whatsapp import faults
from kalm.articles import read_articles
from kalm.settings import settings as kalm_settings
from storage.schema import messages, whatsapp_ids
from tests.channels.whatsapp.payloads import signed, text_message, webhook
from tests.e2e.any_json import ANY_JSON, almost, as_body
from tests.e2e.whatsapp.phone import HEADING, QUESTION, SECRET, VERIFY_TOKEN, Meta, Phone, in_order

pytestmark = pytest.mark.e2e

SENDERS, EACH = 20, 20


@pytest.fixture(scope="module")
def sort(either: str) -> str:
    """Both databases: who comes first and what is kept is theirs to say."""
    return either


def verify(meta: Meta, **asked: str) -> httpx.Response:
    right = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    return httpx.get(meta.address, params={**right, **asked}, timeout=20)


def test_meta_is_told_that_it_may_post_here(meta: Meta) -> None:
    answer = verify(meta)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "asked",
    [
        {"hub.verify_token": "een ander woord"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": "1" * 300},
    ],
)
def test_nobody_else_is(meta: Meta, asked: dict[str, str]) -> None:
    answer = verify(meta, **asked)
    assert answer.status_code == 403
    assert "1158201444" not in answer.text


def test_a_missing_and_a_wrong_signature_are_told_apart_without_the_body(meta: Meta) -> None:
    raw, headers = signed(webhook([text_message("geheime vraag", id="wamid.unsigned")]), SECRET)
    assert httpx.post(meta.address, content=raw, timeout=20).status_code == 401
    wrong = {**headers, "X-Hub-Signature-256": "sha256=" + "0" * 64}
    assert httpx.post(meta.address, content=raw, headers=wrong, timeout=20).status_code == 403
    assert "reason=missing" in meta.log
    assert "reason=wrong" in meta.log
    assert "geheime vraag" not in meta.log


def test_a_body_with_an_emoji_is_signed_as_it_came(meta: Meta, visitor: Phone) -> None:
    assert HEADING in visitor.say(f"😴 {QUESTION}").text


def test_what_is_too_large_or_no_json_is_refused(meta: Meta) -> None:
    assert meta.post(b" " * (LONGEST_POST + 1)).status_code == 413
    assert meta.post(b"geen json").status_code == 400
    assert meta.post(b"[" * 100_000).status_code == 400
    assert meta.post(b"{}").status_code == 200
    assert meta.post(b"[1, null]").status_code == 200


def test_none_of_a_thousand_altered_bodies_and_signatures_is_taken(meta: Meta) -> None:
    raw, headers = signed(webhook([text_message("niet van Meta", id="wamid.altered")]), SECRET)
    right = headers["X-Hub-Signature-256"]
    taken: list[tuple[bytes, str]] = []
    tried: list[int] = []
    places = st.integers(0, len(raw) - 1)
    bodies = st.one_of(
        st.tuples(places, st.binary(min_size=1, max_size=4)).map(
            lambda at: raw[: at[0]] + at[1] + raw[at[0] + 1 :]
        ),
        places.map(lambda end: raw[:end]),
        st.binary(max_size=200).map(lambda more: raw + more),
        st.binary(max_size=300),
    )
    letters = st.text("0123456789abcdefABCDEF", max_size=70)
    signatures = st.one_of(
        st.just(right),
        letters.map(lambda hexadecimal: f"sha256={hexadecimal}"),
        letters,
        st.sampled_from([right.upper(), right[:-1], f"{right}0", f"{right},a"]),
        st.just(right.removeprefix("sha256=")),
        st.sampled_from([f"sha1={right[7:47]}", "sha256=", "sha512=" + "0" * 128]),
    )

    with httpx.Client(timeout=20) as client:

        @settings(max_examples=1100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(bodies, signatures)
        def post(body: bytes, signature: str) -> None:
            if (body, signature) == (raw, right):
                return
            tried.append(1)
            given_ = {"X-Hub-Signature-256": signature} if signature.strip() else {}
            answer = client.post(meta.address, content=body, headers=given_)
            if answer.status_code not in (401, 403):
                taken.append((body, signature))

        post()
    assert len(tried) >= 1000
    assert taken == []
    with meta.database.reading() as connection:
        known = list(connection.scalars(sa.select(whatsapp_ids.c.id_hash)))
    assert meta.post(raw).status_code == 200  # and as it was it is
    with meta.database.reading() as connection:
        assert len(list(connection.scalars(sa.select(whatsapp_ids.c.id_hash)))) == len(known) + 1


def test_no_body_that_meta_signs_makes_the_server_stumble(meta: Meta) -> None:
    """Meta's next version may send what nobody foresaw: it is stored, passed over or told to be wrong."""
    right = webhook([text_message("wat is rls", id="wamid.almost")])
    # Who wrote stays who it is: the stand-in of Meta has no other people.
    bodies = st.one_of(ANY_JSON, almost(right, leaves="from wa_id user_id from_user_id")).map(as_body)
    seen: Counter[int] = Counter()

    with httpx.Client(timeout=60) as client:

        @settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(bodies)
        def post(body: bytes) -> None:
            raw, headers = signed(body, SECRET)
            answer = client.post(meta.address, content=raw, headers=headers)
            seen[answer.status_code] += 1
            assert answer.status_code in (200, 400), (body, answer.text)

        post()
    assert seen[200] > 100
    assert "a webhook could not be stored" not in meta.log
    assert "Traceback" not in meta.log


def test_the_same_id_fifty_times_at_once_is_answered_once(meta: Meta, visitor: Phone) -> None:
    before = len(meta.to(visitor.address))
    body = webhook([visitor.message(QUESTION)])
    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(lambda _: meta.post(body).status_code, range(50)))
    assert statuses == [200] * 50
    meta.wait_for(visitor.address, before + 1)
    visitor.silence()
    assert meta.post(body).status_code == 200
    visitor.silence()


def test_several_messages_in_one_post_are_answered_in_order(meta: Meta, visitor: Phone) -> None:
    other = Phone(meta)
    other.agree()
    before = len(meta.to(visitor.address))
    questions = questions_with_headings(3)
    meta.bring(*(visitor.message(question) for question, _ in questions), other.message(QUESTION))
    sent = meta.wait_for(visitor.address, before + 3)[before:]
    assert in_order([heading for _, heading in questions], sent)
    assert HEADING in meta.wait_for(other.address, 2)[-1].text


def test_twenty_senders_of_twenty_messages_are_all_answered_in_order(meta: Meta) -> None:
    phones = [Phone(meta) for _ in range(SENDERS)]
    questions = questions_with_headings(EACH)
    for phone in phones:
        phone.agree()

    def send(phone: Phone) -> None:
        for question, _ in questions:
            phone.send(question)

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(send, phones))
    for phone in phones:
        sent = meta.wait_for(phone.address, 1 + EACH, patience=120)[1:]
        assert [heading in one.text for one, (_, heading) in zip(sent, questions, strict=True)] == [
            True
        ] * EACH
    with meta.database.reading() as connection:
        asked = connection.scalar(
            sa.select(sa.func.count()).where(messages.c.text.in_([question for question, _ in questions]))
        )
    assert asked is not None
    assert asked >= SENDERS * EACH


def test_while_one_sender_waits_for_meta_the_others_are_answered(meta: Meta, visitor: Phone) -> None:
    other = Phone(meta)
    other.agree()
    meta.graph.faults.append(faults.error(131056, recipient=visitor.address))
    visitor.send(QUESTION)
    started = time.monotonic()
    assert HEADING in other.say(QUESTION).text
    assert time.monotonic() - started < 5
    assert HEADING in meta.wait_for(visitor.address, 2)[-1].text


def questions_with_headings(count: int) -> list[tuple[str, str]]:
    """Questions of our own articles, each with what stands above its answer."""
    sections = (
        section
        for article in read_articles(kalm_settings().articles)
        for section in article.sections
        if not section.draft and not section.conditions
    )
    return [(section.questions[0], section.heading) for section in islice(sections, count)]
