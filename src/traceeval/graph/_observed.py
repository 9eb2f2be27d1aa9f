"""``Obs(t)``: every text the agent had seen by a point in time, in order, each with who wrote it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from traceeval.model import Generation, Hit, Rerank, Retrieval, Trust, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

_FACT = re.compile(r"[^\W_]+")
_SYSTEM_AT = -1.0
_TELLING = 24  # characters from which on a text standing in another is no accident


class Observation(msgspec.Struct, frozen=True, gc=False):
    """One text: where it stood (``span``, ``field``), from which position on it was known (``at``), who wrote it.

    ``field`` is ``system``, ``user``, ``hits.<document>``, ``result`` or ``error``. ``at`` compares with ``Span.seq``,
    ``Call.at`` and ``Call.asked``; a result is known half a step after its call. ``said``: somebody declared or
    recorded who wrote it; False for tools whose ``output_trust`` nobody knows, which then count as trusted.
    """

    span: str
    field: str
    text: str
    at: float
    trust: Trust
    said: bool = True


@dataclass(slots=True)
class Observed:
    """All observations of a trace by ``at``, so that what was seen before ``t`` is a prefix."""

    observations: tuple[Observation, ...]
    _at: list[float] = field(init=False)
    _facts: list[int] | None = None

    def __post_init__(self) -> None:
        """Remember the positions, for bisection."""
        self._at = [seen.at for seen in self.observations]

    @property
    def size(self) -> int:
        """Characters of all texts."""
        return sum([len(seen.text) for seen in self.observations])

    def until(self, at: float) -> int:
        """How many observations were known at a position: they are the first so many."""
        return bisect_right(self._at, at)

    def before(self, at: float) -> Sequence[Observation]:
        """``Obs(at)``, oldest first."""
        return self.observations[: self.until(at)]

    def facts(self, at: float) -> int:
        """How many different words and values were known at a position; what only repeats adds none. Linear once."""
        if self._facts is None:
            seen: set[int] = set()
            self._facts = [0]
            for one in self.observations:
                seen.update(hash(word) for word in _FACT.findall(one.text.casefold()))
                self._facts.append(len(seen))
        return self._facts[self.until(at)]


def observe(graph: TraceGraph) -> Observed:
    """Everything the agent saw: what it was told, what users said, what was retrieved and returned.

    A document pasted into a prompt or a user's message stays the outsiders' text: its place there is blanked.
    """
    documents = list(_documents(graph))
    pasted = [seen.text for seen in documents if len(seen.text) >= _TELLING]
    found = [*_told(graph, pasted), *_users(graph, pasted), *documents, *_results(graph)]
    return Observed(tuple(sorted([seen for seen in found if seen.text], key=attrgetter("at"))))


def _told(graph: TraceGraph, pasted: Sequence[str]) -> Iterator[Observation]:
    """System texts, each once, known to the agent from the start."""
    told: set[str] = set()
    for span in graph.steps:
        if isinstance(span.body, Generation):
            for message in span.body.messages or ():
                text = text_of(message.content)
                if message.role not in ("system", "developer"):
                    break
                if text and text not in told:
                    told.add(text)
                    yield Observation(span.id, "system", _without(text, pasted), _SYSTEM_AT, "trusted")


def _users(graph: TraceGraph, pasted: Sequence[str]) -> Iterator[Observation]:
    spans = {span.seq: span.id for span in reversed(graph.steps)}
    for at, text in graph.users:
        yield Observation(spans.get(at, graph.trace.id), "user", _without(text, pasted), at, "user")


def _without(text: str, pasted: Sequence[str]) -> str:
    """The text with every pasted document blanked, so that all other ranges stay where they are."""
    for chunk in pasted:
        if len(chunk) <= len(text) and chunk in text:
            text = text.replace(chunk, " " * len(chunk))
    return text


def _results(graph: TraceGraph) -> Iterator[Observation]:
    for call in graph.calls:
        if call.executed:
            text, trust = text_of(call.result), call.spec.output_trust
            where = "result" if text else "error"
            yield Observation(
                call.span, where, text or call.error or "", call.at + 0.5, trust or "trusted", trust is not None
            )


def _documents(graph: TraceGraph) -> Iterator[Observation]:
    """Texts of hits, each once: outsiders write documents."""
    seen: set[tuple[str, str]] = set()
    for span in graph.steps:
        for hit in _hits(span.body):
            text = text_of(hit.text) or ""
            if (hit.doc, text) not in seen:
                seen.add((hit.doc, text))
                yield Observation(span.id, f"hits.{hit.doc}", text, span.seq + 0.5, "untrusted")


def _hits(body: object) -> Sequence[Hit]:
    if isinstance(body, Retrieval):
        return body.hits or ()
    return (body.after or body.before or ()) if isinstance(body, Rerank) else ()
