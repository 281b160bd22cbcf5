from __future__ import annotations

import pytest
import sqlalchemy as sa

from storage.schema import (
    BY_CONVERSATION,
    BY_REFERENCE,
    NOTHING_OF_VISITORS,
    conversations,
    messages,
    metadata,
)

TABLES = metadata.sorted_tables


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_says_how_it_is_erased_or_why_it_need_not_be(table: sa.Table) -> None:
    how = table.info.get("erasure", "")
    if how == BY_CONVERSATION:
        assert table is conversations or "conversation_id" in table.c
    elif how == BY_REFERENCE:
        erased = [key for key in table.foreign_keys if key.column.table.info["erasure"] == BY_CONVERSATION]
        assert [key.ondelete for key in erased] == ["CASCADE"]
    else:
        assert how.startswith(NOTHING_OF_VISITORS), (
            f"{table.name} is not registered for erasure (info['erasure'])"
        )
        assert len(how) > len(NOTHING_OF_VISITORS) + 10


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_belongs_to_a_conversation_also_goes_by_the_database_itself(table: sa.Table) -> None:
    if table.info["erasure"] != BY_CONVERSATION or table is conversations:
        return
    (key,) = [key for key in table.foreign_keys if key.column is conversations.c.id]
    assert key.ondelete == "CASCADE"
    for other in table.foreign_keys:
        assert other.column.table in (conversations, messages)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_column_that_its_name_does_not_explain_is_explained(table: sa.Table) -> None:
    plain = {"id", "conversation_id", "started_at", "at", "type", "receipt"}
    assert [column.name for column in table.c if not column.doc and column.name not in plain] == []
