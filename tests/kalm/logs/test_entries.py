from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.logs.entries import Entry, as_json, as_text
from kalm.logs.errors import Failure

AT = datetime(2026, 1, 31, 10, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
FAILURES = (
    Failure("aiohttp.ClientError", "ECONNREFUSED", ("b.py:2 call", "a.py:1 run")),
    Failure("OSError"),
)


def test_a_readable_line_begins_with_time_in_utc_level_process_and_event() -> None:
    entry = Entry("message", logging.INFO, {"channel": "rest", "milliseconds": 12.3}, at=AT)

    assert as_text("bot", entry) == (
        "2026-01-31T09:30:00.123Z INFO    bot     message channel=rest milliseconds=12.3\n"
    )


def test_the_same_in_json() -> None:
    entry = Entry("message", logging.WARNING, {"channel": "rest", "milliseconds": 12.3}, at=AT)

    assert json.loads(as_json("bot", entry)) == {
        "time": "2026-01-31T09:30:00.123Z",
        "level": "WARNING",
        "process": "bot",
        "event": "message",
        "channel": "rest",
        "milliseconds": 12.3,
    }


def test_an_error_is_told_with_what_it_came_from() -> None:
    entry = Entry("failed", logging.ERROR, failures=FAILURES, at=AT)

    assert as_text("bot", entry).endswith(
        'failed error="aiohttp.ClientError ECONNREFUSED at b.py:2 call < a.py:1 run, from OSError"\n'
    )
    assert json.loads(as_json("bot", entry))["errors"] == [
        {"type": "aiohttp.ClientError", "errno": "ECONNREFUSED", "at": ["b.py:2 call", "a.py:1 run"]},
        {"type": "OSError", "at": []},
    ]


def test_the_whole_of_a_message_stands_below_its_line() -> None:
    entry = Entry("library", logging.ERROR, whole="first\nsecond", at=AT)

    assert as_text("bot", entry).splitlines()[1:] == ["    first", "    second"]
    assert json.loads(as_json("bot", entry))["whole"] == "first\nsecond"


@pytest.mark.parametrize("value", ["", "a b", 'a"b', "a=b", "a\nb", "a\x1b[31mb", "a\u2028b"])
def test_what_is_not_plain_is_quoted_and_stays_on_its_line(value: str) -> None:
    line = as_text("bot", Entry("message", fields={"says": value}, at=AT))

    assert line.endswith(f" says={json.dumps(value)}\n")
    assert len(line.splitlines()) == 1


@given(st.dictionaries(st.sampled_from(["says", "at", "logger"]), st.text()))
def test_whatever_stands_in_a_field_json_is_one_object_on_one_line(fields: dict[str, str]) -> None:
    line = as_json("bot", Entry("message", fields=fields, at=AT))

    assert len(line.splitlines()) == 1
    assert {name: json.loads(line)[name] for name in fields} == fields
