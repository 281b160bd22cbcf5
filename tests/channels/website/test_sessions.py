from __future__ import annotations

import pytest

from channels.website.sessions import Sessions
from kalm.privacy.pseudonyms import Pseudonyms

OLD, NEW = bytes(range(32)), bytes(32)
NOW = 1_800_000_000.0
DAY = 24 * 60 * 60


def sessions(*keys: bytes) -> Sessions:
    return Sessions(Pseudonyms(keys or [NEW]), lasts=DAY)


def test_a_session_is_known_until_it_ends() -> None:
    begun = sessions().start(NOW)
    assert sessions().read(begun.token, NOW) == begun
    assert sessions().read(begun.token, begun.ends_at - 1) == begun
    assert sessions().read(begun.token, begun.ends_at) is None
    assert begun.ends_at == NOW + DAY


def test_a_session_that_is_renewed_is_of_the_same_sender_and_lasts_longer() -> None:
    begun = sessions().start(NOW)
    renewed = sessions().start(NOW + DAY, begun)
    assert renewed.sender == begun.sender
    assert sessions().read(renewed.token, begun.ends_at) == renewed
    assert renewed.ends_at == NOW + 2 * DAY


def test_no_two_are_the_same_and_each_has_128_random_bits() -> None:
    senders = {sessions().start(NOW).sender for _ in range(100)}
    assert len(senders) == 100
    assert {len(sender) for sender in senders} == {32}


def test_a_session_of_before_the_key_was_replaced_goes_on() -> None:
    begun = sessions(OLD).start(NOW)
    assert sessions(NEW, OLD).read(begun.token, NOW) is not None
    assert sessions(NEW).read(begun.token, NOW) is None


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 76, "AAAA" * 19, "\n" * 76])
def test_what_was_never_given_out_is_refused(token: str) -> None:
    assert sessions().read(token, NOW) is None


@pytest.mark.parametrize("place", range(0, 76, 5))
def test_a_changed_token_is_refused(place: int) -> None:
    token = sessions().start(NOW).token
    other = "B" if token[place] == "A" else "A"
    assert sessions().read(token[:place] + other + token[place + 1 :], NOW) is None


def test_a_pseudonym_is_no_signature() -> None:
    known = Pseudonyms([NEW])
    assert known.signatures("website", b"jan")[0].hex() != known.all_of("website", "jan")[0].value
