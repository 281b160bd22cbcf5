"""The tables of the review screens: who is in the team, what it judged, and what becomes of that.

The screens read what the channels stored and write only here. What is about one message goes with that
message, so whoever is forgotten is forgotten here too.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.schema.base import BIG, BY_REFERENCE, FLOAT, NOTHING_OF_VISITORS, metadata


def _of_message(**options: Any) -> sa.Column[int]:
    key = sa.ForeignKey("messages.id", ondelete="CASCADE")
    return sa.Column("message_id", BIG, key, doc="what it is about", **{"nullable": False, **options})


def _of_member(name: str, doc: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, BIG, sa.ForeignKey("team_members.id"), doc=doc, **options)


team_members = sa.Table(
    "team_members",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True, doc="to log in with, small letters"),
    sa.Column("full_name", sa.String(128), nullable=False, doc="as others see it, and as in a commit"),
    sa.Column("role", sa.String(16), nullable=False, doc="see review/states.py"),
    sa.Column("password_hash", sa.String(256), nullable=False, doc="Argon2id"),
    sa.Column("must_change", sa.Boolean, nullable=False, doc="the password came from somebody else"),
    sa.Column("created_at", FLOAT, nullable=False, doc="when somebody let them in"),
    sa.Column("disabled_at", FLOAT, doc="when somebody closed it, empty while it is open"),
    sa.Column("failures", sa.Integer, nullable=False, doc="wrong passwords since the last right one"),
    sa.Column("locked_until", FLOAT, nullable=False, doc="no password is tried before"),
    info={"erasure": NOTHING_OF_VISITORS + "the shop's own team"},
)

team_sessions = sa.Table(
    "team_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True, doc="SHA-256 of what the browser keeps"),
    _of_member("member_id", "who logged in", nullable=False, index=True),
    sa.Column("csrf_token", sa.String(64), nullable=False, doc="that each form of this session carries"),
    sa.Column("started_at", FLOAT, nullable=False),
    sa.Column("last_at", FLOAT, nullable=False, doc="of the last page, to the minute"),
    info={"erasure": NOTHING_OF_VISITORS + "the shop's own team"},
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", BIG, primary_key=True, doc="in the order in which it was done"),
    sa.Column("at", FLOAT, nullable=False, index=True),
    sa.Column(
        "member", sa.String(64), nullable=False, doc="name of who did it; ? for who is not in the team"
    ),
    sa.Column("action", sa.String(48), nullable=False, doc="what was done, see review/audit/"),
    sa.Column("subject", sa.String(128), nullable=False, doc="to what: a number or a name, never a text"),
    sa.Column("details", sa.JSON, nullable=False, doc="states and numbers before and after"),
    info={"erasure": NOTHING_OF_VISITORS + "what the team did, by number, without anybody's words"},
)

_FILTERED = ("intent", "kind", "channel", "confidence")

review_items = sa.Table(
    "review_items",
    metadata,
    _of_message(primary_key=True, autoincrement=False),
    sa.Column("at", FLOAT, nullable=False, doc="as in messages"),
    sa.Column("channel", sa.String(32), nullable=False, doc="as in messages"),
    sa.Column("intent", sa.String(64), nullable=False, doc="as in messages"),
    sa.Column("confidence", FLOAT, nullable=False, doc="as in messages"),
    sa.Column("kind", sa.String(32), nullable=False, doc="of the reply, as in messages"),
    sa.Column("group_key", sa.String(32), nullable=False, doc="the same for messages alike"),
    sa.Column("score", FLOAT, nullable=False, doc="how much can be learnt from it, more is more"),
    sa.Column("reasons", sa.JSON, nullable=False, doc="why, by name, see review/inbox/"),
    sa.Column("state", sa.String(16), nullable=False, doc="how far it is, see review/states.py"),
    sa.Column("version", sa.Integer, nullable=False, doc="goes up at each change"),
    sa.Column("cluster", sa.Integer, index=True, doc="of unanswered questions about one thing"),
    sa.Column("typical", FLOAT, doc="how much it is like the others of its cluster, more is more"),
    sa.Column(
        "words", sa.Text, nullable=False, server_default="", doc="what was typed, to search in: no capitals"
    ),
    # The list of groups is made of one of these two alone, whatever is asked for.
    sa.Index("ix_review_items_by_state", "state", "group_key", "score", "at", *_FILTERED),
    sa.Index("ix_review_items_by_group", "group_key", "score", "at", "state", *_FILTERED),
    sa.Index(None, "state", "at"),
    info={"erasure": BY_REFERENCE},
)

judgements = sa.Table(
    "judgements",
    metadata,
    _of_message(primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False, doc="the sentence to learn from, as the reviewer left it"),
    sa.Column("intent", sa.String(64), nullable=False, doc="the right one; empty when not for training"),
    sa.Column("entities", sa.JSON, nullable=False, doc="a list of start, end (in characters) and entity"),
    sa.Column("passage", sa.String(160), nullable=False, doc="id of what answers it, 'none', or unknown"),
    sa.Column("proposal", sa.String(160), nullable=False, doc="a new intent that the reviewer would like"),
    _of_member("judged_by", "who judged", nullable=False),
    sa.Column("judged_at", FLOAT, nullable=False, doc="when"),
    _of_member("looked_by", "who gave it the second look", index=False),
    sa.Column("looked_at", FLOAT, doc="when"),
    sa.Column("second_intent", sa.String(64), nullable=False, doc="what the second one would have said"),
    sa.Column("candidate", sa.String(32), nullable=False, doc="id of the candidate that learnt from it"),
    info={"erasure": BY_REFERENCE},
)

judgement_steps = sa.Table(
    "judgement_steps",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("batch", sa.String(32), nullable=False, index=True, doc="of all that was done at once"),
    _of_message(index=True),
    _of_member("member_id", "who did it", nullable=False),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("before", sa.JSON, nullable=False, doc="state and judgement as they were, to undo it"),
    sa.Column("became", sa.String(16), nullable=False, doc="the state it led to, of a second look alone"),
    sa.Column("version", sa.Integer, nullable=False, doc="of the item after it"),
    sa.Index(None, "member_id", "at"),
    info={"erasure": BY_REFERENCE},
)

review_comments = sa.Table(
    "review_comments",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    _of_message(index=True),
    _of_member("member_id", "who wrote it", nullable=False),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("text", sa.Text, nullable=False, doc="for the others in the team"),
    info={"erasure": BY_REFERENCE},
)

review_locks = sa.Table(
    "review_locks",
    metadata,
    _of_message(primary_key=True, autoincrement=False),
    _of_member("member_id", "who has it open", nullable=False),
    sa.Column("until", FLOAT, nullable=False, doc="after that anybody may take it"),
    info={"erasure": BY_REFERENCE},
)

unanswered_decisions = sa.Table(
    "unanswered_decisions",
    metadata,
    _of_message(primary_key=True, autoincrement=False),
    sa.Column("passage", sa.String(160), nullable=False, doc="that answers it after all, empty: not for us"),
    _of_member("member_id", "who said so", nullable=False),
    sa.Column("at", FLOAT, nullable=False),
    info={"erasure": BY_REFERENCE},
)

clusterings = sa.Table(
    "clusterings",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("done_at", FLOAT, doc="when it was done, empty before"),
    sa.Column("questions", sa.Integer, nullable=False, doc="different ones that it read"),
    sa.Column("left_out", sa.Integer, nullable=False, doc="that were too old to be compared with each other"),
    info={"erasure": NOTHING_OF_VISITORS + "numbers alone"},
)

training_edits = sa.Table(
    "training_edits",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False, doc="remove, move or keep, see review/conflicts/"),
    sa.Column(
        "text", sa.Text, nullable=False, doc="an example as it stands in its file; to keep, or message:id"
    ),
    sa.Column("intent", sa.String(64), nullable=False, doc="under which it stands"),
    sa.Column("to_intent", sa.String(64), nullable=False, doc="where it goes, or the other of a pair"),
    sa.Column("other_text", sa.Text, nullable=False, doc="the other of a pair that may stay, or message:id"),
    _of_member("member_id", "who decided", nullable=False),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, doc="waiting, in a candidate, or undone"),
    sa.Column("candidate", sa.String(32), nullable=False, doc="id of the candidate that has it"),
    info={"erasure": NOTHING_OF_VISITORS + "sentences of the training data, which was approved"},
)

_IS_OPEN = sa.text("section <> '' AND state IN ('draft', 'ready', 'approved')")

article_drafts = sa.Table(
    "article_drafts",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("article", sa.String(80), nullable=False, doc="slug of the article it goes into"),
    sa.Column("section", sa.String(80), nullable=False, doc="id of the section it changes, empty for a new"),
    sa.Column("fields", sa.JSON, nullable=False, doc="heading, text, questions, sources and other lines"),
    _of_member("member_id", "who wrote it last", nullable=False),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, doc="how far it is, see review/states.py"),
    _of_member("approved_by", "who approved it"),
    sa.Column("candidate", sa.String(32), nullable=False, doc="id of the candidate that has it"),
    sa.Column("version", sa.Integer, nullable=False, doc="goes up at each change"),
    sa.Index(
        "ix_article_drafts_open",
        "article",
        "section",
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    info={"erasure": NOTHING_OF_VISITORS + "an editor's own text, with questions the editor wrote or chose"},
)

candidates = sa.Table(
    "candidates",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("at", FLOAT, nullable=False),
    _of_member("member_id", "who began it", nullable=False),
    sa.Column("state", sa.String(16), nullable=False, doc="how far it is, see review/states.py"),
    sa.Column("error", sa.Text, nullable=False, doc="why it failed, in Dutch"),
    sa.Column("files", sa.JSON, nullable=False, doc="what changes: name and hash before of each file"),
    sa.Column("release", sa.JSON, nullable=False, doc="names of its model and index"),
    sa.Column("earlier", sa.JSON, nullable=False, doc="names of the model and index that it took over from"),
    _of_member("live_by", "who put it live"),
    sa.Column("live_at", FLOAT, doc="when"),
    info={
        "erasure": NOTHING_OF_VISITORS
        + "files of the training data, names of models, and an approved sentence that failed"
    },
)

guest_links = sa.Table(
    "guest_links",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True, doc="SHA-256 of what the link holds"),
    sa.Column("candidate", sa.String(32), sa.ForeignKey("candidates.id"), nullable=False, doc="to be tried"),
    sa.Column("name", sa.String(64), nullable=False, doc="for whom it was made"),
    _of_member("member_id", "who made it", nullable=False),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("until", FLOAT, nullable=False, doc="after that it opens nothing"),
    info={"erasure": NOTHING_OF_VISITORS + "links for colleagues"},
)

guest_marks = sa.Table(
    "guest_marks",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("link", sa.String(64), sa.ForeignKey("guest_links.token_hash"), nullable=False, doc="of whom"),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("question", sa.Text, nullable=False, doc="what the colleague typed, masked"),
    sa.Column("reply", sa.JSON, nullable=False, doc="what the candidate said"),
    sa.Column("is_good", sa.Boolean, doc="what the colleague thought of it, empty for nothing yet"),
    sa.Column("remark", sa.Text, nullable=False, doc="in the colleague's words, masked"),
    info={"erasure": NOTHING_OF_VISITORS + "a colleague's own trial"},
)

handover_cases = sa.Table(
    "handover_cases",
    metadata,
    sa.Column(
        "handover_id",
        BIG,
        sa.ForeignKey("handovers.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        doc="the request it is about",
    ),
    sa.Column("state", sa.String(16), nullable=False, doc="open, taken or done"),
    _of_member("member_id", "who has it"),
    sa.Column("changed_at", FLOAT, nullable=False, doc="of the last change"),
    sa.Column("note", sa.Text, nullable=False, doc="for the others in the team"),
    sa.Column("mailing_until", FLOAT, doc="a process is telling the team until then, after it another may"),
    sa.Column("mailed_at", FLOAT, doc="when the team got an e-mail, empty when not"),
    sa.Column("version", sa.Integer, nullable=False, doc="goes up at each change"),
    info={"erasure": BY_REFERENCE},
)
