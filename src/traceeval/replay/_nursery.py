"""The process that forks trials: it shuts itself off first, then imports what they need, and then only forks.

It never returns to the code of the worker that forked it.
"""

from __future__ import annotations

import os
import signal
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Literal, NoReturn, TypeAlias

import msgspec

from traceeval.errors import TraceevalError
from traceeval.model import Level
from traceeval.replay._child import Limits, Perform, forget, run_trial
from traceeval.replay._mounts import keep_files, sockets
from traceeval.replay._netns import adopt_orphans, become_first, enter_netns, guard
from traceeval.replay._pipes import receive, send

Wanted: TypeAlias = Literal["auto", "container", "netns", "guard", "none"]
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHASHSEED")
"""Variables of the environment that a trial keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """How trials are kept apart. ``wanted``: ``auto`` takes the strongest there is; any other is demanded.

    ``hosts``: what may be reached beside loopback. ``live``: the network is open. ``env``: further variables to keep.
    """

    wanted: Wanted = "auto"
    hosts: tuple[str, ...] = ()
    live: bool = False
    env: tuple[str, ...] = ()


class Hello(msgspec.Struct):
    """The nursery's first word. ``level``: the sandbox it is in; None: it is in none and ends, ``why`` says what is in the way."""

    level: Level | None
    why: str = ""


def nursery(inbox: int, outbox: int, prepare: Callable[[], None], perform: Perform, walls: Walls) -> NoReturn:
    """The life of the nursery: it never returns to the worker's code."""
    code = 1
    base = Path(tempfile.mkdtemp(prefix="traceeval-")).resolve()
    try:
        forget({inbox, outbox})
        denied: list[str] = []
        hello = _shut(walls, denied, base)
        if hello.level is not None:
            hello = _prepared(prepare, hello)
        send(outbox, msgspec.msgpack.encode(hello))
        if hello.level is not None:
            _serve(inbox, outbox, perform, denied, base)
        code = 0
    except (BrokenPipeError, EOFError):
        code = 0  # the worker is gone, and with it the reason to be
    finally:
        if code:
            traceback.print_exc()
        rmtree(base, ignore_errors=True)
        os._exit(code)


def _prepared(prepare: Callable[[], None], hello: Hello) -> Hello:
    import gc

    try:
        prepare()
    except TraceevalError as error:
        return Hello(None, str(error))
    gc.freeze()
    return hello


def _shut(walls: Walls, denied: list[str], base: Path) -> Hello:
    """Enter the sandbox. What is demanded and cannot be had is a refusal, never a weaker one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    adopt_orphans()
    kept = {name: os.environ[name] for name in (*KEPT, *walls.env) if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    if walls.live or walls.wanted == "none":
        if walls.wanted in ("netns", "guard"):
            return Hello(None, f"--sandbox {walls.wanted}: live tools need the network; choose none or container")
        return Hello("container" if walls.wanted == "container" else "none")
    level: Level = "container" if walls.wanted == "container" else "guard"
    if walls.wanted in ("netns", "auto"):
        why = f"{', '.join(walls.hosts)} would be out of reach" if walls.hosts else _enter(base)
        if not why:
            level = "netns"
        elif walls.wanted == "netns":
            return Hello(None, f"--sandbox netns cannot be had here ({why}); choose another, or another machine")
    guard(walls.hosts, denied.append)
    return Hello(level)


def _enter(base: Path) -> str:
    """Go on in namespaces of one's own; why that could not be, or nothing. What is in ``base`` goes with the last of them."""
    live = sockets()  # once inside, the kernel lists them no more
    why = enter_netns()
    if why:
        return why
    become_first(lambda: rmtree(base, ignore_errors=True))
    return keep_files(base, live)


def _serve(inbox: int, outbox: int, perform: Perform, denied: list[str], base: Path) -> None:
    while True:
        payload, limits = msgspec.msgpack.decode(receive(inbox), type=tuple[bytes, Limits])
        folder = Path(tempfile.mkdtemp(dir=base))
        ran = run_trial(payload, limits, folder, perform, denied)
        rmtree(folder, ignore_errors=True)
        send(outbox, msgspec.msgpack.encode(ran))
