from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from kalm.settings import settings
from review.overview.numbers import DANGER, NO_ANSWER, Numbers, Part, count
from review.overview.periods import Period
from storage.retention import DAY, purge
from storage.schema import feedback, messages
from tests.review.conftest import Shop

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 11, 2)


def moment(day: int, hour: int = 12, minute: int = 0) -> float:
    return datetime(2026, 11, day, hour, minute, tzinfo=AMSTERDAM).timestamp()


def numbers(shop: Shop, first: int = 2, last: int = 8, by_week: bool = False) -> Numbers:
    with shop.database.reading() as connection:
        return count(connection, Period(date(2026, 11, first), date(2026, 11, last), by_week))


def test_without_messages_every_number_is_nought(shop: Shop) -> None:
    found = numbers(shop)

    assert list(found.parts) == [date(2026, 11, day) for day in range(2, 9)]
    assert (found.total.messages, found.total.conversations, sum(found.hours)) == (0, 0, 0)
    assert found.total.share_without_person is None
    assert found.total.share_helped is None
    assert found.total.percentile(0.5) is None
    assert found.passages == ()


def test_one_message_is_one_of_everything(shop: Shop) -> None:
    shop.conversation({}, at=moment(3, 9))

    found = numbers(shop)

    assert found.total.messages == found.parts[date(2026, 11, 3)].messages == 1
    assert found.total.conversations == found.total.without_person == 1
    assert dict(found.total.channels) == {"website": 1}
    assert found.hours[9] == sum(found.hours) == 1
    assert found.total.percentile(0.5) == found.total.percentile(0.95) == 120
    assert [(shown.title, shown.times) for shown in found.passages] == [
        ("Wat het is (Rusteloze benen herkennen)", 1)
    ]


def test_a_message_just_before_midnight_and_one_just_after_are_of_two_days(shop: Shop) -> None:
    shop.conversation({"at": moment(3, 23, 59) + 59.9}, {"at": moment(4, 0, 0)})

    found = numbers(shop)

    assert [found.parts[date(2026, 11, day)].messages for day in (3, 4)] == [1, 1]
    assert [found.parts[date(2026, 11, day)].conversations for day in (3, 4)] == [1, 1]
    assert found.total.conversations == 1
    assert (found.hours[23], found.hours[0]) == (1, 1)


def test_what_is_outside_the_period_is_not_counted(shop: Shop) -> None:
    shop.conversation({}, at=moment(1, 23, 59))
    shop.conversation({}, at=moment(9, 0, 0))

    assert numbers(shop).total.messages == 0
    assert numbers(shop, 1, 9).total.messages == 2


def test_weeks_begin_on_monday_and_may_be_cut_off(shop: Shop) -> None:
    shop.conversation({}, at=moment(8, 23))
    shop.conversation({}, at=moment(9, 1))

    found = numbers(shop, 4, 10, by_week=True)

    assert {day: part.messages for day, part in found.parts.items()} == {MONDAY: 1, date(2026, 11, 9): 1}


def test_without_a_person_is_a_conversation_without_handover_and_without_a_no(shop: Shop) -> None:
    shop.conversation({}, {}, at=moment(3))
    shop.conversation({}, {"kind": "handoff"}, {"kind": "handoff"}, at=moment(3))
    shop.conversation({}, {"helped": False}, at=moment(4))
    shop.conversation({}, {"helped": True}, at=moment(4))

    found = numbers(shop)

    assert (found.total.conversations, found.total.without_person) == (4, 2)
    assert found.parts[date(2026, 11, 3)].share_without_person == 0.5
    assert (found.total.helped, found.total.not_helped, found.total.share_helped) == (1, 1, 0.5)


def test_kinds_are_counted_together_where_they_mean_the_same(shop: Shop) -> None:
    kinds = ("no_answer", "out_of_scope", "emergency", "crisis", "referral", "answer")
    shop.conversation(*({"kind": kind} for kind in kinds), at=moment(3), channel="whatsapp")

    total = numbers(shop).total

    assert (total.of_kinds(NO_ANSWER), total.of_kinds(DANGER), total.messages) == (2, 2, 6)
    assert dict(total.channels) == {"whatsapp": 6}


def test_percentiles_are_the_nearest_rank() -> None:
    part = Part()
    part.taken.update(range(1, 101))

    assert (part.percentile(0.5), part.percentile(0.95), part.percentile(1)) == (50, 95, 100)


def test_the_passages_of_most_replies_come_first_and_each_reply_counts_once(shop: Shop) -> None:
    shop.conversation(
        {"passages": ("a#een", "a#twee")}, {"passages": ("a#twee",)}, {"passages": ("a#twee", "a#twee")},
        {"kind": "no_answer"}, at=moment(3),
    )  # fmt: skip

    assert [(shown.id, shown.times) for shown in numbers(shop).passages] == [("a#twee", 3), ("a#een", 1)]


def test_a_damaged_row_costs_nothing_but_itself(shop: Shop) -> None:
    shop.conversation({}, {}, {}, {}, at=moment(3))
    with shop.database.writing() as connection:
        ids = list(connection.scalars(sa.select(messages.c.id)))
        for id_, passages, reply in zip(
            ids,
            ([{"id": 3}, "x"], {"a": 1}, None, [{"id": "a#een"}]),
            (None, [], {}, [{"custom": {"passages": ["x", {}]}}]),
            strict=True,
        ):
            changed = messages.update().where(messages.c.id == id_)
            connection.execute(changed.values(passages=passages, reply=reply))
        if shop.database.is_sqlite:
            connection.exec_driver_sql(f"UPDATE messages SET passages = '[{{' WHERE id = {ids[2]}")

    found = numbers(shop)

    assert found.total.messages == 4
    assert [(shown.title, shown.times) for shown in found.passages] == [("a#een", 1)]


def test_a_message_whose_conversation_is_gone_counts_as_a_message_of_its_day_alone(shop: Shop) -> None:
    day = settings().conversation_days * DAY
    at = datetime(2026, 11, 3, 10, tzinfo=timezone.utc).timestamp()
    shop.conversation({"helped": None}, {"helped": True}, {"kind": "handoff"}, at=at)

    purge(shop.database, at + day + 3600)

    found = numbers(shop)
    assert found.loose == found.total.messages == found.parts[date(2026, 11, 3)].messages == 3
    assert dict(found.total.channels) == {"website": 3}
    assert found.total.kinds["handoff"] == 1
    assert (found.total.conversations, found.total.helped, sum(found.hours)) == (0, 0, 0)
    assert found.total.percentile(0.5) is None
    assert [(shown.title, shown.times) for shown in found.passages] == [
        ("rusteloze-benen-herkennen#wat-is-het", 2)
    ]


def test_feedback_counts_on_the_day_that_it_was_given(shop: Shop) -> None:
    shop.conversation({"at": moment(3, 23, 59)}, {"at": moment(4, 0, 1), "helped": False})

    with shop.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(feedback)) == 1
    assert [numbers(shop).parts[date(2026, 11, day)].not_helped for day in (3, 4)] == [0, 1]
