from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.inbound.json_fields import LONGEST_IDENTIFIER, LONGEST_TEXT
from channels.whatsapp.inbound.kinds import Kind
from channels.whatsapp.inbound.payload import Delivery, Sender, Status, read
from tests.channels.whatsapp.payloads import (
    PHONE_NUMBER_ID,
    button_reply,
    contact,
    list_reply,
    signed,
    status,
    text_message,
    webhook,
)

FIXTURES = Path(__file__).parents[3] / "fixtures" / "whatsapp"
ANNE = Sender("NL.10000000000000000001", "31600000001")
BEN = Sender("NL.10000000000000000002", "31600000002")
NOTHING = Delivery((), (), (), 1)


@pytest.mark.parametrize(
    ("sender", "key", "known_as"),
    [
        (ANNE, "NL.10000000000000000001", ("NL.10000000000000000001", "31600000001")),
        (Sender("", "31600000001"), "31600000001", ("31600000001",)),
        (Sender("", ""), "", ()),
    ],
)
def test_a_person_goes_by_the_user_id_before_the_number(
    sender: Sender, key: str, known_as: tuple[str, ...]
) -> None:
    assert (sender.key, sender.known_as) == (key, known_as)


def senders(messages: list[Any], contacts: Any) -> list[Sender]:
    body = webhook(messages, contacts=[])
    body["entry"][0]["changes"][0]["value"]["contacts"] = contacts
    return [one.sender for one in read(body, PHONE_NUMBER_ID).messages]


def test_a_contact_adds_the_id_that_the_message_does_not_tell() -> None:
    by_phone = text_message("a", id="1", phone="31600000001")
    by_user_id = text_message("b", id="2", phone="", user_id=BEN.user_id)
    contacts = [contact(BEN.phone, BEN.user_id), contact(ANNE.phone, ANNE.user_id)]
    assert senders([by_phone, by_user_id], contacts) == [ANNE, BEN]


def test_the_only_contact_is_the_only_sender_though_its_number_is_written_otherwise() -> None:
    message = text_message("a", id="1", phone="5491100000001")
    assert senders([message], [contact("541100000001", "AR.1")]) == [Sender("AR.1", "5491100000001")]


def test_the_only_contact_is_not_taken_for_one_of_two_senders() -> None:
    messages = [
        text_message("a", id="1", phone="31600000001"),
        text_message("b", id="2", phone="31600000002"),
    ]
    assert senders(messages, [contact("31600000001", ANNE.user_id)]) == [ANNE, Sender("", "31600000002")]


def test_a_contact_with_another_user_id_is_another_person() -> None:
    message = text_message("a", id="1", phone="", user_id=ANNE.user_id)
    assert senders([message], [contact(BEN.phone, BEN.user_id)]) == [Sender(ANNE.user_id, "")]


@pytest.mark.parametrize("contacts", [[], None, "x", {}, [None], [7], [{"wa_id": 7, "user_id": []}]])
def test_contacts_that_cannot_be_read_do_no_harm(contacts: Any) -> None:
    message = text_message("a", id="1", phone="31600000001")
    assert senders([message], contacts) == [Sender("", "31600000001")]


@pytest.mark.parametrize(
    "broken",
    [
        {"id": ""},
        {"id": None},
        {"id": 7},
        {"id": "w" * (LONGEST_IDENTIFIER + 1)},
        {"id": "w\ud83d"},
        {"id": "w\x00"},
        {"from": ""},
        {"from": 31600000001},
        {"from": "geen nummer"},
        {"from": "٣١٦"},
        {"group_id": "Y2FwaQ"},
    ],
)
def test_a_message_without_an_id_or_a_sender_is_counted_and_the_next_is_read(broken: dict[str, Any]) -> None:
    messages = [{**text_message("a", id="1"), **broken}, text_message("b", id="2")]
    delivery = read(webhook(messages, contacts=[]), PHONE_NUMBER_ID)
    assert [one.text for one in delivery.messages] == ["b"]
    assert delivery.others == 1


def test_an_id_may_be_as_long_as_the_limit_and_a_text_is_cut_at_its_own() -> None:
    body = webhook([text_message("a" * (LONGEST_TEXT + 1), id="w" * LONGEST_IDENTIFIER)])
    (message,) = read(body, PHONE_NUMBER_ID).messages
    assert (len(message.id), len(message.text)) == (LONGEST_IDENTIFIER, LONGEST_TEXT)


def test_what_cannot_be_stored_is_left_out_of_a_text() -> None:
    (message,) = read(webhook([text_message("be\x00nen\ud83d", id="1")]), PHONE_NUMBER_ID).messages
    assert message.text == "benen"


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("1790000000", 1_790_000_000),
        (1_790_000_000, 1_790_000_000),
        *((wrong, 0) for wrong in ("", "morgen", "-5", "1e9", "9" * 5000, 10**400, -5, 1.5, True, None, [])),
    ],
)
def test_a_time_is_a_number_or_the_digits_of_one(timestamp: Any, at: int) -> None:
    body = webhook([{**text_message("a", id="1"), "timestamp": timestamp}])
    assert read(body, PHONE_NUMBER_ID).messages[0].at == at


@pytest.mark.parametrize(
    "system",
    [
        {"type": "user_changed_number"},
        {"type": "user_changed_user_id", "previous_user_id": ANNE.user_id},
        {"type": "user_changed_user_id", "body": "User X changed from NL.1 to NL.2"},
    ],
)
def test_a_change_that_does_not_tell_the_new_id_is_counted(system: dict[str, str]) -> None:
    message = {"id": "1", "from": "31600000001", "type": "system", "system": system}
    assert read(webhook([message]), PHONE_NUMBER_ID) == NOTHING


def test_the_old_user_id_may_stand_beside_the_old_number() -> None:
    system = {"type": "user_changed_number", "wa_id": "31600000002", "user_id": "NL.9"}
    message = {
        "id": "1",
        "from": ANNE.phone,
        "from_user_id": ANNE.user_id,
        "type": "system",
        "system": system,
    }
    (change,) = read(webhook([message]), PHONE_NUMBER_ID).changes
    assert (change.old, change.new) == (ANNE, Sender("NL.9", "31600000002"))


def test_what_the_builders_make_is_read() -> None:
    body = webhook(
        [
            text_message("hoi", id="1", user_id=ANNE.user_id),
            button_reply("/tips", "Tips", id="2"),
            list_reply("/ijzer", "IJzer", id="3"),
        ],
        [status("4", "failed", reply="r", error=131047)],
    )
    delivery = read(body, PHONE_NUMBER_ID)
    assert [(one.id, one.kind, one.text, one.chosen) for one in delivery.messages] == [
        ("1", Kind.TEXT, "hoi", ""),
        ("2", Kind.BUTTON_REPLY, "Tips", "/tips"),
        ("3", Kind.LIST_REPLY, "IJzer", "/ijzer"),
    ]
    assert {one.sender for one in delivery.messages} == {ANNE}
    assert delivery.statuses == (Status("4", "r", "failed", 1_790_000_000, 131047),)
    assert delivery.others == 0


def test_a_built_body_is_signed_as_it_goes_over_the_line() -> None:
    assert signed({}, "geheim") == (
        b"{}",
        {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": "sha256=1d88585cae3e449a08c782eea7789eff15b9d3776aa7f0253181df1efe8b191d",
        },
    )
    raw, headers = signed(webhook([text_message("één 🦵", id="1")]), "geheim")
    assert signed(raw, "geheim") == (raw, headers)
    assert read(json.loads(raw), PHONE_NUMBER_ID).messages[0].text == "één 🦵"


WORDS = st.text(max_size=8) | st.sampled_from(
    ["", "\ud83d", "\x00", PHONE_NUMBER_ID, "messages", "text", "interactive", "edit", "system", "9" * 30]
)
NAMES_OF_FIELDS = st.text(max_size=4) | st.sampled_from(
    [
        "entry",
        "changes",
        "value",
        "field",
        "metadata",
        "messages",
        "statuses",
        "contacts",
        "id",
        "from",
        "type",
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(NAMES_OF_FIELDS, values, max_size=5),
    max_leaves=20,
)


SHAPES = [json.loads(path.read_text()) for path in sorted(FIXTURES.glob("*.json"))]


def is_storable(text: str) -> bool:
    return "\x00" not in text and text.encode(errors="ignore").decode() == text


def check(delivery: Delivery) -> None:
    for message in delivery.messages:
        assert 0 < len(message.id) <= LONGEST_IDENTIFIER
        assert message.sender.known_as
        assert all(map(is_storable, (message.id, message.text, message.chosen, *message.sender.known_as)))
    for change in delivery.changes:
        assert change.id
        assert change.old.known_as
        assert change.new.known_as
    for one in delivery.statuses:
        assert one.id
        assert one.status in {"sent", "delivered", "read", "failed", ""}


@settings(max_examples=300)
@given(JSON)
def test_whatever_comes_nothing_is_raised(data: Any) -> None:
    check(read(data, PHONE_NUMBER_ID))


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for name, value in inside for found in paths(value, (*path, name)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A fixture with up to three of its values replaced by another."""
    data = [copy.deepcopy(draw(st.sampled_from(SHAPES)))]
    for _ in range(draw(st.integers(1, 3))):
        *before, last = draw(st.sampled_from(paths(data)[1:]))
        place: Any = data
        for name in before:
            place = place[name]
        place[last] = draw(JSON)
    return data[0]


@settings(max_examples=300)
@given(mutated())
def test_whatever_changes_in_a_shape_nothing_is_raised(data: Any) -> None:
    check(read(data, PHONE_NUMBER_ID))


@pytest.mark.parametrize("data", [None, [], "entry", 7, {}, {"entry": None}, {"entry": [{"changes": [7]}]}])
def test_what_is_no_post_of_meta_is_counted(data: Any) -> None:
    assert read(data, PHONE_NUMBER_ID) == NOTHING
