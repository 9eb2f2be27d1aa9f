"""ARG-5: a limit, a day or an exclusion of the user that nobody kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from traceeval.diagnose._calls import at_span, called_as, executed, said_by_model
from traceeval.diagnose._excluded import Excluded, broken, excluded, heeded, takes
from traceeval.graph import Call, Dossier
from traceeval.graph._infer import properties_of
from traceeval.graph._lexicon import pattern
from traceeval.measures.claims import claims_of
from traceeval.measures.dates import Day, days_in
from traceeval.measures.tokens import tokenise
from traceeval.model import Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "planner.dropped_constraint"
_BEFORE = 40


Texts: TypeAlias = Sequence[tuple[int, str]]
"""(position, text) of what the assistant said."""


@dataclass(frozen=True, slots=True)
class _Constraint:
    kind: str
    value: Day | float
    text: str
    at: int
    start: int
    end: int


@diagnosis(CODE, severity=3, id="ARG-5", needs=("parameters",))
def dropped_constraint(dossier: Dossier) -> Iterator[Finding]:
    """A day or a limit that reached no later call and no answer, or a thing ruled out that a call asks for or nobody left out.

    Only where a tool that was called afterwards has an argument for it: for a thing ruled out one such as ``exclude`` or
    ``avoid``, or one named like it. Not meant: what the assistant spoke of, and what a later turn of the user names again.
    """
    calls = executed(dossier)
    if not calls:
        return
    kept = list(_constraints(dossier)) if any(_takes_any(name) for call in calls for name in _names(call)) else []
    out = list(excluded(dossier))
    if not (kept or out):
        return
    spans = {span.seq: span.id for span in reversed(dossier.graph.steps)}
    texts = [(span.seq, text) for span, _, text in said_by_model(dossier) if text]
    yield from _days_and_limits(dossier, kept, calls, spans, texts)
    for one in out:
        later = [call for call in calls if call.at > one.at]
        if one.at in spans:
            yield from _not_left_out(dossier, one, later, spans[one.at], texts)


def _days_and_limits(
    dossier: Dossier, kept: Sequence[_Constraint], calls: tuple[Call, ...], spans: Mapping[int, str], texts: Texts
) -> Iterator[Finding]:
    for one in kept:
        later = [call for call in calls if call.at > one.at]
        slot_name = pattern("takes_day" if one.kind == "day" else "takes_limit")
        slot = next((call for call in later if any(slot_name.search(name.lower()) for name in _names(call))), None)
        if slot is None or one.at not in spans:
            continue
        said = " \n".join(text for at, text in texts if at >= one.at)
        told = " \n".join(str(leaf.value) for call in later for leaf in dossier.graph.flows.leaves(call))
        if not _stands(one, f"{told}\n{said}"):
            why = f"the user's {one.text!r} reached no call and no answer, and {slot.name} has an argument for it"
            yield _dropped(dossier, one, spans[one.at], why)


def _not_left_out(dossier: Dossier, one: Excluded, later: list[Call], span: str, texts: Texts) -> Iterator[Finding]:
    """The first call that asks for what was ruled out; else nobody left it out where a tool has an argument for that."""
    for call in later:
        leaf = broken(dossier, one, call)
        if leaf is not None:
            why = f"the user ruled out {one.text!r}, and {call.name} asks for it: {leaf.path}={leaf.value!r}"
            yield _dropped(dossier, one, span, why, called_as(call))
            return
    slot = next((call for call in later if takes(one, call)), None)
    spoken = any(one.stems <= set(tokenise(text).content) for at, text in texts if at >= one.at)
    if slot is not None and not spoken and not any(heeded(dossier, one, call) for call in later):
        why = f"the user ruled out {one.text!r}; no call left it out and no answer says so, and {slot.name} could have"
        yield _dropped(dossier, one, span, why)


def _dropped(dossier: Dossier, one: _Constraint | Excluded, span: str, why: str, *more: Evidence) -> Finding:
    quote = Evidence(span=span, field="user", quote=one.text, start=one.start, end=one.end)
    return at_span(dossier, CODE, Component.PLANNER, 3, span, why, quote, *more, key=f"{one.at}:{one.start}")


@lru_cache(maxsize=4096)
def _takes_any(name: str) -> bool:
    """Whether an argument of that name may hold a day or a limit."""
    low = name.lower()
    return any(pattern(kind).search(low) is not None for kind in ("takes_day", "takes_limit"))


def _constraints(dossier: Dossier) -> Iterator[_Constraint]:
    for at, text in dossier.graph.users:
        for sentence in claims_of(text):
            if not pattern("asks").search(sentence.text):
                continue
            for match in pattern("limit").finditer(sentence.text):
                value = float(match[1].replace(",", ""))
                yield _Constraint(
                    "limit", value, match[0], at, sentence.start + match.start(), sentence.start + match.end()
                )
            seen: set[int] = set()
            for day, start, end in days_in(sentence.text):
                if start in seen or not pattern("dated").search(sentence.text[max(0, start - _BEFORE) : start]):
                    continue
                seen.add(start)
                words = sentence.text[start:end]
                yield _Constraint("day", day, words, at, sentence.start + start, sentence.start + end)


def _stands(one: _Constraint, text: str) -> bool:
    if isinstance(one.value, tuple):
        month_day = {day[1:] for day, _, _ in days_in(one.text)}
        return any(day[1:] in month_day for day, _, _ in days_in(text))
    return any(float(found.replace(",", "")) == one.value for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text))


def _names(call: Call) -> Iterator[str]:
    yield from call.arguments if isinstance(call.arguments, dict) else ()
    yield from properties_of(call.parameters or call.spec.parameters)
