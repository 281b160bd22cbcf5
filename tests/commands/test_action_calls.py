from __future__ import annotations

import asyncio
import base64
import json
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from sanic.exceptions import InvalidUsage

from commands.action_calls import take_along
from kalm.embedding import DIMENSIONS, lately
from kalm.meaning_along import FIELD
from kalm.text_cache import forget_texts

BODY = {FIELD: {"text": "wat is rls", "vector": base64.b64encode(bytes(4 * DIMENSIONS)).decode()}}


class Request(SimpleNamespace):
    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise InvalidUsage("no JSON") from error


def take(path: str, body: str) -> None:
    forget_texts()
    asyncio.run(take_along(cast(Any, Request(path=path, body=body))))


def test_the_meaning_in_a_call_is_remembered() -> None:
    take("/webhook", json.dumps(BODY))
    assert np.array_equal(lately.get("wat is rls"), np.zeros(DIMENSIONS))
    forget_texts()


@pytest.mark.parametrize(("path", "body"), [("/health", json.dumps(BODY)), ("/webhook", "{ja")])
def test_nothing_else_is_read(path: str, body: str) -> None:
    take(path, body)
    assert len(lately) == 0
