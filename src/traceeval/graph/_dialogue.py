"""Who said what before a call, and whether a user agreed to it or asked for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from traceeval.graph._asked import asked_classes, delegates, readable
from traceeval.graph._call import Call
from traceeval.graph._lexicon import action_classes, pattern, tool_classes
from traceeval.measures.once import once
from traceeval.model import Generation, Kind, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

_HEAD = 60
_RECENT = 200  # turns before a call that are looked at: what was agreed earlier than that was about something else
_SENTENCES = 4
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_TEMPER = re.compile(
    r"^(?:(?:ugh|oh|well|ah|hm+|alright|great|thanks|thank you|good|so|and|now|damn it|whatever)[\s,.!…-]+)+"
)
_TELLING = 4
_ACTED_ON = frozenset({"destination", "resource", "credential"})


class Spoken:
    """What users and the assistant said to each other, in order, where the trace records the users' turns."""

    def __init__(self, graph: TraceGraph) -> None:
        said: list[tuple[float, str, str]] = [(at, "user", text) for at, text in graph.users]
        said += (
            (span.seq + 0.5, "assistant", text_of(span.body.output.content) or "")
            for span in graph.of_kind(Kind.MODEL)
            if isinstance(span.body, Generation) and span.body.output is not None
        )
        self._said = sorted((row for row in said if row[2]), key=lambda row: row[0])

    def before(self, call: Call) -> list[tuple[str, str]]:
        """(role, text) of the last turns up to the message that asked for a call, that message included."""
        known = bisect_right(self._said, call.asked + 0.5, key=lambda row: row[0])
        return [(role, text) for _, role, text in self._said[max(0, known - _RECENT) : known]]

    def answered(self, call: Call) -> list[str]:
        """What the assistant had said and the user had answered before a call was asked for."""
        said = self.before(call)
        last = max((place for place, (role, _) in enumerate(said) if role == "user"), default=0)
        return [text for role, text in said[:last] if role == "assistant"]

    @once
    def asked(self) -> Mapping[str, float]:
        """Class of action -> from which position on a user had named it, or had agreed to a proposal that does."""
        found: dict[str, float] = {}
        last: tuple[str, str] = ("", "")
        for at, role, text in self._said:
            if role == "user":
                agreed = action_classes(last[1]) if last[0] == "assistant" and affirms(text) else frozenset[str]()
                for kind in asked_classes(text) | agreed:
                    found.setdefault(kind, at)
            last = (role, text)
        return found


def dialogue(graph: TraceGraph, call: Call) -> list[tuple[str, str]]:
    """(role, text) of users and the assistant before a call, in order.

    From the recorded turns; where a trace records none, from the prompt of the model that asked.
    """
    asking = graph.spans.get(call.batch or "")
    body = asking.body if asking is not None else None
    told = isinstance(body, Generation) and any(m.role == "user" for m in body.messages or ())
    if graph.of_kind(Kind.HUMAN) or not told or not isinstance(body, Generation):
        return graph.spoken.before(call)
    said = [
        (m.role, text_of(m.content) or "") for m in (body.messages or ())[-_RECENT:] if m.role in ("user", "assistant")
    ]
    if body.output is not None:
        said.append(("assistant", text_of(body.output.content) or ""))
    return [(role, text) for role, text in said if text]


@lru_cache(maxsize=8192)
def affirms(text: str) -> bool:
    """Whether one of the first sentences of a user's turn begins by agreeing, in one of a dozen languages.

    A question agrees to nothing. Words of temper in front ("Fine, whatever", "Ugh, ok") do not count.
    """
    for match in islice(_SENTENCE.finditer(text), _SENTENCES):
        head = _TEMPER.sub("", match[0].strip().lower())[:_HEAD]
        if pattern("affirmation").match(head) and not match[0].rstrip().endswith(("?", "？")):
            return True
    return False


def agreed_proposals(said: list[tuple[str, str]]) -> list[str]:
    """What the assistant had just proposed each time a user agreed."""
    return [
        before[1]
        for before, (role, text) in pairwise(said)
        if role == "user" and before[0] == "assistant" and affirms(text)
    ]


def licensed(graph: TraceGraph, call: Call) -> bool | None:
    """Whether a user asked for this kind of action, gave what it acts on, or agreed to a proposal of it.

    None when the tool's name says nothing, or the users' language is not read here.
    """
    classes = tool_classes(call.name)
    if not classes:
        return None
    if graph.of_kind(Kind.HUMAN):
        asked = graph.spoken.asked
        if any(asked.get(kind, call.asked + 1) <= call.asked for kind in classes):
            return True
        texts = [text for at, text in graph.users if at <= call.asked]
    else:
        said = dialogue(graph, call)
        texts = [text for role, text in said if role == "user"]
        if any(classes & asked_classes(text) for text in texts) or any(
            classes & action_classes(text) for text in agreed_proposals(said)
        ):
            return True
    if not all(map(readable, texts)):
        return None
    return stated(graph, call)


def stated(graph: TraceGraph, call: Call) -> bool:
    """Whether users named everything a call acts on."""
    acted = [leaf for leaf in graph.flows.leaves(call) if leaf.traced and leaf.role in _ACTED_ON]
    return bool(acted) and all(
        len(str(leaf.value)) >= _TELLING and any(flow.trust == "user" for flow in graph.flows.of(call, leaf))
        for leaf in acted
    )


def consented(graph: TraceGraph, call: Call) -> bool:
    """Whether a user, before a call, agreed to a proposal of this kind of action."""
    classes = tool_classes(call.name)
    return any(not classes or classes & action_classes(text) for text in agreed_proposals(dialogue(graph, call)))


def delegated(graph: TraceGraph, call: Call) -> bool:
    """Whether a user, before a call, handed over to what a document says."""
    return any(delegates(text) for role, text in dialogue(graph, call) if role == "user")
