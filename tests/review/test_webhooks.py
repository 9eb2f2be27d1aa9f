"""What happened is told at least once, signed, with an id that stays; and no submit ever waits for it."""

import base64
import hmac
import inspect
import json
import threading
import uuid
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import event, select

from traceeval.errors import ConfigError, StoreFailed
from traceeval.review import claim, schema, submit, webhooks
from traceeval.review.upkeep import Upkeep, UpkeepSettings, read_upkeep
from traceeval.review.webhooks import ADDED, Courier, Webhook, post, secret_of, signature

SECRET = b"a secret of the server"


class Receiver:
    """Keeps what it gets; ``down``: nobody answers; ``status``: what it says."""

    def __init__(self):
        self.got, self.down, self.status, self.tries = [], False, 204, 0

    def __call__(self, url, body, headers):
        self.tries += 1
        if self.down:
            raise OSError("refused")
        self.got.append((url, body, headers))
        return self.status

    @property
    def types(self):
        return [json.loads(body)["type"] for _, body, _ in self.got]


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def courier(store, kit, receiver):
    """A queue with a webhook that was told it is one."""
    kit.fill(store, *(kit.unit(n, k=1) for n in range(8)))
    made = Courier(store, [Webhook(name="safety", url="https://hooks.example/x", secret=SECRET)], receiver)
    made.tick()
    receiver.got.clear()
    return made


def test_a_new_webhook_is_told_so_and_nothing_of_the_past(store, kit, receiver):
    kit.fill(store, kit.unit(1, k=1), kit.unit(2, k=1))
    kit.give(store, "ana")
    courier = Courier(store, [Webhook(name="safety", url="https://hooks.example/x", secret=SECRET)], receiver)
    assert courier.tick() == 1
    assert receiver.types == [ADDED]
    assert courier.tick() == 0


def test_a_decision_is_told_without_anybody_or_any_mark(store, kit, courier, receiver):
    kit.give(store, "ana-lovelace", rationale="CANARY of the rationale")
    assert courier.tick() == 1
    ((url, body, headers),) = receiver.got
    told = json.loads(body)
    assert url == "https://hooks.example/x"
    assert (told["type"], told["data"]["object"], told["id"]) == ("decide", "decision:1", headers["webhook-id"])
    assert set(told) == {"id", "type", "timestamp", "data"}
    assert set(told["data"]) == {"object", "seq", "hash"}
    assert b"ana" not in body
    assert b"CANARY" not in body


def test_the_signature_is_that_of_standard_webhooks(store, kit, courier, receiver):
    kit.give(store, "ana")
    courier.tick()
    ((_, body, headers),) = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(SECRET, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_published_vector_of_the_signature_holds():
    """Source: Standard Webhooks, symmetric signatures; the vector of its reference libraries."""
    secret = secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}') == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_receiver_down_for_an_hour_gets_everything_and_no_submit_waits(store, kit, courier, receiver, clock):
    receiver.down = True
    for number in range(6):
        kit.give(store, f"p{number}")
        courier.tick()
        clock.now += 600
    assert kit.items(store) == {"resolved": 6, "queued": 2}
    assert receiver.tries < 40
    receiver.down = False
    for _ in range(14):
        clock.now += 600
        courier.tick()
    assert receiver.types == ["decide"] * 6
    assert sorted(json.loads(body)["data"]["object"] for _, body, _ in receiver.got) == [
        f"decision:{number}" for number in range(1, 7)
    ]


def test_a_receiver_that_fails_after_it_heard_gets_the_same_id_again(store, kit, courier, receiver, clock):
    kit.give(store, "ana")
    receiver.status = 500
    courier.tick()
    assert courier.tick() == 0
    receiver.status = 200
    clock.now += 10
    assert courier.tick() == 1
    (_, first, one), (_, second, two) = receiver.got
    assert one["webhook-id"] == two["webhook-id"]
    assert one["webhook-timestamp"] != two["webhook-timestamp"]
    assert first == second


def next_at(store):
    with store.read() as connection:
        return connection.execute(select(schema.outbox.c.next_at).order_by(schema.outbox.c.id.desc())).scalar()


def test_the_wait_doubles_up_to_an_hour_and_nothing_is_given_up(store, kit, courier, receiver, clock):
    kit.give(store, "ana")
    receiver.down = True
    waits = []
    courier.tick()
    for _ in range(11):
        tried, due = receiver.tries, next_at(store)
        waits.append(due - clock.now)
        clock.now = due - 1
        courier.tick()
        assert receiver.tries == tried
        clock.now = due
        courier.tick()
        assert receiver.tries == tried + 1
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_a_second_server_and_a_restart_copy_nothing_twice(store, kit, courier, receiver):
    kit.give(store, "ana")
    again = Courier(store, [Webhook(name="safety", url="https://hooks.example/x", secret=SECRET)], receiver)
    again._fill(next(iter(again._hooks.values())))
    courier.tick()
    with store.read() as connection:
        kept = connection.execute(select(schema.outbox.c.event)).scalars().all()
    assert kept == [ADDED, "decide"]
    again.tick()
    assert receiver.types == ["decide"]


def test_only_what_was_asked_for_is_told(store, kit, receiver):
    kit.fill(store, kit.unit(1, k=1))
    hook = Webhook(name="all", url="https://hooks.example/x", secret=SECRET, events=("submit",))
    courier = Courier(store, [hook], receiver)
    courier.tick()
    kit.give(store, "ana")
    courier.tick()
    assert receiver.types == [ADDED, "submit"]


def test_a_webhook_that_is_configured_no_more_gets_nothing(store, kit, courier, receiver):
    kit.give(store, "ana")
    courier._fill(next(iter(courier._hooks.values())))
    assert Courier(store, [], receiver).tick() == 0
    assert receiver.got == []


@pytest.mark.parametrize(
    ("url", "secret"),
    [("ftp://x", SECRET), ("https://a:b@x", SECRET), ("https://x", b"short"), ("file:///etc", SECRET)],
)
def test_an_address_or_secret_that_cannot_be_trusted_is_refused(url, secret):
    with pytest.raises(ConfigError):
        Webhook(name="x", url=url, secret=secret)


@pytest.fixture
def site():
    """A real receiver on loopback that answers what it is asked to."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((self.path, self.rfile.read(int(self.headers["content-length"])), dict(self.headers)))
            self.send_response(int(self.path[1:]))
            self.send_header("location", "/200")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_goes_over_http_and_no_redirect_is_followed(site):
    address, heard = site
    assert post(f"{address}/204", b"{}", {"webhook-id": "1"}) == 204
    assert post(f"{address}/302", b"{}", {}) == 302
    assert [path for path, *_ in heard] == ["/204", "/302"]
    assert heard[0][1] == b"{}"
    with pytest.raises(OSError, match="Connect"):
        post("http://127.0.0.1:9/x", b"{}", {})


CONFIG = """
[checkpoints]
file = "{folder}/points.jsonl"
every = 1

[[webhooks]]
name = "safety"
url = "https://hooks.example/x"
secret_env = "HOOK"
events = ["decide"]
"""


def test_a_server_keeps_up_by_its_configuration_file(store, kit, receiver, tmp_path, clock):
    (tmp_path / "server.toml").write_text(CONFIG.format(folder=tmp_path))
    kit.fill(store, kit.unit(1, k=1))
    settings = read_upkeep(tmp_path / "server.toml")
    keeper = Upkeep(store, settings, print, environment={"HOOK": SECRET.decode()}, send=receiver)
    keeper.once()
    kit.give(store, "ana")
    lease = claim(store, "default", "ben")
    keeper.once()
    assert receiver.types == [ADDED, "decide"]
    assert len((tmp_path / "points.jsonl").read_text().splitlines()) == 2
    assert not hasattr(lease, "slot")


def test_leases_are_given_back_and_what_fails_is_said(store, kit, clock):
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    said = []
    keeper = Upkeep(store, None, said.append, environment={})
    keeper._tasks.insert(0, lambda: (_ for _ in ()).throw(StoreFailed("the disk is full")))
    keeper.once()
    assert said == ["upkeep: the disk is full"]
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(), "k").late


def test_the_thread_runs_as_long_as_its_block(store):
    done = threading.Event()
    keeper = Upkeep(store, None, print, environment={}, pause_s=0.001)
    keeper._tasks.append(done.set)
    with keeper:
        assert done.wait(10)
    assert not keeper._thread.is_alive()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "x"),
        ("[[webhooks]]\nname = 'a'", "url"),
        ("nonsense", "cannot be read"),
        ("[checkpoints]\nfile='f'\nevery=0", "every"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused_by_its_key(tmp_path, text, said):
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_upkeep(tmp_path / "c.toml")


def test_a_secret_is_never_in_the_configuration(store):
    settings = UpkeepSettings(webhooks=({"name": "a", "url": "https://x"},))
    with pytest.raises(ConfigError, match="name its secret"):
        Upkeep(store, settings, print, environment={})


def gives_up(patch, store, receiver):
    later = webhooks._later
    never = {"delivered_at": 0.0}
    patch.setattr(webhooks, "_later", lambda row, *args: later(row, *args) | (never if row.attempts > 2 else {}))


def another_id(patch, store, receiver):
    headers = webhooks.signed_headers
    patch.setattr(webhooks, "signed_headers", lambda hook, id, *args: headers(hook, str(uuid.uuid4()), *args))


def signs_the_body_alone(patch, store, receiver):
    patch.setattr(webhooks, "signature", lambda secret, id, at, body: signature(secret, "", 0, body))


def sends_within_a_submit(patch, store, receiver):
    event.listen(store._writer, "commit", lambda connection: receiver("https://hooks.example/x", b"{}", {}))


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (gives_up, test_a_receiver_down_for_an_hour_gets_everything_and_no_submit_waits),
        (sends_within_a_submit, test_a_receiver_down_for_an_hour_gets_everything_and_no_submit_waits),
        (another_id, test_a_receiver_that_fails_after_it_heard_gets_the_same_id_again),
        (signs_the_body_alone, test_the_signature_is_that_of_standard_webhooks),
    ],
    ids=lambda one: one.__name__,
)
def test_a_courier_that_breaks_its_word_is_found(request, store, kit, courier, receiver, monkeypatch, fault, check):
    fault(monkeypatch, store, receiver)
    known = {"store": store, "kit": kit, "courier": courier, "receiver": receiver}
    wanted = inspect.signature(check).parameters
    with pytest.raises((AssertionError, OSError)):
        check(**{name: known.get(name) or request.getfixturevalue(name) for name in wanted})
