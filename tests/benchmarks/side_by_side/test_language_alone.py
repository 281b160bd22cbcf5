from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.side_by_side.language_alone import accuracy, read_lemmas


def test_the_forms_are_many_and_none_stands_there_twice() -> None:
    lemmas = read_lemmas()
    assert len(lemmas) >= 80
    assert [form for form, count in Counter(form for form, _ in lemmas).items() if count > 1] == []
    assert all(word == word.strip().lower() for pair in lemmas for word in pair)


def test_most_forms_are_not_their_own_lemma() -> None:
    lemmas = read_lemmas()
    assert sum(form == lemma for form, lemma in lemmas) < 0.1 * len(lemmas)


def test_accuracy_is_the_share_of_lemmas_found() -> None:
    lemmas = [("benen", "been"), ("sliep", "slapen")]
    assert accuracy(lemmas, {"benen": "Been", "sliep": "sliep"}.__getitem__) == 0.5


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lemmas.tsv"
    path.write_text("benen\tbeen\nvoeten voet\n")
    with pytest.raises(ValueError, match="line 2"):
        read_lemmas(path)
