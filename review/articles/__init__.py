"""The articles: how they do, and the texts that the team writes for them."""
