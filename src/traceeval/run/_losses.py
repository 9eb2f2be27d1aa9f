"""Sums of the loss terms and of the parts of the retrieval term, so that their means add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from traceeval.graph import Dossier
from traceeval.graph.views import StagesView
from traceeval.measures.retrieval_loss import PARTS

_TERMS = ("retriever.loss", "reranker.loss", "assembler.loss")
_NAMED, OTHER = 12, "other retrievers"  # a trace names its retrievers: memory must not be theirs to fill


def _nothing() -> dict[str, float]:
    return defaultdict(float)


@dataclass(slots=True)
class Losses:
    """Sums over traces that have all three terms.

    ``parts``: the retrieval term by part. ``searches``: its recall part by retriever. ``split``, ``several``: traces
    that record a part beside recall, and those with several searches; 0: there is nothing to tell apart.
    """

    n: int = 0
    reranked: int = 0
    split: int = 0
    several: int = 0
    sums: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    parts: dict[str, float] = field(default_factory=_nothing)
    searches: dict[str, float] = field(default_factory=_nothing)

    def add(self, dossier: Dossier) -> None:
        """Count one trace, if every term is scored."""
        terms = [dossier.value(name) for name in _TERMS]
        view = dossier.stages
        if view is None or any(term is None for term in terms):
            return
        self.n += 1
        self.reranked += view.ranked is not None
        self.sums = [total + (term or 0.0) for total, term in zip(self.sums, terms, strict=True)]
        parts = {part: value for part in PARTS if (value := dossier.value(f"retriever.{part}_loss")) is not None}
        self.split += len(parts) > 1
        for part, value in parts.items():
            self.parts[part] += value
        shares = tuple(_shares(dossier, view))
        self.several += len(shares) > 1
        for name, share in shares:
            self._add_search(name, share)

    def _add_search(self, name: str, share: float) -> None:
        known = name in self.searches or len(self.searches) < _NAMED
        self.searches[name if known else OTHER] += share

    def merge(self, other: Losses) -> None:
        """Add what another worker counted."""
        self.n += other.n
        self.reranked += other.reranked
        self.split += other.split
        self.several += other.several
        self.sums = [mine + theirs for mine, theirs in zip(self.sums, other.sums, strict=True)]
        for part, total in other.parts.items():
            self.parts[part] += total
        for name, total in other.searches.items():
            self._add_search(name, total)

    def means(self) -> tuple[float, float, float]:
        """Mean retrieval, rerank and assembly loss; call only when ``n`` > 0."""
        return self.sums[0] / self.n, self.sums[1] / self.n, self.sums[2] / self.n

    def mean_parts(self) -> dict[str, float]:
        """Mean of each part of the retrieval term, those that were recorded; empty where that is recall alone."""
        if not self.split and not self.several:
            return {}
        return {part: self.parts[part] / self.n for part in PARTS if part in self.parts}

    def mean_searches(self) -> dict[str, float]:
        """Mean of each retriever's part of the recall part, the largest first; empty without several searches."""
        found = self.searches if self.several else {}
        return {name: total / self.n for name, total in sorted(found.items(), key=lambda item: (-item[1], item[0]))}


def _shares(dossier: Dossier, view: StagesView) -> Iterator[tuple[str, float]]:
    """(retriever, its part) of each search; of a lone search all of the recall part."""
    names = {search.span: search.retriever for search in view.searches}
    told = [
        (names[score.subject.span], score.value)
        for score in dossier.scores.get("retriever.search_loss", ())
        if score.value is not None and score.subject.span in names
    ]
    alone = dossier.value("retriever.recall_loss")
    if told or alone is None:
        yield from told
    else:
        yield (view.used[0].retriever if view.used else OTHER), alone
