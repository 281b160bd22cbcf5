from __future__ import annotations

from pathlib import Path

import pytest

from kalm.safety.files import SafetyError, read_file, texts


@pytest.mark.parametrize("content", [b"\xff", b"a: [", b"- een lijst", b"tekst", b""])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "danger.yml").write_bytes(content)
    with pytest.raises(SafetyError, match=r"^danger\.yml: "):
        read_file("danger.yml", tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SafetyError, match=r"^weg\.yml: "):
        read_file("weg.yml", tmp_path)


def test_one_text_or_a_list_of_texts() -> None:
    assert texts({"a": " x\n y "}, "a") == ("x y",)
    assert texts({"a": ["x", "112"]}, "a") == ("x", "112")


@pytest.mark.parametrize("value", [None, [], "", " ", ["x", ""], [{}], {}, ["x", 112]])
def test_a_text_that_is_missing_is_named(value: object) -> None:
    with pytest.raises(SafetyError, match="'a'"):
        texts({"a": value}, "a")
