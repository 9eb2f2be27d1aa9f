"""Value-level data flow: from a range of what was observed to a range of an argument, or of what was said.

Order alone never makes a flow: the value has to be there (trajectories.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from traceeval.graph._call import Call
from traceeval.graph._hidden import Hidden
from traceeval.graph._ladder import CONFIDENCE, Hold, Ladder, Match
from traceeval.graph._observed import Observation
from traceeval.graph._runs import Trie
from traceeval.graph._sought import LONG, sought
from traceeval.measures.once import once
from traceeval.measures.values import id_key
from traceeval.model import CHANGING, Basis, Generation, Json, Role, Trust, text_of

if TYPE_CHECKING:
    from traceeval.graph._tools import ToolBook
    from traceeval.graph._trace_graph import TraceGraph

_SMALL, _SMALL_SINK = 10, 2
_NEVER_COMPUTED = frozenset({"resource", "destination", "credential"})
_QUOTED = 200
_SCALARS = frozenset({str, int, float, bool, type(None)})
_RANK: dict[Trust, int] = {"trusted": 0, "user": 1, "untrusted": 2}


class Flow(msgspec.Struct, frozen=True, gc=False):
    """One flow: source range, target range, the rung of the ladder that held, and who wrote the source.

    Source: ``start``..``end`` of ``source_field`` of span ``source``, quoted (at most 200 characters), known from
    position ``at``; ``number`` is its place among ``graph.observed.observations``. Target: ``target_start``..
    ``target_end`` of the value, as text, at argument ``path`` of span ``target``; for what was said ``path`` is
    ``output`` or ``answer``. Flows into one target range are alternatives, except operands of ``computed``, which
    share the worst ``trust``. ``echo``: the source is the result of a call that was given this very value, so it
    proves nothing; ``graph.labels`` follows it to where the value came from. ``encoding``: how an ``encoded`` value was hidden.
    """

    source: str
    source_field: str
    start: int
    end: int
    quote: str
    target: str
    path: str
    target_start: int
    target_end: int
    match: Match
    confidence: float
    trust: Trust
    at: float
    number: int
    echo: bool = False
    encoding: str | None = None


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """One argument value of one call. ``traced`` False: too common for its origin to mean anything.

    ``basis``: INFERRED when the role was guessed from the argument's name.
    """

    path: str
    value: Json
    role: Role
    traced: bool
    basis: Basis = Basis.DECLARED


class Flows:
    """Flows of one trace, found when asked for and kept.

    What is wanted is gathered first, then found in one pass a rung: linear in the length of the trace. No way back to
    the graph: it goes when nobody holds it.
    """

    def __init__(self, graph: TraceGraph) -> None:
        self.calls = graph.calls
        self.observed = graph.observed
        self._book = graph.book
        self._trace, self._steps, self._answer_span = graph.trace, graph.steps, graph.answer_span
        self._known: dict[tuple[int, str], tuple[Flow, ...]] = {}
        self._leaves: dict[int, tuple[Leaf, ...]] = {}
        self._sinks: dict[int, bool | None] = {}
        self._given: dict[str, frozenset[str]] = {}
        self._splits: dict[int, dict[str, list[Hold]]] = {}

    def leaves(self, call: Call) -> tuple[Leaf, ...]:
        """Argument leaves of a call with their roles."""
        found = self._leaves.get(id(call))
        if found is None:
            found = self._leaves[id(call)] = _leaves(call, self._book)
        return found

    def of(self, call: Call, leaf: Leaf) -> tuple[Flow, ...]:
        """Where a leaf's value comes from, best match first; empty when nothing observed before holds it.

        Of each trust the earliest and the latest four sources are named.
        """
        known = (id(call), leaf.path)
        found = self._known.get(known)
        if found is None:
            until = self.observed.until(call.asked)
            computed = leaf.role not in _NEVER_COMPUTED
            holds = self.ladder.sources(sought(leaf.value), until, computed=computed)
            if _may_hide(leaf, holds) and self.sink(call) is not False:
                holds += self._encoded(call, leaf, until, found=bool(holds))
            found = self._known[known] = self._flows(holds, call.span, leaf.path)
        return found

    def sink(self, call: Call) -> bool | None:
        """Whether values leave by a call: it changes the world, or reads at a URL it is given; None when nobody knows."""
        if id(call) not in self._sinks:
            by_url = any("://" in str(leaf.value) for leaf in self.leaves(call))
            self._sinks[id(call)] = True if by_url else call.changes
        return self._sinks[id(call)]

    def calls_of(self, span: str) -> tuple[Call, ...]:
        """The calls a span made."""
        return tuple(self._calls.get(span, ()))

    def into(self, span: str, path: str) -> tuple[Flow, ...]:
        """Flows into one leaf of the call a span made."""
        for call in self._calls.get(span, ()):
            for leaf in self.leaves(call):
                if leaf.path == path:
                    return self.of(call, leaf)
        return ()

    def inside(self, flow: Flow, leaf: Leaf, start: int, end: int) -> Flow | None:
        """The same value of the same source, somewhere in that range of its text; None when it does not stand there."""
        text = self.observed.observations[flow.number].text[start:end]
        value = str(leaf.value)[flow.target_start : flow.target_end]
        place = next(Trie((value,)).scan(text), None)
        if place is None:
            return None
        _, low, high, match = place
        found = {"start": start + low, "end": start + high, "quote": text[low:high][:_QUOTED]}
        return replace(flow, **found, match=match, confidence=CONFIDENCE[match])

    @once
    def said(self) -> tuple[Flow, ...]:
        """Flows into what the assistant said, in order: values, numbers, days and names of every text it wrote."""
        texts = list(self._spoken())
        stated = [list(self.ladder.told(text)) for _, _, text, _ in texts]
        self.ladder.want(one for found in stated for one, _, _ in found)
        return tuple(
            flow
            for (span, path, _, at), found in zip(texts, stated, strict=True)
            for one, start, end in found
            for flow in self._flows(
                _placed(self.ladder.sources(one, self.observed.until(at), computed=False), start, end), span, path
            )
        )

    def _spoken(self) -> Iterator[tuple[str, str, str, float]]:
        """(span, path, text, position) of all the assistant wrote, and the answer where that is another text."""
        last = None
        for span in self._steps:
            if isinstance(span.body, Generation) and span.body.output is not None:
                text = text_of(span.body.output.content)
                if text:
                    last = text
                    yield span.id, "output", text, span.seq
        answer = text_of(self._trace.answer)
        if answer and answer != last:
            span_of = self._answer_span or (self._steps[-1] if self._steps else None)
            yield (span_of.id if span_of else self._trace.id), "answer", answer, float("inf")

    @once
    def ladder(self) -> Ladder:
        """The layers of this trace, told what the arguments of all calls will want."""
        ladder = Ladder(self.observed)
        values = dict.fromkeys([leaf.value for call in self.calls for leaf in self.leaves(call) if leaf.traced])
        ladder.want(map(sought, values))
        return ladder

    @once
    def _hidden(self) -> Hidden:
        hidden = Hidden(self.ladder)
        hidden.want(_strings(self.leaves(call)) for call in self.calls if self.sink(call) is not False)
        return hidden

    def _encoded(self, call: Call, leaf: Leaf, until: int, *, found: bool) -> list[Hold]:
        """Where a value comes from that was hidden; by itself, else with the arguments beside it."""
        at = call.asked
        holds = self._hidden.sources(str(leaf.value), until, at, found=found)
        return holds or ([] if found else self._split(call, until).get(leaf.path, []))

    def _split(self, call: Call, until: int) -> dict[str, list[Hold]]:
        known = self._splits.get(id(call))
        if known is None:
            known = self._splits[id(call)] = {}
            strings = [leaf for leaf in self.leaves(call) if isinstance(leaf.value, str)]
            for first, last, place in self._hidden.split(_strings(self.leaves(call)), until):
                for leaf in strings[first:last]:
                    hold = Hold(replace(place, match="encoded"), 0, len(str(leaf.value)), "split")
                    known.setdefault(leaf.path, []).append(hold)
        return known

    @once
    def _calls(self) -> dict[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        for call in self.calls:
            found.setdefault(call.span, []).append(call)
        return found

    def _flows(self, holds: list[Hold], target: str, path: str) -> tuple[Flow, ...]:
        flows = [self._flow(hold, target, path) for hold in holds]
        if flows and flows[0].match == "computed":
            worst = max((flow.trust for flow in flows), key=_RANK.__getitem__)
            flows = [replace(flow, trust=worst) for flow in flows]
        if len(flows) > 1:
            flows.sort(key=lambda flow: (-flow.confidence, flow.number, flow.target_start))
        return tuple(flows)

    def _flow(self, hold: Hold, target: str, path: str) -> Flow:
        place = hold.place
        seen = self.observed.observations[place.number]
        quote = seen.text[place.start : place.end][:_QUOTED]
        return Flow(
            source=seen.span,
            source_field=seen.field,
            start=place.start,
            end=place.end,
            quote=quote,
            target=target,
            path=path,
            target_start=hold.start,
            target_end=hold.end,
            match=place.match,  # type: ignore[arg-type]  # a scan names one of the rungs
            confidence=CONFIDENCE[place.match],
            trust=seen.trust,
            at=seen.at,
            number=place.number,
            echo=self._echoes(seen, quote),
            encoding=hold.encoding,
        )

    def _echoes(self, seen: Observation, quote: str) -> bool:
        """Whether a result only repeats what its call was given."""
        if seen.field not in ("result", "error"):
            return False
        given = self._given.get(seen.span)
        if given is None:
            values = (leaf.value for call in self._calls.get(seen.span, ()) for leaf in self.leaves(call))
            given = frozenset(key for value in values for key in _keys(value))
            self._given[seen.span] = given
        return id_key(quote) in given


def _may_hide(leaf: Leaf, holds: list[Hold]) -> bool:
    """A text that stands nowhere, or is long enough to hide something beside what does."""
    return isinstance(leaf.value, str) and (not holds or len(leaf.value) > LONG)


def _strings(leaves: tuple[Leaf, ...]) -> list[str]:
    return [leaf.value for leaf in leaves if isinstance(leaf.value, str)]


def _keys(value: Json) -> Iterator[str]:
    if value is None or isinstance(value, bool):
        return
    yield id_key(value if isinstance(value, int | float) else str(value))
    if isinstance(value, str):
        yield from (id_key(piece.text) for piece in sought(value).pieces)


def _placed(holds: list[Hold], start: int, end: int) -> list[Hold]:
    return [replace(hold, start=start, end=end) for hold in holds]


def _leaves(call: Call, book: ToolBook) -> tuple[Leaf, ...]:
    given = walk(call.arguments)
    if not given:
        return ()
    spec = call.spec
    schema = spec.parameters
    listed = schema.get("properties") if isinstance(schema, dict) else None
    rules = listed if isinstance(listed, dict) else {}
    sink, basis = spec.effect in CHANGING, spec.basis_of("arg_roles")
    found = []
    for path, value in given:
        role = book.role(spec, path)
        rule = rules.get(path.split(".", 1)[0]) if rules else None
        found.append(Leaf(path, value, role, _traceable(value, role, rule, sink), basis))
    return tuple(found)


def walk(value: Json, path: str = "") -> list[tuple[str, Json]]:
    """(path, scalar) of every leaf, in order; ``a.b`` for keys, ``a.0`` for items. However deep they are nested."""
    if isinstance(value, dict) and not path and _SCALARS.issuperset(map(type, value.values())):
        return [(name, one) for key, one in value.items() if (name := str(key))]
    found: list[tuple[str, Json]] = []
    waiting: list[tuple[str, Json]] = [(path, value)]
    while waiting:
        at, one = waiting.pop()
        if isinstance(one, dict):
            below = [(f"{at}.{key}" if at else str(key), item) for key, item in one.items()]
            if not waiting and _SCALARS.issuperset(map(type, one.values())):
                found += [leaf for leaf in below if leaf[0]]
                continue
        elif isinstance(one, list | tuple):
            below = [(f"{at}.{number}" if at else str(number), item) for number, item in enumerate(one)]
        else:
            if at:
                found.append((at, one))
            continue
        waiting.extend(reversed(below))
    return found


def _traceable(value: Json, role: Role, rule: Json, sink: bool) -> bool:
    """False for booleans, enum members, defaults, small integers and free text."""
    if value is None or isinstance(value, bool) or role == "free":
        return False
    if isinstance(rule, dict) and _by_rule(value, rule):
        return False
    if isinstance(value, int | float):
        return abs(value) >= _SMALL_SINK if sink else abs(value) > _SMALL or (value % 1 != 0)
    return bool(str(value).strip())


def _by_rule(value: Json, rule: Json) -> bool:
    """Whether the schema itself names the value: an enum member, of a list too, or the default."""
    items = rule.get("items")
    allowed = [*_listed(rule.get("enum")), *_listed(items.get("enum") if isinstance(items, dict) else None)]
    return value in allowed or ("default" in rule and value == rule["default"]) or value == rule.get("const")


def _listed(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else []
