"""Two workers at once, broken turns, a database that goes away: nothing is lost, doubled or begun anew."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import SlotSet

from storage.database import Database
from storage.erasure import hash_of
from storage.live_tracker import LiveTracker
from storage.schema import conversations, erasures, events, messages, metadata
from storage.tracker_store import KalmTrackerStore
from storage.turn import Turn, turn
from tests.storage.test_tracker_store import DOMAIN, SENDER, open_store, run, said, saved, store

__all__ = ["store"]  # the fixture
WORKERS = 2
TURNS = 30


def texts(store: KalmTrackerStore, sender: str = SENDER) -> list[str]:
    full = run(store.retrieve_full_tracker(sender))
    return [] if full is None else [event.text for event in full.events if event.type_name == "user"]


def save_in_turn(store: FailSafeTrackerStore | KalmTrackerStore, text: str, sender: str = SENDER) -> Turn:
    async def one() -> Turn:
        with turn() as going_on:
            tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
            tracker.update(said(text), DOMAIN)
            await store.save(tracker)
        return going_on

    return run(one())


def test_two_workers_on_one_conversation_lose_and_double_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = [open_store(address, monkeypatch) for _ in range(WORKERS)]
    saved(stores[0])
    start = threading.Barrier(WORKERS)

    def work(number: int) -> list[bool]:
        start.wait()
        return [save_in_turn(stores[number], f"{number}-{count}").saved for count in range(TURNS)]

    with ThreadPoolExecutor(WORKERS) as pool:
        assert all(all(done) for done in pool.map(work, range(WORKERS)))

    found = texts(stores[0])
    assert sorted(found) == sorted(f"{n}-{count}" for n in range(WORKERS) for count in range(TURNS))
    for number in range(WORKERS):
        own = [text for text in found if text.startswith(f"{number}-")]
        assert own == [f"{number}-{count}" for count in range(TURNS)]
    with Database(address).reading() as connection:
        for table in (events, messages):
            numbers = list(connection.scalars(sa.select(table.c.number).order_by(table.c.number)))
            assert numbers == list(range(1, WORKERS * TURNS + 1))


def test_what_another_worker_wrote_is_seen_at_the_next_message(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (open_store(address, monkeypatch) for _ in range(2))
    saved(one, SlotSet("location", "Assen"))
    saved(two, SlotSet("location", "Emmen"))
    assert run(one.retrieve(SENDER)).get_slot("location") == "Emmen"


def test_two_that_hold_the_same_conversation_both_keep_what_they_heard(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (open_store(address, monkeypatch) for _ in range(2))
    saved(one, said("begin"))
    first, second = run(one.retrieve(SENDER)), run(two.retrieve(SENDER))
    first.update(said("van de een"))
    second.update(said("van de ander"))
    run(one.save(first))
    run(two.save(second))
    assert texts(one) == ["begin", "van de een", "van de ander"]
    for each in (one, two):
        again = run(each.retrieve(SENDER))
        assert [event.text for event in again.events] == ["begin", "van de een", "van de ander"]


def test_a_turn_that_broke_off_leaves_nothing_behind(store: KalmTrackerStore) -> None:
    saved(store, said("gelukt"))
    broken_off = run(store.retrieve(SENDER))
    broken_off.update(said("afgebroken"))
    again = run(store.retrieve(SENDER))
    assert [event.text for event in again.events] == ["gelukt"]


def test_a_turn_that_came_too_late_is_still_kept(store: KalmTrackerStore) -> None:
    saved(store, said("eerst"))
    slow = run(store.retrieve(SENDER))
    slow.update(said("traag"))
    saved(store, said("snel"))
    run(store.save(slow))
    assert texts(store) == ["eerst", "snel", "traag"]


@pytest.fixture
def gone(store: KalmTrackerStore, tmp_path: Path) -> KalmTrackerStore:
    """A store whose database went away after a message was kept."""
    saved(store, said("van voor de storing"))
    if store._database.file is not None:
        for file in tmp_path.glob("kalm.db*"):
            file.rename(tmp_path / f"weg-{file.name}")
    else:
        allow_connections(store._database, False)
    return store


def come_back(store: KalmTrackerStore, tmp_path: Path) -> None:
    if store._database.file is not None:
        for file in tmp_path.glob("weg-*"):
            file.rename(tmp_path / file.name.removeprefix("weg-"))
    else:
        allow_connections(store._database, True)


def allow_connections(database: Database, allowed: bool) -> None:
    """Let PostgreSQL refuse this database, and end the connections that are open."""
    url = database.engine.url
    server = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS {allowed}"))
        if not allowed:
            backends = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
            connection.execute(backends, {"name": url.database})
    server.dispose()


def test_without_a_database_a_turn_is_not_saved_and_nobody_is_told_so_by_an_exception(
    gone: KalmTrackerStore,
) -> None:
    wrapper = FailSafeTrackerStore(gone)
    assert not save_in_turn(wrapper, "tijdens de storing").saved
    assert wrapper._fallback_tracker_store is None, "Rasa would keep it in memory, and never again look there"


def test_a_conversation_does_not_begin_anew_when_it_cannot_be_read(
    gone: KalmTrackerStore, tmp_path: Path
) -> None:
    async def one() -> Turn:
        with turn() as going_on:
            lost = await gone.get_or_create_tracker(SENDER)
            assert isinstance(lost, LiveTracker)
            lost.update(said("tijdens de storing"))
            come_back(gone, tmp_path)
            await gone.save(lost)  # as if it were a new conversation
        return going_on

    assert not run(one()).saved
    assert texts(gone) == ["van voor de storing"]


def test_when_the_database_is_back_the_conversation_goes_on(gone: KalmTrackerStore, tmp_path: Path) -> None:
    assert not save_in_turn(gone, "tijdens de storing").saved
    come_back(gone, tmp_path)
    assert save_in_turn(gone, "na de storing").saved
    assert texts(gone) == ["van voor de storing", "na de storing"]


def test_a_failed_save_leaves_nothing_half_written(
    store: KalmTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(store, said("eerst"))

    def fail(*arguments: object) -> int:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr("storage.messages.store", fail)
        assert not save_in_turn(store, "mislukt").saved
    assert texts(store) == ["eerst"]
    assert save_in_turn(store, "daarna").saved
    assert texts(store) == ["eerst", "daarna"]
    with store._database.reading() as connection:
        assert list(connection.scalars(sa.select(events.c.number))) == [1, 2]


@pytest.mark.parametrize("sort", ["sqlite"], indirect=True)
def test_a_removed_file_of_sqlite_is_not_made_anew(gone: KalmTrackerStore, tmp_path: Path) -> None:
    save_in_turn(gone, "tijdens de storing")
    assert not (tmp_path / "kalm.db").exists()


def test_a_receipt_in_the_slot_erases_the_conversation_instead_of_saving_it(store: KalmTrackerStore) -> None:
    saved(store, said("een geheim"), SlotSet("helped", True))
    saved(store, said("ander gesprek"), sender="ander")
    tracker = saved(store, said("vergeet mij"), SlotSet("erasure", "K-2345-6789"))
    assert run(store.retrieve(SENDER)) is None
    with store._database.reading() as connection:
        receipt = connection.execute(sa.select(erasures)).one()
        assert (receipt.receipt, receipt.conversation_hash, receipt.asked_by) == (
            "K-2345-6789",
            hash_of(SENDER),
            "visitor",
        )
        for table in metadata.sorted_tables:
            if "conversation_id" in table.c:
                assert SENDER not in set(connection.scalars(sa.select(table.c.conversation_id)))
        assert list(connection.scalars(sa.select(conversations.c.id))) == ["ander"]
    tracker.update(said("een bericht dat al onderweg was"))
    run(store.save(tracker))
    assert run(store.retrieve(SENDER)) is None
    assert texts(store, "ander") == ["ander gesprek"]


def test_many_conversations_at_once(store: KalmTrackerStore) -> None:
    async def all_of_them() -> None:
        async def one(number: int) -> None:
            with turn() as going_on:
                tracker = await store.get_or_create_tracker(f"gesprek {number}")
                tracker.update(said(f"vraag {number}"), DOMAIN)
                await store.save(tracker)
            assert going_on.saved

        await asyncio.gather(*(one(number) for number in range(40)))

    run(all_of_them())
    assert len(list(run(store.keys()))) == 40
    assert texts(store, "gesprek 7") == ["vraag 7"]
