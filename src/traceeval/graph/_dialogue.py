"""Who said what before a call, and whether a user agreed to it or asked for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from traceeval.graph._call import Call
from traceeval.graph._lexicon import action_classes, pattern, tool_classes
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

    @cached_property
    def asked(self) -> Mapping[str, float]:
        """Class of action -> from which position on a user had named it, or had agreed to a proposal that does."""
        found: dict[str, float] = {}
        last: tuple[str, str] = ("", "")
        for at, role, text in self._said:
            if role == "user":
                texts = [text, last[1]] if last[0] == "assistant" and affirms(text) else [text]
                for kind in (kind for one in texts for kind in action_classes(one)):
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
    """Whether a user asked for this kind of action, or agreed to a proposal of it; None when the name says nothing."""
    classes = tool_classes(call.name)
    if not classes:
        return None
    if graph.of_kind(Kind.HUMAN):
        asked = graph.spoken.asked
        return any(asked.get(kind, call.asked + 1) <= call.asked for kind in classes)
    said = dialogue(graph, call)
    texts = [text for role, text in said if role == "user"] + agreed_proposals(said)
    return any(classes & action_classes(text) for text in texts)
