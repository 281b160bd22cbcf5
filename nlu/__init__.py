"""Components of the Rasa pipeline: thin, they call ``kalm``."""
