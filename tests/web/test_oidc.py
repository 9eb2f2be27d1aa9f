"""Sign-in by an OpenID provider against a provider of our own on loopback: the whole dance, and each check of it."""

import socket
import threading
import time
from urllib.parse import parse_qs, urlparse

import pytest
import uvicorn
from fastapi import FastAPI, Form
from fastapi.testclient import TestClient
from joserfc import jwk, jwt

from traceeval.review.people import add_person, grant
from traceeval.web import Oidc, Settings, make_app

HOST = "127.0.0.1:8080"
REDIRECT = f"http://{HOST}/auth/callback"


class Provider:
    """Says who somebody is. ``claims`` override what the token says."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.issuer, self.claims, self.asked = f"http://127.0.0.1:{self.port}", {}, {}
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "k1"})
        self.signs_with = self.key
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self.metadata)
        app.get("/jwks")(lambda: {"keys": [self.key.as_dict(private=False)]})
        app.post("/token")(self.token)
        self.server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    def metadata(self):
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint": f"{self.issuer}/token", "id_token_signing_alg_values_supported": ["RS256"],
        }  # fmt: skip

    def token(self, code: str = Form(), code_verifier: str = Form()):
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": "us",
            "sub": "subject-7",
            "iat": now,
            "exp": now + 60,
            "nonce": self.asked["nonce"],
        }
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, {**told, **self.claims}, self.signs_with)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def close(self):
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def provider():
    made = Provider()
    yield made
    made.close()


@pytest.fixture
def browser(store, provider):
    oidc = Oidc(issuer=provider.issuer, client_id="us", client_secret="secret", redirect=REDIRECT)
    app = make_app(store, Settings(hosts=(HOST,), port=8080, oidc=oidc))
    return TestClient(app, base_url=f"http://{HOST}", follow_redirects=False)


def test_the_form_that_stops_somebody_offers_the_provider_too(browser):
    assert 'href="/auth/oidc"' in browser.get("/review").text


def come_back(browser, provider, **changed):
    sent = browser.get("/auth/oidc")
    asked = {name: values[0] for name, values in parse_qs(urlparse(sent.headers["location"]).query).items()}
    provider.asked = asked
    return asked, browser.get("/auth/callback", params={"code": "c", "state": asked["state"], **changed})


def test_somebody_with_an_account_comes_in(browser, provider, store):
    add_person(store, "ana", "system", sub="subject-7")
    grant(store, "ana", "*", "reviewer", "system")
    asked, answer = come_back(browser, provider)
    assert (asked["code_challenge_method"], asked["redirect_uri"]) == ("S256", REDIRECT)
    assert answer.headers["location"] == "/review"
    assert browser.get("/review").status_code == 200


def test_an_unknown_subject_gets_no_role_and_is_told_which_it_is(browser, provider):
    _, answer = come_back(browser, provider)
    assert (answer.status_code, "subject-7" in answer.text) == (403, True)
    assert browser.get("/review").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "somebody else"}, {"exp": 1}, {"iss": "http://evil.test"}],
    ids=["nonce", "audience", "expired", "issuer"],
)
def test_a_token_that_does_not_hold_lets_nobody_in(browser, provider, store, claims):
    add_person(store, "ana", "system", sub="subject-7")
    provider.claims = claims
    assert come_back(browser, provider)[1].status_code == 422


def test_a_token_signed_by_somebody_else_lets_nobody_in(browser, provider, store):
    add_person(store, "ana", "system", sub="subject-7")
    provider.signs_with = jwk.RSAKey.generate_key(2048, {"kid": "k1"})
    assert come_back(browser, provider)[1].status_code == 422


def test_a_state_of_another_browser_lets_nobody_in(browser, provider, store):
    add_person(store, "ana", "system", sub="subject-7")
    assert come_back(browser, provider, state="made up")[1].status_code == 422


def test_without_a_provider_there_is_no_such_page(visit):
    assert visit().get("/auth/oidc").status_code == 404
