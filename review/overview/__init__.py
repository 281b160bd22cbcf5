"""What goes on at a glance: the first screen, and the numbers with their plots."""
