from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from benchmarks.side_by_side.stock_project import (
    ACTION,
    RETRIEVAL,
    WHOLE_EPOCHS,
    StockData,
    configuration,
    fingerprint,
    folded,
    key_of,
    passage_of,
    stock_data,
    stories,
    write_project,
)
from kalm.articles import passages, read_articles
from kalm.settings import settings

_ADDRESS = "http://127.0.0.1:1234"

_NLU = """
nlu:
- intent: greet
  examples: |
    - hoi
    - dag
- intent: ask_rls
  examples: |
    - wat is [rls](trigger)
- intent: ask_product
  examples: |
    - wat is dit
- lookup: product
  examples: |
    - poeder
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> StockData:
    root = tmp_path_factory.mktemp("root")
    (root / "data" / "nlu").mkdir(parents=True)
    (root / "data" / "nlu" / "a.yml").write_text(_NLU)
    (root / "data" / "unanswered.yml").write_text("vragen:\n- wat kost [het] {dan}\n- waarom niet\n")
    return stock_data(root)


@pytest.fixture
def project(data: StockData, tmp_path: Path) -> Path:
    write_project(tmp_path, data, _ADDRESS, epochs=3)
    return tmp_path


def test_the_intents_about_knowledge_are_one_retrieval_intent(data: StockData) -> None:
    assert data.intents == ["greet", RETRIEVAL]
    assert data.examples["greet"] == ["hoi", "dag"]
    assert data.examples[RETRIEVAL] == ["wat is [rls](trigger)", "wat is dit"]
    assert folded("ask_treatment") == RETRIEVAL
    assert folded("thank") == "thank"


def test_each_passage_is_a_response_with_its_questions(data: StockData) -> None:
    for passage in passages(read_articles(settings().articles)):
        key = f"{RETRIEVAL}/{key_of(passage.id)}"
        assert len(data.examples[key]) == len(passage.questions) + 1
        assert data.responses[f"utter_{key}"].startswith(passage.text)
        assert passage.section in data.responses[f"utter_{key}"], "its source"


def test_what_no_passage_answers_is_a_response_that_refuses(data: StockData) -> None:
    assert data.examples["faq/niets"] == ["wat kost het dan", "waarom niet"]
    assert passage_of("faq/niets") is None


def test_the_key_of_a_response_leads_back_to_its_passage() -> None:
    for passage in passages(read_articles(settings().articles)):
        assert passage_of(f"faq/{key_of(passage.id)}") == passage.id


def test_fewer_examples_for_a_trial(tmp_path: Path) -> None:
    assert all(len(found) <= 2 for found in stock_data(most=2).examples.values())


def test_the_project_has_all_that_rasa_reads(project: Path, data: StockData) -> None:
    def read(name: str) -> dict[str, object]:
        found: dict[str, object] = yaml.safe_load((project / name).read_text(encoding="utf-8"))
        return found

    nlu = read("data/nlu.yml")["nlu"]
    assert isinstance(nlu, list)
    assert len(nlu) == len(data.examples) + 1
    assert {"intent": "greet", "examples": "- hoi\n- dag\n"} in nlu
    rules = read("data/rules.yml")["rules"]
    assert isinstance(rules, list)
    assert {rule["rule"]: rule["steps"][1]["action"] for rule in rules} == {
        "greet": "utter_greet",
        RETRIEVAL: ACTION,
        "nlu_fallback": "utter_nlu_fallback",
    }
    domain = read("domain.yml")
    assert domain["intents"] == data.intents
    assert domain["actions"] == [ACTION]
    assert isinstance(domain["responses"], dict)
    assert {*data.responses, "utter_greet", "utter_nlu_fallback"} == set(domain["responses"])
    assert read("endpoints.yml") == {"action_endpoint": {"url": f"{_ADDRESS}/webhook"}}
    assert read("credentials.yml") == {"rest": None}


def test_each_turn_of_a_story_is_as_its_rule_decides(project: Path) -> None:
    rules = yaml.safe_load((project / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    action_of = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    told = yaml.safe_load((project / "data" / "stories.yml").read_text(encoding="utf-8"))["stories"]
    assert [one["story"] for one in told] == ["questions"], "the others need intents that are not here"
    for story in told:
        asked, answered = story["steps"][::2], story["steps"][1::2]
        assert len(asked) > 1, "a single turn would tell no more than its rule"
        assert [action_of[one["intent"]] for one in asked] == [one["action"] for one in answered]


def test_every_story_can_be_told_with_the_intents_of_kalm() -> None:
    intents = stock_data(most=1).intents
    told = stories(intents)
    assert 8 <= len(told) <= 10, "one is left out where an intent has another name now"
    asked = {step["intent"] for story in told for step in story["steps"] if "intent" in step}
    assert asked == set(intents), "TED learns something of each"


def test_without_any_story_the_policies_would_not_train_and_that_is_told() -> None:
    with pytest.raises(ValueError, match="greet, thank"):
        stories(["greet", "thank"])


def test_the_action_of_the_project_is_the_one_of_the_domain(project: Path) -> None:
    code = ast.parse((project / "actions.py").read_text(encoding="utf-8"))
    assert ACTION in {node.value for node in ast.walk(code) if isinstance(node, ast.Constant)}


def test_the_configuration_is_the_default_of_rasa_but_for_its_epochs() -> None:
    config = configuration(7)
    epochs = {
        one["name"]: one["epochs"] for one in config["pipeline"] + config["policies"] if "epochs" in one
    }
    assert epochs == {"DIETClassifier": 7, "ResponseSelector": 7, "UnexpecTEDIntentPolicy": 7, "TEDPolicy": 7}
    assert [one["name"] for one in config["policies"]][:2] == ["MemoizationPolicy", "RulePolicy"]
    whole = configuration(WHOLE_EPOCHS)
    assert {one.get("epochs") for one in whole["pipeline"]} == {None, 100}


def test_the_fingerprint_is_of_the_data_alone(project: Path, data: StockData, tmp_path: Path) -> None:
    before = fingerprint(project)
    write_project(project, data, "http://127.0.0.1:9", epochs=100)
    assert fingerprint(project) == before
    (project / "data" / "stories.yml").write_text("stories: []\n")
    assert fingerprint(project) == before, "quality does not depend on them"
    (project / "data" / "nlu.yml").write_text("nlu: []\n")
    assert fingerprint(project) != before
