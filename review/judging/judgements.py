"""Keeps judgements, one or many at once, and never overwrites what somebody else did meanwhile.

Every change of an item goes up one version and leaves a step, with what it was before, so that it can be
undone (:mod:`review.judging.undo`).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kalm.settings import settings
from review.access.members import Member
from review.judging.locks import held_by_others, release
from review.judging.sentences import Mark
from review.states import ItemState
from storage.schema import judgement_steps, judgements, review_items

NOT_THERE = "none"
"""The passage of a question that no article answers."""

LONGEST_PROPOSAL = 160

AT_ONCE = 500
"""Messages in one transaction: visitors who are answered wait no longer than that takes."""


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says of one message.

    Attributes:
        text: the sentence to learn from.
        intent: the right one; "" when Kalm should not learn from it.
        entities: in the sentence, in order.
        passage: id of what should have answered, :data:`NOT_THERE`, or "" for unknown.
        proposal: a new intent, in the reviewer's words; may be empty.
    """

    text: str
    intent: str
    entities: tuple[Mark, ...] = ()
    passage: str = ""
    proposal: str = ""


@dataclass(frozen=True)
class Wanted:
    """What is to become of one message.

    Attributes:
        message_id: which.
        version: of the item, as the reviewer saw it.
        state: where it goes.
        judgement: what is said of it; None when it is skipped.
    """

    message_id: int
    version: int
    state: ItemState
    judgement: Judgement | None = None


@dataclass
class Settled:
    """What became of it.

    Attributes:
        done: messages that were changed, with their version now.
        held: that somebody else has open, with the name of who that is.
        changed: that became something else meanwhile, or are gone.
    """

    done: dict[int, int] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)


class ConflictError(Exception):
    """Somebody else was first; nothing was changed.

    Attributes:
        holder: full name of who has the message open, or "" when it was changed.
    """

    def __init__(self, holder: str = "") -> None:
        super().__init__("somebody else was first")
        self.holder = holder


def new_batch() -> str:
    """A name for all that is done at once."""
    return secrets.token_hex(16)


def state_after_judging() -> ItemState:
    """Where a judged message goes: to the second look, or straight on in a team of one."""
    return ItemState.JUDGED if settings().second_look else ItemState.APPROVED


def judge(
    connection: Connection,
    member: Member,
    message_id: int,
    expected_version: int,
    judgement: Judgement,
    now: float,
) -> int:
    """Keep the judgement of one message; gives the version of the item now.

    Args:
        connection: of a transaction that writes.
        member: who judges.
        message_id: of what.
        expected_version: of the item, as the reviewer saw it.
        judgement: what is said of it.
        now: seconds since 1970.

    Raises:
        ConflictError: somebody else has it open, or changed it.
    """
    wanted = Wanted(message_id, expected_version, state_after_judging(), judgement)
    return settle_one(connection, member, new_batch(), wanted, now)


def settle_one(connection: Connection, member: Member, batch: str, wanted: Wanted, now: float) -> int:
    """As :func:`settle`, of one message; gives its version now.

    Raises:
        ConflictError: somebody else has it open, or changed it.
    """
    settled = settle(connection, member, batch, [wanted], now)
    if wanted.message_id not in settled.done:
        raise ConflictError(settled.held.get(wanted.message_id, ""))
    return settled.done[wanted.message_id]


def settle(
    connection: Connection, member: Member, batch: str, wanted: Sequence[Wanted], now: float
) -> Settled:
    """Do what is wanted with each message, except where somebody else was first.

    Args:
        connection: of a transaction that writes.
        member: who does it.
        batch: from :func:`new_batch`; what carries the same one is undone together.
        wanted: each message once.
        now: seconds since 1970.
    """
    ids = [one.message_id for one in wanted]
    items = _items(connection, ids)
    held = held_by_others(connection, ids, member.id, now)
    settled = Settled(held=held)
    before = judgements_of(connection, ids)
    possible = []
    for one in wanted:
        if one.message_id in held:
            continue
        if _may_change(items.get(one.message_id), one.version, before.get(one.message_id)):
            possible.append(one)
            settled.done[one.message_id] = one.version + 1
        else:
            settled.changed.append(one.message_id)
    if possible:
        _write(connection, member, possible, now)
        connection.execute(
            judgement_steps.insert(),
            [
                step(
                    before_it(items[one.message_id].state, one.version, before.get(one.message_id)),
                    message_id=one.message_id,
                    batch=batch,
                    member=member,
                    at=now,
                )
                for one in possible
            ],
        )
        release(connection, list(settled.done), member.id)
    return settled


def _may_change(item: Row | None, version: int, judgement: Mapping[str, Any] | None) -> bool:
    """Whether an item is as it was seen, and no model has learnt, or is learning, from it."""
    if item is None or item.version != version or item.state == ItemState.LEARNT.value:
        return False
    return judgement is None or not judgement["candidate"]


def _items(connection: Connection, ids: Collection[int]) -> dict[int, Row]:
    # In one order, so that two people who settle the same messages wait for each other instead of for ever.
    wanted = sa.select(review_items.c.message_id, review_items.c.state, review_items.c.version)
    rows = wanted.where(review_items.c.message_id.in_(ids)).order_by(review_items.c.message_id)
    return {row.message_id: row for row in connection.execute(rows.with_for_update())}


def judgements_of(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The judgements of these messages as they are kept, without the id, by message."""
    found = connection.execute(judgements.select().where(judgements.c.message_id.in_(ids)))
    return {
        row.message_id: {name: value for name, value in row._mapping.items() if name != "message_id"}
        for row in found
    }


def _write(connection: Connection, member: Member, wanted: Sequence[Wanted], now: float) -> None:
    connection.execute(
        review_items.update()
        .where(review_items.c.message_id == sa.bindparam("of_message"))
        .values(state=sa.bindparam("new_state"), version=sa.bindparam("new_version")),
        [
            {"of_message": one.message_id, "new_state": one.state.value, "new_version": one.version + 1}
            for one in wanted
        ],
    )
    replace_judgements(
        connection,
        [one.message_id for one in wanted],
        {one.message_id: _row(one.judgement, one.state, member, now) for one in wanted if one.judgement},
    )


def replace_judgements(
    connection: Connection, ids: Collection[int], rows: Mapping[int, Mapping[str, Any]]
) -> None:
    """Put judgements in the place of those of messages.

    Args:
        connection: of a transaction that writes.
        ids: whose judgements go.
        rows: what comes in their place, by message, as :func:`judgements_of` gives it.
    """
    connection.execute(judgements.delete().where(judgements.c.message_id.in_(ids)))
    if rows:
        connection.execute(judgements.insert(), [{"message_id": id_, **row} for id_, row in rows.items()])


def _row(judgement: Judgement, state: ItemState, member: Member, now: float) -> dict[str, Any]:
    return {
        "text": judgement.text,
        "intent": judgement.intent if state != ItemState.EXCLUDED else "",
        "entities": [mark.as_data for mark in judgement.entities],
        "passage": judgement.passage,
        "proposal": judgement.proposal,
        "judged_by": member.id,
        "judged_at": now,
        "looked_by": None,
        "looked_at": None,
        "second_intent": "",
        "candidate": "",
    }


def before_it(state: str, version: int, judgement: Mapping[str, Any] | None) -> dict[str, Any]:
    """How an item is before a step, as the step keeps it to be undone."""
    return {"state": state, "version": version, "judgement": judgement}


def step(
    before: Mapping[str, Any], *, message_id: int, batch: str, member: Member, at: float, became: str = ""
) -> dict[str, Any]:
    """A row of ``judgement_steps`` for one change of an item, which goes up one version by it.

    Args:
        before: from :func:`before_it`.
        message_id: of the item.
        batch: from :func:`new_batch`.
        member: who does it.
        at: seconds since 1970.
        became: the state that a second look leads to; "" for a judgement.
    """
    return {
        "batch": batch,
        "message_id": message_id,
        "member_id": member.id,
        "at": at,
        "before": before,
        "became": became,
        "version": before["version"] + 1,
    }
