"""Every view of one trace, built together because they share what is costly."""

from __future__ import annotations

from dataclasses import dataclass

from traceeval.graph._answer import answer_view
from traceeval.graph._stages import packed_documents, retrieval_view, stages_of, stages_view
from traceeval.graph._trace_graph import TraceGraph
from traceeval.graph.views import AnswerView, CallsView, RetrievalView, StagesView
from traceeval.model import Generation, Kind, ToolOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """What scorers may see of one trace; None where the trace records nothing of the kind."""

    retrieval: RetrievalView | None
    stages: StagesView | None
    answer: AnswerView | None
    calls: CallsView


def build_views(graph: TraceGraph) -> Views:
    """All views of a trace; linear in its length."""
    packed, gap = packed_documents(graph)
    stages = stages_of(graph, None if gap else packed)
    retrieval = retrieval_view(stages)
    return Views(
        retrieval=retrieval,
        stages=stages_view(stages, retrieval),
        answer=answer_view(graph, packed, gap),
        calls=calls_view(graph),
    )


def calls_view(graph: TraceGraph) -> CallsView:
    """The calls of a trace alone: all that scores against expected calls need."""
    return CallsView(
        trace=graph.trace.id,
        calls=graph.calls,
        reference=graph.trace.reference,
        book=graph.book,
        offered=offered_tools(graph),
        state=graph.trace.state,
    )


def offered_tools(graph: TraceGraph) -> dict[str, ToolOffer] | None:
    """Tools the models were offered, by name; None when no model call recorded any."""
    offers: dict[str, ToolOffer] = {}
    told = False
    for span in graph.of_kind(Kind.MODEL):
        if isinstance(span.body, Generation) and span.body.tools is not None:
            told = True
            offers.update((offer.name, offer) for offer in span.body.tools)
    return offers if told else None
