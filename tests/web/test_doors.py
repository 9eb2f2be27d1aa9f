"""Signing in, and what keeps others out: hosts, origins, form tokens, sessions, throttling (review.md section 15)."""

import inspect
import re
import statistics
import time
from collections import Counter
from functools import partial

import pytest

from traceeval.review.people import disable, find_person, revoke
from traceeval.web import callers, invites, sessions, throttle, tokens
from traceeval.web.accounts import Accounts

PASSWORD = "a sentence that is long"


@pytest.fixture
def member(store, person):
    found = person("ana", "reviewer")
    Accounts(store).set_password("ana", PASSWORD)
    return found


def sign_in(visitor, handle="ana", password=PASSWORD, **more):
    page = visitor.get("/auth/login")
    token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    return visitor.post(
        "/auth/login", {"token": token, "handle": handle, "password": password, "next": "/review"}, **more
    )


def test_a_password_opens_the_pages_and_a_wrong_one_does_not(visit, member):
    visitor = visit()
    assert visitor.get("/review").status_code == 401
    assert sign_in(visitor, password="not the sentence").status_code == 401
    assert sign_in(visitor).headers["location"] == "/review"
    assert visitor.get("/review").status_code == 200


def form_of(page):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def test_whoever_is_stopped_at_a_page_signs_in_by_the_form_shown_there_and_comes_to_that_page(visit, member):
    visitor = visit()
    stopped = visitor.get("/review?page=2")
    assert stopped.status_code == 401
    done = visitor.post("/auth/login", {**form_of(stopped), "handle": "ana", "password": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/review?page=2")


def test_of_several_windows_that_were_stopped_any_may_sign_in(visit, member):
    visitor = visit()
    first, _, _ = visitor.get("/review"), visitor.get("/account"), visitor.get("/auth/login")
    done = visitor.post("/auth/login", {**form_of(first), "handle": "ana", "password": PASSWORD})
    assert done.status_code == 303


def test_signing_in_gives_a_new_session_whatever_the_browser_brought(visit, member, store):
    visitor = visit()
    visitor.http.cookies.set("te_session_8080", "chosen-by-an-attacker")
    sign_in(visitor)
    held = visitor.http.cookies.get("te_session_8080", domain="127.0.0.1")
    assert held not in (None, "chosen-by-an-attacker")
    assert sessions.find(store, "chosen-by-an-attacker", 1800) is None


def test_a_name_is_sent_where_it_wanted_to_go_but_never_to_another_site(visit, member):
    visitor = visit()
    page = visitor.get("/auth/login?next=//evil.test/x")
    assert 'name="next" value="/review"' in page.text


def test_signing_out_ends_the_session_on_the_server(visit, member, store):
    visitor = visit("ana")
    name = visitor.http.cookies["te_session_8080"]
    visitor.post("/auth/logout")
    assert sessions.find(store, name, 1800) is None


@pytest.mark.parametrize("seconds", [31 * 60, 13 * 3600])
def test_a_session_ends_when_it_is_idle_or_old(visit, member, clock, seconds):
    visitor = visit("ana")
    clock.now += seconds
    assert visitor.get("/review").status_code == 401


def test_a_session_that_is_used_lives_on_to_its_absolute_end(visit, member, clock):
    visitor = visit("ana")
    for _ in range(24):
        clock.now += 29 * 60
        assert visitor.get("/review").status_code == 200
    clock.now += 29 * 60
    assert visitor.get("/review").status_code == 401


def test_a_role_taken_back_is_gone_with_the_next_request(visit, member, store, filled):
    visitor = visit("ana")
    assert visitor.get("/review").status_code == 200
    revoke(store, "ana", "*", "reviewer", "ana")
    assert visitor.get("/review").status_code == 403


def test_a_closed_account_is_out_with_the_next_request(visit, member, store):
    visitor = visit("ana")
    assert visitor.get("/review").status_code == 200
    disable(store, "ana", "ana")
    assert visitor.get("/review").status_code == 401


def test_a_token_taken_back_is_dead_with_the_next_request(visit, member, filled, store, token):
    headers, http = token("bot", "reviewer"), visit().http
    assert http.get("/api/v1/queues/default/status", headers=headers).status_code == 200
    bot = find_person(store, handle="bot").id
    tokens.revoke(store, tokens.of(store, bot)[0].id, bot, "bot")
    assert http.get("/api/v1/queues/default/status", headers=headers).status_code == 401


def keeps_the_name(patch):
    """Signing in goes on under the name the browser brought."""
    patch.setattr(sessions.secrets, "token_urlsafe", lambda size: "chosen-by-an-attacker")


def forgets_the_cookie_only(patch):
    patch.setattr(sessions, "end", lambda store, session: None)


def never_idle(patch):
    patch.setattr(sessions, "min", lambda idle, end: end, raising=False)


def never_old(patch):
    patch.setattr(sessions, "min", lambda idle, end: idle, raising=False)


def remembers_people(patch):
    """Who somebody is and what they may is looked up once."""
    known, find = {}, callers.find_person
    patch.setattr(callers, "find_person", lambda store, person: known.setdefault(person, find(store, person=person)))


def remembers_tokens(patch):
    known, find = {}, tokens.find
    patch.setattr(tokens, "find", lambda store, c, secret: known.setdefault(secret, find(store, c, secret)))


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (keeps_the_name, test_signing_in_gives_a_new_session_whatever_the_browser_brought),
        (forgets_the_cookie_only, test_signing_out_ends_the_session_on_the_server),
        (never_idle, partial(test_a_session_ends_when_it_is_idle_or_old, seconds=31 * 60)),
        (never_old, test_a_session_that_is_used_lives_on_to_its_absolute_end),
        (remembers_people, test_a_role_taken_back_is_gone_with_the_next_request),
        (remembers_people, test_a_closed_account_is_out_with_the_next_request),
        (remembers_tokens, test_a_token_taken_back_is_dead_with_the_next_request),
    ],
)
def test_a_session_that_outlives_its_end_is_found(monkeypatch, request, fault, check):
    wanted = [name for name in inspect.signature(check).parameters if name != "seconds"]
    given = {name: request.getfixturevalue(name) for name in wanted}
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        check(**given)


def test_ten_wrong_passwords_a_minute_and_no_more(visit, member, clock):
    visitor = visit()
    answers = [sign_in(visitor, password=f"guess number {n}").status_code for n in range(15)]
    assert answers == [401] * 10 + [429] * 5
    clock.now += 61
    assert sign_in(visitor).status_code == 303


def test_guessing_is_counted_by_address_too(store):
    assert [bool(throttle.wait_s(store, f"name:{n}", "from:10.0.0.9")) for n in range(12)] == [False] * 10 + [True] * 2


def test_an_unknown_name_is_answered_like_a_wrong_password(visit, member):
    visitor = visit()
    known, unknown = (sign_in(visitor, handle=handle, password="not the sentence").text for handle in ("ana", "nobody"))
    assert re.sub(r'value="[^"]*"', "", known) == re.sub(r'value="[^"]*"', "", unknown)


def test_an_unknown_name_costs_a_hash_as_a_known_one_does(store, member, monkeypatch):
    accounts, hashed = Accounts(store), []
    monkeypatch.setattr(accounts, "_fits", lambda stored, password: hashed.append(stored) or False)
    accounts.sign_in("ana", "wrong", "a")
    accounts.sign_in("nobody", "wrong", "b")
    assert [one.split("$")[1:4] for one in hashed] == [hashed[0].split("$")[1:4]] * 2


def test_passwords_are_kept_as_argon2id(store, member):
    from traceeval.review.people import password_hash

    assert password_hash(store, "ana").startswith("$argon2id$")


def test_the_setup_link_makes_the_first_admin_once(visit, store):
    secret = invites.invite(store, project="*", roles=("admin",))
    visitor = visit()
    page = visitor.get(f"/auth/setup?token={secret}")
    token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    fields = {"token": token, "secret": secret, "handle": "root", "password": "short"}
    refused = visitor.post("/auth/setup", fields)
    assert (refused.status_code, "at least 12 characters" in refused.text) == (422, True)
    assert visitor.post("/auth/setup", {**fields, "password": PASSWORD}).status_code == 303
    assert visitor.get("/people").status_code == 200
    assert visit().get(f"/auth/setup?token={secret}").status_code == 404


def test_a_setup_link_runs_out(visit, store, clock):
    secret = invites.invite(store, project="*", roles=("admin",))
    clock.now += 73 * 3600
    assert visit().get(f"/auth/setup?token={secret}").status_code == 404


def test_a_foreign_host_name_is_not_answered(visit):
    assert visit().get("/healthz", headers={"host": "evil.test"}).status_code == 400
    assert visit().get("/healthz").status_code == 200


FOREIGN = [
    {"origin": "https://evil.test"},
    {"origin": "null"},
    {"origin": "https://evil.test", "sec-fetch-site": "cross-site"},
    {"origin": "http://127.0.0.1:8080", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_from_elsewhere_changes_nothing(visit, filled, headers):
    visitor = visit("ana", "reviewer")
    answer = visitor.http.post("/review/default/claim", data={"csrf": visitor.csrf}, headers=headers)
    assert answer.status_code == 403


def test_a_browser_that_hides_its_origin_but_says_same_origin_is_ours(visit, filled):
    visitor = visit("ana", "reviewer")
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert visitor.http.post("/review/default/claim", data={"csrf": visitor.csrf}, headers=headers).status_code == 303


@pytest.mark.parametrize("csrf", ["", "of another session"])
def test_a_form_without_its_sessions_token_changes_nothing(visit, filled, csrf):
    visitor = visit("ana", "reviewer")
    answer = visitor.post("/review/default/claim", {"csrf": csrf})
    assert (answer.status_code, "reload the page" in answer.text) == (403, True)


def test_every_answer_carries_the_policy(visit, filled):
    for answer in (visit().get("/auth/login"), visit().get("/nowhere"), visit("ana", "reviewer").get("/review")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_a_body_over_its_limit_is_refused_in_words(visit, filled):
    visitor = visit("ana", "reviewer")
    answer = visitor.post("/review/default/claim", {"rationale": "x" * 1_100_000})
    assert (answer.status_code, "larger than" in answer.text) == (413, True)


def test_a_chunked_body_over_its_limit_is_refused_too(visit, filled, kit):
    visitor = visit("ana", "reviewer")

    def body():
        yield f"csrf={visitor.csrf}&rationale=".encode()
        for _ in range(30):
            yield b"x" * 50_000

    headers = {**kit.SAME, "content-type": "application/x-www-form-urlencoded"}
    assert visitor.http.post("/review/default/claim", content=body(), headers=headers).status_code == 413


def test_cookies_of_a_secure_site_are_host_bound(store, member, kit):
    from fastapi.testclient import TestClient

    from traceeval.web import Settings, make_app

    app = make_app(store, Settings(hosts=("te.test",), port=443, secure=True))
    http = TestClient(app, base_url="https://te.test", follow_redirects=False)
    token = re.search(r'name="token" value="([^"]+)"', http.get("/auth/login").text)[1]
    fields = {"token": token, "handle": "ana", "password": PASSWORD, "next": ""}
    answer = http.post("/auth/login", data=fields, headers={"origin": "https://te.test"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-te_session=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert answer.headers["strict-transport-security"]


@pytest.mark.soak
@pytest.mark.parametrize("n", [1000])
def test_of_many_guesses_in_a_minute_ten_are_looked_at(visit, member, figure, n):
    """Check 29: the rest is refused before a password is hashed."""
    assert guessed(visit(), n) == {401: 10, 429: n - 10}
    figure("29 guesses", f"{n:,} in a minute: 10 looked at, {n - 10:,} refused unseen")


@pytest.mark.soak
def test_a_door_that_does_not_count_is_found(visit, member, monkeypatch):
    monkeypatch.setattr(throttle, "wait_s", lambda *args: 0.0)
    assert guessed(visit(), 11) == {401: 11}


def guessed(visitor, n):
    """The answers to n wrong passwords sent at once."""
    codes = Counter()
    page = visitor.get("/auth/login")
    token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    for number in range(n):
        form = {"token": token, "handle": "ana", "password": f"guess number {number}", "next": "/review"}
        codes[visitor.post("/auth/login", form).status_code] += 1
    return codes


@pytest.mark.soak
def test_how_long_a_known_and_an_unknown_name_take_is_noted(store, member, clock, figure):
    accounts, took = Accounts(store), {"ana": [], "nobody": []}
    for number in range(60):
        clock.now += 61
        for handle, times in took.items():
            begin = time.perf_counter()
            assert accounts.sign_in(handle, "wrong", f"{handle} {number}") is None
            times.append(1000 * (time.perf_counter() - begin))
    known, unknown = (statistics.median(took[handle]) for handle in ("ana", "nobody"))
    figure(
        "29 guesses",
        f"median of 60 wrong passwords: known name {known:.1f} ms, unknown {unknown:.1f} ms ({unknown / known - 1:+.1%})",
    )
