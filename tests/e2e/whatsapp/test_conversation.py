"""What somebody with WhatsApp reads, from the first message on."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from commands.whatsapp import webhooks
from kalm.privacy.pseudonyms import pseudonyms
from kalm.sentences import sentences
from kalm.settings import ROOT
from storage.conversations import Conversations
from storage.schema import conversations, handovers, messages, whatsapp_inbox
from tests.e2e.whatsapp.phone import HEADING, QUESTION, Meta, Phone, button, titles

pytestmark = pytest.mark.e2e

FIXTURES = sorted((ROOT / "tests" / "fixtures" / "whatsapp").glob("*.json"))


def test_the_first_question_is_answered_after_a_yes(phone: Phone) -> None:
    asked = phone.say(QUESTION)
    assert sentences().consent_whatsapp in asked.text
    assert "/privacy" in asked.text
    assert "*112*" in asked.text
    assert titles(asked) == [sentences().consent_agree, sentences().consent_refuse]
    answer = phone.press(button(asked, sentences().consent_agree))
    assert HEADING in answer.text
    assert "Bron: ‘" in answer.text
    assert "https://" in answer.text
    assert f"_{sentences().disclaimer_long}_" in answer.text
    assert all(len(title) <= 20 for title in titles(answer))
    assert len(titles(answer)) == 3


def test_a_typed_yes_answers_all_that_was_asked_in_order(phone: Phone) -> None:
    phone.say("hallo")
    phone.send(QUESTION)
    phone.silence()  # the question for consent stands there already
    answer = phone.say("ja hoor")
    meta = phone.meta
    assert "Kalm" in answer.text
    assert HEADING in meta.wait_for(phone.address, 3)[-1].text


def test_after_a_no_nothing_is_kept(phone: Phone) -> None:
    text = f"wat helpt {phone.number[-4:]} keer per nacht"
    phone.say(text)
    assert held(phone.meta) >= {text}
    assert sentences().consent_refused in phone.say("liever niet").text
    assert text not in held(phone.meta)
    assert sentences().consent_whatsapp in phone.say("toch nog iets").text


@pytest.mark.parametrize(
    "text",
    [
        "ik heb ineens pijn op mijn borst",
        "ik wil niet meer leven",
        "ik heb alle slaappillen ingenomen",
        "ik ben zo moe en niemand helpt me",  # the model sees it, the rules do not
    ],
)
def test_who_is_in_danger_is_not_asked_for_consent(phone: Phone, text: str) -> None:
    reply = phone.say(text)
    assert sentences().consent_whatsapp not in reply.text
    assert "*112*" in reply.text or "*113*" in reply.text
    assert sentences().disclaimer_danger in reply.text
    assert sentences().consent_whatsapp not in phone.say("ik weet niet wat ik moet doen").text


def test_a_pressed_suggestion_is_answered(visitor: Phone) -> None:
    answer = visitor.say(QUESTION)
    choice = answer.buttons[0]
    assert choice[0] != choice[1]  # a short title for a whole question
    assert "Bron: ‘" in visitor.press(choice).text
    with visitor.meta.database.reading() as connection:
        texts = list(connection.scalars(sa.select(messages.c.text)))
    assert choice[0] in texts
    assert choice[1] not in texts


def test_few_choices_below_a_short_text_are_buttons_and_others_a_list(visitor: Phone) -> None:
    sorts = set()
    for text in ("magnesium", "ijzer", "wat kun je", "mijn benen", "slecht slapen", "supplement", QUESTION):
        reply = visitor.say(text)
        sort = reply.body.get("interactive", {}).get("type")
        few = len(reply.buttons) <= 3 and len(reply.text) <= 1024
        assert sort == (None if not reply.buttons else "button" if few else "list")
        sorts.add(sort)
    assert sorts >= {"button", "list"}


def test_stop_stops_and_start_begins_again(visitor: Phone) -> None:
    stopped = visitor.say("Stop")
    assert sentences().stopped in stopped.text
    assert titles(stopped) == [sentences().forget_wish]
    assert sentences().stopped_before in visitor.say(QUESTION).text
    visitor.send(QUESTION)
    visitor.silence()
    assert "*112*" in visitor.say("ik krijg geen adem meer").text
    asked = visitor.say("start")
    assert sentences().consent_whatsapp in asked.text
    assert "Ik ben Kalm" in visitor.press(button(asked, sentences().consent_agree)).text
    assert HEADING in visitor.say(QUESTION).text


def test_who_stopped_can_have_the_conversation_erased(visitor: Phone) -> None:
    visitor.say(QUESTION)
    stopped = visitor.say("stop")
    erased = visitor.press(button(stopped, sentences().forget_wish))
    assert "bonnummer" in erased.text
    assert sentences().consent_whatsapp in visitor.say(QUESTION).text


def test_a_conversation_is_erased_after_a_yes_and_what_follows_begins_anew(visitor: Phone) -> None:
    visitor.say(QUESTION)
    assert len(known(visitor)) == 1
    asked = visitor.say("wis dit gesprek")
    assert titles(asked) == [sentences().forget_yes, sentences().forget_no]
    assert "bonnummer" in visitor.press(button(asked, sentences().forget_yes)).text
    assert known(visitor) == []
    assert sentences().consent_whatsapp in visitor.say(QUESTION).text


def test_a_person_is_named_with_and_without_consent(phone: Phone, meta: Meta) -> None:
    assert sentences().handoff in phone.say("medewerker").text
    phone.agree()
    assert sentences().handoff in phone.say("medewerker").text
    with meta.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(handovers)) >= 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("voice", "cannot_listen"),
        ("audio", "cannot_listen"),
        ("video", "cannot_see"),
        ("sticker", "cannot_read"),
        ("location", "cannot_read"),
        ("contacts", "cannot_read"),
        ("document", "cannot_read"),
        ("unsupported", "cannot_read"),
    ],
)
def test_what_has_no_words_gets_a_kind_sentence(phone: Phone, name: str, sentence: str) -> None:
    reply = phone.bring(without_caption(of(phone, fixture(name))))
    assert getattr(sentences(), sentence).split(".")[0] in reply.text
    assert "*112*" in reply.text
    assert sentences().disclaimer_short in reply.text


def test_the_words_beside_a_photo_are_answered(visitor: Phone) -> None:
    photo = of(visitor, fixture("image"))
    photo["image"]["caption"] = QUESTION
    reply = visitor.bring(photo)
    assert reply.text.startswith(sentences().beside_text)
    assert HEADING in reply.text


def test_an_album_is_answered_once(phone: Phone) -> None:
    photos = [without_caption(of(phone, fixture("video"))) for _ in range(6)]
    phone.bring(*photos)
    phone.silence()


@pytest.mark.parametrize("name", ["reaction", "revoke"])
def test_what_asks_nothing_gets_no_reply_and_no_typing(visitor: Phone, name: str) -> None:
    message = of(visitor, fixture(name))
    visitor.meta.bring(message)
    visitor.silence()
    assert message["id"] not in [mark.message_id for mark in visitor.meta.graph.marks]


def test_whatever_meta_posts_is_taken_and_does_no_harm(meta: Meta) -> None:
    before = len(meta.log)
    now = f'"timestamp": "{int(time.time())}"'
    for path in FIXTURES:
        body = re.sub(r'"timestamp": "\d+"', now, path.read_text(encoding="utf-8"))
        assert meta.post(body.encode()).status_code == 200, path
    Phone(meta).say(QUESTION)
    assert " ERROR " not in meta.log[before:]


def test_a_message_is_read_and_an_answer_is_shown_to_come(visitor: Phone) -> None:
    message = visitor.message(QUESTION)
    visitor.bring(message)
    marks = [mark for mark in visitor.meta.graph.marks if mark.message_id == message["id"]]
    assert [mark.typing for mark in marks] == [True]


def test_who_is_known_by_number_and_later_by_id_stays_in_one_conversation(meta: Meta, visitor: Phone) -> None:
    visitor.say("ik ben zwanger")
    user_id = f"NL.{webhooks.new_id()[-12:]}"  # with letters, as Meta may give them
    both = Phone(meta, visitor.number, user_id)
    assert sentences().consent_whatsapp not in both.say(QUESTION).text
    by_id = Phone(meta, "", user_id)
    reply = by_id.say("helpt magnesium bij rusteloze benen?")
    assert "zwanger" in reply.text
    assert reply.body["recipient"] == user_id
    assert "to" not in reply.body


def test_who_has_a_new_number_goes_on_and_the_old_one_is_a_strangers(meta: Meta, visitor: Phone) -> None:
    new = Phone(meta)
    system = fixture("system_changed_number")
    system["id"] = webhooks.new_id()
    system["from"] = system["system"]["customer"] = visitor.number
    for name in ("wa_id", "new_wa_id"):
        if name in system["system"]:
            system["system"][name] = new.number
    for one in (system, system["system"]):
        for name in ("from_user_id", "user_id", "previous_user_id"):
            one.pop(name, None)
    meta.bring(system)
    assert HEADING in new.say(QUESTION).text
    assert sentences().consent_whatsapp in visitor.say(QUESTION).text


def test_names_and_numbers_that_are_typed_are_masked_before_they_are_stored(visitor: Phone) -> None:
    visitor.say("ik ben Henk de Vries, 06 12345678, en mijn benen zijn onrustig")
    with visitor.meta.database.reading() as connection:
        text = connection.scalar(sa.select(messages.c.text).order_by(messages.c.at.desc()).limit(1))
    assert "Vries" not in text
    assert "12345678" not in text


def test_who_wrote_is_in_no_file_a_minute_later_and_never_in_the_log(meta: Meta, visitor: Phone) -> None:
    visitor.say(QUESTION)
    number = visitor.number.encode()
    deadline = time.monotonic() + 60
    while (found := _files_with(meta, number)) and time.monotonic() < deadline:
        time.sleep(1)
    assert found == []


def known(phone: Phone) -> list[str]:
    """Conversations of somebody."""
    return Conversations(phone.meta.database, pseudonyms()).find_all("whatsapp", phone.address)


def held(meta: Meta) -> set[str]:
    """What waits for consent or an answer."""
    with meta.database.reading() as connection:
        return set(connection.scalars(sa.select(whatsapp_inbox.c.text)))


def _files_with(meta: Meta, text: bytes) -> list[Path]:
    return [path for path in meta.servers.logs.rglob("*") if path.is_file() and text in path.read_bytes()]


def test_the_channel_keeps_no_conversation_under_the_senders_own_name(meta: Meta, visitor: Phone) -> None:
    with meta.database.reading() as connection:
        rows = connection.execute(sa.select(conversations)).all()
    assert visitor.number not in repr(rows)


def fixture(name: str) -> Any:
    """The one message in a fixture."""
    data = json.loads((ROOT / "tests" / "fixtures" / "whatsapp" / f"{name}.json").read_text(encoding="utf-8"))
    return data["entry"][0]["changes"][0]["value"]["messages"][0]


def of(phone: Phone, message: Any) -> Any:
    """A message as if this person had just sent it."""
    message.pop("from_user_id", None)
    return {**message, "from": phone.number, "id": webhooks.new_id(), "timestamp": str(int(time.time()))}


def without_caption(message: Any) -> Any:
    """Media without words beside it."""
    media = message.get(message["type"])
    if isinstance(media, dict):
        media.pop("caption", None)
    return message
