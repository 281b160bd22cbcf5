from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from commands.doctor.subjects import secrets as subject
from kalm.settings import ROOT
from tests.commands.doctor.conftest import Examine, all_good, faults, told, warnings

GOOD = "9f86d081884c7d659a2feaa0c55ad015"


def test_nothing_is_wrong_with_what_openssl_gives(examined: Examine) -> None:
    found = examined(
        subject.look,
        whatsapp_verify_token=secrets.token_hex(16),
        pseudonym_key=f"{secrets.token_hex(32)},{secrets.token_hex(32)}",
        database=f"postgresql://kalm:{secrets.token_urlsafe(16)}@localhost/kalm",
    )
    assert all_good(found)
    assert "4 secrets" in told(found)


def test_a_short_one_of_our_own_is_a_fault_a_short_password_a_warning(examined: Examine) -> None:
    found = examined(
        subject.look,
        whatsapp_verify_token=GOOD[:15],
        smtp="smtps://kalm:x7Fk9a2@m.example",
        mail_from="a@b.example",
        mail_to="a@b.example",
    )
    assert [one.where for one in faults(found)] == ["KALM_WHATSAPP_VERIFY_TOKEN"]
    assert "16 characters" in faults(found)[0].what
    assert [one.where for one in warnings(found)] == ["the password in KALM_SMTP"]
    assert not faults(examined(subject.look, whatsapp_verify_token=GOOD[:16]))


def test_what_meta_made_is_not_called_short(examined: Examine) -> None:
    assert all_good(examined(subject.look, whatsapp_app_secret="x7Fk9a2b"))


def test_too_few_different_characters(examined: Examine) -> None:
    (found,) = faults(examined(subject.look, whatsapp_verify_token="abcabcabcabcabcabcabc"))
    assert "different characters" in found.what


@pytest.mark.parametrize("name", ["whatsapp_verify_token", "whatsapp_app_secret", "whatsapp_access_token"])
def test_an_example_of_our_documentation(examined: Examine, name: str) -> None:
    (found,) = faults(examined(subject.look, **{name: "proef"}))
    assert "example" in found.what
    found_of_database = faults(
        examined(subject.look, **{name: GOOD}, database="postgresql://kalm:secret@h/kalm")
    )
    assert [one.where for one in found_of_database] == ["the password in KALM_DATABASE"]


def test_whatever_stands_in_the_pages_that_come_with_kalm(examined: Examine, here: Path) -> None:
    (here / "docs").mkdir()
    (here / "README.md").touch()
    (here / "docs" / "deploy.md").write_text(f"openssl rand -hex 16\n{GOOD}\n")
    (found,) = faults(examined(subject.look, root=here, whatsapp_verify_token=GOOD))
    assert "example" in found.what
    (here / "docs" / "deploy.md").rename(here / "docs" / "deploy.txt")
    (here / "deploy" / "secrets").mkdir(parents=True)
    (here / "deploy" / "secrets" / "kalm_whatsapp_verify_token").write_text(GOOD)
    (here / "deploy" / ".env").write_text(GOOD)
    assert all_good(examined(subject.look, root=here, whatsapp_verify_token=GOOD))
    assert all_good(examined(subject.look, root=ROOT))


def test_one_secret_for_two_things(examined: Examine) -> None:
    found = faults(
        examined(
            subject.look, whatsapp_verify_token=GOOD, database=f"postgresql://kalm:{GOOD}@localhost/kalm"
        )
    )
    assert [one.where for one in found] == ["KALM_WHATSAPP_VERIFY_TOKEN"]
    assert "the password in KALM_DATABASE" in found[0].what
    assert GOOD not in told(found)


def test_a_key_of_pseudonyms_that_is_none(examined: Examine) -> None:
    (found,) = faults(examined(subject.look, pseudonym_key=GOOD))
    assert "64 hexadecimal digits" in found.what


@pytest.mark.parametrize("content", [b"", b"geen sleutel\n", b"\xff\xfe"])
def test_a_file_of_keys_that_is_damaged(examined: Examine, here: Path, content: bytes) -> None:
    (here / "var" / "pseudonym.key").write_bytes(content)
    assert len(faults(examined(subject.look))) == 1


def test_without_a_key_none_is_made(examined: Examine, here: Path) -> None:
    assert all_good(examined(subject.look))
    assert list((here / "var").iterdir()) == []


def test_a_weak_key_of_pseudonyms_is_not_thrown_away(examined: Examine) -> None:
    (found,) = faults(examined(subject.look, pseudonym_key="0" * 64))
    assert "leave the old one" in found.remedy


def test_a_key_in_the_file_that_the_setting_left_behind(examined: Examine, here: Path) -> None:
    old, new = secrets.token_hex(32), secrets.token_hex(32)
    file = here / "var" / "pseudonym.key"
    file.write_text(f"{old}\n")
    file.chmod(0o600)
    (found,) = warnings(examined(subject.look, pseudonym_key=new))
    assert found.where == str(file)
    assert old not in told([found])
    assert all_good(examined(subject.look, pseudonym_key=f"{new},{old}"))
