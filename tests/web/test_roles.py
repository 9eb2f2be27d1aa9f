"""Six roles x every route x own and foreign project, from the app's own table; unknown routes are denied."""

import re

import pytest
from fastapi import APIRouter

from traceeval.errors import Refused
from traceeval.review import claim, schema
from traceeval.review.people import find_person, grant, revoke
from traceeval.web import Settings, make_app, tokens
from traceeval.web import app as apps
from traceeval.web.app import guard_of, routes
from traceeval.web.callers import Needs
from traceeval.web.roles import CAN, EVERYWHERE, Role

PAGES = [
    (sorted(route.methods)[0], route.path, guard_of(route)) for route in routes() if not route.path.startswith("/api/")
]
API = [
    (sorted(route.methods)[0], route.path, guard_of(route)) for route in routes() if route.path.startswith("/api/v1/")
]
NAMED = {
    "{queue:path}": "default", "{queue}": "default", "{slot}": "1", "{item}": "1", "{seq}": "0", "{name}": "starter",
    "{version}": "1", "{handle}": "ana", "{token}": "1", "{round}": "1", "{alarm}": "1", "{n}": "1",
    "{side}": "a",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("round_and_alarm")


def filled_in(path):
    for name, value in NAMED.items():
        path = path.replace(name, value)
    assert "{" not in path, path
    return path


def ask(visitor, method, path):
    return visitor.get(filled_in(path)) if method == "GET" else visitor.post(filled_in(path))


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_exactly_what_it_may(visit, filled, role):
    visitor = visit("someone", role.value)
    for method, path, guard in PAGES:
        if isinstance(guard, Needs):
            allowed = ask(visitor, method, path).status_code != 403
            assert allowed == (guard.need in CAN[role]), (role, method, path)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_of_another_project_finds_nothing(visit, filled, role):
    visitor = visit("someone", role.value, project="elsewhere")
    for method, path, guard in PAGES:
        if isinstance(guard, Needs) and any(name in path for name in ("{queue", "{slot}", "{item}", "{round}")):
            assert ask(visitor, method, path).status_code == 404, (role, method, path)


def test_every_role_of_another_project_is_none_in_this_one(visit, filled, store):
    visitor = visit("someone", *(role.value for role in Role), project="elsewhere")
    grant(store, "someone", "default", Role.VIEWER.value, "system")
    for method, path, guard in PAGES:
        if isinstance(guard, Needs) and any(name in path for name in ("{queue", "{slot}", "{item}", "{round}")):
            allowed = ask(visitor, method, path).status_code != 403
            assert allowed == (guard.need in CAN[Role.VIEWER]), (method, path)


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_what_is_of_all_projects_needs_a_role_in_all_of_them(visit, filled, role):
    ours, one = visit("theirs", role), visit("someone", role, project="default")
    asked = [route for route in PAGES if isinstance(route[2], Needs) and route[2].project == EVERYWHERE]
    asked = [(method, path) for method, path, guard in asked if guard.need in CAN[role]]
    assert {path for _, path in asked} == OF_ALL[role]
    for method, path in asked:
        answer = ask(one, method, path)
        assert (answer.status_code, f"the role {role} in every project" in answer.text) == (403, True), path
        assert ask(ours, method, path).status_code != 403
    assert 'href="/audit"' not in one.get("/review").text


OF_ALL = {
    "admin": {"/people/add", "/people/{handle}/link", "/people/{handle}/abilities", "/people/{handle}/disable"},
    "auditor": {"/audit", "/audit/verify", "/audit/pack"},
}


@pytest.fixture
def two_projects(person):
    person("ben", "reviewer", project="beta")
    person("lena", "lead", project="alpha")
    person("rita", "admin")


def test_an_admin_of_one_project_sees_who_has_a_role_there_and_nobody_else(visit, two_projects, store):
    grant(store, "ben", "alpha", "lead", "rita")
    text = visit("bea", "admin", project="beta").get("/people").text
    assert all(f"<bdi>{who}</bdi>" in text for who in ("bea", "ben"))
    assert not any(word in text for word in ("lena", "rita", "alpha", "/disable", "/link", 'value="*"'))


def test_an_admin_of_one_project_gives_and_takes_roles_there_only(visit, two_projects, store):
    bea = visit("bea", "admin", project="beta")
    grant(store, "ben", "alpha", "reviewer", "rita")
    for act in ("grant", "revoke"):
        for project in ("*", "alpha", "elsewhere"):
            for who in ("bea", "ben"):
                answer = bea.post(f"/people/{who}/{act}", {"project": project, "role": "reviewer"})
                where = "every project" if project == "*" else f"project {project}"
                assert (answer.status_code, f"the role admin in {where}" in answer.text) == (403, True)
        assert bea.post(f"/people/lena/{act}", {"project": "beta", "role": "reviewer"}).status_code == 404
    assert bea.post("/people/ben/grant", {"project": "beta", "role": "adjudicator"}).status_code == 303
    assert bea.post("/people/ben/revoke", {"project": "beta", "role": "reviewer"}).status_code == 303
    assert find_person(store, handle="ben").grants == (("alpha", "reviewer"), ("beta", "adjudicator"))
    assert find_person(store, handle="bea").grants == (("beta", "admin"),)


@pytest.mark.parametrize("role", list(Role))
def test_a_token_reaches_exactly_what_its_owner_may(visit, filled, token, role):
    headers, visitor = token("someone", role.value), visit()
    for method, path, guard in API:
        if isinstance(guard, Needs):
            answer = visitor.http.request(
                method, filled_in(path), headers=headers, json={} if method == "POST" else None
            )
            assert (answer.status_code != 403) == (guard.need in CAN[role]), (role, method, path)


def test_a_token_opens_no_page(visit, filled, token):
    headers, visitor = token("someone", *(role.value for role in Role)), visit()
    for method, path, guard in PAGES:
        if method == "GET" and not isinstance(guard, apps.Anyone):
            assert visitor.http.get(filled_in(path), headers=headers).status_code == 401, path


def test_a_scope_narrows_what_a_token_may(visit, filled, token):
    headers, visitor = token("sender", "lead", scopes=("ingest",)), visit()
    assert visitor.http.get("/api/v1/queues/default/status", headers=headers).status_code == 403


def test_nobody_gets_nowhere_but_the_door(visit, filled):
    visitor = visit()
    for method, path, guard in PAGES:
        if guard is not None and not isinstance(guard, apps.Anyone):
            assert ask(visitor, method, path).status_code == 401, (method, path)


def test_an_account_without_a_role_may_nothing(visit, filled, person):
    person("new")
    visitor = visit("new")
    assert {ask(visitor, method, path).status_code for method, path, guard in PAGES if isinstance(guard, Needs)} == {
        403
    }


def test_an_unknown_address_is_no_page(visit):
    assert visit("ana", "admin").get("/queue").status_code == 404


@pytest.mark.parametrize("number", [2**31, 2**63, 10**20 - 1])
def test_a_number_no_database_counts_to_is_no_page(visit, filled, token, number):
    headers, visitor = token("someone", *(role.value for role in Role)), visit("someone")
    asked = [
        (method, re.sub(r"{(slot|item|seq|version|token|round|alarm)}", str(number), path))
        for method, path, _ in API + PAGES
    ]
    asked = [(method, path) for method, path in asked if str(number) in path]
    assert len(asked) > 30
    for method, path in asked:
        api = path.startswith("/api")
        answer = visitor.http.request(method, filled_in(path), headers=headers) if api else ask(visitor, method, path)
        assert answer.status_code == 404, path


def test_an_app_with_an_unguarded_route_is_not_built(store, monkeypatch, kit):
    router = APIRouter()
    router.add_api_route("/open", lambda: "anything")
    monkeypatch.setattr(apps, "ROUTERS", (*apps.ROUTERS, router))
    with pytest.raises(TypeError, match="/open"):
        make_app(store, Settings(hosts=(kit.HOST,), port=8080))


@pytest.mark.parametrize("duty", ["lead", "admin", "auditor"])
def test_who_runs_a_project_does_not_review_in_it(visit, filled, duty):
    visitor = visit("both", "reviewer", duty)
    answer = visitor.post("/review/default/claim")
    assert (answer.status_code, "does not review in it" in answer.text) == (403, True)


@pytest.mark.parametrize("duty", ["lead", "admin", "auditor"])
def test_who_runs_a_project_does_not_review_in_it_by_a_token_for_reviews_only_either(visit, filled, store, token, duty):
    headers, http = token("both", "reviewer", scopes=("review",)), visit().http
    assert http.post("/api/v1/queues/default/claim", headers=headers).json()["lease"]["slot"] == "1"
    grant(store, "both", "default", duty, "system")
    answers = [
        http.get("/api/v1/slots/1", headers=headers),
        http.post("/api/v1/queues/default/claim", headers=headers),
        http.post("/api/v1/slots/1/submit", headers=headers | {"idempotency-key": "k"}, json={}),
    ]
    assert [(one.status_code, "does not review in it" in one.text) for one in answers] == [(403, True)] * 3


def test_in_a_solo_project_one_person_does_everything(visit, filled, store):
    from sqlalchemy import update

    store.transact(lambda c: c.execute(update(schema.project).values(solo=True)))
    if not store.transact(lambda c: c.execute(schema.project.select()).all()):
        values = {"name": "default", "solo": True, "created_at": 0.0}
        store.transact(lambda c: c.execute(schema.project.insert().values(**values)))
    assert visit("both", "reviewer", "lead", "auditor").post("/review/default/claim").status_code == 303


def test_an_item_of_another_project_is_not_reached_through_ones_own_queue(visit, store, filled, kit):
    from sqlalchemy import update

    kit.fill(store, kit.unit(9), queue="theirs")
    theirs = schema.queue.c.name == "theirs"
    store.transact(lambda c: c.execute(update(schema.queue).where(theirs).values(project="secret")))
    lead = visit("lea", "lead", project="default")
    answer = lead.post("/queue/default/item/4/withdraw", {"reason": "not mine to take"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("role", "path"), [("reviewer", "/review"), ("adjudicator", "/adjudicate"), ("lead", "/queues")]
)
def test_a_list_names_the_queues_of_ones_own_projects_only(visit, store, filled, kit, role, path):
    kit.fill(store, kit.unit(9), queue="theirs")
    change = schema.queue.update().where(schema.queue.c.name == "theirs").values(project="secret")
    store.transact(lambda connection: connection.execute(change))
    text = visit("someone", role, project="default").get(path).text
    assert ("default" in text, "theirs" in text) == (True, False)


def test_a_reviewer_is_never_given_a_dispute(store, dispute, visit):
    cid = visit("cid", "reviewer")
    places = [cid.post("/review/default/claim").headers["location"] for _ in range(2)]
    assert places[0] == places[1] == "/review/slot/3"
    dan = visit("dan", "adjudicator")
    assert dan.post("/adjudicate/default/claim").headers["location"].startswith("/adjudicate/")
    with pytest.raises(Refused):
        claim(store, "default", "\x00")


@pytest.fixture
def dispute(store, filled, visit, kit):
    """Two who disagree on the first item: it is in dispute."""
    for who, marks in (("ana", (5, 5, 5, 5, 5)), ("ben", (1, 5, 5, 5, 5))):
        visitor = visit(who, "reviewer")
        where = visitor.post("/review/default/claim").headers["location"]
        fields = kit.verdict(*marks, evidence="1", **{"reason.groundedness": "it has no source"})
        assert visitor.post(f"{where}/submit", {**visitor.hidden(where), **fields}).status_code == 303


def of_slots(slot):
    """What one may ask of a slot by API and by page, whatever it is for."""
    for method, path, _ in API + PAGES:
        if "{slot}" in path and "{queue" not in path:
            yield method, filled_in(path.replace("{slot}", str(slot)))


def test_who_is_no_adjudicator_any_more_reads_and_decides_no_dispute(visit, store, dispute, token):
    headers = token("dan", "reviewer", "adjudicator")
    dan = visit("dan")
    slot = dan.post("/adjudicate/default/claim").headers["location"].rpartition("/")[2]
    assert dan.get(f"/adjudicate/{slot}").status_code == 200
    revoke(store, "dan", "*", "adjudicator", "system")
    for method, path in of_slots(slot):
        api = path.startswith("/api")
        answer = dan.http.request(method, path, headers=headers) if api else ask(dan, method, path)
        assert (answer.status_code, "the role adjudicator in project default" in answer.text) == (403, True), path


def test_a_token_judges_the_kind_of_slot_it_was_made_for(visit, store, dispute, token):
    wide, http = token("dan", "adjudicator"), visit().http
    found = http.post("/api/v1/queues/default/claim", headers=wide).json()["lease"]
    assert found["kind"] == "adjudicate"
    for scope, status in (("review", 403), ("adjudicate", 200)):
        secret = tokens.issue(store, find_person(store, handle="dan").id, "dan", name="narrow", scopes=(scope,))
        narrow = {"authorization": f"Bearer {secret}"}
        assert http.get(f"/api/v1/slots/{found['slot']}", headers=narrow).status_code == status


def test_an_auditor_sees_how_a_queue_goes_by_no_name_and_finds_no_act(visit, store, filled):
    claim(store, "default", "ana")
    lead, auditor = visit("lea", "lead"), visit("otto", "auditor")
    for path in ("/queue/default", "/queue/default/items", "/queue/default/rounds"):
        theirs, ours = lead.get(path), auditor.get(path)
        assert (theirs.status_code, ours.status_code) == (200, 200), path
        assert theirs.text.count("<form") > 1
        assert ours.text.count("<form") == 1, "only the one that signs out"
        assert (">ana<" in theirs.text) == ("reviewer:" in ours.text)
        assert not any(f">{who}<" in ours.text for who in ("ana", "kim"))
    assert "default" in auditor.get("/queues").text
    assert "/queues" in auditor.get("/audit").text


def test_who_never_judges_is_not_told_to_judge(visit, filled):
    for role, said in (
        ("reviewer", "once you have judged it"),
        ("auditor", "once it is settled"),
        ("lead", "once it is"),
    ):
        assert said in visit(f"the-{role}", role).get("/trace/1").text
