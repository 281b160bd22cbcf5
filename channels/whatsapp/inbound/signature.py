"""Whether a webhook comes from Meta: it signs the raw body with the secret of the app.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications
"""

from __future__ import annotations

import hmac
from hashlib import sha256

_PREFIX = "sha256="


def sign(body: bytes, secret: str) -> str:
    """The value of the header ``X-Hub-Signature-256`` for a body."""
    return _PREFIX + hmac.new(secret.encode(), body, sha256).hexdigest()


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature belongs to the body; how long it takes tells nothing of the right one.

    Args:
        body: as it came, before anything read it.
        signature: value of the header.
        secret: of the app.
    """
    return hmac.compare_digest(sign(body, secret).encode(), signature.encode("utf-8", "surrogatepass"))
