"""What Meta posts to the webhook of WhatsApp, as the few fields that Kalm needs; a name is not among them.

One post holds several entries, each with several changes, each with several messages and statuses: all of
them are walked, in order. Whatever cannot be read is counted and does not keep the rest from being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from channels.whatsapp.inbound.json_fields import field, identifier, items, number, phone
from channels.whatsapp.inbound.kinds import Kind, content_of

STATUSES = frozenset({"sent", "delivered", "read", "failed"})
"""What can become of a message that Kalm sent. Meta also has "played", of voice messages."""
_NUMBER_CHANGES = {"user_changed_number", "customer_changed_number", "user_changed_user_id"}
"""System messages that give a person another id; the second is the first as it was called before."""


@dataclass(frozen=True)
class Sender:
    """Who wrote. Either id may be missing: the number is left out of who has a user name.

    Attributes:
        user_id: id of the person that Meta gives to this business alone (BSUID); "" when absent.
        phone: number in international form, digits only; "" when absent.
    """

    user_id: str
    phone: str

    @property
    def key(self) -> str:
        """The one id that a conversation goes by."""
        return self.user_id or self.phone

    @property
    def known_as(self) -> tuple[str, ...]:
        """All ids there are, the user id first."""
        return tuple(one for one in (self.user_id, self.phone) if one)


@dataclass(frozen=True)
class Incoming:
    """A message of a visitor.

    Attributes:
        id: of the message, as WhatsApp made it (wamid).
        sender: who wrote; at least one id is known.
        at: seconds since 1970; 0 when absent or wrong.
        kind: what sort of message it is.
        text: what was typed, of an edit what it is now; caption of media; title of what was pressed; "" for
            none.
        chosen: id of a pressed reply button or row, payload of a pressed button of a template; "" for none.
    """

    id: str
    sender: Sender
    at: int
    kind: Kind
    text: str
    chosen: str


@dataclass(frozen=True)
class NumberChange:
    """A person goes by another number or id from now on.

    Attributes:
        id: of the message that tells it.
        at: seconds since 1970; 0 when absent or wrong.
        old: ids before; at least one is known. An id that stayed the same may stand in both.
        new: ids from now on; at least one is known.
    """

    id: str
    at: int
    old: Sender
    new: Sender


@dataclass(frozen=True)
class Status:
    """What became of a message that Kalm sent.

    Attributes:
        id: of the sent message (wamid).
        reply: what Kalm gave along with the message (``biz_opaque_callback_data``); "" for none.
        status: one of ``STATUSES``; "" for another.
        at: seconds since 1970; 0 when absent or wrong.
        error: code of the first error; 0 for none.
    """

    id: str
    reply: str
    status: str
    at: int
    error: int


@dataclass(frozen=True)
class Delivery:
    """What one post of Meta holds, each sort in the order in which it stood there.

    Attributes:
        messages: of visitors.
        changes: of visitors' numbers and ids.
        statuses: of messages that Kalm sent.
        others: how many entries, changes, messages and statuses were left out: they cannot be read, are of
            another phone number or of a group, or tell of something else.
    """

    messages: tuple[Incoming, ...]
    changes: tuple[NumberChange, ...]
    statuses: tuple[Status, ...]
    others: int


def read(data: object, phone_number_id: str) -> Delivery:
    """What a post holds. Nothing is raised, whatever the data is.

    Args:
        data: the parsed body, of which the signature was right.
        phone_number_id: Meta's id of the shop's number; one app can get the posts of several numbers.
    """
    found = list(_walk(data, phone_number_id))
    return Delivery(
        tuple(one for one in found if isinstance(one, Incoming)),
        tuple(one for one in found if isinstance(one, NumberChange)),
        tuple(one for one in found if isinstance(one, Status)),
        found.count(None),
    )


_Found = Incoming | NumberChange | Status | None
"""None stands for one that was left out."""


def _walk(data: object, phone_number_id: str) -> Iterator[_Found]:
    for entry in items(data, "entry") or [None]:
        for change in items(entry, "changes") or [None]:
            value = field(change, "value")
            about = identifier(field(value, "metadata"), "phone_number_id")
            if field(change, "field") != "messages" or about != phone_number_id:
                yield None
            else:
                yield from _of_change(value)


def _of_change(value: object) -> Iterator[_Found]:
    messages, statuses = items(value, "messages"), items(value, "statuses")
    if not messages and not statuses:
        yield None
    contacts = [_contact(one) for one in items(value, "contacts")]
    alone = len(contacts) == 1 and len({_written_by(one) for one in messages}) == 1
    for message in messages:
        yield _message(message, contacts, alone=alone)
    for status in statuses:
        yield _status(status)


def _message(message: object, contacts: list[Sender], *, alone: bool) -> Incoming | NumberChange | None:
    id = identifier(message, "id")
    if not id or field(message, "group_id"):
        return None
    if field(message, "type") == "system":
        system = field(message, "system")
        if identifier(system, "type") in _NUMBER_CHANGES:
            return _number_change(id, message, system)
    sender = _sender(_written_by(message), contacts, alone=alone)
    if not sender.key:
        return None
    content = content_of(message)
    at = number(message, "timestamp")
    return Incoming(id, sender, at, content.kind, content.text, content.chosen)


def _written_by(message: object) -> Sender:
    """What the message itself says of who wrote it."""
    return Sender(identifier(message, "from_user_id"), phone(message, "from"))


def _contact(contact: object) -> Sender:
    return Sender(identifier(contact, "user_id"), phone(contact, "wa_id"))


def _sender(said: Sender, contacts: list[Sender], *, alone: bool) -> Sender:
    """Who wrote, with what the matching contact adds.

    Args:
        said: by the message.
        contacts: that came along.
        alone: there is one contact, and all messages are of one person. Then they are the same, though the
            number may differ: WhatsApp's own form of one is not always that which is dialled.
    """
    # Two user ids are two people, whatever else is the same.
    possible = [one for one in contacts if not (one.user_id and said.user_id) or one.user_id == said.user_id]
    by_user_id = [one for one in possible if one.user_id and one.user_id == said.user_id]
    by_phone = [one for one in possible if one.phone and one.phone == said.phone]
    for contact in by_user_id + by_phone + (possible if alone else []):
        return replace(said, user_id=said.user_id or contact.user_id, phone=said.phone or contact.phone)
    return said


def _number_change(id: str, message: object, system: object) -> NumberChange | None:
    """A change of ids. The sentence in ``body`` names them as well, but with a name that the person chose."""
    old = Sender(
        identifier(system, "previous_user_id") or identifier(message, "from_user_id"),
        phone(system, "customer") or phone(message, "from"),
    )
    new = Sender(identifier(system, "user_id"), phone(system, "wa_id") or phone(system, "new_wa_id"))
    if not old.key or not new.key:
        return None
    return NumberChange(id, number(message, "timestamp"), old, new)


def _status(status: object) -> Status | None:
    id = identifier(status, "id")
    if not id:
        return None
    name = identifier(status, "status")
    errors = items(status, "errors") or [None]
    return Status(
        id=id,
        reply=identifier(status, "biz_opaque_callback_data"),
        status=name if name in STATUSES else "",
        at=number(status, "timestamp"),
        error=number(errors[0], "code"),
    )
