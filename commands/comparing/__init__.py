"""Train a candidate in a working copy, measure it and the live model, and keep how they compare."""
