"""Runs the pipeline and the policies one after the other.

Rasa's ``DaskGraphRunner`` makes a graph for each message, and lets dask find anew in which order its nodes
come. They are some ten, each needs the one before, and the order never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

from bot.rule_policy import with_quick_rules


class InOrderRunner(GraphRunner):
    """Rasa's runner of a trained model."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        """Use :meth:`create`."""
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], tuple[str, ...]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> InOrderRunner:
        """Load the components of a model."""
        graph_schema = with_quick_rules(graph_schema)
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need, each node once.

        Args:
            inputs: by the names that nodes need them by.
            targets: nodes whose output is wanted; without, those that the schema names.

        Returns:
            Name of a target to its output.

        Raises:
            GraphRunError: a node needs an input that is not there.
        """
        wanted = tuple(targets or self._schema.target_names)
        outputs = dict(inputs or {})
        for name in self._order(wanted):
            if name in outputs:
                continue
            node = self._nodes.get(name)
            if node is None:
                raise GraphRunError(f"Nothing was given for '{name}', and no node of the model makes it.")
            needed = self._schema.nodes[name].needs.values()
            _, outputs[name] = node(*((need, outputs[need]) for need in needed))
        return {name: outputs[name] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> tuple[str, ...]:
        """Names of nodes and inputs, each after those that it needs."""
        if targets not in self._orders:
            self._orders[targets] = tuple(
                dict.fromkeys(name for one in targets for name in self._before(one))
            )
        return self._orders[targets]

    def _before(self, name: str) -> Iterator[str]:
        """What a node needs, however far back, and then the node."""
        if name in self._schema.nodes:
            for need in self._schema.nodes[name].needs.values():
                yield from self._before(need)
        yield name
