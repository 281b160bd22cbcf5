"""A stand-in for ``kalm trial``: speaks its lines, and does what a question tells it to.

Args: a file in which it notes that it was started, and its number; the id of the candidate.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

started, candidate = Path(sys.argv[1]), sys.argv[2]
with started.open("a", encoding="utf-8") as file:
    file.write(f"{candidate} {os.getpid()}\n")
starts = len(started.read_text(encoding="utf-8").splitlines())

if candidate == "dead00000000":
    sys.exit(1)
if candidate == "51ee90000000":
    time.sleep(600)
print(json.dumps({"ready": True}), flush=True)

asked: Counter[str] = Counter()
for line in sys.stdin:
    question = json.loads(line)
    text, session = question["text"], question["session"]
    asked[session] += 1
    print(text, file=sys.stderr, flush=True)
    if text == "sterf" or (text == "sterf een keer" and starts == 1):
        sys.exit(3)
    if text == "hang":
        time.sleep(600)
    said: dict[str, Any] = {"replies": [{"text": f"{candidate} zegt {asked[session]}: {text}"}]}
    if text == "rommel":
        print("dit is geen JSON", flush=True)
    elif text == "eindeloos":
        os.write(1, b"x" * 1024 * 1024)
    elif text.startswith("lijn "):
        print(text[5:], flush=True)
    elif text == "fout":
        print(json.dumps({"error": "ValueError"}), flush=True)
    elif text == "antwoord":
        passage = {
            "text": "Rust helpt.",
            "article": "Rust",
            "section": "Slapen",
            "url": "https://a.example/x",
        }
        custom = {"kind": "answer", "message": "", "passages": [passage], "suggestions": []}
        custom |= {"disclaimer": "Ik ben een chatbot, geen arts.", "notice": "Wij verkopen magnesium."}
        print(json.dumps({"replies": [{"custom": custom}]}), flush=True)
    else:
        print(json.dumps(said), flush=True)
