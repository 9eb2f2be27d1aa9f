"""Where a server may listen, that one file has one server, what it says at its start, and the demo."""

import socket

import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.errors import ConfigError
from traceeval.review import status, verify
from traceeval.review.upkeep import UpkeepSettings, WebhookSettings
from traceeval.web import demo, serving
from traceeval.web._lock import lock
from traceeval.web.accounts import Accounts
from traceeval.web.serving import Where, greeting, is_loopback, require_safe, serve

LOCAL, OTHERS = ("127.0.0.1", "::1", "localhost"), ("0.0.0.0", "192.168.0.2", "a.test")


def test_loopback_is_told_from_the_network():
    assert all(is_loopback(host) for host in LOCAL)
    assert not any(is_loopback(host) for host in OTHERS)


def test_the_network_is_refused_without_tls_and_without_accounts(store, person):
    with pytest.raises(ConfigError, match="--tls-cert"):
        require_safe(store, Where(host="0.0.0.0"), None)
    behind = Where(host="0.0.0.0", proxy=("10.0.0.1",))
    with pytest.raises(ConfigError, match="nobody has an account"):
        require_safe(store, behind, None)
    person("ana", "admin")
    Accounts(store).set_password("ana", "a sentence that is long")
    require_safe(store, behind, None)
    require_safe(store, Where(), None)


def test_one_file_has_one_server_until_it_ends(tmp_path):
    url = f"sqlite:///{tmp_path / 'review.db'}"
    held = lock(url)
    with pytest.raises(ConfigError, match="served already"):
        lock(url)
    held.close()
    lock(url).close()


def refuses(tmp_path, *words):
    """The command says why it does not serve, and by its exit code that it does not."""
    url = f"sqlite:///{tmp_path / 'review.db'}"
    done = CliRunner().invoke(main, ["serve", "--queue", url, *words])
    assert done.exit_code == 2, done.output
    return done.output


@pytest.fixture
def certificate(tmp_path):
    (tmp_path / "cert.pem").write_text("a certificate")
    return str(tmp_path / "cert.pem")


def bare(tmp_path, certificate):
    assert "--tls-cert" in refuses(tmp_path, "--host", "0.0.0.0")


def nobody(tmp_path, certificate):
    tls = ("--tls-cert", certificate, "--tls-key", certificate)
    assert "nobody has an account yet" in refuses(tmp_path, "--host", "0.0.0.0", *tls)


def twice(tmp_path, certificate):
    held = lock(f"sqlite:///{tmp_path / 'review.db'}")
    try:
        assert "served already" in refuses(tmp_path)
    finally:
        held.close()


def taken(tmp_path, certificate):
    with socket.create_server(("127.0.0.1", 0)) as other:
        said = refuses(tmp_path, "--port", str(other.getsockname()[1]))
    assert "name another --port" in said
    assert "serving" not in said


def homeless(tmp_path, certificate):
    said = refuses(tmp_path / "nowhere")
    assert "nowhere: no such folder; `traceeval evaluate" in said


@pytest.mark.parametrize("check", [bare, nobody, twice, taken, homeless], ids=lambda check: check.__name__)
def test_the_command_refuses_what_is_not_safe(tmp_path, certificate, check):
    check(tmp_path, certificate)


@pytest.mark.parametrize(
    ("guard", "broken", "check"),
    [
        ("require_safe", lambda *args: None, bare),
        ("has_accounts", lambda store: True, nobody),
        ("is_loopback", lambda host: True, bare),
        ("lock", lambda url: None, twice),
    ],
)
def test_a_server_that_starts_where_it_must_not_is_found(tmp_path, certificate, monkeypatch, guard, broken, check):
    import uvicorn

    monkeypatch.setattr(uvicorn, "run", lambda *args, **how: None)
    monkeypatch.setattr(serving, guard, broken)
    with pytest.raises(AssertionError):
        check(tmp_path, certificate)


def test_a_server_lock_of_postgresql_is_none():
    assert lock("postgresql+psycopg://nobody@nowhere/x") is None


def test_an_idle_connection_is_kept_for_longer_than_a_proxy_keeps_it(tmp_path, monkeypatch):
    told = {}
    monkeypatch.setattr("uvicorn.run", lambda app, **options: told.update(options))
    serve(f"sqlite:///{tmp_path / 'review.db'}", Where(port=0), lambda line: None)
    assert told["timeout_keep_alive"] > 60


def test_the_first_start_prints_a_setup_link_and_later_ones_do_not(store, person):
    assert "/auth/setup?token=" in greeting(store, Where())[1]
    person("ana", "admin")
    Accounts(store).set_password("ana", "a sentence that is long")
    assert len(greeting(store, Where())) == 1


def test_nothing_is_said_before_webhooks_have_their_secrets(tmp_path):
    hook = WebhookSettings(name="desk", url="https://hooks.example/x", secret_env="NOWHERE")
    said = []
    with pytest.raises(ConfigError, match="webhook desk: name its secret"):
        serve(
            f"sqlite:///{tmp_path / 'review.db'}", Where(port=0), said.append, upkeep=UpkeepSettings(webhooks=(hook,))
        )
    assert said == []


def test_hosts_are_those_of_the_address_and_of_the_proxy():
    assert Where(port=9).hosts == ("127.0.0.1:9", "localhost:9", "[::1]:9")
    assert "te.test" in Where(host="0.0.0.0", names=("te.test",), proxy=("10.0.0.1",)).hosts


def test_the_demo_has_work_in_every_state_and_a_record_that_holds(store):
    demo.fill(store, "one password for all of them")
    now = status(store, demo.QUEUE)
    assert {"resolved", "disputed", "in_review"} <= set(now.items)
    assert status(store, demo.PAIRS).items["queued"] == 3
    assert verify(store).problem is None
    assert "ana" in "\n".join(demo.greeting("x"))
