"""A trace as its work page shows it: an ordered list of steps in pages of 200, every text bounded, ids of our own.

Span ids come from the trace, so no address or form field holds one: they go by the span's number. Texts are raw here;
templates pass them through ``safe_text``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from traceeval.graph import TraceGraph
from traceeval.measures.safe_text import escape
from traceeval.model import Span, Trace, text_of
from traceeval.report.reading import LETTERS, Row, Step, Text, choose, duration, step_of
from traceeval.report.svg import draw
from traceeval.review.relevance import POOLED

PER_PAGE, DEEPEST = 200, 8
PAGE_BYTES, MOST, LEAST = 200_000, 4_000, 120
ROWS = 20
WHOLE = -1  # the number under which the question and the answer of the whole trace are asked for


@dataclass(frozen=True, slots=True)
class Piece:
    """One text, cut to what the page can hold. ``part``: its number in the span; ``left``: characters not shown."""

    seq: int
    part: int
    label: str
    text: str
    left: int
    note: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One span on the page. ``opens``: its children follow; ``closes``: lists that end after it.

    ``reads``: (number, seq) of the spans whose output it consumed. ``took``: seconds, None: not recorded.
    ``more_rows``: documents beyond those shown.
    """

    number: int
    seq: int
    kind: str
    letter: str
    name: str
    took: float | None
    failed: bool
    pieces: tuple[Piece, ...]
    rows: tuple[tuple[Row, Piece], ...]
    more_rows: int
    reranked: bool
    reads: tuple[tuple[int, int], ...]
    opens: bool
    closes: int


@dataclass(frozen=True, slots=True)
class TracePage:
    """One page of a trace, pages counted from 1. ``drawing``: an ``<svg>`` element, safe as it is.

    ``case``: its number among the traces of the page, in every anchor; ``side``: what a citation of it begins with.
    """

    page: int
    pages: int
    cards: tuple[Card, ...]
    total: int
    drawing: str
    case: int
    side: str
    question: Piece | None
    answer: Piece | None


class TraceView:
    """Everything pages ask of one trace."""

    def __init__(self, trace: Trace, case: int = 1, side: str = "") -> None:
        """Spans are put in order; texts are cut when a page is asked for. ``case``, ``side``: as the page has them."""
        self.case, self.side = case, side
        self.trace = trace
        self._graph = TraceGraph(trace)
        self._shown = choose(self._graph, limit=max(len(trace.spans), 1))
        self._numbers = {span.id: number for number, span in enumerate(self._shown.spans, 1)}

    @property
    def pages(self) -> int:
        """How many pages its steps take, at least 1."""
        return max(1, -(-len(self._shown.spans) // PER_PAGE))

    def seqs_of(self, page: int) -> frozenset[int]:
        """Numbers of the spans on a page, clamped to those there are."""
        return frozenset(span.seq for span in self._spans(page))

    def _spans(self, page: int) -> tuple[Span, ...]:
        page = min(max(page, 1), self.pages)
        return self._shown.spans[(page - 1) * PER_PAGE : page * PER_PAGE]

    def text(self, seq: int, part: int) -> str | None:
        """A whole text, under the numbers its piece carries. None: there is no such text."""
        texts = _whole(self.trace) if seq == WHOLE else self._texts(seq)
        return texts[part].text if 0 <= part < len(texts) else None

    def _texts(self, seq: int) -> list[Text]:
        span = next((span for span in self.trace.spans if span.seq == seq), None)
        if span is None:
            return []
        step = step_of(span)
        return [*step.texts, *(Text(row.doc, row.text) for row in step.rows or ())]

    def page(self, page: int, say: Callable[[str], str] = str) -> TracePage:
        """One page, clamped to those there are. ``say``: how the drawing says words of ours."""
        page, spans = min(max(page, 1), self.pages), self._spans(page)
        steps = [step_of(span) for span in spans]
        texts = sum(len(step.texts) + min(len(step.rows or ()), ROWS) for step in steps)
        most = min(MOST, max(LEAST, PAGE_BYTES // max(texts, 1)))
        whole = {text.label: _piece(WHOLE, part, text, MOST) for part, text in enumerate(_whole(self.trace))}
        return TracePage(
            page=page,
            pages=self.pages,
            cards=tuple(self._cards(steps, most)),
            total=len(self._shown.spans),
            drawing=self._drawing(spans, say),
            case=self.case,
            side=self.side,
            question=whole.get("question"),
            answer=whole.get("answer"),
        )

    def _drawing(self, spans: tuple[Span, ...], say: Callable[[str], str]) -> str:
        """The spans of this page, as the report draws them."""
        if len(spans) == len(self._shown.spans):
            return draw(self._graph, case=self.case, alone=False, say=say)
        return draw(TraceGraph(msgspec.structs.replace(self.trace, spans=spans)), case=self.case, alone=False, say=say)

    def _cards(self, steps: list[Step], most: int) -> Iterator[Card]:
        levels = [*_levels(min(self._shown.depth[step.span.id], DEEPEST) for step in steps), 0]
        for step, (level, after) in zip(steps, pairwise(levels), strict=True):
            yield self._card(step, most, opens=after > level, closes=max(level - after, 0))

    def _card(self, step: Step, most: int, *, opens: bool, closes: int) -> Card:
        span, rows, first = step.span, step.rows or (), len(step.texts)
        return Card(
            number=self._numbers[span.id],
            seq=span.seq,
            kind=span.kind.value,
            letter=LETTERS[span.kind],
            name=span.name or span.kind.value,
            took=duration(span),
            failed=span.error is not None,
            pieces=tuple(_piece(span.seq, part, text, most) for part, text in enumerate(step.texts)),
            rows=tuple(
                (row, _piece(span.seq, first + n, Text(row.doc, row.text), most)) for n, row in enumerate(rows[:ROWS])
            ),
            more_rows=max(len(rows) - ROWS, 0),
            reranked=step.reranked,
            reads=tuple((self._numbers[one], self._graph.spans[one].seq) for one in span.reads if one in self._numbers),
            opens=opens,
            closes=closes,
        )


def _levels(depths: Iterable[int]) -> Iterator[int]:
    """How deep each step is nested among the steps of its page, whose first may be deeper than its second."""
    above: list[int] = []
    for depth in depths:
        while above and above[-1] >= depth:
            above.pop()
        yield len(above)
        above.append(depth)


def _whole(trace: Trace) -> list[Text]:
    """What was asked and what was answered, as far as they were recorded."""
    return [
        Text(label, text_of(content) or "")
        for label, content in (("question", trace.question), ("answer", trace.answer))
        if content is not None
    ]


def _piece(seq: int, part: int, text: Text, most: int) -> Piece:
    shown = cut(text.text, most)
    return Piece(seq, part, text.label, shown, len(text.text) - len(shown), text.note, text.quiet)


def cut(text: str, most: int) -> str:
    """The beginning of a text that takes at most ``most`` bytes of a page once it is escaped."""
    shown = text[:most]
    while shown and len(escape(shown).encode("utf-8")) > most:
        shown = shown[: len(shown) * 3 // 4]
    return shown


def spoken(trace: Trace, say: Callable[[str], str]) -> Trace:
    """The trace of a pooled document with its name as a page says it; any other as it is."""
    if [span.name for span in trace.spans] != [POOLED]:
        return trace
    (span,) = trace.spans
    return msgspec.structs.replace(trace, spans=(msgspec.structs.replace(span, name=say(POOLED)),))


class Sides:
    """What is shown of a slot: one trace, or two beside one another; and citations of their spans.

    A form cites a span by its number, behind ``a:`` or ``b:`` where there are two traces; what is stored are ids.
    """

    def __init__(self, trace: Trace, other: Trace | None = None) -> None:
        """``other``: the one on the right."""
        self.views = (TraceView(trace),) if other is None else (TraceView(trace, 1, "a:"), TraceView(other, 2, "b:"))

    def ids(self, cited: Iterable[str]) -> list[str]:
        """Stored ids of what a form cites, in order; what it cannot have shown is left out."""
        known = {f"{view.side}{span.seq}": f"{view.side}{span.id}" for view in self.views for span in view.trace.spans}
        wanted = set(cited)
        return [stored for value, stored in known.items() if value in wanted]

    def cited(self, ids: Iterable[str]) -> frozenset[str]:
        """How a form cites stored ids."""
        wanted = set(ids)
        return frozenset(
            f"{view.side}{span.seq}"
            for view in self.views
            for span in view.trace.spans
            if view.side + span.id in wanted
        )

    def here(self, page: int) -> frozenset[str]:
        """What can be cited on a page."""
        return frozenset(f"{view.side}{seq}" for view in self.views for seq in view.seqs_of(page))
