"""The menu: address behind ``/review``, title, and from which role on it is shown."""

from review.states import Role

NAVIGATION = (
    ("/team", "Team", Role.ADMINISTRATOR),
    ("/logboek", "Logboek", Role.ADMINISTRATOR),
)
