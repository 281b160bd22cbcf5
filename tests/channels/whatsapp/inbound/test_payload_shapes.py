"""Each shape that Meta documents, and what is read of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from channels.whatsapp.inbound.kinds import Kind
from channels.whatsapp.inbound.payload import Delivery, Incoming, NumberChange, Sender, Status, read
from tests.channels.whatsapp.payloads import PHONE_NUMBER_ID

FIXTURES = Path(__file__).parents[3] / "fixtures" / "whatsapp"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))

ANNE = Sender("NL.10000000000000000001", "31600000001")
BEN = Sender("NL.10000000000000000002", "31600000002")
NOTHING = Delivery((), (), (), 1)


def read_fixture(name: str) -> Delivery:
    return read(json.loads((FIXTURES / f"{name}.json").read_text()), PHONE_NUMBER_ID)


def incoming(id: str, kind: Kind, text: str = "", chosen: str = "", sender: Sender = ANNE) -> Delivery:
    return Delivery((Incoming(id, sender, 1_790_000_000, kind, text, chosen),), (), (), 0)


def changed(id: str, old: Sender, new: Sender) -> Delivery:
    return Delivery((), (NumberChange(id, 1_790_000_000, old, new),), (), 0)


def told(name: str, error: int = 0, reply: str = "") -> Delivery:
    return Delivery((), (), (Status("wamid.FAKE-of-the-shop", reply, name, 1_790_000_009, error),), 0)


EXPECTED = {
    "text": incoming("wamid.FAKE-text", Kind.TEXT, "Ik heb elke avond onrustige benen, wat kan ik doen?"),
    "text_reply": incoming("wamid.FAKE-text-reply", Kind.TEXT, "Helpt dat ook overdag?"),
    "text_only_user_id": incoming(
        "wamid.FAKE-text-only-user-id",
        Kind.TEXT,
        "Wat zijn rusteloze benen?",
        sender=Sender("NL.10000000000000000001", ""),
    ),
    "text_only_phone": incoming(
        "wamid.FAKE-text-only-phone",
        Kind.TEXT,
        "Kriebels in mijn benen, elke nacht.",
        sender=Sender("", "31600000001"),
    ),
    "text_both_ids": incoming("wamid.FAKE-text-both-ids", Kind.TEXT, "Komt het door te weinig ijzer?"),
    "text_empty_from": incoming(
        "wamid.FAKE-text-empty-from",
        Kind.TEXT,
        "Mijn benen willen bewegen.",
        sender=Sender("NL.10000000000000000001", ""),
    ),
    "two_messages": Delivery(
        (
            Incoming("wamid.FAKE-first", ANNE, 1_790_000_000, Kind.TEXT, "Hallo", ""),
            Incoming(
                "wamid.FAKE-second", BEN, 1_790_000_001, Kind.TEXT, "Ik slaap slecht door mijn benen.", ""
            ),
        ),
        (),
        (),
        0,
    ),
    "two_entries": Delivery(
        (
            Incoming("wamid.FAKE-a", ANNE, 1_790_000_000, Kind.TEXT, "een", ""),
            Incoming("wamid.FAKE-b", BEN, 1_790_000_002, Kind.TEXT, "twee", ""),
            Incoming("wamid.FAKE-c", Sender("", "31600000003"), 1_790_000_003, Kind.TEXT, "drie", ""),
        ),
        (),
        (Status("wamid.FAKE-of-the-shop", "", "read", 1_790_000_001, 0),),
        0,
    ),
    "button_reply": incoming(
        "wamid.FAKE-button-reply", Kind.BUTTON_REPLY, "Tips voor de nacht", "suggestie-1"
    ),
    "list_reply": incoming("wamid.FAKE-list-reply", Kind.LIST_REPLY, "IJzer en je benen", "suggestie-7"),
    "template_button": incoming("wamid.FAKE-template-button", Kind.BUTTON, "Ja, graag", "vervolg-ja"),
    "flow_reply": incoming("wamid.FAKE-flow-reply", Kind.UNKNOWN),
    "image": incoming("wamid.FAKE-image", Kind.IMAGE, "Zo zien mijn benen eruit"),
    "voice": incoming("wamid.FAKE-voice", Kind.VOICE),
    "audio": incoming("wamid.FAKE-audio", Kind.AUDIO),
    "video": incoming("wamid.FAKE-video", Kind.VIDEO, "Zo bewegen ze de hele nacht"),
    "document": incoming("wamid.FAKE-document", Kind.DOCUMENT, "Mijn slaapdagboek"),
    "sticker": incoming("wamid.FAKE-sticker", Kind.STICKER),
    "location": incoming("wamid.FAKE-location", Kind.LOCATION),
    "contacts": incoming("wamid.FAKE-contacts", Kind.CONTACTS),
    "reaction": incoming("wamid.FAKE-reaction", Kind.REACTION),
    "reaction_removed": incoming("wamid.FAKE-reaction-removed", Kind.REACTION),
    "order": incoming("wamid.FAKE-order", Kind.ORDER, "Graag voor het weekend"),
    "system_changed_number": changed(
        "wamid.FAKE-changed-number", ANNE, Sender("NL.10000000000000000009", "31600000002")
    ),
    "system_changed_number_old_shape": changed(
        "wamid.FAKE-changed-number-old", Sender("", "31600000001"), Sender("", "31600000002")
    ),
    "system_changed_user_id": changed(
        "wamid.FAKE-changed-user-id",
        Sender("NL.10000000000000000001", ""),
        Sender("NL.10000000000000000009", ""),
    ),
    "system_identity": incoming("wamid.FAKE-identity", Kind.SYSTEM),
    "unsupported": incoming("wamid.FAKE-unsupported", Kind.UNSUPPORTED),
    "edit": incoming("wamid.FAKE-edit", Kind.EDIT, "Ik heb elke nacht onrustige benen, wat kan ik doen?"),
    "edit_caption": incoming("wamid.FAKE-edit-caption", Kind.EDIT, "Dit zijn mijn benen"),
    "revoke": incoming("wamid.FAKE-revoke", Kind.DELETION),
    "unknown_type": incoming("wamid.FAKE-unknown-type", Kind.UNKNOWN),
    "request_welcome": incoming("wamid.FAKE-request-welcome", Kind.SYSTEM),
    "status_sent": told("sent"),
    "status_delivered": told("delivered"),
    "status_read": told("read"),
    "status_failed_undeliverable": told("failed", 131026),
    "status_failed_window": told("failed", 131047),
    "status_with_reply": told("sent", reply="antwoord-42"),
    "status_played": told(""),
    "another_number": NOTHING,
    "another_field": NOTHING,
    "errors": NOTHING,
    "group": NOTHING,
}


@pytest.mark.parametrize("name", NAMES)
def test_each_shape_that_meta_documents_is_read(name: str) -> None:
    assert read_fixture(name) == EXPECTED[name]


def test_every_shape_is_told_of_in_the_readme() -> None:
    readme = (FIXTURES / "README.md").read_text()
    assert [name for name in EXPECTED if name not in NAMES] == []
    assert [name for name in NAMES if f"| `{name}.json` |" not in readme] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_person_is_kept(name: str) -> None:
    assert "verzonnen" not in str(read_fixture(name)).lower()
