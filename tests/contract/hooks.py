"""What schemathesis does not know of the channel. It runs in `.venv-contract`, so this imports no Kalm."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address
from itertools import count, cycle
from typing import Any

import requests
import schemathesis
from schemathesis import AuthContext, Case, HookContext
from schemathesis.generation.meta import TestPhase

_addresses = (str(ip_address("10.0.0.0") + number) for number in count(1))
_RIGHT = "Bearer {}"
_authorizations = cycle([*[_RIGHT] * 9, "", "Bearer", "Basic {}", "Bearer {}x", "Bearer 0{}"])
"""One in three is broken: none, without a token, of another kind, or with a changed one."""


def _forwarded() -> dict[str, str]:
    """An address that asked nothing yet: of one address, the sixty-first request in a minute gets a 429."""
    return {"X-Forwarded-For": next(_addresses)}


@cache
def _consent(base_url: str) -> str:
    """The id of what a visitor is asked now."""
    configuration = requests.get(f"{base_url}/configuration", headers=_forwarded(), timeout=10).json()
    asked: str = configuration["consent"]["id"]
    return asked


def _start_session(base_url: str) -> str:
    body = {"consent": _consent(base_url)}
    answer = requests.post(f"{base_url}/session", json=body, headers=_forwarded(), timeout=10)
    answer.raise_for_status()
    token: str = answer.json()["token"]
    return token


@cache
def _start_conversation(base_url: str) -> str:
    """A session that has a message, so that there is something to read and to judge."""
    token = _start_session(base_url)
    headers = {"Authorization": f"Bearer {token}", **_forwarded()}
    body = {"id": "of-the-contract", "text": "wat zijn rusteloze benen"}
    requests.post(f"{base_url}/messages", json=body, headers=headers, timeout=30).raise_for_status()
    return token


@schemathesis.auth(refresh_interval=None)  # a session for each request: one may send twenty messages a minute
class Session:
    """Whose request it is. What was answered, the check `ignored_auth` asks once more without a token."""

    def get(self, case: Case, context: AuthContext) -> str:
        """The header: of a new session, or of one with a message where the request is about earlier ones."""
        base_url = context.operation.base_url
        looks_back = (case.method, case.path) in {("GET", "/messages"), ("POST", "/feedback")}
        token = _start_conversation(base_url) if looks_back else _start_session(base_url)
        # Each request of the other phase is made once: a 401 would hide what it is about.
        drawn = case.meta is not None and case.meta.phase.name == TestPhase.FUZZING
        return (next(_authorizations) if drawn else _RIGHT).format(token)

    def set(self, case: Case, data: str, context: AuthContext) -> None:
        """Put it where the description says."""
        case.headers["Authorization"] = data


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Come from an address of one's own, and agree to what is asked now where the request is well-formed."""
    case.headers.update(_forwarded())
    well_formed = case.meta is not None and case.meta.generation.mode.is_positive
    if case.path == "/session" and well_formed and case.body["consent"]:  # an empty one stays, for the 409
        case.body["consent"] = _consent(case.operation.base_url)
