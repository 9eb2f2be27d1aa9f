"""ARG-5: a limit or a day the user set, and nobody kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from traceeval.diagnose._calls import at_span, executed, said_by_model
from traceeval.graph import Call, Dossier
from traceeval.graph._infer import properties_of
from traceeval.measures.claims import claims_of
from traceeval.measures.dates import Day, days_in
from traceeval.model import Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "planner.dropped_constraint"
_LIMIT = re.compile(
    r"\b(?:under|below|at most|no more than|less than|up to|maximum(?: of)?|max|not (?:more|over) than"
    r"|within a budget of|budget of|cheaper than)"
    r"\s+(?:[$€£]|usd|eur)?\s*(\d+(?:,\d{3})*(?:\.\d+)?)(?!\d|\s*(?:%|hours?|minutes?|days?|weeks?|bags?|people))",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:on|by|before|after|from|until|till|for|starting|no later than)\s+(?:the\s+)?$", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:book|find|search|look for|need|want|would like|'d like|reserve|schedule|show|get me|list|please"
    r"|could you|can you)\b",
    re.IGNORECASE,
)
_TAKES_DAY = re.compile(r"(?:^|_)(?:date|day|deadline|start|end|departure|arrival|until|after|before|from)(?:_|$)")
_TAKES_LIMIT = re.compile(r"(?:^|_)(?:max|limit|budget|price|cost|amount)(?:_|$)")
_BEFORE = 40


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
    """A day or a limit in a user's request that stands in no later call and in nothing the assistant said later.

    Only where a tool that was called afterwards has an argument for it. Exclusions are not looked at: what is left out
    leaves no trace in an argument.
    """
    calls = executed(dossier)
    if not any(_takes_any(name) for call in calls for name in _names(call)):
        return
    texts = [(span.seq, text) for span, _, text in said_by_model(dossier) if text]
    spans = {span.seq: span.id for span in reversed(dossier.graph.steps)}
    for one in _constraints(dossier):
        later = [call for call in calls if call.at > one.at]
        takes = _TAKES_DAY if one.kind == "day" else _TAKES_LIMIT
        slot = next((call for call in later if any(takes.search(name.lower()) for name in _names(call))), None)
        if slot is None or one.at not in spans:
            continue
        said = " \n".join(text for at, text in texts if at >= one.at)
        told = " \n".join(str(leaf.value) for call in later for leaf in dossier.graph.flows.leaves(call))
        if not _stands(one, f"{told}\n{said}"):
            quote = Evidence(span=spans[one.at], field="user", quote=one.text, start=one.start, end=one.end)
            text = f"the user's {one.text!r} reached no call and no answer, and {slot.name} has an argument for it"
            yield at_span(dossier, CODE, Component.PLANNER, 3, spans[one.at], text, quote, key=f"{one.at}:{one.start}")


@lru_cache(maxsize=4096)
def _takes_any(name: str) -> bool:
    """Whether an argument of that name may hold a day or a limit."""
    low = name.lower()
    return _TAKES_DAY.search(low) is not None or _TAKES_LIMIT.search(low) is not None


def _constraints(dossier: Dossier) -> Iterator[_Constraint]:
    for at, text in dossier.graph.users:
        for sentence in claims_of(text):
            if not _ASKS.search(sentence.text):
                continue
            for match in _LIMIT.finditer(sentence.text):
                value = float(match[1].replace(",", ""))
                yield _Constraint(
                    "limit", value, match[0], at, sentence.start + match.start(), sentence.start + match.end()
                )
            seen: set[int] = set()
            for day, start, end in days_in(sentence.text):
                if start in seen or not _DATED.search(sentence.text[max(0, start - _BEFORE) : start]):
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
