from __future__ import annotations

import ast
import logging
import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from kalm.logs import sink as sinks
from kalm.logs.entries import Entry
from kalm.logs.errors import Failure
from kalm.logs.fields import CHANNELS, OUTCOMES, allowed
from kalm.logs.libraries import EVENT
from kalm.metrics import ALARMS, FAILURES, OTHER, REFUSALS, REFUSING, Metrics
from kalm.reply import Kind
from kalm.settings import ROOT

ROOMS = ("kalm", "storage", "nlu", "bot", "actions", "channels", "review", "commands", "web")
FAILED = (Failure("KeyError"),)
SQL = (Failure("ValueError"), Failure("sqlalchemy.exc.OperationalError"))


def moved(metrics: Metrics) -> dict[str, float]:
    """All that is not zero, but for the process and the buckets."""
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.value and not sample.name.startswith("process_") and not sample.name.endswith("_bucket")
    }


def message(**fields: object) -> Entry:
    return Entry("message", logging.INFO, allowed(fields))


def test_a_message_counts_as_a_reply_and_by_its_time() -> None:
    metrics = Metrics("bot")
    metrics.count(message(channel="rest", kind=Kind.ANSWER, milliseconds=250.0, conversation="a" * 64))
    assert moved(metrics) == {
        "kalm_replies_total rest answer": 1,
        "kalm_answer_seconds_count rest": 1,
        "kalm_answer_seconds_sum rest": 0.25,
    }


@pytest.mark.parametrize("kind", [*sorted(OUTCOMES), *(kind.value for kind in Kind)])
@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_each_kind_of_each_channel_has_a_counter_of_its_own(kind: str, channel: str) -> None:
    metrics = Metrics("bot")
    metrics.count(message(channel=channel, kind=kind))
    assert moved(metrics) == {f"kalm_replies_total {channel} {kind}": 1}


@pytest.mark.parametrize(("event", "name"), FAILURES.items())
def test_each_failure_counts_by_its_name(event: str, name: str) -> None:
    metrics = Metrics("web")
    metrics.count(Entry(event, logging.ERROR, failures=FAILED))
    assert moved(metrics) == {f"kalm_failures_total {name}": 1}


@pytest.mark.parametrize(("event", "name"), ALARMS.items())
def test_each_alarm_counts_by_its_name(event: str, name: str) -> None:
    metrics = Metrics("web")
    metrics.count(Entry(event, logging.ERROR))
    assert moved(metrics) == {f"kalm_alarms_total {name}": 1}


def test_what_is_not_known_counts_as_other() -> None:
    metrics = Metrics("bot")
    metrics.count(Entry("something new", logging.ERROR, failures=FAILED))
    metrics.count(Entry("something new", logging.ERROR))
    metrics.count(message(channel="fax", kind="poem"))
    metrics.refused("/etc/passwd", "mood")
    assert moved(metrics) == {
        "kalm_failures_total other": 1,
        "kalm_alarms_total other": 1,
        "kalm_replies_total other other": 1,
        "kalm_refusals_total other other": 1,
    }


def test_an_error_of_the_database_counts_wherever_it_comes_from() -> None:
    metrics = Metrics("bot")
    metrics.count(Entry("a conversation could not be saved", logging.ERROR, failures=SQL))
    metrics.count(Entry(EVENT, logging.ERROR, failures=SQL))
    assert moved(metrics) == {
        "kalm_failures_total store": 1,
        "kalm_library_entries_total error": 1,
        "kalm_store_errors_total": 2,
    }


def test_a_library_counts_by_level() -> None:
    metrics = Metrics("actions")
    metrics.count(Entry(EVENT, logging.WARNING))
    metrics.count(Entry(EVENT, logging.CRITICAL))
    assert moved(metrics) == {"kalm_library_entries_total warning": 1, "kalm_library_entries_total error": 1}


def test_a_note_counts_for_nothing() -> None:
    metrics = Metrics("bot")
    metrics.count(Entry("another worker has the message", logging.INFO, {"channel": "whatsapp"}))
    assert moved(metrics) == {}


def test_an_action_counts_by_the_name_of_the_domain() -> None:
    metrics = Metrics("actions")
    metrics.acted("action_answer_question", 0.5)
    metrics.acted("ik heb pijn", 0.5)
    assert moved(metrics) == {
        "kalm_action_seconds_count action_answer_question": 1,
        "kalm_action_seconds_sum action_answer_question": 0.5,
        "kalm_action_seconds_count other": 1,
        "kalm_action_seconds_sum other": 0.5,
    }


@pytest.mark.parametrize("channel", REFUSING)
@pytest.mark.parametrize("reason", REFUSALS)
def test_each_refusal_counts(channel: str, reason: str) -> None:
    metrics = Metrics("bot")
    metrics.refused(channel, reason)
    assert moved(metrics) == {f"kalm_refusals_total {channel} {reason}": 1}


@pytest.mark.parametrize("server", ["actions", "web"])
def test_a_server_that_does_not_reply_has_no_replies(server: str) -> None:
    metrics = Metrics(server)
    metrics.count(message(channel="rest", kind="answer", milliseconds=1.0))
    metrics.refused("rest", "rate")
    assert moved(metrics) == {}
    assert b"kalm_replies" not in generate_latest(metrics.registry)


def test_it_tells_of_memory_and_processor() -> None:
    said = generate_latest(Metrics("web").registry).decode()
    assert "process_resident_memory_bytes" in said
    assert "process_cpu_seconds_total" in said


VALUE: Any = st.text() | st.floats() | st.integers() | st.none() | st.lists(st.text())


@given(
    event=st.text() | st.just("message") | st.just(EVENT),
    level=st.integers(0, 60),
    fields=st.dictionaries(st.sampled_from(["kind", "channel", "milliseconds", "action"]) | st.text(), VALUE),
    failure=st.text() | st.none(),
    channel=st.text(),
    reason=st.text(),
    # With a space, which no action has: Hypothesis tries words that stand in our code.
    action=st.text().map(lambda text: f"{text} {text}"),
)
def test_no_text_gets_into_what_is_told(
    event: str,
    level: int,
    fields: dict[str, Any],
    failure: str | None,
    channel: str,
    reason: str,
    action: str,
) -> None:
    for server in ("bot", "actions"):
        metrics = Metrics(server)
        before = _without_process(metrics)
        # Also of fields that nobody looked at before.
        metrics.count(Entry(event, level, fields, () if failure is None else (Failure(failure),)))
        metrics.refused(channel, reason)
        metrics.acted(action, 0.1)
        after = _without_process(metrics)
        if server == "bot":
            assert after == before, "the series are made at the start"
        else:
            new = {
                dict(labels)["action"] for name, labels in after - before if name.startswith("kalm_action")
            }
            assert new == {OTHER}


def _without_process(metrics: Metrics) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    return {
        (sample.name, tuple(sorted(sample.labels.items())))
        for family in metrics.registry.collect()
        if not family.name.startswith("process_")
        for sample in family.samples
    }


def test_a_destructor_may_write_to_the_log_while_a_scrape_holds_the_locks() -> None:
    """Prometheus's locks let nobody in twice, also not the thread that has them."""
    metrics = Metrics("bot")

    def count_with_all_locks_held() -> None:
        families = [metrics._failures, metrics._alarms, metrics._libraries, metrics._visitors.replies]  # type: ignore[union-attr]
        parents = list(metrics.registry._collector_to_names)
        held = [parent._lock for parent in parents if hasattr(parent, "_labelnames") and parent._labelnames]
        assert len(held) >= len(families)
        for lock in [metrics.registry._lock, *held]:
            lock.acquire()
        metrics.count(Entry("an action failed", logging.ERROR, failures=FAILED))
        metrics.count(Entry("something", logging.ERROR))
        metrics.count(message(channel="rest", kind="answer", milliseconds=1.0))
        for lock in [metrics.registry._lock, *held]:
            lock.release()

    thread = threading.Thread(target=count_with_all_locks_held, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert moved(metrics)["kalm_failures_total action"] == 1


def calls(*kinds: str) -> set[str]:
    """Events of all calls of the log in our own code."""
    return {
        str(node.args[0].value)
        for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "logs"
        and node.func.attr in kinds
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_alarm_in_our_code_has_a_name() -> None:
    assert calls("alarm") == set(ALARMS), "name the alarm in kalm/metrics.py and docs/metrics.md"


def test_every_failure_with_a_name_is_one_of_our_code() -> None:
    assert set(FAILURES) - calls("failure") == set()


def test_the_log_counts_what_it_writes_also_when_its_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Entry] = []
    read, write = os.pipe()
    sink = sinks.Sink("bot", write)
    sink.write(Entry("nobody counts yet"))
    sink.for_visitors = True
    sink.count = counted.append
    monkeypatch.setattr(sink._file, "write", _no_room)
    sink.write(Entry("one"))
    sink.failed("two", KeyError("Truus"))
    assert [entry.event for entry in counted] == ["one", "two"]
    assert "Truus" not in " ".join(map(str, counted))
    sink.count = _broken
    sink.write(Entry("three"))  # does not raise
    for end in (read, write):
        os.close(end)


def _no_room(line: bytes, now: object) -> None:
    raise OSError(28, "no room")


def _broken(entry: Entry) -> None:
    raise RuntimeError


def test_what_is_told_can_be_read_by_prometheus() -> None:
    metrics = Metrics("bot")
    metrics.count(message(channel="rest", kind="answer", milliseconds=1.0))
    families = list(text_string_to_metric_families(generate_latest(metrics.registry).decode()))
    assert {family.name for family in families} >= {"kalm_replies", "kalm_answer_seconds"}
    assert all(re.fullmatch(r"[a-z_]+", family.name) for family in families)
