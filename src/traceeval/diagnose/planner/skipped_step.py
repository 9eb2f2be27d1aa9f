"""PLN-1: a step of the plan that nobody did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from traceeval.diagnose._calls import at_span
from traceeval.graph import Dossier
from traceeval.graph._lexicon import action_classes, tool_classes, words_of
from traceeval.measures.tokens import tokenise
from traceeval.model import Component, Evidence, Finding, Generation, Kind, Span, ToolCall, Utterance, text_of
from traceeval.registry import diagnosis

CODE = "planner.skipped_step"
_LINE = re.compile(
    r"(?m)^[ \t]*(?:step\s+)?(\d{1,2})[.):][ \t]+(\S.*?)[ \t]*$|^[ \t]*[-*][ \t]+(?:\[[ x]\][ \t]+)?(\S.*?)[ \t]*$",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:skip(?:ping|ped)?|no longer|not needed|unnecessary|instead|cancel(?:led)? the step"
    r"|change of plan|revised plan|new plan|won't|cannot|unable|can't|need not|no need)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Step:
    span: Span
    text: str
    start: int
    end: int
    tools: frozenset[str]


@diagnosis(CODE, severity=3, id="PLN-1")
def skipped_step(dossier: Dossier) -> Iterator[Finding]:
    """A step of the last recorded plan that names a tool, none of the later calls is of it, and nobody said why.

    Steps in prose are not judged: what covers them is a matter of reading. A later plan replaces an earlier one.
    """
    plan = _plan(dossier)
    if plan is None:
        return
    span, text = plan
    steps = list(_steps(dossier, span, text))
    if not steps:
        return
    done = {call.name for call in dossier.graph.calls if call.at > span.seq}
    classes = frozenset().union(*(tool_classes(name) for name in done)) if done else frozenset[str]()
    later = _said_later(dossier, span.seq)
    for step in steps:
        if step.tools & done or _dropped(step, later, classes):
            continue
        quote = Evidence(span=span.id, field="output", quote=step.text, start=step.start, end=step.end)
        why = f"the plan names {', '.join(sorted(step.tools))}, which was never called: {step.text}"
        yield at_span(dossier, CODE, Component.PLANNER, 3, span.id, why, quote, key=f"{span.id}:{step.start}")


def _plan(dossier: Dossier) -> tuple[Span, str] | None:
    """The last plan: a PLAN span, or the text of a model span that carries the note ``plan``."""
    for span in reversed(dossier.graph.steps):
        if span.kind is Kind.PLAN or str(span.attributes.get("note") or "").lower() == "plan":
            text = _text(span)
            if text:
                return span, text
    return None


def _text(span: Span) -> str:
    body = span.body
    if isinstance(body, Generation) and body.output is not None:
        return text_of(body.output.content) or ""
    if isinstance(body, ToolCall):
        return text_of(body.result) or ""
    return (text_of(body.text) or "") if isinstance(body, Utterance) else ""


def _steps(dossier: Dossier, span: Span, text: str) -> Iterator[_Step]:
    names = (
        {call.name for call in dossier.graph.calls} | set(dossier.graph.book.offered) | set(dossier.graph.book.declared)
    )
    for match in _LINE.finditer(text):
        line = match[2] or match[3]
        tools = frozenset(
            name for name in names if len(words_of(name)) > 1 and re.search(rf"\b{re.escape(name)}\b", line)
        )
        if tools:
            start = match.start(2) if match[2] else match.start(3)
            yield _Step(span, line, start, start + len(line), tools)


def _said_later(dossier: Dossier, at: int) -> str:
    return "\n".join(_text(span) for span in dossier.graph.of_kind(Kind.MODEL) if span.seq > at)


def _dropped(step: _Step, later: str, classes: frozenset[str]) -> bool:
    """Somebody said why not: a sentence with a word of dropping and a word of the step or its tool."""
    words = set(tokenise(step.text).low) | {word for name in step.tools for word in words_of(name)}
    kinds = action_classes(step.text)
    for line in re.split(r"(?<=[.!?])\s+|\n+", later):
        if _DROPPED.search(line) and (len(words & set(tokenise(line).low)) >= 2 or kinds & action_classes(line)):
            return True
    return False
