"""Custom actions: thin. Each reads the tracker, asks ``kalm`` for a reply and hands it to the dispatcher.

Rasa's action server registers every :class:`rasa_sdk.Action` in this package's modules.
"""
