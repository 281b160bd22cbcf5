"""What the team decides of a cluster: it needs no article, or it stands in one already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy.engine import Connection

from review.access.members import Member
from review.judging.danger import sees_danger
from review.judging.judgements import Judgement, Wanted, state_after_judging
from review.judging.sentences import tidied, what_is_wrong_with
from review.states import ItemState
from storage.database import insert_those_not_there
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
    insert_those_not_there(connection, unanswered_decisions, rows)


def take_back(connection: Connection, ids: Iterable[int]) -> int:
    """Forget what was decided of these messages; gives of how many."""
    wanted = unanswered_decisions.delete().where(unanswered_decisions.c.message_id.in_(list(ids)))
    return int(connection.execute(wanted).rowcount)


def to_judge(found: Iterable[Any], intent: str, passage: str) -> list[Wanted]:
    """The judgements of the messages of a cluster that can be judged together, :data:`MOST_JUDGED` at most.

    Left out is what somebody judged before, has open, what may be a danger, and what Kalm cannot learn from
    as it stands.

    Args:
        found: items with their text.
        intent: of all of them.
        passage: id of the passage that answers them.
    """
    return list(islice(_wanted(found, intent, passage), MOST_JUDGED))


def _wanted(found: Iterable[Any], intent: str, passage: str) -> Iterator[Wanted]:
    for item in found:
        sentence = tidied(item.text)
        is_safe = not sees_danger(item.text, item.intent, item.kind)
        if item.state in _TO_JUDGE and is_safe and not what_is_wrong_with(sentence):
            said = Judgement(sentence, intent, passage=passage)
            yield Wanted(item.message_id, item.version, state_after_judging(), said)
