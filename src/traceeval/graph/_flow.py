"""Value-level data flow: from a range of what was observed to a leaf of a call's arguments (trajectories.md section 2).

Order alone never makes a flow: the value has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Literal, TypeAlias

from traceeval.graph._call import Call
from traceeval.graph._observed import Index, Observation, Place, Trust, observe
from traceeval.measures.numbers import dates_of
from traceeval.measures.tokens import tokenise
from traceeval.model import CHANGING, Json, Role

if TYPE_CHECKING:
    from traceeval.graph._tools import ToolBook
    from traceeval.graph._trace_graph import TraceGraph

Match: TypeAlias = Literal["exact", "normalised", "date", "numeric", "token", "computed"]
_CONFIDENCE: dict[str, float] = {
    "exact": 1.0,
    "normalised": 0.95,
    "date": 0.9,
    "numeric": 0.9,
    "token": 0.6,
    "computed": 0.5,
}
_LONG = 40
_SALIENT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+|[A-Z]{2}\d{2}[A-Z0-9]{10,30}|\d{8,}")
_SMALL, _SMALL_SINK = 10, 1
_MOST_NUMBERS = 30
_REL = 1e-9


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow: source range, target leaf, the rung of the ladder that held, and how far the source is trusted."""

    source: str
    source_field: str
    start: int
    end: int
    quote: str
    target: str
    path: str
    match: Match
    confidence: float
    trust: Trust


@dataclass(frozen=True, slots=True)
class Leaf:
    """One argument value of one call. ``traced`` False: too common for its origin to mean anything."""

    path: str
    value: Json
    role: Role
    traced: bool


@dataclass(slots=True)
class Flows:
    """Flows of one trace, found when asked for and kept. No way back to the graph: it goes when nobody holds it."""

    calls: tuple[Call, ...]
    book: ToolBook
    index: Index
    _known: dict[tuple[str, str], tuple[Flow, ...]] = field(default_factory=dict)
    _leaves: dict[int, tuple[Leaf, ...]] = field(default_factory=dict)

    def leaves(self, call: Call) -> tuple[Leaf, ...]:
        """Argument leaves of a call with their roles."""
        found = self._leaves.get(id(call))
        if found is None:
            found = tuple(_leaves(call, self.book))
            self._leaves[id(call)] = found
        return found

    def of(self, call: Call, leaf: Leaf) -> tuple[Flow, ...]:
        """Where a leaf's value comes from, best match first; empty when nothing observed before holds it."""
        key = (f"{call.span}/{call.call_id}", leaf.path)
        found = self._known.get(key)
        if found is None:
            found = tuple(_sources(self.index, call, leaf))
            self._known[key] = found
        return found

    def into(self, span: str, path: str) -> tuple[Flow, ...]:
        """Flows into one leaf of the call a span made."""
        for call in self.calls:
            if call.span == span:
                return next((self.of(call, leaf) for leaf in self.leaves(call) if leaf.path == path), ())
        return ()


def trace_flows(graph: TraceGraph) -> Flows:
    """Index what was observed; flows are looked up from there."""
    return Flows(graph.calls, graph.book, observe(graph))


def _leaves(call: Call, book: ToolBook) -> Iterator[Leaf]:
    schema = call.spec.parameters or {}
    properties = schema.get("properties") if isinstance(schema, dict) else None
    for path, value in walk(call.arguments):
        role = book.role(call.spec, path)
        rule = (properties or {}).get(path.split(".", 1)[0]) if isinstance(properties, dict) else None
        yield Leaf(path, value, role, _traceable(value, role, rule, call.spec.effect in CHANGING))


def walk(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """(path, scalar) of every leaf; ``a.b`` for keys, ``a.0`` for items."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from walk(item, f"{path}.{number}" if path else str(number))
    elif path:
        yield path, value


def _traceable(value: Json, role: Role, rule: Json, sink: bool) -> bool:
    """False for booleans, enum members, defaults, small integers and free text."""
    if value is None or isinstance(value, bool) or role == "free":
        return False
    if isinstance(rule, dict) and (
        value in (rule.get("enum") or ()) or ("default" in rule and value == rule["default"])
    ):
        return False
    if isinstance(value, int | float):
        return abs(value) > (_SMALL_SINK if sink else _SMALL)
    return bool(str(value).strip())


def _sources(index: Index, call: Call, leaf: Leaf) -> Iterator[Flow]:
    known = [at for at, seen in enumerate(index.observations) if seen.at <= call.asked]
    before = set(known)
    if isinstance(leaf.value, int | float):
        yield from _numeric(index, call, leaf, float(leaf.value), before)
        return
    text = str(leaf.value)
    if len(text) > _LONG:
        for token in _SALIENT.findall(text):
            yield from _textual(index, call, leaf, token.rstrip(".,;)"), before)
        return
    found = list(_textual(index, call, leaf, text, before))
    if not found:
        found = [*_dated(index, call, leaf, text, before)]
    if not found and _is_number(text):
        found = [*_numeric(index, call, leaf, float(text.replace(",", "")), before)]
    yield from found or _by_words(index, call, leaf, text, before)


def _textual(index: Index, call: Call, leaf: Leaf, text: str, before: set[int]) -> Iterator[Flow]:
    for place in index.find(text):
        if place.number in before:
            seen = index.observations[place.number]
            same = seen.text[place.start : place.end] == text
            yield _flow(seen, place, call, leaf, "exact" if same else "normalised")


def _numeric(index: Index, call: Call, leaf: Leaf, value: float, before: set[int]) -> Iterator[Flow]:
    direct = [place for place in index.numbers.get(value, ()) if place.number in before]
    for place in direct:
        yield _flow(index.observations[place.number], place, call, leaf, "numeric")
    if not direct:
        yield from _computed(index, call, leaf, value, before)


def _computed(index: Index, call: Call, leaf: Leaf, value: float, before: set[int]) -> Iterator[Flow]:
    """Sum, difference, product or percentage of two observed numbers, or the sum of three."""
    seen = {
        n: next(p for p in places if p.number in before)
        for n, places in index.numbers.items()
        if n and any(p.number in before for p in places)
    }
    numbers = list(seen)[-_MOST_NUMBERS:]
    slack = max(abs(value) * _REL, 0.005)
    for a, b in combinations(numbers, 2):
        if any(abs(made - value) <= slack for made in (a + b, abs(a - b), a * b, a * b / 100)):
            yield _flow(index.observations[seen[a].number], seen[a], call, leaf, "computed")
            return
    for three in combinations(numbers, 3):
        if abs(sum(three) - value) <= slack:
            yield _flow(index.observations[seen[three[0]].number], seen[three[0]], call, leaf, "computed")
            return


def _dated(index: Index, call: Call, leaf: Leaf, text: str, before: set[int]) -> Iterator[Flow]:
    for year, month, day in dates_of(text, tokenise(text)):
        for known, places in index.dates.items():
            if known[1:] == (month, day) and (year is None or known[0] is None or known[0] == year):
                for place in places:
                    if place.number in before:
                        yield _flow(index.observations[place.number], place, call, leaf, "date")


def _by_words(index: Index, call: Call, leaf: Leaf, text: str, before: set[int]) -> Iterator[Flow]:
    """Most of the value's words in one thing the user said; addresses and numbers have to stand there whole."""
    if _SALIENT.search(text):
        return
    words = [word.casefold() for word in re.findall(r"[^\W\d_]{3,}", text)]
    if not words:
        return
    counts: dict[int, int] = {}
    for word in dict.fromkeys(words):
        for number in index.holding(word):
            counts[number] = counts.get(number, 0) + 1
    for number, count in counts.items():
        seen = index.observations[number]
        if number in before and seen.trust == "user" and count >= 0.6 * len(set(words)):
            yield _flow(seen, Place(number, 0, len(seen.text)), call, leaf, "token")


def _flow(seen: Observation, place: Place, call: Call, leaf: Leaf, match: Match) -> Flow:
    return Flow(
        source=seen.span,
        source_field=seen.field,
        start=place.start,
        end=place.end,
        quote=seen.text[place.start : place.end][:200],
        target=call.span,
        path=leaf.path,
        match=match,
        confidence=_CONFIDENCE[match],
        trust=seen.trust,
    )


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(?:,\d{3})*(?:\.\d+)?", text.strip()))
