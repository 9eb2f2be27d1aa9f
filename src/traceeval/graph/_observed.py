"""Every text the agent had seen by a point in time, indexed once by word, number and date: no pairwise search."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from traceeval.measures.numbers import dates_of
from traceeval.measures.tokens import tokenise
from traceeval.model import Generation, Retrieval, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

Trust: TypeAlias = Literal["trusted", "user", "untrusted"]
_RUN = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
_DATE_HINT = re.compile(
    r"\d{4}-\d{2}-\d{2}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE
)
_MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Observation:
    """One text: where it stood (``span``, ``field``), from when it was known (``at``), and how far it is trusted."""

    span: str
    field: str
    text: str
    at: float
    trust: Trust


@dataclass(frozen=True, slots=True)
class Place:
    """A range of one observation, by its number."""

    number: int
    start: int
    end: int


@dataclass(slots=True)
class Index:
    """Words, numbers and dates -> where they stand. Linear in the length of all texts."""

    observations: list[Observation] = field(default_factory=list)
    words: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    runs: list[list[tuple[str, int, int]]] = field(default_factory=list)
    numbers: dict[float, list[Place]] = field(default_factory=lambda: defaultdict(list))
    dates: dict[tuple[int | None, int | None, int], list[Place]] = field(default_factory=lambda: defaultdict(list))

    def add(self, observation: Observation) -> None:
        """Index one text."""
        number = len(self.observations)
        self.observations.append(observation)
        runs = [(m.group().casefold(), m.start(), m.end()) for m in _RUN.finditer(observation.text)]
        self.runs.append(runs)
        for at, (word, _, _) in enumerate(runs):
            places = self.words[word]
            if len(places) < _MOST_PLACES:
                places.append((number, at))
        for match in _NUMBER.finditer(observation.text):
            found = self.numbers[float(match.group().replace(",", ""))]
            if len(found) < _MOST_PLACES:
                found.append(Place(number, match.start(), match.end()))
        if _DATE_HINT.search(observation.text):
            for line in observation.text.split("\n"):
                for date in dates_of(line, tokenise(line)):
                    self.dates[date].append(Place(number, 0, len(observation.text)))

    def find(self, value: str) -> Iterator[Place]:
        """Where the words of a value stand in a row, whatever stands between them is no letter or digit."""
        wanted = [match.group().casefold() for match in _RUN.finditer(value)]
        if not wanted:
            return
        rarest = min(range(len(wanted)), key=lambda at: len(self.words.get(wanted[at], ())))
        for number, at in self.words.get(wanted[rarest], ()):
            first = at - rarest
            runs = self.runs[number]
            if first >= 0 and [word for word, _, _ in runs[first : first + len(wanted)]] == wanted:
                yield Place(number, runs[first][1], runs[first + len(wanted) - 1][2])


def observe(graph: TraceGraph) -> Index:
    """Everything the agent saw: what it was told, what users said, what was retrieved and returned."""
    index = Index()
    for observation in _texts(graph):
        if observation.text:
            index.add(observation)
    return index


def _texts(graph: TraceGraph) -> Iterator[Observation]:
    yield from _told(graph)
    for at, text in graph.users:
        yield Observation(_span_at(graph, at), "user", text, at, "user")
    for span in graph.steps:
        if isinstance(span.body, Retrieval):
            for hit in span.body.hits or ():
                yield Observation(span.id, f"hits.{hit.doc}", text_of(hit.text) or "", span.seq + 0.5, "untrusted")
    for call in graph.calls:
        if call.executed:
            text = text_of(call.result) or call.error or ""
            trust = call.spec.output_trust or "trusted"
            yield Observation(call.span, "result", text, call.at + 0.5, trust)


def _told(graph: TraceGraph) -> Iterator[Observation]:
    """System text of the first model call that recorded its prompt."""
    for span in graph.steps:
        if isinstance(span.body, Generation) and span.body.messages:
            for message in span.body.messages:
                if message.role in ("system", "developer"):
                    yield Observation(span.id, "system", text_of(message.content) or "", -1.0, "trusted")
            return


def _span_at(graph: TraceGraph, seq: int) -> str:
    return next((span.id for span in graph.steps if span.seq == seq), graph.trace.id)
