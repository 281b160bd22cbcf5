"""What the team decides of a cluster: it needs no article, or it stands in one already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from review.access.members import Member
from review.judging.danger import sees_danger
from review.judging.judgements import Judgement, Settled, Wanted, new_batch, settle, state_after_judging
from review.judging.sentences import tidied, what_is_wrong_with
from review.states import ItemState
from storage.schema import unanswered_decisions

_TO_JUDGE = (ItemState.NEW.value, ItemState.SKIPPED.value, ItemState.SENT_BACK.value)
MOST_JUDGED = 500
"""Messages that are judged at once, as in the inbox."""


def decide(connection: Connection, ids: Iterable[int], member: Member, now: float, passage: str = "") -> None:
    """Keep that these messages need no article; of one that was decided before nothing changes.

    Args:
        connection: of a transaction that writes.
        ids: of the messages.
        member: who says so.
        now: seconds since 1970.
        passage: id of the passage that answers them, "" for a subject that is not the shop's.
    """
    rows = [{"message_id": id_, "passage": passage, "member_id": member.id, "at": now} for id_ in sorted(ids)]
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    if rows:
        connection.execute(insert(unanswered_decisions).on_conflict_do_nothing(), rows)


def take_back(connection: Connection, ids: Iterable[int]) -> int:
    """Forget what was decided of these messages; gives of how many."""
    wanted = unanswered_decisions.delete().where(unanswered_decisions.c.message_id.in_(list(ids)))
    return int(connection.execute(wanted).rowcount)


def judge(
    connection: Connection, found: Iterable[Any], member: Member, intent: str, passage: str, now: float
) -> Settled:
    """Judge the messages of a cluster that can be judged together: their intent, and their passage.

    Left out is what somebody judged before, has open, what may be a danger, and what Kalm cannot learn from
    as it stands.

    Args:
        connection: of a transaction that writes.
        found: items with their text.
        member: who judges.
        intent: of all of them.
        passage: id of the passage that answers them.
        now: seconds since 1970.
    """
    wanted = list(_wanted(found, intent, passage))[:MOST_JUDGED]
    return settle(connection, member, new_batch(), wanted, now) if wanted else Settled()


def _wanted(found: Iterable[Any], intent: str, passage: str) -> Iterator[Wanted]:
    for item in found:
        sentence = tidied(item.text)
        is_safe = not sees_danger(item.text, item.intent, item.kind)
        if item.state in _TO_JUDGE and is_safe and not what_is_wrong_with(sentence):
            said = Judgement(sentence, intent, passage=passage)
            yield Wanted(item.message_id, item.version, state_after_judging(), said)
