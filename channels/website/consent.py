"""What a visitor agrees to before anything is sent: the law wants that for words about health.

GDPR art. 9(2)(a) and art. 7; see "Op welke grond" in ``docs/privacy.md``. Without it there is no session, so
no conversation on the website begins without a yes to this text.
"""

from __future__ import annotations

from channels.website.models import Consent
from kalm.said import text_hash
from kalm.sentences import sentences


def consent() -> Consent:
    """What is asked now. A change of the text, or of the days in it, makes it another question."""
    said = sentences()
    return Consent(
        id=text_hash(said.consent),
        text=said.consent,
        agree=said.consent_agree,
        instead=said.consent_instead,
    )
