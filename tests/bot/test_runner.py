from __future__ import annotations

from typing import Any, cast

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from bot.runner import InOrderRunner


class Adding(GraphComponent):
    """Adds what it is configured to, and writes down that it ran."""

    ran: list[int]

    def __init__(self, amount: int) -> None:
        self.amount = amount

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Adding:
        return cls(config["amount"])

    def add(self, number: int, other: int = 0) -> int:
        Adding.ran.append(self.amount)
        return number + other + self.amount


def node(amount: int, **needs: str) -> SchemaNode:
    return SchemaNode(needs, Adding, "create", "add", {"amount": amount}, eager=True)


SCHEMA = GraphSchema(
    {
        # Not in the order in which they can run.
        "last": node(100, number="second", other="first"),
        "second": node(10, number="first"),
        "first": node(1, number="__message__"),
        "alone": node(1000, number="__tracker__"),
    }
)


def runner(of: type[Any]) -> Any:
    Adding.ran = []
    return of.create(SCHEMA, cast(Any, None), ExecutionContext(SCHEMA, "model"))


@pytest.mark.parametrize("targets", [["last"], ["second"], ["last", "alone"], ["first", "second"]])
def test_it_gives_what_rasas_own_runner_gives(targets: list[str]) -> None:
    inputs = {"__message__": 5, "__tracker__": 7}
    expected = runner(DaskGraphRunner).run(inputs, targets)
    assert runner(InOrderRunner).run(inputs, targets) == expected


def test_a_node_runs_once_after_what_it_needs_and_only_when_it_is_needed() -> None:
    asked = runner(InOrderRunner)
    assert asked.run({"__message__": 0}, ["last"]) == {"last": 112}
    assert Adding.ran == [1, 10, 100]


def test_the_order_of_one_message_serves_the_next() -> None:
    asked = runner(InOrderRunner)
    for number in (1, 2, 3):
        assert asked.run({"__message__": number}, ["second"]) == {"second": number + 11}


def test_what_is_needed_and_not_given_is_named() -> None:
    with pytest.raises(GraphRunError, match="__message__"):
        runner(InOrderRunner).run({}, ["last"])
