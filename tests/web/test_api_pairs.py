"""A protocol, a comparison and a dispute over a pair from claim to decision, through the API alone."""

import pytest
from sqlalchemy import select

from traceeval.review import schema

WHY = "it answers what was asked, the other goes round it"
NAMES = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
ANSWERS = ("The LEFT-OR-RIGHT-ONE answer", "The LEFT-OR-RIGHT-TWO answer")


@pytest.fixture
def caller(visit, token):
    """Somebody who only has a token: (method, path, body) -> the answer."""

    def come(handle, *roles):
        http, headers = visit().http, token(handle, *roles)

        def send(path, body=None, method="POST", key=""):
            named = {"Idempotency-Key": key} if key else {}
            return http.request(method, f"/api/v1{path}", json=body, headers={**headers, **named})

        return send

    return come


def claimed(send, queue):
    return send(f"/queues/{queue}/claim").json()["lease"]


def marks(mark):
    return dict.fromkeys(NAMES, mark)


def answers(shown):
    return [shown[side]["answer"] for side in ("trace", "other") if shown[side] is not None]


def test_a_protocol_is_worked_step_by_step(caller, pairs, store):
    ana = caller("ana", "reviewer")
    lease = claimed(ana, pairs("protocol"))
    where, fence = f"/slots/{lease['slot']}", lease["fence"]
    assert (lease["mode"], lease["stage"], len(answers(lease))) == ("protocol", "alone_a", 1)
    early = ana(f"{where}/submit", {"fence": fence, "preference": "a", "rationale": WHY}, key="k")
    assert (early.status_code, "alone first" in early.json()["detail"]) == (422, True)

    assert ana(f"{where}/alone/a", {"fence": fence, "marks": marks(4)}).json() == {"stage": "alone_b"}
    second = ana(where, method="GET").json()
    assert (second["stage"], len(answers(second))) == ("alone_b", 1)
    assert answers(second) != answers(lease)
    low = {**marks(5), "tone": 2}
    assert "no criterion 'tone'" in ana(f"{where}/alone/b", {"fence": fence, "marks": low}).json()["detail"]
    assert ana(f"{where}/alone/b", {"fence": fence, "marks": marks(3)}).json() == {"stage": "judge"}
    changed = ana(f"{where}/alone/a", {"fence": fence, "marks": marks(5)})
    assert (changed.status_code, "stand" in changed.json()["detail"]) == (422, True)

    both = ana(where, method="GET").json()
    assert answers(both) == answers(lease) + answers(second)
    assert {side: both["alone"][side]["marks"] for side in "ab"} == {"a": marks(4), "b": marks(3)}
    verdict = {"preference": "a", "preferred": {"accuracy": "a"}, "revised_marks": {"b:safety": 2}}
    cited = {"evidence": [f"b:{both['other']['spans'][0]['id']}"]}
    kept = ana(f"{where}/submit", {"fence": fence, "rationale": WHY, **verdict, **cited}, key="k")
    assert (kept.status_code, kept.json()["state"]) == (200, "in_review")
    with store.read() as connection:
        body, swapped = connection.execute(select(schema.verdict.c.body, schema.slot.c.swapped).join(schema.slot)).one()
    left, right = ("b", "a") if swapped else ("a", "b")
    assert (body["preference"], body["preferred"]) == (left, {"accuracy": left})
    assert body["revised_marks"] == {f"{right}:safety": 2}
    assert (body["marks"][f"{left}:safety"], body["marks"][f"{right}:safety"]) == (4, 3)


def test_a_pair_is_compared_and_its_dispute_settled(caller, pairs, store):
    mode, seen = pairs("pairwise"), []
    for who in ("ana", "ben"):  # mirrored order: the same side is another response
        send = caller(who, "reviewer")
        lease = claimed(send, mode)
        seen.append(answers(lease))
        assert lease["stage"] == "judge"
        done = send(
            f"/slots/{lease['slot']}/submit", {"fence": lease["fence"], "preference": "a", "rationale": WHY}, key=who
        )
    assert (sorted(seen[0]), seen[0]) == (sorted(ANSWERS), seen[1][::-1])
    assert done.json()["state"] == "disputed"

    cleo = caller("cleo", "adjudicator")
    lease = claimed(cleo, mode)
    where, said = f"/slots/{lease['slot']}", {"fence": lease["fence"], "preference": "tie", "rationale": WHY}
    assert (lease["kind"], lease["stage"]) == ("adjudicate", "judge")
    before = cleo(where, method="GET").json()
    assert (before["said"], before["blind"]) == ([], None)
    early = cleo(f"{where}/submit", {**said, "cause": "subjective"}, key="c")
    assert (early.status_code, "alone first" in early.json()["detail"]) == (422, True)
    others = cleo(f"{where}/provisional", said).json()["said"]
    assert sorted(one["preference"] for one in others) == ["a", "b"]
    after = cleo(where, method="GET").json()
    assert (after["stage"], after["said"], after["blind"]["preference"]) == ("decide", others, "tie")
    final = cleo(f"{where}/submit", {**said, "cause": "subjective"}, key="c")
    assert final.json()["state"] == "resolved"


def test_a_slot_of_somebody_else_is_not_told(caller, pairs):
    mode = pairs("pairwise")
    lease = claimed(caller("ana", "reviewer"), mode)
    assert caller("ben", "reviewer")(f"/slots/{lease['slot']}", method="GET").status_code == 404


def test_a_reviewer_gives_no_blind_verdict_of_a_dispute(caller, pairs):
    ana = caller("ana", "reviewer")
    lease = claimed(ana, pairs("pairwise"))
    body = {"fence": lease["fence"], "preference": "a", "rationale": WHY}
    assert ana(f"/slots/{lease['slot']}/provisional", body).status_code == 403
