"""The ways in: thin, each turns its wire format into a message for Rasa and a reply into its own form."""
