from __future__ import annotations

import re
import time
from threading import BoundedSemaphore

import pytest
import sqlalchemy as sa

from review.access import members, passwords, sessions
from review.access.members import GUESSES, LOCKED_FOR, MemberError, NewPassword
from review.requests import LARGEST_FORM, PREFIX, Screen
from review.routes import SCREENS
from review.states import Role
from storage.schema import audit_log, team_members, team_sessions
from tests.review.conftest import PASSWORD, REAL_HASHER, TEAM, Colleague, Enter, Shop


def log_in(browser: Colleague, name: str, password: str = PASSWORD, **fields: str) -> int:
    return browser.post("/inloggen", {"name": name, "password": password, **fields}).status_code


def address(screen: Screen) -> str:
    """The screen's address, about something that may not be there."""
    return re.sub(
        r"\{name\}", "bram", re.sub(r"\{\w+:row\}", "1", re.sub(r"\{(?!name)\w+\}", "x", screen.path))
    )


@pytest.mark.parametrize("who", [None, "bea", "eva", "hans"])
def test_nobody_reaches_a_page_of_a_higher_role(shop: Shop, who: str | None) -> None:
    """Each address with each role; one browser for each, since some log their own session out."""
    wrong = []
    for screen in SCREENS:
        if screen.role is None:
            continue
        browser = shop.browser() if who is None else shop.colleague(who)
        path = address(screen)
        answer = browser.get(path) if screen.method == "GET" else browser.post(path)
        if who is None:
            to_login = answer.headers.get("location") or answer.text
            fits = answer.status_code == (303 if screen.method == "GET" else 401) and "/inloggen" in to_login
        elif TEAM[who][1].includes(screen.role):
            fits = "een andere rol nodig" not in answer.text and answer.status_code < 500
        else:
            fits = answer.status_code == 403 and "een andere rol nodig" in answer.text
        if not fits:
            wrong.append((screen.method, screen.path, answer.status_code))
    assert wrong == []


def test_every_address_but_the_door_asks_for_a_role() -> None:
    open_to_all = {screen.path for screen in SCREENS if screen.role is None}
    with_a_link = {path for path in open_to_all if path.startswith("/gast/{token}")}
    assert open_to_all - with_a_link == {"/inloggen"}
    assert with_a_link == {
        "/gast/{token}",
        "/gast/{token}/antwoord/{mark:row}",
        "/gast/{token}/oordeel/{mark:row}",
    }
    assert {screen.path for screen in SCREENS if screen.is_secret} == with_a_link


def test_somebody_logs_in_and_comes_where_they_wanted_to_be(shop: Shop) -> None:
    browser = shop.browser()
    to_login = browser.get("/team?x=1").headers["location"]
    assert to_login == "/review/inloggen?naar=/review/team%3Fx%3D1"
    answer = browser.post("/inloggen", {"name": "Hans ", "password": PASSWORD, "naar": "/review/team?x=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/team?x=1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/review" in cookie
    assert browser.get("/team").status_code == 200


def test_whoever_is_not_logged_in_any_more_stays_with_what_was_typed(shop: Shop) -> None:
    bea = shop.colleague("bea")
    bea.client.cookies.clear()
    form = bea.post("/postvak/1", {"opmerking": "lang verhaal"})
    assert form.status_code == 401
    assert "wat je typte staat er nog" in form.text
    assert 'href="/review/inloggen" target="_blank"' in form.text
    part = bea.post("/postvak/1/slot", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Retarget"]) == (286, "#melding")
    assert "<html" not in part.text
    assert 'href="/review/inloggen" target="_blank"' in part.text
    assert "Na het inloggen kom je" in bea.get("/inloggen?naar=/review/postvak/1").text
    assert "Na het inloggen kom je" not in bea.get("/inloggen").text


@pytest.mark.parametrize(
    "onwards", ["https://boef.example/", "//boef.example", "/review//boef.example", "/privacy"]
)
def test_nobody_is_led_elsewhere_after_logging_in(shop: Shop, onwards: str) -> None:
    answer = shop.browser().post("/inloggen", {"name": "bea", "password": PASSWORD, "naar": onwards})
    assert answer.headers["location"] == "/review/"


@pytest.mark.parametrize("name", ["bea", "niemand", "", "<script>alert(1)</script>"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(shop: Shop, name: str) -> None:
    answer = shop.browser().post("/inloggen", {"name": name, "password": "fout"})
    assert answer.status_code == 403
    assert "horen niet bij elkaar" in answer.text
    assert "<script>alert" not in answer.text


def test_after_five_wrong_ones_no_password_is_tried_for_a_quarter_of_an_hour(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = shop.browser()
    for _ in range(GUESSES):
        log_in(browser, "bea", "fout")
    answer = browser.post("/inloggen", {"name": "bea", "password": PASSWORD})
    assert answer.status_code == 403
    assert "15 minuten" in answer.text
    assert log_in(browser, "bram") == 303, "others are not kept out"
    later = time.time() + LOCKED_FOR + 1
    monkeypatch.setattr("review.requests.time.time", lambda: later)
    assert log_in(browser, "bea") == 303


def test_a_right_password_in_between_starts_the_count_anew(shop: Shop) -> None:
    browser = shop.browser()
    for _ in range(2):
        for _ in range(GUESSES - 1):
            log_in(browser, "bea", "fout")
        assert log_in(browser, "bea") == 303


def test_a_session_ends_after_a_day_or_two_idle_hours(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    idle, long = shop.colleague("bea"), shop.colleague("bram")
    start = time.time()

    def at(seconds: float) -> None:
        monkeypatch.setattr("review.requests.time.time", lambda: start + seconds)

    for hour in range(1, 12):
        at(hour * 3600)
        assert long.get("/").status_code == 200
    assert idle.get("/").status_code == 303
    at(sessions.LONGEST + 60)
    assert long.get("/").status_code == 303


def test_a_page_that_was_left_open_keeps_no_session_from_ending(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva, start = shop.colleague("eva"), time.time()
    polled = [screen for screen in SCREENS if screen.by_itself]
    assert {"/postvak/{message_id:row}/slot", "/training/voortgang"} <= {screen.path for screen in polled}
    for minutes in range(10, int(sessions.IDLE / 60), 10):
        monkeypatch.setattr("review.requests.time.time", lambda now=start + minutes * 60: now)
        for screen in polled:
            ask = eva.get if screen.method == "GET" else eva.post
            assert "inloggen" not in ask(address(screen)).headers.get("location", "")
    monkeypatch.setattr("review.requests.time.time", lambda: start + sessions.IDLE + 1)
    assert "/inloggen" in eva.get("/").headers["location"]


def test_logging_out_ends_the_session_and_not_that_of_another_browser(shop: Shop) -> None:
    one, other = shop.colleague("bea"), shop.colleague("bea")
    token = one.client.cookies["kalm_team"]
    assert one.post("/uitloggen").status_code == 303
    one.client.cookies.set("kalm_team", token, path=PREFIX)
    assert one.get("/").status_code == 303
    assert other.get("/").status_code == 200


def test_the_database_has_no_token_and_no_password(shop: Shop, enter: Enter) -> None:
    token = enter("bea").client.cookies["kalm_team"]
    with shop.database.reading() as connection:
        rows = [*connection.execute(team_sessions.select()), *connection.execute(team_members.select())]
    kept = str([tuple(row) for row in rows])
    assert token not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept


def test_a_first_password_must_be_replaced_before_anything_else(shop: Shop) -> None:
    first = NewPassword.of("een-eerste-wachtwoord", "nieuw")
    with shop.database.writing() as connection:
        members.add(connection, "nieuw", "Nienke Nieuw", Role.REVIEWER, first, time.time())
    browser = shop.browser()
    log_in(browser, "nieuw", "een-eerste-wachtwoord")
    assert browser.get("/").headers["location"] == "/review/wachtwoord"
    page = browser.get("/wachtwoord").text
    assert "kwam van iemand anders" in page
    browser.csrf_token = page.split('name="csrf_token" value="')[1].split('"')[0]
    wrong = browser.post("/wachtwoord", {"old": "een-eerste-wachtwoord", "new": "kort", "again": "kort"})
    assert (wrong.status_code, "minstens 12 tekens" in wrong.text) == (422, True)
    done = browser.post(
        "/wachtwoord",
        {"old": "een-eerste-wachtwoord", "new": "vier losse woorden", "again": "vier losse woorden"},
    )
    assert done.headers["location"] == "/review/inloggen"
    assert log_in(browser, "nieuw", "vier losse woorden") == 303
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("password", ["kort", "a" * 257, "aaaaaaaaaaaaaaaa", "nieuwnieuwnieuw"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(MemberError):
        NewPassword.of(password, "nieuw")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://boef.example"}])
def test_a_form_of_another_site_is_refused(shop: Shop, headers: dict[str, str]) -> None:
    assert shop.colleague("hans").post("/uitloggen", headers=headers).status_code == 403
    browser = shop.browser()
    assert (
        browser.post("/inloggen", {"name": "bea", "password": PASSWORD}, headers=headers).status_code == 403
    )


@pytest.mark.parametrize("token", ["", "fout", "é"])
def test_a_form_without_the_token_of_the_session_is_refused(shop: Shop, token: str) -> None:
    hans = shop.colleague("hans")
    answer = hans.post("/team/bea/sluiten", {"csrf_token": token})
    assert answer.status_code == 403
    assert "verlopen" in answer.text
    with shop.database.reading() as connection:
        bea = members.by_name(connection, "bea")
    assert bea is not None
    assert bea.disabled_at is None


def test_a_form_that_is_too_large_or_no_form_is_refused(shop: Shop) -> None:
    hans = shop.colleague("hans")
    assert hans.post("/team", {"name": "x" * (LARGEST_FORM + 1)}).status_code == 413
    assert hans.client.post(f"{PREFIX}/team", content=b"\xff\xfe=1").status_code == 400


def test_every_page_carries_the_headers_that_keep_it_safe(shop: Shop) -> None:
    for answer in (
        shop.browser().get("/inloggen"),
        shop.colleague("bea").get("/"),
        shop.colleague("bea").get("/team"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"


def test_the_administrator_lets_somebody_in_and_out(shop: Shop) -> None:
    hans = shop.colleague("hans")
    page = hans.post("/team", {"name": "Nieuw", "full_name": "Nienke Nieuw", "role": "beoordelaar"}).text
    password = page.split("<code>")[1].split("</code>")[0]
    browser = shop.browser()
    assert log_in(browser, "nieuw", password) == 303
    assert hans.post("/team/nieuw/sluiten").status_code == 303
    assert browser.get("/").status_code == 303
    assert log_in(browser, "nieuw", password) == 403
    hans.post("/team/nieuw/openen")
    assert log_in(browser, "nieuw", password) == 303
    page = hans.post("/team/nieuw/wachtwoord").text
    assert log_in(browser, "nieuw", password) == 403
    assert log_in(browser, "nieuw", page.split("<code>")[1].split("</code>")[0]) == 303
    assert "bestaat al" in hans.post("/team", {"name": "bea", "full_name": "Bea", "role": "beoordelaar"}).text


def test_an_administrator_is_always_left(shop: Shop) -> None:
    hans = shop.colleague("hans")
    for path, form in (("/team/hans/sluiten", {}), ("/team/hans/rol", {"role": "beoordelaar"})):
        answer = hans.post(path, form)
        assert (answer.status_code, "minstens één beheerder" in answer.text) == (422, True)


def test_what_was_done_is_in_the_log_without_a_way_to_change_it(shop: Shop) -> None:
    hans = shop.colleague("hans")
    log_in(shop.browser(), "bea", "fout")
    hans.post("/team/bea/rol", {"role": "eindredacteur"})
    page = hans.get("/logboek").text
    assert "gaf iemand een andere rol" in page
    assert "kon niet inloggen" in page
    assert "eerst: beoordelaar, daarna: eindredacteur" in page
    assert all(screen.method == "GET" for screen in SCREENS if screen.path.startswith("/logboek"))
    with shop.database.reading() as connection:
        actions = list(connection.scalars(sa.select(audit_log.c.action).order_by(audit_log.c.id)))
    assert actions == ["login.refused", "member.role"]


def test_without_a_database_there_is_a_page_that_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    bea = shop.colleague("bea")

    def gone() -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(shop.database, "reading", gone)
    answer = bea.get("/")
    assert answer.status_code == 503
    assert "database is even niet bereikbaar" in answer.text
    assert "Traceback" not in answer.text


def test_what_breaks_is_told_in_dutch_and_logged_without_words(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr("review.application.logs.failure", lambda *args: told.append(args[0]))
    monkeypatch.setattr("review.audit.pages.audit_log", None)
    answer = shop.colleague("hans").get("/logboek")
    assert (answer.status_code, "Er ging iets mis" in answer.text) == (500, True)
    assert told == ["a review screen failed"]
    assert answer.headers["cache-control"] == "no-store"


def test_whoever_tries_names_leaves_none_of_them_behind_and_one_line_a_minute(shop: Shop) -> None:
    """What is typed as a name may well be a password."""
    browser = shop.browser()
    for name in ("mijn-geheime-wachtwoord", "iemand-anders"):
        assert log_in(browser, name, "fout") == 403
    with shop.database.reading() as connection:
        lines = connection.execute(audit_log.select()).all()
    assert [(line.member, line.action) for line in lines] == [("?", "login.refused")]
    assert "iemand zonder toegang" in shop.colleague("hans").get("/logboek").text


def test_when_too_many_log_in_at_once_the_next_is_told_to_wait(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_IN_LINE", BoundedSemaphore(1))
    with passwords._IN_LINE:
        answer = shop.browser().post("/inloggen", {"name": "bea", "password": PASSWORD})
    assert answer.status_code == 503
    assert "te veel mensen tegelijk" in answer.text
    assert log_in(shop.browser(), "bea") == 303, "it counts as no wrong password, and the line is free again"


def test_a_password_is_made_while_others_can_write(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes long on purpose, and SQLite lets one write at a time: visitors would wait for it."""
    made: list[str] = []
    hash_of = passwords.hash_of

    def and_write(password: str) -> str:
        with shop.database.writing() as connection:
            connection.execute(team_sessions.delete().where(team_sessions.c.token_hash == "niemand"))
        made.append(password)
        return hash_of(password)

    monkeypatch.setattr(passwords, "hash_of", and_write)
    hans = shop.colleague("hans")
    assert hans.post("/team", {"name": "nieuw", "full_name": "N", "role": "beoordelaar"}).status_code == 200
    assert hans.post("/team/bea/wachtwoord").status_code == 200
    form = {"old": PASSWORD, "new": "vier losse woorden", "again": "vier losse woorden"}
    assert shop.colleague("bram").post("/wachtwoord", form).status_code == 303
    assert len(made) == 3


def test_passwords_are_kept_as_rfc_9106_advises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)
    kept = NewPassword.of("vier losse woorden", "bea").hash
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.is_right("vier losse woorden", kept)
    assert not passwords.is_right("vier losse woorden!", kept)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_an_address_to_go_on_to_puts_nothing_in_a_header(shop: Shop, headers: dict[str, str]) -> None:
    form = {"name": "bea", "password": PASSWORD, "naar": "/review/\nX-Boef: ja é"}
    answer = shop.browser().post("/inloggen", form, headers=headers)
    led_to = answer.headers.get("location") or answer.headers["hx-redirect"]
    assert led_to == "/review/%0AX-Boef:%20ja%20%C3%A9"
    assert "x-boef" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/postvak?bedoeling=%00", "/tweede-blik/samen?bedoeling=%00", "/logboek?wie=%00"]
)
def test_a_nul_in_an_address_is_left_out(shop: Shop, path: str) -> None:
    assert shop.colleague("hans").get(path).status_code == 200
    assert shop.colleague("hans").post("/team/be%00a/sluiten").status_code == 404
