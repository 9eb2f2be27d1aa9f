"""GRD-2: the answer says otherwise than the newest observation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from traceeval.diagnose._calls import at_span, executed, result_of, said_by_model
from traceeval.diagnose._said_number import names_amount, number_of, said_otherwise
from traceeval.graph import Call, Dossier, payload, records
from traceeval.graph._lexicon import pattern
from traceeval.graph._runs import Trie
from traceeval.graph._runs import key as runs_of
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


_Shown: TypeAlias = tuple[Call, Mapping[str, Json], frozenset[str]]
"""(call, a record of its result, the ids in it)."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A value that was observed under one key of one entity: the call that showed it, all ids of its record."""

    value: str | float
    call: Call
    ids: frozenset[str]


@dataclass(slots=True)
class _Slots:
    """``of``: entity -> key -> its values in the order observed; ``seen``: key -> the states seen under it, a few.

    ``keys``: number -> the keys it was seen under, of whatever.
    """

    of: dict[str, dict[str, list[_Slot]]] = field(default_factory=dict)
    seen: dict[str, dict[str, None]] = field(default_factory=dict)
    keys: dict[float, set[str]] = field(default_factory=dict)


@diagnosis(CODE, severity=5, id="GRD-2", needs=("entity",))
def contradicted_claim(dossier: Dossier) -> Iterator[Finding]:
    """A sentence that names an entity and gives it a state which another one has, or a number, not what was last observed of it.

    States: fields called status, state, stage or phase, with values seen in this trace, stated after a form of "be".
    Numbers: fields of the entity's own record that the sentence calls by name. Not meant: what was, a change of state,
    conditions, other units, rounding, numbers of several things, an entity that was changed after it was last read.
    """
    told = [(span, text) for span, message, text in said_by_model(dossier) if text and not message.tool_calls]
    shown = _shown_records(executed(dossier)) if told else []
    if not _may_name(shown, [text for _, text in told]):
        return
    slots = _slots(shown)
    names = Trie(slots.of)
    for span, text in told:
        if not any(map(text.casefold().__contains__, names.root)):
            continue
        for sentence in claims_of(text):
            found = _contradicted(dossier, sentence, names, slots, span.seq)
            if found is not None:
                slot, key, said = found
                claim = Evidence(
                    span=span.id, field="output", quote=sentence.text, start=sentence.start, end=sentence.end
                )
                why = f"{key} was last observed as {_shown(slot.value)}, the answer says {said!r}: {sentence.text}"
                seen = (claim, result_of(slot.call))
                yield at_span(dossier, CODE, Component.GENERATOR, 5, span.id, why, *seen, key=f"{span.id}:{key}")


def _shown_records(calls: tuple[Call, ...]) -> list[_Shown]:
    """Every record that a successful call brought back, with the ids in it."""
    return [
        (call, record.values, frozenset([id_key(str(v)) for name, v in record.values.items() if v and _is_id(name)]))
        for call in calls
        if call.ok
        for record in records(payload(call))
    ]


def _may_name(shown: Sequence[_Shown], texts: Sequence[str]) -> bool:
    """Whether the first letters or digits of any id stand in any text: no text names one without them."""
    heads = {
        found[0] for _, _, ids in shown for entity in ids if len(entity) >= _SHORTEST and (found := runs_of(entity))
    }
    return bool(heads) and any(any(map(text.casefold().__contains__, heads)) for text in texts)


def _slots(shown: Sequence[_Shown]) -> _Slots:
    slots = _Slots()
    for call, recorded, ids in shown:
        for name, value in _told(recorded):
            if isinstance(value, float):
                slots.keys.setdefault(value, set()).add(name)
            elif len(slots.seen.setdefault(name, {})) < _VALUES:
                slots.seen[name][value] = None
            for entity in ids:
                if len(entity) >= _SHORTEST:
                    slots.of.setdefault(entity, {}).setdefault(name, []).append(_Slot(value, call, ids))
    return slots


def _told(values: Mapping[str, Json]) -> Iterator[tuple[str, str | float]]:
    """The states and numbers of a record."""
    for name, value in values.items():
        if _states(name, value):
            yield name, str(value).casefold()
        elif not _is_id(name) and (number := number_of(value)) is not None and names_amount(name):
            yield name, number


def _states(name: str, value: Json) -> bool:
    return _is_state(name) and isinstance(value, str) and value.replace("_", "").isalpha()


@lru_cache(maxsize=4096)
def _is_state(name: str) -> bool:
    return _STATES.search(name.lower()) is not None


@lru_cache(maxsize=4096)
def _is_id(name: str) -> bool:
    return _ID.search(name.lower()) is not None


def _contradicted(
    dossier: Dossier, sentence: Sentence, names: Trie, slots: _Slots, at: int
) -> tuple[_Slot, str, str] | None:
    low = sentence.text.casefold()
    places = list(names.scan(low))
    if len({entity for entity, *_ in places}) != 1 or sentence.skip == "question":
        return None
    if _CHANGE.search(low) or pattern("hypothetical").search(low):
        return None
    entity = places[0][0]
    for key, values in slots.of[entity].items():
        before = [slot for slot in values if slot.call.at < at]
        said = _said_otherwise(low, places, key, before, slots) if before else None
        if said is not None and not _stale(dossier, entity, before[-1].call, at):
            return before[-1], key, said
    return None


def _said_otherwise(
    text: str, places: Sequence[tuple[str, int, int, str]], key: str, before: Sequence[_Slot], slots: _Slots
) -> str | None:
    """What a sentence gives an entity under a key, where its newest value is another."""
    newest = before[-1].value
    if isinstance(newest, str):
        return (
            None
            if _says_at_all(text, newest)
            else next((value for value in slots.seen[key] if _says(text, value)), None)
        )
    if _of_several(before):
        return None
    for _, start, end, _ in places:  # an id's digits are no number of its own
        text = text[:start] + "x" * (end - start) + text[end:]
    said = said_otherwise(text, key, newest)
    elsewhere = slots.keys.get(float(said.replace(",", "")), set()) - {key} if said is not None else set()
    return None if elsewhere else said  # the number of another field: the sentence may speak of that one


def _of_several(before: Sequence[_Slot]) -> bool:
    """Whether an id stands in several things' records, so that it does not tell whose number is meant."""
    last = [slot for slot in before if slot.call is before[-1].call]
    return len({slot.ids for slot in before}) > 1 or len({slot.value for slot in last}) > 1


def _shown(value: str | float) -> str:
    return repr(value) if isinstance(value, str) else f"{value:g}"


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
