"""Tokens, money and time per component, where they were recorded. An unknown price is said, never 0."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from traceeval.model import Component, Generation, Kind, Policy, Span

_OF_KIND = {
    Kind.RETRIEVAL: Component.RETRIEVER,
    Kind.EMBED: Component.RETRIEVER,
    Kind.RERANK: Component.RERANKER,
    Kind.TOOL: Component.TOOL,
    Kind.GUARD: Component.GUARD,
    Kind.PLAN: Component.PLANNER,
}
_STEP = 1.02  # latencies are counted in bins of 2 %: percentiles are right to that
_LOG_STEP = math.log(_STEP)


def component_of(span: Span) -> Component | None:
    """Whose work a span is; None for people, agents and plumbing.

    A model call that asks for tools is the planner's, any other the generator's.
    """
    if span.plumbing:
        return None
    if span.kind is Kind.MODEL:
        asks = isinstance(span.body, Generation) and span.body.output is not None and span.body.output.tool_calls
        return Component.PLANNER if asks else Component.GENERATOR
    return _OF_KIND.get(span.kind)


def price_of(span: Span, policy: Policy) -> float | str | None:
    """What a span cost; the name of its model where its price is not known, None where nothing was used or recorded."""
    usage = span.usage
    if usage is None or (usage.input is None and usage.output is None and usage.cost is None):
        return None
    if usage.cost is not None:
        return usage.cost
    model = span.body.model if isinstance(span.body, Generation) else None
    if model is None or model not in policy.prices:
        return model or "unnamed model"
    read, write = policy.prices[model]
    return ((usage.input or 0) * read + (usage.output or 0) * write) / 1e6


@dataclass(slots=True)
class Usage:
    """Running sums of one component; mergeable."""

    spans: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    priced: int = 0
    unpriced: Counter[str] = field(default_factory=Counter)
    cost: float = 0.0
    latency: Counter[int] = field(default_factory=Counter)

    def add(self, span: Span, policy: Policy) -> None:
        """Count one span."""
        self.spans += 1
        if span.start is not None and span.end is not None and span.end >= span.start:
            seconds = span.end - span.start
            self.latency[math.ceil(math.log(max(seconds, 1e-6)) / _LOG_STEP)] += 1
        if span.usage is None:
            return
        self.tokens_in += span.usage.input or 0
        self.tokens_out += span.usage.output or 0
        self._price(span, policy)

    def _price(self, span: Span, policy: Policy) -> None:
        price = price_of(span, policy)
        if isinstance(price, str):
            self.unpriced[price] += 1
        elif price is not None:
            self.cost += price
            self.priced += 1

    def merge(self, other: Usage) -> None:
        """Add what another worker counted."""
        self.spans += other.spans
        self.tokens_in += other.tokens_in
        self.tokens_out += other.tokens_out
        self.priced += other.priced
        self.unpriced.update(other.unpriced)
        self.cost += other.cost
        self.latency.update(other.latency)

    def percentile(self, share: float) -> float | None:
        """Latency in seconds below which that share of the timed spans lie, to 2 %; None when none was timed."""
        total = sum(self.latency.values())
        if not total:
            return None
        seen = 0
        for step in sorted(self.latency):
            seen += self.latency[step]
            if seen >= share * total:
                return round(_STEP**step, 6)
        return None

    @property
    def money(self) -> tuple[float | None, str]:
        """(cost, why): cost is None when any model call has no recorded cost and no known price, or none was made."""
        if self.unpriced:
            names = ", ".join(sorted(self.unpriced))
            return None, f"failed: unknown price of {names}; add it under [prices] in the policy file"
        return (round(self.cost, 9), "") if self.priced else (None, "not recorded")
