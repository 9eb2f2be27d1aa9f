"""One trial's process, as its parent starts, watches and ends it.

A child has its own process group, folder, limits and time; whatever it leaves behind is ended with it.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, NoReturn, TypeAlias

import msgspec

from traceeval.replay._netns import end_all_others
from traceeval.replay._pipes import frames_in, send

Emit: TypeAlias = Callable[[bytes], None]
Perform: TypeAlias = Callable[[bytes, Emit], None]
Ended: TypeAlias = Literal["done", "died", "time_out", "output_limit"]
_DENIED, _BROKEN = b"\x00", b"\x01"
"""What a frame begins with that tells of hosts, or of a harness that failed, and not the agent in it."""
_OUTPUT = ".output"
_TICK, _POLL, _LOOK = 0.05, 0.002, 0.25
_MANY_FILES, _MANY_TIMES = 10_000, 16
"""What a trial may leave in its folder: so many files and folders, and so many times what one file may hold."""
_SHOWN, _MOST_HOSTS = 300, 64


class Limits(msgspec.Struct, frozen=True):
    """What one child may use: real seconds, megabytes of memory, bytes it may write."""

    wall_s: float
    memory_mb: int
    output_bytes: int


class Ran(msgspec.Struct, frozen=True):
    """What became of a child: what it emitted, how it ended, and the hosts it tried to reach in vain.

    ``broken``: the harness failed, not the agent.
    """

    frames: list[bytes]
    ended: Ended
    why: str = ""
    denied: list[str] = []
    broken: bool = False


def run_trial(payload: bytes, limits: Limits, folder: Path, perform: Perform, denied: list[str]) -> Ran:
    """Fork a child that performs ``payload`` in ``folder``, watch it to its end, and end all that it started.

    ``denied``: where the guard notes the hosts it refused. What the child does wrong is in what is returned, never raised.
    """
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(ours)
        _child(payload, limits, folder, perform, theirs, denied)
    os.close(theirs)
    try:
        ran = _watched(pid, ours, limits, folder)
        if ran.ended != "died":
            return ran
        return msgspec.structs.replace(ran, why=ran.why + last_words(folder))
    finally:
        os.close(ours)
        _end(pid)


def _child(
    payload: bytes,
    limits: Limits,
    folder: Path,
    perform: Perform,
    pipe: int,
    denied: list[str],
) -> NoReturn:
    """One trial's process: what it writes to its standard streams goes to a file that cannot grow for ever."""
    code = 1
    try:
        forget({pipe})
        os.setsid()
        os.chdir(folder)
        os.environ.update({"HOME": str(folder), "TMPDIR": str(folder)})
        tempfile.tempdir = str(folder)
        _redirect(folder / _OUTPUT)
        _limit(limits)
        perform(payload, lambda frame: send(pipe, frame))
        if denied:
            send(pipe, _DENIED + msgspec.msgpack.encode(sorted(set(denied))[:_MOST_HOSTS]))
        send(pipe, b"")
        code = 0
    finally:
        if code:
            traceback.print_exc()
            with suppress(OSError):  # what fails now was closed by the agent, and its trial is a crash
                send(pipe, _BROKEN)
        os._exit(code)


def forget(kept: set[int]) -> None:
    """Put nothing in the place of every open file but these: sockets and pipes of others are not a trial's to use."""
    try:
        open_ = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        open_ = list(range(3, 256))
    empty = os.open(os.devnull, os.O_RDWR)
    for number in open_:
        if number > 2 and number not in {*kept, empty} and _is_open(number):
            os.dup2(empty, number, inheritable=False)
    os.dup2(empty, 0)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _redirect(path: Path) -> None:
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1, errors="replace", closefd=False) for number in (1, 2))


def last_words(folder: Path) -> str:
    """The last words a child wrote to its standard streams."""
    try:
        data = (folder / _OUTPUT).read_bytes()[-2000:]
    except OSError:
        return ""
    lines = data.decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1][:_SHOWN]}" if lines else ""


def _limit(limits: Limits) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output_bytes, limits.output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return  # where the system does not say how much is in use, no limit can be put on top of it
    most = now + limits.memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _watched(pid: int, pipe: int, limits: Limits, folder: Path) -> Ran:
    """Read what a child emits until it says that it is done, dies, or has used what it may."""
    look = time.monotonic() + _LOOK
    until = look - _LOOK + limits.wall_s
    held, frames, denied = bytearray(), list[bytes](), list[str]()
    size, broken = 0, False
    while True:
        left = until - time.monotonic()
        if left <= 0:
            return Ran(frames, "time_out", f"more than {limits.wall_s:g} s", denied)
        if time.monotonic() >= look:
            look = time.monotonic() + _LOOK
            if too_much := _too_much(folder, limits):
                return Ran(frames, "output_limit", too_much, denied)
        status = _status(pid)  # before the pipe is read: what a child wrote before it ended is read first
        if select.select([pipe], [], [], min(left, _TICK))[0]:
            data = os.read(pipe, 1 << 20)
            size += len(data)
            held += data
            if size > 4 * limits.output_bytes + (1 << 20):
                return Ran(frames, "output_limit", "it wrote more than its limit; the rest was dropped", denied)
            for frame in frames_in(held):
                if not frame:
                    return Ran(frames, "done", "", denied)
                if frame == _BROKEN:
                    broken = True
                elif frame.startswith(_DENIED):
                    denied = _hosts(frame)
                else:
                    frames.append(frame)
            if data:
                continue
        if status is not None:
            return Ran(frames, "died", status, denied, broken)


def _too_much(folder: Path, limits: Limits) -> str:
    """Why what lies in a folder is more than a trial may leave there; or nothing. It is counted no further than that."""
    entries = size = 0
    for place, folders, files in os.walk(folder):
        entries += len(folders) + len(files)
        if entries > _MANY_FILES:
            return f"it left more than {_MANY_FILES:,} files"
        size += sum(_size(os.path.join(place, name)) for name in files)
        if size > _MANY_TIMES * limits.output_bytes:
            return f"its files hold more than {_MANY_TIMES} times the {limits.output_bytes / 1e6:g} MB one may hold"
    return ""


def _size(path: str) -> int:
    """Bytes on the disk; 0 for what is gone by now."""
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0


def _hosts(frame: bytes) -> list[str]:
    """The hosts of a frame; none where the trial itself wrote it, and wrote it wrong."""
    try:
        return msgspec.msgpack.decode(frame[len(_DENIED) :], type=list[str])
    except msgspec.DecodeError:
        return []


def _status(pid: int) -> str | None:
    """How a child ended, which stays to be reaped; None while it lives."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if found is None:
        return None
    killed = found.si_code != os.CLD_EXITED
    return f"killed by signal {found.si_status}" if killed else f"ended with code {found.si_status}"


def _end(pid: int) -> None:
    """Kill the group, then whatever of it had left the group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
    reap(pid)
    end_all_others()


def gone_within(pid: int, seconds: float) -> bool:
    """Whether a child ends in that time; then it is reaped."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return True
        except ChildProcessError:
            return True
        time.sleep(_POLL)
    return False


def reap(pid: int) -> None:
    """Wait until a child has ended, so that its number is free; one that is gone already is no error."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return
