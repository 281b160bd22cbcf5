"""``kalm schema``: the database as a picture and as tables, as they stand in ``docs/storage.md``."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from storage.schema import metadata


def schema() -> None:
    """Print the picture and the tables of the database, as they stand in docs/storage.md."""
    print(render_schema(), end="")


def render_schema() -> str:
    """A Mermaid diagram, then a table of columns per table."""
    return "\n".join([*_picture(), *_tables()]) + "\n"


def _picture() -> Iterator[str]:
    yield from ("```mermaid", "erDiagram")
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent)):
            some = "o|" if key.parent.nullable else "||"
            yield f"    {key.column.table.name} {some}--o{{ {table.name} : {key.parent.name}"
    for table in metadata.sorted_tables:
        yield f"    {table.name} {{"
        for column in table.c:
            yield f"        {_type(column)} {column.name}{_keys(column)}"
        yield "    }"
    yield "```"


def _tables() -> Iterator[str]:
    for table in metadata.sorted_tables:
        yield from ("", f"**{table.name}**, erased: {table.info['erasure']}", "")
        yield from ("| Column | Type | Meaning |", "|---|---|---|")
        for column in table.c:
            yield f"| `{column.name}` | {_type(column)}{_empty(column)} | {column.doc or ''} |"


def _type(column: sa.Column[object]) -> str:
    return str(column.type.compile()).partition("(")[0].lower()


def _keys(column: sa.Column[object]) -> str:
    keys = [name for name, is_so in (("PK", column.primary_key), ("FK", bool(column.foreign_keys))) if is_so]
    return f" {','.join(keys)}" if keys else ""


def _empty(column: sa.Column[object]) -> str:
    return ", may be empty" if column.nullable else ""
