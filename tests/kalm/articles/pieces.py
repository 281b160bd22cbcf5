"""Lines that imported texts are made of in the property tests."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "# Titel",
            "## Kop",
            "Een gewone kop",
            "Een zin met een punt.",
            "---",
            "title: x",
            "- punt",
            "[naam](adres)",
            "1 mei 2024",
            "<p>",
            "vragen:",
            "",
        ]
    ),
)
