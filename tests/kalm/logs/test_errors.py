from __future__ import annotations

import errno
import json
import os
import sqlite3

import pytest

from kalm.logs.errors import INNERMOST, MOST_PLACES, failures_of, place
from kalm.settings import ROOT


def caught(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as found:
        return found


def test_an_error_is_its_type_and_the_places_innermost_first() -> None:
    (failure,) = failures_of(caught(ValueError("geheim")))

    assert failure.type == "ValueError"
    assert failure.at[0].startswith("tests/kalm/logs/test_errors.py:")
    assert failure.at[0].endswith(" caught")
    assert "geheim" not in str(failure)
    assert "geheim" not in json.dumps(failure.as_data())


def test_types_have_their_module() -> None:
    (failure,) = failures_of(caught(json.JSONDecodeError("geheim", "geheim", 0)))

    assert failure.type == "json.decoder.JSONDecodeError"


def test_of_the_operating_systems_faults_the_name_is_told_and_not_the_file() -> None:
    (failure,) = failures_of(caught(OSError(errno.EADDRINUSE, "geheim", "geheim")))

    assert str(failure).startswith("OSError EADDRINUSE at ")


def test_a_fault_of_sqlite_has_its_name_when_the_message_is_nothing_else() -> None:
    (full,) = failures_of(caught(sqlite3.OperationalError("database or disk is full")))
    assert str(full).startswith("sqlite3.OperationalError SQLITE_FULL at ")
    (other,) = failures_of(caught(sqlite3.OperationalError("database or disk is full of geheim")))
    assert (other.errno, "geheim" in str(other)) == ("", False)


@pytest.mark.parametrize("number", [None, "geheim", -1])
def test_a_number_that_the_operating_system_does_not_have_is_left_out(number: object) -> None:
    error = OSError("geheim")
    error.errno = number  # type: ignore[assignment]

    assert str(failures_of(error)[0]) == "OSError"


def test_what_an_error_came_from_comes_after_it() -> None:
    try:
        try:
            raise KeyError("geheim")
        except KeyError as error:
            raise RuntimeError("geheim") from error
    except RuntimeError as error:
        found = error

    assert [failure.type for failure in failures_of(found)] == ["RuntimeError", "KeyError"]


def test_what_was_put_aside_with_from_none_stays_aside() -> None:
    try:
        try:
            raise KeyError("geheim")
        except KeyError:
            raise RuntimeError("geheim") from None
    except RuntimeError as error:
        found = error

    assert [failure.type for failure in failures_of(found)] == ["RuntimeError"]


def test_errors_that_name_each_other_as_their_cause_come_to_an_end() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first

    assert [failure.type for failure in failures_of(first)] == ["ValueError", "KeyError"]


def test_endless_recursion_is_told_in_a_few_places() -> None:
    def again() -> None:
        again()

    with pytest.raises(RecursionError) as raised:
        again()

    assert len(failures_of(raised.value)[0].at) == MOST_PLACES


def test_deep_in_a_library_the_places_of_our_own_code_are_told_too() -> None:
    nested: list[object] = [object()]
    for _ in range(20):
        nested = [nested]
    with pytest.raises(TypeError) as raised:
        json.dumps(nested, indent=1)

    (failure,) = failures_of(raised.value)

    ours = [place for place in failure.at if place.startswith("tests/")]
    assert len(failure.at) == INNERMOST + 1
    assert ours == [failure.at[-1]]


@pytest.mark.parametrize(
    ("filename", "told"),
    [
        (str(ROOT / "actions" / "base.py"), "actions/base.py:7 run"),
        (f"{ROOT}/.venv/lib/python3.10/site-packages/rasa/core/agent.py", "rasa/core/agent.py:7 run"),
        (os.__file__, "os.py:7 run"),
        ("<string>", "<string>:7 run"),
    ],
)
def test_places_are_short(filename: str, told: str) -> None:
    assert place(filename, 7, "run") == told
