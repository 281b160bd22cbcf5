"""The commands on what is kept, as a person types them: ``migrate``, ``backup``, ``purge``, ``forget`` ..."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kalm import going_live
from kalm.conversation import Conversation
from kalm.privacy.pseudonyms import pseudonyms
from kalm.privacy.receipts import RECEIPT
from kalm.settings import ROOT, settings
from storage.conversations import Conversations
from storage.database import Database
from storage.migrate import newest, revisions
from storage.retention import DAY
from storage.schema import conversations
from tests.storage.test_messages import bot, keep, user

RunApp = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("KALM_DATABASE", raising=False)
    for cached in (settings, pseudonyms):
        cached.cache_clear()
    yield tmp_path
    for cached in (settings, pseudonyms):
        cached.cache_clear()


@pytest.fixture
def known(run_app: RunApp) -> Iterator[Conversations]:
    """The conversations of a database that was just made."""
    assert run_app("migrate")[0] == 0
    database = Database(settings().database_url)
    yield Conversations(database, pseudonyms())
    database.close()


def test_migrate_makes_the_database_and_then_says_that_it_is_there(run_app: RunApp) -> None:
    assert run_app("migrate")[1] == f"De database is van leeg naar schema {newest()} gebracht.\n"
    assert run_app("migrate")[1] == f"De database heeft schema {newest()} al.\n"


def test_migrate_goes_back_for_an_older_version_when_a_person_says_so(
    run_app: RunApp, known: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = revisions()[-2]
    asked: list[str] = []
    monkeypatch.setattr("commands.database.go_on", lambda what: bool(asked.append(what)))
    assert run_app("migrate", "--terug", earlier)[0] == 1
    for wrong in ("", newest(), "0003", "blabla"):
        code, _, complaint = run_app("migrate", "--terug", wrong)
        assert (code, "stays so" in complaint) == (1, True)
    with going_live.be_the_supervisor() as running:
        assert running is not None
        code, _, complaint = run_app("migrate", "--terug", earlier, "--ja")
        assert (code, "stop it first" in complaint) == (1, True)
    assert len(asked) == 1, "only what can be done is asked"
    assert run_app("migrate")[1] == f"De database heeft schema {newest()} al.\n"
    went = f"De database is van schema {newest()} naar schema {earlier} gebracht.\n"
    assert run_app("migrate", "--terug", earlier, "--ja")[1] == went
    assert run_app("backup", "x")[0] == 1
    code, _, complaint = run_app("migrate", "--terug", earlier, "--ja")
    assert (code, f"'{earlier}' is no earlier one" in complaint) == (1, True)
    assert run_app("migrate")[1] == f"De database is van schema {earlier} naar schema {newest()} gebracht.\n"


@pytest.mark.parametrize("command", [("backup", "x"), ("purge",), ("forget", "a" * 16)])
def test_without_a_database_the_command_to_run_is_named(run_app: RunApp, command: tuple[str, ...]) -> None:
    code, _, complaint = run_app(*command)
    assert code == 1
    assert "python -m kalm migrate" in complaint
    assert "Traceback" not in complaint


def test_there_and_back(run_app: RunApp, known: Conversations, folder: Path) -> None:
    keep(known, known.database, [user("een vraag"), bot()])
    code, printed, _ = run_app("backup", str(folder / "b"))
    assert (code, printed[:27]) == (0, f"2 rijen staan in {folder}"[:27])
    assert "versleuteld" in printed
    assert "wordt" not in run_app("forget", "--kanaal", "rest", "--afzender", "jan", "--ja")[1]
    code, printed, _ = run_app("restore", str(folder / "b"), "--ja")
    assert printed == "Teruggezette rijen: 2. Sindsdien gewist, en nu weer gewist: 1.\n"


def test_restore_looks_at_the_file_then_asks_and_names_the_database(
    run_app: RunApp, known: Conversations, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("commands.database.go_on", lambda what: bool(asked.append(what)))
    run_app("backup", str(folder / "b"))
    assert run_app("restore", str(folder / "b")) == (1, "", "")
    assert asked == [
        f"Alles in sqlite:///{settings().var}/kalm.db wordt vervangen door de 0 rijen van {folder}/b."
    ]
    (folder / "kapot").write_text("x")
    assert "no backup of Kalm" in run_app("restore", str(folder / "kapot"))[2]
    assert len(asked) == 1


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_place_that_cannot_be_used_is_named(
    run_app: RunApp, known: Conversations, folder: Path, command: str
) -> None:
    more = ["--ja"] if command == "restore" else []
    code, _, complaint = run_app(command, str(folder / "er-is-niets" / "b"), *more)
    assert code == 1
    assert "er-is-niets/b cannot be used: No such file or directory" in complaint


def test_purge_says_what_it_removed(run_app: RunApp, known: Conversations) -> None:
    keep(known, known.database, [user("oud", timestamp=time.time() - 40 * DAY), bot()])
    code, printed, _ = run_app("purge")
    assert code == 0
    assert "Oude berichten, verwijderd: 1." in printed
    assert "Gesprekken ouder dan 30 dagen, verwijderd: 0." in printed


def test_forget_by_the_first_digits_gives_a_receipt(run_app: RunApp, known: Conversations) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    code, printed, _ = run_app("forget", conversation_id[:16], "--ja")
    assert code == 0
    assert re.search(RECEIPT, printed)
    assert known.find_all("rest", "jan") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("0" * 32,), "there is no conversation whose number begins with 0"),
        (("",), "name a conversation"),
        ((), "name a conversation"),
        (("abc", "--kanaal", "rest", "--afzender", "jan"), "name a conversation"),
        (("--kanaal", "rest", "--afzender", "niemand"), "no conversation here"),
        (("%" * 16,), "there is no conversation"),
        (("--kanaal", "fax", "--afzender", "jan"), "there is no channel 'fax'; choose from rest"),
        (("k-2345-6789",), "look it up with 'python -m kalm receipt'"),
    ],
)
@pytest.mark.parametrize("command", ["forget", "transcript"])
def test_a_conversation_that_is_not_found_is_told(
    run_app: RunApp, known: Conversations, command: str, arguments: tuple[str, ...], message: str
) -> None:
    known.find_or_start("rest", "jan")
    code, _, complaint = run_app(command, *arguments)
    assert code == 1
    assert message in complaint


def test_too_few_digits_forget_nothing(run_app: RunApp, known: Conversations) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    code, _, complaint = run_app("forget", conversation_id[:15], "--ja")
    assert (code, "at least the 16 digits" in complaint) == (1, True)
    assert known.find_all("rest", "jan") == [conversation_id]


def test_forgetting_is_asked_first(
    run_app: RunApp, known: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    asked: list[str] = []
    monkeypatch.setattr("commands.forgetting.go_on", lambda what: bool(asked.append(what)))
    assert run_app("forget", conversation_id)[0] == 1
    assert "0 bericht(en)" in asked[0]
    assert known.find_all("rest", "jan") == [conversation_id]


def test_all_conversations_of_a_sender_are_forgotten(run_app: RunApp, known: Conversations) -> None:
    run_app("rotate-key")
    pseudonyms.cache_clear()
    Conversations(known.database, pseudonyms()).find_or_start("rest", "jan")
    known.find_or_start("rest", "jan")  # a server that was not restarted yet
    assert len(Conversations(known.database, pseudonyms()).find_all("rest", "jan")) == 2
    code, printed, _ = run_app("forget", "--kanaal", "rest", "--afzender", "jan", "--ja")
    assert code == 0
    assert len(re.findall(RECEIPT, printed)) == 2
    assert Conversations(known.database, pseudonyms()).find_all("rest", "jan") == []


def test_rotating_the_key_keeps_running_conversations(run_app: RunApp, known: Conversations) -> None:
    started = known.find_or_start("rest", "jan")
    code, printed, _ = run_app("rotate-key")
    assert code == 0
    assert "Start Kalm opnieuw" in printed
    pseudonyms.cache_clear()
    assert Conversations(known.database, pseudonyms()).find_or_start("rest", "jan") == started


@pytest.mark.parametrize("server", ["bot", "web"])
def test_a_server_without_a_database_names_the_command_to_run(folder: Path, server: str) -> None:
    (folder / "model").touch()
    more = ["--model", str(folder / "model")] if server == "bot" else []
    done = subprocess.run(
        [sys.executable, "-m", "commands.serve", server, *more],
        cwd=ROOT,
        env={**os.environ, "KALM_VAR": str(folder / "var")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "python -m kalm migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_transcript_shows_all_that_is_kept(run_app: RunApp, known: Conversations) -> None:
    keep(known, known.database, [user("wat is rls [naam]"), bot("handoff", message="Zo zit dat.")])
    code, printed, _ = run_app("transcript", "--kanaal", "rest", "--afzender", "jan")
    assert code == 0
    assert "Bezoeker: wat is rls [naam]" in printed
    assert "begrepen als ask_rls, zekerheid 0.80" in printed
    assert "Kalm: Zo zit dat." in printed
    assert "Kalm: Rusteloze benen geven een drang om te bewegen. (Bron: https://example.org/rls)" in printed
    assert "Bewaard: vraag om een medewerker (open)." in printed
    assert "Verder onthoudt Kalm niets." in printed
    assert "jan" not in printed


def test_a_receipt_can_be_looked_up(run_app: RunApp, known: Conversations) -> None:
    known.find_or_start("rest", "jan")
    _, printed, _ = run_app("forget", "--kanaal", "rest", "--afzender", "jan", "--ja")
    number = re.search(RECEIPT, printed)
    assert number is not None
    code, printed, _ = run_app("receipt", number[0].lower())
    assert code == 0
    assert "gewist op verzoek van de winkel" in printed
    assert "opgeruimd" in printed
    code, _, complaint = run_app("receipt", "K-AAAA-BBBB")
    assert (code, "there is no receipt K-AAAA-BBBB" in complaint) == (1, True)


def test_what_kalm_remembers_is_told_in_words(run_app: RunApp, known: Conversations) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    slot = Conversation(question="helpt ijzer", conditions=("zwangerschap",)).to_slot()
    with known.database.writing() as connection:
        connection.execute(conversations.update().values(slots={"conversation": slot}))
    printed = run_app("transcript", conversation_id)[1]
    assert "  omstandigheden: zwangerschap" in printed
    assert "{" not in printed


def test_without_the_key_no_sender_is_looked_for_and_no_key_is_made(
    run_app: RunApp, known: Conversations, folder: Path
) -> None:
    (folder / "var" / "pseudonym.key").unlink()
    code, _, complaint = run_app("transcript", "--kanaal", "rest", "--afzender", "jan")
    assert (code, "no KALM_PSEUDONYM_KEY" in complaint) == (1, True)
    assert not (folder / "var" / "pseudonym.key").exists()
