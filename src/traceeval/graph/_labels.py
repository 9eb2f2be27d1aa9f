"""Labels joined over flows: who wrote a value, and whether it should leave (trajectories.md section 10.1).

As in FIDES and CaMeL, integrity is trusted < user < untrusted and confidentiality public < internal < secret. A recorded
trace gives no sound tracking through a model, so what reaches a call is told at three levels: ``value`` (the value is
there), ``context`` (it was seen before and may have influenced), ``none``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Literal, TypeAlias

from traceeval.graph._call import Call
from traceeval.graph._flow import Flow, Leaf
from traceeval.graph._observed import Observation
from traceeval.measures.once import once
from traceeval.measures.values import id_key
from traceeval.model import Mark, Trust

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

Level: TypeAlias = Literal["value", "context", "none"]
Confidentiality: TypeAlias = Literal["public", "internal", "secret"]
_TRUSTS: tuple[Trust, ...] = ("trusted", "user", "untrusted")


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of a text: the least trusted who wrote any of it, and every reason to keep it in."""

    trust: Trust = "trusted"
    marks: frozenset[Mark] = frozenset()

    @property
    def confidentiality(self) -> Confidentiality:
        """Secrets are secret, personal data and the operator's own business internal, all else public."""
        return "secret" if "secret" in self.marks else "internal" if self.marks else "public"

    def __or__(self, other: Label) -> Label:
        """The join: the worse of both."""
        return Label(max(self.trust, other.trust, key=_TRUSTS.index), self.marks | other.marks)


PUBLIC = Label()


@dataclass(frozen=True, slots=True)
class Exposure:
    """How what was seen reaches a leaf or a call.

    ``level`` value: ``flows`` hold its values and ``label`` joins theirs. context: no value flows; ``label`` joins what
    was seen before. none: nothing was seen. ``tainted``: flows into target ranges that only untrusted sources hold.
    ``unproven``: a traced leaf, or a range of it, that no trusted source or user holds, tainted or from nowhere.
    """

    level: Level
    label: Label = PUBLIC
    flows: tuple[Flow, ...] = ()
    tainted: tuple[Flow, ...] = ()
    unproven: bool = False


class Labels:
    """Labels of one trace: a pass over its calls in order, then look-ups."""

    def __init__(self, graph: TraceGraph) -> None:
        self._flows, self._observed = graph.flows, graph.observed
        self._known: dict[tuple[int, str], Exposure] = {}
        self._results: dict[str, Label] = {}
        self._given: dict[str, dict[str, Label | None]] = {}
        for call in sorted(graph.calls, key=lambda call: (call.at, call.executed)):
            self._take(call)

    def of(self, flow: Flow) -> Label:
        """The label of a flow's source. An echo has the label of what the echoing call was given."""
        if flow.echo:
            given = self._given.get(flow.source, {}).get(id_key(flow.quote))
            if given is not None:
                return given
        return self.seen(self._observed.observations[flow.number])

    def proves(self, flow: Flow) -> bool:
        """Whether a flow shows that a trusted source or a user supplied the value; an echo of an unproven one does not."""
        if flow.echo and self._given.get(flow.source, {}).get(id_key(flow.quote)) is None:
            return False
        return self.of(flow).trust != "untrusted"

    def seen(self, observation: Observation) -> Label:
        """The label of one observed text."""
        label = Label(observation.trust)
        return (
            label | self._results.get(observation.span, PUBLIC) if observation.field in ("result", "error") else label
        )

    def leaf(self, call: Call, leaf: Leaf) -> Exposure:
        """How what was seen reaches one argument leaf; level none for leaves that are not traced."""
        found = self._known.get((id(call), leaf.path))
        return found if found is not None else self._leaf(call, leaf)

    def call(self, call: Call) -> Exposure:
        """How what was seen reaches a call: its leaves joined, or its context."""
        leaves = [self.leaf(call, leaf) for leaf in self._flows.leaves(call) if leaf.traced]
        flows = tuple(flow for one in leaves for flow in one.flows)
        if not flows:
            return self.context(call)
        return Exposure(
            "value",
            _join(self.of(flow) for flow in flows),
            flows,
            tuple(flow for one in leaves for flow in one.tainted),
            any(one.unproven for one in leaves),
        )

    def context(self, call: Call) -> Exposure:
        """What was seen before a call was asked for: it may have influenced it."""
        known = self._observed.until(call.asked)
        return Exposure("context", self._prefixes[known]) if known else Exposure("none")

    @once
    def _prefixes(self) -> list[Label]:
        """The join of the first n observations, for every n."""
        found = [PUBLIC]
        for seen in self._observed.observations:
            joined = found[-1] | self.seen(seen)
            found.append(found[-1] if joined == found[-1] else joined)
        return found

    def _take(self, call: Call) -> None:
        given = self._given.setdefault(call.span, {})
        joined = PUBLIC
        for leaf in self._flows.leaves(call):
            if not leaf.traced:
                continue
            exposure = self._known[id(call), leaf.path] = self._leaf(call, leaf)
            joined |= exposure.label if exposure.level == "value" else PUBLIC
            for value, label in self._sources(leaf, exposure).items():
                given[value] = label
        if call.executed:
            marks = Label(marks=frozenset(call.spec.output_labels or ()))
            self._results[call.span] = marks | joined if call.spec.effect == "pure" else marks

    def _leaf(self, call: Call, leaf: Leaf) -> Exposure:
        flows = self._flows.of(call, leaf) if leaf.traced else ()
        if not flows:
            return Exposure("none" if not leaf.traced else self.context(call).level, unproven=leaf.traced)
        ranges: dict[tuple[int, int], list[Flow]] = {}
        for flow in flows:
            ranges.setdefault((flow.target_start, flow.target_end), []).append(flow)
        bare = [found for found in ranges.values() if not any(map(self.proves, found))]
        tainted = tuple(flow for found in bare for flow in found if self.of(flow).trust == "untrusted")
        return Exposure("value", _join(map(self.of, flows)), flows, tainted, bool(bare))

    def _sources(self, leaf: Leaf, exposure: Exposure) -> Mapping[str, Label | None]:
        """Value, or piece of it, -> its label: of the most trusted source of that range; None when none proves it."""
        found: dict[str, Label | None] = {} if exposure.flows else {id_key(_text(leaf)): None}
        for flow in exposure.flows:
            value, label = id_key(_text(leaf)[flow.target_start : flow.target_end]), self.of(flow)
            before = found.get(value)
            if flow.echo and not self.proves(flow) and label.trust != "untrusted":
                found.setdefault(value, None)
            elif before is None or _TRUSTS.index(label.trust) < _TRUSTS.index(before.trust):
                found[value] = label
        return found


def _text(leaf: Leaf) -> str:
    return str(leaf.value)


def _join(labels: Iterable[Label]) -> Label:
    return reduce(Label.__or__, labels, PUBLIC)
