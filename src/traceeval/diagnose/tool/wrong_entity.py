"""ARG-4: the id of somebody or something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from traceeval.diagnose._calls import about, executed, guessed
from traceeval.graph import Call, Dossier, Leaf, Record, payload, records
from traceeval.graph._runs import Trie
from traceeval.measures.tokens import tokenise
from traceeval.measures.values import id_key
from traceeval.model import Component, Evidence, Finding, Json
from traceeval.registry import diagnosis

CODE = "tool.wrong_entity"
_ROLES = frozenset({"resource", "destination", "credential"})
_IDENTITY = ("name", "email", "mail", "phone", "username", "title", "label", "id")
_SHORTEST = 3
_LISTS = 100  # lists of one trace that are compared with what users said


@dataclass(slots=True)
class _Listed:
    """The records of one list: who owns which value and word, and which record users named when."""

    keys: list[frozenset[str]]
    owner: dict[str, int | None]
    named: list[tuple[int, int, str]]
    hinted: dict[int, int]

    @classmethod
    def of(cls, siblings: Sequence[Record], said: Sequence[tuple[int, str]]) -> _Listed:
        keys = [frozenset(_identity(record)) for record in siblings]
        owner, words = _owners(keys), _owners([frozenset(_words(one)) for one in keys])
        trie = Trie(key for key, record in owner.items() if record is not None)
        named: list[tuple[int, int, str]] = []
        hinted: dict[int, int] = {}
        for at, text in said:
            named += ((at, record, value) for value, *_ in trie.scan(text) if (record := owner[value]) is not None)
            for word in set(tokenise(text).low):
                record = words.get(word)
                if record is not None and len(word) >= _SHORTEST:
                    hinted.setdefault(record, at)
        return cls(keys, owner, named, hinted)

    def other(self, key: str, at: int, used: set[str]) -> str | None:
        """The words by which users had named another record than the owner of a value, and never the owner."""
        mine = self.owner.get(key)
        if mine is None or self.hinted.get(mine, at + 1) <= at:
            return None
        told = [(record, word) for when, record, word in self.named if when <= at]
        if any(record == mine for record, _ in told):
            return None
        return next((word for record, word in told if not self.keys[record] & used), None)


@diagnosis(CODE, severity=5, id="ARG-4", needs=("arg_roles", "entity"))
def wrong_entity(dossier: Dossier) -> Iterator[Finding]:
    """An id that stands in one record of a list only, while users named another record of that list and never this one.

    A record is named by its identity: a name, an address, an id, whatever only it has in the list. A read is severity 3.
    Not meant: the other record's id is used as well (a comparison), or the user's words hold the id.
    """
    calls = executed(dossier)
    said = dossier.graph.users
    if not said:
        return
    used = cache(lambda: _used(dossier))
    lists: dict[str, list[_Listed]] = {}
    for call in calls:
        for leaf in dossier.graph.flows.leaves(call):
            if leaf.traced and leaf.role in _ROLES and isinstance(leaf.value, str | int):
                other = _other(dossier, call, leaf, used, lists)
                if other is not None:
                    yield _finding(dossier, call, leaf, *other)
                    break


def _other(
    dossier: Dossier, call: Call, leaf: Leaf, used: Callable[[], set[str]], lists: dict[str, list[_Listed]]
) -> tuple[str, str] | None:
    """(span of the list, the words by which the user named another record of it)."""
    flows = dossier.graph.flows.of(call, leaf)
    if not flows or any(flow.source_field != "result" or flow.echo for flow in flows):
        return None
    key = _key(leaf.value)
    for source in dict.fromkeys(flow.source for flow in flows):
        if source not in lists:
            lists[source] = _lists(dossier, source) if len(lists) < _LISTS else []
        for listed in lists[source]:
            word = listed.other(key, call.asked, used() - {key})
            if word is not None:
                return source, word
    return None


def _used(dossier: Dossier) -> set[str]:
    """Every value the agent used."""
    leaves = (leaf for call in executed(dossier) for leaf in dossier.graph.flows.leaves(call))
    return {key for leaf in leaves if (key := _key(leaf.value))}


def _lists(dossier: Dossier, source: str) -> list[_Listed]:
    """Records of a span's result, list by list; only lists of two and more."""
    found: dict[int, list[Record]] = {}
    for call in dossier.graph.flows.calls_of(source):
        for record in records(payload(call)):
            if record.siblings is not None:
                found.setdefault(record.siblings, []).append(record)
    return [_Listed.of(siblings, dossier.graph.users) for siblings in found.values() if len(siblings) > 1]


def _identity(record: Record) -> Iterator[str]:
    """The values that say who or what a record is, folded."""
    for name, value in record.values.items():
        if name.lower().endswith(_IDENTITY) and len(key := _key(value)) >= _SHORTEST:
            yield key


def _words(keys: Iterable[str]) -> set[str]:
    return {word for key in keys for word in tokenise(key).low}


def _owners(rows: Sequence[frozenset[str]]) -> dict[str, int | None]:
    """Value -> the only row that has it; None where several have."""
    owner: dict[str, int | None] = {}
    for number, row in enumerate(rows):
        for value in row:
            owner[value] = None if value in owner else number
    return owner


def _key(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return id_key(value)


def _finding(dossier: Dossier, call: Call, leaf: Leaf, source: str, word: str) -> Finding:
    inferred = guessed(call, "arg_roles")
    text = f"{call.name}: {leaf.path}={leaf.value!r} belongs to another record than the one the user named ({word})"
    quote = Evidence(span=source, field="result", quote=str(leaf.value))
    severity = 5 if call.changes else 3
    return about(dossier, CODE, Component.TOOL, severity, call, text, quote, inferred=inferred)
