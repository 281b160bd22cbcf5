from __future__ import annotations

import re

import httpx
import pytest
from pywa.errors import WhatsAppError

from channels.whatsapp.outbound import meta_errors
from channels.whatsapp.outbound.meta_errors import BY_CODE, Behaviour, Then, behaviour_for, code_of
from kalm.logs.fields import REASONS
from kalm.settings import ROOT

_CODES = re.compile(r"(\d+)(?:–(\d+))?")


def refused(code: int, status: int = 400, subcode: int | None = None) -> WhatsAppError:
    error = {"code": code, "message": "", "error_subcode": subcode}
    return WhatsAppError.from_dict(error, httpx.Response(status))


def behaviours() -> list[Behaviour]:
    return [one for one in vars(meta_errors).values() if isinstance(one, Behaviour)]


@pytest.mark.parametrize(
    ("code", "then", "reason"),
    [
        (131056, Then.WAIT, "pair_limit"),
        (130429, Then.WAIT_ALL, "number_limit"),
        (80007, Then.WAIT_ALL, "app_limit"),
        (131047, Then.DROP, "window_closed"),
        (190, Then.WAIT_ALL, "access_token"),
        (210, Then.WAIT_ALL, "access_token"),
        (131026, Then.DROP, "not_on_whatsapp"),
        (131000, Then.TRY_AGAIN, "server_error"),
        (131009, Then.DROP, "malformed"),
        (131042, Then.WAIT_ALL, "account"),
        (999_999, Then.TRY_AGAIN, "unknown_error"),
    ],
)
def test_each_refusal_of_meta_has_its_own_consequence(code: int, then: Then, reason: str) -> None:
    error = refused(code)
    assert (behaviour_for(error).then, behaviour_for(error).reason) == (then, reason)
    assert code_of(error) == code


def test_a_number_id_that_is_not_there_is_no_fault_of_the_message() -> None:
    assert behaviour_for(refused(100)).reason == "malformed"
    assert behaviour_for(refused(100, subcode=33)).reason == "account"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ConnectError("no"), "no_connection"),
        (httpx.ConnectTimeout("no"), "no_connection"),
        (httpx.PoolTimeout("no"), "no_connection"),
        (httpx.ReadTimeout("late"), "unsure"),
        (httpx.WriteError("cut"), "unsure"),
        (httpx.RemoteProtocolError("cut"), "unsure"),
        (ValueError("no JSON"), "unsure"),
        (KeyError("messages"), "unsure"),
        (refused(502, status=502), "unsure"),  # a page of a proxy, as pywa makes an error of it
        (refused(429, status=429), "number_limit"),
        (refused(999_999, status=500), "server_error"),
    ],
)
def test_what_certainly_did_not_go_out_is_told_from_what_may_have(error: Exception, reason: str) -> None:
    assert behaviour_for(error).reason == reason


def test_every_wait_grows_and_ends_and_every_reason_may_be_in_the_log() -> None:
    for behaviour in behaviours():
        waits = behaviour.then in (Then.WAIT, Then.WAIT_ALL, Then.TRY_AGAIN)
        assert (0 < behaviour.seconds < behaviour.most) if waits else behaviour.seconds == 0
        assert behaviour.reason in REASONS


def test_the_table_in_the_docs_has_each_code_once_with_its_reason() -> None:
    page = (ROOT / "docs" / "whatsapp.md").read_text(encoding="utf-8")
    section = page.partition("## Errors of Meta")[2].partition("\n## ")[0]
    told: dict[int, str] = {}
    named = set()
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 4 or not cells[2].startswith("`"):
            continue
        named.add(cells[2].strip("`"))
        for first, last in _CODES.findall(cells[1]):
            codes = range(int(first), int(last or first) + 1)
            assert not told.keys() & set(codes), cells[1]
            told.update(dict.fromkeys(codes, cells[2].strip("`")))
    assert told == {code: behaviour.reason for code, behaviour in BY_CODE.items()}
    assert named == {behaviour.reason for behaviour in behaviours()}
