"""Who may come in: members of the team, their passwords and their sessions."""
