from __future__ import annotations

from collections.abc import Callable

import pytest

from channels.whatsapp.outbound.limits import Choice, LimitError, Outgoing, check, fits, length

Message = Callable[[int], Outgoing]


def choices(number: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"id {place}", f"title {place}") for place in range(number))


def one(id: str = "i", title: str = "t", description: str = "") -> tuple[Choice, ...]:
    return (Choice(id, title, description),)


LIMITS: list[tuple[str, int, Message]] = [
    ("text", 4096, lambda size: Outgoing("x" * size)),
    ("text above reply buttons", 1024, lambda size: Outgoing("x" * size, one())),
    ("reply buttons", 3, lambda size: Outgoing("x", choices(size))),
    ("title of a reply button", 20, lambda size: Outgoing("x", one(title="t" * size))),
    ("id of a reply button", 256, lambda size: Outgoing("x", one(id="i" * size))),
    ("text above a list", 4096, lambda size: Outgoing("x" * size, one(), "Meer")),
    ("what opens the list", 20, lambda size: Outgoing("x", one(), "m" * size)),
    ("rows", 10, lambda size: Outgoing("x", choices(size), "Meer")),
    ("title of a row", 24, lambda size: Outgoing("x", one(title="t" * size), "Meer")),
    ("description of a row", 72, lambda size: Outgoing("x", one(description="d" * size), "Meer")),
    ("id of a row", 200, lambda size: Outgoing("x", one(id="i" * size), "Meer")),
]


@pytest.mark.parametrize(("name", "most", "message"), LIMITS)
def test_what_just_fits_is_taken_and_one_more_is_not(name: str, most: int, message: Message) -> None:
    check(message(most))
    assert fits(message(most))
    with pytest.raises(LimitError, match=name):
        check(message(most + 1))
    assert not fits(message(most + 1))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("the text is empty", Outgoing(" \n")),
        ("title of a reply button is empty", Outgoing("x", one(title=""))),
        ("id of a row is empty", Outgoing("x", one(id=""), "Meer")),
        ("same title", Outgoing("x", (Choice("1", "Ja"), Choice("2", "Ja")))),
        ("same id", Outgoing("x", (Choice("1", "Ja"), Choice("1", "Nee")), "Meer")),
        ("spaces", Outgoing("x", one(id="ja "))),
    ],
)
def test_what_is_empty_or_there_twice_is_refused(name: str, message: Outgoing) -> None:
    with pytest.raises(LimitError, match=name):
        check(message)


def test_a_limit_is_named_without_what_the_message_says() -> None:
    with pytest.raises(LimitError) as raised:
        check(Outgoing("geheim " * 1000))
    assert str(raised.value) == "the text is 7000 characters; at most 4096 fit"


def test_a_sign_of_two_units_counts_twice() -> None:
    assert length("é’") == 2
    assert length("🦵") == 2
