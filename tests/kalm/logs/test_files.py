from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kalm.logs.entries import Entry
from kalm.logs.files import DailyFile, folder, remove_old
from kalm.logs.sink import Sink
from kalm.settings import settings

NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("var")


def left() -> list[str]:
    return sorted(path.name for path in folder().iterdir())


def test_folder_and_file_are_made_for_their_owner_alone() -> None:
    DailyFile("bot").write(b"een\n", NOON)

    assert folder().stat().st_mode & 0o777 == 0o700
    assert (folder() / "bot-2026-01-31.log").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_others_may_read_is_closed() -> None:
    folder().mkdir(parents=True)
    folder().chmod(0o755)

    DailyFile("bot").write(b"een\n", NOON)

    assert folder().stat().st_mode & 0o777 == 0o700


def test_each_day_in_utc_has_a_file_of_its_own() -> None:
    file = DailyFile("bot")
    amsterdam = timezone(timedelta(hours=1))

    file.write(b"een\n", datetime(2026, 2, 1, 0, 59, tzinfo=amsterdam))
    file.write(b"twee\n", datetime(2026, 2, 1, 1, 0, tzinfo=amsterdam))

    assert (folder() / "bot-2026-01-31.log").read_bytes() == b"een\n"
    assert (folder() / "bot-2026-02-01.log").read_bytes() == b"twee\n"


def test_a_second_process_of_the_same_name_adds_to_the_same_file() -> None:
    first, second = DailyFile("bot"), DailyFile("bot")

    first.write(b"een\n", NOON)
    second.write(b"twee\n", NOON)
    first.write(b"drie\n", NOON)

    assert (folder() / "bot-2026-01-31.log").read_bytes() == b"een\ntwee\ndrie\n"


def test_a_file_that_was_removed_is_made_again() -> None:
    file = DailyFile("bot")
    file.write(b"een\n", NOON)
    (folder() / "bot-2026-01-31.log").unlink()

    file.write(b"twee\n", NOON)

    assert (folder() / "bot-2026-01-31.log").read_bytes() == b"twee\n"


def test_a_new_day_removes_what_is_too_old() -> None:
    file = DailyFile("bot")
    for number in range(20):
        file.write(b"een\n", NOON + number * DAY)

    days = [(NOON + number * DAY).date().isoformat() for number in range(6, 20)]
    assert left() == [f"bot-{day}.log" for day in days]


def test_no_line_gets_older_than_the_days_that_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_LOG_DAYS", "2")
    settings.cache_clear()
    file = DailyFile("bot")
    for day in (NOON, NOON + DAY, NOON + 2 * DAY):
        (folder() / f"bot-{day.date()}.log").unlink(missing_ok=True)
        file.write(b"een\n", day)

    assert left() == ["bot-2026-02-01.log", "bot-2026-02-02.log"]


def test_removing_tells_what_it_removed_and_leaves_what_is_no_log_of_a_day() -> None:
    folder().mkdir(parents=True)
    old = ["actions-2026-01-17.log", "bot-2025-12-31.log", "web-2026-01-01.log"]
    kept = ["bot-2026-01-18.log", "bot-2026-01-31.log", "bot-2026-13-01.log", "bot.log", "notes.txt"]
    for name in (*old, *kept):
        (folder() / name).touch()

    assert [path.name for path in remove_old(NOON)] == old
    assert left() == sorted(kept)
    assert remove_old(NOON) == []


def test_without_a_folder_there_is_nothing_to_remove() -> None:
    assert remove_old(NOON) == []


def test_a_link_in_the_place_of_the_file_is_not_followed(var: Path) -> None:
    folder().mkdir(parents=True)
    (folder() / "bot-2026-01-31.log").symlink_to(var / "elsewhere")

    with pytest.raises(OSError, match="symbolic links"):
        DailyFile("bot").write(b"een\n", NOON)


def test_after_half_a_line_the_next_one_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    file = DailyFile("bot")
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:2]))
        with pytest.raises(OSError, match="no room"):
            file.write(b"een\n", NOON)

    file.write(b"twee\n", NOON)

    assert (folder() / "bot-2026-01-31.log").read_bytes() == b"ee\ntwee\n"


def test_when_the_file_cannot_be_written_the_output_goes_on_with_one_warning(var: Path) -> None:
    (var / "logs").touch()
    read, write = os.pipe()
    sink = Sink("bot", write)

    sink.write(Entry("een"))
    sink.write(Entry("twee"))
    (var / "logs").unlink()
    sink.write(Entry("drie"))
    os.close(write)

    with os.fdopen(read, encoding="utf-8") as output:
        lines = output.read().splitlines()
    assert [line.split()[3] for line in lines] == ["een", "the", "twee", "drie"]
    assert "WARNING bot     the log file cannot be written" in lines[1]
    assert "EEXIST" in lines[1]
    (path,) = folder().iterdir()
    assert "drie" in path.read_text()


def test_when_nobody_reads_the_output_the_file_goes_on() -> None:
    read, write = os.pipe()
    os.close(read)

    Sink("bot", write).write(Entry("een"))

    os.close(write)
    (path,) = folder().iterdir()
    assert "een" in path.read_text()
