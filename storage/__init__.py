"""What is kept of conversations, in SQLite or PostgreSQL, and how it is forgotten."""
