"""Guards one by one: each test here is the one that goes red when its guard is taken out (found by taking each out)."""

import re

import pytest
from sqlalchemy import select

from traceeval.errors import Refused
from traceeval.review import schema
from traceeval.review.abilities import opt_out
from traceeval.review.people import disable, find_person
from traceeval.web import _guard, invites, posted, sessions, throttle, tokens
from traceeval.web.accounts import Accounts, TooManyTries
from traceeval.web.routes.auth import _local

PASSWORD = "a sentence that is long"


class Cheap:
    """Stands in for argon2, which costs a tenth of a second by design; its own tests are in ``test_doors``."""

    def hash(self, password):
        return f"$cheap${password}"

    def verify(self, stored, password):
        return stored == self.hash(password)

    def check_needs_rehash(self, stored):
        return False


@pytest.fixture
def accounts(store, person, app):
    made = app.state.site.accounts
    made._hasher = Cheap()
    person("ana", "reviewer")
    made.set_password("ana", PASSWORD)
    return made


def login(visitor, fields=None, **more):
    token = re.search(r'name="token" value="([^"]+)"', visitor.get("/auth/login").text)[1]
    sent = {"token": token, "handle": "ana", "password": PASSWORD, "next": "/review", **(fields or {})}
    return visitor.http.post("/auth/login", data=sent, headers={**SAME, **more})


SAME = {"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8080"}


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
def test_nobody_is_signed_in_from_another_sites_form(visit, accounts, origin):
    visitor = visit()
    assert login(visitor, **{"origin": origin, "sec-fetch-site": "cross-site"}).status_code == 403
    assert login(visitor).status_code == 303


@pytest.mark.parametrize("token", ["", "of another window"])
def test_a_sign_in_form_is_of_the_window_it_was_made_for(visit, accounts, token):
    assert login(visit(), {"token": token}).status_code == 403


def test_a_sign_in_form_without_its_cookie_is_refused(visit, accounts):
    assert visit().post("/auth/login", {"token": "", "handle": "ana", "password": PASSWORD}).status_code == 403


AWAY = ["//evil.test", "/\\evil.test", "https://evil.test", "\\\\evil.test", "/a\nb", "javascript:alert(1)", ""]


@pytest.mark.parametrize("path", AWAY)
def test_after_signing_in_one_is_never_sent_to_another_site(visit, accounts, path):
    assert login(visit(), {"next": path}).headers["location"] == "/review"
    assert _local(path) == "/review"


def test_signing_in_ends_the_session_the_browser_had(visit, accounts, store):
    visitor = visit("ana")
    before = visitor.http.cookies["te_session_8080"]
    assert login(visitor).status_code == 303
    assert sessions.find(store, before, 1800) is None


def guesses(accounts, names, addresses):
    """What came of one guess after the other: whether it was let through."""
    found = []
    for name, address in zip(names, addresses, strict=True):
        try:
            accounts.sign_in(name, "wrong", address)
            found.append(True)
        except TooManyTries:
            found.append(False)
    return found


def test_guesses_at_one_name_are_counted_from_wherever_and_however_it_is_written(accounts):
    names = [name for pair in zip(["ana"] * 6, ["ANA"] * 6, strict=True) for name in pair]
    assert guesses(accounts, names, [f"10.0.0.{n}" for n in range(12)]) == [True] * 10 + [False] * 2


def test_guesses_from_one_address_are_counted_whatever_the_name(accounts):
    assert guesses(accounts, [f"name {n}" for n in range(12)], ["10.0.0.9"] * 12) == [True] * 10 + [False] * 2


def test_a_sign_in_that_succeeds_is_no_guess(accounts):
    for _ in range(3):
        guesses(accounts, ["ana"] * 9, ["10.0.0.1"] * 9)
        assert accounts.sign_in("ana", PASSWORD, "10.0.0.1") is not None


def test_a_long_name_is_counted_as_one(store):
    waits = [throttle.wait_s(store, "x" * 400 + str(n)) for n in range(11)]
    assert [bool(wait) for wait in waits] == [False] * 10 + [True]


@pytest.mark.parametrize("password", ["short", "x" * 1001])
def test_a_password_that_does_not_fit_is_refused_where_it_is_changed_too(visit, accounts, password):
    visitor = visit("ana")
    answer = visitor.post("/account/password", {"old": PASSWORD, "password": password})
    assert (answer.status_code, "at least 12 characters" in answer.text) == (422, True)
    with pytest.raises(Refused):
        accounts.set_password("ana", password)


def test_a_new_password_needs_the_old_one_and_ends_every_session(visit, accounts):
    here, elsewhere = visit("ana"), visit("ana")
    new = {"password": "another sentence that is long"}
    assert here.post("/account/password", {"old": "a guess of mine", **new}).status_code == 422
    assert elsewhere.get("/review").status_code == 200
    assert here.post("/account/password", {"old": PASSWORD, **new}).status_code == 303
    assert [one.get("/review").status_code for one in (here, elsewhere)] == [401, 401]


def test_an_admin_does_not_shut_their_own_account(visit):
    root = visit("root", "admin")
    assert root.post("/people/root/disable", {"disabled": "1"}).status_code == 422
    assert root.get("/people").status_code == 200


@pytest.mark.parametrize(("role", "project"), [("emperor", "*"), ("lead", " ")])
def test_only_a_role_there_is_is_given_and_only_somewhere(visit, role, project):
    root = visit("root", "admin")
    assert root.post("/people/root/grant", {"role": role, "project": project}).status_code == 422


def test_of_two_who_hold_a_link_at_once_one_gets_through(store, accounts, monkeypatch):
    secret = invites.invite(store, project="*", roles=("viewer",))
    found = invites.find(store, secret)
    monkeypatch.setattr(invites, "find", lambda *_: found)
    invites.accept(store, accounts, secret, "first", PASSWORD)
    with pytest.raises(Exception, match="was used already"):
        invites.accept(store, accounts, secret, "second", PASSWORD)


def test_a_closed_accounts_token_is_dead_at_once(visit, filled, token, store):
    headers, http = token("ana", "reviewer"), visit().http
    assert http.get("/api/v1/queues/default/status", headers=headers).status_code == 200
    disable(store, "ana", "ana")
    assert http.get("/api/v1/queues/default/status", headers=headers).status_code == 401


@pytest.mark.parametrize("scheme", ["Basic", "", "Token"])
def test_a_token_comes_as_a_bearer_only(visit, filled, token, scheme):
    secret = token("ana", "reviewer")["authorization"].split()[1]
    sent = {"authorization": f"{scheme} {secret}".strip()}
    assert visit().http.get("/api/v1/queues/default/status", headers=sent).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "days"), [((), 90), (("read", "everything"), 90), (("read",), 0), (("read",), -1), (("read",), 367)]
)
def test_a_token_has_scopes_there_are_and_ends_within_a_year(store, person, scopes, days):
    with pytest.raises(Refused, match="a token"):
        tokens.issue(store, person("ana").id, "ana", name="x", scopes=scopes, days=days)


def test_nobody_ends_a_token_of_another(visit, token, store):
    headers = token("ana", "reviewer")
    with store.read() as connection:
        number = connection.execute(select(schema.api_token.c.id)).scalar_one()
    visit("ben", "reviewer").post(f"/account/token/{number}/revoke")
    with store.read() as connection:
        assert tokens.find(store, connection, headers["authorization"].split()[1]) is not None


def test_the_queue_of_a_question_is_guarded_like_one_in_the_address(visit, filled, token):
    headers = token("vic", "viewer", project="elsewhere")
    for path in ("estimates", "agreement"):
        assert visit().http.get(f"/api/v1/{path}?queue=default", headers=headers).status_code == 404


@pytest.mark.parametrize("length", ["ten", "-1", "1e3"])
def test_a_length_that_is_no_number_is_refused(visit, length):
    assert visit().http.post("/auth/login", content=b"x", headers={"content-length": length}).status_code == 413


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/api/v1/traces", 64 << 20),
        ("/queue/q/rounds", 8 << 20),
        ("/review/q/claim", 1 << 20),
        ("/auth/login", 1 << 20),
    ],
)
def test_a_body_may_be_as_large_as_its_address_takes(visit, path, limit):
    answers = [visit().http.post(path, headers={"content-length": str(n)}).status_code for n in (limit, limit + 1)]
    assert (answers[0] != 413, answers[1]) == (True, 413)
    assert _guard._limit(path) == limit


@pytest.mark.parametrize(("language", "todo"), [("en", "Go back to the form"), ("de", "Gehen Sie zum Formular zurück")])
def test_a_form_over_its_limit_is_answered_by_a_page_that_says_what_to_do(visit, language, todo):
    headers = {"content-length": str(1 << 40), "accept-language": language}
    answer = visit().http.post("/review/default/claim", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert todo in answer.text


def test_a_body_over_its_limit_is_answered_by_a_problem_in_the_api(visit):
    answer = visit().http.post("/api/v1/traces", headers={"content-length": str(1 << 40)})
    assert (answer.headers["content-type"], answer.json()["code"]) == ("application/problem+json", "too_large")
    assert answer.json()["detail"] == "the body is larger than 67108864 bytes; nothing was stored"


def test_a_refusal_of_the_outer_wall_carries_the_policy_too(visit):
    for headers in ({"host": "evil.test"}, {"content-length": str(1 << 40)}):
        answer = visit().http.post("/auth/login", headers=headers)
        assert answer.status_code in (400, 413)
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_a_form_is_sent_as_a_form(visit, filled, kind):
    ana = visit("ana", "reviewer")
    sent = {**SAME, "content-type": kind}
    assert ana.http.post("/review/default/claim", content=f"csrf={ana.csrf}", headers=sent).status_code == 415


def test_a_form_has_so_many_fields_and_no_more(visit, filled):
    ana = visit("ana", "reviewer")
    many = {f"f{n}": "" for n in range(posted.MAX_FIELDS + 1)}
    assert ana.post("/review/default/claim", many).status_code == 400
    parts = dict.fromkeys(many, (None, "")) | {"csrf": (None, ana.csrf)}
    assert ana.http.post("/review/default/claim", files=parts, headers=SAME).status_code == 400


def test_a_form_that_asks_for_no_file_takes_none(visit, filled):
    ana = visit("ana", "reviewer")
    parts = {"csrf": (None, ana.csrf), "extra": ("a.txt", "a file")}
    assert ana.http.post("/review/default/claim", files=parts, headers=SAME).status_code == 400


def test_a_part_of_a_form_is_no_larger_than_a_form(visit, filled):
    lea = visit("lea", "lead")
    parts = {"csrf": (None, lea.csrf), "target": (None, "x" * (posted.MAX_PART + 1)), "rubric": (None, "")}
    assert lea.http.post("/queue/default/rounds", files=parts, headers=SAME).status_code == 400


def test_a_slot_of_somebody_else_is_no_page_and_one_of_mine_that_is_gone_says_so(visit, filled, store):
    ana = visit("ana", "reviewer")
    where = ana.post("/review/default/claim").headers["location"]
    assert visit("ben", "reviewer").get(where).status_code == 404
    fields = ana.hidden(where)
    assert ana.post(f"{where}/decline", {**fields, "reason": "broken"}).status_code == 303
    assert ana.get(where).status_code == 404
    again = ana.post("/review/default/claim").headers["location"]
    change = schema.slot.update().where(schema.slot.c.id == int(again.rpartition("/")[2])).values(state="void")
    store.transact(lambda connection: connection.execute(change))
    assert ana.get(again).status_code == 409


def test_an_adjudicator_is_given_no_dispute_where_reviews_are_taken(visit, filled, kit, token):
    for who, marks in (("ana", (5, 5, 5, 5, 5)), ("ben", (1, 5, 5, 5, 5))):
        visitor = visit(who, "reviewer")
        where = visitor.post("/review/default/claim").headers["location"]
        fields = kit.verdict(*marks, evidence="1", **{"reason.groundedness": "it has no source"})
        assert visitor.post(f"{where}/submit", {**visitor.hidden(where), **fields}).status_code == 303
    dan = visit("dan", "adjudicator")
    assert dan.post("/review/default/claim").headers["location"] == "/review/slot/3"
    reviewer, adjudicator = token("eve", "reviewer"), token("fay", "adjudicator")
    taken = [
        visit().http.post("/api/v1/queues/default/claim", headers=headers).json()["lease"]["kind"]
        for headers in (reviewer, adjudicator)
    ]
    assert taken == ["review", "adjudicate"]


def test_a_text_of_the_api_has_its_limit(visit, filled, token):
    http, headers = visit().http, token("ana", "reviewer")
    fence = http.post("/api/v1/queues/default/claim", headers=headers).json()["lease"]["fence"]
    body = {"fence": fence, "rationale": "x" * 20_001}
    answer = http.post("/api/v1/slots/1/submit", json=body, headers={**headers, "Idempotency-Key": "k"})
    assert (answer.status_code, "20000 characters" in answer.json()["detail"]) == (422, True)


def test_a_secure_site_says_that_it_is_reached_by_tls_only(visit, store):
    from fastapi.testclient import TestClient

    from traceeval.web import Settings, make_app

    app = make_app(store, Settings(hosts=("te.test",), port=443, secure=True))
    assert "max-age" in TestClient(app, base_url="https://te.test").get("/healthz").headers["strict-transport-security"]
    assert "strict-transport-security" not in visit().get("/healthz").headers


def test_the_hasher_that_ships_is_not_the_cheap_one(store):
    assert type(Accounts(store)._hasher).__name__ == "PasswordHasher"


def test_languages_of_somebody_who_is_there_are_stated_anew(visit, store, person):
    person("ana", "reviewer")
    assert visit("root", "admin").post("/people/ana/abilities", {"langs": "de, en", "tags": "law"}).status_code == 303
    found = find_person(store, handle="ana")
    assert (found.langs, found.tags) == (("de", "en"), ("law",))
    assert visit("root").post("/people/nobody/abilities", {"langs": "de"}).status_code == 404


def test_an_account_page_lists_the_kinds_of_content_of_ones_own_projects_and_what_one_chose(visit, store, kit):
    kit.fill(store, kit.unit(1, warnings=("self_harm",)))
    projects = ("*", "default", "other")
    visitors = [visit(f"of {one}", "reviewer", project=one) for one in projects]
    assert ["self harm" in one.get("/account").text for one in visitors] == [True, True, False]
    opt_out(store, "of other", ["self_harm"])
    assert "self harm" in visitors[-1].get("/account").text


def test_who_opts_out_of_a_kind_of_content_is_never_given_it(visit, store, kit):
    kit.fill(store, kit.unit(1, warnings=("self_harm",)))
    ana = visit("ana", "reviewer")
    assert "self harm" in ana.get("/account").text
    assert ana.post("/account/warnings", {"category": "self_harm"}).status_code == 303
    assert "checked" in ana.get("/account").text
    assert "/review/slot/" not in ana.post("/review/default/claim").headers.get("location", "")
    ana.post("/account/warnings")
    assert "/review/slot/" in ana.post("/review/default/claim").headers["location"]
