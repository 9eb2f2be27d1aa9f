"""Blindness by crawl: as the second reviewer, before submitting, no answer of any route holds what the first one said,
who they are, what a judge scored, or why the trace was chosen (review.md check 21)."""

import msgspec
import pytest

from traceeval.review import Settings, schema
from traceeval.web.app import guard_of, routes
from traceeval.web.callers import Needs

DEFAULT = msgspec.to_builtins(Settings())
NAMED = {"{queue:path}": "default", "{slot}": "2", "{item}": "1", "{seq}": "0", "{name}": "starter", "{version}": "1"}
CANARIES = ("CANARY-RATIONALE", "CANARY-REASON", "ana-canary", "SECRET-REASON", "0.7731")


@pytest.fixture
def judged(visit, store, kit):
    kit.fill(store, kit.unit(1, judge_score=0.7731, signals={"judge": 0.7731}))
    ana = visit("ana-canary", "reviewer")
    where = ana.post("/review/default/claim").headers["location"]
    fields = kit.verdict(1, 5, 5, 5, 5, rationale="CANARY-RATIONALE in so many words", evidence="1")
    ana.post(f"{where}/submit", {**ana.hidden(where), **fields, "reason.groundedness": "CANARY-REASON"})
    assert "CANARY-RATIONALE" not in ana.get("/trace/1").text  # not even their own, before it is settled


def crawl(visitor, headers):
    for route in routes():
        path = route.path
        for name, value in NAMED.items():
            path = path.replace(name, value)
        guard = guard_of(route)
        if "{" in path or not isinstance(guard, Needs):
            continue
        if guard.api:
            yield path, visitor.http.request(sorted(route.methods)[0], path, headers=headers)
        elif "GET" in route.methods:
            yield path, visitor.get(path)


def leaks(visitor, headers):
    return [
        (path, canary)
        for path, answer in crawl(visitor, headers)
        for canary in CANARIES
        if canary in answer.text or any(canary in value for value in answer.headers.values())
    ]


@pytest.mark.parametrize("role", ["viewer", "reviewer", "adjudicator"])
def test_nothing_of_the_first_verdict_reaches_the_second_person(visit, judged, store, token, role):
    headers = token("ben", role)
    ben = visit("ben")
    if role != "viewer":
        assert ben.post("/review/default/claim").headers["location"] == "/review/slot/2"
    assert leaks(ben, headers) == []


def test_a_judges_score_is_on_the_page_once_one_has_judged_where_the_queue_tells_it(visit, judged, store, kit):
    ben = visit("ben", "reviewer")
    where = ben.post("/review/default/claim").headers["location"]
    ben.post(f"{where}/submit", {**ben.hidden(where), **kit.verdict()})
    assert "judge&#39;s score" not in ben.get("/trace/1").text
    change = schema.queue.update().values(settings={**DEFAULT, "show_judge": True})
    store.transact(lambda connection: connection.execute(change))
    assert "judge&#39;s score before anybody looked: 0.77" in ben.get("/trace/1").text
    assert "judge&#39;s score" not in visit("cleo", "reviewer").get("/trace/1").text


def test_the_crawl_would_find_a_leak(visit, judged, token):
    """An auditor reads everything: the same crawl must find the canaries there."""
    headers = token("aud", "auditor")
    assert leaks(visit("aud"), headers) or "ana-canary" in visit("lea", "lead").get("/queue/default").text


def test_the_adjudicator_sees_the_others_only_after_their_own_verdict(visit, judged, kit):
    ben = visit("ben", "reviewer")
    where = ben.post("/review/default/claim").headers["location"]
    ben.post(f"{where}/submit", {**ben.hidden(where), **kit.verdict()})
    cleo = visit("cleo", "adjudicator")
    place = cleo.post("/adjudicate/default/claim").headers["location"]
    before = cleo.get(place).text
    assert not [canary for canary in CANARIES if canary in before]
    assert (
        cleo.post(f"{place}/decide", {**cleo.hidden(place), **kit.verdict(), "cause": "ambiguous"}).status_code == 422
    )
    cleo.post(f"{place}/provisional", {**cleo.hidden(place), **kit.verdict(3, 5, 5, 5, 5)})
    after = cleo.get(place).text
    assert "CANARY-RATIONALE" in after
    assert "ana-canary" not in after
    assert 'class="apart"' in after


def test_a_decision_needs_a_cause_and_then_is_final(visit, judged, kit, store):
    ben = visit("ben", "reviewer")
    where = ben.post("/review/default/claim").headers["location"]
    ben.post(f"{where}/submit", {**ben.hidden(where), **kit.verdict()})
    cleo = visit("cleo", "adjudicator")
    place = cleo.post("/adjudicate/default/claim").headers["location"]
    cleo.post(f"{place}/provisional", {**cleo.hidden(place), **kit.verdict()})
    refused = cleo.post(f"{place}/decide", {**cleo.hidden(place), **kit.verdict()})
    assert (refused.status_code, "Choose why they disagreed." in refused.text) == (422, True)
    fields = {**cleo.hidden(place), **kit.verdict(), "cause": "guideline_gap"}
    assert cleo.post(f"{place}/decide", fields).headers["location"] == "/adjudicate?said=decided"
    settled = ben.get("/trace/1").text
    assert "adjudicated" in settled
    assert "CANARY-RATIONALE" in settled
