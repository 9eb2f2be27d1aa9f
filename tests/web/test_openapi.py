"""The description of the API says every code that is answered, in the form it is answered in."""

import pytest
from sqlalchemy.exc import OperationalError

from traceeval.review.lead import withdraw
from traceeval.web.app import guard_of, routes
from traceeval.web.callers import Needs

NAMED = {"{queue}": "default", "{slot}": "1", "{item}": "1", "{side}": "a", "{round}": "1"}
pytestmark = pytest.mark.usefixtures("round_and_alarm")
FOREIGN, LARGE = {"host": "evil.test"}, {"content-length": str(65 << 20)}
GOOD = {"fence": 1, "rationale": "because the trace shows it plainly", "marks": {}}


@pytest.fixture
def described(visit):
    return visit().get("/api/v1/openapi.json").json()["paths"]


def operations(described):
    return [(path, method, told) for path, methods in described.items() for method, told in methods.items()]


def asked(visitor, path, method, headers=None, body=None):
    for name, value in NAMED.items():
        path = path.replace(name, value)
    if path.endswith(("estimates", "agreement")):
        path += "?queue=default"
    sent = body if body is not None else GOOD
    return visitor.http.request(method.upper(), path, headers=headers or {}, json=sent if method == "post" else None)


def check(answer, told, path):
    code = str(answer.status_code)
    assert code in told["responses"], (path, code, answer.text)
    kinds = told["responses"][code].get("content", {})
    assert answer.headers["content-type"] in kinds, (path, code, kinds)


def test_every_route_of_the_api_is_described(described):
    made = {route.path.replace(":path}", "}") for route in routes() if isinstance(guard_of(route), Needs)}
    assert {path for path in made if path.startswith("/api/v1/")} == set(described)


@pytest.mark.parametrize(
    ("headers", "roles", "code"),
    [
        ({}, (), {401}),
        ({"authorization": "Bearer te_nonsense"}, (), {401}),
        (FOREIGN, (), {400}),
        (LARGE, (), {413}),
        (None, ("admin",), {403, 200}),
        (None, ("reviewer", "adjudicator", "lead"), {403, 404, 422, 409, 200, 202}),
        (None, ("adjudicator",), {403, 404, 422, 409, 200}),
    ],
    ids=str,
)
def test_what_is_answered_is_described(visit, filled, token, described, headers, roles, code):
    visitor = visit()
    sent = headers if headers is not None else token("someone", *roles)
    for path, method, told in operations(described):
        answer = asked(visitor, path, method, sent)
        assert answer.status_code in code, (path, answer.status_code)
        check(answer, told, path)


def test_a_stranger_to_the_project_finds_nothing_and_reads_that_it_may_be_so(visit, filled, token, described):
    visitor, headers = visit(), token("someone", "adjudicator", "lead", project="elsewhere")
    for path, method, told in operations(described):
        answer = asked(visitor, path, method, headers)
        assert answer.status_code == 404, path
        check(answer, told, path)


def test_a_lost_lease_and_a_withdrawn_item_are_described(visit, filled, token, described, store):
    visitor, headers = visit(), token("ana", "reviewer")
    for path in ("/api/v1/slots/{slot}/beat", "/api/v1/slots/{slot}/decline"):
        answer = asked(
            visitor, path, "post", headers, {"fence": 9} | ({"reason": "broken"} if "decline" in path else {})
        )
        assert answer.status_code == 409
        check(answer, described[path]["post"], path)
    withdraw(store, 1, "lea", "it names a person")
    answer = asked(visitor, "/api/v1/items/{item}", "get", headers)
    assert answer.status_code == 410
    check(answer, described["/api/v1/items/{item}"]["get"], "item")


@pytest.mark.parametrize("full", [False, True])
def test_a_database_that_fails_is_described_too(visit, filled, token, described, store, monkeypatch, full):
    visitor, headers = visit(), token("someone", "adjudicator", "lead")
    cause = type("Cause", (Exception,), {"sqlite_errorname": "SQLITE_FULL" if full else "SQLITE_IOERR"})()

    def fails(*_, **__):
        raise OperationalError("", None, cause)

    monkeypatch.setattr(type(store), "read", fails)
    monkeypatch.setattr(type(store), "transact", fails)
    for path, method, told in operations(described):
        answer = asked(visitor, path, method, headers)
        assert answer.status_code == (507 if full else 503)
        check(answer, told, path)
