"""The overview: what visitors asked, on which days, and how Kalm did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from review import words
from review.clock import local_time
from review.overview.numbers import Numbers, count
from review.overview.periods import Period, PeriodError, read_period
from review.overview.plots import Plot, Values, lying, standing
from review.overview.tables import as_csv, tables
from review.requests import ReviewRequest


def show(asked: ReviewRequest) -> Response:
    """The numbers over a period, as plots and tables."""
    today = local_time(asked.now).date()
    error, status = "", 200
    try:
        period = _period(
            asked.query.get("van", ""), asked.query.get("tot", ""), asked.query.get("per", ""), today
        )
    except PeriodError as fault:
        error, status = str(fault), 422
        period = read_period("", "", "", today)
    with asked.database.reading() as connection:
        numbers = count(connection, period)
    found = tables(numbers)
    return asked.render(
        "overview/overview.html",
        status,
        numbers=numbers,
        period=period,
        shown=[(plot, found[plot.name]) for plot in plots(numbers)],
        error=error,
        address=_address(period),
        other=_address(Period(period.first, period.last, not period.by_week)),
    )


def export(asked: ReviewRequest) -> Response:
    """One table for a spreadsheet."""
    today = local_time(asked.now).date()
    try:
        period = _period(asked.value("van"), asked.value("tot"), asked.value("per"), today)
    except PeriodError as fault:
        raise HTTPException(400) from fault
    name = str(asked.path["table"])
    with asked.database.reading() as connection:
        table = tables(count(connection, period)).get(name)
    if table is None:
        raise HTTPException(404)
    with asked.database.writing() as connection:
        asked.note(connection, "export", f"overzicht/{name}", days=(period.last - period.first).days + 1)
    file = f"kalm-{name}-{period.first}-{period.last}.csv"
    return Response(
        as_csv(table, period),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def plots(numbers: Numbers) -> list[Plot]:
    """Each plot, by the name of its table."""
    parts, total, period = numbers.parts, numbers.total, numbers.period
    places = [_place(period, day) for day in parts]
    each = list(parts.values())
    how_often = "per week" if period.by_week else "per dag"
    busiest = max(range(24), key=lambda hour: numbers.hours[hour])
    return [
        standing(
            "berichten",
            f"Berichten en gesprekken {how_often}",
            f"In deze periode {words.count(total.messages, 'bericht', 'berichten')} in "
            f"{words.count(total.conversations, 'gesprek', 'gesprekken')}.",
            places,
            [
                Values("Berichten", "bar", [part.messages for part in each]),
                Values("Gesprekken", "line", [part.conversations for part in each]),
            ],
            words.number,
        ),
        standing(
            "zonder-medewerker",
            f"Zonder medewerker afgehandeld {how_often}",
            "Van deze dagen zijn geen gesprekken meer bewaard."
            if total.share_without_person is None
            else f"{words.percent(total.share_without_person)} van de gesprekken ging zonder medewerker.",
            places,
            [Values("Zonder medewerker", "line", [part.share_without_person for part in each])],
            words.percent,
            top=1,
        ),
        standing(
            "geholpen",
            f"Geholpen of niet {how_often}",
            f"Bezoekers zeiden {words.number(total.helped)} keer dat een antwoord hielp en "
            f"{words.number(total.not_helped)} keer van niet.",
            places,
            [
                Values("Geholpen", "bar", [part.helped for part in each]),
                Values("Niet geholpen", "hatched", [part.not_helped for part in each]),
            ],
            words.number,
        ),
        lying(
            "antwoorden",
            "Soorten antwoord",
            _most(total.kinds.most_common(1), words.kind, "Meestal was de reactie: {}."),
            [(words.kind(kind), times) for kind, times in total.kinds.most_common()],
            words.number,
        ),
        lying(
            "kanalen",
            "Kanalen",
            _most(total.channels.most_common(1), words.channel, "Het meest gebruikt: {}."),
            [(words.channel(name) or "onbekend", times) for name, times in total.channels.most_common()],
            words.number,
        ),
        standing(
            "uren",
            "Berichten per uur van de dag",
            f"Het drukst is het tussen {busiest} en {busiest + 1} uur."
            if numbers.hours[busiest]
            else "Van deze dagen zijn geen uren meer bewaard.",
            [f"{hour} uur" for hour in range(24)],
            [Values("Berichten", "bar", list(numbers.hours))],
            words.number,
        ),
        standing(
            "snelheid",
            f"Hoe snel Kalm antwoordt {how_often}",
            _how_fast(total.percentile(0.5), total.percentile(0.95)),
            places,
            [
                Values("De helft binnen", "line", [part.percentile(0.5) for part in each]),
                Values("95 van de 100 binnen", "dashed", [part.percentile(0.95) for part in each]),
            ],
            lambda value: f"{words.number(value)} ms",
        ),
        lying(
            "teksten",
            "Teksten die het vaakst antwoordden",
            "Hoe vaak elke tekst in een antwoord stond.",
            [(shown.title, shown.times) for shown in numbers.passages],
            words.number,
        ),
    ]


def _period(first: str, last: str, by: str, today: date) -> Period:
    return read_period(first.strip()[:10], last.strip()[:10], by, today)


def _address(period: Period) -> str:
    by = "week" if period.by_week else "dag"
    return "?" + urlencode({"van": period.first, "tot": period.last, "per": by})


def _place(period: Period, day: date) -> str:
    return f"wk {day.isocalendar().week}" if period.by_week else f"{day.day}-{day.month}"


def _how_fast(half: int | None, most: int | None) -> str:
    if half is None or most is None:
        return "Van deze dagen is niet meer bewaard hoe snel Kalm was."
    return (
        f"De helft van de antwoorden was er binnen {words.number(half)} milliseconden, "
        f"95 van de 100 binnen {words.number(most)} milliseconden."
    )


def _most(first: list[tuple[str, int]], named: Callable[[str], str], sentence: str) -> str:
    return sentence.format(named(first[0][0]) or "onbekend") if first else ""
