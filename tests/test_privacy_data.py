"""The labelled messages on which the masking of personal data will be measured; made-up people only."""

from __future__ import annotations

from typing import Any

import pytest

from commands.evaluation.data import DEVELOPMENT, HELD_OUT, rows

KINDS = {"email", "phone", "bsn", "iban", "address", "name"}


def labelled(name: str) -> list[dict[str, Any]]:
    folder = {"development": DEVELOPMENT, "heldout": HELD_OUT}[name]
    return list(rows(folder / "privacy" / "messages.jsonl"))


@pytest.mark.parametrize(("name", "least"), [("development", 330), ("heldout", 200)])
def test_every_label_stands_in_its_message(name: str, least: int) -> None:
    messages = labelled(name)
    assert len(messages) >= least
    assert sum(not message["mask"] for message in messages) >= least / 3
    for message in messages:
        for label in message["mask"]:
            assert label["value"] in message["text"], message
            assert label["kind"] in KINDS, message


def test_no_message_stands_in_both_sets() -> None:
    seen = {message["text"] for message in labelled("development")}
    assert not [message for message in labelled("heldout") if message["text"] in seen]
