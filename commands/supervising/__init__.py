"""What ``kalm run`` becomes once all is checked and trained: it starts the servers, and lets a new release
take over from the old one while visitors are answered.

It stays in memory as long as Kalm runs, so nothing here loads Rasa, spaCy or the database.
"""
