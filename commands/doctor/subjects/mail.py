"""The mail server, when there is one: reached and logged in to. No e-mail is sent."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator

from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from review.handed_over.mailing import connect

PATIENCE = 5.0
"""Seconds for each reply."""


def look(looked: Look) -> Iterator[Finding]:
    """Whether e-mails could be handed in."""
    server = looked.settings.mail_server
    if server is None:
        if looked.settings.mail_to or looked.settings.mail_from:
            yield warning("KALM_SMTP", "is empty while KALM_MAIL_TO or _FROM is set: no mail", "set it")
        else:
            yield good("no e-mail is wanted")
        return
    try:
        with connect(server, PATIENCE) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.noop()
    except smtplib.SMTPAuthenticationError:
        yield fault("KALM_SMTP", "the mail server refuses this user and password", "correct them")
    except ssl.SSLCertVerificationError:
        remedy = "use the name that stands in its certificate, or have it renewed"
        yield fault("KALM_SMTP", "the mail server shows no certificate of its name, or an old one", remedy)
    except (OSError, smtplib.SMTPException) as error:
        remedy = "see that it runs, that host and port are right, and that a firewall lets Kalm through"
        yield fault("KALM_SMTP", f"the mail server does not answer well ({type(error).__name__})", remedy)
    else:
        yield good("the mail server was reached, and would take e-mails")
