from __future__ import annotations

from kalm.privacy.pseudonyms import Pseudonyms
from storage import consents
from storage.consents import Consent
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import BY_VISITOR, erase


def test_a_consent_is_kept_taken_back_given_again_and_goes_with_its_conversation(database: Database) -> None:
    id_ = Conversations(database, Pseudonyms([bytes(32)])).find_or_start("whatsapp", "31600000001")
    with database.writing() as connection:
        assert consents.consent_of(connection, id_) is None
        consents.stop(connection, id_, 1.0)
        assert consents.consent_of(connection, id_) == Consent("", 1.0)
        consents.agree(connection, id_, "one", 2.0)
        assert consents.consent_of(connection, id_) == Consent("one")
        consents.stop(connection, id_, 3.0)
        assert consents.consent_of(connection, id_) == Consent("one", 3.0)
        consents.agree(connection, id_, "two", 4.0)
        assert consents.consent_of(connection, id_) == Consent("two")
        erase(connection, id_, BY_VISITOR)
        assert consents.consent_of(connection, id_) is None
