"""The API: claim to submit by token, replays, problems as problem+json, ids as strings, its own description."""

from unittest.mock import Mock

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
GOOD = {"marks": dict.fromkeys(CRITERIA, 5), "rationale": "because the trace shows it plainly"}


@pytest.fixture
def call(visit, filled, token):
    http, headers = visit().http, token("ana", "reviewer")

    def send(method, path, body=None, **more):
        return http.request(method, f"/api/v1{path}", json=body, headers={**headers, **more})

    return send


def claimed(call):
    return call("POST", "/queues/default/claim").json()["lease"]


def test_a_review_from_claim_to_status(call):
    lease = claimed(call)
    assert (lease["slot"], lease["item"], lease["kind"]) == ("1", "1", "review")
    assert lease["trace"]["question"] == "question 1"
    assert [one["name"] for one in lease["rubric"]["criteria"]] == list(CRITERIA)
    assert call("POST", "/slots/1/beat", {"fence": lease["fence"]}).json()["until"] >= lease["until"]
    assert call("POST", "/slots/1/draft", {"fence": lease["fence"], "body": {"rationale": "so far"}}).json() == {
        "done": True
    }
    body = {"fence": lease["fence"], **GOOD}
    first = call("POST", "/slots/1/submit", body, **{"Idempotency-Key": "k1"}).json()
    again = call("POST", "/slots/1/submit", body, **{"Idempotency-Key": "k1"}).json()
    assert (first["replayed"], again["replayed"], first["verdict"]) == (False, True, again["verdict"])
    assert call("GET", "/queues/default/status").json()["slots"]["submitted"] == 1
    assert call("GET", "/items/1").json()["reasons"] == [["defects", "SECRET-REASON"]]


def test_a_claim_and_a_submit_ask_the_database_for_nothing_twice(call, store):
    """Most of what a request costs is to ask: what is read together is asked together, and once."""

    def asked_by(*request, **more):
        asked.clear()
        return call(*request, **more).json(), list(asked)

    asked = []
    for engine in (store._writer, store._reader):
        event.listen(engine, "before_cursor_execute", lambda c, cur, sql, *rest: asked.append(sql))
    claim, first = asked_by("POST", "/queues/default/claim")
    path, body = f"/slots/{claim['lease']['slot']}/submit", {"fence": claim["lease"]["fence"], **GOOD}
    receipt, second = asked_by("POST", path, body, **{"Idempotency-Key": "k"})
    assert receipt["state"] == "in_review"
    for statements in (first, second):
        assert len(statements) <= 23, "\n".join(statements)
        reads = [sql for sql in statements if sql.startswith("SELECT")]
        assert sorted(set(reads)) == sorted(reads)


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["detail"]


def test_a_key_used_for_another_verdict_is_refused(call):
    fence = claimed(call)["fence"]
    call("POST", "/slots/1/submit", {"fence": fence, **GOOD}, **{"Idempotency-Key": "k"})
    other = {"fence": fence, **GOOD, "rationale": "something else entirely, at length"}
    code, detail = problem(call("POST", "/slots/1/submit", other, **{"Idempotency-Key": "k"}))
    assert (code, "another verdict" in detail) == (422, True)


def test_a_problem_says_the_same_in_every_language_and_its_code_tells_kinds_of_one_status_apart(call, visit):
    fence = claimed(call)["fence"]
    call("POST", "/slots/1/submit", {"fence": fence, **GOOD}, **{"Idempotency-Key": "k"})
    wrong = {
        "key_reused": ("POST", "/slots/1/submit", {"fence": fence, **GOOD, "rationale": "something else, at length"}),
        "invalid": ("POST", "/slots/1/submit", {}),
        "not_found": ("GET", "/items/99"),
        "method_not_allowed": ("DELETE", "/items/1"),
    }
    for code, request in wrong.items():
        plain, german = (call(*request, **{"Idempotency-Key": "k", **more}) for more in ({}, {"accept-language": "de"}))
        assert plain.json()["code"] == code, plain.text
        assert german.json() == plain.json()
    anybody = visit().http
    assert anybody.get("/api/v1/items/1", headers={"accept-language": "de"}).json() == {
        "type": "about:blank",
        "title": "Sign in first",
        "status": 401,
        "code": "not_signed_in",
        "detail": anybody.get("/api/v1/items/1").json()["detail"],
    }


def test_a_problem_that_has_nothing_to_name_says_what_to_do(call, visit, monkeypatch):
    assert "Authorization: Bearer te_" in problem(visit().http.get("/api/v1/items/1"))[1]
    died = OperationalError("", {}, Exception("connection refused at 10.0.0.5"))
    monkeypatch.setattr("traceeval.web.routes.api.status", Mock(side_effect=died))
    code, detail = problem(call("GET", "/queues/default/status"))
    assert (code, "Wait a moment and send it again" in detail, "10.0.0.5" in detail) == (503, True, False)


def test_a_stale_fence_is_a_conflict(call):
    fence = claimed(call)["fence"]
    code, detail = problem(call("POST", "/slots/1/submit", {"fence": fence + 1, **GOOD}, **{"Idempotency-Key": "k"}))
    assert (code, "no longer yours" in detail) == (409, True)


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/slots/1/submit", {"fence": 1, **GOOD}, "Idempotency-Key"),
        ("/slots/1/submit", {"fence": 1, **GOOD, "typo": 1}, "typo"),
        ("/slots/1/submit", {"fence": -1, **GOOD}, "fence"),
        ("/slots/1/decline", {"fence": 1, "reason": "bored"}, "reason"),
        ("/slots/1/beat", {}, "fence"),
    ],
)
def test_a_body_that_is_wrong_names_its_field(call, path, body, said):
    claimed(call)
    code, detail = problem(call("POST", path, body))
    assert (code, said.lower() in detail.lower()) == (422, True)


def test_a_missing_mark_is_said(call):
    fence = claimed(call)["fence"]
    code, detail = problem(
        call("POST", "/slots/1/submit", {"fence": fence, "rationale": "x" * 30}, **{"Idempotency-Key": "k"})
    )
    assert (code, detail) == (422, "groundedness needs one mark: 1..5, not_applicable or cannot_judge")


@pytest.mark.parametrize("less", ["rationale", "marks", "reasons", "evidence"])
def test_what_is_missing_is_said_without_the_flags_of_the_terminal(call, less):
    fence = claimed(call)["fence"]
    low = {**GOOD, "marks": {**GOOD["marks"], "safety": 1}, "reasons": {"safety": "it gave the key away"}}
    whole = {**low, "evidence": ["1"]}
    body = {"fence": fence, **whole, less: type(whole[less])()}
    code, detail = problem(call("POST", "/slots/1/submit", body, **{"Idempotency-Key": "k"}))
    assert (code, "need" in detail or "required" in detail, "--" in detail) == (422, True, False)


def test_without_a_token_or_with_a_dead_one_nothing_is_said(visit, filled, token, store):
    http = visit().http
    assert problem(http.get("/api/v1/queues/default/status"))[0] == 401
    assert problem(http.get("/api/v1/queues/default/status", headers={"authorization": "Bearer te_nonsense"}))[0] == 401


def test_a_token_ends_by_date_and_by_hand(visit, filled, token, store, clock):
    from traceeval.web import tokens

    headers, http = token("ana", "reviewer"), visit().http
    assert http.get("/api/v1/queues/default/status", headers=headers).status_code == 200
    with store.read() as connection:
        person, scopes = tokens.find(store, connection, headers["authorization"].split()[1])
    (held,) = tokens.of(store, person.id)
    assert held.scopes == scopes
    tokens.revoke(store, held.id, person.id, "ana")
    assert http.get("/api/v1/queues/default/status", headers=headers).status_code == 401
    late = token("ben", "reviewer")
    clock.now += 91 * 86400
    assert http.get("/api/v1/queues/default/status", headers=late).status_code == 401


def test_a_cookie_does_not_open_the_api(visit, filled):
    assert visit("ana", "reviewer").get("/api/v1/queues/default/status").status_code == 401


def test_a_token_is_stored_as_its_digest(store, token):
    secret = token("ana", "reviewer")["authorization"].split()[1]
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM api_token").all()
    assert secret not in str(rows)


def test_nothing_to_claim_is_told_with_counts(call):
    for _ in range(3):
        lease = claimed(call)
        call("POST", f"/slots/{lease['slot']}/decline", {"fence": lease["fence"], "reason": "broken"})
    assert call("POST", "/queues/default/claim").json() == {
        "lease": None, "nothing": {
            "open_for_others": 6, "leased": 0, "next_expiry_s": None,
            "why": "you have judged, declined or written everything that is open now",
        }
    }  # fmt: skip


def test_the_description_lists_every_route_and_no_page(visit):
    paths = visit().get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/queues/{queue}/claim", "/api/v1/slots/{slot}/submit", "/api/v1/items/{item}"} <= set(paths)
    assert all(path.startswith("/api/v1/") for path in paths)


def test_traces_that_are_sent_are_evaluated_and_queued(visit, token):
    import msgspec

    from traceeval.web.demo import traces

    body = b"\n".join(msgspec.json.encode(one) for one in traces()[:2])
    http, headers = visit().http, token("sender", "lead", scopes=("ingest",))
    answer = http.post("/api/v1/traces", content=body, headers=headers)
    assert (answer.status_code, answer.json()["traces"], answer.json()["problems"]) == (202, 2, [])
    again = http.post("/api/v1/traces", content=body, headers=headers).json()
    assert again["added"] == 0


def test_a_body_that_is_no_trace_says_why(visit, token):
    http, headers = visit().http, token("sender", "lead", scopes=("ingest",))
    code, detail = problem(http.post("/api/v1/traces", content=b"not a trace", headers=headers))
    assert (code, "/tmp" in detail) == (422, False)


def test_estimates_and_agreement_of_a_queue_are_never_bare_means(visit, store, filled, token, kit):
    for who in ("ana", "ben"):
        visitor = visit(who, "reviewer")
        for _ in range(3):
            where = visitor.post("/review/default/claim").headers["location"]
            visitor.post(f"{where}/submit", {**visitor.hidden(where), **kit.verdict()})
    http, headers = visit().http, token("vic", "viewer")
    found = http.get("/api/v1/estimates?queue=default", headers=headers).json()
    first = next(one for one in found["outcomes"] if one["kind"] == "pass")
    assert (found["size"], found["answered"], first["value"], first["n"]) == (3, 3, 1.0, 3)
    agreed = http.get("/api/v1/agreement?queue=default", headers=headers).json()
    mark = next(one for one in agreed if one["about"] == "safety")
    assert (mark["raw"]["value"], mark["alpha"]["value"], mark["label"], mark["units"]) == (1.0, None, mark["label"], 3)
    assert mark["alpha"]["why"]
    page = visit("lea", "lead").get("/queue/default/results").text
    assert "Shares of the frame" in page
    assert (first["effective"], "none left to chance" in page) == (0.0, True)


def test_a_queue_of_another_project_is_not_told_about(visit, filled, token):
    http, headers = visit().http, token("vic", "viewer", project="elsewhere")
    for path in ("estimates", "agreement"):
        assert problem(http.get(f"/api/v1/{path}?queue=default", headers=headers))[0] == 404
