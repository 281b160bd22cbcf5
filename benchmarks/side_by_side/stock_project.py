"""The stock bot: Rasa's default pipeline and policies, on Kalm's own training data.

The three intents about knowledge are one retrieval intent, ``faq``, with a response for each passage, trained
on that passage's questions: Rasa's own way to answer many questions. The questions that no passage answers
are one response more, ``faq/niets``, by which the bot refuses.

A rule for each intent decides what is answered. Beside the rules there are stories, as in any bot that
``rasa init`` makes: TED and UnexpecTED learn from them, and predict at every turn.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kalm.articles import Passage, passages, read_articles
from kalm.settings import ROOT, settings
from kalm.understanding import KNOWLEDGE

RETRIEVAL = "faq"
"""The intent that stands for the three of :data:`kalm.understanding.KNOWLEDGE`."""

NOTHING = "niets"
"""Key of the response that refuses."""

ACTION = "action_answer"
WHOLE_EPOCHS = 100
"""Epochs of each component in the configuration that is measured as stock."""

STORIES = "stories.yml"
RULES = "rules.yml"
EXAMPLES = "nlu.yml"
"""Files in the folder ``data`` of a project."""

_FALLBACK = "nlu_fallback"
_ENTITIES = ("product", "treatment", "trigger")
_LEARNS_IN_EPOCHS = {"DIETClassifier", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy"}

_NETWORK = {"epochs": WHOLE_EPOCHS, "constrain_similarities": True}
_CONFIGURATION: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "nl",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", **_NETWORK},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", **_NETWORK},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": WHOLE_EPOCHS},
        {"name": "TEDPolicy", "max_history": 5, **_NETWORK},
    ],
}
"""What ``rasa init`` of 3.6 gives as its default, in Dutch."""


_CONVERSATIONS: Mapping[str, Sequence[str]] = {
    "a question": ("greet", RETRIEVAL, "thank", "goodbye"),
    "questions": ("greet", RETRIEVAL, RETRIEVAL, RETRIEVAL),
    "a machine": ("bot_challenge", RETRIEVAL, RETRIEVAL, "affirm", "thank"),
    "more and the source": (RETRIEVAL, "ask_more", "ask_source", "give_feedback_positive", "goodbye"),
    "the wrong answer": (RETRIEVAL, "reject_answer", RETRIEVAL, "affirm", "thank"),
    "no help": (RETRIEVAL, "deny", RETRIEVAL, "give_feedback_negative", "ask_human"),
    "what the bot can do": ("greet", "ask_capabilities", RETRIEVAL, "choose_suggestion", "thank", "goodbye"),
    "something else": ("out_of_scope", "ask_capabilities", RETRIEVAL, "thank", "forget_me", "goodbye"),
    "advice": ("greet", RETRIEVAL, "ask_personal_advice", "report_emergency", "ask_human"),
    "a crisis": ("greet", "report_crisis", "ask_human", "thank", "goodbye"),
}
"""Intents of a conversation, in order: each is answered as its rule wants it."""


class _Dumper(yaml.SafeDumper):
    """Writes examples as a block of lines, as Rasa wants them."""


class _Block(str):
    __slots__ = ()


_Dumper.add_representer(
    _Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
)


@dataclass(frozen=True)
class StockData:
    """What the stock bot is trained on.

    Attributes:
        others: entries of ``data/nlu`` that are no intent: lookup tables and synonyms.
        examples: by intent, those of the retrieval intent by ``faq/key``.
        responses: text by name of the response.
    """

    others: Sequence[Mapping[str, Any]]
    examples: Mapping[str, Sequence[str]]
    responses: Mapping[str, str]

    @property
    def intents(self) -> list[str]:
        """Names of the intents, the retrieval intent among them."""
        return [name for name in self.examples if "/" not in name]

    @property
    def count(self) -> int:
        """How many examples there are in all."""
        return sum(map(len, self.examples.values()))


def key_of(passage: str) -> str:
    """Key of the response that says a passage: its id, without the sign that Rasa does not take."""
    return passage.replace("#", "--")


def passage_of(key: str) -> str | None:
    """Id of the passage that a response says; None for the refusal.

    Args:
        key: as Rasa gives it, such as ``faq/article--section``.
    """
    name = key.removeprefix(f"{RETRIEVAL}/")
    return None if name == NOTHING else name.replace("--", "#", 1)


def folded(intent: str) -> str:
    """The intent as the stock bot names it: one for all that asks knowledge."""
    return RETRIEVAL if intent in KNOWLEDGE else intent


def stock_data(root: Path = ROOT, articles: Path | None = None, most: int | None = None) -> StockData:
    """Read Kalm's training data and articles as the stock bot's data.

    Args:
        root: checkout with ``data/nlu`` and ``data/unanswered.yml``.
        articles: folder with the articles; None for that of the settings.
        most: examples of an intent or a response; None for all.
    """
    examples: defaultdict[str, list[str]] = defaultdict(list)
    others: list[dict[str, Any]] = []
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in entry:
                lines = entry["examples"].splitlines()
                examples[folded(entry["intent"])] += [line[2:] for line in lines if line.startswith("- ")]
            else:
                others.append({**entry, "examples": _Block(entry["examples"])})
    said = passages(read_articles(articles or settings().articles))
    for passage in said:
        asked = (*passage.questions, passage.section)
        examples[_name(key_of(passage.id))] += [without_marks_of_rasa(question) for question in asked]
    unanswered = yaml.safe_load((root / "data" / "unanswered.yml").read_text(encoding="utf-8"))["vragen"]
    examples[_name(NOTHING)] += [without_marks_of_rasa(question) for question in unanswered]
    return StockData(others, {name: found[:most] for name, found in examples.items()}, _responses(said))


def write_project(folder: Path, data: StockData, action_address: str, epochs: int = WHOLE_EPOCHS) -> None:
    """Write everything that ``rasa train`` and ``rasa run`` need.

    Args:
        folder: made when missing; files in it are written over.
        data: to train on.
        action_address: where the action server listens, such as ``http://127.0.0.1:5055``.
        epochs: of each component that learns in epochs.

    Raises:
        ValueError: the data has not the intents of any story.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    nlu = [*data.others, *(examples_entry(name, examples) for name, examples in data.examples.items())]
    write_yaml(folder / "data" / EXAMPLES, {"version": "3.1", "nlu": nlu}, width=10_000)
    write_yaml(folder / "data" / RULES, {"version": "3.1", "rules": _rules(data.intents)})
    write_yaml(folder / "data" / STORIES, {"version": "3.1", "stories": stories(data.intents)})
    write_yaml(folder / "domain.yml", _domain(data))
    write_yaml(folder / "config.yml", configuration(epochs))
    write_yaml(folder / "credentials.yml", {"rest": None})
    write_endpoints(folder, action_address)
    shutil.copyfile(Path(__file__).with_name("stock_actions.py"), folder / "actions.py")


def write_endpoints(folder: Path, action_address: str) -> None:
    """Write where the bot finds its action server."""
    write_yaml(folder / "endpoints.yml", {"action_endpoint": {"url": f"{action_address}/webhook"}})


def examples_entry(intent: str, examples: Sequence[str]) -> dict[str, Any]:
    """An intent as an entry of Rasa's training data."""
    return {"intent": intent, "examples": _Block("".join(f"- {one}\n" for one in examples))}


def configuration(epochs: int) -> dict[str, Any]:
    """Rasa's ``config.yml``, with so many epochs."""
    return {
        part: [{**one, "epochs": epochs} if one["name"] in _LEARNS_IN_EPOCHS else one for one in value]
        if isinstance(value, list)
        else value
        for part, value in _CONFIGURATION.items()
    }


def fingerprint(folder: Path) -> str:
    """Hash of what a project's quality depends on: examples, rules and responses, not the epochs.

    The stories are not in it either. Quality is judged by what the pipeline understands of single messages,
    and no policy that learns from stories has a part in that.
    """
    digest = hashlib.sha256()
    for name in (f"data/{EXAMPLES}", f"data/{RULES}", "domain.yml"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def _name(key: str) -> str:
    return f"{RETRIEVAL}/{key}"


def without_marks_of_rasa(question: str) -> str:
    """On one line, without the signs by which Rasa marks entities."""
    return re.sub(r"[\[\]{}]", "", question.replace("\n", " ").strip())


def _responses(said: Sequence[Passage]) -> dict[str, str]:
    found = {f"utter_{_name(key_of(one.id))}": f"{one.text}\n({one.article}, {one.section})" for one in said}
    return {**found, f"utter_{_name(NOTHING)}": "Dat staat niet in onze artikelen."}


def _action_for(intent: str) -> str:
    return ACTION if intent == RETRIEVAL else f"utter_{intent}"


def _rules(intents: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"rule": intent, "steps": [{"intent": intent}, {"action": _action_for(intent)}]}
        for intent in (*intents, _FALLBACK)
    ]


def stories(intents: Sequence[str]) -> list[dict[str, Any]]:
    """Conversations of several turns, each intent followed by the action that its rule gives.

    Args:
        intents: that the bot knows. A conversation with another one is left out: Rasa would not train it.

    Raises:
        ValueError: none is left.
    """
    found = [
        {
            "story": name,
            "steps": [
                step for intent in asked for step in ({"intent": intent}, {"action": _action_for(intent)})
            ],
        }
        for name, asked in _CONVERSATIONS.items()
        if set(asked) <= set(intents)
    ]
    if not found:
        raise ValueError(f"no story can be told with the intents {', '.join(intents) or '(none)'}")
    return found


def _domain(data: StockData) -> dict[str, Any]:
    small = {_action_for(one): f"Goed ({one})." for one in (*data.intents, _FALLBACK) if one != RETRIEVAL}
    responses = {name: [{"text": text}] for name, text in {**data.responses, **small}.items()}
    return {
        "version": "3.1",
        "intents": data.intents,
        "entities": list(_ENTITIES),
        "responses": responses,
        "actions": [ACTION],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def write_yaml(path: Path, content: Mapping[str, Any], width: int | None = None) -> None:
    """Write a file for Rasa.

    Args:
        path: of the file.
        content: in the order in which it is written.
        width: characters of a line; None for those of YAML.
    """
    text = yaml.dump(dict(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=width)
    path.write_text(text, encoding="utf-8")
