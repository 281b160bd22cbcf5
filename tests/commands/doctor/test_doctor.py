"""The command as a whole, and what holds for every check."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands.doctor import command
from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from commands.doctor.redacting import Redactor, looks_like_a_secret
from commands.doctor.running import examine
from commands.doctor.subjects import SUBJECTS
from kalm.settings import ROOT, load_settings
from storage.errors import StorageError

RunApp = Callable[..., tuple[int, str, str]]
SECRET = "9f86d081884c7d659a2feaa0c55ad015"


def of(*findings: Finding) -> Callable[[Look], Iterator[Finding]]:
    def subject(looked: Look) -> Iterator[Finding]:
        yield from findings

    return subject


def breaks(error: Exception, *before: Finding) -> Callable[[Look], Iterator[Finding]]:
    def subject(looked: Look) -> Iterator[Finding]:
        yield from before
        raise error

    return subject


def look(**environment: str) -> Look:
    return Look(load_settings(), environment)


def test_a_check_that_breaks_hides_no_other_and_tells_nothing_of_its_error() -> None:
    subjects = {"first": breaks(RuntimeError(f"ik heb {SECRET}"), good("one")), "second": of(good("two"))}
    found = examine(look(), subjects)
    assert [(one.subject, one.severity.value) for one in found] == [
        ("first", "good"),
        ("first", "fault"),
        ("second", "good"),
    ]
    assert "RuntimeError" in found[1].what
    assert "ik heb" not in found[1].what


def test_an_error_meant_for_a_person_is_told() -> None:
    (found,) = examine(look(), {"one": breaks(StorageError("the disk\nis gone"))})
    assert found.what == "the disk is gone"


def test_a_check_that_hangs_is_given_up_and_keeps_what_it_found() -> None:
    released = threading.Event()

    def hangs(looked: Look) -> Iterator[Finding]:
        yield good("one")
        released.wait(10)

    began = time.monotonic()
    found = examine(look(), {"first": hangs, "second": of(good("two"))}, patience=0.2)
    released.set()
    assert time.monotonic() - began < 2
    assert [one.what for one in found] == ["one", "this check was not done within 0.2 s", "two"]


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("KALM_DATABASE", "postgresql://kalm:zeergeheim@host/kalm", "zeergeheim"),
        ("KALM_DATABASE", "postgresql://kalm:zeer%20geheim@host/kalm", "zeer geheim"),
        ("KALM_DATABASE", "postgresql://kalm:zeergeheim@wacht:woord@host/kalm", "zeergeheim"),
        ("KALM_DATABASE", "postgresql://host/kalm?password=zeergeheim", "zeergeheim"),
        ("KALM_RESTTOKEN", "zeergeheim", "zeergeheim"),
        ("KALM_HOST", SECRET, SECRET),
        ("KALM_PSEUDONYM_KEY", "zeergeheim,anders", "zeergeheim"),
    ],
)
def test_whatever_a_message_holds_no_secret_is_told(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    if variable != "KALM_RESTTOKEN":
        monkeypatch.setenv(variable, value)
    found = examine(
        look(**{variable: value}),
        {"one": of(fault(f"in {told}", f"what {told} is", f"not {told}"), good(value))},
    )
    assert told not in " ".join(f"{one.where} {one.what} {one.remedy}" for one in found)
    assert found[0].what.startswith("what ")


def test_names_and_paths_are_no_secrets_and_short_words_stay() -> None:
    for value in (
        "/srv/kalm/models",
        "https://www.winkel.example",
        "Europe/Amsterdam",
        "de winkel",
        "x" * 30,
        "",
    ):
        assert not looks_like_a_secret(value)
    address = "sqlite:////srv/kalm/var/kalm.db"
    assert Redactor(load_settings(database=address), {"KALM_DATABASE": address}).clean(address) == address
    assert Redactor(load_settings(), {"KALM_X": "kalm"}).clean("kalm live") == "kalm live"


def test_the_command_tells_a_line_per_finding_and_ends_with_1_for_a_fault(
    run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = {
        "long name": of(good("[red]all[/red] :ok:")),
        "short": of(fault("KALM_X", "is wrong", "mend it")),
    }
    monkeypatch.setattr(command, "SUBJECTS", subjects)
    code, printed, _ = run_app("doctor")
    assert code == 1
    assert printed.splitlines() == [
        "good    long name  [red]all[/red] :ok:",
        "fault   short      KALM_X: is wrong -> mend it",
        "1 fault, 0 warnings, 1 good.",
    ]


def test_a_warning_is_no_fault(run_app: RunApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SUBJECTS", {"one": of(warning("", "is old", "renew it"))})
    code, printed, _ = run_app("doctor")
    assert (code, printed.splitlines()[-1]) == (0, "0 faults, 1 warning, 0 good.")


def test_for_programs(run_app: RunApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SUBJECTS", {"one": of(fault("KALM_X", "is “wrong”", "mend it"))})
    code, printed, _ = run_app("doctor", "--json")
    assert code == 1
    assert json.loads(printed) == {
        "faults": 1,
        "warnings": 0,
        "good": 0,
        "findings": [
            {
                "severity": "fault",
                "subject": "one",
                "where": "KALM_X",
                "what": "is “wrong”",
                "remedy": "mend it",
            }
        ],
    }


def test_every_subject_says_something_and_nothing_on_the_disk_changes(
    run_app: RunApp, here: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALM_BOT_PORT", SECRET)
    monkeypatch.setenv("KALM_SMTP", f"smtp://kalm:{SECRET}/woord@mail")

    def files() -> dict[str, tuple[int, int, int]]:
        return {
            str(path): (path.stat().st_mode, path.stat().st_size, path.stat().st_mtime_ns)
            for path in here.rglob("*")
        }

    before = files()
    code, printed, complained = run_app("doctor", "--json")
    assert code == 1
    assert {one["subject"] for one in json.loads(printed)["findings"]} == set(SUBJECTS)
    assert SECRET not in printed + complained
    assert "Traceback" not in printed + complained
    assert files() == before


def test_the_page_for_the_engineer_names_every_subject() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = [
        line.split("|")[1].strip()
        for line in page.partition("| Subject |")[2].splitlines()[2:]
        if "|" in line
    ]
    assert rows == list(SUBJECTS)
