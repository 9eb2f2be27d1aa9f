"""Who may take a slot at all, and for whom an item is: roles, expertise, languages, warnings, the end of a session."""

import pytest
from sqlalchemy import func, insert, select, update

from traceeval.errors import Refused
from traceeval.review import Lease, claim, release, reopen, schema, show, status, submit
from traceeval.review._rows import person
from traceeval.review.people import disable
from traceeval.review.settings import create_project


@pytest.fixture
def people(store):
    """Give somebody roles, languages, tags and opt-outs."""

    def make(who, *roles, project="default", langs=(), tags=(), out=()):
        def add(connection):
            me = person(connection, who, 0.0).id
            table = schema.reviewer
            connection.execute(update(table).where(table.c.id == me).values(langs=list(langs), tags=list(tags)))
            for role in roles:
                connection.execute(insert(schema.role_grant).values(reviewer_id=me, project=project, role=role))
            for category in out:
                connection.execute(insert(schema.opt_out).values(reviewer_id=me, category=category, at=0.0))

        store.transact(add)

    return make


@pytest.mark.parametrize("project", ["default", "*"])
@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("admin", "an admin, who never judges"),
        ("lead", "ana leads project default .* only in a solo project"),
        ("auditor", "ana audits project default .* only in a solo project"),
    ],
)
def test_an_admin_never_judges_and_a_lead_or_auditor_not_where_they_are_one(store, kit, people, role, why, project):
    kit.fill(store, kit.unit(1))
    people("ana", role, "reviewer", project=project)
    with pytest.raises(Refused, match=why):
        claim(store, "default", "ana")


def test_a_lead_and_auditor_of_another_project_judges_here(store, kit, people):
    kit.fill(store, kit.unit(1))
    people("ana", "lead", "auditor", project="elsewhere")
    assert isinstance(claim(store, "default", "ana"), Lease)


def test_in_a_solo_project_the_lead_judges_and_everything_is_unreplicated(store, kit, people):
    create_project(store, "mine", "ana", solo=True)
    kit.queue(store, "solo", project="mine", k=1, recheck_share=0.0)
    kit.fill(store, kit.unit(1, k=2), queue="solo")
    people("ana", "lead", "auditor", project="mine")
    for who in ("ana", "ben"):
        lease = claim(store, "solo", who)
        submit(store, lease.slot, who, lease.fence, kit.said(), who)
    decision = show(store, 1, "ana").decision
    assert (decision["method"], decision["unreplicated"]) == ("unanimous", True)


def test_a_project_stays_what_it_was_made(store):
    create_project(store, "mine", "ana", solo=True)
    create_project(store, "mine", "ana", solo=True)
    with pytest.raises(Refused, match="is solo and stays so"):
        create_project(store, "mine", "ana")


def test_where_only_members_judge_others_are_sent_to_the_lead(store, kit, people):
    kit.fill(store, kit.unit(1), kit.unit(2), members_only=True)
    with pytest.raises(Refused, match="ask its lead for the role reviewer"):
        claim(store, "default", "ana")
    people("ben", "reviewer")
    people("cy", "reviewer")
    people("dee", "adjudicator")
    for who, mark in (("ben", 5), ("cy", 2)):
        kit.give(store, who, mark, 5, 5, 5, 5, **(kit.BAD if mark == 2 else {}))
    people("eve", "reviewer")
    assert claim(store, "default", "eve").kind == "review"
    assert claim(store, "default", "dee").kind == "adjudicate"


def test_language_and_expertise_are_guards_of_the_claim(store, kit, people):
    units = [
        kit.unit(1, lang="de-AT"),
        kit.unit(2, lang="fr"),
        kit.unit(3, tag="law"),
        kit.unit(4, lang="de", tag="law"),
    ]
    kit.fill(store, *units)
    people("ana", langs=("de:C1", "en"), tags=())
    people("ben", langs=("de",), tags=("law",))
    people("cy")
    open_for = {who: status(store, "default", who).open_for_me for who in ("ana", "ben", "cy")}
    assert open_for == {"ana": 1, "ben": 3, "cy": 0}
    assert claim(store, "default", "ana").item == 1


def test_an_item_whose_warning_one_opted_out_of_is_not_offered_and_others_are_warned(store, kit, people):
    kit.fill(store, kit.unit(1, warnings=("violence", "self_harm")), kit.unit(2))
    people("ana", out=("violence",))
    assert claim(store, "default", "ana").item == 2
    assert claim(store, "default", "ben").warnings == ("self_harm", "violence")


def test_a_warning_stands_in_every_round_and_queue_whenever_it_was_stated(store, kit, people):
    people("ana", out=("violence",))
    kit.fill(store, kit.unit(1, k=1))
    kit.fill(store, kit.unit(1, k=1, warnings=("violence",)), frame="b" * 64)
    assert claim(store, "default", "ana").open_for_others == 1
    kit.give(store, "ben")
    reopen(store, 1, "lea", "it was harmful after all")
    assert claim(store, "default", "ana").open_for_others == 1
    assert claim(store, "default", "cy").warnings == ("violence",)
    kit.fill(store, kit.unit(1, k=1), queue="other")
    assert claim(store, "other", "ana").open_for_others == 1
    assert claim(store, "other", "dan").warnings == ("violence",)


def test_a_warning_of_a_trace_that_was_not_drawn_this_time_is_kept_too(store, kit, people):
    kit.fill(store, kit.unit(1))
    kit.fill(store, kit.unit(1, pi=0.1, u=0.5, warnings=("violence",)), frame="b" * 64, seed="another")
    people("ana", out=("violence",))
    assert claim(store, "default", "ana").open_for_others == 2


def test_a_language_or_speciality_that_is_stated_later_is_asked_for_from_then_on(store, kit, people):
    people("ana", langs=("fa",), tags=("law",))
    kit.fill(store, kit.unit(1, k=1))
    kit.fill(store, kit.unit(1, k=1, lang="fa", tag="law"), frame="b" * 64)
    assert claim(store, "default", "ben").open_for_others == 1
    kit.fill(store, kit.unit(1, k=1), frame="c" * 64)
    assert claim(store, "default", "ben").open_for_others == 1
    assert claim(store, "default", "ana").item == 1


def test_who_wrote_a_trace_never_judges_it(store, kit):
    kit.fill(store, kit.unit(1, authors=("ana",)), kit.unit(2))
    assert claim(store, "default", "ana").item == 2
    assert claim(store, "default", "ben").item == 1


def test_an_author_who_has_left_or_whose_name_nobody_can_have_stops_no_draw(store, kit, people):
    people("cy")
    people("lea")
    disable(store, "cy", "lea")
    names = ("system", "", "x" * 201, "a\x1bb", "cy", "ana")
    assert kit.fill(store, kit.unit(1, authors=names), kit.unit(2)) == 2
    with store.read() as connection:
        assert set(connection.execute(select(schema.reviewer.c.handle)).scalars()) == {"ana", "cy", "lea"}
    assert claim(store, "default", "ana").item == 2
    disable(store, "cy", "lea", disabled=False)
    assert status(store, "default", "cy").open_for_me == 1


def test_authors_that_are_stated_later_do_not_judge_what_is_queued_already(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2))
    for _ in range(2):
        assert kit.fill(store, kit.unit(1, authors=("ana",)), kit.unit(2)) == 0
    assert claim(store, "default", "ana").item == 2
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.decline)).scalar() == 1


def test_a_session_ends_after_as_many_items_as_the_queue_says(store, clock, kit):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(5)), session_cap=2, session_h=1.0)
    for _ in range(2):
        kit.give(store, "ana")
    assert "that is enough for now: 2 in 1 hours" in claim(store, "default", "ana").why
    assert isinstance(claim(store, "default", "ben"), Lease)
    clock.now += 3601
    assert isinstance(claim(store, "default", "ana"), Lease)


def test_what_nobody_here_can_judge_is_handed_to_the_lead_after_two_leases_time(store, clock, kit, people):
    kit.fill(store, kit.unit(1, lang="pl"), kit.unit(2, k=1))
    people("ana", langs=("en",))
    kit.give(store, "ana")
    clock.now += 2 * kit.TTL
    assert not isinstance(claim(store, "default", "ana"), Lease)
    assert kit.items(store) == {"queued": 1, "resolved": 1}
    clock.now += 1
    claim(store, "default", "ana")
    assert kit.items(store) == {"blocked": 1, "resolved": 1}
    assert (show(store, 1, "lead").state, show(store, 1, "lead").cause) == ("blocked", "nobody_qualified")
    people("ola", langs=("pl",))
    release(store, 1, "lead", "Ola joined us")
    assert claim(store, "default", "ola").item == 1


def test_what_somebody_absent_could_judge_is_not_blocked(store, clock, kit, people):
    kit.fill(store, kit.unit(1, lang="pl"))
    people("ana", langs=("en",))
    people("ola", langs=("pl",))
    clock.now += 3 * kit.TTL
    claim(store, "default", "ana")
    assert kit.items(store) == {"queued": 1}


def test_an_overlap_is_drawn_before_review_and_its_chance_is_kept(store, kit):
    kit.queue(store, "over", overlap=0.2)
    kit.fill(store, *(kit.unit(n, k=1) for n in range(200)), kit.unit(999, k=2), queue="over")
    with store.read() as connection:
        item, slot = schema.item.c, schema.slot.c
        drawn = connection.execute(select(item.k, item.overlap)).all()
        opened = list(connection.execute(select(slot.opened).where(slot.n == 2)).scalars())
    assert 25 <= sum(row.k == 2 for row in drawn if row.overlap == 0.2) <= 58
    assert [row.k for row in drawn if row.overlap == 1.0] == [2]
    assert sorted(set(opened)) == ["draw", "overlap"]
    assert opened.count("draw") == 1


def unqualified_claims(store, kit, n):
    """People qualified in English alone claim n times in a queue of six languages; the languages they were served."""
    langs = ("de", "en", "fr", "pl", "zh-Hans", "en-GB")
    kit.fill(store, *(kit.unit(i, k=1, lang=langs[i % 6]) for i in range(60)), qualification=True)

    def qualify(connection):
        for who in ("ana", "ben"):
            me = person(connection, who, 0.0).id
            table = schema.reviewer
            connection.execute(update(table).where(table.c.id == me).values(langs=list(langs)))
            passed = {"reviewer_id": me, "rubric_id": 1, "lang": "en", "n": 20, "passed_at": 0.0}
            connection.execute(insert(schema.qualification).values(**passed))

    store.transact(qualify)
    served = set()
    for number in range(n):
        who = ("ana", "ben", "cy")[number % 3]
        lease = claim(store, "default", who)
        if isinstance(lease, Lease):
            with store.read() as connection:
                served.add(
                    connection.execute(select(schema.item.c.lang).where(schema.item.c.id == lease.item)).scalar()
                )
            submit(store, lease.slot, who, lease.fence, kit.said(), f"{who}/{lease.slot}")
    return served


def test_an_unqualified_language_is_never_served(store, kit):
    assert unqualified_claims(store, kit, 60) == {"en"}


@pytest.mark.soak
def test_an_unqualified_language_is_never_served_in_ten_thousand_claims(store, kit, figure):
    assert unqualified_claims(store, kit, 10_000) == {"en"}
    figure("9 languages", f"{kit.engine(store.url)}: 10,000 claims by people qualified in English: nothing else served")
