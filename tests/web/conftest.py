"""A site over a queue of a few traces, and people of every role to visit it."""

import re
from types import SimpleNamespace

import msgspec
import pytest
from fastapi.testclient import TestClient

from traceeval.model import trace_hash
from traceeval.review import Store, Unit, enqueue, schema
from traceeval.review.pairs import pair
from traceeval.review.people import add_person, find_person, grant
from traceeval.review.settings import create_queue
from traceeval.testing import call, model, rerank, retrieval, trace, user
from traceeval.web import Settings, make_app, sessions, tokens
from traceeval.web.roles import SCOPES, Role

HOST = "127.0.0.1:8080"
ORIGIN = f"http://{HOST}"
COOKIE = "te_session_8080"
CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
SAME = {"sec-fetch-site": "same-origin", "origin": ORIGIN}


class Visitor:
    """A browser of one person: it sends its cookie, its origin, and the token of the form it saw last."""

    def __init__(self, app, store, handle=None):
        self.store, self.handle, self.csrf = store, handle, ""
        self.http = TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=True)
        if handle is not None:
            person = find_person(store, handle=handle)
            name, session = sessions.begin(store, person.id, 1800, 43200)
            self.csrf = session.csrf
            self.http.cookies.set(COOKIE, name)

    def get(self, path, **more):
        return self.http.get(path, **more)

    def post(self, path, data=None, **more):
        return self.http.post(path, data={"csrf": self.csrf, **(data or {})}, headers={**SAME, **more})

    def hidden(self, path):
        """The hidden fields of a work page, as a browser would send them back."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.get(path).text)
        return dict(reversed(found))


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """A migrated file with nothing in it: copied, not made anew, for every test."""
    path = tmp_path_factory.mktemp("blank") / "review.db"
    Store(f"sqlite:///{path}").close()
    return path.read_bytes()


@pytest.fixture
def store(tmp_path, blank, clock):
    (tmp_path / "review.db").write_bytes(blank)
    made = Store(f"sqlite:///{tmp_path / 'review.db'}", clock=clock)
    yield made
    made.close()


@pytest.fixture
def app(store):
    return make_app(store, Settings(hosts=(HOST,), port=8080))


@pytest.fixture
def person(store):
    def make(handle, *roles, project="*"):
        add_person(store, handle, "system")
        for role in roles:
            grant(store, handle, project, role, "system")
        return find_person(store, handle=handle)

    return make


@pytest.fixture
def visit(app, store, person):
    def come(handle=None, *roles, project="*"):
        if handle is not None and roles:
            person(handle, *roles, project=project)
        return Visitor(app, store, handle)

    return come


@pytest.fixture
def token(store, person):
    def make(handle, *roles, scopes=SCOPES, project="*"):
        found = person(handle, *roles, project=project)
        secret = tokens.issue(store, found.id, handle, name="test", scopes=scopes)
        return {"authorization": f"Bearer {secret}"}

    return make


@pytest.fixture
def round_and_alarm(store, filled, person):
    """What a route may name beside items and slots must be there, or nobody is told whether they may."""
    someone = person("kim").id

    def add(connection):
        common = {"queue_id": 1}
        round_ = {
            "rubric_id": 1,
            "n": 1,
            "target": 0.6,
            "state": "open",
            "alpha": {},
            "opened_by": someone,
            "opened_at": 0.0,
        }
        alarm = {
            "reviewer_id": someone,
            "signal": "gold",
            "value": 4.0,
            "threshold": 3.5,
            "detail": {"text": "x"},
            "at": 0.0,
        }
        connection.execute(schema.calibration_round.insert().values(**common, **round_))
        connection.execute(schema.alarm.insert().values(**common, **alarm))

    store.transact(add)


@pytest.fixture
def everybody(visit):
    return {role.value: visit(f"{role.value}-1", role.value) for role in Role}


def verdict(*marks, **more):
    """The fields of a whole verdict."""
    given = {f"mark.{name}": str(mark) for name, mark in zip(CRITERIA, marks or (5, 5, 5, 5, 5), strict=True)}
    return {**given, "rationale": "because the trace shows it plainly", **more}


def sample(number=1, answer=None):
    said = answer or f"answer {number}"
    return trace(
        user(f"question {number}"),
        retrieval(("d1", "refunds take a week"), ("d2", "no refunds"), query=f"query {number}"),
        rerank(("d1", "d2"), ("d2", "d1")),
        call("refund", {"order": number}, result="done"),
        model(said),
        id=f"t{number}",
        question=f"question {number}",
        answer=said,
    )


def unit(number=1, made=None, **fields):
    made = made or sample(number)
    values = {
        "trace": made.id, "sha256": trace_hash(made), "level": 0.9 - number / 10_000, "floor": 5, "pi": 1.0, "u": 0.0, "k": 2,
        "safety": False, "reasons": (("defects", "SECRET-REASON"),), "payload": msgspec.json.encode(made),
    }  # fmt: skip
    return Unit(**{**values, **fields})


def fill(store, *units, queue="default", seed="quiet"):
    return enqueue(store, units, queue=queue, frame_sha256="a" * 64, frame_size=len(units), seed=seed, plan={})


@pytest.fixture
def kit():
    return SimpleNamespace(verdict=verdict, sample=sample, unit=unit, fill=fill, SAME=SAME, HOST=HOST, ORIGIN=ORIGIN)


@pytest.fixture
def filled(store):
    """Three traces, two people each."""
    fill(store, *(unit(number) for number in (1, 2, 3)))


@pytest.fixture
def pairs(store, person):
    """A queue of one pair, of the given mode."""

    def make(mode):
        person("lena", "lead")
        create_queue(store, mode, "lena", mode=mode, k=2)
        made = [
            sample(1, answer="The LEFT-OR-RIGHT-ONE answer"),
            sample(1, answer="The LEFT-OR-RIGHT-TWO answer"),
        ]
        both = pair(*((trace_hash(one), msgspec.json.encode(one)) for one in made))
        unit = Unit(
            trace="t1", sha256=both.sha256, level=0.0, floor=0, pi=1.0, u=0.0, k=2, safety=False,
            reasons=(("pair", "SECRET-REASON"),), payload=both.first, second=both.second,
        )  # fmt: skip
        enqueue(store, [unit], queue=mode, frame_sha256="b" * 64, frame_size=1, seed="quiet", plan={})
        return mode

    return make
