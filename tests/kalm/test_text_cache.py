from __future__ import annotations

import gc
import time
import weakref

import pytest

from kalm import text_cache as module
from kalm.language import dutch
from kalm.privacy.telephones import is_personal
from kalm.privacy.words import is_known
from kalm.safety import look_for_danger
from kalm.safety.comfort import comfort_for
from kalm.safety.conditions import conditions_in, conditions_over
from kalm.safety.danger import danger_in_pieces
from kalm.safety.personal import is_personal_decision
from kalm.safety.text import read_text
from kalm.text_cache import TextMemory, forget_texts, forget_texts_often, text_cache

TEXT = "mijn kanarie heeft rusteloze benen"
OF_MESSAGES = (
    *(look_for_danger, comfort_for, conditions_in, conditions_over, is_personal_decision, read_text),
    *(is_known, is_personal),
)


def test_a_text_is_remembered_until_it_is_forgotten() -> None:
    asked: list[str] = []

    @text_cache(8)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length("a"), length("a"), length("bc")] == [1, 1, 2]
    forget_texts()
    assert length("a") == 1
    assert asked == ["a", "bc", "a"]


def test_all_caches_of_messages_are_emptied() -> None:
    for function in OF_MESSAGES:
        function(TEXT)
    danger_in_pieces("pijn", TEXT)
    dutch().tokens(TEXT)
    forget_texts()
    for function in (*OF_MESSAGES, danger_in_pieces):
        assert function.cache_info().currsize == 0  # type: ignore[attr-defined]
    assert dutch()._recent_tokens.cache_info().currsize == 0  # type: ignore[attr-defined]


def test_a_cache_that_is_gone_is_not_kept_alive() -> None:
    cached = text_cache(2)(lambda text: text)
    seen = weakref.ref(cached)
    assert cached in module._caches
    del cached
    gc.collect()
    assert seen() is None


def test_they_are_emptied_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[float] = []
    monkeypatch.setattr(module, "OFTEN", 0.01)
    monkeypatch.setattr(module, "forget_texts", lambda: times.append(time.monotonic()))
    stop = forget_texts_often()
    deadline = time.monotonic() + 10
    while len(times) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stop.set()


def test_what_holds_itself_is_let_go_of_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    class Request:
        def __init__(self, text: str) -> None:
            self.text, self.itself = text, self

    monkeypatch.setattr(module, "OFTEN", 0.01)
    gc.disable()
    try:
        held = weakref.ref(Request(TEXT))
        assert held() is not None
        stop = forget_texts_often()
        deadline = time.monotonic() + 10
        while held() is not None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        stop.set()
    finally:
        gc.enable()


def test_a_memory_keeps_the_last_texts_until_they_are_forgotten() -> None:
    memory: TextMemory[int] = TextMemory(2)
    for number, text in enumerate(("een", "twee", "drie")):
        memory.put(text, number)
    assert [memory.get(text) for text in ("een", "twee", "drie")] == [None, 1, 2]
    forget_texts()
    assert len(memory) == 0
    assert memory.get("drie") is None
