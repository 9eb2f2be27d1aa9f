"""What agents did, step by step, with what the environment said next: what attribution looks at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from traceeval.graph import TraceGraph
from traceeval.model import Generation, Kind, Span, ToolCall, text_of

LONG = 4000


@dataclass(frozen=True, slots=True)
class Step:
    """One message of an agent, with the words the environment printed around it.

    ``said``: its words and the calls it asked for. ``before``, ``after``: what was printed directly before and after,
    None where nothing was run.
    """

    span: Span
    number: int
    agent: str
    said: str
    before: str | None
    after: str | None

    @property
    def note(self) -> str:
        """What the log says of the message beside its speaker, e.g. ``thought``; a plan span says ``plan``."""
        return str(self.span.attributes.get("note") or ("plan" if self.span.kind is Kind.PLAN else ""))


def steps_of(graph: TraceGraph) -> tuple[Step, ...]:
    """Every step of an agent in order; people and the environment are no candidates."""
    spans = [span for span in graph.steps if span.kind in (Kind.MODEL, Kind.TOOL, Kind.HUMAN)]
    found = []
    for at, span in enumerate(spans):
        if span.kind is Kind.MODEL and (said := _said(span)):
            before = _printed(spans[at - 1]) if at else None
            after = _printed(spans[at + 1]) if at + 1 < len(spans) else None
            found.append(Step(span, at, span.agent or span.name, said, before, after))
    return tuple(found)


def _said(span: Span) -> str:
    if not isinstance(span.body, Generation) or span.body.output is None:
        return ""
    calls = (f"{call.name} {call.raw or call.arguments or ''}" for call in span.body.output.tool_calls)
    return "\n".join(part for part in (text_of(span.body.output.content), *calls) if part)


def _printed(span: Span) -> str | None:
    if span.kind is not Kind.TOOL or not isinstance(span.body, ToolCall):
        return None
    return text_of(span.body.result) or (span.error.message if span.error else None) or ""


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    data = (files("traceeval.diagnose") / "data" / "attribution.toml").read_text(encoding="utf-8")
    return {key: value for key, value in tomllib.loads(data).items() if isinstance(value, dict)}


@cache
def words(name: str) -> re.Pattern[str]:
    """The pattern of that name, every alternative at once."""
    return re.compile("|".join(_table()["patterns"][name]), re.IGNORECASE)


@cache
def roles_of(agent: str) -> frozenset[str]:
    """What an agent is by its name: ``{"verifier"}``; empty when its name says nothing."""
    return frozenset(
        role for role, forms in _table()["roles"].items() if re.search("|".join(forms), agent, re.IGNORECASE)
    )


ROLES = ("verifier", "orchestrator", "browser", "file", "assistant")
