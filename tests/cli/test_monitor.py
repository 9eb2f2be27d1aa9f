"""``traceeval monitor``: an alarm, its exit code, and that it is told once."""

import base64
import hmac
import http.server
import json
import shutil
import threading
from hashlib import sha256

import pytest
from click.testing import CliRunner

import traceeval
from traceeval.cli.monitor import command
from traceeval.model import Reference
from traceeval.testing import model, trace, user

SECRET = "a secret of sixteen bytes or more"


def answered(n, right):
    text = f"The fee is {7 if right else 9} euros."
    return trace(
        user(f"what is fee {n}?"), model(text), id=f"t{n}", question=f"what is fee {n}?", answer=text,
        reference=Reference(answer=("7 euros",)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("watched")
    traceeval.evaluate([answered(n, n % 10 > 0) for n in range(200)], out=place / "good")
    traceeval.evaluate([answered(1000 + n, n % 10 > 0) for n in range(60)], out=place / "monday")
    traceeval.evaluate([answered(2000 + n, n % 2 > 0) for n in range(60)], out=place / "tuesday")
    return place


@pytest.fixture
def receiver():
    """What was sent, and whether the receiver takes it."""
    got, status = [], [204]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((dict(self.headers), body))
            self.send_response(status[0])
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", got, status
    server.shutdown()
    server.server_close()


def call(folders, *names, **options):
    told = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    return CliRunner().invoke(command, [*(str(folders / name) for name in names), "--metric", "right", *told])


def test_days_like_the_reference_are_quiet(folders):
    result = call(folders, "good", "monday")
    assert result.exit_code == 0
    assert result.output.startswith("quiet: right lay in ")


def test_a_worse_day_is_an_alarm_at_the_trace_that_showed_it_whatever_the_order_of_the_folders(folders):
    result = call(folders, "good", "tuesday", "monday")
    assert result.exit_code == 1
    assert "ALARM: right fell" in result.output
    assert ", at t20" in result.output


def test_an_alarm_is_told_once_signed(folders, receiver, tmp_path, monkeypatch):
    url, got, _ = receiver
    monkeypatch.setenv("TRACEEVAL_WEBHOOK_SECRET", SECRET)
    for _ in range(2):
        assert call(folders, "good", "monday", "tuesday", webhook=url, state=tmp_path / "told.json").exit_code == 1
    ((headers, body),) = got
    told = json.loads(body)
    assert (told["type"], told["data"]["metric"], told["data"]["way"]) == ("monitor.alarm", "right", "fell")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(SECRET.encode(), signed, sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_what_a_dead_receiver_missed_is_told_the_next_time_with_the_same_id(folders, receiver, tmp_path, monkeypatch):
    url, got, status = receiver
    monkeypatch.setenv("TRACEEVAL_WEBHOOK_SECRET", SECRET)
    status[0] = 503
    result = call(folders, "good", "tuesday", webhook=url, state=tmp_path / "told.json")
    assert result.exit_code == 4
    assert "sent again the next time" in result.stderr
    assert SECRET not in result.output
    status[0] = 200
    assert call(folders, "good", "tuesday", webhook=url, state=tmp_path / "told.json").exit_code == 1
    assert len({headers["webhook-id"] for headers, _ in got}) == 1


def test_a_webhook_without_memory_or_secret_is_refused(folders, monkeypatch, tmp_path):
    monkeypatch.delenv("TRACEEVAL_WEBHOOK_SECRET", raising=False)
    assert "--webhook needs --state" in call(folders, "good", "monday", webhook="http://127.0.0.1:1").stderr
    refused = call(folders, "good", "monday", webhook="http://127.0.0.1:1", state=tmp_path / "s")
    assert refused.exit_code == 2
    assert "its secret has 0 bytes" in refused.stderr


def test_what_the_reference_does_not_have_cannot_be_watched(folders):
    result = CliRunner().invoke(command, [str(folders / "good"), str(folders / "monday"), "--metric", "tool.exact"])
    assert result.exit_code == 2
    assert "tool.exact: fewer than two values" in result.stderr


def test_a_run_that_is_named_twice_is_refused(folders, tmp_path):
    shutil.copytree(folders / "monday", tmp_path / "copy")
    twice = [(folders / "monday", folders / "monday"), (folders / "monday", tmp_path / "copy"), (folders / "good",)]
    for named in twice:
        done = CliRunner().invoke(command, [str(folders / "good"), *map(str, named)])
        assert done.exit_code == 2, done.output
        assert "are one run: its traces would count twice" in done.output
