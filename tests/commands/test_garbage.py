from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from commands.garbage import LOOKS, NEW_OBJECTS, pass_over_what_is_loaded


@pytest.fixture
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Circle:
    def __init__(self) -> None:
        self.itself = self


def test_what_is_loaded_is_passed_over(as_it_was: None) -> None:
    loaded = Circle()
    pass_over_what_is_loaded()
    assert gc.get_freeze_count() > 1000
    assert gc.get_threshold() == (NEW_OBJECTS, LOOKS, LOOKS)
    assert not any(one is loaded for one in gc.get_objects())


def test_what_is_made_afterwards_is_still_let_go_of_by_itself(as_it_was: None) -> None:
    pass_over_what_is_loaded()
    made = weakref.ref(Circle())
    assert made() is not None
    kept = [[] for _ in range(2 * NEW_OBJECTS)]  # type: ignore[var-annotated]
    assert made() is None
    assert kept
