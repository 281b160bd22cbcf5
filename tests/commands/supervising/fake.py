"""Servers that start at once and behave as the file of their model says, for the tests of the supervisor."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import FrameType
from typing import Any


def main() -> None:
    what, *rest = sys.argv[1:]
    {"bot": bot, "actions": stay, "web": stay, "announce": announce, "export": export}[what](*rest)


def behaviour(model: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(model).read_text())
    return found


def stay(index: str = "") -> None:
    """Run until told to stop."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    print(f"serving {Path(index).name}", flush=True)
    while True:
        time.sleep(60)


def bot(model: str, listen: str, tell: str = "") -> None:
    chosen = behaviour(model)
    if chosen.get("ignores_sigterm"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    supervisor = socket.socket(fileno=int(tell)) if tell else None
    time.sleep(chosen.get("starts_after", 0))
    while "starts_with" in chosen and not Path(chosen["starts_with"]).exists():
        time.sleep(0.05)
    if chosen.get("dies") == "starting":
        os._exit(3)
    if supervisor is not None:
        supervisor.sendall(f"{chosen.get('says', 'answered')}\n".encode())
        if "says" in chosen:
            sys.exit(1)
        if not supervisor.recv(64):
            sys.exit(1)
        if chosen.get("dies") == "opening":
            os._exit(3)
    if chosen.get("has_worker") and os.fork() == 0:
        stay()
    serve(model, int(listen), chosen, supervisor)


def serve(model: str, listen: int, chosen: dict[str, Any], supervisor: socket.socket | None) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(chosen.get("answers_after", 0))
            body = Path(model).name.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = HTTPServer(("", 0), Answer, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=listen)
    server.socket.listen()
    server.socket.setblocking(False)  # another server accepts here too
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.append(number)

    if not chosen.get("ignores_sigterm"):
        signal.signal(signal.SIGTERM, stop)
    if supervisor is not None:
        supervisor.sendall(b"open\n")
    server.timeout = 0.05
    server.handle_error = lambda request, address: None  # type: ignore[method-assign]
    while not stopping:
        server.handle_request()


def announce(seconds: str) -> None:
    """Ready after that."""
    time.sleep(float(seconds))


def export(folder: str, candidate: str, back: str) -> None:
    """Writes down that it was asked; how it ends stands in a file."""
    place = Path(folder)
    how = json.loads((place / "how.json").read_text())
    time.sleep(how.get("takes", 0))
    if how.get("is_killed") == (back or "there"):
        os.kill(os.getpid(), signal.SIGKILL)
    if how.get("fails") in ("always", back or "there"):
        print("Iemand veranderde intussen een bestand.", flush=True)
        sys.exit(how.get("code", 3))
    with (place / "done").open("a") as file:
        file.write(f"{candidate} {back or 'there'}\n")


if __name__ == "__main__":
    main()
