"""The scripted agent as a server: the answer to ``start`` is a stream of events, every further message a POST."""

import json
import queue
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from _scripted import decide

inbox: queue.Queue = queue.Queue()


def message_of(step) -> dict:
    if isinstance(step, str):
        return {"type": "say", "text": step}
    return {"type": "call", "id": "x", "name": step[0], "args": step[1]}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if message["type"] != "start":
            inbox.put(message)
            self.send_response(204)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("X-Session", "one")
        self.end_headers()
        turn, results = 1, 0
        while True:
            step = decide(turn, results)
            self.wfile.write(f": a comment\ndata: {json.dumps(message_of(step))}\n\n".encode())
            self.wfile.flush()
            heard = inbox.get()
            if heard["type"] == "stop":
                return
            turn, results = (turn + 1, 0) if heard["type"] == "user" else (turn, results + 1)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
