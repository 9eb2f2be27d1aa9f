"""A whole review over HTTP in a network without internet: ``unshare -rn python _offline.py FILE [planted]`` prints what happened as JSON.

The server runs in this process, so that one hook hears whatever it asks of the network. ``planted``: somebody calls out.
"""

import json
import re
import socket
import sys
import threading
import time

import httpx
import msgspec
import uvicorn

from traceeval.model import trace_hash
from traceeval.replay._netns import _loopback_up
from traceeval.review import Store, Unit, enqueue, verify
from traceeval.review.people import add_person, grant
from traceeval.web import Settings, demo, make_app
from traceeval.web.accounts import Accounts

PASSWORD, PORT = "a sentence that is long", 8399
HOST = f"127.0.0.1:{PORT}"
ASKED = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
HOME = ("127.0.0.1", "::1", "localhost")


def listen(outside):
    """Write down who is asked that is not this machine."""

    def heard(event, arguments):
        if event in ASKED:
            address = arguments[ASKED[event]]
            host = address[0] if isinstance(address, tuple) else address
            if isinstance(host, (str, bytes)) and host not in HOME and host != b"127.0.0.1":
                outside.append(f"{event} {host}")

    sys.addaudithook(heard)


def fill(store):
    """One trace, and somebody with a password to judge it."""
    add_person(store, "ana", "system")
    grant(store, "ana", "*", "reviewer", "system")
    Accounts(store).set_password("ana", PASSWORD)
    made = demo.traces()[0]
    values = {"level": 0.9, "floor": 5, "pi": 1.0, "u": 0.0, "k": 1, "safety": False, "reasons": ()}
    unit = Unit(trace=made.id, sha256=trace_hash(made), payload=msgspec.json.encode(made), **values)
    enqueue(store, [unit], queue="default", frame_sha256="a" * 64, frame_size=1, seed="quiet", plan={})


def serve(store):
    config = uvicorn.Config(make_app(store, Settings(hosts=(HOST,), port=PORT)), port=PORT, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    return server, thread


def hidden(page):
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return dict(reversed(found))


def session(http):
    """Sign in, take a trace, load all its page asks for, and judge it: (addresses the page loads, last status)."""
    door = http.get("/auth/login").text
    http.post("/auth/login", data={**hidden(door), "handle": "ana", "password": PASSWORD, "next": "/review"})
    desk = http.get("/review").text
    where = http.post("/review/default/claim", data=hidden(desk)).headers["location"]
    page = http.get(where).text
    loads = re.findall(r'(?:<link[^>]*href|<script[^>]*src|<img[^>]*src)="([^"]+)"', page)
    for one in loads:
        http.get(one).raise_for_status()
    names = set(re.findall(r'name="(mark\.\w+)"', page))
    said = {**dict.fromkeys(names, "5"), "rationale": "because the trace shows it plainly"}
    done = http.post(f"{where}/submit", data={**hidden(page), **said})
    return loads, done.status_code


def main(path, *planted):
    if why := _loopback_up():
        sys.exit(why)
    outside = []
    store = Store(f"sqlite:///{path}")
    fill(store)
    listen(outside)
    server, thread = serve(store)
    if planted:
        with socket.socket() as one:
            one.connect_ex(("192.0.2.1", 80))
    with httpx.Client(
        base_url=f"http://{HOST}", headers={"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    ) as http:
        loads, status = session(http)
    server.should_exit = True
    thread.join()
    found = {"outside": outside, "loads": loads, "status": status, "problem": verify(store).problem}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
