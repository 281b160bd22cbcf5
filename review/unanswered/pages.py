"""Questions that nothing answers, those about one thing together, and what the team does with them."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm.understanding import KNOWLEDGE
from review import words
from review.articles import drafts
from review.articles.fields import ArticleHead, SectionFields
from review.articles.library import titles
from review.background import CLUSTERING
from review.judging.judgements import Settled, new_batch, settle
from review.judging.passages import all_passages, choices
from review.judging.sentences import LONGEST
from review.paging import page_wanted
from review.requests import ReviewRequest
from review.states import Role
from review.unanswered import clusters, deciding, runs
from review.unanswered.being_written import texts_about
from review.unanswered.clusters import DECIDED, EXAMPLES, PER_PAGE, Cluster, Filters
from review.unanswered.finding import KINDS, count_new
from review.unanswered.keeping import what_is_asked
from review.unanswered.runs import Run
from review.unanswered.sparkline import HEIGHT, WIDTH, in_words, points

HERE = "/zonder-antwoord"
NEW_ARTICLE = "nieuw"
MOST_QUESTIONS = 40
"""Questions that a draft begins with."""

_AGAIN = "De groepjes zijn intussen opnieuw gemaakt. Zoek het groepje hieronder op."


def show_list(asked: ReviewRequest) -> Response:
    """The clusters, those with most questions first."""
    filters = Filters.of(asked.query)
    page = page_wanted(asked)
    with asked.database.reading() as connection:
        run = runs.last_done(connection)
        found, total = clusters.page(connection, run, filters, asked.now, page) if run else ([], 0)
        new = count_new(connection, run.at) if run else 0
        written = texts_about(connection, found)
    return asked.render(
        "unanswered/list.html",
        clusters=found,
        written=written,
        total=total,
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
        filters=filters,
        kinds=KINDS,
        run=run,
        progress=CLUSTERING.progress(),
        new=new,
        examples=EXAMPLES,
        link=lambda number: _link(filters, number),
        **_drawing(),
    )


def show_one(asked: ReviewRequest) -> Response:
    """All questions of one cluster, and what can be done with them."""
    found = _find(asked)
    return asked.go_to(HERE, _AGAIN) if found is None else _page(asked, found[1])


def look_again(asked: ReviewRequest) -> Response:
    """Put all unanswered questions together anew, in the background."""
    try:
        started = CLUSTERING.start("cluster")
    except OSError as error:
        raise HTTPException(503) from error
    if started:
        with asked.database.writing() as connection:
            asked.note(connection, "unanswered.look")
    return asked.go_to(HERE)


def show_progress(asked: ReviewRequest) -> Response:
    """How far the look is that runs; when it is done, the whole page again."""
    progress = CLUSTERING.progress()
    if not progress.is_running:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return asked.render("unanswered/progress.html", progress=progress)


def dismiss(asked: ReviewRequest) -> Response:
    """Say that a cluster is not for this shop; it can be had back."""
    found = _find(asked)
    if found is None:
        return asked.go_to(HERE, _AGAIN)
    run, cluster = found
    with asked.database.writing() as connection:
        items = clusters.items(connection, run, cluster.number)
        deciding.decide(connection, [item.message_id for item in items], asked.member, asked.now)
        asked.note(connection, "unanswered.dismiss", str(cluster.number), number=len(items))
    return asked.go_to(HERE, "Weggelegd. Je vindt het terug bij ‘afgehandeld’.")


def say_where(asked: ReviewRequest) -> Response:
    """Say which passage answers the questions of a cluster after all, and judge them so."""
    found = _find(asked)
    if found is None:
        return asked.go_to(HERE, _AGAIN)
    run, cluster = found
    passage, intent = asked.value("passage"), asked.value("intent")
    if intent not in KNOWLEDGE or passage not in {one.id for one in all_passages()}:
        error = "Kies het stukje tekst waar het in staat, en waar de vragen over gaan."
        return _page(asked, cluster, 422, error=error)
    with asked.database.reading() as connection:
        seen = clusters.items(connection, run, cluster.number)
    wanted = deciding.to_judge(seen, intent, passage)  # takes too long to let others wait
    with asked.database.writing() as connection:
        items = clusters.items(connection, run, cluster.number)
        settled = settle(connection, asked.member, new_batch(), wanted, asked.now) if wanted else Settled()
        deciding.decide(connection, [item.message_id for item in items], asked.member, asked.now, passage)
        number = str(cluster.number)
        asked.note(connection, "unanswered.answered", number, number=len(items), judged=len(settled.done))
    judged = words.count(len(settled.done), "bericht is", "berichten zijn")
    left = len(items) - len(settled.done)
    said = f"{judged} beoordeeld. Na de tweede blik en de volgende training kan Kalm ervan leren."
    if left:
        said += (
            f" {words.count(left, 'ander bericht kijk', 'andere berichten kijk')} je zelf na in het postvak."
        )
    return asked.go_to(HERE, said)


def take_back(asked: ReviewRequest) -> Response:
    """Bring a cluster back that was decided."""
    found = _find(asked)
    if found is None:
        return asked.go_to(HERE, _AGAIN)
    run, cluster = found
    with asked.database.writing() as connection:
        items = clusters.items(connection, run, cluster.number)
        number = deciding.take_back(connection, [item.message_id for item in items])
        asked.note(connection, "unanswered.undo", str(cluster.number), number=number)
    return asked.go_to(f"{HERE}/{cluster.number}", "Het groepje staat weer tussen de open vragen.")


def make_article(asked: ReviewRequest) -> Response:
    """Begin a draft with the questions of a cluster; those with something personal stay out."""
    found = _find(asked)
    if found is None:
        return asked.go_to(HERE, _AGAIN)
    _, cluster = found
    slug = asked.value("article")
    if slug != NEW_ARTICLE and slug not in titles():
        return _page(asked, cluster, 422, error="Kies in welk artikel de sectie komt.")
    questions, left_out = _questions(cluster)
    is_new = slug == NEW_ARTICLE
    fields = SectionFields(questions=questions, head=ArticleHead() if is_new else None)
    where = ("" if is_new else slug, "", fields, asked.member.id)
    with asked.database.writing() as connection:
        draft = drafts.sent_before(connection, *where)
        if draft is None:
            draft = drafts.add(connection, *where, asked.now)
            asked.note(connection, "draft.save", str(draft), cluster=cluster.number, questions=len(questions))
    return asked.go_to(f"/concepten/{draft}", _what_is_in_it(len(questions), left_out))


def _what_is_in_it(number: int, left_out: int) -> str:
    said = f"{words.count(number, 'vraag staat', 'vragen staan')} erin. Lees ze na, haal weg wat niet past."
    if left_out:
        said += (
            f" {words.count(left_out, 'vraag liet', 'vragen liet')} Kalm weg: daarin was iets persoonlijks "
            "weggehaald, of het was een heel verhaal."
        )
    return said


def _questions(cluster: Cluster) -> tuple[tuple[str, ...], int]:
    """The different questions for a draft, the most typical first, and how many stay out."""
    usable: dict[str, str] = {}
    left_out = 0
    for question in cluster.questions:
        text = " ".join(question.text.split())
        if question.is_masked or len(text) > LONGEST:
            left_out += 1
        else:
            usable.setdefault(what_is_asked(text), text)
    return tuple(usable.values())[:MOST_QUESTIONS], left_out


def _find(asked: ReviewRequest) -> tuple[Run, Cluster] | None:
    """The cluster that the address names, None when the questions were put together anew since."""
    number = int(asked.path["cluster"])
    with asked.database.reading() as connection:
        run = runs.last_done(connection)
        if run is None or not run.numbers[0] <= number < run.numbers[1]:
            return None
        cluster = clusters.one(connection, run, number, asked.now)
    return None if cluster is None else (run, cluster)


def _page(asked: ReviewRequest, cluster: Cluster, status: int = 200, error: str = "") -> Response:
    with asked.database.reading() as connection:
        written = texts_about(connection, [cluster])
        likeliest = _likeliest(connection, cluster)
    return asked.render(
        "unanswered/cluster.html",
        status,
        cluster=cluster,
        written=written,
        error=error,
        passages=choices((), ()),
        intents=KNOWLEDGE,
        likeliest=likeliest,
        titles=titles(),
        new_article=NEW_ARTICLE,
        may_write=asked.member.role.includes(Role.EDITOR),
        more=cluster.count - sum(question.number for question in cluster.questions),
        **_drawing(),
    )


def _likeliest(connection: Connection, cluster: Cluster) -> str:
    """What most of its messages were taken for, of the intents that ask for knowledge."""
    run = runs.last_done(connection)
    found = clusters.items(connection, run, cluster.number) if run else []
    often = Counter(item.intent for item in found if item.intent in KNOWLEDGE)
    return often.most_common(1)[0][0] if often else KNOWLEDGE[0]


def _drawing() -> dict[str, Any]:
    return {"points": points, "trend": in_words, "width": WIDTH, "height": HEIGHT, "decided": DECIDED}


def _link(filters: Filters, number: int) -> str:
    said = {"periode": filters.period, "kanaal": filters.channel, "soort": filters.kind}
    said |= {"stand": filters.standing, "pagina": str(number) if number > 1 else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"/review{HERE}{'?' if query else ''}{query}"
