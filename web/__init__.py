"""The web app: the start page, the articles, the chat element with a shop to try it in.

Later also the review screens.
"""

from kalm.settings import settings
from storage.database import Database
from web.application import create_app

app = create_app(database=Database(settings().database_url))
