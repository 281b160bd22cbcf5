from __future__ import annotations

import hmac
from typing import Any

import pytest

from kalm.strangers import is_stranger

TOKEN = "a-word-that-nobody-guesses"
PLAIN = ("Host", "Content-Type", "User-Agent")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", ""])
def test_who_is_on_this_machine_is_no_stranger(peer: str) -> None:
    assert not is_stranger(peer, PLAIN, "", "")
    assert not is_stranger(peer, PLAIN, "Bearer wrong", TOKEN)


@pytest.mark.parametrize(
    "peer", ["10.0.0.1", "192.168.1.5", "0.0.0.0", "::", "fe80::1%lo", "::ffff:10.0.0.1", "localhost", "x"]
)
def test_who_is_elsewhere_needs_the_token(peer: str) -> None:
    assert is_stranger(peer, PLAIN, "", TOKEN)
    assert not is_stranger(peer, PLAIN, f"Bearer {TOKEN}", TOKEN)


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "x-forwarded-proto",
        "X-FORWARDED-HOST",
        "X-Real-IP",
        "CF-Connecting-IP",
    ],
)
def test_who_came_by_a_proxy_on_this_machine_needs_it_too(header: str) -> None:
    assert is_stranger("127.0.0.1", (*PLAIN, header), "", TOKEN)
    assert not is_stranger("127.0.0.1", (*PLAIN, header), f"Bearer {TOKEN}", TOKEN)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        TOKEN,
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer é\udcff",
    ],
)
def test_what_is_not_the_token_lets_nobody_in(authorization: str) -> None:
    assert is_stranger("10.0.0.1", PLAIN, authorization, TOKEN)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer "])
def test_without_a_token_nobody_is_let_in(authorization: str) -> None:
    assert is_stranger("10.0.0.1", PLAIN, authorization, "")


def test_the_scheme_may_be_written_small() -> None:
    assert not is_stranger("10.0.0.1", PLAIN, f"bearer  {TOKEN} ", TOKEN)


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[Any, Any]] = []
    monkeypatch.setattr(hmac, "compare_digest", lambda *both: bool(compared.append(both)))
    is_stranger("10.0.0.1", PLAIN, "Bearer a", TOKEN)
    assert compared == [(b"a", TOKEN.encode())]
