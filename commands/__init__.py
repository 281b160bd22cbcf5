"""The command line: ``python -m kalm ...``. One module per command; it may use every room."""
