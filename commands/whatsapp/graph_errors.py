"""How Meta's Graph API says no.

Codes, their titles and their HTTP statuses are those of Meta's table,
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes. Its copies
elsewhere do not agree on the statuses of throttling: older ones have 429 where newer ones have 400. Meta
itself says to go by the code.
"""

from __future__ import annotations

import uuid
from typing import Any

MISSING_PARAMETER = 131008
INVALID_VALUE = 131009
INVALID_PARAMETER = 100
TOKEN_EXPIRED = 190
RATE_LIMIT = 130429
UNDELIVERABLE = 131026
OUTSIDE_WINDOW = 131047
UNSUPPORTED_TYPE = 131051
PAIR_RATE_LIMIT = 131056

HELP = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"

_TABLE: dict[int, tuple[int, str]] = {
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    INVALID_PARAMETER: (400, "Invalid parameter"),
    TOKEN_EXPIRED: (401, "Access token has expired"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    RATE_LIMIT: (400, "Rate limit hit"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    MISSING_PARAMETER: (400, "Required parameter is missing"),
    INVALID_VALUE: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    UNDELIVERABLE: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    OUTSIDE_WINDOW: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    UNSUPPORTED_TYPE: (400, "Unsupported message type"),
    PAIR_RATE_LIMIT: (400, "(Business Account, Consumer Account) pair rate limit hit"),
}


class GraphError(Exception):
    """A refusal by the Graph API, with what its answer holds.

    Attributes:
        code: of Meta's table.
        details: what was wrong, naming the field.
        status: HTTP status; that of the table unless given.
        title: short name of the code, also in status webhooks.
    """

    def __init__(
        self, code: int, details: str = "", *, status: int | None = None, subcode: int | None = None
    ) -> None:
        super().__init__(f"{code}: {details}")
        of_table, self.title = _TABLE.get(code, (400, "An unknown error occurred"))
        self.code = code
        self.details = details or self.title
        self.status = status or of_table
        self._subcode = subcode

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": uuid.uuid4().hex,
        }
        if self._subcode is not None:
            error["error_subcode"] = self._subcode
        return {"error": error}
