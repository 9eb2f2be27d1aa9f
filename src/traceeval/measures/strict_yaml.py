"""YAML as JSON reads it: ``true false null`` and JSON numbers; every other plain scalar is a text.

Plain YAML 1.1 reads ``on`` and ``no`` as booleans, even as keys, ``0123`` as 83, ``12:30`` as 750 and a day as a date:
each would silently change an argument. Everything here knows the line it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeAlias

import yaml

from traceeval.errors import ConfigError
from traceeval.model import Json

MOST_BYTES, MOST_NODES = 4_000_000, 200_000
"""Values in one file, aliases expanded; beyond it the file is built to swell."""
_DEEPEST = 100
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
"""A plain scalar that is read as a number."""
_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_WORDS: Mapping[str, Json] = {"true": True, "false": False, "null": None}
_PLAIN = "tag:yaml.org,2002:"
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its value, and ``file:line`` of each part of it."""

    value: Json
    places: Mapping[Path, str]

    def where(self, path: Path = ()) -> str:
        """``file:line`` of a part, or of the nearest part around it that is known."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]

    def part(self, path: Path) -> Document:
        """A part of it as a document of its own."""
        value = self.value
        for step in path:
            value = value[step]
        return Document(
            value, {place[len(path) :]: where for place, where in self.places.items() if place[: len(path)] == path}
        )

    def over(self, defaults: Document, below: Path = ()) -> Document:
        """This document with what it leaves out taken from another's part ``below``; mappings are merged, lists are not."""
        theirs = defaults.part(below)
        return Document(_merged(self.value, theirs.value), {**theirs.places, **self.places})


def _merged(mine: Json, theirs: Json) -> Json:
    if not (isinstance(mine, dict) and isinstance(theirs, dict)):
        return mine
    shared = {key: _merged(value, theirs[key]) if key in theirs else value for key, value in mine.items()}
    return {**theirs, **shared}


class _Loader(yaml.SafeLoader):
    """Resolves nothing: what a plain scalar is, is decided below."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # a mutable of the base class, replaced here


def documents(text: str, file: str) -> Iterator[Document]:
    """Every document of a text.

    Raises:
        ConfigError: with ``file:line``: no YAML, a key twice, a tag, an empty value, or built to swell.
    """
    try:
        for node in yaml.compose_all(text, Loader=_Loader):
            if node is not None:
                built = _Builder(file)
                yield Document(built.value(node, ()), built.places)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise ConfigError(f"{file}:{line}: not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:  # characters that may not stand in YAML
        raise ConfigError(f"{file}:{_line_of(text, error)}: not YAML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{file}:1: nested too deep; at most {_DEEPEST} levels") from error


def read_documents(path: FilePath) -> Iterator[Document]:
    """Every document of a file.

    Raises:
        ConfigError: it cannot be read, is too large, or is no YAML as we take it; with ``file:line``.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(f"{path}:1: more than {MOST_BYTES} bytes; split it")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: not UTF-8; save it as UTF-8") from error
    yield from documents(text, str(path))


def _line_of(text: str, error: yaml.YAMLError) -> int:
    return text.count("\n", 0, int(getattr(error, "position", 0))) + 1


@dataclass
class _Builder:
    """Nodes into values, counting them."""

    file: str
    places: dict[Path, str] = field(default_factory=dict)
    nodes: int = 0

    def value(self, node: yaml.Node, path: Path) -> Json:
        """The value of a node; aliases count each time they are used."""
        self.nodes += 1
        self.places.setdefault(path, self._place(node))
        if self.nodes > MOST_NODES:
            raise self._wrong(node, f"more than {MOST_NODES} values once its anchors are expanded; write less")
        if len(path) > _DEEPEST:
            raise self._wrong(node, f"nested too deep; at most {_DEEPEST} levels")
        if isinstance(node, yaml.MappingNode):
            self._no_tag(node, "map")
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            self._no_tag(node, "seq")
            return [self.value(item, (*path, place)) for place, item in enumerate(node.value)]
        if not isinstance(node, yaml.ScalarNode):
            raise self._wrong(node, "neither a mapping, a list nor a text")
        self._no_tag(node, "str")
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._wrong(key, "a key is a text, not a list or a mapping")
            self._no_tag(key, "str")
            name = self._text(key)
            if name in found:
                raise self._wrong(key, f"the key {name!r} stands twice; keep one")
            self.places[(*path, name)] = self._place(key)
            found[name] = self.value(item, (*path, name))
        return found

    def _text(self, node: yaml.ScalarNode) -> str:
        """The text of a scalar; two escapes of a pair are one character, as in JSON."""
        text: str = node.value
        if text.isascii():
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError as error:
            raise self._wrong(node, "half of a character (\\ud800 to \\udfff); write both halves, or none") from error

    def _scalar(self, node: yaml.ScalarNode) -> Json:
        text = self._text(node)
        if node.style is not None:
            return text
        if not text:
            raise self._wrong(node, 'an empty value; write null, "" or a value')
        if text in _WORDS:
            return _WORDS[text]
        if NUMBER.fullmatch(text):
            return self._number(node, text)
        return text

    def _number(self, node: yaml.Node, text: str) -> Json:
        if _INTEGER.fullmatch(text) and len(text) <= 18:
            return int(text)
        number = float(text)
        if number in (float("inf"), float("-inf")) or _INTEGER.fullmatch(text):
            raise self._wrong(node, f"the number {text[:40]} is larger than JSON carries safely; quote it")
        return number

    def _no_tag(self, node: yaml.Node, plain: str) -> None:
        if node.tag != f"{_PLAIN}{plain}":
            raise self._wrong(node, f"a tag ({node.tag.replace(_PLAIN, '!!')}); tags are not read here: remove it")

    def _wrong(self, node: yaml.Node, text: str) -> ConfigError:
        return ConfigError(f"{self._place(node)}: {text}")

    def _place(self, node: yaml.Node) -> str:
        return f"{self.file}:{node.start_mark.line + 1}"
