"""Questions that no passage answers, those about one thing together."""
