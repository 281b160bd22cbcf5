"""Put approved work into the texts of the training data."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kalm.training_examples import without_marks
from kalm.understanding import KNOWLEDGE
from review import words
from review.articles.fields import read_fields
from review.folding import fold
from review.judging.sentences import what_is_wrong_with
from review.training.data_files import UNANSWERED, Place
from review.training.differences import ADDED, REMOVED, Note
from review.training.drafts import DraftError, put_in
from review.training.markup import MarkupError, marked_up
from review.training.nlu_file import TrainingFileError, add_examples, remove_example
from review.training.question_lists import add_questions, add_unanswered, questions_in, remove_unanswered
from review.training.standing import Standing
from review.training.work import MOVE, NO_PASSAGE, Drafted, Edited, Judged, Work

FOR_MEASURING = "deze zin gebruiken we om te meten hoe goed Kalm is; daarom mag Kalm er niet van leren"


class RefusedError(Exception):
    """Something has to wait; the message says why, in Dutch."""


@dataclass
class Made:
    """What came of it; see :class:`review.training.changes.ChangeSet`.

    Attributes:
        texts: all files, by name, as they become.
        notes: per file, why lines change.
        file_notes: per file, why any other line of it changes.
        left_out: text, who, reason and id of the message.
    """

    texts: dict[str, str]
    notes: dict[str, dict[tuple[str, str], Note]] = field(default_factory=lambda: defaultdict(dict))
    file_notes: dict[str, Note] = field(default_factory=dict)
    left_out: list[tuple[str, str, str, int | None]] = field(default_factory=list)
    known: int = 0
    learns: dict[str, list[list[Any]]] = field(
        default_factory=lambda: {"messages": [], "edits": [], "drafts": []}
    )
    asked: list[Mapping[str, str]] = field(default_factory=list)
    judged_by: set[str] = field(default_factory=set)
    reviewed_by: set[str] = field(default_factory=set)

    def note(self, name: str, sign: str, line: str, place: str, who: str) -> None:
        """Keep why a line of a file changes."""
        self.notes[name][(sign, line)] = Note(place, who)


def make(work: Work, texts: Mapping[str, str], place: Place, apart: frozenset[str]) -> Made:
    """Put work into texts.

    Args:
        work: approved.
        texts: every file that may change, by name.
        place: where they are.
        apart: keys (:func:`review.folding.fold`) of sentences that must not be learnt from.
    """
    made = Made(dict(texts))
    standing = Standing(made.texts, place)
    for edited in work.edited:
        try:
            _edit(made, edited, standing)
        except (RefusedError, TrainingFileError) as error:
            made.left_out.append((edited.text, f"door {edited.by}", str(error), None))
    for drafted in work.drafted:
        try:
            _draft(made, drafted, place, apart)
        except (RefusedError, TrainingFileError, DraftError) as error:
            made.left_out.append((f"tekst bij {drafted.article}", _who_of_draft(drafted), str(error), None))
    _Judgements(made, place, apart).put_in(work.judged)
    return made


def mark_of(text: str, intent: str, passage: str) -> str:
    """Tells one judgement of a message from another."""
    return hashlib.sha256("\n".join((text, intent, passage)).encode()).hexdigest()[:16]


def who_of(judged: Judged) -> str:
    """Who judged a message, and who looked at that."""
    looked = f", nagekeken door {judged.looked_by}" if judged.looked_by else ""
    return f"door {judged.judged_by}{looked}"


def _edit(made: Made, edited: Edited, standing: Standing) -> None:
    home = standing.home_of_example(edited.intent, edited.text)
    changed = {home: remove_example(made.texts[home], edited.intent, edited.text)}
    who, line, target = f"door {edited.by}", f"- {edited.text}", ""
    # Where the same words stand at the other intent already, it only goes away here.
    if edited.kind == MOVE and edited.to_intent not in standing.intents_of(without_marks(edited.text)):
        target = standing.home_of_intent(edited.to_intent)
        text = changed.get(target, made.texts[target])
        changed[target] = add_examples(text, edited.to_intent, [edited.text])
    made.texts.update(changed)
    standing.remove_example(edited.intent, edited.text)
    made.note(home, REMOVED, line, words.intent(edited.intent), who)
    if target:
        standing.add_example(edited.to_intent, without_marks(edited.text))
        made.note(target, ADDED, line, words.intent(edited.to_intent), who)
    made.learns["edits"].append([edited.id, edited.kind])
    made.judged_by.add(edited.by)


def _draft(made: Made, drafted: Drafted, place: Place, apart: frozenset[str]) -> None:
    standing = Standing(made.texts, place)
    name = standing.file_of_article(drafted.article)
    changed = put_in(drafted, name, made.texts)
    before, after = (_questions_of(text, drafted.article) for text in (made.texts.get(name), changed[name]))
    new = {key: question for key, question in after.items() if key not in before}
    if measured := [question for key, (question, _) in new.items() if key in apart]:
        raise RefusedError(f"bij de vragen staat ‘{measured[0]}’: {FOR_MEASURING}")
    who, texts = _who_of_draft(drafted), {**made.texts, **changed}
    for question in standing.unanswered_with(set(new)):
        texts[UNANSWERED] = remove_unanswered(texts[UNANSWERED], question)
        line = standing.unanswered_line(question)
        made.note(UNANSWERED, REMOVED, line, "vraag zonder antwoord: het artikel beantwoordt hem nu", who)
    made.texts.update(texts)
    for changed_name in changed:
        made.file_notes[changed_name] = Note("artikel" if changed_name == name else "nagekeken teksten", who)
    made.learns["drafts"].append([drafted.id, drafted.version])
    if not read_fields(drafted.fields).is_draft:  # visitors do not see such a text yet
        made.asked += [{"text": one, "intent": "", "passage": passage} for one, passage in new.values()]
    made.judged_by.add(drafted.written_by)
    made.reviewed_by.add(drafted.approved_by)


def _questions_of(text: str | None, article: str) -> dict[str, tuple[str, str]]:
    """The questions of a whole article by their key, each with the id of its passage; of no text none."""
    sections = questions_in(text) if text else {}
    return {
        fold(question): (question, f"{article}#{section}")
        for section, questions in sections.items()
        for question in questions
    }


def _who_of_draft(drafted: Drafted) -> str:
    approved = f", goedgekeurd door {drafted.approved_by}" if drafted.approved_by else ""
    return f"geschreven door {drafted.written_by}{approved}"


class _Judgements:
    """Puts judgements in: first what each would change is decided, then each file changes once."""

    def __init__(self, made: Made, place: Place, apart: frozenset[str]) -> None:
        self._made = made
        self._standing = Standing(made.texts, place)
        self._apart = apart
        self._examples: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._questions: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._unanswered: list[str] = []
        self._answered: list[str] = []

    def put_in(self, judged: tuple[Judged, ...]) -> None:
        """Add the sentences of all judgements that fit."""
        intents, passages = defaultdict(set), defaultdict(set)
        for one in judged:
            intents[fold(one.text)].add(one.intent)
            if one.intent in KNOWLEDGE and one.passage:
                passages[fold(one.text)].add(one.passage)
        for one in judged:
            try:
                _refuse_disagreement(intents[fold(one.text)], passages[fold(one.text)])
                self._decide(one)
            except (RefusedError, TrainingFileError, MarkupError) as error:
                self._made.left_out.append((one.text, who_of(one), str(error), one.message_id))
        self._write()

    def _decide(self, one: Judged) -> None:
        text, who = one.text, who_of(one)
        if wrong := what_is_wrong_with(text):  # the rules may have grown since it was judged
            raise RefusedError(wrong.removesuffix("."))
        example = self._example(one, text)
        question = self._question(one, text)
        if (example or question) and fold(text) in self._apart:
            raise RefusedError(FOR_MEASURING)
        if example:
            home = self._standing.home_of_intent(one.intent)
            self._examples[(home, one.intent)].append(example)
            self._standing.add_example(one.intent, text)
            self._made.note(home, ADDED, f"- {example}", words.intent(one.intent), who)
        if question and one.passage == NO_PASSAGE:
            self._unanswered.append(text)
            self._standing.add_unanswered(text)
            line = self._standing.unanswered_line(text)
            self._made.note(UNANSWERED, ADDED, line, "vraag zonder antwoord", who)
        elif question:
            self._answer(one, text, who)
        self._made.known += not (example or question)
        self._made.learns["messages"].append([one.message_id, mark_of(one.text, one.intent, one.passage)])
        self._made.asked.append({"text": text, "intent": one.intent, "passage": one.passage})
        self._made.judged_by.add(one.judged_by)
        self._made.reviewed_by.add(one.looked_by)

    def _example(self, one: Judged, text: str) -> str:
        """The example to add, or "" when it stands there already."""
        there = self._standing.intents_of(text)
        if there - {one.intent}:
            other = words.intent(sorted(there - {one.intent})[0])
            raise RefusedError(f"deze zin staat al bij een andere bedoeling: ‘{other}’")
        entities = one.entities if isinstance(one.entities, list) else []
        if not all(isinstance(entity, dict) for entity in entities):
            raise RefusedError("de aangewezen woorden zijn niet te lezen; wijs ze opnieuw aan")
        example = marked_up(text, entities)
        self._standing.home_of_intent(one.intent)
        return "" if one.intent in there else example

    def _question(self, one: Judged, text: str) -> bool:
        """Whether there is a question to add."""
        if not one.passage or one.intent not in KNOWLEDGE:
            return False
        there = self._standing.passages_of(text)
        if one.passage == NO_PASSAGE:
            if there:
                raise RefusedError(f"deze vraag staat al bij een stukje tekst: {sorted(there)[0]}")
            return not self._standing.is_unanswered(text)
        if not self._standing.has_passage(one.passage):
            raise RefusedError("het aangewezen stukje tekst staat er niet meer, of is nog een concept")
        if there - {one.passage}:
            raise RefusedError(f"deze vraag staat al bij een ander stukje tekst: {sorted(there)[0]}")
        return one.passage not in there

    def _answer(self, one: Judged, text: str, who: str) -> None:
        article, _, section = one.passage.partition("#")
        name = self._standing.file_of_article(article)
        self._questions[(name, section)].append(text)
        self._standing.add_question(one.passage, text)
        self._made.note(name, ADDED, f"- {text}", f"vraag bij ‘{section.replace('-', ' ')}’", who)
        for known in self._standing.unanswered_with({fold(text)}):
            self._answered.append(known)
            line = self._standing.unanswered_line(known)
            self._made.note(UNANSWERED, REMOVED, line, "vraag zonder antwoord: die is er nu wel", who)

    def _write(self) -> None:
        texts = self._made.texts
        for (name, intent), examples in self._examples.items():
            texts[name] = add_examples(texts[name], intent, examples)
        for (name, section), questions in self._questions.items():
            texts[name] = add_questions(texts[name], section, questions)
        for question in self._answered:
            texts[UNANSWERED] = remove_unanswered(texts[UNANSWERED], question)
        if self._unanswered:
            texts[UNANSWERED] = add_unanswered(texts[UNANSWERED], self._unanswered)


def _refuse_disagreement(intents: set[str], passages: set[str]) -> None:
    if len(intents) > 1:
        named = " en ".join(f"‘{words.intent(intent)}’" for intent in sorted(intents))
        raise RefusedError(f"dezelfde zin is goedgekeurd als {named}; kies er een")
    if len(passages) > 1:
        raise RefusedError("bij dezelfde zin zijn verschillende stukjes tekst aangewezen; kies er een")
