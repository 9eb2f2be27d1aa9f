"""Trials forked from a warm process that was shut off first: from the network, the environment, and each other.

The worker forks a *nursery* once; that one enters its sandbox, imports what the trials need, and forks a child a trial.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from traceeval.errors import ConfigError, TraceevalError
from traceeval.model import Level
from traceeval.replay._child import Limits, Perform, Ran, gone_within, reap
from traceeval.replay._nursery import Hello, Walls, Wanted, nursery
from traceeval.replay._pipes import receive, send

PATIENCE_S = 10.0


class NurseryGone(TraceevalError, RuntimeError):
    """The nursery is gone."""


@dataclass
class Sandbox:
    """A nursery and the pipes to it. ``prepare`` runs in it once, ``perform(payload, emit)`` in each child."""

    prepare: Callable[[], None]
    perform: Perform
    walls: Walls = field(default_factory=Walls)
    level: Level = "none"
    _pid: int = 0

    def __post_init__(self) -> None:
        self._start()

    def run(self, payload: bytes, limits: Limits) -> Ran:
        """One child.

        Raises:
            NurseryGone: the nursery died; the next call has a new one.
        """
        if not self._pid:
            self._start()
        try:
            send(self._to, msgspec.msgpack.encode((payload, limits)))
            return msgspec.msgpack.decode(receive(self._from), type=Ran)
        except (OSError, EOFError) as error:
            self.close()
            raise NurseryGone(f"the process that forks trials is gone ({error})") from error

    def close(self) -> None:
        """End the nursery: it goes when nobody can ask it any more, and is killed where it does not."""
        if self._pid:
            os.close(self._to)
            os.close(self._from)
            if not gone_within(self._pid, PATIENCE_S):
                os.kill(self._pid, signal.SIGKILL)
                reap(self._pid)
            self._pid = 0

    def _start(self) -> None:
        theirs, self._to = os.pipe()
        self._from, ours = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads: the child uses none of them
            self._pid = os.fork()
        if not self._pid:
            nursery(theirs, ours, self.prepare, self.perform, self.walls)
        os.close(theirs)
        os.close(ours)
        hello = self._hello()
        if hello.level is None:
            self.close()
            raise ConfigError(hello.why)
        self.level = hello.level

    def _hello(self) -> Hello:
        try:
            return msgspec.msgpack.decode(receive(self._from), type=Hello)
        except EOFError:
            return Hello(None, "the process that forks trials died while it loaded the agent and the mocks")


__all__ = ["Limits", "NurseryGone", "Ran", "Sandbox", "Walls", "Wanted"]
