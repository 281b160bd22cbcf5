"""``python -m benchmarks.side_by_side.kalm_bot bot …``: Kalm's bot server without the limit per sender.

It is ``commands.serve`` but for that one number: 400 messages of one visitor in a few seconds would otherwise
be refused, and refusals are quick.
"""

from __future__ import annotations

from channels import limits

limits.PER_SENDER = 10**9  # before channels.rest reads it

from commands import serve  # noqa: E402

if __name__ == "__main__":
    serve.main()
