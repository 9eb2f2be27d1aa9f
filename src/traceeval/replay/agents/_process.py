"""A child process of a trial: started in its folder, its output read line by line, no line without end."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from traceeval.errors import ConfigError
from traceeval.replay.agents._wire import MOST_BYTES, BadAgent

_PATIENCE = 2.0


def command_of(text: str) -> tuple[str, ...]:
    """A command line as its words; files named from here are named in full: a trial runs in a folder of its own.

    Raises:
        ConfigError: there is none, or its quotes do not close.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ConfigError(f"--agent: {text!r}: {error}") from error
    if not words:
        raise ConfigError("--agent: a command is needed, e.g. stdio:python agent.py")
    return tuple(str(Path(word).absolute()) if _is_file(word) else word for word in words)


def _is_file(word: str) -> bool:
    return ("/" in word and Path(word).is_file()) or (Path(word).suffix != "" and Path(word).is_file())


@contextmanager
def started(command: tuple[str, ...], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The process, killed on leaving; its standard error goes where the trial's goes.

    Raises:
        BadAgent: it cannot be started.
    """
    try:
        process = subprocess.Popen(command, **options)
    except OSError as error:
        raise BadAgent(f"{command[0]} cannot be started: {error.strerror}") from error
    with process:
        try:
            yield process
        finally:
            if process.stdin is not None and not process.stdin.closed:
                _close(process.stdin)
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines as they come, empty ones left out.

    Raises:
        BadAgent: one is longer than a message may be.
    """
    while line := stream.readline(MOST_BYTES + 1):
        if len(line) > MOST_BYTES:
            raise BadAgent(f"the agent sent a message of more than {MOST_BYTES} bytes")
        if not line.isspace():
            yield line


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return
