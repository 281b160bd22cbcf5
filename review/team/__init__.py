"""The page on which an administrator lets members in, and out."""
