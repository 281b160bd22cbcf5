"""What a reviewer says of a message: what was meant, which words matter, and what should have answered it."""
