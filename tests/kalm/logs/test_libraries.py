"""Records with a text anywhere in them, made by hypothesis."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalm.logs.libraries import LibraryHandler
from kalm.logs.sink import Sink

MARK = "KaNaRiE"
texts = st.text(max_size=40).map(lambda text: f"{text} {MARK} {text}")
anything = st.recursive(
    texts | st.binary(max_size=5) | st.integers() | st.builds(ValueError, texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)

Log = Callable[..., list[str]]


@pytest.fixture
def log(var: object) -> Iterator[Log]:
    """Log something where visitors may be, and give back the lines that were written."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    sink = Sink("bot", write)
    sink.for_visitors = True
    logger = logging.getLogger("tests.kalm.logs")
    handlers, logger.handlers, logger.propagate = logger.handlers, [LibraryHandler(sink)], False

    def log(level: int, message: Any, *arguments: Any, **options: Any) -> list[str]:
        logger.log(level, message, *arguments, **options)
        return os.read(read, 1 << 16).decode().splitlines()

    yield log
    logger.handlers, logger.propagate = handlers, True
    os.close(read)
    os.close(write)


hypothesised = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@hypothesised
@given(message=anything, arguments=st.lists(anything, max_size=3), extra=st.dictionaries(texts, anything))
def test_no_text_of_a_record_is_written(
    log: Log, message: object, arguments: list[object], extra: dict[str, object]
) -> None:
    (line,) = log(logging.ERROR, message, *arguments, extra=extra)

    assert MARK not in line
    assert " library logger=tests.kalm.logs at=" in line


@hypothesised
@given(texts=st.lists(texts, min_size=1, max_size=5), chained=st.booleans())
def test_no_text_of_an_error_is_written(log: Log, texts: list[str], chained: bool) -> None:
    error: Exception | None = None
    for text in texts:
        try:
            raise OSError(98, text, text) if len(text) % 2 else KeyError(text)
        except (OSError, KeyError) as raised:
            raised.__cause__ = error if chained else None
            error = raised

    (line,) = log(logging.ERROR, "failed", exc_info=error)

    assert MARK not in line
    assert "Error " in line


def test_below_a_warning_nothing_is_written(log: Log) -> None:
    with pytest.raises(BlockingIOError):
        log(logging.INFO, "received")


def test_in_json_too(log: Log, var: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from kalm.settings import settings as settings_of_kalm

    monkeypatch.setenv("KALM_LOG_FORMAT", "json")
    settings_of_kalm.cache_clear()
    read, write = os.pipe()
    sink = Sink("bot", write)
    sink.for_visitors = True
    LibraryHandler(sink).handle(
        logging.LogRecord("asyncio", logging.ERROR, __file__, 1, f"received {MARK}", (), None, "call")
    )
    os.close(write)

    with os.fdopen(read, encoding="utf-8") as output:
        entry = json.loads(output.read())
    assert entry["logger"] == "asyncio"
    assert entry["at"] == "tests/kalm/logs/test_libraries.py:1 call"
    assert MARK not in str(entry)
