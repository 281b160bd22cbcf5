"""What Kalm sends: how it looks, what Meta limits, and what follows when it is not taken."""
