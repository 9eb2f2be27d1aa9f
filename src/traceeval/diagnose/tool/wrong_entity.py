"""ARG-4: the id of somebody or something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from traceeval.diagnose._calls import about, executed, guessed
from traceeval.graph import Call, Dossier, Leaf
from traceeval.graph._payload import Record, payload, records
from traceeval.graph._runs import Trie
from traceeval.measures.tokens import tokenise
from traceeval.measures.values import id_key
from traceeval.model import Component, Evidence, Finding, Json
from traceeval.registry import diagnosis

CODE = "tool.wrong_entity"
_ROLES = frozenset({"resource", "destination", "credential"})
_IDENTITY = ("name", "email", "mail", "phone", "username", "title", "label", "id")
_SHORTEST = 3


@diagnosis(CODE, severity=5, id="ARG-4", needs=("arg_roles", "entity"))
def wrong_entity(dossier: Dossier) -> Iterator[Finding]:
    """An id that stands in one record of a list only, while users named another record of that list and never this one.

    A record is named by its identity: a name, an address, an id, whatever only it has in the list. A read is severity 3.
    Not meant: the other record's id is used as well (a comparison), or the user's words hold the id.
    """
    calls = executed(dossier)
    said = [(at, text) for at, text in dossier.graph.users]
    if not said:
        return
    used = {key for call in calls for leaf in dossier.graph.flows.leaves(call) if (key := _key(leaf.value))}
    lists: dict[str, list[list[Record]]] = {}
    for call in calls:
        for leaf in dossier.graph.flows.leaves(call):
            if leaf.traced and leaf.role in _ROLES and isinstance(leaf.value, str | int):
                other = _other(dossier, call, leaf, said, used, lists)
                if other is not None:
                    yield _finding(dossier, call, leaf, *other)
                    break


def _other(
    dossier: Dossier,
    call: Call,
    leaf: Leaf,
    said: Sequence[tuple[int, str]],
    used: set[str],
    lists: dict[str, list[list[Record]]],
) -> tuple[str, str] | None:
    """(span of the list, the words by which the user named another record of it)."""
    flows = dossier.graph.flows.of(call, leaf)
    if not flows or any(flow.source_field != "result" or flow.echo for flow in flows):
        return None
    text = "\n".join(words for at, words in said if at <= call.asked)
    key = _key(leaf.value)
    for source in dict.fromkeys(flow.source for flow in flows):
        if source not in lists:
            lists[source] = _lists(dossier, source)
        for siblings in lists[source]:
            mine = [one for one in siblings if key in _identity(one).values()]
            others = [one for one in siblings if one not in mine]
            if len(mine) != 1 or not others or _hinted(mine[0], others, text):
                continue
            for one in others:
                word = _named(one, [each for each in siblings if each is not one], text)
                if word is not None and not used & set(_identity(one).values()) - {key}:
                    return source, word
    return None


def _lists(dossier: Dossier, source: str) -> list[list[Record]]:
    """Records of a span's result, list by list; only lists of two and more."""
    found: dict[int, list[Record]] = {}
    for call in dossier.graph.flows.calls_of(source):
        for record in records(payload(call)):
            if record.siblings is not None:
                found.setdefault(record.siblings, []).append(record)
    return [siblings for siblings in found.values() if len(siblings) > 1]


def _identity(record: Record) -> Mapping[str, str]:
    """The values that say who or what a record is, folded."""
    return {
        name: key
        for name, value in record.values.items()
        if name.lower().endswith(_IDENTITY) and (key := _key(value)) and len(key) >= _SHORTEST
    }


def _named(record: Record, others: Sequence[Record], text: str) -> str | None:
    """A value of the record's identity that no other has and that the user's words hold."""
    taken = {key for other in others for key in _identity(other).values()}
    own = [key for key in _identity(record).values() if key not in taken]
    return next((value for value, *_ in Trie(own).scan(text)), None)


def _hinted(record: Record, others: Sequence[Record], text: str) -> bool:
    """Whether a word that only this record's identity has stands in the user's words: then it may be the one meant."""
    said = set(tokenise(text).low)
    own = _words(record) - set().union(*(_words(other) for other in others))
    return any(len(word) >= _SHORTEST and word in said for word in own)


def _words(record: Record) -> set[str]:
    return {word for key in _identity(record).values() for word in tokenise(key).low}


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
