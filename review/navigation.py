"""The menu: address behind ``/review``, title, and from which role on it is shown."""

from review.states import Role

NAVIGATION = (
    ("/postvak", "Postvak", Role.REVIEWER),
    ("/doorgegeven", "Doorgegeven", Role.REVIEWER),
    ("/overzicht", "Overzicht", Role.REVIEWER),
    ("/tweede-blik", "Tweede blik", Role.EDITOR),
    ("/tegenstrijdig", "Tegenstrijdig", Role.EDITOR),
    ("/zonder-antwoord", "Zonder antwoord", Role.REVIEWER),
    ("/artikelen", "Artikelen", Role.REVIEWER),
    ("/concepten", "Concepten", Role.REVIEWER),
    ("/training", "Training", Role.EDITOR),
    ("/team", "Team", Role.ADMINISTRATOR),
    ("/logboek", "Logboek", Role.ADMINISTRATOR),
)
