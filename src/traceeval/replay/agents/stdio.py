"""An agent in a process of its own: ``stdio:COMMAND``, messages as JSON lines on its standard streams."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import Literal

from traceeval.model import Scenario
from traceeval.registry import attachment
from traceeval.replay._session import Session
from traceeval.replay.agents._process import command_of, lines, started
from traceeval.replay.agents._wire import converse


class StdioAgent:
    """Starts the command anew for each trial."""

    clock: Literal["real"] = "real"
    hosts: tuple[str, ...] = ()

    def __init__(self, command: tuple[str, ...]) -> None:
        self.label = " ".join(command)
        self._command = command

    def prepare(self) -> None:
        """Nothing to import: it is another program."""

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """One conversation."""
        with started(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            stdin, stdout = process.stdin, process.stdout
            assert stdin is not None
            assert stdout is not None

            def send(data: bytes) -> None:
                """One that does not listen may still have something to say: reading on tells."""
                with suppress(BrokenPipeError):
                    stdin.write(data + b"\n")
                    stdin.flush()

            converse(session, lines(stdout), send)


@attachment("stdio")
def stdio(rest: str) -> StdioAgent:
    """A subprocess."""
    return StdioAgent(command_of(rest))
