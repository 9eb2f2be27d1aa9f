"""Trials kept apart: from the network, from the environment, from each other; hostile agents end as findings."""

import asyncio
import fcntl
import itertools
import json
import os
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.replay._run import need_netns, said, shop, trial

from traceeval.errors import ConfigError
from traceeval.replay import _child
from traceeval.replay._netns import children_of
from traceeval.replay.sandbox import Limits, NurseryGone, Sandbox, Walls

BUDGET = {"wall_s": 60.0, "memory_mb": 300, "output_mb": 1.0}


def limited(tmp_path, agent, walls=None, **budget):
    return trial(shop(tmp_path, agent={"budget": {**BUDGET, **budget}}), agent, walls=walls)


def calls_home(session):
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1).close()
    except OSError as error:
        session.say(f"no way out: {type(error).__name__}")
    else:
        session.say("got out")


@pytest.fixture
def netns():
    """A test that is nothing without a namespace."""
    need_netns()


@pytest.fixture(params=["netns", "guard"])
def level(request):
    """Both levels that keep a trial from the network."""
    if request.param == "netns":
        need_netns()
    return request.param


def test_a_socket_to_anywhere_fails_and_the_trial_says_so(tmp_path, level):
    found = trial(shop(tmp_path), calls_home, walls=Walls(wanted=level))
    assert found.trial.trace.answer == "no way out: PermissionError"
    assert found.trial.sandbox == level
    assert [note.text for note in found.trial.noted("network_denied")] == ["it tried to reach 192.0.2.1"]


def test_in_a_namespace_compiled_code_is_shut_off_too(tmp_path, netns):
    def by_another_program(session):
        code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        session.say(done.stderr.strip().splitlines()[-1])

    found = trial(shop(tmp_path), by_another_program, walls=Walls(wanted="netns"))
    assert "Network is unreachable" in found.trial.trace.answer


def test_loopback_is_open(tmp_path):
    def talks_to_itself(session):
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
            session.say("connected")

    assert trial(shop(tmp_path), talks_to_itself).trial.trace.answer == "connected"


def test_without_walls_the_level_is_none(tmp_path):
    found = trial(shop(tmp_path), "noop", walls=Walls(wanted="none"))
    assert found.trial.sandbox == "none"


def test_a_container_is_what_the_operator_says(tmp_path):
    found = trial(shop(tmp_path), calls_home, walls=Walls(wanted="container"))
    assert found.trial.sandbox == "container"
    assert found.trial.trace.answer == "no way out: PermissionError"


def test_only_named_variables_are_seen(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    monkeypatch.setenv("WANTED", "yes")

    def looks(session):
        session.say(json.dumps([os.environ.get("SECRET_TOKEN"), os.environ.get("WANTED"), os.environ["HOME"]]))

    hidden, wanted, home = json.loads(trial(shop(tmp_path), looks, walls=Walls(env=("WANTED",))).trial.trace.answer)
    assert (hidden, wanted) == (None, "yes")
    assert home != os.environ["HOME"]


def test_files_of_the_worker_are_not_the_trials_to_use(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    with secret.open() as file:
        number = file.fileno()

        def reads(session):
            session.say(os.read(number, 100).decode() or "nothing")

        assert trial(shop(tmp_path), reads).trial.trace.answer == "nothing"


def test_each_trial_has_a_folder_of_its_own(tmp_path):
    def writes(session):
        session.say(json.dumps([str(Path.cwd()), [one.name for one in Path.cwd().iterdir()]]))
        Path("left").write_text("x")

    suite = shop(tmp_path)
    first, second = (json.loads(trial(suite, writes, seed=seed).trial.trace.answer) for seed in (1, 2))
    assert first[0] != second[0]
    assert first[1] == second[1] == [".output"]
    assert not Path(first[0]).exists()


def test_a_child_that_forks_and_sleeps_is_gone_with_its_group(tmp_path, level):
    marks = tmp_path / "marks"
    marks.touch()

    def forks(session):
        heard, told = os.pipe()
        for leave in (False, True):
            if not os.fork():
                if leave:
                    os.setsid()
                held = marks.open()
                fcntl.flock(held, fcntl.LOCK_SH)  # as long as one of them lives
                os.write(told, b"x")
                time.sleep(600)
            os.read(heard, 1)
        session.say("Two of us.")
        time.sleep(600)

    suite = shop(tmp_path, agent={"budget": {**BUDGET, "wall_s": 2.5}})
    found = trial(suite, forks, walls=Walls(wanted=level))
    assert found.trial.ended == "time_out"
    assert found.outcome.result == "fail"
    with marks.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert found.trial.trace.answer == "Two of us."
    assert trial(shop(tmp_path), "reference").outcome.result == "pass"


def test_what_happened_before_the_limit_is_kept(tmp_path):
    def hangs(session):
        session.call_tool("get_order", {"order_id": "BL-1"})
        time.sleep(600)

    found = limited(tmp_path, hangs, wall_s=2.5)
    assert found.trial.ended == "time_out"
    assert said(found) == ["human user", "model agent", "tool get_order"]


def test_a_kill_of_everything_reaches_nothing_but_the_trial(tmp_path, netns):
    """In a namespace of its own only: elsewhere a test must not try."""

    def kills(session):
        assert os.getppid() == 1
        os.kill(1, 9)
        with suppress(ProcessLookupError):  # nobody else is there
            os.kill(-1, 9)
        session.say("Still here.")

    suite = shop(tmp_path, agent={"budget": BUDGET})
    found = trial(suite, kills, walls=Walls(wanted="netns"))
    assert found.trial.ended == "done", found.trial.why
    assert found.trial.trace.answer == "Still here."


def test_a_trial_cannot_write_into_the_pipes_of_the_next(tmp_path):
    def forges(session):
        for number in range(3, 64):
            with suppress(OSError):
                os.write(number, b"\xff" * 64)
        session.say("Written.")

    suite = shop(tmp_path)
    trial(suite, forges)
    assert trial(suite, "reference").outcome.result == "pass"


class Base(BaseException):
    """No Exception."""


class Speechless(Exception):
    """Says nothing when asked what it is."""

    def __str__(self):
        raise ValueError


def raises(error):
    def agent(session):
        raise error

    return agent


async def is_cancelled(session):
    raise asyncio.CancelledError


def writes_to_all(data):
    def agent(session):
        for number in range(3, 64):
            with suppress(OSError):
                os.write(number, struct.pack("<Q", len(data)) + data)
        session.say("Written.")

    return agent


def fills_the_disk(size):
    """Files that each keep to their limit, without an end."""

    def agent(session):
        for number in itertools.count():
            Path(str(number)).write_bytes(b"x" * size)

    return agent


HOSTILE = {
    "a gigabyte of words": (lambda s: s.say("x" * 10_000_000), "output_limit"),
    "a gigabyte in one argument": (lambda s: s.call_tool("get_order", {"order_id": "x" * 10_000_000}), "output_limit"),
    "a gigabyte on its output": (lambda s: [print("x" * 1_000_000) for _ in range(1000)], "crash"),  # noqa: T201
    "more memory than there is": (lambda s: bytearray(10**10), "crash"),
    "a crash": (lambda s: 1 // 0, "crash"),
    "leaving": (lambda s: sys.exit(3), "crash"),
    "dying": (lambda s: os._exit(9), "crash"),
    "an ending that looks like the harness's": (lambda s: os._exit(70), "crash"),
    "an exception nobody catches": (raises(Base("no")), "crash"),
    "an interrupt": (raises(KeyboardInterrupt()), "crash"),
    "a task that is cancelled": (is_cancelled, "crash"),
    "an exception without words": (raises(Speechless()), "crash"),
    "a generator": (lambda s: (s.say(word) for word in ("a", "b")), "crash"),
    "every file closed": (lambda s: (os.closerange(3, 64), s.say("Closed.")), "crash"),
    "what is no message": (writes_to_all(b"hello"), "crash"),
    "hosts that are none": (writes_to_all(b"\x00hello"), "done"),
    "an early end": (writes_to_all(b""), "crash"),
    "a kill of itself": (lambda s: os.kill(os.getpid(), 9), "crash"),
    "a kill of its group": (lambda s: os.killpg(0, 9), "crash"),
    "too many calls": (lambda s: [s.call_tool("list_orders", {}) for _ in range(1000)], "budget"),
    "a tool out of the folder": (lambda s: (s.call_tool("../../etc/passwd", {}), s.say("Hm.")), "done"),
    "no number": (
        lambda s: (s.call_tool("refund_order", {"order_id": "BL-1", "amount": float("nan")}), s.say("")),
        "done",
    ),
    "half a character": (lambda s: s.say("\ud800"), "done"),
    "words after the end": (lambda s: (s.say("Bye."), s.say("Still here?")), "done"),
}


@pytest.mark.parametrize("deed", HOSTILE)
def test_a_hostile_agent_is_a_finding_and_never_a_crash_of_the_harness(tmp_path, deed):
    agent, ended = HOSTILE[deed]
    found = limited(tmp_path, agent)
    assert found.trial.ended == ended, found.trial.why
    assert found.outcome.result == "fail"


@pytest.mark.parametrize(
    ("size", "most", "says"), [(900_000, 10_000, "more than 16 times the 1 MB"), (0, 50, "more than 50 files")]
)
def test_what_fills_the_disk_is_ended_and_said_long_before_its_time_is_out(
    tmp_path, monkeypatch, level, size, most, says
):
    monkeypatch.setattr(_child, "_MANY_FILES", most)
    found = trial(shop(tmp_path, agent={"budget": BUDGET}), fills_the_disk(size), walls=Walls(wanted=level))
    assert (found.trial.ended, says in found.trial.why) == ("output_limit", True), found.trial.why
    assert found.outcome.result == "fail"


def test_what_an_agent_raises_is_kept_in_part(tmp_path):
    found = limited(tmp_path, raises(ValueError("x" * 10_000_000)))
    assert found.trial.why == f"ValueError: {'x' * 2000}"


def test_words_after_the_end_are_noted(tmp_path):
    found = limited(tmp_path, HOSTILE["words after the end"][0])
    assert [note.code for note in found.trial.notes] == ["after_end"]


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("printf 'no json\\n'", "no message of the protocol"),
        ("printf '\\377\\376\\n'", "no message of the protocol"),
        ("yes '[[' | tr -d '\\n' | head -c 3000000; echo", "no message of the protocol"),
        ("head -c 20000000 /dev/zero", "more than 8000000 bytes"),
        ("true", "stopped sending"),
        ("echo oh no >&2; exit 3", "stopped sending before it said `end`: oh no"),
        ('read x; echo \'{"type":"call","name":"get_order","args":"{broken"}\'; read x', "stopped sending"),
    ],
)
def test_a_hostile_program_is_a_finding_and_never_a_crash_of_the_harness(tmp_path, program, says):
    script = tmp_path / "agent.sh"
    script.write_text(program + "\n")
    found = trial(shop(tmp_path, agent={"budget": {**BUDGET, "output_mb": 30}}), f"stdio:sh {script}")
    assert found.trial.ended == "crash"
    assert says in found.trial.why
    assert found.outcome.result == "fail"


def test_arguments_that_do_not_parse_reach_the_trace_as_they_are(tmp_path):
    script = tmp_path / "agent.sh"
    script.write_text('read x; echo \'{"type":"call","name":"get_order","args":"{broken"}\'; read x\n')
    spans = trial(shop(tmp_path), f"stdio:sh {script}").trial.trace.spans
    assert [(span.body.raw, span.body.arguments) for span in spans if span.kind == "tool"] == [("{broken", None)]


def test_a_nursery_that_died_is_replaced():
    box = Sandbox(lambda: None, lambda payload, emit: emit(b"!" + payload), Walls(wanted="none"))
    limits = Limits(5.0, 500, 1_000_000)
    assert box.run(b"x", limits).frames == [b"!x"]
    os.kill(box._pid, 9)
    with pytest.raises(NurseryGone):
        box.run(b"x", limits)
    assert box.run(b"y", limits).frames == [b"!y"]
    box.close()
    assert box._pid not in children_of(os.getpid())


def test_an_agent_that_cannot_be_loaded_is_told_before_any_trial(tmp_path):
    with pytest.raises(ConfigError, match="no_such_module"):
        trial(shop(tmp_path), "no_such_module:build")


def test_a_harness_that_breaks_is_no_failure_of_the_agent():
    def breaks(payload, emit):
        raise RuntimeError("ours")

    box = Sandbox(lambda: None, breaks, Walls(wanted="none"))
    ran = box.run(b"", Limits(5.0, 500, 1_000_000))
    box.close()
    assert (ran.ended, ran.broken) == ("died", True)
    assert ran.why == "ended with code 1: RuntimeError: ours"
