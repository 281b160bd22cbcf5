from __future__ import annotations

import pytest

from channels.whatsapp.inbound.signature import is_signed, sign

BODY = '{"text": "mijn benen 😴"}'.encode()


def test_a_signature_belongs_to_one_body_and_one_secret() -> None:
    signature = sign(BODY, "geheim")
    assert is_signed(BODY, signature, "geheim")
    assert not is_signed(BODY + b" ", signature, "geheim")
    assert not is_signed(BODY, signature, "ander geheim")


def test_it_is_that_of_the_standard() -> None:
    # RFC 4231, test case 2.
    expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert sign(b"what do ya want for nothing?", "Jefe") == expected


@pytest.mark.parametrize("signature", ["", "sha256=", "sha1=0", "é", "\udcff", "0" * 5000])
def test_whatever_else_stands_there_is_none(signature: str) -> None:
    assert not is_signed(BODY, signature, "geheim")
