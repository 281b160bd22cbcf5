"""The checks that Rasa's own suite makes of a tracker store, written anew, on both databases.

Rasa 3.6.21, tests/core/test_tracker_stores.py: create and get, what comes back is what went in, restart,
sessions, only new events are added, order, keys, the domain, and what the agent's wrapper does with
failures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore, create_tracker_store
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from kalm.privacy.pseudonyms import Pseudonyms
from kalm.settings import load_settings
from storage import tracker_store as module
from storage.conversations import Conversations
from storage.errors import StorageError
from storage.live_tracker import HISTORY, LiveTracker
from storage.tracker_store import KalmTrackerStore
from storage.turn import current_turn, turn

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, ask]
slots:
  location: {type: text, mappings: [{type: custom}]}
  helped: {type: bool, mappings: [{type: custom}]}
  erasure: {type: any, mappings: [{type: custom}]}
responses:
  utter_greet: [{text: hallo}]
"""
)
SENDER = "een-gesprek"
Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(coroutine)


@pytest.fixture
def store(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[KalmTrackerStore]:
    made = open_store(address, monkeypatch)
    yield made
    made._database.close()


def open_store(address: str, monkeypatch: pytest.MonkeyPatch) -> KalmTrackerStore:
    monkeypatch.setattr(module, "settings", lambda: load_settings(database=address))
    return KalmTrackerStore(DOMAIN)


def said(text: str, **others: Any) -> UserUttered:
    intent = {"name": "ask", "confidence": 0.9}
    return UserUttered(text, intent, parse_data={"intent": intent, "entities": [], "text": text}, **others)


def saved(store: KalmTrackerStore, *events: Event, sender: str = SENDER) -> LiveTracker:
    """What a turn does: get the tracker, let things happen, save it."""
    tracker = run(store.get_or_create_tracker(sender, append_action_listen=False))
    assert isinstance(tracker, LiveTracker)
    for event in events:
        tracker.update(event, DOMAIN)
    run(store.save(tracker))
    return tracker


def test_rasa_makes_it_from_the_endpoints_file(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "settings", lambda: load_settings(database=address))
    made = create_tracker_store(EndpointConfig(type="storage.tracker_store.KalmTrackerStore"), DOMAIN)
    assert isinstance(made, KalmTrackerStore)
    assert made.domain == DOMAIN


def test_rasa_does_not_start_on_a_database_without_schema(
    empty_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "settings", lambda: load_settings(database=empty_address))
    with pytest.raises(StorageError, match="python -m kalm migrate"):
        TrackerStore.create(EndpointConfig(type="storage.tracker_store.KalmTrackerStore"), DOMAIN)


def test_what_nobody_started_is_not_there(store: KalmTrackerStore) -> None:
    assert run(store.retrieve(SENDER)) is None
    assert run(store.retrieve_full_tracker(SENDER)) is None
    assert not run(store.exists(SENDER))
    assert list(run(store.keys())) == []


def test_get_or_create(store: KalmTrackerStore) -> None:
    tracker = run(store.get_or_create_tracker(SENDER))
    assert [event.action_name for event in tracker.events] == [ACTION_LISTEN_NAME]
    event = SlotSet("location", "Groningen")
    tracker.update(event)
    run(store.save(tracker))
    again = run(store.get_or_create_tracker(SENDER))
    assert event in again.events
    assert again.get_slot("location") == "Groningen"
    assert run(store.exists(SENDER))
    assert list(run(store.keys())) == [SENDER]


@pytest.mark.parametrize("fresh", [False, True], ids=["same process", "other process"])
def test_what_comes_back_is_what_went_in(
    store: KalmTrackerStore, address: str, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    before = saved(
        store,
        ActionExecuted(ACTION_LISTEN_NAME),
        said("ik woon in Ruïnen 🦵", input_channel="rest"),
        SlotSet("location", "Ruïnen"),
        ActionExecuted("utter_greet", policy="RulePolicy", confidence=1.0),
        BotUttered("hallo", {"custom": {"kind": "answer", "passages": []}}),
        ActionExecuted(ACTION_LISTEN_NAME),
    )
    after = run((open_store(address, monkeypatch) if fresh else store).retrieve(SENDER))
    assert after is not None
    assert list(after.events) == list(before.events)
    assert after.current_state() == before.current_state()
    assert after.latest_message == before.latest_message
    assert after.latest_bot_utterance == before.latest_bot_utterance
    assert after.latest_action_name == ACTION_LISTEN_NAME


@pytest.mark.parametrize("fresh", [False, True], ids=["same process", "other process"])
def test_after_a_restart_nothing_is_remembered(
    store: KalmTrackerStore, address: str, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    saved(store, said("hoi"), SlotSet("location", "Assen"), Restarted(), ActionExecuted(ACTION_LISTEN_NAME))
    after = run((open_store(address, monkeypatch) if fresh else store).retrieve(SENDER))
    assert after is not None
    assert after.get_slot("location") is None
    assert after.latest_message.text is None
    assert after.applied_events() == [ActionExecuted(ACTION_LISTEN_NAME)]


@pytest.mark.parametrize("fresh", [False, True], ids=["same process", "other process"])
def test_only_the_latest_session_is_retrieved_and_the_full_tracker_has_all(
    store: KalmTrackerStore, address: str, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    first = [said("hola", timestamp=1), BotUttered("hoi", timestamp=2)]
    second = [SessionStarted(timestamp=3), said("ciao", timestamp=4)]
    saved(store, *first)
    saved(store, said("iets anders", timestamp=1), sender="een ander gesprek")
    saved(store, *second)
    reader = open_store(address, monkeypatch) if fresh else store
    latest, full = run(reader.retrieve(SENDER)), run(reader.retrieve_full_tracker(SENDER))
    assert latest is not None
    assert full is not None
    assert list(latest.events) == second
    assert list(full.events) == [*first, *second]


def test_slots_set_before_a_session_started_are_reset_by_it(store: KalmTrackerStore) -> None:
    saved(store, SlotSet("location", "Emmen"), SessionStarted())
    after = run(store.retrieve(SENDER))
    assert after is not None
    assert after.get_slot("location") is None


def test_only_what_is_new_is_added(store: KalmTrackerStore) -> None:
    saved(store, said("een"), BotUttered("een"))
    saved(store, said("twee"))
    saved(store)
    full = run(store.retrieve_full_tracker(SENDER))
    assert full is not None
    assert [event.as_dict()["text"] for event in full.events] == ["een", "een", "twee"]


def test_a_tracker_that_rasa_made_itself_is_kept_as_well(store: KalmTrackerStore) -> None:
    events: list[Event] = [said("een"), SessionStarted(), said("twee")]
    run(store.save(DialogueStateTracker.from_events(SENDER, events, DOMAIN.slots)))
    latest = [*events[1:], said("drie")]
    run(store.save(DialogueStateTracker.from_events(SENDER, latest, DOMAIN.slots)))
    full = run(store.retrieve_full_tracker(SENDER))
    assert full is not None
    assert list(full.events) == [*events, latest[-1]]


def test_events_keep_their_order_though_their_clock_does_not(store: KalmTrackerStore) -> None:
    saved(store, said("een", timestamp=9), said("twee", timestamp=3), said("drie", timestamp=9))
    full = run(store.retrieve_full_tracker(SENDER))
    assert full is not None
    assert [event.text for event in full.events] == ["een", "twee", "drie"]


def test_the_same_conversation_id_is_one_conversation_and_another_is_not(store: KalmTrackerStore) -> None:
    saved(store, SlotSet("location", "Assen"), sender="a")
    saved(store, SlotSet("location", "Emmen"), sender="b")
    assert {id_: run(store.retrieve(id_)).get_slot("location") for id_ in "ab"} == {
        "a": "Assen",
        "b": "Emmen",
    }
    assert sorted(run(store.keys())) == ["a", "b"]


def test_a_conversation_that_goes_on_is_not_read_again(
    store: KalmTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = saved(store, said("een"))
    monkeypatch.setattr(LiveTracker, "of_events", None)
    assert run(store.retrieve(SENDER)) is tracker
    tracker.update(said("twee"))
    run(store.save(tracker))
    assert run(store.retrieve(SENDER)) is tracker


def test_a_conversation_that_this_message_began_is_read_where_another_bot_may_have_been_quicker(
    store: KalmTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, read = Conversations(store._database, Pseudonyms([bytes(32)])), []
    retrieve = store._retrieve
    monkeypatch.setattr(store, "_retrieve", lambda started: read.append(started) or retrieve(started))

    async def hold_two_turns() -> None:
        with turn():
            started = await asyncio.to_thread(known.find_or_start, "rest", "bezoeker")
            first = await store.retrieve(started)
            assert isinstance(first, LiveTracker)
            assert not first.events
            assert read == ([] if store._database.is_sqlite else [started])
            first.update(said("hoi"), DOMAIN)
            await store.save(first)
            assert await store.retrieve(started) is first
        with turn():
            assert known.find_or_start("rest", "bezoeker") == started
            store._recent.drop(started)
            later = await store.retrieve(started)
            assert later is not None
            assert [event.as_dict() for event in later.events] == [one.as_dict() for one in first.events]

    run(hold_two_turns())


def test_what_another_bot_answered_first_in_a_new_conversation_is_seen(
    store: KalmTrackerStore, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store._database.is_sqlite:
        pytest.skip("SQLite has one bot, but for the moment in which a release takes over")
    known, other = (
        Conversations(store._database, Pseudonyms([bytes(32)])),
        open_store(address, monkeypatch),
    )

    async def be_overtaken() -> DialogueStateTracker | None:
        with turn():
            started = await asyncio.to_thread(known.find_or_start, "rest", "bezoeker")
            tracker = await other.retrieve(started)
            assert isinstance(tracker, LiveTracker)
            tracker.update(said("hoi"), DOMAIN)
            tracker.update(SlotSet("location", "Groningen"), DOMAIN)
            await other.save(tracker)
            current_turn().began = started  # the other bot has a turn of its own
            return await store.retrieve(started)

    seen = run(be_overtaken())
    other._database.close()
    assert seen is not None
    assert seen.get_slot("location") == "Groningen"


def test_a_silent_conversation_leaves_the_memory(
    store: KalmTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.tracker_store.IDLE", -0.95)
    monkeypatch.setattr("storage.recent.IDLE", 0)

    async def a_message_and_silence() -> None:
        await store.get_or_create_tracker(SENDER)
        await store.retrieve(SENDER)
        assert len(store._recent) == 1
        await asyncio.sleep(0.3)
        assert len(store._recent) == 0

    run(a_message_and_silence())


def test_only_so_many_conversations_are_in_memory(
    store: KalmTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.recent.MOST", 3)
    for number in range(5):
        saved(store, said("een"), sender=f"gesprek {number}")
        run(store.retrieve(f"gesprek {number}"))
    assert len(store._recent) == 3
    assert store._recent.get("gesprek 0") is None


def test_history_is_bounded_and_what_was_said_before_it_still_counts(
    store: KalmTrackerStore, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(store, SlotSet("location", "Haren"))
    for number in range(HISTORY):
        saved(store, said(f"vraag {number}"), BotUttered("antwoord"), ActionExecuted(ACTION_LISTEN_NAME))
    for reader in (store, open_store(address, monkeypatch)):
        after = run(reader.retrieve(SENDER))
        assert after is not None
        assert len(after.events) == HISTORY
        assert after.get_slot("location") == "Haren"
        assert after.latest_message.text == f"vraag {HISTORY - 1}"
        full = run(reader.retrieve_full_tracker(SENDER))
        assert full is not None
        assert len(full.events) == 3 * HISTORY + 1


def test_a_copy_is_in_the_same_state_and_changes_nothing_of_the_first(store: KalmTrackerStore) -> None:
    tracker = saved(store, said("hoi"), SlotSet("location", "Assen"))
    other = tracker.copy()
    assert other.current_state() == tracker.current_state()
    other.update(SlotSet("location", "Emmen"))
    other.update(ActionExecuted(ACTION_SESSION_START_NAME))
    assert tracker.get_slot("location") == "Assen"
    assert len(other.events) == len(tracker.events) + 1 + 1
    assert tracker.new_events == []


def test_the_agent_uses_it_through_its_wrapper(store: KalmTrackerStore) -> None:
    wrapper = Agent(domain=DOMAIN, tracker_store=store).tracker_store
    assert isinstance(wrapper, FailSafeTrackerStore)
    tracker = run(wrapper.get_or_create_tracker(SENDER))
    tracker.update(said("hoi"))
    run(wrapper.save(tracker))
    again = run(wrapper.retrieve(SENDER))
    assert again is not None
    assert again.latest_message.text == "hoi"
    assert list(run(wrapper.keys())) == [SENDER]
    other = Domain.empty()
    wrapper.domain = other
    assert store.domain is other
