"""A document of YAML as one of our values; what does not fit is told with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import TypeVar

import msgspec

from traceeval.errors import ConfigError
from traceeval.measures.strict_yaml import Document, Path, read_documents
from traceeval.model import Json

T = TypeVar("T")
_PLACE = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[(\.\.\.)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")


def typed(document: Document, kind: type[T], form: str = "traceeval scenario schema") -> T:
    """The document as a value of that type; ``form``: the command that prints what is expected.

    Raises:
        ConfigError: with ``file:line``, the path, and what is wrong.
    """
    try:
        return msgspec.convert(document.value, kind)
    except msgspec.ValidationError as error:
        text = str(error)
        found = _PLACE.search(text)
        unknown = _UNKNOWN.search(text)
        steps = _steps(found[1]) if found else []
        path = _path(document.value, steps, unknown[1] if unknown else None)
        told = _PLACE.sub("", text)
        at = ".".join(map(str, path)) or "the top"
        raise ConfigError(f"{document.where(path)}: {at}: {told}; `{form}` prints the form") from error


def read_one(file: str | FilePath, kind: type[T], form: str) -> T:
    """The one document of a file as a value. ``form``: the command that prints its schema.

    Raises:
        ConfigError: with ``file:line`` and the way out.
    """
    found = list(read_documents(FilePath(file)))
    if len(found) != 1:
        raise ConfigError(f"{file}:1: one document is read here, not {len(found)}; `{form}` prints the form")
    return typed(found[0], kind, form)


def _steps(text: str) -> list[str | int | None]:
    """``.a.b[0][...]`` as steps; None for "some key", which msgspec does not name."""
    return [key or (int(place) if place else None) for key, place, _ in _STEP.findall(text)]


def _path(value: Json, steps: list[str | int | None], unknown: str | None) -> Path:
    """The path of a complaint, down to the unknown key itself; the first part that has those steps, where a key is open."""
    return next(_paths(value, steps, unknown), tuple(step for step in steps if step is not None))


def _paths(value: Json, steps: list[str | int | None], unknown: str | None) -> Iterator[Path]:
    if not steps:
        if unknown is None or (isinstance(value, dict) and unknown in value):
            yield () if unknown is None else (unknown,)
        return
    first, rest = steps[0], steps[1:]
    known = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in (key for key in known if first in (None, key)):
        for below in _paths(value[key], rest, unknown):
            yield (key, *below)
