"""Text in what came from outside that addresses the model, or asks for something to be done, and the calls it steered."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from traceeval.graph._call import Call
from traceeval.graph._encoded import decodings, may_hide
from traceeval.graph._flow import Flow, Leaf
from traceeval.graph._lexicon import action_verbs, classes_of, look_for, pattern, root, tool_classes
from traceeval.graph._observed import Observation

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

BEFORE, AFTER = 200, 900
_MOST, _NEAR, _REQUEST = 50, 8, 400
_QUOTED = 160
# where a value of a structured text ends: the next JSON or Python key, a closing bracket; a YAML key no deeper than its own
_QUOTE_END = re.compile(r"[\"']\s*,\s*[\"']\w[\w ]{0,30}[\"']\s*:|[\"']\s*[}\]]")
_KEY = re.compile(r"^( *(?:- )?)\w{2,30}:(?=\s)", re.MULTILINE)
_SENTENCE = re.compile(r"[.!?]\s|\n\s*\n|[\"'>:]\s")

Kind: TypeAlias = Literal["addressed", "request"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one observed text.

    ``addressed``: around a phrase that addresses the model as an instruction; ``request``: a clause that asks for
    something to be done, up to the value that was taken from it.
    """

    span: str
    field: str
    start: int
    end: int
    quote: str
    kind: Kind = "addressed"


@dataclass(frozen=True, slots=True)
class Steering:
    """A call with an argument out of such a stretch, and out of nothing that a user said.

    ``only``: the value stands nowhere else in what was seen.
    """

    call: Call
    flow: Flow
    segment: Segment
    only: bool


Stretches: TypeAlias = Mapping[tuple[str, str], list[Segment]]
"""(span, field) of an observed text -> its stretches, by where they begin."""


def find_segments(graph: TraceGraph) -> tuple[Segment, ...]:
    """Instruction-like stretches of everything that no user or operator wrote, in order of the text."""
    outside = tuple(_outside(graph))
    everything = "\n".join([seen.text for seen in outside])
    # no phrase looks beyond itself: one that stands in a text stands in all of them, a line each
    told = _may_address(everything)
    if not (told or may_hide(everything)):
        return ()
    return tuple([segment for seen in outside for segment in _addressed(seen, told=told)])


def _outside(graph: TraceGraph) -> Iterator[Observation]:
    return (seen for seen in graph.observed.observations if seen.trust != "user" and seen.field != "system")


def _addressed(seen: Observation, *, told: bool) -> Iterator[Segment]:
    """``told``: something addresses the model in one of the texts."""
    found = pattern("instruction")
    for match in found.finditer(seen.text) if told and _may_address(seen.text) else ():
        start = max(0, match.start() - BEFORE)
        head = [at.end() for at in _SENTENCE.finditer(seen.text, start, match.start())]
        end = _end_of_field(seen.text, match.end(), AFTER)
        quote = seen.text[match.start() : match.end() + _QUOTED]
        yield Segment(seen.span, seen.field, head[-1] if head else start, end, quote)
    for hidden in decodings(seen.text):
        if hidden.encoding != "url" and found.search(hidden.text):
            yield Segment(seen.span, seen.field, hidden.start, hidden.end, hidden.text[:_QUOTED])


def _may_address(text: str) -> bool:
    """Never no where something addresses the model; yes to every text beyond ASCII, which is not told faster."""
    return not text.isascii() or look_for("instruction")(text)


@cache
def _request_pattern() -> re.Pattern[str]:
    """A verb of action where a request begins: at the head of a text, a field or a sentence, or behind "please"."""
    verbs = "|".join(sorted(action_verbs(), key=len, reverse=True))
    return re.compile(
        rf"(?:{pattern('request_lead').pattern})(?:please\s+)?(?P<verb>{verbs})\b(?!\s*[:=(])", re.IGNORECASE
    )


def _end_of_field(text: str, start: int, most: int) -> int:
    end = min(len(text), start + most)
    found = _QUOTE_END.search(text, start, end)
    end = found.start() if found else end
    own = [len(key[1]) for key in _KEY.finditer(text, max(0, start - most), start)]
    later = (key.start() for key in _KEY.finditer(text, start, end) if own and len(key[1]) <= own[-1])
    return next(later, end)


def find_steering(graph: TraceGraph) -> tuple[Steering, ...]:
    """Every executed call with an argument out of an addressed stretch, or out of a request for its kind of action."""
    found = (_steering(graph, call) for call in graph.calls if call.executed)
    return tuple(one for one in found if one is not None)


def _steering(graph: TraceGraph, call: Call) -> Steering | None:
    second: Steering | None = None
    kinds = tool_classes(call.name)
    for leaf in graph.flows.leaves(call):
        flows = graph.flows.of(call, leaf) if leaf.traced and not _slight(leaf) else ()
        if not flows or any(flow.trust == "user" for flow in flows):
            continue
        first = _within(graph, leaf, flows)
        if first is not None:
            return Steering(call, *first, only=all(flow.echo or addressed(graph, flow) for flow in flows))
        second = second or _requested(graph, call, flows, kinds)
    return second


def _requested(graph: TraceGraph, call: Call, flows: Sequence[Flow], kinds: frozenset[str]) -> Steering | None:
    """A flow out of a clause that asks for this kind of action, or for one nobody can tell, in the same outside field."""
    found = [(flow, _request(graph, flow, kinds)) for flow in flows if not flow.echo]
    asked = [(flow, segment) for flow, segment in found if segment is not None]
    return Steering(call, *asked[0], only=len(asked) == len(found)) if asked else None


def _request(graph: TraceGraph, flow: Flow, kinds: frozenset[str]) -> Segment | None:
    text = graph.observed.observations[flow.number].text
    if flow.trust == "user" or flow.source_field == "system":
        return None
    for match in _request_pattern().finditer(text, max(0, flow.start - _REQUEST), flow.start):
        start, classes = match.start("verb"), classes_of(root(match["verb"].lower()))
        if (classes & kinds or not (classes and kinds)) and _end_of_field(text, match.end(), AFTER) >= flow.start:
            quote = text[start : start + _QUOTED]
            return Segment(flow.source, flow.source_field, start, flow.end, quote, "request")
    return None


def _slight(leaf: Leaf) -> bool:
    """A value that stands in many texts by chance: a number or a word of one or two characters."""
    return len(str(leaf.value)) < 2


def _stretch(flow: Flow, stretches: Stretches) -> Segment | None:
    inside = stretches.get((flow.source, flow.source_field), [])
    last = bisect_right(inside, flow.start, key=lambda stretch: stretch.start) - 1
    near = reversed(inside[max(0, last - _NEAR) : last + 1])
    return next((one for one in near if flow.end <= one.end), None)


def outside(graph: TraceGraph, flow: Flow) -> bool:
    """Whether nobody trusted wrote the source of a flow: an outsider, or text that addresses the model, wherever it stood."""
    return flow.trust == "untrusted" or (flow.trust != "user" and addressed(graph, flow))


def addressed(graph: TraceGraph, flow: Flow) -> bool:
    """Whether the source of a flow is a stretch that addresses the model."""
    return _stretch(flow, graph.addressed) is not None


def _within(graph: TraceGraph, leaf: Leaf, flows: Sequence[Flow]) -> tuple[Flow, Segment] | None:
    """A flow out of an addressed stretch. Of a text that holds the value more than once, its first ones are searched too."""
    for flow in flows:
        stretch = _stretch(flow, graph.addressed)
        if stretch is not None:
            return flow, stretch
        for one in graph.addressed.get((flow.source, flow.source_field), [])[:_MOST]:
            found = graph.flows.inside(flow, leaf, one.start, one.end)
            if found is not None:
                return found, one
    return None


def by_text(segments: Sequence[Segment]) -> Stretches:
    """Stretches of each observed text, by where they begin."""
    found: dict[tuple[str, str], list[Segment]] = {}
    for one in sorted(segments, key=lambda one: one.start):
        found.setdefault((one.span, one.field), []).append(one)
    return found
