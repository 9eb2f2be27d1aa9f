"""GRD-2: the answer says otherwise than the newest observation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from traceeval.diagnose._calls import at_span, executed, result_of, said_by_model
from traceeval.graph import Call, Dossier, payload, records
from traceeval.graph._lexicon import pattern
from traceeval.graph._runs import Trie
from traceeval.measures.claims import Sentence, claims_of
from traceeval.measures.values import id_key
from traceeval.model import Component, Evidence, Finding, Json
from traceeval.registry import diagnosis

CODE = "generator.contradicted_claim"
_STATES = re.compile(r"(?:^|_)(?:status|state|stage|phase)$")
_CHANGE = re.compile(
    r"\b(?:from|was|were|previously|before|used to|instead of|originally|change[ds]?|updated?)\b", re.IGNORECASE
)
_ID = re.compile(r"(?:^|_)(?:id|number|code|reference)$")
_SHORTEST = 4
_VALUES = 50


@dataclass(slots=True)
class _Slot:
    """A value that was observed under one key of one entity, and the call that showed it."""

    value: str
    call: Call


Slots: TypeAlias = Mapping[str, Mapping[str, list[_Slot]]]


@diagnosis(CODE, severity=5, id="GRD-2", needs=("entity",))
def contradicted_claim(dossier: Dossier) -> Iterator[Finding]:
    """A sentence that names an entity and gives it a state which another one has, not what was last observed of it.

    Looked at: fields called status, state, stage or phase, with values seen in this trace, stated after a form of "be".
    Numbers are left to the checker of claims, which knows units and rounding. Not meant: what was, a change of state,
    conditions, an entity that was changed after it was last read.
    """
    slots, seen = _slots(executed(dossier))
    if not slots:
        return
    names = Trie(slots)
    for span, message, text in said_by_model(dossier):
        if message.tool_calls or not any(map(text.casefold().__contains__, names.root)):
            continue
        for sentence in claims_of(text):
            found = _contradicted(dossier, sentence, names, slots, seen, span.seq)
            if found is not None:
                slot, key, said = found
                claim = Evidence(
                    span=span.id, field="output", quote=sentence.text, start=sentence.start, end=sentence.end
                )
                why = f"{key} was last observed as {slot.value!r}, the answer says {said!r}: {sentence.text}"
                yield at_span(
                    dossier,
                    CODE,
                    Component.GENERATOR,
                    5,
                    span.id,
                    why,
                    claim,
                    result_of(slot.call),
                    key=f"{span.id}:{key}",
                )


def _slots(calls: tuple[Call, ...]) -> tuple[Slots, Mapping[str, list[str]]]:
    """Entity -> key -> its values in the order observed; key -> the values seen under it, at most a few."""
    found: dict[str, dict[str, list[_Slot]]] = {}
    seen: dict[str, dict[str, None]] = {}
    for call in calls:
        if not call.ok:
            continue
        for record in records(payload(call)):
            states = {name: str(v).casefold() for name, v in record.values.items() if _states(name, v)}
            ids = [id_key(str(v)) for name, v in record.values.items() if v and _is_id(name)] if states else []
            for name, value in states.items():
                if len(seen.setdefault(name, {})) < _VALUES:
                    seen[name][value] = None
                for entity in ids:
                    if len(entity) >= _SHORTEST:
                        found.setdefault(entity, {}).setdefault(name, []).append(_Slot(value, call))
    return found, {name: list(values) for name, values in seen.items()}


def _states(name: str, value: Json) -> bool:
    return _is_state(name) and isinstance(value, str) and value.replace("_", "").isalpha()


@lru_cache(maxsize=4096)
def _is_state(name: str) -> bool:
    return _STATES.search(name.lower()) is not None


@lru_cache(maxsize=4096)
def _is_id(name: str) -> bool:
    return _ID.search(name.lower()) is not None


def _contradicted(
    dossier: Dossier, sentence: Sentence, names: Trie, slots: Slots, seen: Mapping[str, list[str]], at: int
) -> tuple[_Slot, str, str] | None:
    low = sentence.text.casefold()
    named = {entity for entity, *_ in names.scan(low)}
    if len(named) != 1 or sentence.skip == "question" or _CHANGE.search(low) or pattern("hypothetical").search(low):
        return None
    (entity,) = named
    for key, values in slots[entity].items():
        newest = next((slot for slot in reversed(values) if slot.call.at < at), None)
        if newest is None or _says_at_all(low, newest.value):
            continue
        said = next((value for value in seen[key] if _says(low, value)), None)
        if said is not None and not _stale(dossier, entity, newest.call, at):
            return newest, key, said
    return None


def _says(text: str, value: str) -> bool:
    words = re.escape(value).replace("_", "[ _-]")
    return (
        re.search(
            rf"\b(?:is|are|has been|status:?|state:?)\s+(?:currently |now |still |already )?[\"'*]*{words}\b", text
        )
        is not None
    )


def _says_at_all(text: str, value: str) -> bool:
    return re.search(rf"\b{re.escape(value).replace('_', '[ _-]')}\b", text) is not None


def _stale(dossier: Dossier, entity: str, read: Call, at: int) -> bool:
    """Whether somebody may have changed the entity after it was read and before it was spoken of."""
    return next(dossier.graph.entities.may_write(frozenset({entity}), read.at, at), None) is not None
