from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands.doctor.reading import usable
from commands.doctor.subjects import settings as subject
from kalm.settings import settings
from tests.commands.doctor.conftest import Examine, all_good, faults, told, warnings


def test_nothing_is_wrong_with_the_defaults(examined: Examine) -> None:
    assert all_good(examined(subject.look))


def test_each_setting_that_cannot_be_used_is_named_by_itself(examined: Examine) -> None:
    found = faults(examined(subject.look, bot_port="web", log_days="0", time_zone="Europe/Amsterdm"))
    assert [one.where for one in found] == ["KALM_BOT_PORT", "KALM_LOG_DAYS", "KALM_TIME_ZONE"]
    assert "integer" in found[0].what
    assert all("docs/settings.md" in one.remedy for one in found)


def test_a_sender_without_a_mail_server_that_can_be_read_does_not_stop_the_others(examined: Examine) -> None:
    found = faults(examined(subject.look, smtp="smtp://kalm:geheim/woord@mail", log_days="0"))
    assert [one.where for one in found] == ["KALM_LOG_DAYS", "KALM_SMTP"]
    found = faults(examined(subject.look, smtp="smtp://localhost", log_days="1"))
    assert [one.where for one in found] == ["KALM_MAIL_FROM", "KALM_MAIL_TO"]


def test_a_name_that_is_none_gets_the_nearest_right_one(examined: Examine) -> None:
    found = faults(examined(subject.look, bot_prot="5005", zzzzzzzzzz="1"))
    assert [one.where for one in found] == ["KALM_BOT_PROT", "KALM_ZZZZZZZZZZ"]
    assert "KALM_BOT_PORT?" in found[0].remedy
    assert "docs/settings.md" in found[1].remedy
    assert "?" not in found[1].remedy


def test_names_in_small_letters_are_settings_too(examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("kalm_log_days", "7")
    assert all_good(examined(subject.look))
    monkeypatch.setenv("kalm_log_days", "0")
    assert [one.where for one in faults(examined(subject.look))] == ["KALM_LOG_DAYS"]


def test_a_secret_in_another_variable_is_named_and_not_told(examined: Examine) -> None:
    secret = "EAAGm0PX4ZCpsBAKZCabcdefgh123"
    found = examined(subject.look, shop_name=secret, contact=f"postgresql://kalm:{secret}@db/kalm")
    assert [one.where for one in warnings(found)] == ["KALM_CONTACT", "KALM_SHOP_NAME"]
    assert secret not in told(found)


@pytest.mark.parametrize(
    "name", ["allowed_origins", "time_zone", "office_hours", "mail_to", "public_url", "bot_prt", "bot_port"]
)
def test_the_message_of_a_setting_that_cannot_be_used_holds_nothing_of_its_value(
    examined: Examine, name: str
) -> None:
    secret = "x7Fk9 wachtwoord, Zeer/Geheim:99-88"
    found = examined(subject.look, **{name: secret})
    assert faults(found)
    for piece in ("x7Fk9", "wachtwoord", "Zeer", "Geheim", "99-88"):
        assert piece not in told(found)


def test_two_servers_on_one_port(examined: Examine) -> None:
    (found,) = faults(examined(subject.look, web_port=5005))
    assert (found.where, "KALM_BOT_PORT" in found.what) == ("KALM_WEB_PORT", True)


def test_visitors_of_a_public_kalm_should_not_read_our_examples(examined: Examine) -> None:
    found = warnings(examined(subject.look, public_url="https://kalm.winkel.example"))
    assert [one.where for one in found] == ["KALM_SHOP_NAME", "KALM_CONTACT"]


def test_the_environment_and_the_settings_are_afterwards_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KALM_BOT_PORT", "web")
    monkeypatch.setenv("kalm_log_days", "0")
    before = dict(os.environ)
    with usable() as (read, refused):
        assert (read.bot_port, read.log_days, len(refused)) == (5005, 14, 2)
        assert settings() == read
    assert dict(os.environ) == before


def test_settings_in_files_are_looked_at_as_well(
    examined: Examine, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALM_SECRETS", str(here / "secrets"))
    (here / "secrets").mkdir()
    (here / "secrets" / "kalm_bot_port").write_text("zeer geheim\n")
    (here / "secrets" / "kalm_databse").write_text("zeer geheim\n")
    (here / "secrets" / "postgres_password").write_text("zeer geheim\n")
    found = faults(examined(subject.look))
    assert [one.where for one in found] == ["KALM_BOT_PORT", "KALM_DATABSE"]
    assert "geheim" not in told(found)


def test_a_folder_of_files_that_cannot_be_read(examined: Examine, here: Path) -> None:
    (found,) = faults(examined(subject.look, secrets=here / "gone"))
    assert (found.where, "older" in found.what) == ("KALM_SECRETS", True)
    (here / "secrets").mkdir()
    (here / "secrets" / "kalm_contact").write_bytes(b"\xff\xfe")
    (found,) = faults(examined(subject.look, secrets=here / "secrets"))
    assert (found.where, "cannot be read" in found.what) == ("KALM_SECRETS", True)
