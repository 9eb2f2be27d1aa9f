"""What another site could make somebody's browser send, to every route that changes something (review.md check 27)."""

import pytest
from sqlalchemy import select
from tests.web.test_roles import API, PAGES, filled_in

from traceeval.review import schema
from traceeval.web import _guard, callers, posted
from traceeval.web._site import site_of
from traceeval.web.app import Anyone
from traceeval.web.callers import Needs
from traceeval.web.roles import CAN

pytestmark = pytest.mark.usefixtures("round_and_alarm")
CHANGING = [(path, guard) for method, path, guard in PAGES if method == "POST"]
OURS = {"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8080"}
AWAY = (
    {"origin": "https://evil.test"},
    {"origin": "null"},
    {"origin": "https://evil.test", "sec-fetch-site": "cross-site"},
    {"origin": "http://127.0.0.1:8080", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {},
)
WORDS = ("not sent from a page of this server", "sent from another site")
STALE = ("older than your session", "made for another browser window")


@pytest.fixture
def someone(visit, filled):
    """Whoever may use a route: one person for each role, nobody where it is open."""
    known = {}

    def come(guard):
        role = next((role.value for role in CAN if guard.need in CAN[role]), "viewer")
        role = None if isinstance(guard, Anyone) else role
        if role not in known:
            known[role] = visit(role and f"{role}-1", *filter(None, [role]))
        return known[role]

    return come


def recorded(store):
    with store.read() as connection:
        return connection.execute(select(schema.audit_head.c.hash)).scalar_one()


def refused(answer, words, where):
    assert answer.status_code == 403, (where, answer.status_code)
    assert any(said in answer.text for said in words), (where, answer.text)


def forged_from_elsewhere(someone, store):
    """The session's cookie and even its token, from another site's page."""
    people = {path: someone(guard) for path, guard in CHANGING}
    before = recorded(store)
    for path, visitor in people.items():
        for headers in AWAY:
            sent = visitor.http.post(filled_in(path), data={"csrf": visitor.csrf}, headers=headers)
            refused(sent, WORDS, (path, headers))
    assert recorded(store) == before


def forged_without_the_token(someone, store):
    """From a page that passes for ours, without the token of the session, or of the window before there is one."""
    people = {path: someone(guard) for path, guard in CHANGING}
    before = recorded(store)
    for path, visitor in people.items():
        for csrf in ("", "of another session"):
            sent = visitor.http.post(filled_in(path), data={"csrf": csrf, "token": csrf}, headers=OURS)
            refused(sent, STALE, path)
    assert recorded(store) == before


def forged_for_the_api(someone, store):
    """A browser sends cookies by itself; the API takes none."""
    for method, path, guard in API:
        if isinstance(guard, Needs):
            sent = {"headers": OURS, **({"json": {}} if method == "POST" else {})}
            assert someone(guard).http.request(method, filled_in(path), **sent).status_code == 401, path


def forged_by_another_name(someone, store):
    """A foreign name that was made to point here."""
    for path, guard in CHANGING:
        visitor = someone(guard)
        sent = visitor.post(filled_in(path), host="evil.test")
        assert sent.status_code == 400, path


FORGERIES = [forged_from_elsewhere, forged_without_the_token, forged_for_the_api, forged_by_another_name]


@pytest.mark.parametrize("forged", FORGERIES, ids=lambda forged: forged.__name__)
def test_nothing_forged_gets_through_anywhere(someone, store, forged):
    assert len(CHANGING) > 25
    forged(someone, store)


def any_origin(patch):
    patch.setattr(callers, "require_own_origin", lambda request, site: None)


def no_token(patch):
    patch.setattr(posted, "require_token", lambda caller, sent: None)


def one_form_without(patch):
    """One route of all reads its form without asking for the token."""
    whole = posted._require_ours
    open_ = "/calibration/1/note"
    patch.setattr(posted, "_require_ours", lambda request, form: request.url.path == open_ or whole(request, form))


def cookies_at_the_api(patch):
    patch.setattr(callers, "by_token", lambda request, *rest: callers.by_session(request, site_of(request)))


def any_host(patch):
    class Everybody(frozenset):
        def __contains__(self, host):
            return True

    patch.setattr(_guard, "frozenset", Everybody, raising=False)


@pytest.mark.parametrize(
    ("fault", "forged"),
    [
        (any_origin, forged_from_elsewhere),
        (no_token, forged_without_the_token),
        (one_form_without, forged_without_the_token),
        (cookies_at_the_api, forged_for_the_api),
        (any_host, forged_by_another_name),
    ],
    ids=lambda one: one.__name__,
)
def test_a_site_that_lets_one_through_is_found(monkeypatch, request, fault, forged):
    fault(monkeypatch)
    someone, store = request.getfixturevalue("someone"), request.getfixturevalue("store")
    with pytest.raises(AssertionError):
        forged(someone, store)
