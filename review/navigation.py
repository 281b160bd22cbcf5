"""The menu: address behind ``/review``, title, and from which role on it is shown; in the order of a day."""

from review.states import Role

NAVIGATION = (
    ("/postvak", "Postvak", Role.REVIEWER),
    ("/tweede-blik", "Tweede blik", Role.EDITOR),
    ("/tegenstrijdig", "Tegenstrijdig", Role.EDITOR),
    ("/zonder-antwoord", "Zonder antwoord", Role.REVIEWER),
    ("/artikelen", "Artikelen", Role.REVIEWER),
    ("/training", "Training", Role.EDITOR),
    ("/doorgegeven", "Doorgegeven", Role.REVIEWER),
    ("/overzicht", "Overzicht", Role.REVIEWER),
    ("/team", "Team", Role.ADMINISTRATOR),
    ("/logboek", "Logboek", Role.ADMINISTRATOR),
)
