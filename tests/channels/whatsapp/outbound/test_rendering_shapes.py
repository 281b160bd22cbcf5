"""A reply of any shape: what comes out fits, and holds what it must."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.whatsapp.outbound.formatting import plain
from channels.whatsapp.outbound.limits import LimitError, check
from channels.whatsapp.outbound.rendering import render
from kalm.articles import Evidence
from kalm.reply import Disclaimer, Kind, numbers
from kalm.sentences import sentences

SENTENCES = "Dit is een zin van precies veertig letters. " * 9
TOO_LONG = SENTENCES * 11
WORDS = st.text(alphabet="ab. :-*_~`>1\n\u20ac🦵", max_size=40)
LINE = WORDS.map(lambda text: " ".join(text.split()))
PASSAGES = st.fixed_dictionaries(
    {
        "id": st.just("a#b"),
        "hash": st.just("0"),
        "text": st.lists(st.one_of(WORDS, st.just(SENTENCES))).map("\n\n".join),
        "article": LINE,
        "section": LINE,
        "url": st.from_regex(r"https://[a-z]{1,9}\.nl/[-a-z_*~]{0,40}#[a-z_]{1,9}", fullmatch=True),
        "updated": st.dates().map(str),
        "evidence": st.sampled_from(Evidence).map(lambda evidence: evidence.value),
        "age": LINE,
    }
)
PAYLOADS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(Kind).map(lambda kind: kind.value),
        "message": st.one_of(WORDS, st.just("Bel 112 of 0800-0113, via 113.nl.")),
        "passages": st.lists(PASSAGES, max_size=2),
        "cites_only": st.booleans(),
        "sources": st.lists(LINE, max_size=3),
        "caution": st.one_of(LINE, st.just(TOO_LONG)),
        "notice": LINE,
        "disclaimer": st.one_of(st.sampled_from(Disclaimer).map(lambda one: one.text), LINE),
        "choices": LINE,
        "suggestions": st.lists(
            st.fixed_dictionaries(
                {
                    "title": st.one_of(LINE, st.sampled_from(sentences().starters)),
                    "payload": st.one_of(WORDS, st.just("v" * 201)),
                }
            ),
            max_size=12,
        ),
        "question": st.one_of(st.just(""), LINE),
    }
).map(lambda payload: {**payload, "numbers": numbers(payload["message"])})


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(payload=PAYLOADS, beside=LINE)
def test_whatever_the_reply_it_fits_and_keeps_its_disclaimer_and_links(
    payload: dict[str, Any], beside: str
) -> None:
    try:
        message = render([{"text": "dezelfde"}, {"custom": payload}], beside)
    except LimitError:
        said = [beside, payload["caution"], payload["message"], payload["disclaimer"], *payload["passages"]]
        assert payload["caution"] == TOO_LONG or not any(said)
        return
    check(message)
    assert plain(payload["disclaimer"]) in message.text
    for passage in payload["passages"]:
        assert passage["url"] in message.text.split("\n")
