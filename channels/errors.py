"""What can be wrong with a request, told to a visitor in Dutch and to a program by a code."""

from __future__ import annotations

from typing import Literal

from kalm.reply import Reply

Code = Literal[
    "bad_request",
    "too_large",
    "too_long",
    "empty",
    "session",
    "consent",
    "origin",
    "limit",
    "not_offered",
    "not_found",
    "unavailable",
]
"""Which fault it is, for programs."""


class RequestError(Exception):
    """A request that cannot be answered as it is.

    Attributes:
        message: what is wrong, in Dutch.
        status: of HTTP.
        code: which fault it is.
        reply: whom to call, for who told of danger all the same; None for nothing.
    """

    reply: Reply | None = None

    def __init__(self, message: str, status: int = 400, code: Code = "bad_request") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code


class TooManyRequestsError(RequestError):
    """Too much was asked in too short a time.

    Attributes:
        seconds: to wait.
    """

    def __init__(self, seconds: int) -> None:
        time = "1 seconde" if seconds == 1 else f"{seconds} seconden"
        super().__init__(
            f"Je stuurt veel berichten achter elkaar. Wacht nog {time}, dan kan ik weer antwoorden.",
            429,
            "limit",
        )
        self.seconds = seconds
