"""Training: approved work as a diff, a candidate model made of it, and its comparison with the live one."""
