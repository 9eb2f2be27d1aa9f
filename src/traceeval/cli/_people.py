"""Where people's word comes from: a review queue, or a file of rows; and the file of a judge's verdicts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.model import JudgeRow, PeopleRow

F = TypeVar("F", bound=Callable[..., Any])
Row = TypeVar("Row")

_OPTIONS = (
    click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL"),
    click.option("--name", default="default", show_default=True, help="Which queue of the database."),
    click.option("--people", metavar="FILE", help="What people settled as JSON lines, instead of a queue; '-': stdin."),
)


def people_options(command: F) -> F:
    """``--queue``, ``--name`` and ``--people``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def people_rows(url: str, name: str, people: str | None) -> list[PeopleRow]:
    """What people settled, from the file where one is named.

    Raises:
        ConfigError: the file holds no such rows, or nothing is settled yet.
    """
    from traceeval.model import PeopleRow
    from traceeval.review import Store, labels

    if people is not None:
        return read_lines(people, PeopleRow)
    store = Store(url, create=False)
    try:
        found = list(labels(store, name))
    finally:
        store.close()
    if not found:
        raise ConfigError(f"queue {name!r} holds no decision yet: `traceeval review` is where people settle")
    return found


_LABELS = ("exploratory", "tentative", "reliable")


def reliability(url: str, name: str, criterion: str) -> str | None:
    """How far people agree among themselves on a criterion: the least of all languages that can tell; None: not known."""
    from traceeval.review import Store
    from traceeval.review.agreement import agreements

    store = Store(url, create=False)
    try:
        found = [one.reviewed.label for one in agreements(store, name) if (one.about, one.kind) == (criterion, "mark")]
    finally:
        store.close()
    told = [label for label in found if label in _LABELS]
    return min(told, key=_LABELS.index) if told else next(iter(found), None)


def unanswered(url: str, name: str) -> float | None:
    """The share of what people closed in a queue that has no label; None: nothing is closed."""
    from traceeval.review import Store, unanswered_share

    store = Store(url, create=False)
    try:
        return unanswered_share(store, name)
    finally:
        store.close()


def judge_rows(path: str) -> list[JudgeRow]:
    """A judge's verdicts.

    Raises:
        ConfigError: no such file, a line that is no verdict, or no line at all.
    """
    from traceeval.model import JudgeRow

    found = read_lines(path, JudgeRow)
    if not found:
        raise ConfigError(f"{path}: no verdicts; `traceeval schema judged` prints the form of a line")
    return found


def read_lines(path: str, kind: type[Row]) -> list[Row]:
    """JSON lines of one kind.

    Raises:
        ConfigError: no such file, or a line of another kind; says which.
    """
    return list(lines_of(path, kind))


def lines_of(path: str, kind: type[Row]) -> Iterator[Row]:
    """As ``read_lines``, one after the other."""
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as lines:
            yield from (row for _, row in _decoded(path, kind, lines))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def numbered_lines(path: str, kind: type[Row], content: bytes | None = None) -> list[tuple[int, Row]]:
    """As ``read_lines``, with the number of each line, from 1. ``content``: what was read of the file already."""
    return list(_decoded(path, kind, (_content(path) if content is None else content).splitlines()))


def _content(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def _decoded(path: str, kind: type[Row], lines: Iterable[bytes]) -> Iterator[tuple[int, Row]]:
    import msgspec

    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = msgspec.json.decode(line, type=kind)
            except msgspec.DecodeError as error:
                raise ConfigError(f"{path}:{number}: {error}") from error
            yield number, row
