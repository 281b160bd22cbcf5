"""Who did what, and when; only ever added to."""
