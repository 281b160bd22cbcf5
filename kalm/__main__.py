"""``python -m kalm``: only the door to the commands."""

from commands.cli import app

if __name__ == "__main__":
    app()
