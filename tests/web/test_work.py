"""The work page: claimed, drafted, refused in place, submitted once; and what it says when the slot is lost."""

import pytest

from traceeval.errors import StoreFailed
from traceeval.review import claim, decline, lead, show, status
from traceeval.web.routes import review as routes


@pytest.fixture
def ana(visit, filled):
    return visit("ana", "reviewer")


def take(visitor):
    return visitor.post("/review/default/claim").headers["location"]


def test_a_whole_review_by_forms_alone(ana, store, kit):
    where = take(ana)
    answer = ana.post(f"{where}/submit", {**ana.hidden(where), **kit.verdict(), "evidence": ["2", "4"]})
    assert answer.headers["location"] == "/review?said=stored"
    assert "Your verdict is stored." in ana.get("/review?said=stored").text
    assert status(store, "default").slots["submitted"] == 1


def test_the_steps_stand_in_order_and_lead_the_page(ana):
    text = ana.get(take(ana)).text
    assert text.index('class="steps"') < text.index("<svg xmlns") < text.index('class="marks"')
    places = [text.index(f'id="span-1-{seq}"') for seq in range(5)]
    assert places == sorted(places)
    assert 'href="#span-1-2"' in text


def test_everything_missing_is_said_at_its_field_and_nothing_typed_is_lost(ana, kit):
    where = take(ana)
    typed = {
        "mark.safety": "1",
        "rationale": "too short",
        "reason.safety": "it <b>leaks</b>",
        "evidence": "3",
        "blame": "tool",
    }
    answer = ana.post(f"{where}/submit", {**ana.hidden(where), **typed})
    assert answer.status_code == 422
    assert 'href="#i-rationale"' in answer.text
    assert 'aria-describedby="e-mark.accuracy"' in answer.text
    assert 'name="mark.safety" value="1" class="low" checked' in answer.text
    assert "it &lt;b&gt;leaks&lt;/b&gt;" in answer.text
    assert 'name="evidence" value="3" checked' in answer.text
    assert 'name="blame" value="tool" checked' in answer.text
    assert "too short" in ana.get(where).text


def test_a_draft_comes_back_with_the_page(ana):
    where = take(ana)
    ana.post(
        f"{where}/draft", {**ana.hidden(where), "rationale": "half a thought", "mark.safety": "4", "flag": "harm_done"}
    )
    text = ana.get(where).text
    assert "half a thought" in text
    assert 'name="mark.safety" value="4" checked' in text
    assert 'name="flag" value="harm_done" checked' in text


def test_the_same_form_sent_twice_is_stored_once(ana, store, kit):
    where = take(ana)
    fields = {**ana.hidden(where), **kit.verdict()}
    answers = [ana.post(f"{where}/submit", fields).headers["location"] for _ in range(3)]
    assert answers == ["/review?said=stored"] * 3
    assert status(store, "default").slots["submitted"] == 1


def test_the_same_key_with_another_verdict_is_refused(ana, kit):
    where = take(ana)
    fields = ana.hidden(where)
    ana.post(f"{where}/submit", {**fields, **kit.verdict()})
    answer = ana.post(f"{where}/submit", {**fields, **kit.verdict(4, 4, 4, 4, 4)})
    assert (answer.status_code, "another verdict" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("language", "true", "untrue"),
    [
        ("en", "is stored and stands; what you sent now is not", ("Nothing was stored", "Something is missing")),
        ("de", "ist gespeichert und gilt; was Sie jetzt sandten, nicht", ("Nichts wurde gespeichert", "Etwas fehlt")),
    ],
)
def test_of_a_key_used_again_it_is_said_that_the_first_verdict_is_stored(ana, kit, store, language, true, untrue):
    ana.http.cookies.set("te_language", language)
    where = take(ana)
    fields = ana.hidden(where)
    ana.post(f"{where}/submit", {**fields, **kit.verdict()})
    page = ana.post(f"{where}/submit", {**fields, **kit.verdict(4, 4, 4, 4, 4)}).text
    assert (true in page, [words for words in untrue if words in page]) == (True, [])
    assert status(store, "default").slots["submitted"] == 1


def test_a_slot_somebody_else_took_gives_the_text_back(ana, store, clock, kit):
    where = take(ana)
    fields = {**ana.hidden(where), **kit.verdict(rationale="my careful long reasoning")}
    clock.now += 21 * 60
    for who in ("ben", "cid"):
        claim(store, "default", who)
    answer = ana.post(f"{where}/submit", fields)
    assert answer.status_code == 409
    assert "my careful long reasoning" in answer.text
    assert status(store, "default", "ana").drafts[0][1]["rationale"] == "my careful long reasoning"


def test_what_was_written_of_a_lost_slot_is_read_on_a_page_until_the_item_is_in_a_form_again(
    ana, visit, store, clock, kit
):
    where = take(ana)
    fields = {
        **ana.hidden(where),
        **kit.verdict(3, 4, 5, 5, 5, rationale="my careful long reasoning"),
        "flag": "privacy",
    }
    clock.now += 21 * 60
    ben, cy = claim(store, "default", "ben"), claim(store, "default", "cy")
    refused = ana.post(f"{where}/submit", fields).text
    assert ("/review/drafts" in refused, "traceeval review list" in refused) == (True, False)
    assert '<a href="/review/drafts">Drafts kept: 1</a>' in ana.get("/review").text
    page = ana.get("/review/drafts").text
    assert [one in page for one in ("Item 1", "marks.groundedness", "my careful long reasoning")] == [True] * 3
    assert "my careful long reasoning" not in visit("dan", "reviewer").get("/review/drafts").text
    decline(store, cy.slot, "cy", cy.fence, "expertise")
    assert (ben.item, cy.item) == (1, 1)
    again = take(ana)
    assert "my careful long reasoning" in ana.get(again).text
    assert "my careful long reasoning" not in ana.get("/review/drafts").text
    assert "Drafts kept" not in ana.get("/review").text


def test_a_late_verdict_still_counts_while_nobody_took_the_slot(ana, clock, store, kit):
    where = take(ana)
    fields = {**ana.hidden(where), **kit.verdict()}
    clock.now += 21 * 60
    assert ana.post(f"{where}/submit", fields).headers["location"] in ("/review?said=late", "/review?said=stored")
    assert status(store, "default").slots["submitted"] == 1


def test_a_withdrawn_item_is_gone_and_says_so(ana, store, kit):
    where = take(ana)
    fields = ana.hidden(where)
    lead.withdraw(store, 1, "lea", "personal data")
    assert ana.get(where).status_code == 410
    answer = ana.post(f"{where}/submit", {**fields, **kit.verdict()})
    assert (answer.status_code, "A lead took it out of review" in answer.text) == (410, True)


def test_a_beat_extends_the_lease(ana, clock, store):
    where = take(ana)
    clock.now += 10 * 60
    ana.post(f"{where}/beat", ana.hidden(where))
    assert status(store, "default", "ana").mine[0].left_s == 20 * 60


def test_a_declined_trace_never_comes_back(ana):
    where = take(ana)
    ana.post(f"{where}/decline", {**ana.hidden(where), "reason": "distress"})
    assert take(ana) != where


def test_nothing_left_is_never_called_done(ana, visit, store):
    for who in ("ben", "cid"):
        for _ in range(3):
            held = claim(store, "default", who)
            from traceeval.review import decline

            decline(store, held.slot, who, held.fence, "broken")
    for _ in range(3):
        where = take(ana)
        ana.post(f"{where}/decline", {**ana.hidden(where), "reason": "broken"})
    answer = ana.post("/review/default/claim")
    assert "6 open for others, 0 leased" in answer.text


@pytest.mark.parametrize(("orig", "code"), [("SQLITE_FULL", 507), ("SQLITE_IOERR", 503)])
def test_a_database_that_takes_nothing_is_said_and_the_form_can_be_sent_again(ana, kit, monkeypatch, orig, code):
    where = take(ana)

    def broken(*args):
        cause = RuntimeError()
        cause.orig = type("E", (), {"sqlite_errorname": orig})()
        raise StoreFailed("not stored: disk") from cause

    monkeypatch.setattr(routes, "submit", broken)
    answer = ana.post(f"{where}/submit", {**ana.hidden(where), **kit.verdict(rationale="a thought worth keeping")})
    assert answer.status_code == code
    assert 'name="rationale" value="a thought worth keeping"' in answer.text
    assert "Send it again" in answer.text


def test_a_form_of_an_ended_session_gives_the_text_back(ana, clock):
    where = take(ana)
    fields = ana.hidden(where)
    clock.now += 31 * 60
    answer = ana.post(f"{where}/submit", {**fields, "rationale": "typed for an hour"})
    assert answer.status_code == 401


def test_why_it_was_chosen_is_shown_only_after_my_verdict(ana, kit):
    where = take(ana)
    assert "SECRET-REASON" not in ana.get(where).text + ana.get("/trace/1").text
    ana.post(f"{where}/submit", {**ana.hidden(where), **kit.verdict()})
    assert "SECRET-REASON" in ana.get("/trace/1").text


def test_a_slot_of_somebody_else_is_not_there(ana, visit):
    where = take(ana)
    assert visit("ben", "reviewer").get(where).status_code == 404


def test_a_low_mark_rests_on_cited_steps_by_their_own_ids(ana, store, kit):
    where = take(ana)
    fields = kit.verdict(1, 5, 5, 5, 5, evidence=["1", "99"], **{"reason.groundedness": "no source"})
    assert ana.post(f"{where}/submit", {**ana.hidden(where), **fields}).status_code == 303
    from sqlalchemy import select

    from traceeval.review import schema

    with store.read() as connection:
        body = connection.execute(select(schema.verdict.c.body)).scalar_one()
    spans = {span.seq: span.id for span in show(store, 1, "ana").shown.trace.spans}
    assert body["evidence"] == [spans[1]]


def test_a_lead_sees_the_rules_a_queue_keeps(visit, store):
    from traceeval.review import Settings
    from traceeval.review.settings import create_queue

    create_queue(store, "german", "lea", settings=Settings(budget=40, langs=("de", "fr"), show_judge=True))
    text = " ".join(visit("lea-2", "lead").get("/queue/german").text.split())
    for name, value in (
        ("items planned, on average", "0 / 40"),
        ("languages", "de, fr"),
        ("judge&#39;s scores", "told after the verdict"),
    ):
        assert f"<dt>{name}</dt><dd>{value}</dd>" in text


def test_who_wants_the_next_trace_gets_it_with_the_verdict_or_reads_that_there_is_none(ana, store, kit):
    where, seen = take(ana), []
    for _ in range(3):
        seen.append(where)
        where = ana.post(f"{where}/submit", {**ana.hidden(where), **kit.verdict(), "next": "1"}).headers["location"]
        assert where.endswith("?said=stored")
        where = where.partition("?")[0]
    assert (where, len(set(seen))) == ("/review", 3)
    assert status(store, "default").slots["submitted"] == 3


def test_a_verdict_that_is_not_whole_takes_no_other_trace(ana, store, kit):
    where = take(ana)
    assert ana.post(f"{where}/submit", {**ana.hidden(where), "next": "1"}).status_code == 422
    assert status(store, "default").slots["leased"] == 1


def test_cited_steps_are_named_beside_their_count(ana):
    where = take(ana)
    ana.post(f"{where}/draft", {**ana.hidden(where), "evidence": "1"})
    told = ana.get(where).text.partition('id="cited"')[2].partition("</p>")[0]
    assert "Steps cited as evidence: 1" in told
    assert 'href="#span-1-1">step 2</a>' in told


def test_every_page_of_work_leads_to_declining(ana):
    text = ana.get(take(ana)).text
    assert ('href="#decline"' in text, '<fieldset id="decline">' in text) == (True, True)
