"""With a real mail server on this machine; `mail.example` leads to it."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from kalm.settings import load_settings
from review.handed_over import mailing
from review.handed_over.letter import MOST_LISTED, Asked, letter
from review.handed_over.mailing import CLAIMED_FOR, OFTEN, TOGETHER, TOO_OLD, Postman, claim
from storage.schema import handover_cases
from tests.review.conftest import Shop

NOW = 1_796_000_000.0
SAID = "ik ben Truus en wil iemand spreken"
ASKED = {"text": SAID, "intent": "ask_human", "kind": "handoff"}
Configure = Callable[..., None]


class Mailbox:
    """Keeps what the server takes."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.receivers: list[list[str]] = []
        self.refused = ""

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        read = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.letters.append(read)
        self.receivers.append(envelope.rcpt_tos)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(mailbox: Mailbox, port: int) -> Iterator[Callable[..., Controller]]:
    """Start the mail server."""
    running: list[Controller] = []

    def started(**options: Any) -> Controller:
        made = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
        made.start()
        running.append(made)
        return made

    yield started
    for one in running:
        if one.server is not None:
            one.stop()


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Set the settings of the e-mails."""

    def set_to(smtp: str, to: str = "bea@winkel.example") -> None:
        chosen = load_settings(
            smtp=smtp,
            mail_from="kalm@winkel.example",
            mail_to=to,
            public_url="https://kalm.winkel.example",
        )
        monkeypatch.setattr(mailing, "settings", lambda: chosen)

    return set_to


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of mail.example, with its key in the same file."""
    folder = tmp_path_factory.mktemp("certificate")
    key, public, both = folder / "key.pem", folder / "public.pem", folder / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"),
            *("-subj", "/CN=mail.example", "-addext", "subjectAltName=DNS:mail.example"),
            *("-keyout", str(key), "-out", str(public)),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + public.read_bytes())
    return both


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts that certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes mail.example lead to this machine."""
    real = socket.create_connection

    def connect(address: tuple[str, int], *rest: Any, **options: Any) -> socket.socket:
        host, port = address
        return real(("127.0.0.1" if host == "mail.example" else host, port), *rest, **options)

    monkeypatch.setattr(socket, "create_connection", connect)


def ask(shop: Shop, at: float = NOW - 5, channel: str = "website") -> None:
    shop.conversation(ASKED, channel=channel, at=at)


def cases(shop: Shop) -> list[Any]:
    with shop.database.reading() as connection:
        return list(connection.execute(handover_cases.select()))


def test_the_team_hears_that_somebody_asked_and_not_a_word_of_what_was_said(
    shop: Shop, mailbox: Mailbox, start: Callable[..., Controller], configure: Configure, port: int
) -> None:
    start()
    configure(f"smtp://127.0.0.1:{port}", to="bea@winkel.example, bram@winkel.example")
    ask(shop, channel="whatsapp")

    Postman(shop.database).look(NOW)

    (sent,) = mailbox.letters
    (case,) = cases(shop)
    text = sent.get_content()
    assert mailbox.receivers == [["bea@winkel.example", "bram@winkel.example"]]
    assert sent["Subject"] == "Iemand wil een medewerker spreken"
    assert sent["From"] == "kalm@winkel.example"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert "via WhatsApp" in text
    assert f"https://kalm.winkel.example/review/doorgegeven/{case.handover_id}" in text
    assert "Truus" not in sent.as_string()
    assert (case.mailed_at, case.mailing_until, case.version) == (NOW, None, 0)


def test_nobody_is_told_twice_and_what_comes_together_is_told_together(
    shop: Shop, mailbox: Mailbox, start: Callable[..., Controller], configure: Configure, port: int
) -> None:
    start()
    configure(f"smtp://127.0.0.1:{port}")
    postman = Postman(shop.database)
    ask(shop)
    postman.look(NOW)
    ask(shop)
    ask(shop)

    postman.look(NOW + OFTEN)
    assert len(mailbox.letters) == 1
    postman.look(NOW + TOGETHER)
    Postman(shop.database).look(NOW + 3 * TOGETHER)

    assert [sent["Subject"] for sent in mailbox.letters] == [
        "Iemand wil een medewerker spreken",
        "2 keer gevraagd om een medewerker",
    ]


def test_what_is_old_or_taken_already_is_no_news(
    shop: Shop, mailbox: Mailbox, start: Callable[..., Controller], configure: Configure, port: int
) -> None:
    start()
    configure(f"smtp://127.0.0.1:{port}")
    ask(shop)
    (claimed,) = claim(shop.database, NOW)
    with shop.database.writing() as connection:
        connection.execute(handover_cases.update().values(state="taken", mailing_until=None))
    ask(shop, at=NOW - TOO_OLD)

    Postman(shop.database).look(NOW)

    assert claimed.channel == "website"
    assert mailbox.letters == []


def test_a_claim_keeps_others_away_until_it_expires(shop: Shop) -> None:
    ask(shop)

    assert len(claim(shop.database, NOW)) == 1
    assert claim(shop.database, NOW + CLAIMED_FOR) == []
    assert len(claim(shop.database, NOW + CLAIMED_FOR + 1)) == 1


def test_a_server_that_is_away_is_tried_again_with_growing_pauses(
    shop: Shop,
    mailbox: Mailbox,
    start: Callable[..., Controller],
    configure: Configure,
    port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure(f"smtp://me:geheim@127.0.0.1:{port}")
    ask(shop)
    postman = Postman(shop.database)

    with caplog.at_level(logging.INFO):
        for seconds in range(0, 100, 5):
            postman.look(NOW + seconds)
    tried = [record for record in caplog.records if "could not be told" in record.getMessage()]
    assert len(tried) == 3  # at once, after 15 seconds, after 30 more
    assert "ConnectionRefusedError" in tried[0].getMessage()
    assert not [word for word in ("geheim", "Truus", "winkel.example") if word in caplog.text]
    assert [(case.mailed_at, case.mailing_until) for case in cases(shop)] == [(None, None)]

    configure(f"smtp://127.0.0.1:{port}")
    start()
    postman.look(NOW + 110)
    assert len(mailbox.letters) == 1


def test_the_pauses_do_not_grow_for_ever(shop: Shop, configure: Configure, port: int) -> None:
    configure(f"smtp://127.0.0.1:{port}")
    ask(shop, at=NOW)
    postman = Postman(shop.database)
    for hours in range(23):
        postman.look(NOW + 3600 * hours)

    assert postman._not_before - (NOW + 3600 * 22) == mailing.LONGEST_PAUSE


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_refused_login_is_tried_again_and_tells_no_password(
    shop: Shop,
    mailbox: Mailbox,
    start: Callable[..., Controller],
    configure: Configure,
    port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == b"juist", handled=False)

    start(authenticator=authenticate, auth_required=True, auth_require_tls=False)
    ask(shop)
    postman = Postman(shop.database)
    configure(f"smtp://me:onjuist-geheim@127.0.0.1:{port}")
    with caplog.at_level(logging.INFO):
        postman.look(NOW)
    assert "SMTPAuthenticationError" in caplog.text
    assert "onjuist-geheim" not in caplog.text
    assert mailbox.letters == []

    configure(f"smtp://me:juist@127.0.0.1:{port}")
    postman.look(NOW + OFTEN)
    assert len(mailbox.letters) == 1


def test_one_receiver_that_is_refused_keeps_it_from_nobody_else(
    shop: Shop,
    mailbox: Mailbox,
    start: Callable[..., Controller],
    configure: Configure,
    port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    start()
    mailbox.refused = "weg@winkel.example"
    configure(f"smtp://127.0.0.1:{port}", to="weg@winkel.example, bea@winkel.example")
    ask(shop)

    Postman(shop.database).look(NOW)

    assert mailbox.receivers == [["bea@winkel.example"]]
    assert "refused some" in caplog.text
    assert cases(shop)[0].mailed_at == NOW


def some_letter() -> EmailMessage:
    chosen = load_settings(mail_from="kalm@winkel.example", mail_to="bea@winkel.example")
    return letter([Asked(1, NOW, "website")], chosen, NOW)


@pytest.mark.usefixtures("trusted")
def test_a_server_elsewhere_gets_it_by_starttls(
    mailbox: Mailbox,
    start: Callable[..., Controller],
    configure: Configure,
    port: int,
    tls: ssl.SSLContext,
) -> None:
    start(tls_context=tls, require_starttls=True)
    configure(f"smtp://mail.example:{port}")

    mailing.send(some_letter())

    assert len(mailbox.letters) == 1


@pytest.mark.usefixtures("trusted")
def test_a_server_elsewhere_may_speak_tls_from_the_start(
    mailbox: Mailbox,
    start: Callable[..., Controller],
    configure: Configure,
    port: int,
    tls: ssl.SSLContext,
) -> None:
    start(ssl_context=tls, server_hostname="127.0.0.1", ready_timeout=10)
    configure(f"smtps://mail.example:{port}")

    mailing.send(some_letter())

    assert len(mailbox.letters) == 1


def test_a_server_elsewhere_without_starttls_gets_nothing(
    mailbox: Mailbox, start: Callable[..., Controller], configure: Configure, port: int
) -> None:
    start()
    configure(f"smtp://me:geheim@mail.example:{port}")

    with pytest.raises(smtplib.SMTPNotSupportedError):
        mailing.send(some_letter())
    assert mailbox.letters == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_with_a_certificate_that_nobody_vouches_for_gets_nothing(
    mailbox: Mailbox,
    start: Callable[..., Controller],
    configure: Configure,
    port: int,
    tls: ssl.SSLContext,
    scheme: str,
) -> None:
    start(**({"tls_context": tls} if scheme == "smtp" else {"ssl_context": tls}))
    configure(f"{scheme}://me:geheim@mail.example:{port}")

    with pytest.raises(ssl.SSLCertVerificationError):
        mailing.send(some_letter())
    assert mailbox.letters == []


def test_of_very_many_requests_the_number_is_told() -> None:
    chosen = load_settings(mail_from="kalm@winkel.example", mail_to="bea@winkel.example")
    many = [Asked(number, NOW, "website") for number in range(MOST_LISTED + 3)]

    text = letter(many, chosen, NOW).get_content()

    assert text.count("via website") == MOST_LISTED
    assert "- en nog 3 keer" in text


def test_without_a_mail_server_the_chore_ends_at_once(shop: Shop, configure: Configure) -> None:
    configure("")

    asyncio.run(mailing.tell_team(shop.database))
