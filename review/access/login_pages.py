"""Logging in and out, and choosing a new password."""

from __future__ import annotations

from starlette.responses import Response

from review import words
from review.access import members, sessions
from review.access.members import Attempt, MemberError, NewPassword
from review.requests import COOKIE, PREFIX, ReviewRequest, is_secure

_TOO_OFTEN = "Te vaak een verkeerd wachtwoord. Probeer het over {} weer, of vraag je beheerder om een nieuw."
_BUSY = "Er proberen nu te veel mensen tegelijk in te loggen. Wacht even en probeer het dan nog eens."
_WRONG = "Deze inlognaam en dit wachtwoord horen niet bij elkaar."


def show_login(asked: ReviewRequest) -> Response:
    """The form, or onwards for who is logged in."""
    if asked.session is not None:
        return asked.go_to("/")
    return asked.render("access/login.html", name="", error="", onwards=_onwards(asked.query.get("naar", "")))


def log_in(asked: ReviewRequest) -> Response:
    """Try the password."""
    attempt = members.log_in(
        asked.database, asked.value("name"), (asked.form.get("password") or [""])[-1], asked.now
    )
    onwards = _onwards(asked.value("naar"))
    if attempt.member is None:
        status, error = 503 if attempt.is_busy else 403, _refusal(attempt, _WRONG)
        return asked.render(
            "access/login.html", status, name=asked.value("name"), error=error, onwards=onwards
        )
    response = asked.go_to(onwards.removeprefix(PREFIX))
    token = sessions.start(asked.database, attempt.member, asked.now)
    response.set_cookie(COOKIE, token, path=PREFIX, httponly=True, samesite="lax", secure=is_secure())
    return response


def log_out(asked: ReviewRequest) -> Response:
    """End the session."""
    response = asked.go_to("/inloggen", "Je bent uitgelogd.")
    assert asked.session is not None
    with asked.database.writing() as connection:
        asked.note(connection, "logout")
    sessions.end(asked.database, asked.session)
    response.delete_cookie(COOKIE, path=PREFIX)
    return response


def show_password(asked: ReviewRequest) -> Response:
    """The form for a new password."""
    return asked.render("access/password.html", error="")


def change_password(asked: ReviewRequest) -> Response:
    """Keep the new password, and log in anew."""
    old, new, again = ((asked.form.get(name) or [""])[-1] for name in ("old", "new", "again"))
    try:
        if new != again:
            raise MemberError("De twee nieuwe wachtwoorden zijn niet gelijk.")
        if new == old:
            raise MemberError("Kies een ander wachtwoord dan je had.")
        # Counted like a login: whoever finds a computer open must not be able to go on guessing.
        attempt = members.log_in(asked.database, asked.member.name, old, asked.now)
        if attempt.member is None:
            raise MemberError(_refusal(attempt, "Je huidige wachtwoord klopt niet."))
        chosen = NewPassword.of(new, asked.member.name)
        with asked.database.writing() as connection:
            members.set_password(connection, asked.member, chosen, must_change=False)
            asked.note(connection, "password")
    except MemberError as error:
        return asked.render("access/password.html", 422, error=str(error))
    return asked.go_to("/inloggen", "Je nieuwe wachtwoord is bewaard. Log ermee in.")


def _refusal(attempt: Attempt, wrong: str) -> str:
    if attempt.is_busy:
        return _BUSY
    return _TOO_OFTEN.format(_minutes(attempt.wait)) if attempt.wait else wrong


def _onwards(address: str) -> str:
    """Where to go after logging in: only within these screens."""
    return address if address.startswith(f"{PREFIX}/") and "//" not in address else f"{PREFIX}/"


def _minutes(seconds: float) -> str:
    return words.count(max(1, round(seconds / 60)), "minuut", "minuten")
