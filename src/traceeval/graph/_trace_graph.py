"""A Trace as a graph: structure, order and data edges. Derived, cheap, thrown away; networkx only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from traceeval.graph._call import Call
from traceeval.graph._calls import collect_calls
from traceeval.graph._tools import ToolBook
from traceeval.measures.once import once
from traceeval.model import Generation, Hit, Kind, Span, ToolCall, ToolOffer, Trace, Utterance, text_of

if TYPE_CHECKING:
    from traceeval.graph._dialogue import Spoken
    from traceeval.graph._entities import Entities
    from traceeval.graph._flow import Flow, Flows
    from traceeval.graph._instructions import Segment, Steering, Stretches
    from traceeval.graph._labels import Labels
    from traceeval.graph._observed import Observed
    from traceeval.graph._packing import Folded


class TraceGraph:
    """What can be asked of one trace. Everything is computed on first use and kept.

    Plumbing spans stay in ``spans`` and are skipped by ``steps``.
    """

    __view__: ClassVar[bool] = True

    def __init__(self, trace: Trace, tools: ToolBook | None = None) -> None:
        self.trace = trace
        self._tools = tools or ToolBook()

    @once
    def book(self) -> ToolBook:
        """What is known of each tool, with what this trace records of it: schemas, descriptions, hints."""
        self._tools.learn(dict(offers(self.steps)))
        return self._tools

    @once
    def spans(self) -> Mapping[str, Span]:
        """Span id -> Span, in ``seq`` order."""
        return {span.id: span for span in sorted(self.trace.spans, key=attrgetter("seq"))}

    @once
    def children(self) -> Mapping[str | None, tuple[Span, ...]]:
        """Parent id -> children in order; None -> roots."""
        below: dict[str | None, list[Span]] = {}
        for span in self.spans.values():
            below.setdefault(span.parent if span.parent in self.spans else None, []).append(span)
        return {parent: tuple(spans) for parent, spans in below.items()}

    @once
    def steps(self) -> tuple[Span, ...]:
        """Spans in order, without plumbing."""
        return tuple([span for span in self.spans.values() if not span.plumbing])

    def of_kind(self, kind: Kind) -> tuple[Span, ...]:
        """Steps of one kind, in order."""
        return self._by_kind.get(kind, ())

    @once
    def _by_kind(self) -> Mapping[Kind, tuple[Span, ...]]:
        found: dict[Kind, list[Span]] = {}
        for span in self.steps:
            found.setdefault(span.kind, []).append(span)
        return {kind: tuple(spans) for kind, spans in found.items()}

    @once
    def calls(self) -> tuple[Call, ...]:
        """Every executed call in order, then requests that never ran."""
        return collect_calls(self)

    @once
    def executed(self) -> tuple[Call, ...]:
        """The calls that ran, in order."""
        return tuple([call for call in self.calls if call.executed])

    @once
    def given(self) -> tuple[tuple[Call, list[str]], ...]:
        """Every executed call with the strings it was given."""
        from traceeval.graph._said import strings_of

        return tuple([(call, strings_of(call)) for call in self.executed])

    @once
    def chunks(self) -> tuple[Hit, ...]:
        """Every chunk any stage showed, each text once; a document without any recorded text is there by its id."""
        from traceeval.graph._stages import candidates

        return candidates(self)

    @once
    def folded(self) -> Folded:
        """Texts of chunks with white space folded: several stages show the same."""
        from traceeval.graph._packing import Folded

        return Folded()

    @once
    def users(self) -> tuple[tuple[int, str], ...]:
        """User turns as (position, text), in order; position compares with ``Span.seq`` and ``Call.at``."""
        return tuple(_user_turns(self.trace, self.steps))

    def said_before(self, call: Call) -> str:
        """Everything users had said before a call was asked for, a line a turn."""
        return "\n".join(text for at, text in self.users if at <= call.asked)

    @once
    def answer_span(self) -> Span | None:
        """The model span that wrote the final answer; None when no model call wrote any text."""
        written = [
            span
            for span in self.of_kind(Kind.MODEL)
            if isinstance(span.body, Generation) and span.body.output is not None and text_of(span.body.output.content)
        ]
        return written[-1] if written else None

    @once
    def observed(self) -> Observed:
        """``Obs``: every text the agent saw, in order, with who wrote it."""
        from traceeval.graph._observed import observe

        return observe(self)

    @once
    def flows(self) -> Flows:
        """Where every argument value and every value that was said comes from (trajectories.md section 2)."""
        from traceeval.graph._flow import Flows

        return Flows(self)

    @once
    def spoken(self) -> Spoken:
        """What users and the assistant said to each other."""
        from traceeval.graph._dialogue import Spoken

        return Spoken(self)

    @once
    def segments(self) -> tuple[Segment, ...]:
        """Stretches of what came from outside that address the model as an instruction."""
        from traceeval.graph._instructions import find_segments

        return find_segments(self)

    @once
    def addressed(self) -> Stretches:
        """The same by text."""
        from traceeval.graph._instructions import by_text

        return by_text(self.segments)

    @once
    def steering(self) -> tuple[Steering, ...]:
        """Calls with an argument out of such a stretch or of an outsider's request, and out of nothing that a user said."""
        from traceeval.graph._instructions import find_steering

        return find_steering(self)

    @once
    def entities(self) -> Entities:
        """What each call touches, and how often that had been changed: ``ver(e, t)``."""
        from traceeval.graph._entities import Entities

        return Entities(self)

    @once
    def labels(self) -> Labels:
        """Integrity and confidentiality, joined over flows."""
        from traceeval.graph._labels import Labels

        return Labels(self)

    def sources(self, call: Call, path: str) -> tuple[Flow, ...]:
        """Flows into one argument leaf of one call; empty when nothing observed holds its value."""
        return self.flows.into(call.span, path)

    @once
    def nx(self) -> Any:
        """The same graph as a ``networkx.MultiDiGraph``: nodes are span ids, edges carry ``layer`` and ``kind``."""
        from traceeval.graph._networkx import as_networkx

        return as_networkx(self)


def offers(steps: tuple[Span, ...]) -> Iterator[tuple[str, ToolOffer]]:
    """(name, tool) of every executed call that recorded its schema, then of every tool a model was offered."""
    for span in steps:
        body = span.body
        if isinstance(body, ToolCall) and body.parameters is not None:
            yield body.name, ToolOffer(name=body.name, description=body.description, parameters=body.parameters)
    seen: set[int] = set()
    for span in steps:
        body = span.body
        if isinstance(body, Generation) and body.tools and id(body.tools) not in seen:
            seen.add(id(body.tools))
            yield from ((offer.name, offer) for offer in body.tools)


def _user_turns(trace: Trace, steps: tuple[Span, ...]) -> Iterator[tuple[int, str]]:
    """HUMAN spans where there are any; else user messages as model prompts first show them; else the question."""
    spoken = [(s.seq, text_of(s.body.text)) for s in steps if s.kind is Kind.HUMAN and isinstance(s.body, Utterance)]
    if spoken:
        yield from ((seq, text) for seq, text in spoken if text)
        return
    seen = 0
    for span in steps:
        if isinstance(span.body, Generation) and span.body.messages:
            texts = [text_of(m.content) for m in span.body.messages if m.role == "user" and not m.tool_call_id]
            yield from ((span.seq, text) for text in texts[seen:] if text)
            seen = max(seen, len(texts))
    question = text_of(trace.question)
    if not seen and question:
        yield (steps[0].seq if steps else 0, question)
