"""What the review screens keep goes with the message it is about, or in its own time."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import erasure
from storage.database import Database
from storage.messages import Message, store
from storage.retention import AUDIT_DAYS, DAY, GUEST_DAYS, purge
from storage.schema import (
    BY_REFERENCE,
    audit_log,
    candidates,
    conversations,
    guest_links,
    guest_marks,
    handover_cases,
    handovers,
    judgement_steps,
    judgements,
    messages,
    metadata,
    review_comments,
    review_items,
    review_locks,
    team_members,
    team_sessions,
    unanswered_decisions,
)

NOW = 1_800_000_000.0
CONVERSATION = "a" * 32


@pytest.fixture
def reviewed(database: Database) -> int:
    """Id of a message that asked for a person, with everything the screens can keep of it."""
    said = Message(
        text="mag ik iemand spreken",
        at=NOW,
        channel="website",
        intent="ask_human",
        confidence=0.9,
        reply=({"custom": {"kind": "handoff"}},),
        helped=None,
        understood={"ranking": [], "entities": []},
    )
    with database.writing() as connection:
        connection.execute(
            conversations.insert().values(
                id=CONVERSATION,
                channel="website",
                started_at=NOW,
                last_at=NOW,
                last_event=0,
                last_message=1,
                slots={},
            )
        )
        store(connection, CONVERSATION, [said], 0, 100)
        message_id = connection.scalar(sa.select(messages.c.id))
        member = add_member(connection)
        review(connection, message_id, member)
    return int(message_id)


def add_member(connection: Connection) -> int:
    added = connection.execute(
        team_members.insert().values(
            name="bea",
            full_name="Bea Bos",
            role="beoordelaar",
            password_hash="",
            must_change=False,
            created_at=NOW,
            failures=0,
            locked_until=0,
        )
    )
    return int(added.inserted_primary_key[0])


def review(connection: Connection, message_id: int, member: int) -> None:
    of_message: dict[str, Any] = {"message_id": message_id}
    connection.execute(
        review_items.insert().values(
            **of_message,
            at=NOW,
            channel="website",
            intent="ask_human",
            confidence=0.9,
            kind="handoff",
            group_key="0" * 32,
            score=1,
            reasons=[],
            state="judged",
            version=1,
        )
    )
    connection.execute(
        judgements.insert().values(
            **of_message,
            text="mag ik iemand spreken",
            intent="ask_human",
            entities=[],
            passage="",
            proposal="",
            judged_by=member,
            judged_at=NOW,
            second_intent="",
            candidate="",
        )
    )
    step = {
        "batch": "1",
        "member_id": member,
        "at": NOW,
        "before": {"state": "new"},
        "became": "",
        "version": 1,
    }
    connection.execute(judgement_steps.insert().values(**of_message, **step))
    connection.execute(
        review_comments.insert().values(**of_message, member_id=member, at=NOW, text="mag hier iemand bij?")
    )
    connection.execute(review_locks.insert().values(**of_message, member_id=member, until=NOW + 90))
    connection.execute(
        unanswered_decisions.insert().values(**of_message, passage="none", member_id=member, at=NOW)
    )
    handover = connection.scalar(sa.select(handovers.c.id))
    case = {"state": "taken", "member_id": member, "changed_at": NOW, "note": "gebeld", "version": 1}
    connection.execute(handover_cases.insert().values(handover_id=handover, **case))


def left(database: Database) -> dict[str, int]:
    """Rows of each table that goes with what it is about."""
    with database.reading() as connection:
        return {
            table.name: int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
            for table in metadata.sorted_tables
            if table.info["erasure"] == BY_REFERENCE
        }


def test_whoever_is_forgotten_is_forgotten_on_the_screens_too(database: Database, reviewed: int) -> None:
    assert min(left(database).values()) == 1, "a table that this test does not fill"
    with database.writing() as connection:
        erasure.erase(connection, CONVERSATION, erasure.BY_VISITOR)
    assert set(left(database).values()) == {0}


def test_a_message_that_lost_its_conversation_keeps_its_judgement_and_only_its_day(
    database: Database, reviewed: int
) -> None:
    purge(database, NOW + 31 * DAY)
    kept = left(database)
    assert kept.pop("handover_cases") == 0, "it belonged to the conversation"
    assert set(kept.values()) == {1}
    with database.reading() as connection:
        assert connection.scalar(sa.select(review_items.c.at)) == NOW // DAY * DAY
        assert connection.scalar(sa.select(messages.c.at)) == NOW // DAY * DAY
    purge(database, NOW + 91 * DAY)
    assert set(left(database).values()) == {0}


def test_what_is_known_of_the_team_and_its_guests_goes_in_time(database: Database) -> None:
    with database.writing() as connection:
        member = add_member(connection)
        connection.execute(
            team_sessions.insert().values(
                token_hash="0" * 64, member_id=member, csrf_token="x", started_at=NOW, last_at=NOW
            )
        )
        connection.execute(
            audit_log.insert().values(at=NOW, member="bea", action="login", subject="", details={})
        )
        connection.execute(
            candidates.insert().values(
                id="c",
                at=NOW,
                member_id=member,
                state="ready",
                error="",
                files=[],
                release={},
                earlier={},
            )
        )
        link = {"token_hash": "1" * 64, "candidate": "c", "name": "Gijs", "member_id": member}
        connection.execute(guest_links.insert().values(**link, at=NOW, until=NOW + DAY))
        connection.execute(
            guest_marks.insert().values(link="1" * 64, at=NOW, question="wat is rls", reply=[], remark="")
        )
    assert purge(database, NOW + DAY - 60).of_team == 0
    assert purge(database, NOW + DAY + 60).of_team == 1, "the session"
    assert purge(database, NOW + (GUEST_DAYS + 1) * DAY - 60).of_team == 0
    assert purge(database, NOW + (GUEST_DAYS + 1) * DAY + 60).of_team == 2, "the link and its marks"
    assert purge(database, NOW + AUDIT_DAYS * DAY + 60).of_team == 1, "the line of the audit log"
