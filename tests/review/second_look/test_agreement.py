"""How often two people agree."""

from __future__ import annotations

import pytest

from review.second_look import agreement
from tests.review.conftest import Enter, Shop
from tests.review.second_look.conftest import Judged

HERE = "/tweede-blik"


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ((20, 5, 10, 15), 0.4),  # the example of Wikipedia's article on Cohen's kappa
        ((10, 0, 0, 10), 1.0),
        ((5, 5, 5, 5), 0.0),
        ((0, 0, 0, 0), None),
        ((20, 0, 0, 0), None),
    ],
)
def test_kappa_is_cohens(table: tuple[int, int, int, int], wanted: float | None) -> None:
    found = agreement.kappa(*table)
    assert found == (wanted if wanted is None else pytest.approx(wanted))


def look(enter: Enter, message_id: int, view: str = "", back: bool = False) -> None:
    eva = enter("eva")
    if view:
        eva.post(f"{HERE}/{message_id}/mening", {"keuze": view, "versie": 3})
    path = "terug" if back else "goed"
    assert eva.post(f"{HERE}/{message_id}/{path}", {"versie": 3, "opmerking": "x"}).status_code == 303


def test_agreement_counts_approved_without_another_view_and_what_was_sent_back(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    look(enter, judged(intent="greet"))
    look(enter, judged(intent="greet"), view="greet")
    look(enter, judged(intent="greet"), view="goodbye")
    look(enter, judged(intent="greet"), back=True)
    look(enter, judged(intent="deny"))
    with shop.database.reading() as connection:
        greet, deny = agreement.per_intent(connection)
    assert (greet.intent, greet.looked_at, greet.agreed, greet.sent_back, greet.blind) == (
        "greet",
        4,
        2,
        1,
        2,
    )
    assert (greet.share, greet.kappa) == (None, None)
    assert (deny.intent, deny.looked_at, deny.agreed) == ("deny", 1, 1)
    assert "nog te weinig" in enter("eva").get(f"{HERE}/overeenstemming").text


def test_what_was_undone_does_not_count(shop: Shop, enter: Enter, judged: Judged) -> None:
    look(enter, judged(intent="greet"), back=True)
    eva = enter("eva")
    judged("wacht")
    batch = eva.get(HERE).text.split('name="batch" value="')[1].split('"')[0]
    eva.post(f"{HERE}/ongedaan", {"batch": batch})
    with shop.database.reading() as connection:
        assert agreement.per_intent(connection) == []


def test_from_enough_on_there_is_a_percentage_and_a_kappa(shop: Shop, enter: Enter, judged: Judged) -> None:
    for n in range(20):
        look(enter, judged(intent="greet"), view="greet" if n < 18 else "deny")
    look(enter, judged(intent="deny"), view="deny")
    with shop.database.reading() as connection:
        greet = agreement.per_intent(connection)[0]
    assert greet.share == pytest.approx(0.9)
    assert greet.blind == 20
    assert greet.kappa == pytest.approx(agreement.kappa(18, 2, 0, 1))
    page = enter("eva").get(f"{HERE}/overeenstemming").text
    assert "90%" in page
    assert "0,46" in page
