"""The 29th: the agent thought of one thing and did another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed, guessed, undecided
from traceeval.diagnose._ids import CENT, ids_in, money_in, shape
from traceeval.graph import Call, Dossier, Leaf
from traceeval.graph._lexicon import named, words_of
from traceeval.measures.claims import split_sentences
from traceeval.measures.values import id_key
from traceeval.model import Component, Evidence, Finding, Generation, Kind, Span, ToolCall, text_of
from traceeval.registry import diagnosis

CODE = "planner.reasoning_action_mismatch"
_INTENT = re.compile(
    r"\b(?:i(?:'ll| will| should| must| need to| have to| am going to|'m going to| want to| can now)"
    r"|let me|let's|next(?: step)?(?: is|:|,)?|going to|plan to|so i|now|we (?:should|need to|will|must)"
    r"|call(?:ing)?|use|using)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|n't|never|instead of|rather than|without|unless|if|after|before|once|when|later|then|already)\b",
    re.IGNORECASE,
)


@diagnosis(CODE, severity=4, id="RAM", needs=("arg_roles", "effect"))
def reasoning_action_mismatch(dossier: Dossier) -> Iterator[Finding]:
    """The last intention in the recorded reasoning names another tool, another id or another sum than the call after it.

    Reasoning: what the model's message says of its thoughts, else the text beside the call, else a note to itself just
    before. Ids and sums count when the intention names exactly one of that form. Severity 4 for a change, 2 otherwise.
    Not meant: conditions, denials, intentions of several steps. No reasoning recorded anywhere: unknown.
    """
    calls = executed(dossier)
    if not calls:
        return
    thoughts = _thoughts(dossier, calls)
    if not thoughts:
        text = "whether the calls are what the agent meant is unknown: no reasoning is recorded"
        yield undecided(dossier, CODE, Component.PLANNER, 4, text, "message.reasoning")
        return
    known = {call.name for call in dossier.graph.calls} | set(dossier.graph.book.offered)
    batches: dict[str, list[Call]] = {}
    for call in calls:
        if call.batch is not None and call.batch in thoughts and call.name not in named("scratch"):
            batches.setdefault(call.batch, []).append(call)
    for batch, members in batches.items():
        span, field, text = thoughts[batch]
        found = _intention(text)
        if found is None:
            continue
        start, end = found
        why = _mismatch(dossier, text[start:end], members, known)
        if why is not None:
            call, words = why
            quote = Evidence(span=span.id, field=field, quote=text[start:end], start=start, end=end)
            severity = 4 if call.changes else 2
            inferred = guessed(call, "arg_roles")
            yield about(dossier, CODE, Component.PLANNER, severity, call, words, quote, inferred=inferred)


def _thoughts(dossier: Dossier, calls: tuple[Call, ...]) -> dict[str, tuple[Span, str, str]]:
    """Model span -> (where its reasoning stands, field, text), for every span that asked for a call and has reasoning."""
    found: dict[str, tuple[Span, str, str]] = {}
    note: tuple[Span, str, str] | None = None
    notes = {call.span: call for call in calls if call.name in named("scratch")}
    for span in dossier.graph.steps:
        if isinstance(span.body, ToolCall):
            note = (span, "call", _noted(notes[span.id])) if span.id in notes else None
        if span.kind is not Kind.MODEL or not isinstance(span.body, Generation) or span.body.output is None:
            continue
        output = span.body.output
        if not output.tool_calls:
            continue
        reasoning, text = text_of(output.reasoning), text_of(output.content)
        if reasoning:
            found[span.id] = span, "reasoning", reasoning
        elif text and text.strip():
            found[span.id] = span, "output", text
        elif note is not None and note[2]:
            found[span.id] = note
    return found


def _noted(call: Call) -> str:
    values = call.arguments.values() if isinstance(call.arguments, dict) else ()
    return "\n".join(value for value in values if isinstance(value, str))


def _intention(text: str) -> tuple[int, int] | None:
    """The range of the last sentence that says what comes next; None when it is denied, conditional or of several steps."""
    for start, end in reversed(split_sentences(text)):
        if _INTENT.search(text, start, end):
            return None if _NOT.search(text, start, end) else (start, end)
    return None


def _mismatch(dossier: Dossier, said: str, members: list[Call], known: set[str]) -> tuple[Call, str] | None:
    tools = {name for name in known if len(words_of(name)) > 1 and re.search(rf"\b{re.escape(name)}\b", said)}
    made = {call.name for call in members}
    if tools and not tools & made:
        return members[0], f"the reasoning names {', '.join(sorted(tools))}, and {members[0].name} was called"
    if len(members) > 1:
        return None
    call = members[0]
    leaves = dossier.graph.flows.leaves(call)
    given = {
        id_key(leaf.value) for leaf in leaves if isinstance(leaf.value, str | int) and not isinstance(leaf.value, bool)
    }
    ids = set(ids_in(said))
    for leaf in leaves:
        if leaf.role not in ("resource", "destination") or not isinstance(leaf.value, str):
            continue
        alike = {token for token in ids if shape(token) == shape(id_key(leaf.value))}
        if len(alike) == 1 and not alike & given:
            return call, f"the reasoning names {next(iter(alike))}, and {call.name} was called with {leaf.value}"
    return _sum(call, leaves, said)


def _sum(call: Call, leaves: tuple[Leaf, ...], said: str) -> tuple[Call, str] | None:
    sums = set(money_in(said))
    amounts = [
        leaf.value
        for leaf in leaves
        if leaf.role == "amount" and isinstance(leaf.value, int | float) and not isinstance(leaf.value, bool)
    ]
    if len(sums) == 1 and len(amounts) == 1 and abs(next(iter(sums)) - amounts[0]) > CENT:
        return call, f"the reasoning names {next(iter(sums)):g}, and {call.name} was called with {amounts[0]:g}"
    return None
