"""The web app: the start page, the articles, and later the widget and the review screens."""

from web.application import create_app

app = create_app()
