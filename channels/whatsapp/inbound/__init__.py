"""What Meta posts: whether it is Meta, what it says, and storing it."""
