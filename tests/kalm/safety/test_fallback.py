from __future__ import annotations

import logging

import pytest

from kalm.safety.fallback import unless_it_fails


def test_what_the_rules_say_is_passed_on() -> None:
    assert unless_it_fails(len, "drie") == 4


def test_rules_that_fail_say_nothing_and_the_log_holds_no_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert unless_it_fails(int, "mijn geheim") is None
    assert "ValueError" in caplog.text
    assert "geheim" not in caplog.text
