"""What stands where in the training data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from kalm.training_examples import examples_in, unanswered_in, without_marks
from review.folding import fold
from review.training.data_files import UNANSWERED, Place, is_nlu
from review.training.nlu_file import TrainingFileError
from review.training.question_lists import questions_in, quoted


class Standing:
    """Sentences by their key (:func:`review.folding.fold`).

    What is decided to be added is told to it, so that nothing is added twice.
    """

    def __init__(self, texts: Mapping[str, str], place: Place) -> None:
        self._folder = PurePosixPath(place.name_of(place.articles))
        self._examples = {name: _examples(text, name) for name, text in texts.items() if is_nlu(name)}
        self._articles = {
            PurePosixPath(name).stem: (name, _questions(text, PurePosixPath(name).stem))
            for name, text in texts.items()
            if PurePosixPath(name).parent == self._folder
        }
        self._intents = _Names([one.intents_by_key for one in self._examples.values()])
        self._passages = _Names([by_key for _, by_key in self._articles.values()])
        self._unanswered = _Names([_unanswered(texts[UNANSWERED])])
        self._gone: set[tuple[str, str]] = set()

    def home_of_intent(self, intent: str) -> str:
        """The file that has the examples of an intent.

        Raises:
            TrainingFileError: none has.
        """
        for name, found in self._examples.items():
            if intent in found.intents:
                return name
        raise TrainingFileError("deze bedoeling kent Kalm nog niet; die moet een ontwikkelaar eerst maken")

    def home_of_example(self, intent: str, example: str) -> str:
        """The file in which an example stands.

        Raises:
            TrainingFileError: it stands in none.
        """
        for name, found in self._examples.items():
            if (intent, example) in found.exact and (intent, example) not in self._gone:
                return name
        raise TrainingFileError("de zin staat niet meer bij deze bedoeling")

    def file_of_article(self, slug: str) -> str:
        """The file of an article, also of one that is still to come."""
        return self._articles[slug][0] if slug in self._articles else (self._folder / f"{slug}.md").as_posix()

    def intents_of(self, text: str) -> set[str]:
        """Under which intents a sentence stands."""
        return set(self._intents.of(fold(text)))

    def passages_of(self, text: str) -> set[str]:
        """Ids of the sections that have a question."""
        return set(self._passages.of(fold(text)))

    def has_passage(self, passage: str) -> bool:
        """Whether there is such a section, with questions."""
        _, by_key = self._articles.get(passage.partition("#")[0], ("", {}))
        return any(passage in passages for passages in by_key.values())

    def is_unanswered(self, text: str) -> bool:
        """Whether a question is known to have no answer."""
        return bool(self._unanswered.of(fold(text)))

    def unanswered_with(self, keys: set[str]) -> list[str]:
        """The questions without an answer that have one of some keys, as they stand."""
        return [question for key in keys for question in self._unanswered.of(key)]

    @staticmethod
    def unanswered_line(question: str) -> str:
        """A question as its line stands in the list."""
        return f"- {quoted(question)}"

    def add_example(self, intent: str, text: str) -> None:
        """An example that stands there, or will."""
        self._intents.add(fold(text), intent)

    def remove_example(self, intent: str, example: str) -> None:
        """An example that will be gone."""
        self._gone.add((intent, example))
        self._intents.remove(fold(without_marks(example)), intent)

    def add_question(self, passage: str, text: str) -> None:
        """A question of a section that stands there, or will."""
        self._passages.add(fold(text), passage)

    def add_unanswered(self, text: str) -> None:
        """A question without an answer that stands there, or will."""
        self._unanswered.add(fold(text), text)


class _Names:
    """What belongs to a key, in files that are read once, and what was decided since."""

    def __init__(self, of_files: Sequence[Mapping[str, Sequence[str]]]) -> None:
        self._of_files = of_files
        self._decided: dict[str, list[str]] = {}

    def of(self, key: str) -> Sequence[str]:
        if key in self._decided:
            return self._decided[key]
        return [name for by_key in self._of_files for name in by_key.get(key, ())]

    def add(self, key: str, name: str) -> None:
        self._decided[key] = [*self.of(key), name]

    def remove(self, key: str, name: str) -> None:
        self._decided[key] = [one for one in self.of(key) if one != name]


ByKey = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Examples:
    """A file of examples.

    Attributes:
        intents: that it has.
        exact: intent and text of each example, as they stand there.
        intents_by_key: under which intents a sentence stands.
    """

    intents: frozenset[str]
    exact: frozenset[tuple[str, str]]
    intents_by_key: ByKey


# Of most files nothing changed since the screen was last looked at.
@lru_cache(maxsize=64)
def _examples(text: str, name: str) -> _Examples:
    found = examples_in(text, name)
    return _Examples(
        frozenset(one.intent for one in found),
        frozenset((one.intent, one.text) for one in found),
        _by_key((fold(one.plain), one.intent) for one in found),
    )


@lru_cache(maxsize=64)
def _questions(text: str, slug: str) -> ByKey:
    """Ids of the sections of an article that have a question."""
    return _by_key(
        (fold(question), f"{slug}#{section}")
        for section, questions in questions_in(text).items()
        for question in questions
    )


@lru_cache(maxsize=4)
def _unanswered(text: str) -> ByKey:
    """The questions without an answer, as they stand."""
    return _by_key((fold(question), question) for question in unanswered_in(text))


def _by_key(pairs: Iterable[tuple[str, str]]) -> ByKey:
    found: ByKey = {}
    for key, name in pairs:
        found[key] = (*found.get(key, ()), name)
    return found
