"""What a trial sees of the machine's files: it reads them, writes into its own folder, and nobody answers at their sockets."""

import multiprocessing
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from tests.replay._run import need_netns, shop, trial

from traceeval.errors import ConfigError
from traceeval.replay import _nursery
from traceeval.replay._mounts import sockets
from traceeval.replay.sandbox import Sandbox, Walls

NETNS = Walls(wanted="netns")


@pytest.fixture
def netns():
    """A test that is nothing without a namespace."""
    need_netns()


@contextmanager
def answering(path):
    """A live service at a Unix socket. Yields who called."""
    called = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def answer():
            while True:
                connection, _ = listener.accept()
                with connection:
                    words = connection.recv(10)
                if words == b"stop":
                    return
                called.append(words)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield called
        finally:
            with socket.socket(socket.AF_UNIX) as last:
                last.connect(str(path))
                last.send(b"stop")
            thread.join()


@pytest.fixture
def at():
    """A short path: the name of a Unix socket has 100 characters at most."""
    folder = Path(mkdtemp(prefix="te-"))
    yield folder / "live.sock"
    rmtree(folder)


def test_files_are_read_and_nothing_outside_the_folder_is_written(tmp_path, netns):
    ledger = tmp_path / "ledger.txt"
    ledger.write_text("100 euros")

    def spends(session):
        read = ledger.read_text()
        try:
            ledger.write_text("0 euros")
        except OSError as error:
            session.say(f"{read}; {error.strerror}")

    found = trial(shop(tmp_path), spends, walls=NETNS)
    assert found.trial.trace.answer == "100 euros; Read-only file system"
    assert ledger.read_text() == "100 euros"


def test_a_trial_writes_into_its_own_folder_and_shares_memory_with_its_own(tmp_path, netns):
    def works(session):
        Path("notes.txt").write_text("mine")
        with multiprocessing.get_context("fork").Lock():
            session.say(Path("notes.txt").read_text())

    assert trial(shop(tmp_path), works, walls=NETNS).trial.trace.answer == "mine"


@pytest.mark.parametrize("level", ["netns", "guard"])
def test_a_service_at_a_unix_socket_is_not_reached_and_the_trial_says_so(tmp_path, level, at):
    if level == "netns":
        need_netns()

    def calls(session):
        with socket.socket(socket.AF_UNIX) as one:
            try:
                one.connect(str(at))
            except OSError as error:
                session.say(f"no way out: {type(error).__name__}")

    with answering(at) as called:
        found = trial(shop(tmp_path), calls, walls=Walls(wanted=level))
    assert called == []
    assert found.trial.trace.answer == "no way out: PermissionError"
    assert [note.text for note in found.trial.noted("network_denied")] == [f"it tried to reach unix:{at}"]


def test_another_program_does_not_reach_it_either(tmp_path, netns, at):
    code = f"import socket; one = socket.socket(socket.AF_UNIX); one.connect({str(at)!r}); one.send(b'pay')"

    def by_another_program(session):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        session.say(done.stderr.strip().splitlines()[-1] if done.returncode else "reached")

    with answering(at) as called:
        found = trial(shop(tmp_path), by_another_program, walls=NETNS)
    assert called == []
    assert "Connection refused" in found.trial.trace.answer


def test_a_trial_may_have_unix_sockets_of_its_own(tmp_path, netns):
    def talks_to_itself(session):
        with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as one:
            listener.bind("own.sock")
            listener.listen()
            one.connect("own.sock")
            session.say("connected")

    assert trial(shop(tmp_path), talks_to_itself, walls=NETNS).trial.trace.answer == "connected"


def test_sockets_that_answer_are_found_and_nothing_else(at):
    at.with_name("file").touch()
    with answering(at):
        assert [path for path in sockets() if path.startswith(str(at.parent))] == [str(at)]


def test_a_socket_that_lies_where_nobody_may_look_is_no_hindrance(netns, monkeypatch, at):
    monkeypatch.setattr(_nursery, "sockets", lambda: {str(at), "/no/such/folder/live.sock"})
    box = Sandbox(lambda: None, lambda payload, emit: None, NETNS)
    assert box.level == "netns"
    box.close()


def test_folders_of_trials_are_gone_with_their_sandbox(tmp_path, netns, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    box = Sandbox(lambda: None, lambda payload, emit: emit(b"{}"), NETNS)
    (base,) = tmp_path.iterdir()
    box.close()
    assert not base.exists()


def test_where_files_cannot_be_kept_a_demand_is_refused_and_no_demand_is_told_as_less(netns, monkeypatch):
    monkeypatch.setattr(_nursery, "keep_files", lambda base, live: "/: Function not implemented")
    with pytest.raises(ConfigError, match=r"netns cannot be had here .*Function not implemented"):
        Sandbox(lambda: None, lambda payload, emit: None, NETNS)
    box = Sandbox(lambda: None, lambda payload, emit: None, Walls())
    assert box.level == "guard"
    box.close()
