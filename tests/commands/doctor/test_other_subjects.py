"""Disk, clock, team, mail and WhatsApp."""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from commands.doctor.subjects import clock, disk, mail, team, whatsapp
from kalm.settings import FOR_WHATSAPP
from review.access import members
from review.access.members import NewPassword
from review.states import Role
from storage.database import Database
from storage.schema import conversations
from tests.commands.doctor.conftest import Examine, all_good, faults, told, warnings

WITH_LETTERS = {"mail_from": "kalm@winkel.example", "mail_to": "team@winkel.example"}


class TestDisk:
    @pytest.fixture
    def free(self, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
        state = SimpleNamespace(f_bavail=10**9, f_frsize=1000, f_files=100, f_favail=50)
        monkeypatch.setattr(os, "statvfs", lambda path: state)
        return state

    def test_room_enough(self, examined: Examine, database: Path, free: SimpleNamespace) -> None:
        assert all_good(examined(disk.look))

    def test_nearly_full(self, examined: Examine, database: Path, free: SimpleNamespace) -> None:
        free.f_bavail = 99_000
        found = faults(examined(disk.look))
        assert str(database.parent) in [one.where for one in found]
        assert "99 MB free" in found[0].what

    def test_too_little_for_a_restore(self, examined: Examine, database: Path, free: SimpleNamespace) -> None:
        free.f_bavail = 100_100
        (found,) = warnings(examined(disk.look))
        assert found.where == str(database.parent)
        assert "restore" in found.what

    def test_a_small_folder_for_logs_alone(
        self, examined: Examine, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As in a container, whose ``KALM_VAR`` is 64 MB of memory: there PostgreSQL keeps what is said."""
        var, room = here / "var", SimpleNamespace(f_bavail=64_000, f_frsize=1000, f_files=100, f_favail=50)
        elsewhere = SimpleNamespace(f_bavail=10**9, f_frsize=1000, f_files=100, f_favail=50)
        monkeypatch.setattr(os, "statvfs", lambda path: room if path == var else elsewhere)
        postgresql = "postgresql://kalm@127.0.0.1:1/kalm"
        assert all_good(examined(disk.look, database=postgresql))
        room.f_bavail = 9_000
        (found,) = warnings(examined(disk.look, database=postgresql))
        assert (found.where, "log" in found.what) == (str(var), True)
        room.f_favail = 0
        assert "no more files" in faults(examined(disk.look, database=postgresql))[0].what

    def test_a_small_folder_for_logs_with_sqlite_elsewhere(
        self, examined: Examine, here: Path, database: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        moved = here / "kept" / "kalm.db"
        moved.parent.mkdir()
        database.rename(moved)
        room, full = [
            SimpleNamespace(f_bavail=free, f_frsize=1000, f_files=1, f_favail=1) for free in (10**9, 64_000)
        ]
        monkeypatch.setattr(os, "statvfs", lambda path: full if path == moved.parent else room)
        (found,) = faults(examined(disk.look, database=f"sqlite:///{moved}"))
        assert found.where == str(moved.parent)

    def test_no_more_files(self, examined: Examine, database: Path, free: SimpleNamespace) -> None:
        free.f_favail = 0
        assert "no more files" in faults(examined(disk.look))[0].what
        free.f_files = 0  # as a file system without such a limit tells it
        assert all_good(examined(disk.look))

    def test_too_little_for_the_next_model(
        self, examined: Examine, database: Path, here: Path, free: SimpleNamespace
    ) -> None:
        models = here / "models"
        (models / "index-1").mkdir(parents=True)
        (models / "kalm-1.tar.gz").write_bytes(b"x" * 3_000_000)
        (models / "index-1" / "weights.npz").write_bytes(b"x" * 1_000_000)
        (models / "release.json").write_text('{"model": "kalm-1.tar.gz", "index": "index-1"}')
        free.f_bavail = 107_000
        (found,) = warnings(examined(disk.look))
        assert (found.where, "8 MB" in found.what) == (str(models), True)


class TestClock:
    @pytest.fixture(autouse=True)
    def conversation(self, database: Path) -> None:
        opened = Database(f"sqlite:///{database}")
        with opened.writing() as connection:
            connection.execute(
                conversations.insert().values(
                    id="a",
                    channel="rest",
                    started_at=1000.0,
                    last_at=5000.0,
                    last_event=0,
                    last_message=0,
                    slots={},
                )
            )
        opened.close()

    def test_after_the_newest_conversation(self, examined: Examine) -> None:
        found = examined(clock.look, now=5001.0)
        assert all_good(found)
        assert "1970-01-01 02:23 in Europe/Amsterdam" in told(found)

    def test_before_the_newest_conversation(self, examined: Examine) -> None:
        assert all_good(examined(clock.look, now=5000.0 - clock.TOLERATED))
        (found,) = faults(examined(clock.look, now=1400.0))
        assert "1.0 hours before" in found.what


class TestTeam:
    def let_in(self, database: Path, *roles: Role) -> None:
        opened = Database(f"sqlite:///{database}")
        with opened.writing() as connection:
            for number, role in enumerate(roles):
                members.add(connection, f"lid{number}", f"Lid {number}", role, NewPassword("x"), time.time())
        opened.close()

    def test_nobody(self, examined: Examine, database: Path) -> None:
        (found,) = warnings(examined(team.look))
        assert "user add" in found.remedy

    def test_one_alone(self, examined: Examine, database: Path) -> None:
        self.let_in(database, Role.ADMINISTRATOR)
        (found,) = warnings(examined(team.look))
        assert found.where == "KALM_SECOND_LOOK"
        assert all_good(examined(team.look, second_look=False))

    def test_two_of_whom_one_may_look(self, examined: Examine, database: Path) -> None:
        self.let_in(database, Role.ADMINISTRATOR, Role.REVIEWER)
        assert all_good(examined(team.look))

    def test_two_of_whom_nobody_may_look(self, examined: Examine, database: Path) -> None:
        self.let_in(database, Role.REVIEWER, Role.REVIEWER)
        found = warnings(examined(team.look))
        assert [one.where for one in found] == ["", "KALM_SECOND_LOOK"]
        assert "beheerder" in found[0].what

    def test_who_was_closed_does_not_count(self, examined: Examine, database: Path) -> None:
        self.let_in(database, Role.ADMINISTRATOR, Role.EDITOR)
        assert all_good(examined(team.look))
        opened = Database(f"sqlite:///{database}")
        with opened.writing() as connection:
            member = members.by_name(connection, "lid1")
            assert member is not None
            members.close(connection, member, time.time())
        opened.close()
        assert warnings(examined(team.look))

    def test_no_database(self, examined: Examine) -> None:
        (found,) = warnings(examined(team.look))
        assert "database" in found.what


class TestMail:
    class Handler:
        def __init__(self) -> None:
            self.letters = 0

        async def handle_DATA(self, *rest: object) -> str:  # noqa: N802
            self.letters += 1
            return "250 OK"

    @pytest.fixture
    def server(self) -> Iterator[Controller]:
        def allow(
            server: object, session: object, envelope: object, mechanism: object, data: object
        ) -> AuthResult:
            return AuthResult(success=getattr(data, "password", b"") == b"x7Fk9a2bQ", handled=False)

        controller = Controller(
            self.Handler(), hostname="127.0.0.1", port=0, authenticator=allow, auth_require_tls=False
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            controller.port = probe.getsockname()[1]
        controller.start()
        yield controller
        controller.stop()

    def test_none_is_wanted(self, examined: Examine) -> None:
        assert all_good(examined(mail.look))

    def test_half_of_it(self, examined: Examine) -> None:
        (found,) = warnings(examined(mail.look, mail_to="team@winkel.example"))
        assert found.where == "KALM_SMTP"

    def test_reached_and_nothing_sent(self, examined: Examine, server: Controller) -> None:
        address = f"smtp://kalm:x7Fk9a2bQ@127.0.0.1:{server.port}"
        assert all_good(examined(mail.look, smtp=address, **WITH_LETTERS))
        assert server.handler.letters == 0

    def test_a_wrong_password(self, examined: Examine, server: Controller) -> None:
        found = examined(mail.look, smtp=f"smtp://kalm:zeergeheim@127.0.0.1:{server.port}", **WITH_LETTERS)
        assert "refuses this user" in faults(found)[0].what
        assert "zeergeheim" not in told(found)

    def test_nobody_listens(self, examined: Examine) -> None:
        (found,) = faults(examined(mail.look, smtp="smtp://127.0.0.1:1", **WITH_LETTERS))
        assert "ConnectionRefusedError" in found.what

    def test_no_certificate_that_we_trust(self, examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(server: object, patience: float) -> None:
            raise ssl.SSLCertVerificationError("zeergeheim")

        monkeypatch.setattr(mail, "connect", refuse)
        (found,) = faults(examined(mail.look, smtp="smtps://mail.example", **WITH_LETTERS))
        assert "certificate" in found.what

    def test_a_server_that_says_nothing(self, examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mail, "PATIENCE", 0.3)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            began = time.monotonic()
            found = examined(mail.look, smtp=f"smtp://127.0.0.1:{listening.getsockname()[1]}", **WITH_LETTERS)
        assert len(faults(found)) == 1
        assert time.monotonic() - began < 3


class TestWhatsApp:
    ALL = dict.fromkeys(FOR_WHATSAPP, "100000000000001")

    def test_off(self, examined: Examine) -> None:
        assert all_good(examined(whatsapp.look))

    def test_half_of_it(self, examined: Examine) -> None:
        (found,) = faults(examined(whatsapp.look, whatsapp_app_secret="x", whatsapp_access_token="y"))
        assert found.where == "KALM_WHATSAPP_PHONE_NUMBER_ID, KALM_WHATSAPP_VERIFY_TOKEN"

    def test_complete(self, examined: Examine) -> None:
        assert all_good(
            examined(
                whatsapp.look,
                **dict.fromkeys(FOR_WHATSAPP, "100000000000001"),
                public_bot_url="https://bot.winkel.example",
            )
        )

    def test_not_reached_by_meta_and_not_reaching_it(self, examined: Examine) -> None:
        found = warnings(
            examined(
                whatsapp.look,
                **dict.fromkeys(FOR_WHATSAPP, "100000000000001"),
                whatsapp_graph_url="http://127.0.0.1:5085",
            )
        )
        assert [one.where for one in found] == ["KALM_WHATSAPP_GRAPH_URL", "KALM_PUBLIC_BOT_URL"]
