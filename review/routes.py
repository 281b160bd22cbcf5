"""Every address of the screens, and who may go there. A test tries each with each role."""

from __future__ import annotations

from review.access import login_pages
from review.articles import approval_pages, editor_pages, list_pages
from review.audit import pages as audit
from review.conflicts import pages as conflicts
from review.conflicts import solving
from review.guests import pages as guest
from review.guests import team_pages as guests
from review.handed_over import pages as handed_over
from review.handed_over.changes import STEPS
from review.inbox import pages as inbox
from review.judging import pages as judging
from review.judging import proposals, together, undo_pages
from review.live import pages as live
from review.overview import first
from review.overview import pages as overview
from review.requests import Screen
from review.second_look import pages as second_look
from review.second_look import together as second_look_together
from review.states import Role
from review.team import pages as team
from review.training import comparison_pages
from review.training import pages as training
from review.unanswered import pages as unanswered

REVIEWER, EDITOR, ADMINISTRATOR = Role


SCREENS = (
    Screen("/inloggen", login_pages.show_login, None),
    Screen("/inloggen", login_pages.log_in, None, "POST"),
    Screen("/uitloggen", login_pages.log_out, REVIEWER, "POST"),
    Screen("/wachtwoord", login_pages.show_password, REVIEWER),
    Screen("/wachtwoord", login_pages.change_password, REVIEWER, "POST"),
    Screen("/", first.show, REVIEWER),
    Screen("/overzicht", overview.show, REVIEWER),
    Screen("/overzicht/{table}.csv", overview.export, REVIEWER, "POST"),
    Screen("/doorgegeven", handed_over.show_list, REVIEWER),
    Screen("/doorgegeven/{handover_id:row}", handed_over.show_one, REVIEWER),
    *(
        Screen(f"/doorgegeven/{{handover_id:row}}/{step}", handed_over.step(step), REVIEWER, "POST")
        for step in STEPS
    ),
    Screen("/doorgegeven/{handover_id:row}/notitie", handed_over.note, REVIEWER, "POST"),
    Screen("/postvak", inbox.show_list, REVIEWER),
    Screen("/postvak/volgende", inbox.show_next, REVIEWER),
    Screen("/postvak/vorige", inbox.show_previous, REVIEWER),
    Screen("/postvak/gedaan", undo_pages.show, REVIEWER),
    Screen("/postvak/voorstellen", proposals.show, REVIEWER),
    Screen("/postvak/ongedaan", undo_pages.take_back, REVIEWER, "POST"),
    Screen("/postvak/samen", together.preview, REVIEWER, "POST"),
    Screen("/postvak/samen/bewaar", together.do, REVIEWER, "POST"),
    Screen("/postvak/{message_id:row}", judging.open_message, REVIEWER),
    Screen("/postvak/{message_id:row}", judging.save, REVIEWER, "POST"),
    Screen("/postvak/{message_id:row}/slot", judging.renew, REVIEWER, "POST", by_itself=True),
    Screen("/postvak/{message_id:row}/los", judging.release, REVIEWER, "POST"),
    Screen("/tweede-blik", second_look.show, EDITOR),
    Screen("/tweede-blik/samen", second_look_together.show, EDITOR),
    Screen("/tweede-blik/samen", second_look_together.approve, EDITOR, "POST"),
    Screen("/tweede-blik/overeenstemming", second_look.show_agreement, EDITOR),
    Screen("/tweede-blik/ongedaan", second_look.undo, EDITOR, "POST"),
    Screen("/tweede-blik/{message:row}/mening", second_look.give_view, EDITOR, "POST"),
    Screen("/tweede-blik/{message:row}/goed", second_look.approve, EDITOR, "POST"),
    Screen("/tweede-blik/{message:row}/terug", second_look.send_back, EDITOR, "POST"),
    Screen("/tegenstrijdig", conflicts.show, EDITOR),
    Screen("/tegenstrijdig/besluit", solving.decide, EDITOR, "POST"),
    Screen("/tegenstrijdig/besloten", conflicts.show_decided, EDITOR),
    Screen("/tegenstrijdig/besloten/{edit:row}/terug", solving.undo, EDITOR, "POST"),
    Screen("/tegenstrijdig/kijken", conflicts.look_again, EDITOR, "POST"),
    Screen("/tegenstrijdig/voortgang", conflicts.show_progress, EDITOR, by_itself=True),
    Screen("/zonder-antwoord", unanswered.show_list, REVIEWER),
    Screen("/zonder-antwoord/kijken", unanswered.look_again, REVIEWER, "POST"),
    Screen("/zonder-antwoord/voortgang", unanswered.show_progress, REVIEWER, by_itself=True),
    Screen("/zonder-antwoord/{cluster:row}", unanswered.show_one, REVIEWER),
    Screen("/zonder-antwoord/{cluster:row}/weg", unanswered.dismiss, REVIEWER, "POST"),
    Screen("/zonder-antwoord/{cluster:row}/staat-er", unanswered.say_where, REVIEWER, "POST"),
    Screen("/zonder-antwoord/{cluster:row}/terug", unanswered.take_back, REVIEWER, "POST"),
    Screen("/zonder-antwoord/{cluster:row}/artikel", unanswered.make_article, EDITOR, "POST"),
    Screen("/artikelen", list_pages.show_list, REVIEWER),
    Screen("/artikelen/nieuw", editor_pages.show_new_article, EDITOR),
    Screen("/artikelen/{slug}/nieuw", editor_pages.show_new_section, EDITOR),
    Screen("/artikelen/{slug}/{section}", editor_pages.show_section, EDITOR),
    Screen("/concepten", list_pages.show_drafts, REVIEWER),
    Screen("/concepten", editor_pages.save, EDITOR, "POST"),
    Screen("/concepten/controle", editor_pages.look, EDITOR, "POST"),
    Screen("/concepten/{id}", approval_pages.show, EDITOR),
    Screen("/concepten/{id}/goedkeuren", approval_pages.approve, EDITOR, "POST"),
    Screen("/concepten/{id}/terug", approval_pages.take_back, EDITOR, "POST"),
    Screen("/concepten/{id}/weg", approval_pages.throw_away, EDITOR, "POST"),
    Screen("/concepten/{id}/terughalen", approval_pages.restore, EDITOR, "POST"),
    Screen("/training", training.show, EDITOR),
    Screen("/training", training.start, EDITOR, "POST"),
    Screen("/training/voortgang", training.show_progress, EDITOR, by_itself=True),
    Screen("/training/{id}", comparison_pages.show, EDITOR),
    Screen("/training/{id}/stop", training.stop, EDITOR, "POST"),
    Screen("/training/{id}/weg", training.throw_away, EDITOR, "POST"),
    Screen("/training/{id}/live", live.show, EDITOR),
    Screen("/training/{id}/live", live.put_live, EDITOR, "POST"),
    Screen("/training/{id}/terug", live.go_back, EDITOR, "POST"),
    Screen("/training/{id}/gasten", guests.show, EDITOR),
    Screen("/training/{id}/gasten", guests.make, EDITOR, "POST"),
    Screen("/training/{id}/gasten/{link}/sluit", guests.end, EDITOR, "POST"),
    Screen("/gast/{token}", guest.show, None, is_secret=True),
    Screen("/gast/{token}", guest.ask, None, "POST", is_secret=True),
    Screen("/gast/{token}/antwoord/{mark:row}", guest.show_reply, None, is_secret=True),
    Screen("/gast/{token}/oordeel/{mark:row}", guest.judge, None, "POST", is_secret=True),
    Screen("/team", team.show, ADMINISTRATOR),
    Screen("/team", team.add, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/rol", team.change_role, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/wachtwoord", team.reset_password, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/sluiten", team.close, ADMINISTRATOR, "POST"),
    Screen("/team/{name}/openen", team.open_again, ADMINISTRATOR, "POST"),
    Screen("/logboek", audit.show, ADMINISTRATOR),
)
