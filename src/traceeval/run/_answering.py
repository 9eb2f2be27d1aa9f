"""Counts of where answers take their facts from, while traces stream by. Constant memory; mergeable."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import get_args

from traceeval.graph import given_facts, recalled_facts, right_facts
from traceeval.graph.views import AnswerView
from traceeval.measures.interval import Clustered, wilson
from traceeval.model import FallbackRow, Instead, PositionCurve, PositionRow, Rate, Replays, ReplayTotals

_THIRDS = {1: "first", 2: "middle", 3: "last"}
_EXAMPLES = 3


@dataclass(slots=True)
class Answering:
    """Gold facts by their place, right facts from nowhere by kind, and replays."""

    thirds: dict[int, Clustered] = field(default_factory=lambda: {third: Clustered() for third in _THIRDS})
    left_out: Counter[str] = field(default_factory=Counter)
    right: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    traces: Counter[str] = field(default_factory=Counter)
    confirmed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    chunks: Clustered = field(default_factory=Clustered)

    def add(self, view: AnswerView | None) -> None:
        """Count one answer; nothing rests on one that was cut."""
        if view is None or view.answer is None or view.passages is None:
            return
        if view.replays is not None:
            self._add_replays(view.replays)
        if view.complete:
            self._add_places(view)
            self._add_recalled(view)

    def _add_places(self, view: AnswerView) -> None:
        places: dict[int, list[bool]] = defaultdict(list)
        for given in given_facts(view):
            if len(given.thirds) == 1:
                places[min(given.thirds)].append(given.used)
            else:
                self.left_out["several" if given.thirds else "short"] += 1
        for third, used in places.items():
            self.thirds[third].add(sum(used), len(used))

    def _add_recalled(self, view: AnswerView) -> None:
        self.right += bool(right_facts(view))
        recalled = recalled_facts(view)
        self.facts.update(one.instead for one in recalled)
        self.confirmed.update(one.instead for one in recalled if one.confirmed)
        for kind in {one.instead for one in recalled}:
            self.traces[kind] += 1
            self._example(kind, view.trace)

    def _add_replays(self, replays: Replays) -> None:
        tried = [replay for replay in (replays.closed, *replays.chunks) if replay is not None]
        self.statuses.update(replay.status for replay in tried)
        if replays.closed is not None:
            self.closed[replays.closed.status] += 1
            if replays.closed.status == "unchanged":
                self._example("from_memory", replays.trace)
        told = [replay for replay in replays.chunks if replay.status in ("unchanged", "changed")]
        self.chunks.add(sum(replay.status == "unchanged" for replay in told), len(told))

    def _example(self, kind: str, trace: str) -> None:
        if len(self.examples[kind]) < _EXAMPLES:
            self.examples[kind].append(trace)

    def merge(self, other: Answering) -> None:
        """Add what another worker counted."""
        self.right += other.right
        for third, counted in other.thirds.items():
            self.thirds[third].merge(counted)
        self.chunks.merge(other.chunks)
        for mine, theirs in zip(self._counters(), other._counters(), strict=True):
            mine.update(theirs)
        for kind, ids in other.examples.items():
            self.examples[kind] = (self.examples[kind] + ids)[:_EXAMPLES]

    def _counters(self) -> tuple[Counter[str], ...]:
        return self.left_out, self.facts, self.traces, self.confirmed, self.statuses, self.closed

    def positions(self) -> PositionCurve | None:
        """Use by third; None when no gold fact has a place."""
        if not any(counted.units for counted in self.thirds.values()):
            return None
        rows = (
            PositionRow(third=name, used=_clustered(self.thirds[third]), traces=self.thirds[third].clusters)  # type: ignore[arg-type]
            for third, name in _THIRDS.items()
        )
        return PositionCurve(rows=tuple(rows), left_out=dict(self.left_out))

    def fallback(self) -> tuple[FallbackRow, ...]:
        """Every kind of fallback; empty when no answer states a right fact."""
        if not self.right:
            return ()
        return tuple(
            FallbackRow(
                kind=kind,
                facts=self.facts[kind],
                traces=self.traces[kind],
                share=_rate(self.traces[kind], self.right),
                confirmed=self.confirmed[kind],
                examples=tuple(self.examples[kind]),
            )
            for kind in get_args(Instead)
        )

    def replays(self) -> ReplayTotals | None:
        """What asking again came to; None when nothing was asked again."""
        if not self.statuses:
            return None
        made = self.statuses.total() - self.statuses["skipped"]
        told = self.closed["unchanged"] + self.closed["changed"]
        return ReplayTotals(
            calls=made,
            failed=self.statuses["failed"],
            skipped=self.statuses["skipped"],
            from_memory=_rate(self.closed["unchanged"], told),
            unused=_clustered(self.chunks),
            examples=tuple(self.examples["from_memory"]),
        )


def _rate(hits: int, n: int) -> Rate:
    low, high = wilson(hits, n) or (None, None)
    return Rate(value=hits / n if n else None, low=low, high=high, n=n)


def _clustered(counted: Clustered) -> Rate:
    low, high = counted.interval() or (None, None)
    value = counted.hits / counted.units if counted.units else None
    return Rate(value=value, low=low, high=high, n=int(counted.units))
