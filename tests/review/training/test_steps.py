"""How far a training is, as a person reads it."""

from __future__ import annotations

import pytest

from review.training import steps

ORDER = (
    *(steps.BEGINS, steps.COPY, steps.CHECK, steps.INDEX),
    *(steps.MODEL, steps.CURRENT, steps.CANDIDATE, steps.COMPARE),
)


def test_the_share_only_grows_and_never_gets_to_the_end() -> None:
    shares = [steps.share(step, seconds) for step in ORDER for seconds in (0, 1, 60, 600, 36_000)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] <= 1


@pytest.mark.parametrize(
    ("step", "seconds", "said"),
    [
        (steps.BEGINS, 0, "nog ongeveer 3 minuten"),
        (steps.BEGINS, 10, "nog ongeveer 3 minuten"),
        (steps.CHECK, 7, "nog ongeveer 3 minuten"),
        (steps.CHECK, 25, "het duurt deze keer langer dan anders"),
        (steps.CANDIDATE, 10, "nog ongeveer 1 minuut"),
        (steps.CANDIDATE, 50, "nog minder dan een minuut"),
        (steps.CANDIDATE, 65, "nog minder dan een minuut"),
        (steps.CANDIDATE, 1000, "het duurt deze keer langer dan anders"),
        (steps.INDEX, 100, "het duurt deze keer langer dan anders"),
    ],
)
def test_how_long_it_takes_is_honest(step: str, seconds: float, said: str) -> None:
    assert steps.left(step, seconds) == said


def test_each_step_has_a_place_and_a_name() -> None:
    assert [steps.place(step) for step in ORDER] == [(number, 8) for number in range(1, 9)]
    assert len({steps.name(step) for step in ORDER}) == 8
    assert steps.place("onbekend") == (1, 8)
    assert steps.name("onbekend") == "is bezig"
    assert steps.share("onbekend", 5) == 0
