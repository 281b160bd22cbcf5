"""Guest links: a colleague without an account tries a candidate model and says which replies are good."""
