from __future__ import annotations

import pytest

from kalm.mail_server import MailServer, Security, parse_mail_addresses, parse_mail_server


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtps://mail.example", MailServer("mail.example", 465, Security.TLS)),
        ("smtp://mail.example", MailServer("mail.example", 587, Security.STARTTLS)),
        ("smtp://mail.example:2525/", MailServer("mail.example", 2525, Security.STARTTLS)),
        ("smtp://localhost", MailServer("localhost", 25, Security.NONE)),
        ("smtp://127.0.0.1:1025", MailServer("127.0.0.1", 1025, Security.NONE)),
        ("smtp://[::1]:1025", MailServer("::1", 1025, Security.NONE)),
        ("smtp://localhost.example", MailServer("localhost.example", 587, Security.STARTTLS)),
        ("smtps://a%40b:p%3Aq@mail.example", MailServer("mail.example", 465, Security.TLS, "a@b", "p:q")),
    ],
)
def test_the_address_says_where_and_how_safely(address: str, server: MailServer) -> None:
    assert parse_mail_server(address) == server


@pytest.mark.parametrize(
    "address",
    [
        "mail.example",
        "https://mail.example",
        "smtp://",
        "smtps://me:geheim@",
        "smtps://me:geheim#1@mail.example",
        "smtps://me:1#geheim@mail.example",
        "smtps://me:1?geheim@mail.example",
        "smtps://me:1/geheim@mail.example",
        "smtps://me:geheim@mail.example:lang",
        "smtps://geheim@mail.example",
        "smtps://:geheim@mail.example",
    ],
)
def test_another_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has) ") as caught:
        parse_mail_server(address)
    assert "geheim" not in str(caught.value)


def test_the_password_is_not_in_the_words_for_a_developer() -> None:
    assert "geheim" not in repr(parse_mail_server("smtps://me:geheim@mail.example"))


def test_addresses_stand_with_commas() -> None:
    assert parse_mail_addresses(" a@winkel.example, b@localhost ,") == ("a@winkel.example", "b@localhost")


@pytest.mark.parametrize("text", ["winkel", "a@", "@b.nl", "Bea <b@b.nl>", "a@b.nl\nBcc: c@d.nl", "a@b..nl"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no e-mail address"):
        parse_mail_addresses(text)
