from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kalm.privacy import pseudonyms as module
from kalm.privacy.pseudonyms import Pseudonyms, drop_keys, key_file, read_pseudonyms, rotate
from kalm.settings import SettingsError, settings

ONE, TWO = bytes(range(32)), bytes(32)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("KALM_PSEUDONYM_KEY", raising=False)
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


def test_the_same_sender_has_the_same_pseudonym_and_another_has_not() -> None:
    known = Pseudonyms([ONE])
    assert known.all_of("rest", "jan") == known.all_of("rest", "jan")
    assert known.all_of("rest", "jan") != known.all_of("rest", "piet")
    assert known.all_of("rest", "jan") != known.all_of("whatsapp", "jan")
    assert known.all_of("a", "b:c") != known.all_of("a:b", "c")


def test_it_is_what_rfc_2104_says() -> None:
    (pseudonym,) = Pseudonyms([ONE]).all_of("rest", "jan")
    # printf '4:rest:jan' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f
    assert pseudonym.value == "a49fef4fc34d097dd2192c610bca2f5bbdcab5f63fd3994536df2669fb7ad8d4"
    assert "jan" not in pseudonym.value


def test_another_key_gives_another_pseudonym_and_the_newest_is_first() -> None:
    first, second = Pseudonyms([TWO, ONE]).all_of("rest", "jan")
    assert (second,) == Pseudonyms([ONE]).all_of("rest", "jan")
    assert (first,) == Pseudonyms([TWO]).all_of("rest", "jan")
    assert first.key != second.key
    assert ONE.hex()[:8] != second.key


def test_without_a_key_one_is_made_once_for_its_owner_alone(folder: Path) -> None:
    first = read_pseudonyms()
    assert read_pseudonyms().names == first.names
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [module.KEY_FILE]


def test_of_processes_that_start_at_once_all_have_the_same_key() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: read_pseudonyms().names, range(8)))
    assert len(set(made)) == 1


def test_a_key_from_the_environment_makes_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_PSEUDONYM_KEY", f"{TWO.hex()},{ONE.hex()}")
    settings.cache_clear()
    assert read_pseudonyms().names == Pseudonyms([TWO, ONE]).names
    assert not folder.exists()
    with pytest.raises(SettingsError, match="put a new one before it there"):
        rotate()


def test_rotating_puts_a_new_key_first_and_keeps_the_old() -> None:
    before = read_pseudonyms()
    after = rotate()
    assert after.names[1:] == before.names
    assert after.all_of("rest", "jan")[1:] == before.all_of("rest", "jan")
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600


def test_a_key_that_nobody_uses_can_be_dropped_but_never_the_newest() -> None:
    before, after = read_pseudonyms(), rotate()
    drop_keys(after.names)
    assert read_pseudonyms().names == after.names[:1]
    assert before.names != read_pseudonyms().names


@pytest.mark.parametrize("content", ["", "geheim", "ab" * 31, "AB" * 32, f"{'ab' * 32}\nte kort", "é"])
def test_a_file_with_something_else_is_refused_and_not_shown(folder: Path, content: str) -> None:
    folder.mkdir()
    key_file().write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="64 hexadecimal digits") as refusal:
        read_pseudonyms()
    assert content == "" or content not in str(refusal.value)


def test_a_folder_that_cannot_be_made_is_named(folder: Path) -> None:
    folder.write_text("een bestand")
    with pytest.raises(SettingsError, match="KALM_PSEUDONYM_KEY"):
        read_pseudonyms()
