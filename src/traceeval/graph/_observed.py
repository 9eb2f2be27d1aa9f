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
SMALL = 20_000
Date: TypeAlias = tuple[int | None, int | None, int]


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
    """Words, numbers and dates -> where they stand, each built when first asked for, linear in all texts.

    A trace with little text is searched directly: for a few values that is cheaper than an index.
    """

    observations: list[Observation] = field(default_factory=list)
    size: int = 0
    _folded: list[str] = field(default_factory=list)
    _words: dict[str, list[tuple[int, int]]] | None = None
    _runs: dict[int, list[tuple[str, int, int]]] = field(default_factory=dict)
    _numbers: dict[float, list[Place]] | None = None
    _dates: dict[Date, list[Place]] | None = None

    def add(self, observation: Observation) -> None:
        """Take one text; before anything is asked."""
        self.observations.append(observation)
        self.size += len(observation.text)
        if self.size <= SMALL:
            self._folded.append(observation.text.casefold())

    def find(self, value: str) -> Iterator[Place]:
        """Where the words of a value stand in a row, whatever stands between them is no letter or digit."""
        wanted = tuple(match.group().casefold() for match in _RUN.finditer(value))
        if not wanted:
            return
        if self.size <= SMALL:
            longest = max(wanted, key=len)
            for number, seen in enumerate(self.observations):
                folded = self._folded[number]
                # a plain search is cheap, and mostly the answer
                if longest not in folded or any(word not in folded for word in wanted):
                    continue
                if len(wanted) == 1 and len(folded) == len(seen.text):
                    yield from (Place(number, *at) for at in _alone(longest, folded))
                else:
                    yield from self._in_a_row(number, wanted)
            return
        words = self._indexed_words()
        rarest = min(range(len(wanted)), key=lambda at: len(words.get(wanted[at], ())))
        for number, at in words.get(wanted[rarest], ()):
            first, runs = at - rarest, self._runs_of(number)
            if first >= 0 and tuple(word for word, _, _ in runs[first : first + len(wanted)]) == wanted:
                yield Place(number, runs[first][1], runs[first + len(wanted) - 1][2])

    def _in_a_row(self, number: int, wanted: tuple[str, ...]) -> Iterator[Place]:
        runs = self._runs_of(number)
        words = tuple(word for word, _, _ in runs)
        for first in range(len(words) - len(wanted) + 1):
            if words[first] == wanted[0] and words[first : first + len(wanted)] == wanted:
                yield Place(number, runs[first][1], runs[first + len(wanted) - 1][2])

    def _runs_of(self, number: int) -> list[tuple[str, int, int]]:
        """The runs of letters and digits of one text, case folded, with where they stand."""
        runs = self._runs.get(number)
        if runs is None:
            text = self.observations[number].text
            runs = self._runs[number] = [(m.group().casefold(), m.start(), m.end()) for m in _RUN.finditer(text)]
        return runs

    def holding(self, word: str) -> set[int]:
        """Numbers of the observations that hold a word (case folded)."""
        return {number for number, _ in self._indexed_words().get(word, ())}

    @property
    def numbers(self) -> dict[float, list[Place]]:
        """Value -> where it stands."""
        if self._numbers is None:
            self._numbers = defaultdict(list)
            for number, seen in enumerate(self.observations):
                for match in _NUMBER.finditer(seen.text):
                    found = self._numbers[float(match.group().replace(",", ""))]
                    if len(found) < _MOST_PLACES:
                        found.append(Place(number, match.start(), match.end()))
        return self._numbers

    @property
    def dates(self) -> dict[Date, list[Place]]:
        """(year, month, day) -> the texts that state it."""
        if self._dates is None:
            self._dates = defaultdict(list)
            for number, seen in enumerate(self.observations):
                for line in seen.text.split("\n") if _DATE_HINT.search(seen.text) else ():
                    for date in dates_of(line, tokenise(line)):
                        self._dates[date].append(Place(number, 0, len(seen.text)))
        return self._dates

    def _indexed_words(self) -> dict[str, list[tuple[int, int]]]:
        if self._words is None:
            self._words = defaultdict(list)
            for number in range(len(self.observations)):
                for at, (word, _, _) in enumerate(self._runs_of(number)):
                    places = self._words[word]
                    if len(places) < _MOST_PLACES:
                        places.append((number, at))
        return self._words


def _alone(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Where one run of letters and digits stands by itself."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield start, end
            start = text.find(word, end)
        else:
            start = text.find(word, start + 1)


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
