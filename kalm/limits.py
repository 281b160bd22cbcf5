"""How large and how frequent something may be: one place, because several rooms must agree."""

from __future__ import annotations

LONGEST_BODY = 16 * 1024
"""Bytes of a request with a message, its JSON included. More is refused with status 413."""

TOO_LARGE = f"Het bericht is te groot: hoogstens {LONGEST_BODY // 1024} KB."
"""What whoever sends more is told."""

LONGEST_TEXT = 1000
"""Characters of a message. Who sends more gets a reply that says so."""

LONGEST_BUTTON = 20
"""Characters that fit on a button everywhere: as many as on a reply button of WhatsApp."""

RATE_WINDOW = 60.0
"""Seconds over which requests are counted, to see who asks too often."""

ACTION_CONNECTION_KEPT = 60.0
"""Seconds that the bot keeps a connection to the action server on which nothing is asked."""
