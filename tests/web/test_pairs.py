"""Side by side, by forms alone: in a protocol each response first, fixed once stored; then the preference; then the why."""

from sqlalchemy import select

from traceeval.review import schema

NAMES = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")


def take(visitor, queue):
    return visitor.post(f"/review/{queue}/claim").headers["location"]


def marks(mark="4"):
    return {f"mark.{name}": mark for name in NAMES}


def test_a_pair_is_compared_by_preference_alone(visit, pairs, store):
    ana = visit("ana", "reviewer")
    where = take(ana, pairs("pairwise"))
    page = ana.get(where).text
    assert page.count('class="side"') == 2
    assert 'name="preference" value="both_bad"' in page
    assert "mark.safety" not in page
    refused = ana.post(
        f"{where}/submit", {**ana.hidden(where), "rationale": "B says more of what was asked, and shorter"}
    )
    assert (refused.status_code, "Choose which you prefer" in refused.text) == (422, True)
    fields = {
        "preference": "b",
        "preferred.accuracy": "b",
        "rationale": "B says more of what was asked",
        "evidence": "b:4",
    }
    assert ana.post(f"{where}/submit", {**ana.hidden(where), **fields}).headers["location"] == "/review?said=stored"
    with store.read() as connection:
        body, swapped = connection.execute(select(schema.verdict.c.body, schema.slot.c.swapped).join(schema.slot)).one()
    assert body["preference"] == ("a" if swapped else "b")
    assert body["evidence"][0].startswith("a:" if swapped else "b:")


def test_the_second_reviewer_sees_the_mirror(visit, pairs):
    mode, first = pairs("pairwise"), {}
    for who in ("ana", "ben"):
        visitor = visit(who, "reviewer")
        text = visitor.get(take(visitor, mode)).text
        first[who] = text.index("LEFT-OR-RIGHT-ONE") < text.index("LEFT-OR-RIGHT-TWO")
    assert first["ana"] != first["ben"]


def test_a_protocol_shows_each_response_alone_before_both(visit, pairs):
    ana = visit("ana", "reviewer")
    where = take(ana, pairs("protocol"))
    first = ana.get(where).text
    seen = [name for name in ("LEFT-OR-RIGHT-ONE", "LEFT-OR-RIGHT-TWO") if name in first]
    assert len(seen) == 1
    assert ana.post(f"{where}/step/1", {**ana.hidden(where), **marks("4")}).headers["location"] == f"{where}?said=step"
    second = ana.get(where).text
    assert seen[0] not in second
    assert ' value="4" checked' not in second
    ana.post(f"{where}/step/2", {**ana.hidden(where), **marks("3")})
    both = ana.get(where).text
    assert "LEFT-OR-RIGHT-ONE" in both
    assert "LEFT-OR-RIGHT-TWO" in both
    assert "<td>4</td><td>3</td>" in both
    fields = {"preference": "a", "revised.b:safety": "2", "rationale": "A answers the question, B goes round it"}
    assert ana.post(f"{where}/submit", {**ana.hidden(where), **fields}).headers["location"] == "/review?said=stored"


def test_step_two_before_step_one_is_refused_and_stored_marks_stay(visit, pairs):
    ana = visit("ana", "reviewer")
    where = take(ana, pairs("protocol"))
    fields = ana.hidden(where)
    early = ana.post(
        f"{where}/submit", {**fields, "preference": "a", "rationale": "I like A better than the other one"}
    )
    assert early.status_code == 422
    ana.post(f"{where}/step/1", {**fields, **marks("4")})
    changed = ana.post(f"{where}/step/1", {**fields, **marks("5")})
    assert (changed.status_code, "stand" in changed.text) == (422, True)


def test_what_is_missing_of_one_response_is_said_in_place(visit, pairs):
    ana = visit("ana", "reviewer")
    where = take(ana, pairs("protocol"))
    answer = ana.post(f"{where}/step/1", {**ana.hidden(where), "mark.safety": "4"})
    assert answer.status_code == 422
    assert 'aria-describedby="e-mark.accuracy"' in answer.text
    assert 'name="mark.safety" value="4" checked' in answer.text


def test_a_dispute_over_a_pair_is_settled_side_by_side(visit, pairs):
    mode = pairs("pairwise")
    for who, choice in (("ana", "a"), ("ben", "a")):  # mirrored order: the same side is another response
        visitor = visit(who, "reviewer")
        where = take(visitor, mode)
        fields = {"preference": choice, "rationale": f"{choice} is what I would rather read as a user"}
        visitor.post(f"{where}/submit", {**visitor.hidden(where), **fields})
    cleo = visit("cleo", "adjudicator")
    where = cleo.post(f"/adjudicate/{mode}/claim").headers["location"]
    assert "rather read" not in cleo.get(where).text
    fields = {"preference": "tie", "rationale": "they say the same in other words, both of them"}
    assert (
        cleo.post(f"{where}/provisional", {**cleo.hidden(where), **fields}).headers["location"].endswith("said=blind")
    )
    assert "rather read" in cleo.get(where).text
    final = {**fields, "cause": "subjective"}
    assert (
        cleo.post(f"{where}/decide", {**cleo.hidden(where), **final}).headers["location"] == "/adjudicate?said=decided"
    )
