"""How a reply looks on WhatsApp: one message, short lines, and something to press below it.

The order is that of ``kalm.reply``. What an editor or an article wrote stands there word for word; when it is
too long, the ends of passages give way, and nothing else ever does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from channels.whatsapp.outbound.formatting import ITEM, bold, italic, plain, with_bold
from channels.whatsapp.outbound.limits import (
    LONGEST_ADVISED,
    LONGEST_ROW_DESCRIPTION,
    Choice,
    Outgoing,
    check,
    fits,
    length,
)
from channels.whatsapp.outbound.shortening import shorten
from kalm.articles import Evidence
from kalm.buttons import button_for
from kalm.reply import dutch_date, numbers
from kalm.sentences import sentences

__all__ = ["Choice", "Outgoing", "render"]

_YES, _NO = "ja", "nee"
"""What pressing it sends to Rasa; ``data/nlu/smalltalk.yml`` has both as they stand here."""

_Payload = dict[str, Any]
"""As ``kalm.reply.Reply.payload`` makes it."""


def render(parts: Sequence[dict[str, Any]], beside: str = "") -> Outgoing:
    """One message with the whole reply.

    Args:
        parts: of ``channels.visitor.Said``. A text beside data is the same reply again; small talk is text
            alone, says nothing about health and has no disclaimer.
        beside: a sentence to put first, or "".

    Raises:
        LimitError: there is nothing to say, or more than a message holds with all passages left out.
    """
    replies = [part["custom"] for part in parts if part.get("custom")]
    # Kalm says one reply to a message, and what is pressed or typed next answers the last.
    ways = _ways(replies[-1], beside) if replies else iter([_small_talk(parts, beside)])
    for message in ways:
        if fits(message):
            break
    check(message)
    return message


def _small_talk(parts: Sequence[dict[str, Any]], beside: str) -> Outgoing:
    texts = [str(part.get("text") or "").strip() for part in parts]
    # The last resort of ``channels.visitor`` is text alone as well, and names whom to call.
    return Outgoing(_blocks(plain(beside), *(with_bold(plain(text), numbers(text)) for text in texts)))


def _ways(reply: _Payload, beside: str) -> Iterator[Outgoing]:
    """How the reply can be sent, the best first; the last has nothing to press."""
    suggestions = reply["suggestions"]
    text = _text(reply, beside, below=plain(reply["choices"]) if suggestions else "")
    if reply["question"]:
        yield Outgoing(text, (Choice(_YES, sentences().helped_yes), Choice(_NO, sentences().helped_no)))
    elif suggestions:
        yield Outgoing(text, tuple(Choice(one["payload"], button_for(one["title"])) for one in suggestions))
    if suggestions:
        yield Outgoing(text, tuple(map(_row, suggestions)), sentences().more_questions)
    yield Outgoing(_text(reply, beside, above=_numbered(reply)))


def _row(suggestion: dict[str, str]) -> Choice:
    question, title = suggestion["title"], button_for(suggestion["title"])
    is_shown = question != title and length(question) <= LONGEST_ROW_DESCRIPTION
    return Choice(suggestion["payload"], title, question if is_shown else "")


def _numbered(reply: _Payload) -> str:
    """The suggestions as lines: Kalm understands "1" and "de tweede" as well."""
    if reply["question"] or not reply["suggestions"]:
        return ""
    titles = (" ".join(suggestion["title"].split()) for suggestion in reply["suggestions"])
    lines = (f"{number}. {plain(title)}" for number, title in enumerate(titles, 1))
    return "\n".join((plain(reply["choices"] or sentences().capabilities_choices), *lines))


def _text(reply: _Payload, beside: str, above: str = "", below: str = "") -> str:
    """The words of a reply, of the advised length where passages can be cut to it.

    Args:
        reply: as data.
        beside: a sentence to put first, or "".
        above: what stands right above the disclaimer: choices in the text itself.
        below: what stands right below it: the sentence that introduces what can be pressed.
    """
    passages = () if reply["cites_only"] else tuple(passage["text"] for passage in reply["passages"])

    def whole(texts: Sequence[str]) -> str:
        return _blocks(
            plain(beside),
            _message(reply),
            *_passages(reply, texts),
            _sources(reply["sources"]),
            plain(reply["caution"]),
            plain(reply["notice"]),
            above,
            italic(reply["disclaimer"]),
            below,
            plain(reply["question"]),
        )

    return whole(shorten(passages, lambda texts: length(whole(texts)) <= LONGEST_ADVISED))


def _message(reply: _Payload) -> str:
    """What Kalm says itself; its lines are paragraphs, for Kalm's sentences have no blank lines.

    Numbers stand out in every kind of reply: a danger goes on in those of another kind.
    """
    lines = (with_bold(plain(line), reply["numbers"]) for line in reply["message"].splitlines())
    return _blocks(*lines)


def _passages(reply: _Payload, texts: Sequence[str]) -> Iterator[str]:
    if reply["cites_only"]:
        for passage in reply["passages"]:
            yield _source(passage, f", onder ‘{passage['section']}’")
    else:
        for passage, text in zip(reply["passages"], texts, strict=True):
            yield "\n".join(line for line in (bold(passage["section"]), plain(text, has_lists=True)) if line)
            read_on = f"{plain(sentences().read_on)}\n" if text != passage["text"] else ""
            yield f"{read_on}{_source(passage)}"


def _source(passage: dict[str, str], section: str = "") -> str:
    evidence = Evidence(passage["evidence"]).in_words
    line = f"Bron: ‘{passage['article']}’{section} ({evidence}, {dutch_date(passage['updated'])})"
    return "\n".join(part for part in (plain(line), passage["url"], plain(passage["age"])) if part)


def _sources(sources: Sequence[str]) -> str:
    if not sources:
        return ""
    return "\n".join((plain(sentences().source_rests_on), *(f"{ITEM}{plain(source)}" for source in sources)))


def _blocks(*blocks: str) -> str:
    return "\n\n".join(block.strip() for block in blocks if block.strip())
