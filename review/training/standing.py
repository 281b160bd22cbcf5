"""What stands where in the training data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from review.training.data_files import UNANSWERED, Place, is_nlu
from review.training.markup import words_of
from review.training.nlu_file import Example, TrainingFileError, examples_in
from review.training.question_lists import questions_in, quoted, unanswered_in
from review.training.sentences import key_of


class Standing:
    """Sentences by their key; what is decided to be added is told to it, so that nothing is added twice."""

    def __init__(self, texts: Mapping[str, str], place: Place) -> None:
        self._homes: dict[str, str] = {}
        self._intents: dict[str, set[str]] = defaultdict(set)
        self._exact: dict[tuple[str, str], str] = {}
        self._articles: dict[str, str] = {}
        self._passages: dict[str, set[str]] = defaultdict(set)
        self._sections: dict[str, list[str]] = {}
        self._unanswered: dict[str, list[str]] = defaultdict(list)
        self._folder = PurePosixPath(place.name_of(place.articles))
        for name, text in texts.items():
            if is_nlu(name):
                self._read_examples(name, text)
            elif PurePosixPath(name).parent == self._folder:
                self._read_article(name, text)
        for question, key in _unanswered(texts[UNANSWERED]):
            self._unanswered[key].append(question)

    def _read_examples(self, name: str, text: str) -> None:
        for example, key in _examples(text):
            self._homes[example.intent] = name
            self._exact[(example.intent, example.text)] = name
            self._intents[key].add(example.intent)

    def _read_article(self, name: str, text: str) -> None:
        slug = PurePosixPath(name).stem
        self._articles[slug] = name
        for section, questions in _questions(text):
            self._sections[f"{slug}#{section}"] = [question for question, _ in questions]
            for _, key in questions:
                self._passages[key].add(f"{slug}#{section}")

    def home_of_intent(self, intent: str) -> str:
        """The file that has the examples of an intent.

        Raises:
            TrainingFileError: none has.
        """
        if intent not in self._homes:
            raise TrainingFileError(
                "deze bedoeling kent Kalm nog niet; die moet een ontwikkelaar eerst maken"
            )
        return self._homes[intent]

    def home_of_example(self, intent: str, example: str) -> str:
        """The file in which an example stands.

        Raises:
            TrainingFileError: it stands in none.
        """
        if (intent, example) not in self._exact:
            raise TrainingFileError("de zin staat niet meer bij deze bedoeling")
        return self._exact[(intent, example)]

    def file_of_article(self, slug: str) -> str:
        """The file of an article, also of one that is still to come."""
        return self._articles.get(slug, (self._folder / f"{slug}.md").as_posix())

    def intents_of(self, text: str) -> set[str]:
        """Under which intents a sentence stands."""
        return set(self._intents.get(key_of(text), ()))

    def passages_of(self, text: str) -> set[str]:
        """Ids of the sections that have a question."""
        return set(self._passages.get(key_of(text), ()))

    def has_passage(self, passage: str) -> bool:
        """Whether there is such a section, with questions."""
        return bool(self._sections.get(passage))

    def questions_of(self, slug: str) -> list[str]:
        """All questions of an article."""
        return [
            question
            for passage, questions in self._sections.items()
            if passage.startswith(f"{slug}#")
            for question in questions
        ]

    def is_unanswered(self, text: str) -> bool:
        """Whether a question is known to have no answer."""
        return bool(self._unanswered.get(key_of(text)))

    def unanswered_with(self, keys: set[str]) -> list[str]:
        """The questions without an answer that have one of some keys, as they stand."""
        return [question for key in keys for question in self._unanswered.get(key, ())]

    @staticmethod
    def unanswered_line(question: str) -> str:
        """A question as its line stands in the list."""
        return f"- {quoted(question)}"

    def add_example(self, intent: str, text: str) -> None:
        """An example that stands there, or will."""
        self._intents[key_of(text)].add(intent)

    def remove_example(self, intent: str, example: str) -> None:
        """An example that will be gone."""
        self._exact.pop((intent, example), None)
        self._intents[key_of(words_of(example))].discard(intent)

    def add_question(self, passage: str, text: str) -> None:
        """A question of a section that stands there, or will."""
        self._passages[key_of(text)].add(passage)

    def add_unanswered(self, text: str) -> None:
        """A question without an answer that stands there, or will."""
        self._unanswered[key_of(text)].append(text)


# Of most files nothing changed since the screen was last looked at.
@lru_cache(maxsize=64)
def _examples(text: str) -> tuple[tuple[Example, str], ...]:
    return tuple((example, key_of(example.words)) for example in examples_in(text))


@lru_cache(maxsize=64)
def _questions(text: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (section, tuple((question, key_of(question)) for question in questions))
        for section, questions in questions_in(text).items()
    )


@lru_cache(maxsize=4)
def _unanswered(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((question, key_of(question)) for question in unanswered_in(text))
