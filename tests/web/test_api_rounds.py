"""Calibration rounds by the API: opened on a file, blind while they are on, laid open without names; for leads alone."""

import msgspec
import pytest


@pytest.fixture
def lead(visit, filled, token):
    http, headers = visit().http, token("lea", "lead")

    def send(method, path, content=None):
        return http.request(method, f"/api/v1{path}", content=content, headers=headers)

    return send


def file_of(kit, count=10, first=500):
    return b"\n".join(msgspec.json.encode(kit.sample(number)) for number in range(first, first + count))


def judge_all(visitor, kit, *marks, **more):
    for _ in range(10):
        where = visitor.post("/review/default/claim").headers["location"]
        done = visitor.post(f"{where}/submit", {**visitor.hidden(where), **kit.verdict(*marks, **more)})
        assert done.status_code == 303, done.text


def test_a_round_is_opened_watched_revealed_and_read(lead, visit, kit):
    assert lead("GET", "/queues/default/rounds").json() == []
    opened = lead("POST", "/queues/default/rounds?target=0.5&rubric=starter-core:1", file_of(kit))
    assert (opened.status_code, opened.json()) == (201, {"round": "1"})
    judge_all(visit("ana", "reviewer"), kit, 5, 5, 5, 5, 4, rationale="ANA-SAID that it stands in the trace")
    (one,) = lead("GET", "/queues/default/rounds").json()
    assert (one["open"], one["items"], one["began"], one["through"], one["target"]) == (True, 10, 1, 1, 0.5)
    assert one["alpha"] == {}
    for early in (lead("GET", "/rounds/1"), lead("POST", "/rounds/1/reveal")):
        assert (early.status_code, "ANA-SAID" in early.text) == (422, False)
    judge_all(visit("ben", "reviewer"), kit)
    first, again = lead("POST", "/rounds/1/reveal"), lead("POST", "/rounds/1/reveal")
    found = lead("GET", "/rounds/1").json()
    assert first.json() == again.json() == found
    assert (found["people"], found["alpha"]["accuracy"], found["alpha"]["safety"]) == (
        2,
        pytest.approx(-0.9, abs=0.1),
        None,
    )
    assert (found["reached"], found["again"], len(found["questions"])) == (False, True, 10)
    asked = found["questions"][0]
    assert asked["marks"]["accuracy"] == {"4": 1, "5": 1}
    assert sorted(one["rationale"].partition(" ")[0] for one in asked["said"]) == ["ANA-SAID", "because"]
    assert "ana" not in first.text.replace("ANA-SAID", "")
    assert lead("GET", "/queues/default/rounds").json()[0]["alpha"] == found["alpha"]


@pytest.mark.parametrize(
    ("query", "content", "said"),
    [
        ("", lambda kit: b"", "name a file of 10 to 20 traces"),
        ("", lambda kit: b"no trace at all", ""),
        ("", lambda kit: file_of(kit, 9), "10 to 20 different items, not 9"),
        ("", lambda kit: file_of(kit, 10, first=1), "is an item of this queue already"),
        ("?target=1.5", file_of, "target"),
        ("?target=nan", file_of, "target"),
        ("?rubric=starter-core:9", file_of, "there are starter-core:1"),
    ],
    ids=["empty", "no trace", "too few", "known", "target", "nan", "rubric"],
)
def test_what_makes_no_round_is_a_problem_and_none_is_opened(lead, kit, query, content, said):
    answer = lead("POST", f"/queues/default/rounds{query}", content(kit))
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code in (404, 422), said in answer.json()["detail"]) == (True, True), answer.text
    assert lead("GET", "/queues/default/rounds").json() == []


def test_a_round_is_for_its_lead_alone(lead, visit, token, kit):
    lead("POST", "/queues/default/rounds", file_of(kit))
    http = visit().http
    for who, roles, project, code in (
        ("ana", ("reviewer",), "*", 403),
        ("aud", ("auditor",), "*", 403),
        ("max", ("lead",), "elsewhere", 404),
    ):
        headers = token(who, *roles, project=project)
        paths = [("GET", "/queues/default/rounds"), ("POST", "/queues/default/rounds")]
        for method, path in [*paths, ("GET", "/rounds/1"), ("POST", "/rounds/1/reveal")]:
            assert http.request(method, f"/api/v1{path}", headers=headers).status_code == code, (who, method, path)
    assert lead("GET", "/rounds/2").status_code == 404
