"""Every address of the screens, and who may go there. A test tries each with each role."""

from __future__ import annotations

from starlette.responses import Response

from review.access import login_pages
from review.audit import pages as audit
from review.requests import ReviewRequest, Screen
from review.states import Role
from review.team import pages as team

REVIEWER, EDITOR, ADMINISTRATOR = Role


def show_first(asked: ReviewRequest) -> Response:
    """The first screen of a working day."""
    return asked.render("first.html")


SCREENS = (
    Screen("/inloggen", login_pages.show_login, None),
    Screen("/inloggen", login_pages.log_in, None, "POST"),
    Screen("/uitloggen", login_pages.log_out, REVIEWER, "POST"),
    Screen("/wachtwoord", login_pages.show_password, REVIEWER),
    Screen("/wachtwoord", login_pages.change_password, REVIEWER, "POST"),
    Screen("/", show_first, REVIEWER),
    Screen("/team", team.show, ADMINISTRATOR),
    Screen("/team", team.add, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/rol", team.change_role, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/wachtwoord", team.reset_password, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/sluiten", team.close, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/openen", team.open_again, ADMINISTRATOR, "POST"),
    Screen("/logboek", audit.show, ADMINISTRATOR),
)
