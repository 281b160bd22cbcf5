"""Bodies that nobody foresaw: any JSON, and what is right but for one part of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(["", "\0", "\ud83d", "/restart", "🙂" * 20, "9" * 400, "ik wil niet meer leven"]),
)

ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def as_body(value: Any) -> bytes:
    """The bytes of a value, also of those that JSON does not have (NaN, half an emoji)."""
    return json.dumps(value).encode()


def almost(right: Any, leaves: str = "") -> st.SearchStrategy[Any]:
    """A right value in which one part, however deep, is another or is gone.

    Args:
        right: an object or a list.
        leaves: names of what stays as it is, with spaces.
    """
    places = [place for place in _places(right) if place[-1] not in leaves.split()]
    return st.builds(
        lambda place, other, gone: _changed(right, place, other, gone),
        st.sampled_from(places),
        ANY_JSON,
        st.booleans(),
    )


def _places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield (*here, name)
        yield from _places(part, (*here, name))


def _changed(right: Any, place: tuple[Any, ...], other: Any, is_gone: bool) -> Any:
    changed = copy.deepcopy(right)
    *way, last = place
    around = changed
    for name in way:
        around = around[name]
    if is_gone:
        del around[last]
    else:
        around[last] = other
    return changed
