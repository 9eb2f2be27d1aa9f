"""GRD-2: the answer says otherwise than the newest observation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from traceeval.diagnose._calls import at_span, executed, result_of, said_by_model
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import pattern
from traceeval.graph._payload import payload, records
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
_REACH = 40


@dataclass(slots=True)
class _Slot:
    """The newest value seen under one key of one entity, and every value any entity had under that key."""

    value: str
    call: Call


@diagnosis(CODE, severity=5, id="GRD-2", needs=("entity",))
def contradicted_claim(dossier: Dossier) -> Iterator[Finding]:
    """A sentence that names an entity and gives it a state which another one has, not what was last observed of it.

    Looked at: fields called status, state, stage or phase, with values seen in this trace, stated after a form of "be".
    Numbers are left to the checker of claims, which knows units and rounding. Not meant: what was, a change of state,
    conditions, an entity that was changed after it was last read.
    """
    calls = executed(dossier)
    slots, seen = _slots(calls)
    if not slots:
        return
    for span, message, text in said_by_model(dossier):
        if message.tool_calls or not text:
            continue
        for sentence in claims_of(text):
            found = _contradicted(dossier, sentence, slots, seen, calls, span.seq)
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


def _slots(calls: tuple[Call, ...]) -> tuple[Mapping[tuple[str, str], list[_Slot]], Mapping[str, set[str]]]:
    """(entity, key) -> its values in the order observed; key -> every value seen."""
    found: dict[tuple[str, str], list[_Slot]] = {}
    seen: dict[str, set[str]] = {}
    for call in calls:
        if not call.ok:
            continue
        for record in records(payload(call)):
            states = {name: str(v).casefold() for name, v in record.values.items() if _states(name, v)}
            ids = [id_key(str(v)) for name, v in record.values.items() if _ID.search(name.lower()) and v]
            for name, value in states.items():
                seen.setdefault(name, set()).add(value)
                for entity in ids:
                    if len(entity) >= _SHORTEST:
                        found.setdefault((entity, name), []).append(_Slot(value, call))
    return found, seen


def _states(name: str, value: Json) -> bool:
    return bool(_STATES.search(name.lower())) and isinstance(value, str) and value.replace("_", "").isalpha()


def _contradicted(
    dossier: Dossier,
    sentence: Sentence,
    slots: Mapping[tuple[str, str], list[_Slot]],
    seen: Mapping[str, set[str]],
    calls: tuple[Call, ...],
    at: int,
) -> tuple[_Slot, str, str] | None:
    low = sentence.text.casefold()
    if sentence.skip == "question" or _CHANGE.search(low) or pattern("hypothetical").search(low):
        return None
    named = {entity for entity, _ in slots if re.search(rf"(?<!\w){re.escape(entity)}(?!\w)", low)}
    if len(named) != 1:
        return None
    (entity,) = named
    for (one, key), values in slots.items():
        known = [slot for slot in values if slot.call.at < at]
        if one != entity or not known or _stale(dossier, entity, known[-1].call, at):
            continue
        newest = known[-1]
        said = [value for value in seen[key] if _says(low, value)]
        if said and not any(_says_at_all(low, slot.value) for slot in known[-1:]):
            return newest, key, said[0]
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
