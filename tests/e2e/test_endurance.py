"""Two thousand messages of two hundred visitors: all answered, and no server grows with them.

The long form is ``python -m benchmarks.endurance``.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.endurance import endure
from benchmarks.kalm_on_website import errors, kalm_on_website

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

VISITORS, EACH, PARTS = 200, 10, 4
AT_ONCE = 4
"""Few enough for a busy machine to answer all of them in the time that a visitor waits."""

MOST_PER_MESSAGE = 30.0
"""KB that a server may grow for each message of the last half.

Caches still fill then: 12 KB a message between 1,200 and 2,400, next to nothing after 5,000
(docs/growth.md). So this sees a large leak, and the long form a small one.
"""


def test_two_thousand_messages_are_answered_and_leave_nothing_in_memory(tmp_path: Path) -> None:
    with kalm_on_website(tmp_path, f"sqlite:///{tmp_path / 'kalm.db'}") as kalm:
        parts = asyncio.run(endure(kalm, VISITORS, EACH, PARTS, AT_ONCE))
    assert [errors(part.answers) for part in parts] == [0] * PARTS
    half = VISITORS * EACH / 2
    grown = {name: parts[-1].memory[name] - parts[1].memory[name] for name in parts[0].memory}
    per_message = {name: megabytes * 1024 / half for name, megabytes in grown.items()}
    print(per_message)
    assert [name for name, kilobytes in per_message.items() if kilobytes > MOST_PER_MESSAGE] == [], (
        per_message
    )
