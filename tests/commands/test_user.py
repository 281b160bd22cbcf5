"""``kalm user``, as the shop's engineer types it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kalm.settings import settings
from review.access import members
from storage.database import Database
from storage.schema import audit_log

RunApp = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_app: RunApp) -> Iterator[Database]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("KALM_DATABASE", raising=False)
    settings.cache_clear()
    run_app("migrate")
    database = Database(settings().database_url)
    yield database
    database.close()
    settings.cache_clear()


def password_in(printed: str) -> str:
    found = re.search(r"Wachtwoord: (\S+)", printed)
    assert found is not None
    return found[1]


def test_somebody_is_let_in_with_a_password_that_works_and_must_be_replaced(
    run_app: RunApp, database: Database
) -> None:
    code, printed, _ = run_app("user", "add", "Eva", "--naam", "Eva Evers", "--rol", "eindredacteur")
    assert code == 0
    member = members.log_in(database, "eva", password_in(printed), time.time()).member
    assert member is not None
    assert (member.full_name, member.role.value, member.must_change) == ("Eva Evers", "eindredacteur", True)


def test_the_list_names_everybody_and_before_that_says_how_to_begin(run_app: RunApp) -> None:
    assert "kalm user add" in run_app("user", "list")[1]
    run_app("user", "add", "hans", "--rol", "beheerder")
    printed = run_app("user", "list")[1]
    assert "hans" in printed
    assert "beheerder" in printed


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("add", "hans"), "bestaat al"),
        (("add", "met spatie"), "kleine letters, cijfers"),
        (("password", "niemand"), "niemand met de inlognaam niemand"),
        (("close", "hans"), "minstens één beheerder"),
    ],
)
def test_what_cannot_be_done_is_told(run_app: RunApp, arguments: tuple[str, ...], complaint: str) -> None:
    run_app("user", "add", "hans", "--rol", "beheerder")
    code, _, told = run_app("user", *arguments)
    assert code == 1
    assert complaint in told
    assert "Traceback" not in told


def test_a_new_password_replaces_the_old_and_closing_ends_all(run_app: RunApp, database: Database) -> None:
    first = password_in(run_app("user", "add", "bea")[1])
    second = password_in(run_app("user", "password", "bea")[1])
    assert members.log_in(database, "bea", first, time.time()).member is None
    assert members.log_in(database, "bea", second, time.time()).member is not None
    assert "kan niet meer inloggen" in run_app("user", "close", "bea")[1]
    assert members.log_in(database, "bea", second, time.time()).member is None


def test_what_is_done_here_is_in_the_log_of_the_screens(run_app: RunApp, database: Database) -> None:
    run_app("user", "add", "bea")
    run_app("user", "password", "bea")
    with database.reading() as connection:
        lines = [(line.member, line.action, line.subject) for line in connection.execute(audit_log.select())]
    assert lines == [("kalm user", "member.add", "bea"), ("kalm user", "member.password", "bea")]
