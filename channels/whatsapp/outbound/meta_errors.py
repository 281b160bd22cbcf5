"""What to do when Meta does not take a message, for each error; a test compares the table in the docs.

Source of the codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import httpx
from pywa.errors import WhatsAppError


class Then(Enum):
    """What follows."""

    WAIT = "try this person again later, what others ask goes on"
    WAIT_ALL = "try nobody for a while"
    TRY_AGAIN = "try again a few times, then set the message aside"
    DROP = "set the message aside"
    UNSURE = "it may have been sent: wait for Meta's word"


@dataclass(frozen=True)
class Behaviour:
    """What is done after a failure.

    Attributes:
        then: what follows.
        reason: name of it, for the log and the table of what was set aside.
        seconds: the first wait; each next one is twice as long.
        most: the longest wait, in seconds.
        alarm: whether a person must do something.
    """

    then: Then
    reason: str
    seconds: float = 0.0
    most: float = 0.0
    alarm: bool = False


PAIR_LIMIT = Behaviour(Then.WAIT, "pair_limit", 6, 600)
NUMBER_LIMIT = Behaviour(Then.WAIT_ALL, "number_limit", 1, 60)
APP_LIMIT = Behaviour(Then.WAIT_ALL, "app_limit", 60, 600)
SPAM_LIMIT = Behaviour(Then.WAIT_ALL, "spam_limit", 600, 3600, alarm=True)
TOKEN = Behaviour(Then.WAIT_ALL, "access_token", 60, 600, alarm=True)
ACCOUNT = Behaviour(Then.WAIT_ALL, "account", 600, 3600, alarm=True)
MAINTENANCE = Behaviour(Then.WAIT_ALL, "maintenance", 60, 600)
WINDOW = Behaviour(Then.DROP, "window_closed")
UNREACHABLE = Behaviour(Then.DROP, "not_on_whatsapp")
NOT_ALLOWED = Behaviour(Then.DROP, "not_allowed", alarm=True)
MALFORMED = Behaviour(Then.DROP, "malformed", alarm=True)
SERVER = Behaviour(Then.TRY_AGAIN, "server_error", 2, 120)
NO_CONNECTION = Behaviour(Then.WAIT_ALL, "no_connection", 2, 60)
MAYBE_SENT = Behaviour(Then.UNSURE, "unsure")
UNKNOWN = Behaviour(Then.TRY_AGAIN, "unknown_error", 5, 300, alarm=True)

BY_CODE: dict[int, Behaviour] = {
    **dict.fromkeys((131056,), PAIR_LIMIT),
    **dict.fromkeys((130429,), NUMBER_LIMIT),
    **dict.fromkeys((4, 80007), APP_LIMIT),
    **dict.fromkeys((131048,), SPAM_LIMIT),
    **dict.fromkeys((0, 3, 10, 190, 131005, *range(200, 300)), TOKEN),
    **dict.fromkeys((368, 131031, 131037, 131042, 131045, 133010), ACCOUNT),
    **dict.fromkeys((131057,), MAINTENANCE),
    **dict.fromkeys((131047,), WINDOW),
    **dict.fromkeys((131021, 131026, 131062), UNREACHABLE),
    **dict.fromkeys((130472, 130497, 131030, 131049, 131050), NOT_ALLOWED),
    **dict.fromkeys((33, 100, 131008, 131009, 131051), MALFORMED),
    **dict.fromkeys((1, 2, 131000, 131016, 135000), SERVER),
}
"""By Meta's code."""

_WRONG_NUMBER_ID = (100, 33)
"""Code and subcode for an object that is not there: the id of the shop's number is wrong."""


def behaviour_for(error: Exception) -> Behaviour:
    """What to do after a failure to send.

    Args:
        error: of pywa, of httpx, or of the reading of what Meta answered.
    """
    if isinstance(error, WhatsAppError):
        return _of_meta(error)
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        return NO_CONNECTION
    # Everything else came after the request went out, or is an answer that says neither yes nor no.
    return MAYBE_SENT


def code_of(error: Exception) -> int:
    """Meta's code, 0 when the failure is not Meta's."""
    return error.code if isinstance(error, WhatsAppError) else 0


def _of_meta(error: WhatsAppError) -> Behaviour:
    if (error.code, error.subcode) == _WRONG_NUMBER_ID:
        return ACCOUNT
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    status = error.status_code or 0
    if error.code == status:  # pywa's own code for an answer that is no error of Meta
        return MAYBE_SENT if status >= 500 else NUMBER_LIMIT if status == 429 else UNKNOWN
    return SERVER if status >= 500 else UNKNOWN
